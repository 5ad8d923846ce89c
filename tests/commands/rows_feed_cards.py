"""Rows of single feeds: `/feed show|mode|mute|clear`, `/unsubscribe`, and the way back from each."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Choice, Urgency
from tests.commands.row import Row
from tests.commands.situations import (
    everything,
    failing,
    many_feeds,
    nothing_in_it,
    told_whole,
    twins,
    watched,
)
from tests.commands.stage import MOST_FEEDS, NOW
from tests.commands.steps import after
from tests.support.driving import Role

WIRE = {"Harbour Wire": "matching"}
MINE = {**WIRE, "港灣日報": "matching"}
NO_FEED = "No feed is watched here yet."
WHICH = "Which feed do you mean?"
MATCHING, WHOLE = "What matches a keyword comes.", "Everything in it comes."
USUAL = "Its alerts come as the settings of the chat say."
ASKED = "When shall its alerts come?"
HOW_LONG = "For how long shall its alerts wait? They come together at the end."
NO_CHOICE = "{value} is none of the choices."
CARD = (
    "/feed mode {feed} everything",
    "/feed mode {feed}",
    "/feed mute {feed}",
    "/unsubscribe {feed}",
    "/feeds",
)
DIGEST, INSTANT = Choice(urgency=Urgency.DIGEST), Choice(urgency=Urgency.INSTANT)
MUTED = Choice(muted_until=NOW + timedelta(hours=8))

SHOW = (
    Row(
        name="the card of a feed",
        line="/feed show {feed}",
        given=(watched,),
        says=("Feed {number}: {feed}", "{n} item in the last 7 days.", "It brought no alert yet.", MATCHING, USUAL),
        within=("Harbour Wire",),
        buttons=CARD,
    ),
    Row(
        name="the card of a feed that brought an alert",
        line="/feed show {feed}",
        given=(told_whole,),
        says=("{n} alert in the last 7 days; the newest came {when}.", WHOLE),
        buttons=("/feed mode {feed} matching",),
    ),
    Row(
        name="the card of a feed that can't be read",
        line="/feed show {feed}",
        given=(failing("HTTP 404"),),
        says=("⚠ can't be read now: {reason} · tried again {next}",),
    ),
    Row(
        name="the card of a feed on a later page leads back there",
        line="/feed show {feed}",
        given=(many_feeds,),
        buttons=("/feeds 2",),
    ),
    Row(
        name="the card of a feed by its title",
        line="/feed harbour",
        press=True,
        given=(nothing_in_it,),
        says=("Feed {number}: {feed}",),
    ),
    Row(
        name="the card of a feed without rights",
        line="/feed show {feed}",
        who=Role.MEMBER,
        given=(watched,),
        says=("Feed {number}: {feed}",),
        never=("Timing", "Mute", "Stop watching"),
        buttons=("/feeds",),
    ),
    Row(
        name="the card of a feed there is none of",
        line="/feed show 999999",
        given=(watched,),
        says=(WHICH, "Choose with a button, or send the number: {example}"),
        buttons=("/feed show {feed}", "/feed show {feed2}"),
    ),
    Row(
        name="the card of what two feeds are called",
        line="/feed show harbour wire",
        given=(twins,),
        says=("Several feeds match that. Which one?",),
        buttons=("/feed show {feed}", "/feed show {feed2}"),
    ),
    Row(name="the card of a feed, where there is none", line="/feed show 1", says=(NO_FEED,), buttons=("/subscribe",)),
    Row(
        name="feed alone lists",
        line="/feed",
        press=True,
        given=(watched,),
        says=("{n} feed is watched here", "Choose one to change it, or to see what it brought."),
        buttons=("/feed show {feed}", "/feed show {feed2}", "/feed clear"),
        covers=("feed",),
    ),
)

MODE = (
    Row(
        name="the mode of a feed, without saying which",
        line="/feed mode {feed}",
        given=(watched,),
        says=(ASKED, USUAL),
        buttons=(
            "/feed mode {feed} instant",
            "/feed mode {feed} digest",
            "/feed mode {feed} everything",
            "/feed show {feed}",
        ),
    ),
    Row(
        name="a mode of a feed there is none of",
        line="/feed mode {feed} mauve",
        press=True,
        given=(watched,),
        says=(NO_CHOICE, ASKED),
    ),
    Row(
        name="the mode of a feed there is none of",
        line="/feed mode 999999",
        given=(watched,),
        says=(WHICH,),
        buttons=("/feed mode {feed}",),
    ),
    Row(
        name="all of a feed",
        line="/feed mode {feed} everything",
        given=(watched,),
        says=(WHOLE,),
        buttons=("/feed mode {feed} matching",),
        then={"feeds": {**MINE, "Harbour Wire": "everything"}},
    ),
    Row(
        name="only what matches of a feed",
        line="/feed mode {feed} matching",
        given=(everything,),
        says=(MATCHING,),
        buttons=("/feed mode {feed} everything",),
        then={"feeds": WIRE},
    ),
    Row(
        name="take back all of a feed",
        line="{undo}",
        press=True,
        given=(watched, after("/feed mode {feed} everything")),
        says=(MATCHING,),
        then={"feeds": MINE},
    ),
    Row(
        name="a feed in the digest",
        line="/feed mode {feed} digest",
        given=(watched,),
        says=("Its alerts wait for the digest.",),
        buttons=("/feed mode {feed} default",),
        then={"timing": {"Harbour Wire": DIGEST}},
    ),
    Row(
        name="a feed at once",
        line="/feed mode {feed} instant",
        given=(watched,),
        says=("Its alerts come at once.",),
        then={"timing": {"Harbour Wire": INSTANT}},
    ),
    Row(
        name="a feed as the chat has it",
        line="/feed mode {feed} default",
        given=(watched, after("/feed mode {feed} digest")),
        says=(USUAL,),
        buttons=("/feed mode {feed} digest",),
        then={"timing": {}},
    ),
    Row(
        name="a feed in the digest is marked in the list",
        line="/feeds",
        given=(watched, after("/feed mode {feed} digest"), after("/feed mute {feed} 8h")),
        says=("in the digest", "muted"),
    ),
)

MUTE = (
    Row(
        name="mute a feed, without saying for how long",
        line="/feed mute {feed}",
        given=(watched,),
        says=(HOW_LONG, "Or type it: {example}"),
        never=("Mute no more",),
        buttons=("/feed mute {feed} 1h", "/feed mute {feed} 7d", "/feed show {feed}"),
    ),
    Row(
        name="mute a feed",
        line="/feed mute {feed} 8h",
        given=(watched,),
        says=("Muted. It is heard again {when}.", "🔕 Muted: what it finds waits, and comes {when}."),
        buttons=("/feed mute {feed} off",),
        then={"timing": {"Harbour Wire": MUTED}},
    ),
    Row(
        name="mute a muted feed",
        line="/feed mute {feed}",
        given=(watched, after("/feed mute {feed} 8h")),
        says=(HOW_LONG,),
        buttons=("/feed mute {feed} off",),
    ),
    Row(
        name="mute a feed no more",
        line="/feed mute {feed} off",
        given=(watched, after("/feed mute {feed} 8h")),
        says=("It is muted no more.",),
        buttons=("/feed mute {feed} @*",),
        then={"timing": {}},
    ),
    Row(
        name="mute a feed for nonsense",
        line="/feed mute {feed} soon",
        given=(watched,),
        says=(NO_CHOICE, HOW_LONG),
    ),
    Row(
        name="mute a feed there is none of",
        line="/feed mute 999999",
        given=(watched,),
        says=(WHICH,),
        buttons=("/feed mute {feed}",),
    ),
)

UNSUBSCRIBE = (
    Row(name="unsubscribe from nothing", line="/unsubscribe", press=True, says=(NO_FEED,), buttons=("/subscribe",)),
    Row(
        name="unsubscribe, without saying from what",
        line="/unsubscribe",
        given=(watched,),
        press=True,
        says=("Which feed should I stop watching?", "Choose with a button, or send the number: {example}"),
        buttons=("/unsubscribe {feed}", "/unsubscribe {feed2}"),
    ),
    Row(
        name="unsubscribe by the number",
        line="/unsubscribe {feed}",
        given=(watched,),
        says=("Stopped watching {feed}.",),
        then={"feeds": {"港灣日報": "matching"}},
    ),
    Row(
        name="unsubscribe by part of the title",
        line="/unsubscribe harbour",
        given=(everything,),
        says=("Stopped watching {feed}.",),
        buttons=("/unsubscribe undo *", "/feeds"),
        then={"feeds": {}},
    ),
    Row(
        name="unsubscribe from what several are called",
        line="/unsubscribe harbour wire",
        given=(twins,),
        says=("Several feeds match that. Which one?",),
        buttons=("/unsubscribe {feed}", "/unsubscribe {feed2}"),
    ),
    Row(
        name="unsubscribe from what none is called",
        line="/unsubscribe harbor wir",
        given=(watched,),
        says=("No feed here matches that. Which one do you mean?",),
        buttons=("/unsubscribe {feed}",),
    ),
)

BACK = (
    Row(
        name="take back an unsubscription",
        line="{undo}",
        press=True,
        given=(watched, after("/feed mode {feed} digest"), after("/unsubscribe {feed}")),
        says=("{feed} is watched again.", "Its alerts wait for the digest."),
        buttons=("/unsubscribe *",),
        then={"feeds": MINE, "timing": {"Harbour Wire": DIGEST}},
    ),
    Row(
        name="take back an unsubscription that is kept no more",
        line="/unsubscribe undo 0123456789abcdef",
        press=True,
        given=(watched,),
        says=("There is nothing to bring back.", "{n} feed is watched here"),
    ),
    Row(
        name="stop all feeds, which asks first",
        line="/feed clear",
        given=(watched,),
        says=("Stop watching the {n} feed of this chat?", "Nothing comes then. One button brings them back."),
        buttons=("/feed clear yes", "/feeds"),
    ),
    Row(
        name="stop all feeds",
        line="/feed clear yes",
        press=True,
        given=(watched,),
        says=("{n} feed is watched no more.",),
        buttons=("/unsubscribe undo *", "/feeds"),
        then={"feeds": {}},
    ),
    Row(
        name="take back that all feeds were stopped",
        line="{undo}",
        press=True,
        given=(watched, after("/feed clear yes")),
        says=("{n} feed is watched again.", "{n} feed is watched here"),
        then={"feeds": MINE},
    ),
    Row(
        name="take back that all feeds were stopped, where others took their place",
        line="{back}",
        press=True,
        given=(
            watched,
            after("/feed clear yes", back=r"(/unsubscribe undo \w+)"),
            many_feeds,
        ),
        says=("{n} feed is watched again.", "A chat may have {n} feed."),
        then={"feeds": {**{f"Paper {n}": "matching" for n in range(1, MOST_FEEDS)}, **WIRE}},
    ),
    Row(name="stop all feeds, where there is none", line="/feed clear", says=(NO_FEED,)),
)

ROWS = (*SHOW, *MODE, *MUTE, *UNSUBSCRIBE, *BACK)
