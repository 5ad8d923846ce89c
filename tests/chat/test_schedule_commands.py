"""`/settings schedule|quiet|cap`, `/mute`, and what they show: few taps, typed forms in two languages, a way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.chat.blocks import ACTION_LIMIT
from bot.chat.digest import digest_message
from bot.model import (
    ChatKind,
    ChatStatus,
    DeliveryId,
    DeliveryState,
    Digest,
    End,
    Fate,
    Finding,
    Frequency,
    Hold,
    ItemState,
    Locale,
    Quiet,
    Schedule,
    Trail,
)
from tests.support.fakes import ADDRESS, NOW, actions, plain, request
from tests.support.news import alert

HOUR = timedelta(hours=1)


def schedule(desk) -> Schedule:
    return desk.chats.by_address[ADDRESS].settings.schedule


async def start(desk, zone: str = "Asia/Hong_Kong", **chosen: object) -> None:
    """A chat with a time zone and a schedule."""
    await desk.say("/settings")
    chat = desk.chats.by_address[ADDRESS]
    settings = replace(chat.settings, timezone=zone, schedule=Schedule(**chosen))
    desk.chats.by_address[ADDRESS] = replace(chat, settings=settings)


def undo_of(reply) -> str:
    [undo] = [button for row in reply.buttons for button in row if button.label == "Undo"]
    assert undo.in_place
    return undo.action


DAILY = Frequency.DAILY


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/settings schedule hourly", Schedule(frequency=Frequency.HOURLY)),
        ("/settings schedule 08:00", Schedule(frequency=DAILY, times=(time(8),))),
        ("/settings schedule 8點 18:30 週一", Schedule(frequency=DAILY, times=(time(8), time(18, 30)), weekdays=(0,))),
        ("/settings schedule 每小時", Schedule(frequency=Frequency.HOURLY)),
        ("/settings quiet 23-7", Schedule(quiet=Quiet(time(23), time(7)))),
        ("/settings quiet 晚上11點至早上7點", Schedule(quiet=Quiet(time(23), time(7)))),
        ("/settings cap 10", Schedule(cap=10)),
        ("/mute 8h", Schedule(muted_until=NOW + 8 * HOUR)),
        ("/mute 兩小時", Schedule(muted_until=NOW + 2 * HOUR)),
    ],
)
async def test_what_is_typed_is_kept_and_undone_by_one_button(desk, line, expected):
    await start(desk)
    reply = await desk.say(line)
    assert schedule(desk) == expected
    await desk.say(undo_of(reply))
    assert schedule(desk) == Schedule()


@pytest.mark.parametrize(
    ("line", "had", "expected"),
    [
        ("/settings schedule instant", {"frequency": Frequency.HOURLY}, Schedule()),
        ("/settings quiet off", {"quiet": Quiet(time(23), time(7))}, Schedule()),
        ("/settings quiet 關", {"quiet": Quiet(time(23), time(7))}, Schedule()),
        ("/settings cap off", {"cap": 3}, Schedule()),
        ("/mute off", {"muted_until": NOW + HOUR}, Schedule()),
    ],
)
async def test_what_is_ended_can_be_had_again(desk, line, had, expected):
    await start(desk, **had)
    reply = await desk.say(line)
    assert schedule(desk) == expected
    await desk.say(undo_of(reply))
    assert schedule(desk) == Schedule(**had)


@pytest.mark.parametrize(
    "line", ["/settings schedule sometimes", "/settings quiet always", "/settings cap many", "/mute a while"]
)
async def test_what_cannot_be_read_changes_nothing_and_shows_how_it_is_typed(desk, line):
    await start(desk, cap=3)
    reply = plain(await desk.say(line))
    assert "I can't read" in reply
    assert "Type it as in /" in reply
    assert schedule(desk) == Schedule(cap=3)


async def test_every_button_leads_on_or_is_read_and_fits_a_telephone_and_both_platforms(desk):
    await start(desk)
    seen, ahead = set(), ["/settings schedule"]
    while ahead:
        line = ahead.pop()
        seen.add(line)
        reply = await desk.say(line)
        assert "can't read" not in plain(reply), line
        assert len([row for row in reply.buttons if row]) <= 5, line
        for row in reply.buttons:
            assert len(row) <= 2, line
            for button in row:
                assert len(button.action.encode()) <= ACTION_LIMIT
                assert len(button.label) <= 24, button.label
                assert button.in_place
                begins = ("/settings schedule", "/settings quiet", "/settings cap", "/mute")
                if not button.ask and button.action.startswith(begins) and button.action not in seen:
                    ahead.append(button.action)
    assert len(seen) > 15


async def test_a_custom_time_is_asked_for(desk):
    await start(desk)
    for line in ("schedule", "quiet", "cap"):
        page = await desk.say(f"/settings {line}")
        asked = [button for row in page.buttons for button in row if button.ask]
        assert [button.action for button in asked] == [f"/settings {line} "]


async def test_who_has_not_said_where_they_are_is_asked_when_a_time_is_chosen(desk):
    await start(desk, zone="UTC")
    reply = await desk.say("/settings schedule 08:00")
    assert "These times are in UTC, where it is 12:00" in plain(reply)
    assert "/settings timezone Asia/Hong_Kong" in actions(reply)
    assert "/settings schedule instant" in actions(reply)
    assert "20:00 there now" in plain(await desk.say("/settings timezone Asia/Hong_Kong"))
    assert "in UTC" not in plain(await desk.say("/settings schedule 09:00"))


async def test_what_is_held_follows_the_new_schedule(desk):
    await start(desk, frequency=DAILY)
    await desk.say("/settings schedule instant")
    assert set(desk.held.asked[-1].values()) == {NOW}
    assert Hold.ASIDE not in desk.held.asked[-1]
    await desk.say("/settings schedule 21:00")
    at = datetime(2026, 3, 14, 13, 0, tzinfo=UTC)
    assert desk.held.asked[-1] == dict.fromkeys((Hold.DIGEST, Hold.QUIET, Hold.MUTE, Hold.CAP), at)
    await desk.say("/settings timezone Asia/Tokyo")
    assert set(desk.held.asked[-1].values()) == {at - HOUR}


async def test_a_keyword_that_wants_a_digest_keeps_it_when_quiet_hours_change(desk):
    await start(desk)
    await desk.say("/settings quiet 23-7")
    times = desk.held.asked[-1]
    assert (times[Hold.QUIET], times[Hold.DIGEST]) == (NOW, datetime(2026, 3, 14, 23, 0, tzinfo=UTC))


async def test_the_end_of_a_mute_brings_what_waited(desk):
    await start(desk, muted_until=NOW + HOUR)
    desk.held.alerts[Hold.MUTE] = 3
    assert "3 alerts that waited come now." in plain(await desk.say("/mute off"))
    assert desk.bell.rung == ["digest"]
    assert "Not muted" in plain(await desk.say("/mute off"))


async def test_resume_ends_a_mute(desk):
    await start(desk, muted_until=NOW + HOUR)
    await desk.say("/resume")
    assert schedule(desk) == Schedule()


async def test_the_settings_say_when_alerts_come(desk):
    assert "When alerts come: each at once" in plain(await desk.say("/settings"))
    days = (0, 1, 2, 3, 4, 6)
    await start(desk, frequency=DAILY, weekdays=days, quiet=Quiet(time(23), time(7)), cap=5, muted_until=NOW + 5 * HOUR)
    shown = plain(await desk.say("/settings"))
    assert "When alerts come: a digest at 07:00 (Mon–Fri, Sun)" in shown
    assert "Quiet hours: 23:00–07:00" in shown
    assert "Most alerts: 5 an hour" in shown
    assert "Muted: until Sun, Mar 15 01:00" in shown
    chinese = plain(await desk.say("/settings schedule", locale=Locale.ZH_HANT))
    assert "摘要，07:00 (週一–週五, 週日)" in chinese


async def test_the_status_says_when_the_next_digest_comes_and_how_many_wait(desk):
    await start(desk, quiet=Quiet(time(19), time(21)))
    figures = {"feeds": 1, "failing": 0, "keywords": 1, "items_day": 1, "sent_day": 1, "waiting": 0}
    desk.history.figures = ChatStatus(**figures, held=4, next_digest=NOW + HOUR)
    said = plain(await desk.say("/status"))
    assert "4 alerts wait for the next digest: 21:00" in said
    assert "These are quiet hours: 19:00–21:00." in said
    await start(desk, muted_until=NOW + HOUR)
    assert "Muted until 21:00. /mute off ends it." in plain(await desk.say("/status"))


@pytest.mark.parametrize(
    ("held_by", "said"),
    [
        (Hold.DIGEST, "next digest: 21:00"),
        (Hold.QUIET, "quiet hours"),
        (Hold.MUTE, "This chat is muted"),
        (Hold.ASIDE, "Its keyword or feed is muted"),
        (Hold.CAP, "as many as it wants in that hour"),
    ],
)
async def test_why_says_what_an_alert_waits_for(desk, held_by, said):
    await start(desk)
    fate = Fate(state=DeliveryState.HELD, why=(), created=NOW, held_by=held_by, due_at=NOW + HOUR)
    trail = Trail(item=alert().item, state=ItemState.DONE, fate=fate)
    desk.inquiry.items[1] = Finding(end=End.WAITING, trail=trail)
    assert said in plain(await desk.say("/why #1"))


@pytest.mark.parametrize(
    ("held_by", "title"),
    [
        (Hold.DIGEST, "Your digest · 08:00"),
        (Hold.QUIET, "While it was quiet"),
        (Hold.MUTE, "While it was muted"),
        (Hold.ASIDE, "While it was muted"),
        (Hold.CAP, "More alerts of the last hour"),
        (None, "2 alerts were waiting"),
    ],
)
async def test_a_digest_says_what_it_is(desk, held_by, title):
    await start(desk)
    due_at = datetime(2026, 3, 15, 0, 0, tzinfo=UTC)
    digest = Digest(delivery=DeliveryId(1), alerts=(alert(), alert()), held_by=held_by, due_at=due_at)
    first, second, *_ = plain(digest_message(digest, desk.chats.by_address[ADDRESS], now=due_at)).splitlines()
    assert first == title
    assert second == "2 alerts, first what most sources tell" or held_by is None


async def test_only_who_manages_a_chat_may_mute_it(desk):
    for line in ("/mute 1h", "/settings schedule hourly", "/settings quiet 23-7", "/settings cap 3"):
        reply = await desk.say(line, kind=ChatKind.GROUP, can_manage=False)
        assert "Only admins" in plain(reply)
    assert schedule(desk) == Schedule()


async def test_completions_offer_what_is_usual(desk):
    offered = await desk.commands.complete(request("/mute"), "time", "")
    assert offered == [("1 hour", "1h"), ("8 hours", "8h"), ("1 day", "1d"), ("1 week", "7d"), ("End the mute", "off")]
    assert ("a digest at 08:00 (Mon–Fri)", "08:00 mon-fri") in await desk.commands.complete(
        request("/x"), "when", "8:0"
    )
    assert await desk.commands.complete(request("/x"), "when", "09:15") == [("09:15", "09:15")]
