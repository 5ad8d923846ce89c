"""The dictionary answers with what means just the word asked for, and names come with their regional spellings."""

from __future__ import annotations

import pytest

from bot.briefs.cedict import Cedict, unpacked

ENTRIES = """\
# CC-CEDICT
阿布扎比 阿布扎比 [A1 bu4 zha1 bi3] /Abu Dhabi, capital of United Arab Emirates (UAE)/
阿布達比 阿布达比 [A1 bu4 Da2 bi3] /Abu Dhabi, capital of United Arab Emirates (Tw)/
阿布扎比石油 阿布扎比石油 [A1 bu4 zha1 bi3 shi2 you2] /Abu Dhabi oil/
香港 香港 [Xiang1 gang3] /Hong Kong/
港珠澳 港珠澳 [Gang3 Zhu1 Ao4] /Hong Kong, Zhuhai and Macau (abbr.)/
基輔 基辅 [Ji1 fu3] /Kyiv or Kiev, capital of Ukraine/
深圳 深圳 [Shen1 zhen4] /Shenzhen subprovincial city in Guangdong, close to Hong Kong/
梅西 梅西 [Mei2 xi1] /Lionel Messi (1987-), Argentine footballer/
習近平 习近平 [Xi2 Jin4 ping2] /Xi Jinping (1953-), PRC politician/
會談 会谈 [hui4 tan2] /talks/discussions/CL:次[ci4]/
首腦會談 首脑会谈 [shou3 nao3 hui4 tan2] /summit talks/
會 会 [hui4] /talks/
老談 老谈 [lao3 tan2] /(archaic) talks/
談兒 谈儿 [tan2 r5] /talks/
空談 空谈 [kong1 tan2] /talks of sth that never happens/
美國 美国 [Mei3 guo2] /United States/US/
火雞 火鸡 [huo3 ji1] /turkey/
烤火雞 烤火鸡 [kao3 huo3 ji1] /roast turkey/
火雞肉 火鸡肉 [huo3 ji1 rou4] /turkey meat/
土耳其 土耳其 [Tu3 er3 qi2] /Turkey/
關稅 关税 [guan1 shui4] /customs duty/tariff/
罷工 罢工 [ba4 gong1] /a strike/to go on strike/
打擊 打击 [da3 ji1] /to strike/
走向 走向 [zou3 xiang4] /direction/strike (in geology)/
"""


@pytest.fixture(scope="module")
def small() -> Cedict:
    return Cedict(ENTRIES.encode())


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Abu Dhabi", ["阿布扎比", "阿布達比"]),
        ("abu dhabi", ["阿布扎比", "阿布達比"]),
        ("Hong Kong", ["香港"]),
        ("Kiev", ["基輔"]),
        ("Shenzhen", ["深圳"]),
        ("Messi", ["梅西"]),
        ("talks", ["會談"]),
        ("talk", ["會談"]),
        ("tariffs", ["關稅"]),
        ("US", ["美國"]),
        ("us", []),
        ("Turkey", ["土耳其"]),
        ("turkey", ["火雞"]),
        ("Dhabi", []),
        ("sth", []),
        ("", []),
        (".*", []),
        ("Jinping", []),
    ],
)
def test_english_is_found_where_a_gloss_says_just_that(small: Cedict, english: str, chinese: list[str]) -> None:
    assert small.chinese(english) == chinese


def test_nouns_come_before_verbs_and_meanings_of_one_field(small: Cedict) -> None:
    assert small.chinese("strike")[0] == "罷工"


def test_of_names_alone_other_words_are_left_out(small: Cedict) -> None:
    assert small.chinese("talks", names_only=True) == []
    assert small.chinese("Abu Dhabi", names_only=True) == ["阿布扎比", "阿布達比"]


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("阿布扎比", ["Abu Dhabi"]),
        ("阿布達比", ["Abu Dhabi"]),
        ("阿布达比", ["Abu Dhabi"]),
        ("基輔", ["Kyiv", "Kiev"]),
        ("會談", ["talks", "discussions"]),
        ("梅西", ["Lionel Messi", "Messi"]),
        ("習近平", ["Xi Jinping"]),
        ("三方會談", []),
        ("談", []),
    ],
)
def test_chinese_is_found_in_either_script(small: Cedict, chinese: str, english: list[str]) -> None:
    assert small.english(chinese) == english


def test_the_dictionary_that_comes_along_is_read_without_having_been_opened_before() -> None:
    assert len(unpacked().splitlines()) > 100_000
    assert Cedict().chinese("Abu Dhabi") == ["阿布扎比", "阿布達比"]
