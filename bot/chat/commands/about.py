"""Which item a command is about: one that a button or a link names, the alert that was replied to, or the newest."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.blocks import buttons, code, note, text
from bot.chat.commands.call import Call, Parts, number
from bot.chat.commands.look import nothing_yet
from bot.chat.render import tellings
from bot.model import Alert, Finding, ItemId, Message

_LISTED = 5


async def item_asked(parts: Parts, call: Call, asked: str, command: str) -> Finding | Message:
    """What is known of the item that `asked` means: `#` and its number, its link, or "" for the alert that was replied
    to, else the newest one. Where that is none, or one of many, the answer that says so. `command` is who asks."""
    found: Finding | None
    if asked.startswith("#"):
        found = await parts.inquiry.of_item(call.chat, ItemId(number(asked) or 0))
    elif asked:
        found = await parts.inquiry.of_link(call.chat, asked)
    elif reply := call.request.reply_to:
        if together := await parts.history.told_together(call.chat.id, message=reply):
            return _which(parts, call, together, command)
        found = await parts.inquiry.of_message(call.chat, reply)
    else:
        newest = await parts.history.latest_alerts(call.chat.id, limit=1)
        if not newest:
            return await nothing_yet(parts, call)
        found = await parts.inquiry.of_item(call.chat, newest[0].item.id)
    return found or no_alert(call, command)


def no_alert(call: Call, command: str) -> Message:
    """There is no such alert, and how to ask for one."""
    t = call.t
    how = t.spans(
        "Reply to an alert with {why}, or send {link}.", why=code(f"/{command}"), link=code(f"/{command} https://…")
    )
    return Message(
        blocks=(text(t("That is no alert of mine, or it is not kept any more.")), text(how)),
        buttons=(buttons((t("The newest alert"), f"/{command}")),),
    )


def _which(parts: Parts, call: Call, alerts: Sequence[Alert], command: str) -> Message:
    """A digest was replied to: which of its alerts is meant."""
    t = call.t
    said = t.n("That message holds {n} alert. Which one?", "That message holds {n} alerts. Which one?", len(alerts))
    how = t.spans("For any other, send its link: {link}", link=code(f"/{command} https://…"))
    listed = (buttons((headline(parts, alert, call), f"/{command} #{alert.item.id}")) for alert in alerts[:_LISTED])
    return Message(blocks=(text(said), *([note(how)] if len(alerts) > _LISTED else [])), buttons=tuple(listed))


def headline(parts: Parts, alert: Alert, call: Call) -> str:
    """The title of an alert as the chat reads it."""
    return tellings(alert, call.chat.settings, parts.wording)[0].title
