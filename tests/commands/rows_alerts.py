"""Rows of what can be done about an alert: `/full`, `/less`, pictures, and `/translate`."""

from __future__ import annotations

from bot.model import Mode, Pictures, Platform
from tests.commands.row import Row
from tests.commands.situations import QUERY, TITLE, chose, queued, told, told_whole, watched
from tests.commands.situations_looking import (
    CLAIMED,
    ENDLESS,
    SAID,
    broken_machine,
    machine,
    model,
    muted_report,
    muted_story,
    told_long,
    told_untranslated,
)
from tests.support.driving import Role

NO_ALERT = "That is no alert of mine, or it is not kept any more."
IN_FULL = "What the feed says:"
SAVED = "Saved. It takes effect from the next message on."
NO_STORY = "It belongs to no story that could be muted."
GONE = "That keyword is gone, or looks at titles only already."

FULL = (
    Row(name="an alert in full, before any", line="/full", says=("No alert has come here yet.",), given=(watched,)),
    Row(
        name="an alert in full",
        line="/full #{item}",
        press=True,
        given=(told_long,),
        says=(IN_FULL,),
        within=("在阿布扎比", "in room 39", "Harbour Wire"),
        private=True,
        buttons=("/why #{item}",),
    ),
    Row(
        name="an alert in full, in English",
        line="/full {link} en",
        given=(told_long,),
        says=(IN_FULL,),
        within=(TITLE, "Envoys met"),
        private=True,
        buttons=("/full #{item} zh",),
    ),
    Row(
        name="an alert in full, in Chinese",
        line="/full #{item} zh",
        press=True,
        given=(told_long,),
        within=("在阿布扎比",),
        buttons=("/full #{item} en",),
    ),
    Row(name="the newest alert in full", line="/full", who=Role.MEMBER, given=(told,), within=(TITLE,), private=True),
    Row(
        name="an alert in full, as an answer to it",
        line="/full",
        given=(told,),
        reply=True,
        who=Role.MEMBER,
        within=(TITLE,),
        on=(Platform.TELEGRAM,),
    ),
    Row(
        name="an alert in full that nobody translated",
        line="/full #{item}",
        press=True,
        given=(told_untranslated,),
        says=("No translator is set up, so this is in the language of the source.",),
    ),
    Row(
        name="an alert in full that is kept no more",
        line="/full #999999",
        press=True,
        says=(NO_ALERT, "Reply to an alert with {why}, or send {link}."),
        buttons=("/full",),
    ),
    Row(name="a page in full that came with no feed", line="/full https://unseen.example/1", says=(NO_ALERT,)),
)

LESS = (
    Row(
        name="less of an alert's kind",
        line="/less #{item}",
        press=True,
        given=(told,),
        says=("Less of this", "Choose what should go. Each of these can be undone."),
        within=(TITLE,),
        labels=("Mute this story", "Remove {query}", "{query} in titles only", "Stop watching {feed}"),
        buttons=(
            "/less #{item} story",
            "/keyword remove {keyword}",
            "/less #{item} title {keyword}",
            "/unsubscribe {feed}",
        ),
    ),
    Row(
        name="less of a feed that is taken whole",
        line="/less",
        given=(told_whole,),
        labels=("Only what matches",),
        buttons=("/subscribe #{feed}",),
    ),
    Row(name="less before any alert", line="/less", says=("No alert has come here yet.",)),
    Row(name="less of what is kept no more", line="/less #999999", press=True, says=(NO_ALERT,), buttons=("/less",)),
    Row(name="less of a page that came with no feed", line="/less https://unseen.example/1", says=(NO_ALERT,)),
    Row(
        name="mute a story",
        line="/less #{item} story",
        press=True,
        given=(told,),
        says=("This story is muted here: no further report of it comes.",),
        within=(TITLE,),
        labels=("Undo",),
        buttons=("/less #{item} unmute",),
        undone=True,
    ),
    Row(
        name="mute the story of the newest alert",
        line="/less story",
        given=(told,),
        says=("This story is muted here: no further report of it comes.",),
    ),
    Row(name="mute a story there is none of", line="/less {link} story", given=(queued,), says=(NO_STORY,)),
    Row(
        name="less of a story that is muted",
        line="/less #{item}",
        press=True,
        given=(told, muted_story),
        labels=("Unmute this story",),
        buttons=("/less #{item} unmute",),
    ),
    Row(
        name="mute a story no more",
        line="/less #{item} unmute",
        press=True,
        given=(told, muted_story),
        says=("This story is not muted any more.", "What came meanwhile is not sent later."),
        alone=True,
    ),
    Row(
        name="mute a story no more that is not muted",
        line="/less #{item} unmute",
        press=True,
        given=(told,),
        says=("This story is not muted here.",),
    ),
    Row(
        name="why an item came not whose story is muted",
        line="/why {link}",
        given=(muted_report,),
        says=("Why no alert came", "It belongs to a story that is muted here."),
        labels=("Unmute this story",),
        buttons=("/less #{item} unmute",),
    ),
    Row(
        name="a keyword in titles only",
        line="/less #{item} title {keyword}",
        press=True,
        given=(told,),
        then={"keywords": [f"title:({QUERY})"]},
        undone=True,
    ),
    Row(
        name="a keyword in titles only that is gone",
        line="/less #{item} title 999999",
        press=True,
        given=(told,),
        says=(GONE,),
    ),
    Row(
        name="only what matches, of a feed that was taken whole",
        line="/subscribe #{feed}",
        press=True,
        given=(told_whole,),
        then={"feeds": {"Harbour Wire": str(Mode.MATCHING)}},
    ),
)

PICTURES = (
    *(
        Row(
            name=f"pictures: {value}",
            line=f"/settings pictures {value}",
            given=(chose(pictures=Pictures.LARGE if value != "large" else Pictures.OFF),),
            says=(SAVED, label),
            then={"pictures": Pictures(value)},
        )
        for value, label in (("off", "none"), ("small", "small"), ("large", "large"))
    ),
)

TRANSLATE = (
    Row(
        name="translate where nobody can",
        line=f"/translate {SAID}",
        says=("I have no translator here. Whoever runs me can set one up.",),
        private=True,
    ),
    *(
        Row(
            name=f"translate, without a text: {platform}",
            line="/translate",
            given=(machine,),
            says=(way, "What is Chinese comes in English, all else in Chinese."),
            private=True,
            on=(platform,),
        )
        for platform, way in (
            (Platform.TELEGRAM, "Answer a message with {command}, or send {command} with a text."),
            (Platform.DISCORD, "Choose it in the menu of a message (Apps), or give {command} with a text."),
            (Platform.CONSOLE, "Give {command} with a text."),
        )
    ),
    Row(name="translate", line=f"/translate {SAID}", given=(machine,), says=("Machine translation",)),
    Row(
        name="translate by a language model",
        line=f"/translate {SAID}",
        given=(model,),
        says=("Translated by a language model",),
    ),
    Row(
        name="translate a message, as an answer to it or by its menu",
        line="/translate",
        given=(told, machine),
        reply=True,
        who=Role.MEMBER,
        says=("Machine translation",),
        on=(Platform.TELEGRAM, Platform.DISCORD),
    ),
    Row(
        name="translate what comes with other figures",
        line=f"/translate {CLAIMED}",
        given=(machine,),
        says=("Its figures differ from those of the text: look there before you rely on them.",),
    ),
    Row(
        name="translate more than one can",
        line=f"/translate {ENDLESS}",
        given=(machine,),
        says=("Only the beginning is translated.",),
    ),
    Row(
        name="translate in vain",
        line=f"/translate {SAID}",
        given=(broken_machine,),
        says=("That could not be translated now. Try again in a while.",),
        private=True,
    ),
)

ROWS = (*FULL, *LESS, *PICTURES, *TRANSLATE)
