"""Places that only receive, seen from where they are managed: the private chats of those who run the bot."""

from __future__ import annotations

from bot.chat.commands.call import Call, Parts
from bot.model import NO_TARGET, Chat, ChatAddress, ChatKind, ChatState, Owner, Platform, Standing

_MOST = 50  # that are offered


def may_manage(parts: Parts, call: Call) -> bool:
    """Whether whoever asks may manage them: one of those who run the bot, where nobody else reads the answer."""
    home = call.home or call.chat
    owners = parts.office.owners if parts.office else frozenset()
    return home.kind is ChatKind.PRIVATE and Owner(home.address.platform, call.request.person.id) in owners


def standing_in(parts: Parts, call: Call, chat: Chat) -> Standing | None:
    """How whoever asks stands in one of them; None for who must not know of it, and where it is none any more."""
    if not may_manage(parts, call) or (chat.state is ChatState.GONE and chat.reason == NO_TARGET):
        return None
    return Standing(
        address=chat.address, kind=chat.kind, title=chat.title, is_admin=True, can_write=False, can_post=True
    )


async def find(parts: Parts, call: Call, typed: str) -> Standing | None:
    """One of them by its name."""
    if not may_manage(parts, call):
        return None
    chat = await parts.chats.find_chat(ChatAddress(Platform.TARGET, typed.casefold()))
    return standing_in(parts, call, chat) if chat else None


async def offered(parts: Parts, call: Call) -> list[Chat]:
    """Those that can be managed, by name."""
    if parts.places is None or not may_manage(parts, call):
        return []
    known = await parts.places.book.known(Platform.TARGET, limit=_MOST)
    return sorted((chat for chat in known if chat.id != call.chat.id), key=lambda chat: chat.title)
