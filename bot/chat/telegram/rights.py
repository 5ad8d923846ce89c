"""What Telegram says of places, and of a person and the bot there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import structlog
from telegram import Chat, ChatMember, ChatMemberRestricted
from telegram.constants import ChatMemberStatus, ChatType

from bot.chat.lately import Lately
from bot.chat.telegram.connection import Client
from bot.chat.telegram.faults import translated
from bot.chat.telegram.updates import can_speak, is_in, kind_of
from bot.errors import DeliveryError
from bot.model import ChatAddress, Platform, Role, Standing, Surroundings

_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
_NAME = r"[A-Za-z][A-Za-z0-9_]{3,31}"
_HOST = r"(?:https?://)?(?:t|telegram)\.me/"
_PUBLIC = re.compile(rf"(?:@|{_HOST})({_NAME})(?:/(\d{{1,10}}))?(?:/\d+)?/?")
# https://core.telegram.org/api/links#private-message-links: the number without the -100 of the Bot API.
_PRIVATE = re.compile(rf"{_HOST}c/(\d{{1,15}})(?:/(\d{{1,10}}))?(?:/\d+)?/?")
_NUMBER = re.compile(r"(-\d{1,16})(?::(\d{1,10}))?")
log = structlog.get_logger("bot.telegram")


@dataclass(frozen=True, slots=True)
class _Named:
    """A chat as people name it, and the number that follows: of a topic, where the chat has topics."""

    chat: str | int
    thread: str = ""


def read_name(typed: str) -> _Named | None:
    """A `@name`, a link to a chat, topic or post, or a chat's id; None for anything else."""
    line = typed.strip()
    if found := _PRIVATE.fullmatch(line):
        return _Named(int(f"-100{found[1]}"), found[2] or "")
    if found := _PUBLIC.fullmatch(line):
        return _Named(f"@{found[1]}", found[2] or "")
    if found := _NUMBER.fullmatch(line):
        return _Named(int(found[1]), found[2] or "")
    return None


class TelegramRights:
    """Implements `bot.ports.Rights`. What Telegram said is believed for a minute."""

    def __init__(self, bot: Client, *, clock: Callable[[], float] = monotonic) -> None:
        self._bot = bot
        self._places = Lately(self._ask_place, clock=clock)
        self._members = Lately(self._ask_member, clock=clock)

    async def standing(self, person: str, address: ChatAddress) -> Standing | None:
        """See `bot.ports.Rights`. Topics are not told apart."""
        try:
            chat, me = await self._places(int(address.chat))
            member = await self._member(int(address.chat), int(person))
        except (DeliveryError, ValueError) as error:
            log.info("standing could not be looked up", chat=address.chat, error=type(error).__name__)
            return None
        own = chat.type == ChatType.PRIVATE and person == address.chat
        is_admin = own or (member is not None and member.status in _ADMINS)
        return Standing(
            address=address,
            kind=kind_of(chat),
            title=chat.effective_name or "",
            is_admin=is_admin,
            can_write=is_admin or _may_write(chat, member),
            can_post=can_speak(chat, me),
        )

    async def find(self, person: str, typed: str, here: ChatAddress) -> Standing | None:  # noqa: ARG002 - see the port
        """See `bot.ports.Rights`."""
        named = read_name(typed)
        if named is None:
            return None
        try:
            with translated():
                chat = await self._bot.chat(named.chat)
        except DeliveryError:
            return None
        if chat.type == ChatType.PRIVATE:
            return None  # nobody manages what another person is told alone
        thread = named.thread if chat.is_forum else ""
        return await self.standing(person, ChatAddress(Platform.TELEGRAM, str(chat.id), thread))

    async def role(self, address: ChatAddress, typed: str) -> Role | None:  # noqa: ARG002
        """See `bot.ports.Rights`. Telegram has no roles."""
        return None

    async def surroundings(self, address: ChatAddress) -> Surroundings:  # noqa: ARG002
        """See `bot.ports.Rights`. The topics of a chat share its id."""
        return Surroundings()

    async def _member(self, chat: int, person: int) -> ChatMember | None:
        """The person there; None where Telegram does not say, as of channels that the bot is no admin of."""
        try:
            return await self._members((chat, person))
        except DeliveryError:
            return None

    async def _ask_place(self, chat: int) -> tuple[Chat, ChatMember]:
        """A chat, and the bot there."""
        with translated():
            return await self._bot.chat(chat), await self._bot.get_chat_member(chat, self._bot.id)

    async def _ask_member(self, key: tuple[int, int]) -> ChatMember:
        with translated():
            return await self._bot.get_chat_member(*key)


def _may_write(chat: Chat, member: ChatMember | None) -> bool:
    """Whether a person who is no admin may write there: in channels nobody of them may."""
    if member is None or chat.type == ChatType.CHANNEL or not is_in(member):
        return False
    return not isinstance(member, ChatMemberRestricted) or bool(member.can_send_messages)
