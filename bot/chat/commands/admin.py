"""`/admin`: what those who run the bot see of it, and whom it serves. Nobody else is answered."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.blocks import bold, buttons, code, entry, in_place, note, one_line, text, title
from bot.chat.catalogue import Catalogue, mark
from bot.chat.commands.call import Call, Office, Parts, number, page_of
from bot.chat.explain import explain_reason
from bot.chat.render import when
from bot.model import (
    Block,
    Button,
    Chat,
    ChatAddress,
    ChatFigures,
    ChatId,
    ChatKind,
    ChatState,
    Message,
    Overview,
    Platform,
    Span,
    TroubledFeed,
)

_PAGE = 10
_NAME = 40
_KINDS = {
    ChatKind.PRIVATE: mark("private"),
    ChatKind.GROUP: mark("group"),
    ChatKind.CHANNEL: mark("channel"),
}
_STATES = {
    ChatState.ACTIVE: mark("active"),
    ChatState.PAUSED: mark("paused"),
    ChatState.BLOCKED: mark("blocked"),
    ChatState.GONE: mark("gone"),
}


async def overview(office: Office, _: Parts, call: Call) -> Message:
    """The figures of the whole bot."""
    t = call.t
    seen = await office.oversight.overview(now=call.now)
    last = when(seen.last_poll, call.chat.settings, t, now=call.now) if seen.last_poll else t("not yet")
    feeds = (
        t("{feeds} ({failing} can't be read now)", feeds=seen.feeds, failing=seen.troubled)
        if seen.troubled
        else str(seen.feeds)
    )
    lines = [
        *_by_platform(seen, t),
        *([(t("Not let in"), str(seen.outside))] if seen.outside else []),
        (t("Feeds"), feeds),
        (t("Keywords"), str(seen.keywords)),
        (t("Waiting to be sent"), str(seen.waiting)),
        (t("Last look at a feed"), last),
    ]
    listed = (entry(t.spans("{name}: {value}", name=name, value=bold(value))) for name, value in lines)
    return Message(
        blocks=(title(t("The whole bot")), *listed),
        buttons=(
            buttons((t("Chats"), "/admin chats"), (t("Feeds in trouble"), "/admin feeds")),
            (*buttons((t("Say something to all"), "/admin broadcast")), *in_place((t("Refresh"), "/admin show"))),
        ),
    )


def _by_platform(seen: Overview, t: Catalogue) -> list[tuple[str, str]]:
    """For each platform its chats, by state."""
    return [
        (
            platform.title(),
            ", ".join(f"{count} {t(_STATES[state])}" for one, state, count in seen.chats if one is platform),
        )
        for platform in Platform
        if any(one is platform for one, _, _ in seen.chats)
    ]


async def chats(office: Office, _: Parts, call: Call) -> Message:
    """All chats, a page."""
    t = call.t
    count, _listed = await office.oversight.chats(offset=0, limit=0)
    page, pages = page_of(call.arguments, count, _PAGE)
    _count, listed = await office.oversight.chats(offset=(page - 1) * _PAGE, limit=_PAGE)
    hint = t.spans(
        "{expel} serves a chat no more, {admit} lets it in, {pause} stops its alerts.",
        expel=code("/admin expel 12"),
        admit=code("/admin admit 12"),
        pause=code("/admin pause 12"),
    )
    return Message(
        blocks=(
            title(t.n("{n} chat", "{n} chats", count)),
            *(entry(_chat_line(each, t)) for each in listed),
            note(hint),
        ),
        buttons=(_turns(t, "/admin chats", page, pages), in_place((t("◀ The whole bot"), "/admin show"))),
    )


def _chat_line(each: ChatFigures, t: Catalogue) -> tuple[Span, ...]:
    chat = each.chat
    state = t(_STATES[chat.state]) if chat.admitted else t("not let in")
    feeds, keywords = t.n("{n} feed", "{n} feeds", each.feeds), t.n("{n} keyword", "{n} keywords", each.keywords)
    place = f"{chat.address.platform.title()}, {t(_KINDS[chat.kind])}"
    return (Span(f"{chat.id}. "), _name(chat), Span(f" · {place} · {state} · {feeds} · {keywords}"))


def _name(chat: Chat) -> Span:
    return bold(one_line(chat.title, _NAME) or chat.address.chat)


def _turns(t: Catalogue, line: str, page: int, pages: int) -> tuple[Button, ...]:
    back = [(t("Back"), f"{line} {page - 1}")] if page > 1 else []
    more = [(t("More"), f"{line} {page + 1}")] if page < pages else []
    return in_place(*back, *more)


async def feeds(office: Office, _: Parts, call: Call) -> Message:
    """The feeds that can't be read, a page."""
    t = call.t
    count, _listed = await office.oversight.troubled(offset=0, limit=0)
    page, pages = page_of(call.arguments, count, _PAGE)
    _count, listed = await office.oversight.troubled(offset=(page - 1) * _PAGE, limit=_PAGE)
    blocks = _feed_lines(listed, call) if listed else [text(t("Every feed can be read."))]
    heading = title(t.n("{n} feed in trouble", "{n} feeds in trouble", count))
    back = in_place((t("◀ The whole bot"), "/admin show"))
    return Message(blocks=(heading, *blocks), buttons=(_turns(t, "/admin feeds", page, pages), back))


def _feed_lines(listed: Sequence[TroubledFeed], call: Call) -> list[Block]:
    t = call.t
    lines: list[Block] = []
    for each in listed:
        name = bold(one_line(each.feed.title or each.feed.url, _NAME))
        since = when(each.polled, call.chat.settings, t, now=call.now) if each.polled else t("never")
        read = t("last read: {time}", time=since)
        taken = t.n("{n} chat", "{n} chats", each.chats)
        reason = explain_reason(each.error, t)
        lines.append(entry((name, Span(f" · {reason} · {read} · {taken}"))))
        lines.append(note((code(one_line(each.feed.url, 120)),)))
    return lines


async def admit(_: Office, parts: Parts, call: Call) -> Message:
    """Let a chat in."""
    t = call.t
    chat = await _chosen(parts, call)
    if chat is None or parts.places is None:
        return _no_such_chat(t)
    new = await parts.places.book.admit(chat.id)
    said = t.spans("{chat} is let in.", chat=_name(chat)) if new else t.spans("{chat} is in already.", chat=_name(chat))
    return Message(blocks=(text(said),), buttons=(buttons((t("Undo"), f"/admin expel {chat.id}")) if new else (),))


async def expel(_: Office, parts: Parts, call: Call) -> Message:
    """Serve a chat no more."""
    t = call.t
    chat = await _chosen(parts, call)
    if chat is None or parts.places is None:
        return _no_such_chat(t)
    if chat.id == call.chat.id:
        return Message(blocks=(text(t("That is this chat itself.")),))
    gone = await parts.places.book.expel(chat.id, now=call.now)
    said = (
        t.spans("{chat} gets nothing any more. Its feeds and keywords are kept.", chat=_name(chat))
        if gone
        else t.spans("{chat} is not in.", chat=_name(chat))
    )
    return Message(blocks=(text(said),), buttons=(buttons((t("Undo"), f"/admin admit {chat.id}")) if gone else (),))


async def pause(_: Office, parts: Parts, call: Call) -> Message:
    """Stop the alerts of a chat."""
    return await _set_paused(parts, call, paused=True)


async def resume(_: Office, parts: Parts, call: Call) -> Message:
    """Start the alerts of a chat again."""
    return await _set_paused(parts, call, paused=False)


async def _set_paused(parts: Parts, call: Call, *, paused: bool) -> Message:
    t = call.t
    chat = await _chosen(parts, call)
    if chat is None:
        return _no_such_chat(t)
    if chat.state not in {ChatState.ACTIVE, ChatState.PAUSED}:
        return Message(blocks=(text(t.spans("{chat} takes no messages now.", chat=_name(chat))),))
    await parts.chats.set_paused(chat.id, paused=paused)
    said = (
        t.spans("The alerts of {chat} are paused.", chat=_name(chat))
        if paused
        else t.spans("The alerts of {chat} are running.", chat=_name(chat))
    )
    undo = (t("Undo"), f"/admin {'resume' if paused else 'pause'} {chat.id}")
    changed = paused is not (chat.state is ChatState.PAUSED)
    return Message(blocks=(text(said),), buttons=(buttons(undo) if changed else (),))


async def _chosen(parts: Parts, call: Call) -> Chat | None:
    """A chat by its number here, or by its platform's (`telegram:-100123`), which the refused are told."""
    typed = call.arguments.strip()
    platform, _, place = typed.partition(":")
    if place and platform in set(Platform):
        return await parts.chats.find_chat(ChatAddress(Platform(platform), place))
    asked = number(typed)
    return await parts.places.book.chat(ChatId(asked)) if parts.places and asked else None


def _no_such_chat(t: Catalogue) -> Message:
    said = t.spans("Which chat? {chats} shows their numbers.", chats=code("/admin chats"))
    return Message(blocks=(text(said),), buttons=(buttons((t("Chats"), "/admin chats")),))
