"""Gives and takes all that a chat has as a file, and brings back the feeds that it stopped watching.

A file adds and never takes away: what the chat has stays as it is. The whole file is read before anything is done, and
each thing is done by itself after that, so that an import which was broken off is finished by running it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.errors import QueryError
from bot.feeds.opml import Opml, OpmlFeed
from bot.matching.forms import has_regex
from bot.matching.query import canonical, parse, regexes
from bot.model import (
    Chat,
    ChatId,
    ChatSettings,
    ImportedFeed,
    ImportedKeyword,
    ImportOutcome,
    ImportReport,
    Mode,
    SettingsOutcome,
    Subscription,
)
from bot.ports import ChatBook, KeywordBook, Shelf, SubscriptionBook
from bot.text.html import clean_text
from bot.work.chatfile import (
    ChatFile,
    FeedEntry,
    KeywordEntry,
    chat_file,
    kept,
    read_chat_file,
    read_settings,
    written,
    written_settings,
)
from bot.work.lists import EVERYTHING, FeedListService


class ChatFileService:
    """Implements `bot.ports.ChatFiles`. A chat gets no more than `keywords` keywords, `regexes` of them with regular
    expressions; feeds are judged by the service of lists."""

    def __init__(
        self,
        *,
        chats: ChatBook,
        subscriptions: SubscriptionBook,
        keywords: KeywordBook,
        lists: FeedListService,
        shelf: Shelf,
        most_keywords: int,
        most_regexes: int,
    ) -> None:
        self._chats = chats
        self._subscriptions = subscriptions
        self._keywords = keywords
        self._lists = lists
        self._shelf = shelf
        self._most_keywords = most_keywords
        self._most_regexes = most_regexes

    async def export_chat(self, chat: Chat, *, now: datetime) -> tuple[str, bytes]:
        """See `bot.ports.ChatFiles`."""
        feeds = await self._subscriptions.subscriptions(chat.id)
        keywords = await self._keywords.keywords(chat.id)
        return f"diting-{now:%Y-%m-%d}.json", written(chat_file(feeds, keywords, chat.settings))

    async def import_chat(self, chat: Chat, data: bytes, *, settings: bool, mode: Mode, now: datetime) -> ImportReport:
        """See `bot.ports.ChatFiles`."""
        file = await asyncio.to_thread(read_chat_file, data)
        feeds = await self._add_feeds(chat.id, file, mode=mode, now=now)
        keywords = await self._add_keywords(chat.id, file, now=now)
        outcome, changed, token = await self._settings(chat, file.settings, take=settings, now=now)
        return ImportReport(feeds=feeds, keywords=keywords, settings=outcome, changed=changed, kept=token)

    async def take_settings(self, chat: Chat, token: str, *, now: datetime) -> ImportReport | None:
        """See `bot.ports.ChatFiles`."""
        plain = await self._shelf.take(chat.id, token)
        if plain is None or not isinstance(plain.get("settings"), dict):
            return None
        outcome, changed, former = await self._settings(chat, plain["settings"], take=True, now=now)
        return ImportReport(feeds=(), settings=outcome, changed=changed, kept=former)

    async def stop_feeds(self, chat: Chat, gone: Sequence[Subscription], *, now: datetime) -> str:
        """See `bot.ports.ChatFiles`. They are kept before they go."""
        token = await self._shelf.keep(chat.id, kept(chat_file(gone)), now=now)
        for each in gone:
            await self._subscriptions.unsubscribe(chat.id, each.feed.id)
        return token

    async def bring_back(self, chat: Chat, token: str, *, now: datetime) -> ImportReport | None:
        """See `bot.ports.ChatFiles`."""
        plain = await self._shelf.take(chat.id, token)
        if plain is None or "diting" not in plain:
            return None
        file = ChatFile.model_validate(plain, strict=False)
        return ImportReport(feeds=await self._add_feeds(chat.id, file, mode=Mode.MATCHING, now=now))

    async def _add_feeds(self, chat: ChatId, file: ChatFile, *, mode: Mode, now: datetime) -> tuple[ImportedFeed, ...]:
        opml = Opml(feeds=tuple(_listed(entry, mode) for entry in file.feeds))
        done = [feed async for feed in self._lists.import_each(chat, opml, mode=Mode.MATCHING, now=now)]
        chosen = {
            feed.url: entry.choice.choice()
            for entry, feed in zip(file.feeds, done, strict=True)
            if entry.choice and feed.outcome is ImportOutcome.SUBSCRIBED
        }
        for each in await self._subscriptions.subscriptions(chat) if chosen else ():
            if choice := chosen.get(each.feed.url):
                await self._subscriptions.set_feed_choice(chat, each.feed.id, choice)
        return tuple(done)

    async def _add_keywords(self, chat: ChatId, file: ChatFile, *, now: datetime) -> tuple[ImportedKeyword, ...]:
        had = {each.canonical for each in await self._keywords.keywords(chat)}
        judge = _Judge(had, self._most_keywords, self._most_regexes)
        judged = await asyncio.to_thread(lambda: [judge.judged(entry) for entry in file.keywords])
        for entry, (each, form) in zip(file.keywords, judged, strict=True):
            if each.outcome is not ImportOutcome.SUBSCRIBED:
                continue
            keyword, _ = await self._keywords.add_keyword(chat, query=each.query, canonical=form, now=now)
            if entry.choice:
                await self._keywords.set_keyword_choice(chat, keyword.id, entry.choice.choice())
        return tuple(each for each, _ in judged)

    async def _settings(
        self, chat: Chat, plain: dict[str, Any] | None, *, take: bool, now: datetime
    ) -> tuple[SettingsOutcome, ChatSettings | None, str]:
        """What became of settings, what they are now where they changed, and the token for the button beside."""
        if plain is None:
            return SettingsOutcome.NONE, None, ""
        settings = read_settings(plain, chat.settings)
        if settings is None:
            return SettingsOutcome.REFUSED, None, ""
        if settings == chat.settings:
            return SettingsOutcome.NONE, None, ""
        shelved = written_settings(chat.settings if take else settings)
        token = await self._shelf.keep(chat.id, {"settings": shelved}, now=now)
        if not take:
            return SettingsOutcome.OFFERED, None, token
        await self._chats.save_settings(chat.id, settings)
        return SettingsOutcome.TAKEN, settings, token


class _Judge:
    """Says what is to become of the keywords of a file, one after the other."""

    def __init__(self, had: set[str], most: int, most_regexes: int) -> None:
        self._had = had
        self._most = most
        self._most_regexes = most_regexes
        self._regexes = sum(has_regex(form) for form in had)

    def judged(self, entry: KeywordEntry) -> tuple[ImportedKeyword, str]:
        """The keyword with its outcome, and its canonical form."""
        query = " ".join(entry.query.split())
        if len(self._had) >= self._most:  # no query is read for nothing, be there ten thousand
            return ImportedKeyword(query=query, outcome=ImportOutcome.OVER_LIMIT), ""
        try:
            parsed = parse(query)
        except QueryError as error:
            return ImportedKeyword(query=query, outcome=ImportOutcome.REFUSED, reason=error.problem), ""
        form, regex = canonical(parsed), any(regexes(parsed))
        if form in self._had:
            return ImportedKeyword(query=query, outcome=ImportOutcome.ALREADY), form
        if regex and self._regexes >= self._most_regexes:
            return ImportedKeyword(query=query, outcome=ImportOutcome.OVER_LIMIT), form
        self._had.add(form)
        self._regexes += regex
        return ImportedKeyword(query=query, outcome=ImportOutcome.SUBSCRIBED), form


def _listed(entry: FeedEntry, mode: Mode) -> OpmlFeed:
    """A feed as the service of lists takes it."""
    labels = (EVERYTHING,) if (entry.mode or mode) is Mode.EVERYTHING else ()
    return OpmlFeed(url=entry.url, title=clean_text(entry.title), site=entry.site, categories=labels)
