"""Finds out for a chat why an item came to it, or why it did not.

link ─▶ the item's key ─▶ find_link ─▶ trail ─▶ finding_of ─▶ Finding
message of an alert ─▶ find_message ─┘
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.feeds.identity import link_key
from bot.model import CatalogueEntry, Chat, End, Finding, ItemId, LinkTrace, Subscription
from bot.ports import KeywordBook, SubscriptionBook, Trails
from bot.text.urls import canonical_url, safe_link
from bot.work.why import farthest, finding_of

# Labels that a site's pages and its feeds do not share.
_LABELS = frozenset({"www", "m", "amp", "mobile", "feed", "feeds", "rss", "api", "news"})
_FEWEST_LABELS = 2


class InquiryService:
    """Answers `/why`. With `paged`, items are matched by their whole pages, of which nothing is kept."""

    def __init__(
        self,
        *,
        trails: Trails,
        subscriptions: SubscriptionBook,
        keywords: KeywordBook,
        catalogue: Sequence[CatalogueEntry],
        paged: bool = False,
    ) -> None:
        self._trails = trails
        self._subscriptions = subscriptions
        self._keywords = keywords
        self._public = tuple(entry.url for entry in catalogue)
        self._paged = paged

    async def of_link(self, chat: Chat, link: str) -> Finding:
        """See `bot.ports.Inquiry`."""
        url = _web_address(link)
        if not url:
            return Finding(end=End.NO_LINK, link=link)
        trace = await self._trails.find_link(chat.id, url, key=link_key(url), public=self._public)
        findings = [await self.of_item(chat, item) for item in trace.items]
        found = farthest(finding for finding in findings if finding)
        return found or await self._not_there(chat, url, trace)

    async def of_item(self, chat: Chat, item: ItemId) -> Finding | None:
        """See `bot.ports.Inquiry`."""
        trail = await self._trails.trail(chat.id, item)
        if trail is None:
            return None
        keywords = await self._keywords.keywords(chat.id)
        # Off the loop: hundreds of keywords are taken apart.
        return await asyncio.to_thread(finding_of, trail, chat.state, keywords, paged=self._paged)

    async def of_message(self, chat: Chat, message: str) -> Finding | None:
        """See `bot.ports.Inquiry`."""
        item = await self._trails.find_message(chat.id, message)
        return None if item is None else await self.of_item(chat, item)

    async def _not_there(self, chat: Chat, url: str, trace: LinkTrace) -> Finding:
        """There is no item at the link."""
        if trace.removed:
            return Finding(end=End.REMOVED, link=url, feed=trace.removed[0])
        if trace.elsewhere:
            return Finding(end=End.ELSEWHERE, link=url, feed=trace.elsewhere[0])
        watched = await self._subscriptions.subscriptions(chat.id)
        return Finding(end=End.UNSEEN, link=url, watched=tuple(one for one in watched if _is_of_site(one, url)))


def _web_address(typed: str) -> str:
    """The address in what was typed, perhaps without its scheme or among other words; "" where there is none."""
    words = typed.split()
    alone = words[0] if len(words) == 1 else ""
    text = next((word for word in words if "://" in word), alone).strip("<>")
    link = safe_link(text if "://" in text else f"https://{text}")
    return link if "." in (urlsplit(link).hostname or "") else ""


def _is_of_site(subscription: Subscription, url: str) -> bool:
    """Whether a feed, or the site that it names, is of the same site as a page."""
    page = _site(url)
    sites = [_site(address) for address in (subscription.feed.url, subscription.feed.site) if address]
    return any(site == page or site.endswith(f".{page}") or page.endswith(f".{site}") for site in sites if site)


def _site(url: str) -> str:
    """The host of an address without such labels as tell its pages from its feeds."""
    labels = (urlsplit(canonical_url(safe_link(url))).hostname or "").split(".")
    while len(labels) > _FEWEST_LABELS and labels[0] in _LABELS:
        labels = labels[1:]
    return ".".join(labels)
