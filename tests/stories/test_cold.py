"""The first items of a new installation: nothing is known yet of which words are common, and what only has the wording
of its feed in common with another item is told all the same."""

from __future__ import annotations

import pytest

from bot.model import StoryKind
from tests.support.ferries import ferry

GUSTS = "Gusts of up to 90 kilometres an hour are expected from noon. Stay away from the coast."
FIXES = "An update that fixes one vulnerability can now be installed."
DEFENCE = "市民请避免外出，注意防范山洪及地质灾害。"

RELEASE = (
    "The maintainers of {0} have released a new version. It is recommended that all users install it as soon as "
    "possible. The packages are signed, and the sums are listed below. To install them, use the package manager of "
    "your distribution, and restart all services that use the library. Reports of problems with {0} are welcome on the "
    "list, where you also find how to verify the signatures, which keys are in use, and for how long each release is "
    "going to be supported by the team. Thanks to all who tested the candidates and translated the manual."
)
RAIN = (
    "{0}气象台发布暴雨红色预警信号，预计未来三小时辖区内大部分街道将出现大到暴雨，并伴有雷电和短时大风。请市民尽量留在室内，"
    "不要前往河边、山边和低洼地带，停止户外作业和大型活动，学校停课，{0}各部门已启动应急响应，做好山洪、滑坡和城市内涝的"
    "防御工作。如遇险情，请拨打求助电话，服从现场工作人员指挥，及时转移到附近避难场所。"
)

SERIES = {
    "en": [
        (("Storm warning for Kent", ""), ("Storm warning for Essex", "")),
        (("Severe storm warning issued for Kent", ""), ("Severe storm warning issued for Essex", "")),
        (("Severe storm warning issued for Kent", GUSTS), ("Severe storm warning issued for Essex", GUSTS)),
        (
            ("Storm warning for Kent", "The weather office has issued a yellow warning of wind for Kent."),
            ("Storm warning for Essex", "The weather office has issued a yellow warning of wind for Essex."),
        ),
        (("Security update for openssl", FIXES), ("Security update for curl", FIXES)),
        (
            ("Security update for openssl", RELEASE.format("openssl")),
            ("Security update for curl", RELEASE.format("curl")),
        ),
        (
            ("Vacancy: staff nurse in Milton", "Full time, permanent. Apply before the end of the month."),
            ("Vacancy: staff nurse in Corby", "Full time, permanent. Apply before the end of the month."),
        ),
        (
            (
                "Northwind Shipping reports second-quarter results",
                "Northwind Shipping announced results for the quarter.",
            ),
            ("Southgate Foods reports second-quarter results", "Southgate Foods announced results for the quarter."),
        ),
        (
            ("Harbour Wire podcast: the ferry strike", "Subscribe to the Harbour Wire podcast wherever you listen."),
            ("Harbour Wire podcast: the herring quota", "Subscribe to the Harbour Wire podcast wherever you listen."),
        ),
        (
            ("Shares in Northwind fall after profit warning", "The company cut its forecast, blaming weak demand."),
            ("Shares in Southgate fall after profit warning", "The company cut its forecast, blaming weak demand."),
        ),
        (
            ("Water outage in Milton on Tuesday", "The utility apologises. Tankers will be provided."),
            ("Water outage in Corby on Thursday", "The utility apologises. Tankers will be provided."),
        ),
        (
            ("Quote of the Day", "It always seems impossible until it is done. Sign up for more quotes."),
            ("Quote of the Day", "Well begun is half finished. Sign up for more quotes."),
        ),
        (
            ("Morning briefing: what to know", "Markets slid as chip makers warned of weak demand."),
            ("Morning briefing: what to know", "A volcano in Iceland erupted for the third time this year."),
        ),
        (
            ("Bus overturns in Nowshera", "Rescuers search for survivors; the cause is not known."),
            ("Ferry sinks off Zanzibar", "Rescuers search for survivors; the cause is not known."),
        ),
        (("ferry ferry", "Of a ferry ferry nobody heard before."), ("apple ferry", "Of an apple nobody heard before.")),
        (("Talks go on 1", "Talks went on."), ("Talks go on 2", "Talks went on.")),
    ],
    "zh": [
        (("茂名发布暴雨红色预警", ""), ("湛江发布暴雨红色预警", "")),
        (("茂名发布暴雨红色预警", DEFENCE), ("湛江发布暴雨红色预警", DEFENCE)),
        (("茂名发布暴雨红色预警", RAIN.format("茂名")), ("湛江发布暴雨红色预警", RAIN.format("湛江"))),
        (
            ("异动快报：北港股份触及涨停板", "盘中快速拉升，成交额放大，换手率走高。"),
            ("异动快报：南岭食品触及涨停板", "盘中快速拉升，成交额放大，换手率走高。"),
        ),
        (
            ("北港股份发布半年度业绩报告", "公司今日公布截至六月底的中期业绩，营收按年增长。"),
            ("南岭食品发布半年度业绩报告", "公司今日公布截至六月底的中期业绩，营收按年增长。"),
        ),
        (
            ("每日一菜：番茄牛腩", "厨房小白也能学会的家常菜，收藏起来慢慢做。"),
            ("每日一菜：清蒸鲈鱼", "厨房小白也能学会的家常菜，收藏起来慢慢做。"),
        ),
        (
            ("本地渡轮停航通告：长洲线", "因天气恶劣，航班暂停，乘客请留意最新安排。"),
            ("本地渡轮停航通告：坪洲线", "因天气恶劣，航班暂停，乘客请留意最新安排。"),
        ),
        (
            ("男子街头持刀伤人被捕 马鞍山警方通报", "警方接报后到场，嫌疑人被控制，案件正在侦办。"),
            ("男子街头持刀伤人被捕 景德镇警方通报", "警方接报后到场，嫌疑人被控制，案件正在侦办。"),
        ),
        (("早安，今天的新闻", "芯片股拖累大盘下跌。"), ("早安，今天的新闻", "冰岛火山今年第三次喷发。")),
        (("会谈继续进行一", ""), ("会谈继续进行二", "")),
        (("会谈继续进行1", ""), ("会谈继续进行2", "")),
    ],
}

REPORTS = {
    "en": (
        (
            "Ferry Poseidon runs aground off Aarhus",
            "The ferry ran aground at dawn in the harbour; 212 passengers were rescued by the coast guard.",
        ),
        (
            "Coast guard rescues 212 from grounded ferry Poseidon",
            "Every passenger was taken off the Poseidon after the ferry ran aground at dawn near Aarhus.",
        ),
    ),
    "zh": (
        ("渡輪海神號在港口擱淺", "渡輪海神號清晨駛離碼頭後擱淺，船上212名乘客由海岸警衛隊救起。"),
        ("海岸警衛隊救起擱淺渡輪212名乘客", "渡輪海神號清晨在港口擱淺，所有乘客由海岸警衛隊救起上岸。"),
    ),
}

PAIRS = [(language, *pair) for language, pairs in SERIES.items() for pair in pairs]


@pytest.mark.parametrize("others", [0, 1, 5, 50])
@pytest.mark.parametrize(("language", "first", "then"), PAIRS)
def test_items_of_one_series_are_different_news(newsroom, language, first, then, others):
    for number in range(others):
        newsroom.tell(*ferry(number)[1:])
    newsroom.tell(*first, language=language)
    assert newsroom.tell(*then, language=language) is None


@pytest.mark.parametrize(("language", "first", "then"), PAIRS)
def test_so_they_are_in_the_other_order(newsroom, language, first, then):
    newsroom.tell(*then, language=language)
    assert newsroom.tell(*first, language=language) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_reports_of_one_event_are_one_story_from_the_first_on(newsroom, language):
    first, then = REPORTS[language]
    newsroom.tell(*first, language=language)
    assert newsroom.tell(*then, language=language).story == 1


@pytest.mark.parametrize(
    ("language", "first", "then"),
    [
        ("en", "Five killed as truck overturns near Nowshera", "Nine killed as truck overturns near Nowshera"),
        ("zh", "南岭食品工厂火灾造成5人死亡", "南岭食品工厂火灾造成9人死亡"),
    ],
)
def test_another_figure_in_the_same_headline_is_a_development_and_no_series(newsroom, language, first, then):
    newsroom.tell(first, language=language)
    assert newsroom.tell(then, language=language).kind is StoryKind.DEVELOPMENT


@pytest.mark.parametrize(
    ("language", "first", "then"),
    [
        (
            "en",
            (
                "Ferry Poseidon runs aground off Aarhus",
                "The ferry hit a bank at dawn, and the stranded ship leaks oil.",
            ),
            ("Ferry Poseidon stranded off Aarhus", "The ferry hit a bank at dawn, and the stranded ship leaks oil."),
        ),
        ("zh", ("海神號渡輪在阿胡斯港擱淺", ""), ("丹麥海神號渡輪在阿胡斯港擱淺", "")),
        (
            "en",
            ("Users of openssl get new version", RELEASE.format("openssl")),
            ("Users of openssl offered new version", RELEASE.format("openssl")),
        ),
    ],
)
def test_a_headline_worded_otherwise_in_one_place_is_no_other_news(newsroom, language, first, then):
    newsroom.tell(*first, language=language)
    assert newsroom.tell(*then, language=language).story == 1
