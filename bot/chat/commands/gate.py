"""Who is let in: everybody, who has the invite code, or who is on the list.

A chat is let in once and stays so; one that was expelled comes back only by the owners. A person who is in may bring
the bot to further places: whoever has the code could say it there as well, and would only show it to others. So a
group that an admin of it, whose private chat is in, speaks from is let in; and so is each channel of a Discord server,
and each topic of a group, where one of them is.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

from bot.chat.blocks import code, note, text
from bot.chat.commands.call import Call, Places
from bot.model import EXPELLED, ChatKind, Message, Owner, Platform, Surroundings

MOST_TRIES = 5
TRIES_WITHIN = timedelta(hours=1)
_MOST_PEOPLE = 10_000  # whose wrong codes are remembered


class Access(StrEnum):
    """How strangers come in."""

    OPEN = "open"
    INVITE = "invite"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who is let in. `allowed` are ids of chats, people and Discord servers, such as `telegram:-100123`."""

    access: Access = Access.OPEN
    code: str = ""
    allowed: frozenset[str] = frozenset()
    owners: frozenset[Owner] = frozenset()


class Gate:
    """Lets calls pass, or says why not. It remembers wrong codes for an hour, and nothing else."""

    def __init__(self, policy: Policy, places: Places) -> None:
        self._policy = policy
        self._places = places
        self._tries: dict[tuple[Platform, str], deque[datetime]] = {}

    async def passed(self, call: Call, path: str, arguments: str) -> Call | Message:
        """The call of a chat that is in, or what to do to come in. `path` and `arguments` are those of the command."""
        if call.chat.admitted:
            return self._without_code(call, path, arguments)
        if await self._is_known(call):
            await self._places.book.admit(call.chat.id)
            return replace(call, chat=replace(call.chat, admitted=True))
        if not _is_expelled(call) and self._policy.access is Access.INVITE and path == "start" and arguments:
            return await self._tried(call, arguments)
        return self._refused(call)

    def _without_code(self, call: Call, path: str, arguments: str) -> Call:
        """Who follows the link of an invitation twice just starts."""
        is_code = path == "start" and bool(arguments) and self._is_code(arguments)
        return call.having("") if is_code else call

    async def _is_known(self, call: Call) -> bool:
        """Whether the chat may come in without a code."""
        if self._is_ours(call):
            return True
        if _is_expelled(call):
            return False
        if self._policy.access is Access.OPEN:
            return True
        around = await self._places.rights.surroundings(call.chat.address)
        return self._is_allowed(call, around) or await self._is_brought(call, around)

    def _is_ours(self, call: Call) -> bool:
        """Whether those who run the bot ask themselves."""
        platform, person = call.chat.address.platform, call.request.person
        return platform is Platform.CONSOLE or Owner(platform, person.id) in self._policy.owners

    def _is_allowed(self, call: Call, around: Surroundings) -> bool:
        ids = {call.chat.address.chat, around.server, *([call.request.person.id] if call.is_admin else [])}
        return any(f"{call.chat.address.platform}:{one}" in self._policy.allowed for one in ids)

    async def _is_brought(self, call: Call, around: Surroundings) -> bool:
        """Whether a neighbour is in, or the admin who speaks: on Telegram a private chat has the id of its person."""
        ids = [call.chat.address.chat, *(place.chat for place in around.places)]
        if call.is_admin and call.chat.address.platform is Platform.TELEGRAM:
            ids.append(call.request.person.id)
        return await self._places.book.admitted_among(call.chat.address.platform, ids)

    async def _tried(self, call: Call, typed: str) -> Call | Message:
        """Let a chat in by its code. Who guesses hears nothing of codes for the rest of the hour."""
        t = call.t
        if not call.is_admin:
            return Message(blocks=(text(t("Only admins of this chat can invite me here.")),), private=True)
        tries = self._recent(call)
        if len(tries) >= MOST_TRIES:
            return Message(blocks=(text(t("Too many wrong codes. Try again in an hour.")),), private=True)
        if self._is_code(typed):
            await self._places.book.admit(call.chat.id)
            return replace(call.having(""), chat=replace(call.chat, admitted=True))
        tries.append(call.now)
        return Message(
            blocks=(text(t("That is not the code.")), text(t("Ask whoever gave it to you for the right one."))),
            private=True,
        )

    def _is_code(self, typed: str) -> bool:
        wanted = self._policy.code.encode()
        return bool(wanted) and compare_digest(typed.strip().encode("utf-8", "replace"), wanted)

    def _recent(self, call: Call) -> deque[datetime]:
        if len(self._tries) > _MOST_PEOPLE:
            self._tries.clear()
        tries = self._tries.setdefault((call.chat.address.platform, call.request.person.id), deque(maxlen=MOST_TRIES))
        while tries and call.now - tries[0] >= TRIES_WITHIN:
            tries.popleft()
        return tries

    def _refused(self, call: Call) -> Message:
        t = call.t
        blocks = [text(t("This bot is private, and does not know this chat."))]
        if self._policy.access is Access.INVITE and not _is_expelled(call):
            example = code(t("/start CODE"))
            blocks.append(text(t.spans("With an invite code, send {example}.", example=example)))
        number = code(f"{call.chat.address.platform}:{call.chat.address.chat}")
        blocks.append(note(t.spans("Or ask whoever runs it to let you in, with this number: {number}", number=number)))
        return Message(blocks=tuple(blocks), private=call.request.kind is not ChatKind.PRIVATE)


def _is_expelled(call: Call) -> bool:
    return not call.chat.admitted and call.chat.reason == EXPELLED
