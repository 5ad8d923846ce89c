"""The alert loop: new item → who asked for it → told already? → brief → deliveries.

    claim_items ─▶ StoredItem ─▶ match ─▶ Recipients ─▶ brief ─▶ match its translation ─▶ more Recipients
                                             ─▶ choose_story ─▶ AlertDecision ─▶ commit_alerts

Briefs of a batch are made side by side; decisions are committed one item at a time, oldest first and each as soon as
its brief is there, so that what a chat hears keeps the order of the news.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.errors import LeaseLost, StorageError
from bot.matching.document import Document
from bot.matching.evaluate import evaluate
from bot.matching.expression import excludes
from bot.matching.index import KeywordIndex
from bot.matching.query import read
from bot.model import (
    AlertDecision,
    Brief,
    Hit,
    Item,
    ItemId,
    Mode,
    NewDelivery,
    Recipient,
    SameStory,
    StoredItem,
    StoryId,
    StoryKind,
    Why,
)
from bot.ports import AlertStore, Bell, Briefer, KeywordLog, Meter, NameBook, PageReader
from bot.stories.decide import choose_story
from bot.stories.index import StoryIndex
from bot.work.follow import follow
from bot.work.loop import Clock
from bot.work.recent import STORY_AGE, RecentStories
from bot.work.translation import asking, joined, translated_hits, translations_of, with_names

BATCH = 20
GATHER = timedelta(seconds=5)  # other reports of a story come together, and one edit shows them all
AGAIN = timedelta(seconds=1)
MOST_TRIES = 5  # then it is left to its lease: the trouble may be the item's own


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item with the deliveries it is owed. `whole` is its text as it was matched, `answered` the queries of all."""

    item: StoredItem
    whole: Item
    answered: frozenset[str]
    deliveries: tuple[NewDelivery, ...]


class Alerter:
    """Turns new items into deliveries. Holds the index of all keywords and keeps it in step with the database.

    With `reader`, keywords find the words of whole articles where feeds give only teasers. `names` tells what a keyword
    excludes in the other language; `stories` is an empty index, made with further names if there are any.
    """

    def __init__(
        self,
        *,
        store: AlertStore,
        keywords: KeywordLog,
        briefer: Briefer,
        reader: PageReader | None = None,
        names: NameBook | None = None,
        stories: StoryIndex | None = None,
        bell: Bell,
        meter: Meter,
        clock: Clock,
        lease: timedelta,
    ) -> None:
        self._store = store
        self._keywords = keywords
        self._recent = RecentStories(store, STORY_AGE, stories or StoryIndex())
        self._index = KeywordIndex()
        self._revision = 0
        self._briefer = briefer
        self._reader = reader
        self._names = names
        self._bell = bell
        self._meter = meter
        self._clock = clock
        self._lease = lease
        self._left: dict[ItemId, StoredItem] = {}
        self._left_until = clock()
        self._tries: Counter[ItemId] = Counter()
        self._log = structlog.get_logger("bot.alert")

    async def step(self) -> timedelta | None:
        """Work off one batch of new items. What trouble with the database left of it comes first at the next step."""
        await self._claim(self._clock())
        if not self._left:
            return None
        await self._follow_keywords()
        items = list(self._left.values())
        texts = await asyncio.gather(*(self._whole(item.item) for item in items))
        pairs = zip(items, texts, strict=True)
        wanted = [one for item, text in pairs if (one := await self._wanted(item, text))]
        async with asyncio.TaskGroup() as group:
            briefs = [(one, group.create_task(self._brief(one))) for one in wanted]
            for one, brief in briefs:
                if not await self._guarded(one, await brief):
                    return AGAIN
        return timedelta()

    async def _claim(self, now: datetime) -> None:
        if not self._left or now >= self._left_until:
            items = await self._store.claim_items(now=now, limit=BATCH, lease=self._lease)
            self._left = {item.id: item for item in items}
            self._left_until = now + self._lease
            self._tries.clear()

    async def _follow_keywords(self) -> None:
        revision, changes = await self._keywords.keyword_changes(after=self._revision)
        await follow(self._index, changes)
        self._revision = revision

    async def _whole(self, item: Item) -> Item:
        return await self._reader.full_text(item) if self._reader else item

    async def _wanted(self, item: StoredItem, whole: Item) -> Wanted | None:
        try:
            return await self._matched(item, whole)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - the bulkhead between one row and the rest
            # One item's bug must not stop the others: its lease runs out and it is tried again.
            self._log.exception("item could not be matched", item=item.id)
            del self._left[item.id]
            return None

    async def _matched(self, item: StoredItem, whole: Item) -> Wanted:
        document = Document(whole, item.feed)
        answered = await self._answered(document)
        recipients = await self._store.recipients(item.feed.id, sorted(answered))
        hits = [Hit(canonical=form, matched=evaluate(read(form), document) or ()) for form in _asked(recipients)]
        return Wanted(item, whole, frozenset(answered), deliveries_for(item, hits, recipients))

    async def _answered(self, document: Document) -> set[str]:
        for _ in self._index.prepare(document):
            await asyncio.sleep(0)
        return self._index.match(document)

    async def _with_translation(self, wanted: Wanted, brief: Brief | None) -> Wanted:
        """The item with what it is owed for its translation besides: that never takes away what its own words got."""
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
        return replace(wanted, deliveries=joined(wanted.deliveries, more))

    async def _brief(self, wanted: Wanted) -> Brief | None:
        return await self._briefer.brief(wanted.item.item) if wanted.deliveries else None

    async def _guarded(self, wanted: Wanted, brief: Brief | None) -> bool:
        """Commit; answer whether the item needs no other try soon."""
        item = wanted.item
        try:
            due = await self._commit(await self._with_translation(wanted, brief), brief)
        except LeaseLost:
            self._log.warning("somebody else has the item", item=item.id)
        except StorageError as error:
            self._log.error("alerts could not be committed, trying again", item=item.id, reason=str(error))
            self._tries[item.id] += 1
            if self._tries[item.id] < MOST_TRIES:
                return False
        except Exception:  # noqa: BLE001 - the bulkhead between one row and the rest
            self._log.exception("alerts could not be decided", item=item.id)
        else:
            self._meter.count("alerts", "due", due)
            if due:
                self._log.info("alerts due", item=item.id, deliveries=due, made_by=brief.made_by if brief else "")
                self._bell.ring("deliver")
        del self._left[item.id]
        return True

    async def _commit(self, wanted: Wanted, brief: Brief | None) -> int:
        item, now = wanted.item, self._clock()
        same = await self._same_story(item, brief, now) if wanted.deliveries else None
        decision = AlertDecision(
            item=item.id,
            lease=item.lease,
            story=story_of(same),
            same=same,
            edit_at=now + GATHER,
            brief=brief,
            deliveries=wanted.deliveries,
        )
        return await self._store.commit_alerts(decision, now=now)

    async def _same_story(self, item: StoredItem, brief: Brief | None, now: datetime) -> SameStory | None:
        same = choose_story(item, await self._recent.follow(now), brief)
        if same is None or not same.sure:
            return None
        self._log.info("story known", item=item.id, like=same.item, kind=same.kind, score=round(same.score, 2))
        return same


def story_of(same: SameStory | None) -> StoryId | None:
    """The story that needs no telling again; None for a new one, and for a development, which begins its own."""
    return same.story if same and same.kind is not StoryKind.DEVELOPMENT else None


def deliveries_for(item: StoredItem, hits: Sequence[Hit], recipients: Sequence[Recipient]) -> tuple[NewDelivery, ...]:
    """What an item owes to whom. Chats that subscribed after a poll had brought it are owed nothing."""
    matched = {hit.canonical: hit for hit in hits}
    return tuple(
        NewDelivery(chat=recipient.chat, why=_why(recipient, matched))
        for recipient in recipients
        if recipient.subscribed <= item.seen and (recipient.queries or recipient.mode is Mode.EVERYTHING)
    )


def _asked(recipients: Iterable[Recipient]) -> list[str]:
    """Of all queries answered, those that somebody here asked for: only these need words to show."""
    return list(dict.fromkeys(form for recipient in recipients for form, _ in recipient.queries))


def _why(recipient: Recipient, matched: dict[str, Hit]) -> tuple[Why, ...]:
    return tuple(
        Why(keyword=query, matched=matched[canonical].matched, translated=matched[canonical].translated)
        for canonical, query in recipient.queries
        if canonical in matched
    )
