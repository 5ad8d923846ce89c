"""The answer to a text that is no command: what was probably meant."""

from __future__ import annotations

import re

from bot.chat.blocks import buttons, code, text
from bot.chat.commands.call import Call, Parts
from bot.chat.commands.keywords import add
from bot.model import ChatKind, Message

_ADDRESS = re.compile(r"(https?://\S+|[\w-]+(\.[\w-]+)+(/\S*)?)", re.IGNORECASE)


async def no_command(parts: Parts, call: Call) -> Message:
    """What was probably meant, as buttons. Who has chosen feeds and no word yet was just asked for words: those are
    added at once."""
    t, said = call.t, call.arguments
    named = any(each.name.casefold() == said.casefold() for each in parts.finder.catalogue())
    if named or _ADDRESS.fullmatch(said):
        label = t("Watch this feed") if named else t("Watch this address")
        offers = buttons((label, f"/subscribe {said}"))
        instead = code("/subscribe")
    elif said and await _is_asked_for_words(parts, call):
        return await add(parts, call)
    else:
        offers = buttons((t("Add as a keyword"), f"/keyword add {said}"), (t("Test it first"), f"/keyword test {said}"))
        instead = code("/keyword add")
    blocks = (
        text(t("I understand commands. Did you mean one of these?"))
        if said and offers
        else text(t.spans("I understand commands. Put {command} before it.", command=instead)),
    )
    return Message(blocks=blocks, buttons=(offers if said else (), buttons((t("All commands"), "/help"))))


async def _is_asked_for_words(parts: Parts, call: Call) -> bool:
    if call.request.kind is not ChatKind.PRIVATE or await parts.keywords.keywords(call.chat.id):
        return False
    return bool(await parts.subscriptions.subscriptions(call.chat.id))
