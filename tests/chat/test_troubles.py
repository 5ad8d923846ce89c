"""Owners and managers read what is wrong in their language, with what they can do about it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.content import content_message
from bot.chat.troubles import trouble_message
from bot.model import ChatId, ChatSettings, Locale, Platform, RightsNotice, Trouble, TroubleKind
from tests.support.fakes import NOW, plain
from tests.support.news import chat


def shown(kind: TroubleKind, *, locale: Locale = Locale.EN, reason: str = "", platform=Platform.TELEGRAM) -> str:
    trouble = Trouble(kind=kind, platform=platform, since=NOW - timedelta(minutes=20), seen=NOW, reason=reason)
    return plain(trouble_message(trouble, locale, now=NOW))


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("kind", list(TroubleKind))
def test_every_trouble_has_its_words_in_every_language(kind, locale):
    words = shown(kind, locale=locale)
    assert words.startswith("⚠ ")
    assert (words == shown(kind)) is (locale is Locale.EN)


def test_a_platform_that_is_down_is_named_with_how_long_it_has_been():
    assert "Telegram has not answered for 20 minutes" in shown(TroubleKind.PLATFORM_DOWN)


@pytest.mark.parametrize("locale", list(Locale))
def test_a_target_that_refuses_alerts_is_a_matter_of_its_address(locale):
    words = shown(TroubleKind.DELIVERY_FAULT, locale=locale, reason="hook: HTTP 404", platform=Platform.TARGET)
    assert words != shown(TroubleKind.DELIVERY_FAULT, locale=locale, reason="hook: HTTP 404")
    assert words.splitlines()[1:] == ["hook: HTTP 404"]


def test_the_reason_stands_below_on_one_line():
    words = shown(TroubleKind.DISK_FULL, reason="database or\ndisk is full", platform=None)
    assert words.splitlines()[1:] == ["database or disk is full"]


def test_who_manages_a_chat_reads_which_it_is_and_what_to_do():
    notice = RightsNotice(chat=ChatId(5), title="News\n\n@everyone desk", reason="not enough rights")
    message = content_message(notice, chat(ChatSettings(locale=Locale.EN)), now=NOW)
    assert plain(message).splitlines() == [
        "⚠ I may not write in News @everyone desk, so no alerts go there any more.",
        "Let me write there again (a right of admins, roles or members), then give the command /start there.",
        "not enough rights",
    ]
