"""Rows of single keywords: `/keyword show|mode|mute|clear`, and the way back from each and from removing."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Choice, Urgency
from tests.commands.row import Row
from tests.commands.situations import QUERY, full_of_keywords, keyword, many_keywords, told, two_keywords
from tests.commands.stage import NOW
from tests.commands.steps import after
from tests.support.driving import Role

NONE_YET = "There is no keyword here yet."
WHICH = "Which keyword do you mean?"
USUAL = "Its alerts come as the settings of the chat say."
ASKED = "When shall its alerts come?"
HOW_LONG = "For how long shall its alerts wait? They come together at the end."
NO_CHOICE = "{value} is none of the choices."
BOTH = [QUERY, "ferry"]
DIGEST, INSTANT = Choice(urgency=Urgency.DIGEST), Choice(urgency=Urgency.INSTANT)
MUTED = Choice(muted_until=NOW + timedelta(hours=8))

SHOW = (
    Row(
        name="the card of a keyword",
        line="/keyword show {keyword}",
        given=(keyword,),
        says=("Keyword {number}", "It brought no alert yet.", USUAL),
        within=(QUERY,),
        buttons=(
            "/keyword edit {keyword}",
            "/keyword mode {keyword}",
            "/keyword mute {keyword}",
            "/keyword test #{keyword}",
            "/keyword remove {keyword}",
            "/keyword list",
        ),
    ),
    Row(
        name="the card of a keyword that brought an alert, by its number alone",
        line="/keyword {keyword}",
        press=True,
        given=(told,),
        says=("Keyword {number}", "{n} alert in the last 7 days; the newest came {when}."),
    ),
    Row(
        name="the card of a keyword on a later page leads back there",
        line="/keyword show ferry 20",
        given=(many_keywords,),
        buttons=("/keyword list 3",),
    ),
    Row(
        name="the card of a keyword without rights",
        line="/keyword show {keyword}",
        who=Role.MEMBER,
        given=(keyword,),
        says=("Keyword {number}",),
        never=("Timing", "Mute"),
        buttons=("/keyword list",),
    ),
    Row(
        name="the card of a keyword there is none of",
        line="/keyword show 999999",
        given=(two_keywords,),
        says=(WHICH,),
        buttons=("/keyword show {keyword}", "/keyword show {keyword2}"),
    ),
    Row(name="the card of a keyword, where there is none", line="/keyword show 1", says=(NONE_YET,)),
    Row(
        name="the button that edits a keyword asks",
        line="/keyword edit {keyword}",
        press=True,
        given=(keyword, after("/keyword show {keyword}")),
        asks=True,
        says=("What shall it be from now on?",),
    ),
    Row(
        name="edit a keyword by answering",
        line="/keyword edit {keyword}",
        given=(keyword, after("/keyword show {keyword}")),
        answer="ferry",
        says=("Keyword {old} is now {new}.",),
        buttons=("/keyword edit {keyword} trilateral talks",),
        then={"keywords": ["ferry"]},
    ),
    Row(
        name="take back an edit",
        line="{undo}",
        press=True,
        given=(keyword, after("/keyword edit {keyword} ferry")),
        says=("Keyword {old} is now {new}.",),
        then={"keywords": [QUERY]},
    ),
)

MODE = (
    Row(
        name="the mode of a keyword, without saying which",
        line="/keyword mode {keyword}",
        given=(keyword,),
        says=(ASKED, USUAL),
        buttons=("/keyword mode {keyword} instant", "/keyword mode {keyword} digest", "/keyword show {keyword}"),
    ),
    Row(
        name="the mode of a keyword that is in the digest",
        line="/keyword mode {keyword}",
        given=(keyword, after("/keyword mode {keyword} digest")),
        says=(ASKED, "Its alerts wait for the digest."),
        buttons=("/keyword mode {keyword} default", "/keyword mode {keyword} instant"),
    ),
    Row(
        name="a mode of a keyword there is none of",
        line="/keyword mode {keyword} mauve",
        press=True,
        given=(keyword,),
        says=(NO_CHOICE, ASKED),
    ),
    Row(
        name="the mode of a keyword there is none of",
        line="/keyword mode 999999",
        given=(keyword,),
        says=(WHICH,),
        buttons=("/keyword mode {keyword}",),
    ),
    Row(
        name="a keyword in the digest",
        line="/keyword mode {keyword} digest",
        given=(keyword,),
        says=("Its alerts wait for the digest.",),
        buttons=("/keyword mode {keyword} default",),
        then={"timing": {QUERY: DIGEST}},
    ),
    Row(
        name="a keyword at once",
        line="/keyword mode {keyword} instant",
        given=(keyword,),
        says=("Its alerts come at once.",),
        then={"timing": {QUERY: INSTANT}},
    ),
    Row(
        name="take back the mode of a keyword",
        line="{undo}",
        press=True,
        given=(keyword, after("/keyword mode {keyword} digest")),
        says=(USUAL,),
        then={"timing": {}},
    ),
    Row(
        name="a keyword with its own timing is marked in the list",
        line="/keyword list",
        given=(keyword, after("/keyword mode {keyword} instant"), after("/keyword mute {keyword} 8h")),
        says=("at once", "muted"),
    ),
)

MUTE = (
    Row(
        name="mute a keyword, without saying for how long",
        line="/keyword mute {keyword}",
        given=(keyword,),
        says=(HOW_LONG, "Or type it: {example}"),
        buttons=("/keyword mute {keyword} 1h", "/keyword mute {keyword} 7d", "/keyword show {keyword}"),
    ),
    Row(
        name="mute a keyword",
        line="/keyword mute {keyword} 8h",
        given=(keyword,),
        says=("Muted. It is heard again {when}.", "🔕 Muted: what it finds waits, and comes {when}."),
        buttons=("/keyword mute {keyword} off",),
        then={"timing": {QUERY: MUTED}},
    ),
    Row(
        name="take back a mute",
        line="{undo}",
        press=True,
        given=(keyword, after("/keyword mute {keyword} 8h")),
        says=("It is muted no more.",),
        then={"timing": {}},
    ),
    Row(
        name="take back the end of a mute",
        line="{undo}",
        press=True,
        given=(keyword, after("/keyword mute {keyword} 8h"), after("/keyword mute {keyword} off")),
        says=("Muted. It is heard again {when}.",),
        then={"timing": {QUERY: MUTED}},
    ),
    Row(
        name="mute a muted keyword",
        line="/keyword mute {keyword}",
        given=(keyword, after("/keyword mute {keyword} 8h")),
        says=(HOW_LONG,),
        buttons=("/keyword mute {keyword} off",),
    ),
    Row(name="mute a keyword for nonsense", line="/keyword mute {keyword} soon", given=(keyword,), says=(NO_CHOICE,)),
    Row(
        name="mute a keyword there is none of",
        line="/keyword mute 999999",
        given=(keyword,),
        says=(WHICH,),
        buttons=("/keyword mute {keyword}",),
    ),
)

BACK = (
    Row(
        name="take back a removal",
        line="{undo}",
        press=True,
        given=(two_keywords, after("/keyword mode {keyword} digest"), after("/keyword remove {keyword}")),
        says=("Keyword {query} is back.", "Its alerts wait for the digest."),
        then={"keywords": BOTH, "timing": {QUERY: DIGEST}},
    ),
    Row(
        name="take back the last removal",
        line="/keyword remove undo",
        press=True,
        given=(two_keywords, after("/keyword remove {keyword2}")),
        says=("Keyword {query} is back.",),
        then={"keywords": BOTH},
    ),
    Row(
        name="take back a removal that there was none of",
        line="/keyword remove undo",
        press=True,
        given=(keyword,),
        says=("There is nothing to bring back.", "{n} keyword"),
    ),
    Row(
        name="take back a removal where another took the place",
        line="{undo}",
        press=True,
        given=(full_of_keywords, after("/keyword remove ferry 1"), after("/keyword add wreck")),
        says=("This chat has {n} keyword, the most it may have.",),
    ),
    Row(
        name="remove all keywords, which asks first",
        line="/keyword clear",
        given=(two_keywords,),
        says=(
            "Remove the {n} keyword of this chat?",
            "No alert comes by keywords then. One button brings them back.",
        ),
        buttons=("/keyword clear yes", "/keyword list"),
    ),
    Row(
        name="remove all keywords",
        line="/keyword clear yes",
        press=True,
        given=(two_keywords,),
        says=("{n} keyword was removed.",),
        buttons=("/keyword remove undo *", "/keyword list"),
        then={"keywords": []},
    ),
    Row(
        name="take back that all keywords were removed",
        line="{undo}",
        press=True,
        given=(two_keywords, after("/keyword clear yes")),
        says=("{n} keyword is back.",),
        then={"keywords": BOTH},
    ),
    Row(name="remove all keywords, where there is none", line="/keyword clear", says=(NONE_YET,)),
)

ROWS = (*SHOW, *MODE, *MUTE, *BACK)
