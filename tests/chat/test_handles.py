"""The buttons under an alert: few, short, and only those that bring something."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.blocks import ACTION_LIMIT, fits_action
from bot.chat.render import alert_message
from bot.model import ChatSettings, ItemId, Language, Locale, Pictures
from tests.support.fakes import NOW
from tests.support.news import BRIEF, alert, chat, stored

BOTH = ChatSettings()
CHINESE = ChatSettings(languages=(Language.ZH,))
ENGLISH = ChatSettings(languages=(Language.EN,))
PICTURE = "https://img.example/a.jpg"


def shown(chosen: ChatSettings = BOTH, **parts: object) -> list[list[tuple[str, str]]]:
    message = alert_message(alert(**parts), chat(chosen), now=NOW)
    return [[(button.label, button.action or button.url) for button in row] for row in message.buttons]


def test_an_alert_can_be_opened_explained_and_had_less_of() -> None:
    assert shown() == [
        [("Open", "https://globe.example/news/1"), ("Why?", "/why #1"), ("Less of this", "/less #1")],
    ]


@pytest.mark.parametrize(("chosen", "label", "line"), [(CHINESE, "English", "en"), (ENGLISH, "中文", "zh")])
def test_a_chat_with_one_language_can_read_the_other(chosen: ChatSettings, label: str, line: str) -> None:
    assert shown(chosen)[1][0] == (label, f"/full #1 {line}")


def test_a_language_that_there_is_none_of_or_that_is_shown_for_want_of_another_has_no_button() -> None:
    untranslated = replace(BRIEF, title_zh="", summary_zh="", untranslated=True)
    for chosen in (ENGLISH, CHINESE):
        assert [label for label, _ in shown(chosen, brief=untranslated)[-1]] == ["Open", "Why?", "Less of this"]


def test_a_chat_with_both_languages_can_read_all_where_there_is_more() -> None:
    item = stored()
    long = replace(item, item=replace(item.item, text="Envoys met for two hours. " * 20))
    assert shown(item=long)[1][0] == ("Full text", "/full #1")
    clipped = replace(BRIEF, summary_zh="三國代表會面兩小時。" * 90)
    assert shown(brief=clipped)[1][0] == ("Full text", "/full #1")


@pytest.mark.parametrize("locale", list(Locale))
def test_the_buttons_of_any_language_stand_beside_each_other_on_a_telephone(locale: Locale) -> None:
    item = replace(stored(), id=ItemId(2**63 - 1))
    for chosen in (BOTH, CHINESE, ENGLISH):
        rows = shown(replace(chosen, locale=locale), item=item)
        assert [len(row) for row in rows] in ([3], [2, 2])
        labels = [label for row in rows for label, _ in row]
        assert all(len(label) <= (16 if len(rows) > 1 else 12) for label in labels)
        assert all(fits_action(line) for row in rows for _, line in row if line.startswith("/"))
        assert max(len(line.encode()) for row in rows for _, line in row if line.startswith("/")) <= ACTION_LIMIT


@pytest.mark.parametrize(
    ("size", "picture"), [(Pictures.OFF, ""), (Pictures.SMALL, PICTURE), (Pictures.LARGE, PICTURE)]
)
def test_the_picture_is_shown_as_large_as_the_chat_wants_it(size: Pictures, picture: str) -> None:
    item = stored()
    pictured = replace(item, item=replace(item.item, picture=PICTURE))
    message = alert_message(alert(item=pictured), chat(ChatSettings(pictures=size)), now=NOW)
    assert (message.picture, message.pictures) == (picture, size)
