"""Which items carry both languages, and what is taken from them."""

from __future__ import annotations

import pytest

from bot.briefs.bilingual import Halves, bilingual_brief, split_text, split_title
from bot.briefs.source import Source, source_of
from bot.model import Brief, Item, MadeBy
from tests.briefs.conftest import CHINESE, ENGLISH, ENGLISH_TITLE

CHINESE_TITLE = "三方會談在阿布扎比結束"


def brief_of(title: str, text: str = "", language: str = "") -> Brief | None:
    return bilingual_brief(source_of(Item(guid="1", url="u", title=title, text=text, language=language)))


@pytest.mark.parametrize(
    "text",
    [
        f"{ENGLISH}\n\n{CHINESE}",
        f"{CHINESE}\n\n{ENGLISH}",
        f"{CHINESE}\n{ENGLISH}",
        f"{CHINESE} {ENGLISH}",
        f"{ENGLISH}{CHINESE}",
        f"{CHINESE} / {ENGLISH}",
    ],
)
@pytest.mark.parametrize("language", ["en", "zh", ""])
def test_english_article_with_chinese_summary_gives_both_languages(text: str, language: str) -> None:
    brief = brief_of(ENGLISH_TITLE, text, language)
    assert brief == Brief(
        title_zh="俄羅斯、烏克蘭和美國的三方會談2月1日週日在阿布扎比結束",
        title_en=ENGLISH_TITLE,
        summary_zh="美國特使威特科夫說，雙方同意交換314名戰俘。阿聯酋承諾為家屬提供120萬美元。",
        summary_en=ENGLISH,
        made_by=MadeBy.FEED,
    )


def test_a_chinese_title_gets_its_english_one_from_the_first_sentence() -> None:
    brief = brief_of(CHINESE_TITLE, f"{CHINESE}\n\n{ENGLISH}", "zh")
    assert brief is not None
    assert brief.title_zh == CHINESE_TITLE
    assert brief.title_en == "The trilateral Russian-Ukrainian-US talks in Abu Dhabi ended on Sunday, 1 February"
    assert brief.summary_en.startswith("U.S. envoy Steve Witkoff")


def test_a_text_of_one_sentence_is_title_and_summary() -> None:
    brief = brief_of(ENGLISH_TITLE, f"{ENGLISH}\n\n俄羅斯、烏克蘭和美國的三方會談週日在阿布扎比結束。")
    assert brief is not None
    assert (brief.title_zh, brief.summary_zh) == (
        "俄羅斯、烏克蘭和美國的三方會談週日在阿布扎比結束",
        "俄羅斯、烏克蘭和美國的三方會談週日在阿布扎比結束。",
    )


def test_a_title_alone_can_carry_both_languages() -> None:
    brief = brief_of(f"{CHINESE_TITLE} | {ENGLISH_TITLE}")
    assert brief is not None
    assert (brief.title_zh, brief.title_en, brief.summary_zh) == (CHINESE_TITLE, ENGLISH_TITLE, "")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Xi meets Trump in Busan",
            "President Xi Jinping (習近平) met Mr. Trump on Thursday. They talked about trade.",
        ),
        (
            "Chinese phrase of the year",
            'The word of the year is "躺平", readers said. Last year it was 内卷, a word for rat race.',
        ),
        ("OpenAI 发布 GPT-5", "OpenAI 周四发布 GPT-5。公司称 GPT-5 Pro 的价格不变，Sam Altman 表示满意。"),
        (
            "阿爾特曼談新模型",
            "他說：“This is our best model yet and we are very proud of it.”，價格不變，下週起開放使用。",
        ),
        ("苹果发布会", "苹果公司今日发布 iPhone 17 Pro Max，采用 Apple Intelligence on device 功能。售价七千元起。"),
        (ENGLISH_TITLE, ENGLISH),
        (CHINESE_TITLE, CHINESE),
        (ENGLISH_TITLE, ""),
        ("", ""),
        ("Ein Treffen in Abu Dhabi", "Die Gespräche endeten am Sonntag. Eine neue Runde folgt."),
        (ENGLISH_TITLE, f"{ENGLISH * 20}\n\n閱讀中文版"),
        (
            "東京で会談",
            "三者会談は日曜日に東京で終わりました。次の会談は来週です。 The talks ended in Tokyo on Sunday.",
        ),
    ],
)
def test_one_language_with_names_or_quotations_of_another_is_not_bilingual(title: str, text: str) -> None:
    assert brief_of(title, text) is None


@pytest.mark.parametrize(
    ("title", "zh", "en"),
    [
        (f"{CHINESE_TITLE} / {ENGLISH_TITLE}", CHINESE_TITLE, ENGLISH_TITLE),
        (f"{ENGLISH_TITLE}｜{CHINESE_TITLE}", CHINESE_TITLE, ENGLISH_TITLE),
        (f"{ENGLISH_TITLE}\n{CHINESE_TITLE}", CHINESE_TITLE, ENGLISH_TITLE),
        (f"{CHINESE_TITLE}（{ENGLISH_TITLE}）", CHINESE_TITLE, ENGLISH_TITLE),
        (f"{ENGLISH_TITLE} [{CHINESE_TITLE}]", CHINESE_TITLE, ENGLISH_TITLE),
        (f"{ENGLISH_TITLE} - {CHINESE_TITLE}", CHINESE_TITLE, ENGLISH_TITLE),
        (f"{CHINESE_TITLE} {ENGLISH_TITLE}", CHINESE_TITLE, ENGLISH_TITLE),
        (f"{ENGLISH_TITLE} {CHINESE_TITLE}", CHINESE_TITLE, ENGLISH_TITLE),
        ("OpenAI 发布 GPT-5", "OpenAI 发布 GPT-5", ""),
        (
            "突发：阿布扎比三方会谈今日在当地举行 - The New York Times",
            "突发：阿布扎比三方会谈今日在当地举行 - The New York Times",
            "",
        ),
        ("Xi 習近平 visits Moscow", "", "Xi 習近平 visits Moscow"),
    ],
)
def test_titles_are_split_by_language(title: str, zh: str, en: str) -> None:
    halves = split_title(title)
    assert (halves.zh, halves.en) == (zh, en)


def test_quotations_and_names_stay_in_the_text_that_holds_them() -> None:
    english = 'The leader (習近平) said "我們會繼續" at the meeting in Beijing.'
    assert split_text(english).zh == ""
    chinese = '他說："We will go on with it and we will win." 隨後離開了會場。'
    assert split_text(chinese).en == ""


def test_enormous_text_is_cut_and_hostile_text_does_no_harm() -> None:
    source = source_of(Item(guid="1", url="u", title="標" * 5_000, text=(CHINESE + " " + ENGLISH + " ") * 3_000))
    assert len(source.text) <= 20_000
    assert bilingual_brief(source) is not None
    assert bilingual_brief(Source(title="(" * 900, text="（" * 9_000 + "a" * 9_000, language="")) is None


ZH = "三國代表星期五在阿布扎比舉行三方會談，討論停火安排。"
EN = "Delegations of three countries met in Abu Dhabi on Friday for trilateral talks on a ceasefire."


@pytest.mark.parametrize(
    "text",
    [
        f"{ZH}（{EN}）",
        f"{EN} ({ZH})",
        f"【中文】{ZH}\n【English】{EN}",
        f"English: {EN}\n中文：{ZH}",
        f"🇨🇳 {ZH}\n🇬🇧 {EN}",
        f"[EN] {EN} [中] {ZH}",
    ],
)
def test_brackets_and_labels_of_the_languages_are_no_part_of_their_texts(text: str) -> None:
    assert split_text(text) == Halves(ZH, EN)


def test_a_motto_in_brackets_stays_in_its_sentence() -> None:
    text = (
        "The premier ended his long speech in the capital with the old motto (中華民族偉大復興進入了不可逆轉的歷史進程)"
    )
    assert split_text(text) == Halves("", text)


def test_a_heading_that_repeats_the_title_is_no_part_of_the_summary() -> None:
    title = "Second round of talks opens in Abu Dhabi"
    text = f"{title}\n\nEnvoys met on Wednesday. The talks are to last two days.\n\n代表團週三會面。會談將持續兩天。"
    brief = bilingual_brief(Source(title=title, text=text, language="en"))
    assert brief is not None
    assert brief.summary_en == "Envoys met on Wednesday. The talks are to last two days."
