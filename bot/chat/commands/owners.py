"""`/admin` with its subcommands, for those who run the bot alone; to everybody else it is no command."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.commands import admin, broadcast
from bot.chat.commands.call import Call, Office, OwnerHandler, Parts, first_word
from bot.model import ChatKind, Message, Owner

OWNER_HANDLERS: Mapping[str, OwnerHandler] = {
    "show": admin.overview,
    "chats": admin.chats,
    "feeds": admin.feeds,
    "broadcast": broadcast.broadcast,
    "send": broadcast.send,
    "stop": broadcast.stop,
    "drop": broadcast.drop,
    "admit": admin.admit,
    "expel": admin.expel,
    "pause": admin.pause,
    "resume": admin.resume,
}
"""Who answers which subcommand of `/admin`."""


def are_asked(office: Office, call: Call) -> bool:
    """Whether the command is theirs: given by one of them, where nobody else reads the answer."""
    request = call.request
    if request.command.strip().lstrip("/").casefold() != "admin":
        return False
    return request.kind is ChatKind.PRIVATE and Owner(request.address.platform, request.person.id) in office.owners


async def answer(office: Office, parts: Parts, call: Call) -> Message:
    """The answer to an owner."""
    word, rest = first_word(call.arguments)
    handler = OWNER_HANDLERS.get(word.casefold(), admin.overview)
    return await handler(office, parts, call.having(rest))
