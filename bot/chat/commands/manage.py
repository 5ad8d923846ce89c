"""`/manage`: commands given in one chat are about another one, as a channel is managed from a private chat.

The person's rights there are asked of the platform at each command, not only when it begins.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.chat.blocks import bold, buttons, code, entry, note, one_line, rows, text, title
from bot.chat.catalogue import Catalogue
from bot.chat.commands import targets
from bot.chat.commands.call import Call, Parts, Places, first_word, number
from bot.chat.commands.rights import may_change_there
from bot.model import EXPELLED, Chat, ChatId, ChatKind, ItemId, Message, Person, Platform, Request, Span, Standing

AT_HOME = frozenset({"manage", "start"})
"""Commands that are about the chat in which they are given, whichever that manages."""

_OF_ALERTS = frozenset({"why", "full", "less"})
"""Commands that stand under alerts as buttons, or answer them."""

_OFF = frozenset({"off", "done", "stop", "關", "关"})
_HERE = frozenset({"here", "這裡", "这里"})
_OFFERED = 12  # places that the platform is asked of
_NAME = 60
_MOST_ROWS = 5  # of buttons, on Discord


def named(chat: Chat) -> Span:
    """A chat by its name."""
    return bold(one_line(chat.title, _NAME) or chat.address.chat)


async def elsewhere(parts: Parts, call: Call, path: str) -> Call | Message:
    """The call as one about the chat that its own manages, or why the person may not."""
    if call.chat.managing is None or path in AT_HOME or parts.places is None:
        return call
    if path in _OF_ALERTS and await _is_of_this_chat(parts, call):
        return call
    other = await parts.places.book.chat(call.chat.managing)
    standing = await _standing_in(parts, call, other) if other else None
    if other is None or standing is None:
        return _ended(call, call.t.spans("I am not in {place} any more.", place=named(other) if other else "…"))
    if problem := refusal(call, standing, other):
        return _ended(call, problem)
    return replace(call, request=_request_there(call.request, standing), chat=other, home=call.chat)


async def _is_of_this_chat(parts: Parts, call: Call) -> bool:
    """Whether a command is about an alert of the chat in which it is given."""
    if call.arguments.startswith("#"):
        item = ItemId(number(first_word(call.arguments)[0]) or 0)
        return await parts.inquiry.of_item(call.chat, item) is not None
    answered = "" if call.arguments else call.request.reply_to
    return bool(answered) and await parts.inquiry.of_message(call.chat, answered) is not None


def beside(message: Message, call: Call) -> Message:
    """An answer about another chat says so, with a way back."""
    if call.home is None:
        return message
    back = buttons((call.t("◀ Back to this chat"), "/manage off"))
    shown = [row for row in message.buttons if row]
    return replace(
        message,
        blocks=(text((Span("📢 "), named(call.chat))), *message.blocks),
        buttons=(*shown, back) if len(shown) < _MOST_ROWS else tuple(shown),
    )


def _request_there(request: Request, standing: Standing) -> Request:
    person = replace(request.person, can_manage=standing.is_admin, roles=standing.roles)
    return replace(
        request, address=standing.address, kind=standing.kind, title=standing.title, person=person, reply_to=""
    )


def _ended(call: Call, problem: tuple[Span, ...]) -> Message:
    back = buttons((call.t("◀ Back to this chat"), "/manage off"))
    return Message(blocks=(text(problem),), buttons=(back,), private=call.request.kind is not ChatKind.PRIVATE)


def refusal(call: Call, standing: Standing, other: Chat | None) -> tuple[Span, ...]:
    """Why a person may not change another place; empty when they may. Who has no right there learns no name of it."""
    t = call.t
    person = replace(call.request.person, can_manage=standing.is_admin, roles=standing.roles)
    allowed = standing.is_admin if other is None else may_change_there(person, standing, other.settings)
    if not allowed:
        return t.spans("You may not change that place: only its admins can, or whom they named.")
    place = bold(one_line(standing.title, _NAME))
    if not standing.can_post:
        return t.spans("I may not write in {place}. Make me an admin who may post there, then try again.", place=place)
    if other is not None and not other.admitted and other.reason == EXPELLED:
        return t.spans("Whoever runs me does not serve {place}.", place=place)
    return ()


async def find_place(parts: Parts, call: Call, typed: str) -> Chat | Message:
    """Another place by what was typed (`#id` of a chat of ours, as its platform calls it, or `here` for the private
    chat that another is managed from), let in and ready to be changed by who asks; or what is in the way."""
    t, person = call.t, call.request.person
    if parts.places is None:
        return Message(blocks=(text(t("There is no other place here.")),))
    if call.home and call.home.kind is ChatKind.PRIVATE and typed.casefold() in {*_HERE, f"#{call.home.id}"}:
        return call.home
    standing = await _standing(parts, call, typed)
    if standing is None:
        return _not_seen(call, typed)
    known = await parts.chats.find_chat(standing.address)
    if problem := refusal(call, standing, known):
        return Message(blocks=(text(problem),), private=call.request.kind is not ChatKind.PRIVATE)
    if standing.address == call.chat.address:
        return Message(blocks=(text(t("That is this chat itself.")),))
    chat = await parts.chats.open_chat(
        standing.address, kind=standing.kind, title=one_line(standing.title, 200), hint=person.locale, now=call.now
    )
    if not chat.admitted:  # who asks is in, and brings the place along
        await parts.places.book.admit(chat.id)
    return chat


async def _standing(parts: Parts, call: Call, typed: str) -> Standing | None:
    """How who asks stands in a place by what was typed."""
    if parts.places is None:
        return None
    here, asked = (call.home or call.chat).address, number(typed) if typed.startswith("#") else None
    if asked is None:
        target = await targets.find(parts, call, typed)
        return target or await parts.places.rights.find(call.request.person.id, typed, here)
    chat = await parts.places.book.chat(ChatId(asked))
    if chat is None or chat.address.platform not in {here.platform, Platform.TARGET}:
        return None
    return await _standing_in(parts, call, chat)


async def _standing_in(parts: Parts, call: Call, chat: Chat) -> Standing | None:
    """How who asks stands in a place that we know."""
    if chat.address.platform is Platform.TARGET:
        return targets.standing_in(parts, call, chat)
    return await parts.places.rights.standing(call.request.person.id, chat.address) if parts.places else None


def _not_seen(call: Call, typed: str) -> Message:
    t = call.t
    how = (
        t.spans("Add me there as an admin who may post, then name it as {example}.", example=code("@channel"))
        if call.told_on is Platform.TELEGRAM
        else t("Choose a channel that I can see and write in.")
    )
    return Message(
        blocks=(text(t.spans("I see no place called {name}.", name=code(one_line(typed, _NAME)))), text(how)),
        private=call.request.kind is not ChatKind.PRIVATE,
    )


async def manage(parts: Parts, call: Call) -> Message:
    """`/manage [place | off]`."""
    typed = call.arguments.strip()
    if problem := _not_from_here(call):
        return Message(blocks=(text(problem),), private=True)
    if parts.places is None:
        return Message(blocks=(text(call.t("There is no other place here.")),))
    if typed.casefold() in _OFF | _HERE:
        return await _end(parts.places, call)
    if not typed:
        return await _offered(parts, parts.places, call)
    chat = await find_place(parts, call, typed)
    if isinstance(chat, Message):
        return chat
    await parts.places.book.manage(call.chat.id, chat.id)
    return _begun(call.t, chat)


def _not_from_here(call: Call) -> str:
    """Why nothing is managed from this chat; empty where it may be. On Discord the staff of a server have a channel."""
    t = call.t
    if call.request.kind is not ChatKind.PRIVATE and call.chat.address.platform is not Platform.DISCORD:
        return t("Write this to me in private: there I manage your groups and channels.")
    return "" if call.is_admin else t("Only admins of this chat may do that.")


def _begun(t: Catalogue, chat: Chat) -> Message:
    return Message(
        blocks=(
            title((Span("📢 "), named(chat))),
            text(t("What you tell me here is about that place now; its alerts go there.")),
            note(t.spans("{command} ends it.", command=code("/manage off"))),
        ),
        buttons=(
            buttons((t("All feeds"), "/feeds"), (t("All keywords"), "/keyword list"), (t("Settings"), "/settings")),
            buttons((t("◀ Back to this chat"), "/manage off")),
        ),
    )


async def _end(places: Places, call: Call) -> Message:
    t, before = call.t, call.chat.managing
    await places.book.manage(call.chat.id, None)
    again = buttons((t("Undo"), f"/manage #{before}")) if before else ()
    return Message(blocks=(text(t("What you tell me here is about this chat again.")),), buttons=(again,))


async def _offered(parts: Parts, places: Places, call: Call) -> Message:
    """What is managed now, and which places could be: those that we know, where the person may."""
    t = call.t
    now = await places.book.chat(call.chat.managing) if call.chat.managing else None
    mine = await own_places(parts, call)
    blocks = [title(t("Manage another place from here"))]
    blocks += [text(t.spans("Now: {place}.", place=named(now)))] if now else []
    blocks.append(text(t("Choose one of your groups or channels; what you tell me here is about it then.")))
    blocks += [entry((named(chat),)) for chat in mine]
    blocks.append(note(_how_to_name(call)))
    choices = buttons(*((chat.title or chat.address.chat, f"/manage #{chat.id}") for chat in mine))
    back = buttons((t("◀ Back to this chat"), "/manage off")) if now else ()
    return Message(blocks=tuple(blocks), buttons=(*rows(choices, width=2, most=8), back))


async def own_places(parts: Parts, call: Call) -> list[Chat]:
    """The newest of the other places that we know and that the person may change; first those that only receive."""
    if parts.places is None:
        return []
    known = await parts.places.book.known(call.told_on, limit=_OFFERED)
    allowed = await _where_allowed(parts.places, call.request.person, known)
    return [*await targets.offered(parts, call), *(chat for chat in allowed if chat.id != call.chat.id)]


def _how_to_name(call: Call) -> tuple[Span, ...]:
    t = call.t
    if call.chat.address.platform is Platform.TELEGRAM:
        return t.spans(
            "Another one: add me there as an admin who may post, then send {example}.", example=code("/manage @channel")
        )
    return t.spans("Another one: {example} with the channel.", example=code("/manage"))


async def _where_allowed(places: Places, person: Person, known: list[Chat]) -> list[Chat]:
    """Those of the chats that a person may change, as their platform says just now."""
    standings = await asyncio.gather(*(places.rights.standing(person.id, chat.address) for chat in known))
    return [
        chat
        for chat, standing in zip(known, standings, strict=True)
        if standing
        and standing.can_post
        and may_change_there(
            replace(person, can_manage=standing.is_admin, roles=standing.roles), standing, chat.settings
        )
    ]
