"""Rows of looking around: `/search`, `/trend`, `/stats` and what is looked up from other chats."""

from __future__ import annotations

from bot.model import Platform
from tests.commands.row import Row
from tests.commands.situations import broad_keyword, keyword, told, watched
from tests.commands.situations_looking import NAME, counted, much, new_name, rising
from tests.support.driving import Role

FOUND, PAGE = "Found: {query}", "Found: {query}, page {page}"
NO_FEED = "No feed is watched here yet. Next, choose one: {subscribe}"
NOTHING = "Nothing found for {query}."
OLDER = "Older items were not looked at: so many have these words. Add a word to narrow it down."
NO_SUCH = "I don't remember that search any more."
LONG_QUERY = "ferry OR sails OR harbour OR talks OR trilateral OR envoys OR markets OR rain"
DAY, WEEK = "What rises in the last 24 hours", "What rises in the last 7 days"
STILL = "Nothing stands out: no name has come up in several of your feeds more than before."
ALERTS, COUNT = "Alerts of the last {days} days", "{n} alert, about {rate} a day."

SEARCH = (
    Row(
        name="search, without words",
        line="/search",
        press=True,
        given=(watched,),
        says=("Send the words after the command: {example}",),
    ),
    Row(
        name="search",
        line="/search ferry",
        given=(watched,),
        says=(FOUND,),
        within=("A ferry sails", "Harbour Wire"),
        labels=("Add as a keyword",),
        buttons=("/keyword add ferry",),
    ),
    Row(name="search by who may not change", line="/search ferry", who=Role.MEMBER, given=(watched,), says=(FOUND,)),
    Row(
        name="search where there is more",
        line="/search ferry",
        given=(much,),
        says=(FOUND,),
        never=(PAGE,),
        labels=("More",),
        buttons=("/search #2 ferry",),
    ),
    Row(
        name="the next page of a search",
        line="/search #2 ferry",
        press=True,
        given=(much,),
        says=(PAGE,),
        labels=("Back",),
        buttons=("/search #1 ferry",),
    ),
    Row(
        name="a page of a search that is not there",
        line="/search #9 ferry",
        press=True,
        given=(much,),
        says=(NOTHING,),
        buttons=("/search #8 ferry",),
    ),
    Row(
        name="a search that is too long for a button",
        line=f"/search {LONG_QUERY}",
        given=(much,),
        says=(FOUND,),
        labels=("More",),
    ),
    Row(
        name="a search that is forgotten",
        line="/search #2 ~0123456789",
        press=True,
        given=(much,),
        says=(NO_SUCH, "Search again: {example}"),
    ),
    Row(
        name="search in vain",
        line="/search unicorn",
        given=(watched,),
        says=(NOTHING, "Try fewer words, or OR between them. I search what your feeds brought and I still keep."),
        labels=("Tell me when it comes",),
        buttons=("/keyword add unicorn",),
    ),
    Row(name="search without feeds", line="/search ferry", says=(NO_FEED,)),
    Row(
        name="search for words that are everywhere, but never so",
        line='/search "ferry sails"',
        given=(broad_keyword,),
        says=(NOTHING, OLDER),
    ),
    Row(
        name="search without a whole word",
        line="/search /ferr(y|ies)/",
        given=(watched,),
        says=(FOUND, "Only your newest item was looked at: a search needs a whole word to look further."),
    ),
    Row(
        name="a search that can't be read",
        line='/search "ferry',
        given=(watched,),
        says=("A quotation mark opens here and never closes: add the second one.",),
        never=(FOUND,),
    ),
)

TREND = (
    Row(name="what rises without feeds", line="/trend", says=(NO_FEED,)),
    Row(name="nothing rises", line="/trend", given=(watched,), says=(STILL,), buttons=("/trend week",)),
    Row(name="nothing rises in a week", line="/trend week", given=(watched,), says=(STILL,), buttons=("/trend day",)),
    Row(
        name="what rises",
        line="/trend",
        given=(rising,),
        says=(
            DAY,
            "{n} item",
            "{factor} times as many as usual",
            "Compared with the 7 days before, in the titles of your feeds.",
        ),
        within=(NAME,),
        labels=("Last 7 days",),
        buttons=(f"/keyword add {NAME}", "/trend week"),
    ),
    Row(name="what rises in a day", line="/trend day", given=(rising,), says=(DAY,), within=(NAME,)),
    Row(
        name="what rises in a week",
        line="/trend week",
        given=(rising,),
        says=(WEEK, "new now"),
        within=(NAME,),
        labels=("Last 24 hours",),
        buttons=("/trend day",),
    ),
    Row(
        name="what was never there before",
        line="/trend",
        given=(new_name,),
        who=Role.MEMBER,
        says=(DAY, "new now"),
        within=(NAME,),
        buttons=("/trend week",),
    ),
)

STATS = (
    Row(name="stats of nothing", line="/stats", says=("No alert has come here yet.",)),
    Row(
        name="stats",
        line="/stats",
        given=(told,),
        says=(ALERTS, COUNT, "Most from {feed}: {n}", "Busiest: {weekday}, {begin}:00 to {end}:00"),
        never=("Most by keyword {keyword}: {n}",),
        within=("Harbour Wire",),
        buttons=("/latest", "/trend"),
        gives=".png",
    ),
    Row(
        name="stats by who may not change", line="/stats", who=Role.MEMBER, given=(told,), says=(ALERTS,), gives=".png"
    ),
    Row(
        name="stats of many keywords",
        line="/stats",
        given=(counted,),
        says=(ALERTS, COUNT, "Most by keyword {keyword}: {n}", "Everything"),
        gives=".png",
    ),
    Row(
        name="stats of one keyword",
        line="/stats {keyword}",
        given=(told,),
        says=("{heading}: {keyword}", COUNT),
        within=("trilateral talks",),
        gives=".png",
    ),
    Row(
        name="stats of a keyword that brought nothing",
        line="/stats {keyword}",
        given=(watched, keyword),
        says=("{keyword} brought no alert in the last {days} days.",),
        labels=("What it finds",),
        buttons=("/keyword test #{keyword}",),
    ),
    Row(
        name="stats of a keyword there is none of",
        line="/stats 999999",
        given=(told,),
        says=("There is no keyword {number} here.",),
        private=True,
        buttons=("/keyword list",),
    ),
)

# Where there are no inline queries, nobody types them.
INLINE = (
    Row(
        name="look up from any chat",
        line="ferry",
        inline=True,
        given=(watched,),
        within=("A ferry sails", "Harbour Wire"),
        on=(Platform.TELEGRAM,),
    ),
    Row(
        name="the newest alerts in any chat",
        line="",
        inline=True,
        given=(told,),
        within=("Trilateral talks held in Abu Dhabi",),
        on=(Platform.TELEGRAM,),
    ),
    Row(
        name="look up half a query in any chat",
        line='"ferry OR',
        inline=True,
        given=(watched,),
        within=("A ferry sails",),
        on=(Platform.TELEGRAM,),
    ),
    Row(
        name="look up in vain from any chat",
        line="unicorn",
        inline=True,
        given=(watched,),
        says=("Nothing found. Open our chat",),
        on=(Platform.TELEGRAM,),
    ),
    Row(
        name="look up without a chat of one's own",
        line="ferry",
        inline=True,
        given=(watched,),
        who=Role.ADMIN,
        says=("Choose feeds and words first",),
        on=(Platform.TELEGRAM,),
    ),
)

ROWS = (*SEARCH, *TREND, *STATS, *INLINE)
