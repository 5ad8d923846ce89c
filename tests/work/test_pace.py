"""Pacing keeps to a platform's limits, by the platform's own chats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Chat, ChatAddress, ChatId, ChatKind, Platform
from bot.work.flood import CHATS, LATELY, FloodScope
from bot.work.pace import AWAY, MINUTE, SECOND, Limits, Pacer
from bot.work.window import MARGIN

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
TELEGRAM = Limits(per_second=30, chat_per_second=1, group_per_minute=20)
A_SECOND, A_MINUTE = SECOND * MARGIN, MINUTE * MARGIN
A_MOMENT = timedelta(milliseconds=1)


def chat(number: int = 1, kind: ChatKind = ChatKind.PRIVATE, *, of: str = "", thread: str = "") -> Chat:
    address = ChatAddress(Platform.TELEGRAM, of or str(number), thread)
    return Chat(id=ChatId(number), address=address, kind=kind)


def topics(count: int) -> list[Chat]:
    """The topics of one forum."""
    return [chat(number, ChatKind.GROUP, of="-100", thread=str(number)) for number in range(1, count + 1)]


def send(pacer: Pacer, to: Chat, now: datetime) -> None:
    pacer.answered(pacer.begin(to, now), now)


def test_a_new_pacer_holds_up_nothing():
    pacer = Pacer(TELEGRAM)
    assert pacer.wait(NOW) == timedelta()
    assert pacer.held(NOW) == {}


def test_a_few_go_at_once_and_the_rest_each_after_its_share_of_a_second():
    pacer, now, times = Pacer(TELEGRAM), NOW, []
    for number in range(60):
        now += pacer.wait(now)
        send(pacer, chat(number), now)
        times.append((now - NOW) / A_SECOND)
    assert times[:9] == [0] * 9
    assert times[9:30] == pytest.approx([place / 30 for place in range(1, 22)], abs=0.001)
    assert times[30:] == pytest.approx([1 + time for time in times[:30]], abs=0.001)


def test_a_chat_gets_one_message_a_second_and_others_are_free():
    pacer = Pacer(TELEGRAM)
    send(pacer, chat(1), NOW)
    assert pacer.held(NOW) == {1: NOW + A_SECOND}
    assert (pacer.wait_of(chat(1), NOW), pacer.wait_of(chat(2), NOW)) == (A_SECOND, timedelta())
    assert pacer.held(NOW + A_SECOND) == {}


@pytest.mark.parametrize("kind", [ChatKind.GROUP, ChatKind.CHANNEL])
def test_no_minute_of_a_group_or_channel_has_more_than_twenty_and_each_has_as_many(kind):
    pacer, group, now, sent = Pacer(TELEGRAM), chat(1, kind), NOW, []
    for _ in range(101):
        now += pacer.wait_of(group, now)
        send(pacer, group, now)
        sent.append(now)
    assert max(sum(start <= one < start + MINUTE for one in sent) for start in sent) == 20
    assert sent[100] - sent[0] == 5 * A_MINUTE


def test_the_topics_of_a_forum_share_the_limits_of_their_group():
    pacer, forum = Pacer(TELEGRAM), topics(5)
    send(pacer, forum[0], NOW)
    assert pacer.wait_of(forum[1], NOW) == A_SECOND
    assert pacer.held(NOW) == {1: NOW + A_SECOND, 2: NOW + A_SECOND}  # those seen so far
    now, sent = NOW, []
    for number in range(61):
        topic = forum[number % 5]
        now += pacer.wait_of(topic, now)
        send(pacer, topic, now)
        sent.append(now)
    assert max(sum(start <= one < start + MINUTE for one in sent) for start in sent) == 20
    assert pacer.held(now).keys() == {1, 2, 3, 4, 5}


def test_trouble_of_one_topic_holds_up_no_other():
    pacer, forum = Pacer(TELEGRAM), topics(2)
    pacer.hold_chat(ChatId(1), NOW + MINUTE)
    assert [pacer.wait_of(topic, NOW) for topic in forum] == [MINUTE, timedelta()]


def test_a_group_that_is_told_to_wait_waits_with_all_its_topics_and_alone():
    pacer, forum = Pacer(TELEGRAM), topics(2)
    send(pacer, forum[0], NOW)
    pacer.wait_of(forum[1], NOW)
    assert not pacer.limited("-100", NOW, wait=timedelta(seconds=9))
    assert pacer.held(NOW) == dict.fromkeys((1, 2), NOW + timedelta(seconds=9))
    assert pacer.wait(NOW + A_SECOND) == timedelta()


def test_a_bot_that_is_told_to_wait_in_all_chats_waits_everywhere():
    pacer = Pacer(TELEGRAM)
    for number in range(CHATS):
        send(pacer, chat(number), NOW)
    answers = [pacer.limited(str(number), NOW, wait=timedelta(seconds=9)) for number in range(CHATS)]
    assert answers == [False] * (CHATS - 1) + [True]
    assert pacer.wait(NOW) == timedelta(seconds=9)
    wait, _ = pacer.reserve(ChatAddress(Platform.TELEGRAM, "99"), NOW, private=True)
    assert wait == timedelta(seconds=9)


def test_chats_are_refused_one_by_one_and_the_bot_in_all_of_them_in_a_row():
    scope = FloodScope()
    assert [scope.refused(one, NOW) for one in ("1", "1", "1", "2")] == [False] * 4
    scope.taken()
    assert [scope.refused(one, NOW) for one in ("1", "2")] == [False, False]
    assert not scope.refused("3", NOW + LATELY)  # the other two are long ago
    assert [scope.refused(one, NOW + LATELY) for one in ("4", "5")] == [False, True]


def test_a_longer_hold_is_never_shortened():
    pacer = Pacer(TELEGRAM)
    pacer.hold_chat(ChatId(1), NOW + timedelta(seconds=30))
    send(pacer, chat(1), NOW)
    assert pacer.held(NOW) == {1: NOW + timedelta(seconds=30)}
    pacer.hold(NOW + timedelta(minutes=5))
    pacer.hold(NOW + timedelta(minutes=1))
    assert pacer.wait(NOW) == timedelta(minutes=5)


def test_an_answer_to_a_person_takes_the_next_free_place_and_deliveries_come_after_it():
    pacer, now = Pacer(TELEGRAM), NOW
    for number in range(30):
        now += pacer.wait(now)
        send(pacer, chat(number), now)
    wait, _ = pacer.reserve(ChatAddress(Platform.TELEGRAM, "99"), now, private=True)
    assert wait == NOW + A_SECOND - now  # as soon as the first of the thirty is a second ago
    for number in range(8):  # nine had gone at once
        assert pacer.wait(now) == pytest.approx(wait, abs=A_MOMENT)
        answer = ChatAddress(Platform.TELEGRAM, str(100 + number))
        assert pacer.reserve(answer, now, private=True)[0] == pytest.approx(wait, abs=A_MOMENT)
    assert pacer.wait(now) > wait + A_MOMENT


def test_an_answer_does_not_wait_for_the_even_spreading_but_counts_in_it():
    pacer = Pacer(TELEGRAM)
    for number in range(9):
        send(pacer, chat(number), NOW)
    before = pacer.wait(NOW)
    assert before > timedelta()
    wait, _ = pacer.reserve(ChatAddress(Platform.TELEGRAM, "99"), NOW, private=True)
    assert wait == timedelta()
    assert pacer.wait(NOW) == pytest.approx(2 * before, abs=timedelta(microseconds=9))


def test_answers_in_a_group_count_among_its_twenty():
    pacer, address = Pacer(TELEGRAM), ChatAddress(Platform.TELEGRAM, "-100", "7")
    waits = [pacer.reserve(address, NOW, private=False)[0] for _ in range(21)]
    assert waits[:3] == [timedelta(), A_SECOND, 2 * A_SECOND]
    assert waits[20] == A_MINUTE
    assert pacer.wait_of(topics(1)[0], NOW) > A_MINUTE


def test_what_is_over_is_forgotten():
    pacer = Pacer(TELEGRAM)
    for number in range(1000):
        send(pacer, chat(number, ChatKind.GROUP), NOW)
    later = NOW + timedelta(minutes=2)
    assert pacer.held(later) == {}
    assert not pacer._places


def test_a_clock_that_is_set_back_makes_nobody_wait_longer():
    pacer = Pacer(Limits(per_second=5, group_per_minute=2))
    group = chat(kind=ChatKind.GROUP)
    send(pacer, group, NOW)
    pacer.hold_chat(ChatId(2), NOW + timedelta(seconds=5))
    assert pacer.wait(NOW) == A_SECOND / 5
    back = NOW - timedelta(hours=1)
    assert pacer.wait(back) == A_SECOND / 5
    assert pacer.held(back)[ChatId(2)] == back + timedelta(seconds=5)
    after = back + A_MINUTE / 2
    send(pacer, group, after)
    assert pacer.held(after)[group.id] == back + A_MINUTE


def test_times_that_come_a_moment_out_of_order_do_not_make_time_run_faster():
    pacer = Pacer(Limits(per_second=1))
    send(pacer, chat(), NOW)
    for _ in range(100):
        pacer.wait(NOW + timedelta(milliseconds=20))
        pacer.wait(NOW)
    assert pacer.wait(NOW + timedelta(milliseconds=20)) == A_SECOND - timedelta(milliseconds=20)


# --- after a restart, or instead of another process ------------------------------------------------------


def test_after_another_sender_nothing_goes_out_for_a_second():
    pacer = Pacer(TELEGRAM, alone_since=NOW)
    half = NOW + timedelta(seconds=0.5)
    assert pacer.wait(half) == A_SECOND - timedelta(seconds=0.5)
    assert pacer.wait(NOW + A_SECOND) == timedelta()


def test_what_a_group_got_from_another_sender_counts_and_so_does_one_message_that_was_not_recorded():
    pacer, group = Pacer(TELEGRAM, alone_since=NOW), chat(1, ChatKind.GROUP, of="-100")
    assert pacer.unknown([group, chat(2)], NOW) == {"-100"}
    pacer.recall("-100", [NOW - timedelta(seconds=60 - 3 * number) for number in range(1, 20)])
    assert pacer.unknown([group], NOW) == set()
    assert pacer.wait_of(group, NOW) == A_MINUTE - timedelta(seconds=57)


def test_after_a_minute_there_is_nothing_to_ask_about_another_sender():
    pacer, group = Pacer(TELEGRAM, alone_since=NOW), chat(1, ChatKind.GROUP)
    later = NOW
    while later < NOW + A_MINUTE:
        later += timedelta(seconds=1)
        pacer.wait(later)
    assert pacer.unknown([group], later) == set()


def test_who_was_away_begins_anew():
    pacer, group = Pacer(TELEGRAM, alone_since=NOW), chat(1, ChatKind.GROUP)
    pacer.recall("1", [])
    later = NOW + 2 * AWAY
    assert pacer.wait(later) == A_SECOND
    assert pacer.unknown([group], later) == {"1"}
