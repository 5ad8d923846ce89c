"""Rows of feeds: `/subscribe` and `/feeds`."""

from __future__ import annotations

from bot.model import Platform
from tests.commands.row import Row
from tests.commands.situations import (
    everything,
    failing,
    from_catalogue,
    full_of_feeds,
    keyword,
    long_page,
    many_feeds,
    nothing_in_it,
    page_with,
    paused,
    two_keywords,
    watched,
)
from tests.commands.steps import after
from tests.support.driving import Role

WIRE = {"Harbour Wire": "matching"}
MINE = {**WIRE, "港灣日報": "matching"}
NO_FEED = "No feed is watched here yet."


SUBSCRIBE = (
    Row(
        name="subscribe, without saying to what",
        line="/subscribe",
        says=("Which feed?", "Choose a topic, or send an address: {example}. The address of an ordinary page will do."),
        buttons=("/subscribe world", "/subscribe china"),
    ),
    Row(
        name="subscribe to what is asked for",
        line="/subscribe",
        press=True,
        given=(after("/subscribe"),),
        asks=True,
        says=("Which site or feed? Its address, or a name.",),
    ),
    Row(
        name="subscribe by answering",
        line="/subscribe",
        given=(after("/subscribe"),),
        answer="bbc-world",
        says=("Now watching {feed}.",),
        then={"feeds": {"BBC News: World": "matching"}},
    ),
    Row(
        name="subscribe to a topic",
        line="/subscribe world",
        says=("Choose a feed; you can have as many as you like, and stop any of them at any time.",),
        buttons=("/subscribe bbc-world", "/subscribe world #2", "/subscribe"),
    ),
    Row(name="a topic by its Chinese name", line="/subscribe 國際", buttons=("/subscribe bbc-world",)),
    Row(
        name="the next page of a topic",
        line="/subscribe world #2",
        press=True,
        buttons=("/subscribe world #1", "/subscribe world #3"),
        says=("Back", "More"),
        on=(Platform.CONSOLE,),
    ),
    Row(
        name="subscribe to a feed of the catalogue, without any keyword",
        line="/subscribe bbc-world",
        says=(
            "Now watching {feed}.",
            "There is no keyword here yet, so nothing comes. Next, add one: {example}",
        ),
        buttons=("/subscribe bbc-world everything", "/feeds"),
        then={"feeds": {"BBC News: World": "matching"}},
    ),
    Row(
        name="subscribe with keywords",
        line="/subscribe bbc-world",
        given=(two_keywords,),
        says=("New items that match your {n} keyword come here from now on.",),
        then={"feeds": {"BBC News: World": "matching"}},
    ),
    Row(
        name="subscribe to everything",
        line="/subscribe bbc-world everything",
        says=("Every new item of it comes here from now on.",),
        buttons=("/subscribe bbc-world",),
        then={"feeds": {"BBC News: World": "everything"}},
    ),
    Row(
        name="subscribe while paused",
        line="/subscribe bbc-world",
        given=(keyword, paused),
        says=("Alerts are paused: {resume} starts them again.",),
        then={"feeds": {"BBC News: World": "matching"}},
    ),
    Row(
        name="subscribe to what is watched",
        line="/subscribe {name}",
        given=(from_catalogue,),
        says=("{feed} is already watched.",),
    ),
    Row(
        name="a page with one feed",
        line="/subscribe {address}",
        given=(page_with("Daily Globe"),),
        says=("Now watching {feed}.",),
        then={"feeds": {"Daily Globe": "matching"}},
    ),
    Row(
        name="a page with several feeds",
        line="/subscribe {address}",
        given=(page_with("Daily Globe", "Daily Globe: Sport"),),
        says=("There is {n} feed. Which one?", "Choose with a button."),
    ),
    Row(
        name="one of the feeds of a page",
        line="/subscribe {address} #2",
        given=(page_with("Daily Globe", "Daily Globe: Sport"),),
        press=True,
        then={"feeds": {"Daily Globe: Sport": "matching"}},
        says=("Now watching {feed}.",),
    ),
    Row(
        name="a page with several feeds whose addresses are too long for buttons",
        line="/subscribe {address}",
        given=(long_page,),
        says=("Choose with a button, or send the line that stands beside it.",),
    ),
    Row(
        name="a name that the catalogue does not have",
        line="/subscribe bbc-wrld",
        says=(
            "The catalogue has no feed called {name}.",
            "Send {subscribe} to see all, or the full address of a site: {example}.",
        ),
        buttons=("/subscribe bbc-world", "/subscribe"),
    ),
    Row(
        name="a feed of one's own by its number, to have everything",
        line="/subscribe #{feed} everything",
        given=(watched,),
        press=True,
        says=("{feed} is already watched.", "Every new item of it comes here from now on."),
        then={"feeds": {**MINE, "Harbour Wire": "everything"}},
    ),
    Row(
        name="one feed too many",
        line="/subscribe bbc-world",
        given=(full_of_feeds,),
        says=("This chat has {n} feed, the most it may have.", "Stop one first: {feeds} lists them."),
        buttons=("/feeds",),
    ),
)

FEEDS = (
    Row(name="no feeds", line="/feeds", says=(NO_FEED, "Choose one: {subscribe}"), buttons=("/subscribe",)),
    Row(
        name="feeds, one read and one not",
        line="/feeds",
        given=(watched,),
        says=("{n} feed is watched here", "newest {when}", "not read yet"),
        within=("Harbour Wire", "港灣日報"),
    ),
    Row(
        name="a feed with nothing in it",
        line="/feeds",
        given=(nothing_in_it,),
        says=("nothing in it yet",),
    ),
    Row(name="a feed that is taken whole", line="/feeds", given=(everything,), says=("everything",)),
    Row(
        name="a feed that can't be read",
        line="/feeds",
        given=(failing("HTTP 404"),),
        says=(
            "⚠ can't be read now: {reason} · tried again {next}",
            "not there any more: look for its new address",
        ),
    ),
    Row(
        name="a feed whose host has trouble",
        line="/feeds",
        given=(failing("HTTP 503"),),
        says=("the site has trouble ({status})",),
    ),
    Row(
        name="a feed that has ended",
        line="/feeds",
        given=(failing("HTTP 410", gone=True),),
        says=("⚠ it has ended and is read no more",),
    ),
    Row(
        name="many feeds", line="/feeds", given=(many_feeds,), says=("{n} feed is watched here",), buttons=("/feeds 2",)
    ),
    Row(name="the next page of many feeds", line="/feeds 2", press=True, given=(many_feeds,), buttons=("/feeds 1",)),
    Row(
        name="feeds for somebody without rights",
        line="/feeds",
        who=Role.MEMBER,
        given=(watched,),
        says=("{n} feed is watched here",),
    ),
)

ROWS = (*SUBSCRIBE, *FEEDS)
