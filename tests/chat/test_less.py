"""`/less`: what can be done about an alert that nobody wanted, each in two taps and with a way back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import (
    Cause,
    ChatKind,
    DeliveryState,
    End,
    Fate,
    Finding,
    FoundFeed,
    Keyword,
    KeywordId,
    Locale,
    Mode,
    Trail,
    Why,
)
from bot.model.trails import ItemState
from tests.support.fakes import NOW, actions, plain
from tests.support.news import BRIEF, FEED, alert, stored

TALKS = Keyword(id=KeywordId(1), query="trilateral talks", canonical="trilateral talks", created=NOW)


def finding(*keywords: Keyword, mode: Mode | None = Mode.MATCHING, muted: bool = False) -> Finding:
    fate = Fate(state=DeliveryState.SENT, why=(), created=NOW, finished=NOW)
    trail = Trail(
        item=stored(), state=ItemState.DONE, mode=mode, subscribed=NOW, brief=BRIEF, fate=fate, told=True, muted=muted
    )
    causes = tuple(Cause(why=Why(keyword=one.query, matched=()), keyword=one) for one in keywords)
    return Finding(end=End.SENT, trail=trail, causes=causes)


async def test_the_choices_are_the_story_the_keyword_and_the_feed(desk) -> None:
    desk.inquiry.items[1] = finding(TALKS)
    reply = await desk.say("/less #1")
    assert plain(reply).startswith("Less of this\nTrilateral talks held in Abu Dhabi · Daily Globe")
    assert [[button.action for button in row] for row in reply.buttons] == [
        ["/less #1 story"],
        ["/keyword remove 1"],
        ["/less #1 title 1"],
        ["/unsubscribe 1"],
    ]
    assert all(button.in_place for row in reply.buttons for button in row)


async def test_a_story_is_muted_with_a_tap_and_unmuted_with_another(desk) -> None:
    desk.inquiry.items[1] = finding(TALKS)
    muted = await desk.say("/less #1 story")
    assert plain(muted).startswith("This story is muted here")
    assert {item for _, item in desk.mutes.muted} == {1}
    [undo] = actions(muted)
    assert undo == "/less #1 unmute"
    assert plain(await desk.say(undo)).startswith("This story is not muted any more.")
    assert desk.mutes.muted == set()
    assert plain(await desk.say(undo)) == "This story is not muted here."


async def test_a_muted_story_offers_the_way_back(desk) -> None:
    desk.inquiry.items[1] = finding(muted=True)
    assert actions(await desk.say("/less #1"))[0] == "/less #1 unmute"


async def test_an_item_without_a_story_says_so(desk) -> None:
    desk.inquiry.items[1] = finding()
    desk.mutes.without.add(1)
    assert plain(await desk.say("/less #1 story")) == "It belongs to no story that could be muted."


async def test_a_keyword_can_be_had_look_at_titles_alone_and_back(desk) -> None:
    await desk.say("/keyword add trilateral talks")
    desk.inquiry.items[1] = finding(TALKS)
    reply = await desk.say("/less #1 title 1")
    assert "Keyword trilateral talks is now title:(trilateral talks)." in plain(reply)
    assert "/keyword edit 1 trilateral talks" in actions(reply)
    desk.inquiry.items[1] = finding(replace(TALKS, query="title:(x)", canonical="title:x"))
    assert "title" not in " ".join(actions(await desk.say("/less #1")))
    assert "looks at titles only already" in plain(await desk.say("/less #1 title 1"))
    assert "keyword is gone" in plain(await desk.say("/less #1 title 77"))


@pytest.mark.parametrize("query", ["feed:bbc talks", "talks -Dhabi", "a OR b", 'x "y z"', "lang:zh 會談"])
async def test_titles_alone_is_offered_only_for_what_can_be_read_so(desk, query: str) -> None:
    await desk.say(f"/keyword add {query}")
    [keyword] = desk.keywords.by_chat[1].values()
    desk.inquiry.items[1] = finding(keyword)
    if "/less #1 title 1" in actions(await desk.say("/less #1")):
        assert "is now title:(" in plain(await desk.say("/less #1 title 1"))


async def test_what_is_dropped_comes_back_with_undo(desk) -> None:
    await desk.say("/subscribe daily-globe")
    await desk.say("/keyword add trilateral talks")
    desk.inquiry.items[1] = finding(TALKS)
    for line in actions(await desk.say("/less #1")):
        if line.startswith(("/keyword", "/unsubscribe")):
            undone = await desk.say(actions(await desk.say(line))[0])
            assert "is back" in plain(undone) or "is watched again" in plain(undone)


async def test_a_feed_taken_whole_can_be_narrowed_and_one_taken_no_more_is_left_alone(desk) -> None:
    desk.inquiry.items[1] = finding(mode=Mode.EVERYTHING)
    assert actions(await desk.say("/less #1"))[1:] == ["/subscribe #1", "/unsubscribe 1"]
    desk.inquiry.items[1] = finding(mode=None)
    assert actions(await desk.say("/less #1")) == ["/less #1 story"]


async def test_only_who_may_manage_has_less(desk) -> None:
    desk.inquiry.items[1] = finding(TALKS)
    for line in ("/less #1", "/less #1 story", "/less #1 unmute"):
        assert "Only admins" in plain(await desk.say(line, kind=ChatKind.GROUP, can_manage=False))
    assert desk.mutes.muted == set()


async def test_it_is_asked_by_reply_or_of_the_newest_alert_too(desk) -> None:
    desk.inquiry.messages["77"] = desk.inquiry.items[1] = finding(TALKS)
    desk.history.alerts = [alert()]
    assert plain(await desk.say("/less story", reply_to="77")).startswith("This story is muted")
    assert plain(await desk.say("/less")).startswith("Less of this")
    assert "no alert of mine" in plain(await desk.say("/less #99"))
    assert "/less https://…" in plain(await desk.say("/less what"))


@pytest.mark.parametrize("locale", list(Locale))
async def test_every_answer_is_in_every_language(desk, locale: Locale) -> None:
    await desk.subscriptions.subscribe(1, FoundFeed(url=FEED.url, title=FEED.title), mode=Mode.MATCHING, now=NOW)
    desk.inquiry.items[1] = finding(TALKS)
    for line in ("/less #1", "/less #1 story", "/less #1 unmute", "/less #1 title 1"):
        reply = await desk.say(line, locale=locale)
        assert all(len(button.label) <= 45 for row in reply.buttons for button in row)
        assert plain(reply)


async def test_why_a_muted_story_sends_nothing_is_told_with_the_way_back(desk) -> None:
    muted = replace(finding(muted=True), end=End.MUTED)
    desk.inquiry.items[1] = muted
    reply = await desk.say("/why #1")
    assert "It belongs to a story that is muted here." in plain(reply)
    assert actions(reply) == ["/less #1 unmute"]
