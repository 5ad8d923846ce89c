"""Rows of what goes from chat to chat: `/share`, `/copy`, and the links of a share."""

from __future__ import annotations

from bot.model import ChatSettings, Language, Mode, Platform, SharedFeed
from tests.commands.row import Row
from tests.commands.situations import (
    chose,
    full_of_feeds,
    full_of_keywords,
    keyword,
    many_keywords,
    two_keywords,
    watched,
)
from tests.commands.stage import MOST_KEYWORDS
from tests.commands.steps import after, shared

COPY = "It is a copy as of now: what you change later does not go along."
ENDED = "That code is not known, or it has ended. Ask for a new one."
GLOBE = SharedFeed(url="https://globe.example/rss", title="Daily Globe", mode=Mode.EVERYTHING)
theirs = shared("ferry", "sunken ship", feeds=(GLOBE,))
SPOKEN = (Language.ZH, Language.EN)
their_settings = shared(settings=ChatSettings(timezone="Asia/Taipei", languages=SPOKEN))
TAKEN = {"keywords": ["ferry", "sunken ship"], "feeds": {"Daily Globe": "everything"}}

SHARE = (
    Row(
        name="share nothing",
        line="/share",
        says=("There is nothing to share here yet: no keyword, and no feed.",),
    ),
    Row(
        name="share keywords and feeds",
        line="/share",
        given=(watched, two_keywords),
        says=("{n} keyword", "{n} feed", "In any chat with me: {command}", COPY),
        buttons=("/share stop",),
    ),
    Row(
        name="share by a link",
        line="/share",
        given=(two_keywords,),
        on=(Platform.TELEGRAM,),
        says=("Whoever opens this link can take them: {link}", "With this one, into a group: {link}"),
    ),
    Row(
        name="share the keywords alone",
        line="/share keywords",
        given=(watched, two_keywords),
        says=("{n} keyword",),
        never=("{n} feed",),
    ),
    Row(
        name="share the feeds alone",
        line="/share feeds",
        given=(watched, two_keywords),
        says=("{n} feed",),
        never=("{n} keyword",),
    ),
    Row(name="share the settings, too", line="/share all", given=(keyword,), says=("{n} keyword", "the settings")),
    Row(
        name="end all links",
        line="/share stop",
        given=(two_keywords, after("/share"), after("/share")),
        says=("{n} link has ended.",),
        then={"keywords": ["trilateral talks", "ferry"]},
    ),
    Row(name="end links where there are none", line="/share stop", says=("Nothing of this chat is shared.",)),
)

COPYING = (
    Row(
        name="copy, without a code, makes one",
        line="/copy",
        given=(watched, two_keywords),
        says=(
            "To copy this chat: {what}",
            "{n} keyword",
            "{n} feed",
            "the settings",
            "In the other chat, send {command}",
            COPY,
        ),
        buttons=("/share stop",),
    ),
    Row(name="copy with a code there is none of", line="/copy nonsense", says=(ENDED,), buttons=("/start",)),
    Row(
        name="what a code brings",
        line="/copy {code}",
        given=(theirs,),
        says=("Shared with you: {what}", "{n} keyword", "{n} feed"),
        never=("The settings of this chat will be replaced.",),
        within=("sunken ship", "Daily Globe"),
        buttons=("/copy {code} take", "/start"),
    ),
    Row(
        name="what a code with much brings",
        line="/copy {code}",
        given=(shared(*(f"ferry {n}" for n in range(1, 13))),),
        says=("and {n} more",),
        within=("ferry 10",),
    ),
    Row(
        name="what a code with settings brings",
        line="/copy {code}",
        given=(their_settings,),
        says=("Shared with you: {what}", "the settings", "The settings of this chat will be replaced."),
    ),
    Row(
        name="what a link brings",
        line="/start kw_{code}",
        given=(theirs,),
        says=("Shared with you: {what}",),
        buttons=("/copy {code} take", "/start"),
    ),
    Row(name="a link that has ended", line="/start kw_nonsense", says=(ENDED,), buttons=("/start",)),
)

TAKE = (
    Row(
        name="take what was shared",
        line="/copy {code} take",
        press=True,
        given=(watched, theirs),
        says=("Done", "{n} keyword added", "{n} feed was added", "In the last 24 hours {some} alert would have come:"),
        buttons=("/undo {now}", "/keyword list", "/feeds"),
        then={
            "keywords": TAKEN["keywords"],
            "feeds": {"Harbour Wire": "matching", "港灣日報": "matching"} | TAKEN["feeds"],
        },
    ),
    Row(
        name="take what was shared, beside keywords of one's own",
        line="/copy {code} take",
        press=True,
        given=(two_keywords, theirs),
        says=("Done", "{n} keyword added", "{n} feed was added"),
        buttons=("/undo {now}", "/keyword list", "/feeds"),
        then={"keywords": ["trilateral talks", "ferry", "sunken ship"], "feeds": TAKEN["feeds"]},
    ),
    Row(
        name="take what is here already",
        line="/copy {code} take",
        press=True,
        given=(two_keywords, shared("Ferry")),
        says=("You had all of it already.",),
        never=("Undo",),
    ),
    Row(
        name="take more than a chat may have",
        line="/copy {code} take",
        press=True,
        given=(full_of_feeds, many_keywords, theirs),
        says=("{n} keyword added", "{n} was one too many."),
        then={"keywords": [*(f"ferry {n}" for n in range(1, MOST_KEYWORDS)), "ferry"]},
    ),
    Row(
        name="take when there is no room at all",
        line="/copy {code} take",
        press=True,
        given=(full_of_feeds, full_of_keywords, theirs),
        says=("{n} was one too many.",),
        never=("You had all of it already.",),
    ),
    Row(
        name="take settings",
        line="/copy {code} take",
        press=True,
        given=(chose(languages=SPOKEN), their_settings),
        says=("The settings are those of the other chat.",),
        buttons=("/undo {now} *",),
        then={"timezone": "Asia/Taipei"},
    ),
    Row(
        name="take back what was shared",
        line="{undo}",
        press=True,
        given=(two_keywords, theirs, after("/copy {code} take")),
        says=("{n} keyword is gone again.", "{n} feed is watched no more."),
        then={"keywords": ["trilateral talks", "ferry"], "feeds": {}},
    ),
    Row(
        name="take back settings",
        line="{undo}",
        press=True,
        given=(chose(languages=SPOKEN), their_settings, after("/copy {code} take")),
        says=("The settings are as they were.",),
        then={"timezone": "UTC"},
    ),
)

ROWS = (*SHARE, *COPYING, *TAKE)
