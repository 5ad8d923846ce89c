"""Rows of the first minute: topics, words, what would have come, and one tap that takes it all back."""

from __future__ import annotations

from bot.chat.commands.whole import of_topic
from bot.feeds.catalogue import load_catalogue
from bot.model import Platform
from tests.commands.row import Row
from tests.commands.situations import (
    full_of_keywords,
    full_of_regexes,
    keyword,
    many_feeds,
    paused,
    told,
    two_keywords,
    unread,
    watched,
)
from tests.commands.stage import MOST_FEEDS, MOST_REGEXES
from tests.commands.steps import after, of_last_week
from tests.support.driving import Role

SPORTS = {each.title: "matching" for each in of_topic("sports", load_catalogue())}
MINE = {"Harbour Wire": "matching", "港灣日報": "matching"}
WATCHING = "I watch from now on, and write as soon as something comes."
NEXT = "More topics, or on to your words?"
FULL = {**{f"Paper {n}": "matching" for n in range(1, MOST_FEEDS)}, next(iter(SPORTS)): "matching"}

TOPICS = (
    Row(
        name="start",
        line="/start",
        says=(
            "I listen to the news for you.",
            "What matches your words comes here within minutes: in Chinese and English, once, with the link.",
            "1 of 2 · Which topics? A tap adds all its feeds.",
        ),
        buttons=("/subscribe world all", "/subscribe sports all", "/start words", "/subscribe", "/help"),
    ),
    Row(name="start in a group", line="/start", who=Role.ADMIN, says=("I listen to the news for you.",)),
    Row(name="start again", line="/start", given=(told,), buttons=("/start look",)),
    Row(
        name="a whole topic by one tap",
        line="/subscribe sports all",
        press=True,
        says=("Now watching {n} feed: {topic}", NEXT),
        buttons=("/undo {now}", "/subscribe sports", "/start words", "/subscribe"),
        then={"feeds": SPORTS},
    ),
    Row(
        name="a whole topic, to have everything",
        line="/subscribe sports all everything",
        press=True,
        says=("Now watching {n} feed: {topic}",),
        then={"feeds": dict.fromkeys(SPORTS, "everything")},
    ),
    Row(
        name="more of a topic than a chat may have",
        line="/subscribe sports all",
        press=True,
        given=(many_feeds,),
        says=("Now watching {n} feed: {topic}", "{n} was one too many.", "A chat may have {n} feed."),
        then={"feeds": FULL},
    ),
    Row(
        name="a topic that is watched whole",
        line="/subscribe sports all",
        press=True,
        given=(after("/subscribe sports all"),),
        says=("All feeds are watched already: {topic}", NEXT),
    ),
    Row(
        name="a topic that is watched whole is offered to be left",
        line="/subscribe sports",
        given=(after("/subscribe sports all"),),
        within=("✓ BBC Sport",),
        buttons=("/unsubscribe sports all",),
    ),
    Row(
        name="leave a topic",
        line="/unsubscribe sports all",
        press=True,
        given=(watched, after("/subscribe sports all")),
        says=("{n} feed is watched no more.", NEXT),
        buttons=("/subscribe sports all",),
        then={"feeds": MINE},
    ),
    Row(
        name="take back a topic",
        line="{undo}",
        press=True,
        given=(watched, after("/subscribe sports all")),
        says=("{n} feed is watched no more.",),
        buttons=("/feeds",),
        then={"feeds": MINE},
    ),
)

WORDS = (
    Row(
        name="which words, before any topic",
        line="/start words",
        press=True,
        says=(
            "2 of 2 · Which words matter to you?",
            "Tap one, or type your own, one keyword a line:",
            "{words} finds both words near each other, {phrase} just this phrase.",
            "No topic is chosen yet: go back for that, before or after.",
        ),
        buttons=("/start", "/keyword add OpenAI", "/keyword add"),
    ),
    Row(
        name="which words, when there is a topic",
        line="/start words",
        press=True,
        given=(watched,),
        never=("No topic is chosen yet: go back for that, before or after.",),
    ),
    Row(
        name="the button for one's own words asks",
        line="/keyword add",
        press=True,
        given=(watched, after("/start words")),
        asks=True,
        says=("Which words? One keyword a line.",),
    ),
    Row(
        name="the question says how to answer it",
        line="/keyword add",
        press=True,
        on=(Platform.TELEGRAM,),
        given=(watched, after("/start words")),
        asks=True,
        says=("Send it as an answer to this message.",),
    ),
    Row(
        name="one's own words, typed where they are asked for",
        line="/keyword add",
        given=(watched, after("/start words")),
        answer="ferry",
        says=("Keyword {query} added.", "In the last 24 hours {some} alert would have come:", WATCHING),
        within=("A ferry sails",),
        buttons=("/keyword list", "/keyword remove *"),
        then={"keywords": ["ferry"]},
    ),
    Row(
        name="the first word finds what came last week",
        line="/keyword add ferry",
        given=(of_last_week,),
        says=("In the last 24 hours nothing would have come, in the last 7 days {some} alert:",),
        within=("A ferry sails",),
        then={"keywords": ["ferry"]},
    ),
    Row(
        name="the first word finds nothing",
        line="/keyword add unicorn",
        given=(watched,),
        says=("Nothing that your feeds hold now matches. Fewer words find more.", WATCHING),
        then={"keywords": ["unicorn"]},
    ),
    Row(
        name="the first word, before anything was read",
        line="/keyword add ferry",
        given=(unread,),
        says=("Your feeds are being read for the first time: what they bring comes in now.",),
        then={"keywords": ["ferry"]},
    ),
    Row(
        name="the first word, before any topic",
        line="/keyword add ferry",
        says=("Keyword {query} added.",),
        buttons=("/start",),
        then={"keywords": ["ferry"]},
    ),
)

LOOK = (
    Row(
        name="what would have come",
        line="/start look",
        press=True,
        given=(told,),
        says=("What would have come", "In the last 24 hours {some} alert would have come:", WATCHING),
        buttons=("/keyword list", "/feeds", "/keyword add"),
    ),
    Row(
        name="what would have come, while alerts are paused",
        line="/start look",
        press=True,
        given=(told, paused),
        says=("Alerts are paused: {resume} starts them again.",),
    ),
    Row(
        name="what would have come, without any feed",
        line="/start look",
        press=True,
        given=(keyword,),
        says=("What would have come", NEXT),
        buttons=("/subscribe sports all",),
    ),
)

LINES = (
    Row(
        name="several keywords, a line each",
        line="/keyword add ferry\nsunken ship",
        given=(keyword,),
        says=("{n} keyword added",),
        within=("ferry", "sunken ship"),
        buttons=("/undo {now}", "/keyword list"),
        then={"keywords": ["trilateral talks", "ferry", "sunken ship"]},
    ),
    Row(
        name="the first keywords, a line each",
        line="/keyword add ferry\nsunken ship",
        given=(watched,),
        says=("{n} keyword added", "In the last 24 hours {some} alert would have come:"),
        buttons=("/undo {now}",),
        then={"keywords": ["ferry", "sunken ship"]},
    ),
    Row(
        name="lines of which some are here, and some can't be read",
        line='/keyword add ferry\n"sunken ship\nwreck',
        given=(two_keywords,),
        says=(
            "{n} keyword added",
            "{n} was here already.",
            "{n} can't be read by me:",
            "A quotation mark opens here and never closes: add the second one.",
        ),
        then={"keywords": ["trilateral talks", "ferry", "wreck"]},
    ),
    Row(
        name="more lines than keywords that a chat may have",
        line="/keyword add wreck\nsunken ship",
        given=(full_of_keywords,),
        says=("{n} keyword added", "{n} was one too many.", "A chat may have {n} keyword."),
        never=("Undo",),
    ),
    Row(
        name="more lines with regular expressions than a chat may have",
        line="/keyword add wreck\n/tal(k|ks)/",
        given=(full_of_regexes,),
        says=("{n} keyword added", "{n} was one too many."),
        then={"keywords": [*(f"/ferr(y|ies){n}/" for n in range(MOST_REGEXES)), "trilateral talks", "wreck"]},
    ),
    Row(
        name="take back several keywords",
        line="{undo}",
        press=True,
        given=(keyword, after("/keyword add ferry\nsunken ship")),
        says=("{n} keyword is gone again.",),
        buttons=("/keyword list", "/feeds"),
        then={"keywords": ["trilateral talks"]},
    ),
    Row(
        name="take back what came last",
        line="/undo",
        given=(keyword, after("/keyword add ferry")),
        says=("{n} keyword is gone again.",),
        then={"keywords": ["trilateral talks"]},
    ),
    Row(
        name="take back what is kept no more",
        line="/undo 999999",
        given=(two_keywords,),
        says=("There is nothing to take back.",),
    ),
    Row(name="take back nothing", line="/undo", says=("There is nothing to take back.",)),
)

ROWS = (*TOPICS, *WORDS, *LOOK, *LINES)
