"""Takes in and gives out a chat's feeds as lists (OPML).

Feeds are subscribed as they stand in the file and first read by the next poll: hundreds take seconds, and what is
wrong with one of them is told by `/feeds` like any feed's trouble. What the chat has already is left as it is, so an
import that was broken off is finished by running it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import datetime

from bot.errors import FeedError
from bot.feeds.address import check_url
from bot.feeds.opml import Opml, OpmlFeed, read_opml, write_opml
from bot.feeds.sites import web_address
from bot.model import ChatId, FoundFeed, ImportedFeed, ImportOutcome, ImportReport, Mode, Subscription
from bot.ports import SubscriptionBook
from bot.text.html import clean_text
from bot.text.urls import canonical_url, safe_link

EVERYTHING = "/diting/everything"
"""The label of a feed whose every item a chat gets, so that a list keeps that."""


class FeedListService:
    """Implements `bot.ports.FeedLists`. A chat gets no more than `limit` feeds; `allow_hosts` as for the fetcher."""

    def __init__(
        self, subscriptions: SubscriptionBook, *, limit: int, allow_hosts: Collection[str] = (), rsshub: str = ""
    ) -> None:
        self._subscriptions = subscriptions
        self._limit = limit
        self._allow_hosts = allow_hosts
        self._rsshub = rsshub

    async def import_list(self, chat: ChatId, data: bytes, *, mode: Mode, now: datetime) -> ImportReport:
        """See `bot.ports.FeedLists`."""
        opml = await asyncio.to_thread(read_opml, data)
        done = tuple([feed async for feed in self.import_each(chat, opml, mode=mode, now=now)])
        return report_of(opml, done)

    async def import_each(self, chat: ChatId, opml: Opml, *, mode: Mode, now: datetime) -> AsyncIterator[ImportedFeed]:
        """The same, told feed by feed; each is in the database when it is told."""
        had = {canonical_url(each.feed.url) for each in await self._subscriptions.subscriptions(chat)}
        for feed in opml.feeds:
            imported = self._judged(feed, had)
            if imported.outcome is ImportOutcome.SUBSCRIBED:
                site, own = safe_link(feed.site), Mode.EVERYTHING if EVERYTHING in feed.categories else mode
                found = FoundFeed(url=imported.url, title=feed.title, site=site)
                await self._subscriptions.subscribe(chat, found, mode=own, now=now)
                had.add(canonical_url(imported.url))
            yield imported

    async def export_list(self, chat: ChatId, *, title: str, now: datetime) -> tuple[str, bytes]:
        """See `bot.ports.FeedLists`."""
        watched = await self._subscriptions.subscriptions(chat)
        return f"diting-{now:%Y-%m-%d}.opml", write_opml(title, map(_listed, watched), created=now)

    def _judged(self, feed: OpmlFeed, had: Collection[str]) -> ImportedFeed:
        """The feed with what is to become of it."""
        try:
            url = check_url(web_address(feed.url, self._rsshub), self._allow_hosts)
        except FeedError as error:
            return _imported(feed, error.url, ImportOutcome.REFUSED, error.reason)
        if canonical_url(url) in had:
            return _imported(feed, url, ImportOutcome.ALREADY)
        return _imported(feed, url, ImportOutcome.SUBSCRIBED if len(had) < self._limit else ImportOutcome.OVER_LIMIT)


def report_of(opml: Opml, feeds: tuple[ImportedFeed, ...]) -> ImportReport:
    """What became of a list."""
    return ImportReport(feeds=feeds, duplicates=opml.duplicates, damaged=opml.damaged, left_off=opml.left_off)


def _imported(feed: OpmlFeed, url: str, outcome: ImportOutcome, reason: str = "") -> ImportedFeed:
    return ImportedFeed(url=clean_text(url), title=feed.title, outcome=outcome, reason=reason)


def _listed(subscription: Subscription) -> OpmlFeed:
    feed = subscription.feed
    labels = (EVERYTHING,) if subscription.mode is Mode.EVERYTHING else ()
    return OpmlFeed(url=feed.url, title=feed.title, site=feed.site, categories=labels)
