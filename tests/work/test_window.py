"""A server that counts arrivals in sliding windows never sees one too many, and the rate is used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from hypothesis import given
from hypothesis import strategies as st

from bot.work.latency import Latency
from bot.work.window import MARGIN, Window

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NONE = timedelta()


def ms(number: float) -> timedelta:
    return timedelta(milliseconds=number)


def arrivals(window: Window, way: timedelta, jitters: list[timedelta]) -> list[datetime]:
    """When a server gets messages that are sent as soon as the window allows: each is `way` and its own jitter on its
    way, and the answer takes `way` back."""
    latency, now, got, answers = Latency(), NOW, [], []
    for jitter in jitters:
        while (free := window.free_at(now, latency.quickest)) > now:
            now = min(free, answers[0][0]) if answers else free
            while answers and answers[0][0] <= now:
                answered, begun = heappop(answers)
                latency.note(answered - begun, answered)
                window.land(begun, answered)
        window.begin(now)
        got.append(now + way + jitter)
        heappush(answers, (now + 2 * way + jitter, now))
    return sorted(got)


def most_within(times: list[datetime], span: timedelta) -> int:
    return max(sum(start <= one < start + span for one in times) for start in times)


@given(
    way=st.integers(0, 150),
    jitters=st.lists(st.integers(0, 400), min_size=1, max_size=60),
    rate=st.integers(1, 12),
    burst=st.sampled_from([0.1, 0.3, 1]),
)
def test_however_long_each_message_is_on_its_way_no_second_gets_one_too_many(way, jitters, rate, burst):
    window = Window(rate, SECOND, burst=burst)
    # The first are as quick as can be, so that it is known how quick that is.
    got = arrivals(window, ms(way), [NONE] * 5 + list(map(ms, jitters)))
    assert most_within(got, SECOND) <= rate


@given(way=st.integers(0, 400), rate=st.integers(1, 40), burst=st.sampled_from([0.1, 0.3, 1]))
def test_where_all_take_the_same_time_the_rate_is_reached_whatever_that_time(way, rate, burst):
    count = rate * 6
    got = arrivals(Window(rate, SECOND, burst=burst), ms(way), [NONE] * (count + 1))
    learning = 5 * 2 * ms(way)  # until it is known how quick an answer is
    assert (got[-1] - got[0]) <= 6 * SECOND * MARGIN + learning + ms(1)


def test_a_rate_below_one_is_one_in_a_longer_span():
    window = Window(0.5, SECOND)
    window.begin(NOW)
    assert window.free_at(NOW, NONE) == NOW + 2 * SECOND * MARGIN


def test_what_goes_at_once_is_a_share_and_the_rest_goes_evenly_spread():
    window, now, times = Window(20, timedelta(minutes=1), burst=0.5), NOW, []
    for _ in range(20):
        now = window.free_at(now, NONE)
        window.begin(now)
        times.append((now - NOW).total_seconds())
    assert times[:10] == [0] * 10
    assert times[10:12] == [3.03, 6.06]
    assert window.free_at(now, NONE) == NOW + timedelta(minutes=1) * MARGIN


def test_who_is_to_go_first_does_not_wait_for_the_spreading():
    window = Window(10, SECOND, burst=0.1)
    window.begin(NOW)
    assert window.free_at(NOW, NONE) > NOW
    assert window.free_at(NOW, NONE, spread=False) == NOW


def test_a_late_answer_takes_its_place_with_it():
    window = Window(1, SECOND)
    window.begin(NOW)
    window.land(NOW, NOW + ms(700))
    assert window.free_at(NOW + ms(700), ms(100)) == NOW + ms(600) + SECOND * MARGIN


def test_a_message_without_an_answer_gives_its_place_back_after_a_while():
    window = Window(1, SECOND, late=ms(500))
    window.begin(NOW)
    after = NOW + SECOND * MARGIN
    assert window.free_at(after, NONE) > after
    assert window.free_at(after + ms(500), NONE) == after + ms(500)
    window.land(NOW, after + 5 * SECOND)
    assert window.is_idle(after + 5 * SECOND, NONE)


def test_a_hanging_message_takes_one_place_and_not_all():
    window = Window(2, SECOND)
    window.begin(NOW)  # never answered
    window.begin(NOW)
    window.land(NOW, NOW)
    assert window.free_at(NOW + SECOND * MARGIN, NONE) == NOW + SECOND * MARGIN


def test_hanging_answers_do_not_move_the_quickest_time():
    latency = Latency()
    for took in (100, 120, 110, 20_000, 115):
        latency.note(ms(took), NOW)
    assert latency.quickest == ms(100)


def test_of_few_answers_or_after_a_pause_nothing_is_taken_to_be_quick():
    latency = Latency()
    for _ in range(4):
        latency.note(ms(300), NOW)
    assert latency.quickest == NONE
    latency.note(ms(300), NOW)
    assert latency.quickest == ms(300)
    latency.note(ms(300), NOW + 6 * SECOND)
    assert latency.quickest == NONE
