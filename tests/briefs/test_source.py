"""What an item's words become before anything is made of them."""

from __future__ import annotations

import pytest

from bot.briefs.boilerplate import is_boilerplate
from bot.briefs.source import source_of
from bot.model import Item, Language
from tests.briefs.conftest import CHINESE, ENGLISH


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe and John Roe in Abu Dhabi",
        "Read more: five things to know",
        "Continue reading...",
        "This website uses cookies to improve your experience.",
        "Accept all cookies",
        "Photo: Jane Doe/Reuters",
        "Delegates arrive at the palace (AP Photo)",
        "Reporting by Jane Doe; editing by John Roe",
        "Sign up for our newsletter",
        "The post Talks end appeared first on The Example.",
        "© 2026 Example. All rights reserved.",
        "Advertisement",
        "Published: 1 February 2026, 10:30",
        "18 Aug 2026 10:41PM (Updated: 18 Aug 2026 11:41PM)",
        "Set The Example as your preferred source on Google",
        "Add The Example as a trusted source to help Google better understand our content.",
        "FILE PHOTO: Racks in a data centre, November 6, 2025. REUTERS/Jane Doe//File Photo",
        "A man walks past a bank in Paris, France. REUTERS/Jane Doe/Illustration",
        "Ships at the port of Tokyo on Aug 28, 2025. (File photo: Reuters/Jane Doe)",
        "Jul 1, 2026; a defender dribbles. Mandatory Credit: Jane Doe",
        "(Source: Bloomberg)",
        "Bookmark",
        "閱讀更多",
        "点击查看原文",
        "（記者：王小明）",
        "責任編輯：李四",
        "圖片來源：路透社",
        "延伸閱讀：三方會談",
        "版權所有，未經授權不得轉載",
        "關注我們的微信公眾號",
        "本網站使用Cookies以提升體驗",
    ],
)
def test_lines_that_are_no_news_are_boilerplate(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "By Sunday the talks had ended, officials said.",
        "Sources said the talks would resume.",
        "Photographs of the prisoners were shown to their families on Monday.",
        "Read the room, he told the delegates.",
        "圖們江畔的居民開始撤離。",
        "記者在現場看到，代表團已經離開。",
        "Advertisement spending rose by 5 percent.",
        "Telegram said it would appeal.",
        "The talks ended on 18 Aug 2026, officials told Reuters.",
        "Reuters/Ipsos polls put the two level on Monday. Both said they would win.",
        ENGLISH,
        CHINESE,
    ],
)
def test_news_is_not_boilerplate(line: str) -> None:
    assert not is_boilerplate(line)


def source(text: str, title: str = "T", language: str = "en"):
    return source_of(Item(guid="1", url="https://news.example/", title=title, text=text, language=language))


def test_boilerplate_goes_and_news_stays() -> None:
    made = source(f"By Jane Doe\n\nPhoto: AFP\n{ENGLISH} [...]\n\nRead more")
    assert made.text == ENGLISH
    assert made.paragraphs == [ENGLISH]


def test_markup_and_unseen_characters_go() -> None:
    made = source("<p>Talks <b>ended</b>\u202e today.</p><script>alert(1)</script>\u200b", title="A\u0000  title\u2066")
    assert (made.title, made.text) == ("A title", "Talks ended today.")


def test_lines_wrapped_at_a_width_are_one_line() -> None:
    first, second = ENGLISH[:94], ENGLISH[95:]
    assert ENGLISH[94] == " "
    assert source(f"{first}\n{second}").text == ENGLISH
    chinese = "俄羅斯、烏克蘭和美國的代表團在阿聯酋首都阿布扎比舉行了為期兩天的三方會談"
    assert source(f"{chinese}\n沒有達成協議。", language="zh").text == f"{chinese}沒有達成協議。"


def test_a_headline_on_top_becomes_the_missing_title() -> None:
    made = source(f"Talks end in Abu Dhabi\n\n{ENGLISH}", title="")
    assert (made.title, made.text) == ("Talks end in Abu Dhabi", ENGLISH)
    assert source(ENGLISH, title="").title == ""


@pytest.mark.parametrize(
    ("text", "declared", "language", "side"),
    [
        (CHINESE, "en", "zh", Language.ZH),
        (CHINESE, "zh-TW", "zh", Language.ZH),
        (ENGLISH, "zh", "en", Language.EN),
        (ENGLISH, "", "en", Language.EN),
        ("Les négociations entre les deux pays ont repris dimanche matin.", "fr-FR", "fr", Language.EN),
        ("", "", "", Language.EN),
    ],
)
def test_the_script_of_the_text_corrects_the_declared_language(
    text: str, declared: str, language: str, side: Language
) -> None:
    made = source(text, title="", language=declared)
    assert (made.language, made.side) == (language, side)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("BAGHDAD (Reuters) - A deal was reached.", "A deal was reached."),
        ("（記者 陳大文 台北報導）三方會談星期五舉行。", "三方會談星期五舉行。"),
        ("〔記者陳大文／台北報導〕三方會談星期五舉行。", "三方會談星期五舉行。"),
        ("【明報專訊】三方會談星期五舉行。", "三方會談星期五舉行。"),
        ("（中央社台北15日電）三方會談星期五舉行。", "三方會談星期五舉行。"),
        ("【突發】三方會談星期五舉行。", "三方會談星期五舉行。"),
        ("【三方會談在阿布扎比結束】各方同意換囚。", "【三方會談在阿布扎比結束】各方同意換囚。"),
        ("（兩岸）三方會談星期五舉行。", "（兩岸）三方會談星期五舉行。"),
        ("The talks went on for two […]", "The talks went on for two…"),
        ("The talks went on for two... Read more", "The talks went on for two…"),
        ("The talks are over. […]", "The talks are over."),
        ("The talks are over. (Read more…)", "The talks are over."),
    ],
)
def test_what_stands_around_the_news_goes(line: str, kept: str) -> None:
    assert source_of(Item(guid="1", url="", title="T", text=line, language="")).text == kept
