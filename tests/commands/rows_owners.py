"""Rows of those who run the bot: `/admin`, in private, and nobody else's."""

from __future__ import annotations

from bot.chat.commands.broadcast import LONGEST
from bot.model import ChatKind, ChatState
from tests.commands.row import Row
from tests.commands.situations import failing, paused, watched
from tests.commands.situations_places import (
    BROADCAST,
    all_is_well,
    another,
    begun,
    drafted,
    here,
    many_chats,
    not_polled,
    nothing_said,
    only_chat,
    sent_to_all,
    stopped,
)
from tests.support.driving import Role

OWNER = Role.OWNER
WHOLE = "The whole bot"
SHOW = "/admin show"
UNKNOWN = "There is no command {name}."
WHICH = "Which chat? {chats} shows their numbers."
OUT = another(out=True)

LOOK = (
    Row(
        name="the whole bot",
        line="/admin",
        press=True,
        who=OWNER,
        given=(
            another(ChatState.BLOCKED),
            another(ChatState.GONE),
            another(ChatState.PAUSED),
            OUT,
            failing("HTTP 404"),
        ),
        says=(WHOLE, "active", "blocked", "gone", "paused", "Not let in", "Keywords", "Waiting to be sent"),
        buttons=("/admin chats", "/admin feeds", "/admin broadcast", SHOW),
    ),
    Row(
        name="the whole bot has feeds in trouble",
        line=SHOW,
        who=OWNER,
        given=(failing("HTTP 404"),),
        says=(WHOLE, "{feeds} ({failing} can't be read now)", "Last look at a feed"),
    ),
    Row(
        name="the whole bot before it read a feed", line=SHOW, who=OWNER, given=(watched, not_polled), says=("not yet",)
    ),
    Row(
        name="what is none of the owners' commands",
        line="/admin nonsense",
        press=True,
        who=OWNER,
        says=(WHOLE,),
    ),
    Row(
        name="all chats",
        line="/admin chats",
        who=OWNER,
        given=(many_chats, OUT),
        says=(
            "{n} chat",
            "group",
            "not let in",
            "{expel} serves a chat no more, {admit} lets it in, {pause} stops its alerts.",
        ),
        buttons=("/admin chats 2", SHOW),
    ),
    Row(
        name="all chats, the next page",
        line="/admin chats 2",
        who=OWNER,
        given=(many_chats,),
        says=("private", "active", "{n} feed", "{n} keyword"),
        buttons=("/admin chats 1", SHOW),
    ),
    Row(
        name="a chat that is a channel",
        line="/admin chats",
        who=OWNER,
        given=(another(kind=ChatKind.CHANNEL),),
        says=("channel",),
    ),
    Row(
        name="feeds in trouble",
        line="/admin feeds",
        who=OWNER,
        given=(all_is_well, failing("HTTP 404")),
        says=("{n} feed in trouble", "last read: {time}", "{n} chat"),
        within=("Harbour Wire",),
        buttons=(SHOW,),
    ),
    Row(
        name="a feed that was never read",
        line="/admin feeds",
        who=OWNER,
        given=(all_is_well, failing("HTTP 404"), not_polled),
        says=("last read: {time}", "never"),
    ),
    Row(
        name="no feed is in trouble",
        line="/admin feeds",
        who=OWNER,
        given=(watched, all_is_well),
        says=("{n} feed in trouble", "Every feed can be read."),
        buttons=(SHOW,),
    ),
)

CHATS = (
    Row(
        name="let a chat in",
        line="/admin admit {other_id}",
        who=OWNER,
        given=(OUT,),
        says=("{chat} is let in.",),
        within=("Another, active",),
        buttons=("/admin expel {other_id}",),
        there={"admitted": True, "state": "active"},
    ),
    Row(
        name="let a chat in by the number that it was told",
        line="/admin admit {number}",
        who=OWNER,
        given=(OUT,),
        says=("{chat} is let in.",),
        there={"admitted": True, "state": "active"},
    ),
    Row(
        name="let a chat in that is in",
        line="/admin admit {other_id}",
        who=OWNER,
        given=(another(),),
        says=("{chat} is in already.",),
        without=("/admin expel {other_id}",),
    ),
    Row(
        name="shut a chat out",
        line="/admin expel {other_id}",
        who=OWNER,
        given=(another(),),
        says=("{chat} gets nothing any more. Its feeds and keywords are kept.",),
        buttons=("/admin admit {other_id}",),
        there={"admitted": False, "state": "blocked"},
    ),
    Row(
        name="shut a chat out that is out",
        line="/admin expel {other_id}",
        who=OWNER,
        given=(OUT,),
        says=("{chat} is not in.",),
    ),
    Row(
        name="shut oneself out",
        line="/admin expel {here}",
        who=OWNER,
        given=(here,),
        says=("That is this chat itself.",),
    ),
    Row(
        name="stop the alerts of a chat",
        line="/admin pause {other_id}",
        who=OWNER,
        given=(another(),),
        says=("The alerts of {chat} are paused.",),
        buttons=("/admin resume {other_id}",),
        there={"state": "paused"},
    ),
    Row(
        name="start the alerts of a chat",
        line="/admin resume {other_id}",
        who=OWNER,
        given=(another(ChatState.PAUSED),),
        says=("The alerts of {chat} are running.",),
        buttons=("/admin pause {other_id}",),
        there={"state": "active"},
    ),
    Row(
        name="start the alerts of a chat that has them: nothing to undo",
        line="/admin resume {other_id}",
        who=OWNER,
        given=(another(),),
        says=("The alerts of {chat} are running.",),
        without=("/admin pause {other_id}",),
    ),
    Row(
        name="stop the alerts of a chat that is gone",
        line="/admin pause {other_id}",
        who=OWNER,
        given=(another(ChatState.GONE),),
        says=("{chat} takes no messages now.",),
    ),
    *(
        Row(
            name=f"{word} a chat there is none of",
            line=f"/admin {word} 999999999",
            who=OWNER,
            says=(WHICH,),
            buttons=("/admin chats",),
        )
        for word in ("admit", "expel", "pause", "resume")
    ),
)

TO_ALL = "Message to all chats: {state}"
SAY = (
    Row(
        name="say something to all, without saying what",
        line="/admin broadcast",
        who=OWNER,
        given=(nothing_said,),
        says=("Send {example} with what you have to say to all chats.",),
    ),
    Row(
        name="say something to all, and look at it first",
        line=f"/admin broadcast {BROADCAST}",
        who=OWNER,
        says=(
            "📣 From whoever runs this bot",
            "This is how it will look. Chats that are paused do not get it.",
        ),
        within=(BROADCAST,),
        buttons=("/admin send *", "/admin drop *"),
    ),
    Row(
        name="say something to all where nobody is",
        line=f"/admin broadcast {BROADCAST}",
        who=OWNER,
        given=(only_chat, paused),
        says=("There is no chat that it could go to.",),
    ),
    Row(
        name="say too much to all",
        line=f"/admin broadcast {'a' * (LONGEST + 1)}",
        who=OWNER,
        says=("That is too long: a message to all has at most {most} characters.",),
    ),
    Row(
        name="send to all",
        line="/admin send {broadcast}",
        who=OWNER,
        given=(drafted,),
        says=(TO_ALL, "under way", "Sent", "Not delivered", "Still to go"),
        within=(BROADCAST,),
        buttons=("/admin broadcast", "/admin stop {broadcast}", "/admin"),
    ),
    Row(
        name="how far it is",
        line="/admin broadcast",
        who=OWNER,
        given=(begun,),
        says=(TO_ALL, "under way"),
        buttons=("/admin stop {broadcast}",),
    ),
    Row(
        name="stop what goes to all",
        line="/admin stop {broadcast}",
        who=OWNER,
        given=(begun,),
        says=(TO_ALL, "stopped"),
        buttons=("/admin",),
    ),
    Row(
        name="send what was stopped",
        line="/admin send {broadcast}",
        who=OWNER,
        given=(stopped,),
        says=(TO_ALL, "stopped"),
    ),
    Row(
        name="all have it",
        line="/admin broadcast",
        who=OWNER,
        given=(sent_to_all,),
        says=(TO_ALL, "sent to all"),
        buttons=("/admin",),
    ),
    Row(
        name="throw away what was drafted",
        line="/admin drop {broadcast}",
        who=OWNER,
        given=(drafted,),
        says=("Thrown away: nobody got it.",),
        alone=True,
    ),
    Row(
        name="throw away what is on its way",
        line="/admin drop {broadcast}",
        who=OWNER,
        given=(begun,),
        says=(TO_ALL, "under way"),
    ),
    Row(
        name="stop what was not begun",
        line="/admin stop {broadcast}",
        who=OWNER,
        given=(drafted,),
        says=(TO_ALL, "not sent yet"),
    ),
    *(
        Row(
            name=f"{word} what there is none of",
            line=f"/admin {word} 999999",
            who=OWNER,
            says=("There is no such broadcast.",),
        )
        for word in ("send", "stop", "drop")
    ),
)

OTHERS = tuple(
    Row(
        name=f"admin is no command for the {role}",
        line=line,
        press=True,
        who=role,
        says=(UNKNOWN,),
    )
    for role in Role
    for line in ("/admin expel 1",)
    if role is not OWNER
)

ROWS = (*LOOK, *CHATS, *SAY, *OTHERS)
