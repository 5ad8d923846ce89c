"""Rows of keywords: `/keyword` and its short forms."""

from __future__ import annotations

from bot.model import Platform
from tests.commands.row import Row
from tests.commands.situations import (
    QUERY,
    broad_keyword,
    full_of_keywords,
    full_of_regexes,
    keyword,
    long_keyword,
    many_keywords,
    told,
    two_keywords,
    unread,
    watched,
)
from tests.commands.steps import after
from tests.support.driving import Role

NONE_YET = "There is no keyword here yet."
EXAMPLE = "Send the words after the command: {example}"
ALL = "/keyword list"
FLOOD = (
    "That is about {rate} alerts a day from this keyword alone. To have fewer, add a word, or look at titles only:"
    " {narrower}"
)

ADD = (
    Row(
        name="add, without words", alone=True, line="/keyword add", press=True, says=(EXAMPLE, "How to write keywords")
    ),
    Row(
        name="add the first keyword, before any feed",
        line="/keyword add trilateral talks",
        says=("Keyword {query} added.", "No feed is watched here yet. Next, choose one: {subscribe}"),
        then={"keywords": [QUERY]},
        within=(QUERY,),
    ),
    Row(
        name="add a keyword before anything was read",
        line="/keyword add talks",
        given=(unread,),
        says=("No item of your feeds is stored yet, so I can't say how often it matches.",),
        then={"keywords": ["talks"]},
    ),
    Row(
        name="add a keyword, and hear what it would have found",
        line="/keyword add ferry",
        given=(watched,),
        says=("In the last 7 days it would have found {found} of your {n} item.",),
        buttons=("/keyword test #*", "/keyword show *", "/keyword remove *", ALL),
        then={"keywords": ["ferry"]},
    ),
    Row(
        name="add a keyword that is read otherwise than typed",
        line="/keyword add talks | 會談",
        says=("I read it as: {query}",),
        then={"keywords": ["talks | 會談"]},
    ),
    Row(
        name="add a keyword that would flood the chat",
        line="/keyword add ferry",
        given=(broad_keyword,),
        says=(FLOOD,),
        then={"keywords": ["ferry"]},
    ),
    Row(
        name="add a keyword with a name in the other language",
        line="/keyword add Abu Dhabi",
        given=(watched,),
        within=("阿布扎比",),
        then={"keywords": ["Abu Dhabi"]},
    ),
    Row(
        name="add a keyword that is here",
        line="/add trilateral talks",
        given=(keyword,),
        says=("{query} is already here.",),
    ),
    Row(
        name="add one keyword too many",
        line="/keyword add talks",
        given=(full_of_keywords,),
        says=("This chat has {n} keyword, the most it may have.", "Remove one first, or join some with OR."),
        buttons=(ALL,),
    ),
    Row(
        name="add one regular expression too many",
        line="/keyword add /tal(k|ks)/",
        given=(full_of_regexes,),
        says=("A chat may have {n} keyword with a regular expression.", "Remove one first, or say it with words."),
    ),
)

CHANGE = (
    Row(name="edit where there is none", line="/keyword edit 1 talks", says=(NONE_YET, "Add one: {example}")),
    Row(
        name="edit, without saying which",
        line="/keyword edit",
        press=True,
        given=(two_keywords,),
        says=("Which keyword should I change?", "Choose with a button, or send the number: {example}"),
        buttons=("/keyword edit {keyword}", "/keyword edit {keyword2}"),
    ),
    Row(
        name="edit, without saying into what",
        alone=True,
        line="/keyword edit {keyword}",
        press=True,
        given=(keyword,),
        says=("Send the words after its number: {example}",),
    ),
    Row(
        name="edit",
        line="/keyword edit {keyword} ferry",
        given=(keyword,),
        says=("Keyword {old} is now {new}.",),
        then={"keywords": ["ferry"]},
    ),
    Row(
        name="edit a keyword that is too long for the button that takes it back",
        line="/keyword edit {keyword} ferry",
        given=(long_keyword,),
        says=("Keyword {old} is now {new}.", "To change it back: {command}"),
        then={"keywords": ["ferry"]},
    ),
    Row(
        name="edit into another one that is here",
        line="/keyword edit {keyword} ferry",
        given=(two_keywords,),
        says=("{query} is already here.",),
    ),
    Row(
        name="edit into a regular expression too many",
        line="/keyword edit {keyword} /tal(k|ks)/",
        given=(full_of_regexes,),
        says=("A chat may have {n} keyword with a regular expression.",),
    ),
    Row(
        name="edit into what can't be read",
        line='/keyword edit {keyword} "talks',
        given=(keyword,),
        says=("That keyword can't be read.", "A quotation mark opens here and never closes: add the second one."),
    ),
    Row(
        name="also find other words",
        line="/also {keyword} 會談",
        given=(keyword,),
        says=("Keyword {old} is now {new}.",),
        then={"keywords": ["trilateral talks OR 會談"]},
    ),
    Row(
        name="also find, without saying what",
        alone=True,
        line="/keyword also {keyword}",
        press=True,
        given=(keyword,),
        says=("Send the words after its number: {example}",),
        buttons=("/keyword also {keyword}",),
    ),
    Row(
        name="also find what is asked for",
        line="/keyword also {keyword}",
        press=True,
        given=(keyword, after("/keyword also {keyword}")),
        asks=True,
        says=("What shall it find as well?",),
    ),
    Row(
        name="also find, without saying which",
        line="/keyword also",
        press=True,
        given=(keyword,),
        says=("Which keyword should I change?",),
        buttons=("/keyword also {keyword}",),
    ),
)

REMOVE = (
    Row(name="remove where there is none", line="/keyword remove 1", says=(NONE_YET,)),
    Row(
        name="remove, without saying which",
        line="/keyword remove",
        press=True,
        given=(two_keywords,),
        says=("Which keyword should I remove?",),
        buttons=("/keyword remove {keyword}", "/keyword remove {keyword2}"),
    ),
    Row(
        name="remove by the number",
        line="/keyword remove {keyword}",
        given=(keyword,),
        says=("Keyword {query} removed.",),
        then={"keywords": []},
    ),
    Row(name="remove by the words", line="/remove Trilateral Talks", given=(keyword,), then={"keywords": []}),
    Row(
        name="remove one that is not here",
        line="/keyword remove 99999",
        given=(keyword,),
        says=("There is no such keyword here. Which one do you mean?",),
        buttons=("/keyword remove {keyword}",),
    ),
)

LIST = (
    Row(name="list nothing", line="/keyword list", says=(NONE_YET,)),
    Row(name="list", line="/keywords", given=(two_keywords,), says=("{n} keyword",), within=(QUERY, "ferry")),
    Row(name="list many", line="/keyword list", given=(many_keywords,), buttons=("/keyword list 2",)),
    Row(
        name="the next page of the list",
        line="/keyword list 2",
        press=True,
        given=(many_keywords,),
        buttons=("/keyword list 1",),
    ),
    Row(name="the list without rights", line="/keyword list", who=Role.MEMBER, given=(keyword,), within=(QUERY,)),
    Row(
        name="keyword alone lists", line="/keyword", press=True, given=(keyword,), within=(QUERY,), covers=("keyword",)
    ),
    Row(
        name="keyword with words asks what to do with them",
        line="/keyword ferry",
        press=True,
        says=("What should I do with {query}?", "{command} adds it", "{command} shows what it would have found"),
        buttons=("/keyword add ferry", "/keyword test ferry"),
    ),
)

TEST = (
    Row(
        name="test what is asked for",
        line="/keyword test",
        press=True,
        given=(after("/keyword test"),),
        asks=True,
        says=("Which words?",),
    ),
    Row(name="test, without words", alone=True, line="/keyword test", press=True, says=(EXAMPLE,)),
    Row(
        name="test before any feed",
        line="/keyword test ferry",
        says=("Test: {query}", "No feed is watched here yet. Next, choose one: {subscribe}"),
    ),
    Row(
        name="test before anything was read",
        line="/keyword test ferry",
        given=(unread,),
        says=("No item of your feeds is stored yet: test again in a few minutes.",),
    ),
    Row(
        name="test what matches",
        line="/keyword test ferry",
        given=(watched,),
        says=("{found} of your {n} item of the last 7 days matches, about {rate} a day.",),
        within=("A ferry sails",),
        buttons=("/keyword add ferry",),
    ),
    Row(
        name="test what does not match",
        line="/keyword test ferry sinks",
        given=(watched,),
        says=(
            "Your {n} item of the last 7 days does not match. Try fewer words, or OR between them.",
            "The nearest:",
            "found {found}, but {lack}",
            "not there: {wanted}",
        ),
    ),
    Row(
        name="test what can't be read, with what to type instead",
        line="/keyword test (ferry",
        given=(watched,),
        says=(
            "That keyword can't be read.",
            "A parenthesis opens here and never closes: add the second one.",
            "You could type: {query}",
        ),
        buttons=("/keyword add ferry",),
    ),
    Row(
        name="test without rights offers no adding",
        line="/keyword test trilateral talks",
        who=Role.MEMBER,
        given=(told,),
        never=("Add this keyword",),
        on=(Platform.TELEGRAM, Platform.DISCORD),
    ),
)

ROWS = (*ADD, *CHANGE, *REMOVE, *LIST, *TEST)
