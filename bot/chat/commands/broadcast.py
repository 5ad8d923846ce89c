"""`/admin broadcast`: a text for all chats is looked at first, sent with a button, and can be stopped."""

from __future__ import annotations

from bot.chat.blocks import bold, buttons, code, entry, in_place, note, one_line, text, title
from bot.chat.catalogue import Catalogue, mark
from bot.chat.clip import utf16_len
from bot.chat.commands.call import Call, Office, Parts, number
from bot.chat.notices import announcement_message
from bot.chat.render import when
from bot.model import Announcement, Broadcast, BroadcastId, BroadcastState, Message

LONGEST = 2500  # UTF-16 units: with the heading it fits one message everywhere
_FIRST = 60
_SAID = {
    BroadcastState.DRAFT: mark("not sent yet"),
    BroadcastState.SENDING: mark("under way"),
    BroadcastState.DONE: mark("sent to all"),
    BroadcastState.STOPPED: mark("stopped"),
}


async def broadcast(office: Office, _: Parts, call: Call) -> Message:
    """With a text: how it will look, and a button that sends it. Without: how far the last one is."""
    t, said = call.t, call.arguments.strip()
    if not said:
        latest = await office.broadcasts.latest()
        return _progress(call, latest) if latest else _how(t)
    if utf16_len(said) > LONGEST:
        long = t("That is too long: a message to all has at most {most} characters.", most=LONGEST)
        return Message(blocks=(text(long),))
    chats = await office.broadcasts.reach()
    if not chats:
        return Message(blocks=(text(t("There is no chat that it could go to.")),))
    draft = await office.broadcasts.draft(said, author=call.chat.address, now=call.now)
    shown = announcement_message(Announcement(text=draft.text), t)
    return Message(
        blocks=(*shown.blocks, note(t("This is how it will look. Chats that are paused do not get it."))),
        buttons=(
            in_place((t.n("Send to {n} chat", "Send to {n} chats", chats), f"/admin send {draft.id}")),
            in_place((t("Throw away"), f"/admin drop {draft.id}")),
        ),
    )


def _how(t: Catalogue) -> Message:
    example = code("/admin broadcast …")
    return Message(blocks=(text(t.spans("Send {example} with what you have to say to all chats.", example=example)),))


async def send(office: Office, parts: Parts, call: Call) -> Message:
    """Begin to send a draft."""
    chosen = _number(call)
    if not await office.broadcasts.begin(chosen):
        return await _shown(office, call, chosen)
    parts.bell.ring("broadcast")
    return await _shown(office, call, chosen)


async def stop(office: Office, _: Parts, call: Call) -> Message:
    """Send no more of it."""
    chosen = _number(call)
    await office.broadcasts.stop(chosen, now=call.now)
    return await _shown(office, call, chosen)


async def drop(office: Office, _: Parts, call: Call) -> Message:
    """Throw a draft away."""
    chosen = _number(call)
    if not await office.broadcasts.drop(chosen):
        return await _shown(office, call, chosen)
    return Message(blocks=(text(call.t("Thrown away: nobody got it.")),))


def _number(call: Call) -> BroadcastId:
    return BroadcastId(number(call.arguments) or 0)


async def _shown(office: Office, call: Call, chosen: BroadcastId) -> Message:
    found = await office.broadcasts.broadcast(chosen)
    return _progress(call, found) if found else Message(blocks=(text(call.t("There is no such broadcast.")),))


def _progress(call: Call, shown: Broadcast) -> Message:
    t = call.t
    lines = ((t("Sent"), shown.sent), (t("Not delivered"), shown.failed), (t("Still to go"), shown.left))
    first = shown.text.split("\n", 1)[0]
    begun = when(shown.created, call.chat.settings, t, now=call.now)
    under_way = shown.state is BroadcastState.SENDING or (shown.state is BroadcastState.DONE and shown.left)
    state = BroadcastState.SENDING if under_way else shown.state
    row = [(t("Refresh"), "/admin broadcast")] if under_way else []
    row += [(t("Stop"), f"/admin stop {shown.id}")] if under_way else []
    return Message(
        blocks=(
            title(t("Message to all chats: {state}", state=t(_SAID[state]))),
            *(entry(t.spans("{name}: {value}", name=name, value=bold(str(count)))) for name, count in lines),
            note(f"{one_line(first, _FIRST)} · {begun}"),
        ),
        buttons=(in_place(*row), buttons((t("The whole bot"), "/admin"))),
    )
