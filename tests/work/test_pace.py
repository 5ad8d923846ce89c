"""Pacing keeps to a platform's limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Chat, ChatAddress, ChatId, ChatKind, Platform
from bot.work.pace import Limits, Pacer

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
TELEGRAM = Limits(per_second=30, chat_per_second=1, group_per_minute=20)


def chat(number: int = 1, kind: ChatKind = ChatKind.PRIVATE) -> Chat:
    return Chat(id=ChatId(number), address=ChatAddress(Platform.TELEGRAM, str(number)), kind=kind)


def test_a_new_pacer_holds_up_nothing():
    pacer = Pacer(TELEGRAM)
    assert pacer.wait(NOW) == timedelta()
    assert pacer.held(NOW) == {}


def test_after_a_message_the_platform_waits_its_share_of_a_second():
    pacer = Pacer(TELEGRAM)
    pacer.sent(chat(), NOW)
    assert pacer.wait(NOW).total_seconds() == pytest.approx(1 / 30, abs=1e-6)
    assert pacer.wait(NOW + timedelta(seconds=1)) == timedelta()


def test_a_chat_gets_one_message_a_second_and_others_are_free():
    pacer = Pacer(TELEGRAM)
    pacer.sent(chat(1), NOW)
    assert pacer.held(NOW) == {1: NOW + timedelta(seconds=1)}
    assert pacer.held(NOW + timedelta(seconds=1)) == {}


@pytest.mark.parametrize(("kind", "waits"), [(ChatKind.GROUP, 41), (ChatKind.CHANNEL, 41), (ChatKind.PRIVATE, 1)])
def test_groups_and_channels_get_twenty_a_minute(kind, waits):
    pacer = Pacer(TELEGRAM)
    for second in range(20):
        pacer.sent(chat(1, kind), NOW + timedelta(seconds=second))
    last = NOW + timedelta(seconds=19)
    assert pacer.held(last)[ChatId(1)] - last == timedelta(seconds=waits)


def test_no_window_of_a_minute_ever_holds_more_than_twenty():
    pacer, group, now, sent = Pacer(TELEGRAM), chat(1, ChatKind.GROUP), NOW, []
    for _ in range(100):
        now = max(now + pacer.wait(now), pacer.held(now).get(group.id, now))
        pacer.sent(group, now)
        sent.append(now)
    for start in sent:
        assert sum(start <= one < start + timedelta(minutes=1) for one in sent) <= 20


def test_a_longer_hold_is_never_shortened():
    pacer = Pacer(TELEGRAM)
    pacer.hold_chat(ChatId(1), NOW + timedelta(seconds=30))
    pacer.sent(chat(1), NOW)
    assert pacer.held(NOW) == {1: NOW + timedelta(seconds=30)}
    pacer.hold(NOW + timedelta(minutes=5))
    pacer.sent(chat(2), NOW)
    assert pacer.wait(NOW) == timedelta(minutes=5)


def test_what_is_over_is_forgotten():
    pacer = Pacer(TELEGRAM)
    for number in range(1000):
        pacer.sent(chat(number, ChatKind.GROUP), NOW)
    later = NOW + timedelta(minutes=2)
    assert pacer.held(later) == {}
    assert not pacer._chats
    assert not pacer._minutes


def test_a_clock_that_is_set_back_makes_nobody_wait_longer():
    pacer = Pacer(Limits(per_second=10, group_per_minute=2))
    group = chat(kind=ChatKind.GROUP)
    pacer.sent(group, NOW)
    pacer.hold_chat(ChatId(2), NOW + timedelta(seconds=5))
    assert pacer.wait(NOW) == timedelta(seconds=0.1)
    back = NOW - timedelta(hours=1)
    assert pacer.wait(back) == timedelta(seconds=0.1)
    assert pacer.held(back) == {2: back + timedelta(seconds=5)}
    pacer.sent(group, back + timedelta(seconds=1))
    assert pacer.held(back + timedelta(seconds=1))[group.id] == back + timedelta(minutes=1)
