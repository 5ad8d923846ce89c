"""`/start`."""

from __future__ import annotations

from bot.chat.blocks import title
from bot.chat.commands.call import Call, Parts
from bot.chat.commands.first import first_look, topics_page, words_page
from bot.chat.commands.sharing import PREFIX, offered
from bot.model import Message


async def start(parts: Parts, call: Call) -> Message:
    """The first minute: topics, then `words`; `look` shows what they would have brought, `kw_…` what was shared."""
    token = call.arguments.removeprefix(PREFIX)
    if token != call.arguments:
        return await offered(parts, call, token)
    if call.arguments == "words":
        return await words_page(parts, call)
    if call.arguments == "look":
        return await first_look(parts, call, [title(call.t("What would have come"))])
    return await topics_page(parts, call)
