"""A card for each feed: how it is, what it brought, and buttons that change it, with a way back from each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.commands import Limits
from bot.model import ChatId, ChatKind, Choice, FeedId, FoundFeed, Mode, Tally, Urgency
from tests.support.fakes import NOW, actions, plain

CHAT = ChatId(1)


def watched(desk) -> dict[str, tuple[Mode, Choice]]:
    return {each.feed.url: (each.mode, each.choice) for each in desk.subscriptions.by_chat.get(CHAT, {}).values()}


async def fill(desk, count: int) -> None:
    await desk.say("/help")
    for n in range(count):
        found = FoundFeed(url=f"https://{n}.example/rss", title=f"Feed {n}")
        await desk.subscriptions.subscribe(CHAT, found, mode=Mode.MATCHING, now=NOW)


async def test_a_card_says_how_a_feed_is_and_what_it_brought(desk) -> None:
    await fill(desk, 1)
    desk.tallies.feeds[FeedId(1)] = Tally(alerts=2, last=NOW - timedelta(days=2), items=70)
    state = {"polled": NOW - timedelta(minutes=3), "error": "HTTP 404", "next_poll": NOW + timedelta(hours=2)}
    mine = desk.subscriptions.by_chat[CHAT]
    mine[FeedId(1)] = replace(mine[FeedId(1)], **state)
    said = plain(await desk.say("/feed show 1"))
    assert said.splitlines()[:3] == [
        "Feed 1: Feed 0",
        "https://0.example/rss",
        "⚠ can't be read now: not there any more: look for its new address · tried again in 2 hours",
    ]
    assert "70 items in the last 7 days. 2 alerts in the last 7 days; the newest came" in said
    assert "What matches a keyword comes." in said
    assert "⚠" in (await desk.say("/feeds")).buttons[0][0].label


@pytest.mark.parametrize("typed", ["1", "#1", "https://0.example/rss", "feed 0"])
async def test_a_feed_is_named_as_people_name_it(desk, typed: str) -> None:
    await fill(desk, 2)
    for line in ("/feed show", "/feeds show", "/feed"):
        assert plain(await desk.say(f"{line} {typed}")).startswith("Feed 1: Feed 0")
    await desk.say(f"/feed mode {typed} everything")
    await desk.say(f"/feed mute {typed} 8h")
    until = NOW + timedelta(hours=8)
    assert watched(desk)["https://0.example/rss"] == (Mode.EVERYTHING, Choice(muted_until=until))


async def test_what_names_none_or_several_is_asked_for(desk) -> None:
    assert "No feed is watched" in plain(await desk.say("/feed show 1"))
    await fill(desk, 2)
    for line in ("show", "mode", "mute"):
        assert actions(await desk.say(f"/feed {line} feed")) == [f"/feed {line} 1", f"/feed {line} 2"]
        assert "Which feed do you mean?" in plain(await desk.say(f"/feed {line} 99"))


async def test_both_kinds_of_mode_are_chosen_and_taken_back_by_buttons(desk) -> None:
    await fill(desk, 1)
    digest = (Mode.MATCHING, Choice(urgency=Urgency.DIGEST))
    for value, then in (("everything", (Mode.EVERYTHING, Choice())), ("digest", digest)):
        card = await desk.say(f"/feed mode 1 {value}")
        assert watched(desk)["https://0.example/rss"] == then
        await desk.say(actions(card)[0])
        assert watched(desk)["https://0.example/rss"] == (Mode.MATCHING, Choice())


async def test_a_feed_that_was_let_go_comes_back_as_it_was(desk) -> None:
    await fill(desk, 1)
    await desk.say("/feed mode 1 everything")
    await desk.say("/feed mode 1 instant")
    await desk.say("/feed mute 1 1d")
    before = watched(desk)
    gone = await desk.say("/unsubscribe 1")
    assert watched(desk) == {}
    desk.bell.rung.clear()
    card = await desk.say(actions(gone)[0])
    assert "Feed 0 is watched again." in plain(card)
    assert watched(desk) == before
    assert desk.bell.rung == ["poll"]
    assert "There is nothing to bring back." in plain(await desk.say(actions(gone)[0]))


async def test_all_go_when_that_was_said_twice_and_come_back_by_one_button(desk) -> None:
    await fill(desk, 30)
    await desk.say("/feed mode 3 digest")
    before = watched(desk)
    question = await desk.say("/feed clear")
    assert watched(desk) == before
    gone = await desk.say(actions(question)[0])
    assert watched(desk) == {}
    back = await desk.say(actions(gone)[0])
    assert "30 feeds are watched again." in plain(back)
    assert watched(desk) == before


async def test_no_more_comes_back_than_the_chat_may_have(make_desk) -> None:
    desk = make_desk(limits=Limits(feeds=2))
    await fill(desk, 2)
    gone = await desk.say("/feed clear yes")
    await desk.say("/subscribe daily-globe")
    back = plain(await desk.say(actions(gone)[0]))
    assert "1 feed is watched again." in back
    assert "A chat may have 2 feeds." in back


async def test_nobody_brings_back_what_another_chat_let_go(desk) -> None:
    await fill(desk, 1)
    undo = actions(await desk.say("/unsubscribe 1"))[0]
    other = replace(next(iter(desk.chats.by_address)), chat="99")
    assert "There is nothing to bring back." in plain(await desk.say(undo, address=other))


async def test_who_may_not_change_sees_the_card_and_no_button_that_would(desk) -> None:
    await fill(desk, 1)
    card = await desk.say("/feed show 1", kind=ChatKind.GROUP, can_manage=False)
    assert actions(card) == ["/feeds"]
