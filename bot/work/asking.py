"""Who asked for an item: its own words are matched, and later those of its translation.

StoredItem ─▶ its page, for a teaser ─▶ index ─▶ recipients ─▶ Wanted ─▶ (brief) ─▶ more recipients ─▶ Wanted

When each chat wants it is known by then, too; when it is due is decided at the last moment, by `due_deliveries`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.chat.schedule import planned
from bot.matching.document import Document
from bot.matching.evaluate import evaluate
from bot.matching.expression import excludes
from bot.matching.index import KeywordIndex
from bot.matching.query import read
from bot.model import Brief, ChatId, Hit, Item, Mode, NewDelivery, Recipient, StoredItem, Why, Wishes
from bot.ports import AlertStore, KeywordLog, NameBook, PageReader
from bot.work.follow import follow
from bot.work.translation import asking, joined, translated_hits, translations_of, with_names

AT_A_TIME = 200  # deliveries


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item with the deliveries it is owed. `whole` is its text as it was matched, `answered` the queries of all;
    `wishes` are those of the chats that do not want all at once."""

    item: StoredItem
    whole: Item
    answered: frozenset[str]
    deliveries: tuple[NewDelivery, ...]
    wishes: Mapping[ChatId, Wishes] = field(default_factory=dict)

    @property
    def sought(self) -> tuple[str, ...]:
        """The words of the item that somebody asked for."""
        return tuple(dict.fromkeys(word for one in self.deliveries for why in one.why for word in why.matched))

    async def due_deliveries(self, now: datetime) -> tuple[NewDelivery, ...]:
        """The deliveries of an alert that is made now. They may be fifty thousand: others have their turn meanwhile."""
        if not self.wishes:
            return self.deliveries
        due: list[NewDelivery] = []
        for delivery in self.deliveries:
            due.append(planned(delivery, self.wishes.get(delivery.chat), now))
            if len(due) % AT_A_TIME == 0:
                await asyncio.sleep(0)
        return tuple(due)


class Asking:
    """Holds the index of all keywords and keeps it in step with the database.

    With `reader`, keywords find the words of whole articles where feeds give only teasers. `names` tells what a keyword
    excludes in the other language.
    """

    def __init__(
        self,
        *,
        store: AlertStore,
        keywords: KeywordLog,
        reader: PageReader | None = None,
        names: NameBook | None = None,
    ) -> None:
        self._store = store
        self._keywords = keywords
        self._reader = reader
        self._names = names
        self._index = KeywordIndex()
        self._revision = 0
        self._alone = asyncio.Lock()  # the index learns while it prepares: one document at a time

    async def follow(self) -> None:
        """Take over what changed in people's keywords. Raises StorageError."""
        revision, changes = await self._keywords.keyword_changes(after=self._revision)
        async with self._alone:
            await follow(self._index, changes)
        self._revision = revision

    async def wanted(self, item: StoredItem) -> Wanted:
        """What chats are owed for an item by its own words. Raises StorageError."""
        whole = await self._reader.full_text(item.item) if self._reader else item.item
        document = Document(whole, item.feed)
        answered = await self._answered(document)
        recipients = await self._store.recipients(item.feed.id, sorted(answered))
        hits = [Hit(canonical=form, matched=evaluate(read(form), document) or ()) for form in _asked(recipients)]
        return Wanted(item, whole, frozenset(answered), deliveries_for(item, hits, recipients), _wishes(recipients))

    async def with_translation(self, wanted: Wanted, brief: Brief | None) -> Wanted:
        """The item with what it is owed for its translation besides: that never takes away what its own words got.

        Raises StorageError.
        """
        feed, translations = wanted.item.feed, translations_of(wanted.whole, brief)
        if not translations:
            return wanted
        document = Document(wanted.whole, feed, translations)
        answered = await self._answered(document) - wanted.answered
        recipients = await self._store.recipients(feed.id, sorted(answered)) if answered else []
        forms = _asked(recipients)
        named = document
        if self._names and any(excludes(read(form)) for form in forms):
            named = await asyncio.to_thread(with_names, wanted.whole, feed, translations, self._names)
        hits = translated_hits(forms, document, named)
        more = deliveries_for(wanted.item, hits, asking(recipients, hits))
        return replace(wanted, deliveries=joined(wanted.deliveries, more), wishes=_both(wanted.wishes, recipients))

    async def _answered(self, document: Document) -> set[str]:
        async with self._alone:
            for _ in self._index.prepare(document):
                await asyncio.sleep(0)
            return self._index.match(document)


def deliveries_for(item: StoredItem, hits: Sequence[Hit], recipients: Sequence[Recipient]) -> tuple[NewDelivery, ...]:
    """What an item owes to whom. Chats that subscribed after a poll had brought it are owed nothing."""
    matched = {hit.canonical: hit for hit in hits}
    return tuple(
        NewDelivery(chat=recipient.chat, why=_why(recipient, matched))
        for recipient in recipients
        if recipient.subscribed <= item.seen and (recipient.queries or recipient.mode is Mode.EVERYTHING)
    )


def _wishes(recipients: Iterable[Recipient]) -> dict[ChatId, Wishes]:
    return {each.chat: each.wishes for each in recipients if each.wishes}


def _both(wishes: Mapping[ChatId, Wishes], recipients: Iterable[Recipient]) -> dict[ChatId, Wishes]:
    """The wishes of a chat for its queries that the item's own words answer, and for those that its translation
    does."""
    more = _wishes(recipients)
    for chat, earlier in wishes.items():
        later = more.get(chat, earlier)
        more[chat] = replace(later, keywords=tuple(dict((*earlier.keywords, *later.keywords)).items()))
    return more


def _asked(recipients: Iterable[Recipient]) -> list[str]:
    """Of all queries answered, those that somebody here asked for: only these need words to show."""
    return list(dict.fromkeys(form for recipient in recipients for form, _ in recipient.queries))


def _why(recipient: Recipient, matched: dict[str, Hit]) -> tuple[Why, ...]:
    return tuple(
        Why(keyword=query, matched=matched[canonical].matched, translated=matched[canonical].translated)
        for canonical, query in recipient.queries
        if canonical in matched
    )
