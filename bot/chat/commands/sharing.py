"""`/share` and `/copy`: what one chat listens for, handed to others by a link or a code.

A share is a copy as of now, kept under a token of 96 random bits: whoever has it can see and take what is in it, and
nothing else of the chat.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.chat.blocks import bold, buttons, code, entry, note, one_line, text, title
from bot.chat.commands.bulk import add_each
from bot.chat.commands.call import Call, Parts, first_word
from bot.chat.commands.first import first_look
from bot.chat.commands.schedule import keep_schedule
from bot.chat.commands.undo import undo_button
from bot.model import Block, ChatSettings, FoundFeed, Keyword, Message, Share, SharedFeed, Span

PREFIX = "kw_"
MOST_SHARES = 20  # of a chat
_TOKEN_BYTES = 12
_NAMED = 10
_NAME = 60
_TAKE, _STOP = "take", "stop"


async def share(parts: Parts, call: Call) -> Message:
    """Make a link to what this chat listens for: `[keywords | feeds | all]`, or `stop`, which ends all links."""
    wanted = call.arguments.casefold()
    if wanted == _STOP:
        return await _stopped(parts, call)
    content = await _content(parts, call, wanted)
    if not (content.keywords or content.feeds):
        return Message(blocks=(text(call.t("There is nothing to share here yet: no keyword, and no feed.")),))
    token = await _kept(parts, call, content)
    return Message(
        blocks=(title(_what(call, content)), *_links(call, token), *_stays(call)),
        buttons=(buttons((call.t("End all links"), f"/share {_STOP}")),),
    )


async def _content(parts: Parts, call: Call, wanted: str) -> Share:
    keywords = await parts.keywords.keywords(call.chat.id) if wanted != "feeds" else []
    watched = await parts.subscriptions.subscriptions(call.chat.id) if wanted != "keywords" else []
    feeds = (SharedFeed(url=each.feed.url, title=each.feed.title, mode=each.mode) for each in watched)
    settings = call.chat.settings if wanted == "all" else None
    return Share(keywords=tuple(each.query for each in keywords), feeds=tuple(feeds), settings=settings)


async def _kept(parts: Parts, call: Call, content: Share) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    await parts.shares.keep_share(call.chat.id, token, content, most=MOST_SHARES, now=call.now)
    return token


def _what(call: Call, content: Share) -> str:
    """What is in a share, in a few words."""
    t = call.t
    keywords, feeds = len(content.keywords), len(content.feeds)
    counted = [
        *([t.n("{n} keyword", "{n} keywords", keywords)] if keywords else []),
        *([t.n("{n} feed", "{n} feeds", feeds)] if feeds else []),
        *([t("the settings")] if content.settings else []),
    ]
    return " · ".join(counted)


def _links(call: Call, token: str) -> Iterator[Block]:
    t, request = call.t, call.request
    if request.start_link:
        link = f"{request.start_link}{PREFIX}{token}"
        yield text(t.spans("Whoever opens this link can take them: {link}", link=Span(link, url=link)))
    if request.group_link:
        link = f"{request.group_link}{PREFIX}{token}"
        yield text(t.spans("With this one, into a group: {link}", link=Span(link, url=link)))
    yield text(t.spans("In any chat with me: {command}", command=code(f"/copy {token}")))


def _stays(call: Call) -> list[Block]:
    return [note(call.t("It is a copy as of now: what you change later does not go along."))]


async def _stopped(parts: Parts, call: Call) -> Message:
    ended = await parts.shares.drop_shares(call.chat.id)
    said = call.t.n("{n} link has ended.", "{n} links have ended.", ended)
    return Message(blocks=(text(said if ended else call.t("Nothing of this chat is shared.")),))


async def copy(parts: Parts, call: Call) -> Message:
    """Bring what another chat has here: `CODE` shows it, `CODE take` takes it. Without a code, make one for this
    chat, with its settings."""
    token, rest = first_word(call.arguments)
    if not token:
        return await _code_of_this(parts, call)
    found = await parts.shares.find_share(token.removeprefix(PREFIX))
    if found is None:
        return _unknown(call)
    if rest.casefold() == _TAKE:
        return await _take(parts, call, found)
    return _shown(call, token.removeprefix(PREFIX), found)


async def _code_of_this(parts: Parts, call: Call) -> Message:
    t = call.t
    content = await _content(parts, call, "all")
    token = await _kept(parts, call, content)
    return Message(
        blocks=(
            title(t("To copy this chat: {what}", what=_what(call, content))),
            text(t.spans("In the other chat, send {command}", command=code(f"/copy {token}"))),
            *_stays(call),
        ),
        buttons=(buttons((t("End all links"), f"/share {_STOP}")),),
    )


async def offered(parts: Parts, call: Call, token: str) -> Message:
    """What a link brings here, before it is taken."""
    found = await parts.shares.find_share(token)
    return _shown(call, token, found) if found else _unknown(call)


def _unknown(call: Call) -> Message:
    t = call.t
    return Message(
        blocks=(text(t("That code is not known, or it has ended. Ask for a new one.")),),
        buttons=(buttons((t("Begin"), "/start")),),
    )


def _shown(call: Call, token: str, found: Share) -> Message:
    t = call.t
    named = (code(one_line(query, _NAME)) for query in found.keywords[:_NAMED])
    titles = (bold(one_line(feed.title or feed.url, _NAME)) for feed in found.feeds[:_NAMED])
    more = max(0, len(found.keywords) - _NAMED) + max(0, len(found.feeds) - _NAMED)
    return Message(
        blocks=(
            title(t("Shared with you: {what}", what=_what(call, found))),
            *(entry((span,)) for span in (*named, *titles)),
            *([entry(t.n("and {n} more", "and {n} more", more))] if more else []),
            *([note(t("The settings of this chat will be replaced."))] if found.settings else []),
        ),
        buttons=(buttons((t("Take them"), f"/copy {token} {_TAKE}")), buttons((t("Not now"), "/start"))),
    )


@dataclass(frozen=True, slots=True)
class _Came:
    keywords: Sequence[Keyword]
    feeds: int
    over: int


async def _take(parts: Parts, call: Call, found: Share) -> Message:
    """Take it all, as far as the chat's limits allow; one tap takes it back."""
    before = await _settings_taken(parts, call, found.settings) if found.settings else ""
    new = await parts.keywords.keywords(call.chat.id) == []
    came = await _taken(parts, call, found)
    t = call.t
    said = [
        title(t("Done")),
        *([text(t.n("{n} keyword added", "{n} keywords added", len(came.keywords)))] if came.keywords else []),
        *([text(t.n("{n} feed was added", "{n} feeds were added", came.feeds))] if came.feeds else []),
        *([text(t("The settings are those of the other chat."))] if before else []),
        *([text(t.n("{n} was one too many.", "{n} were too many.", came.over))] if came.over else []),
        *([] if came.keywords or came.feeds or came.over or before else [text(t("You had all of it already."))]),
    ]
    undo = undo_button(call, before=before) if came.keywords or came.feeds or before else ()
    if new and came.keywords:
        return await first_look(parts, call, said, undo)
    ways = buttons((t("All keywords"), "/keyword list"), (t("All feeds"), "/feeds"))
    return Message(blocks=tuple(said), buttons=(undo, ways))


async def _settings_taken(parts: Parts, call: Call, settings: ChatSettings) -> str:
    """The token under which the settings from before are kept."""
    token = await _kept(parts, call, Share(settings=call.chat.settings))
    await keep_schedule(parts, call, call.chat.settings.taking(settings))
    return token


async def _taken(parts: Parts, call: Call, found: Share) -> _Came:
    # What can't be read is of another version, which took it.
    keywords = await add_each(parts, call, found.keywords, await parts.keywords.keywords(call.chat.id))
    feeds, over_feeds = await _feeds_taken(parts, call, found.feeds)
    return _Came(keywords.added, feeds, len(keywords.over) + over_feeds)


async def _feeds_taken(parts: Parts, call: Call, feeds: Sequence[SharedFeed]) -> tuple[int, int]:
    watched = {each.feed.url for each in await parts.subscriptions.subscriptions(call.chat.id)}
    wanted = [feed for feed in feeds if feed.url not in watched]
    fitting = wanted[: max(0, parts.limits.feeds - len(watched))]
    for feed in fitting:
        found = FoundFeed(url=feed.url, title=feed.title)
        await parts.subscriptions.subscribe(call.chat.id, found, mode=feed.mode, now=call.now)
    if fitting:
        parts.bell.ring("poll")
    return len(fitting), len(wanted) - len(fitting)
