"""Who asks how it goes is told how long what waits will take, where that is worth saying."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.catalogue import catalogue_for
from bot.chat.estimate import Rate, estimate, waiting_words
from bot.model import Chat, ChatAddress, ChatId, ChatKind, ChatStatus, Locale, Platform
from tests.support.fakes import plain

TELEGRAM = Rate(overall=30, chat=1, group=20 / 60)
CHAT = Chat(id=ChatId(1), address=ChatAddress(Platform.TELEGRAM, "1"), kind=ChatKind.PRIVATE)
GROUP = replace(CHAT, kind=ChatKind.GROUP)
NOTHING = ChatStatus(feeds=1, failing=0, keywords=1, items_day=1, sent_day=1, waiting=0)


def waiting(own: int, ahead: int) -> ChatStatus:
    return replace(NOTHING, waiting=own, ahead=ahead)


@pytest.mark.parametrize(
    ("chat", "own", "ahead", "everybody", "alone"),
    [
        (CHAT, 1, 5400, 180, 1),
        (CHAT, 90, 90, 3, 90),
        (GROUP, 10, 300, 10, 30),
        (CHAT, 30, 0, 1, 30),  # an older figure of the one than of the other
    ],
)
def test_all_go_at_the_platforms_pace_and_a_chats_own_at_its_own(chat, own, ahead, everybody, alone):
    assert estimate(chat, waiting(own, ahead), TELEGRAM) == (timedelta(seconds=everybody), timedelta(seconds=alone))


@pytest.mark.parametrize(
    ("chat", "own", "ahead", "words"),
    [
        (CHAT, 1, 5400, "5,400 messages wait on Telegram, yours among them: about 3 minutes at 30 a second."),
        (GROUP, 60, 100, "Telegram takes 20 messages a minute for one chat: yours take about 3 minutes."),
        (CHAT, 0, 0, ""),
        (CHAT, 2, 200, ""),
    ],
)
def test_the_longer_of_the_two_is_said(chat, own, ahead, words):
    assert waiting_words(chat, waiting(own, ahead), TELEGRAM, catalogue_for(Locale.EN)) == words


def test_it_is_said_in_the_readers_language():
    said = waiting_words(CHAT, waiting(1, 5400), TELEGRAM, catalogue_for(Locale.ZH_HANT))
    assert "3 分鐘" in said
    assert "5,400" in said


async def test_status_says_it_under_the_figures(make_desk):
    desk = make_desk(rates={Platform.TELEGRAM: TELEGRAM})
    desk.history.figures = waiting(1, 5400)
    assert "about 3 minutes at 30 a second" in plain(await desk.say("/status"))
    desk.history.figures = waiting(1, 1)
    assert "a second" not in plain(await desk.say("/status"))
