"""The alert loop: new item → who asked for it → told already? → brief → deliveries.

    claim_items ─▶ StoredItem ─▶ match ─▶ Recipients ─▶ brief ─▶ match its translation ─▶ more Recipients
                                             ─▶ choose_story ─▶ AlertDecision ─▶ commit_alerts
                                                (a better brief that comes later) ─▶ improve_alerts

The items in hand are matched and briefed side by side, and further ones are claimed meanwhile. They are committed one
at a time, each as soon as its brief is there and nothing waits that came before it for one of its chats, so that what
a chat hears keeps the order of the news.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic

import structlog

from bot.errors import LeaseLost, StorageError
from bot.model import AlertDecision, Brief, ChatId, Item, ItemId, Owed, SameStory, StoredItem, StoryId, StoryKind
from bot.ports import (
    NO_SPAN,
    NO_TRACER,
    AlertStore,
    Bell,
    Briefer,
    KeywordLog,
    Meter,
    NameBook,
    PageReader,
    Span,
    Tracer,
    deliver_on,
)
from bot.stories.decide import choose_story
from bot.stories.index import StoryIndex, member_of
from bot.work.asking import Asking, Wanted
from bot.work.loop import Clock
from bot.work.recent import STORY_AGE, RecentStories

BATCH = 20
IN_HAND = 400  # items: at 40 a second, those that wait ten seconds for their briefs
GATHER = timedelta(seconds=5)  # other reports of a story come together, and one edit shows them all
AGAIN = timedelta(seconds=1)
LOOK_AGAIN = timedelta(seconds=0.2)  # for new items, while none in hand is ready
MANY = 1_000  # chats: what is for more holds up whatever comes after it, rather than be compared with it
MOST_TRIES = 5  # then it is left to its lease: the trouble may be the item's own


@dataclass(slots=True, eq=False)
class _InHand:
    """An item on its way, with what is known of it so far; `better` is a brief that came after the time for it."""

    item: StoredItem
    work: asyncio.Task[None] = field(init=False)
    span: Span = NO_SPAN
    wanted: Wanted | None = None
    chats: frozenset[ChatId] = frozenset()
    brief: Brief | None = None
    better: Brief | None = None
    decision: AlertDecision | None = None  # as it was committed
    tries: int = 0


class Alerter:
    """Turns new items into deliveries. Each is told to `heed`, also what nobody asked for.

    With `reader`, keywords find the words of whole articles where feeds give only teasers. `names` tells what a keyword
    excludes in the other language; `stories` is an empty index, made with further names if there are any; `alone` says
    that no other process tells stories.
    """

    def __init__(
        self,
        *,
        store: AlertStore,
        keywords: KeywordLog,
        briefer: Briefer,
        heed: Callable[[Item], object] = lambda _: None,
        reader: PageReader | None = None,
        names: NameBook | None = None,
        stories: StoryIndex | None = None,
        alone: bool = False,
        bell: Bell,
        meter: Meter,
        clock: Clock,
        lease: timedelta,
        tracer: Tracer = NO_TRACER,
    ) -> None:
        self._store = store
        self._asking = Asking(store=store, keywords=keywords, reader=reader, names=names)
        self._recent = RecentStories(store, STORY_AGE, stories or StoryIndex(), alone=alone)
        self._briefer = briefer
        self._heed = heed
        self._bell = bell
        self._meter = meter
        self._clock = clock
        self._lease = lease
        self._tracer = tracer
        self._line: dict[ItemId, _InHand] = {}
        self._improved: list[_InHand] = []
        self._look_again = 0.0
        self._log = structlog.get_logger("bot.alert")

    async def step(self) -> timedelta | None:
        """Take in a batch of new items, and finish those in hand that are ready.

        What trouble with the database left comes first at the next step. Raises StorageError.
        """
        await self._claim(self._clock())
        await self._improve()
        return await self._finish_ready(LOOK_AGAIN) if self._line else None

    async def drain(self) -> None:
        """Finish what is in hand, without taking in more. Raises StorageError."""
        while self._line:
            pause = await self._finish_ready(AGAIN)
            await asyncio.sleep(pause.total_seconds())

    async def cancel(self) -> None:
        """Leave what is in hand to its leases."""
        for one in self._line.values():
            one.work.cancel()
            one.span.note(outcome="left")
            one.span.end()
        await asyncio.gather(*(one.work for one in self._line.values()), return_exceptions=True)
        self._line.clear()

    async def _claim(self, now: datetime) -> None:
        limit = min(BATCH, IN_HAND - len(self._line))
        if limit <= 0 or (self._line and monotonic() < self._look_again):
            return
        items = await self._store.claim_items(now=now, limit=limit, lease=self._lease)
        pause = LOOK_AGAIN if len(items) < limit else timedelta()
        self._look_again = monotonic() + pause.total_seconds()
        if items:
            await self._asking.follow()
        for item in items:
            if item.id in self._line:
                self._line[item.id].item = item  # its lease ran out meanwhile: this is the one that counts
            else:
                self._line[item.id] = self._taken(item)

    def _taken(self, item: StoredItem) -> _InHand:
        one = _InHand(item)
        arrival = ("arrived", item.feed.id, item.seen)
        one.span = self._tracer.span("alert", follows=(arrival,), item=item.id, feed=item.feed.id)
        one.work = asyncio.create_task(self._prepare(one))
        return one

    async def _prepare(self, one: _InHand) -> None:
        """Match and brief it. Raises StorageError."""
        with one.span.at_work():
            await self._match_and_brief(one)

    async def _match_and_brief(self, one: _InHand) -> None:
        begun, item = monotonic(), one.item.id
        self._heed(one.item.item)
        with self._tracer.span("match", item=item) as span:
            one.wanted = wanted = await self._asking.wanted(one.item)
            span.note(queries=len(wanted.answered), chats=len(wanted.deliveries))
        self._meter.took("matches", timedelta(seconds=monotonic() - begun))
        one.chats = frozenset(delivery.chat for delivery in wanted.deliveries)
        if wanted.deliveries:

            def later(brief: Brief) -> None:
                one.better = brief
                if one.decision:
                    self._improved.append(one)
                    self._bell.wake("alert")

            with self._tracer.span("brief", item=item) as span:
                one.brief = await self._briefer.brief(one.item.item, wanted.sought, later)
                span.note(way=one.brief.made_by.value)

    async def _finish_ready(self, patience: timedelta) -> timedelta:
        """Finish what is ready, or becomes so within `patience`; answer how long to wait before more of it."""
        if not any(self._ready()):
            waiting = {one.work for one in self._line.values() if not one.work.done()}
            await asyncio.wait(waiting, timeout=patience.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
        for one in self._ready():
            if not await self._finished(one):
                return AGAIN
        return timedelta()

    def _ready(self) -> Iterator[_InHand]:
        """What can be finished now: all for whose chats nothing waits that came before it."""
        waiting, any_chat = set[ChatId](), False
        for one in list(self._line.values()):
            held_up = one.chats and (any_chat or not waiting.isdisjoint(one.chats))
            if one.work.done() and not held_up:
                yield one
            elif one.wanted is None or len(one.chats) > MANY:
                any_chat = True
            else:
                waiting |= one.chats

    async def _finished(self, one: _InHand) -> bool:
        """Finish it; answer whether it needs no other try soon. Raises StorageError for trouble before its brief."""
        try:
            one.work.result()
            with one.span.at_work():
                await self._commit(one)
        except LeaseLost:
            one.span.note(error="LeaseLost")
            self._log.warning("somebody else has the item", item=one.item.id)
        except StorageError as error:
            if one.wanted is None:
                one.work = asyncio.create_task(self._prepare(one))
                raise
            self._log.error("alerts could not be committed, trying again", item=one.item.id, reason=str(error))
            one.tries += 1
            if one.tries < MOST_TRIES:
                return False
            one.span.note(error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the bulkhead between one row and the rest
            # One item's bug must not stop the others: its lease runs out and it is tried again.
            event = "alerts could not be decided" if one.wanted else "item could not be matched"
            self._log.exception(event, item=one.item.id)
            one.span.note(error=type(error).__name__)
        one.span.end()
        self._line.pop(one.item.id, None)  # `cancel` may have left it to its lease meanwhile
        return True

    async def _commit(self, one: _InHand) -> None:
        wanted, now = one.wanted, self._clock()
        if wanted is None:
            raise AssertionError("finished before it was matched")
        brief = one.better or one.brief
        item = one.item.id
        with self._tracer.span("match", item=item, translated=True) as span:
            deliveries = await (await self._asking.with_translation(wanted, brief)).due_deliveries(now)
            span.note(chats=len(deliveries))
        same = await self._same_story(one.item, brief, now) if deliveries else None
        decision = AlertDecision(
            item=one.item.id,
            lease=one.item.lease,
            story=story_of(same),
            same=same,
            edit_at=now + GATHER,
            brief=brief,
            deliveries=deliveries,
        )
        with self._tracer.span("commit", item=item) as span:
            one.span.leads_to("item", item)
            owed = await self._store.commit_alerts(decision, now=now)
            span.note(due=owed.due)
        one.span.note(chats=len(deliveries), due=owed.due, way=brief.made_by.value if brief else None)
        if owed.story:
            self._recent.tell(member_of(one.item, owed.story, brief, told=now))
        self._told(one, owed)
        one.decision, one.tries = decision, 0
        if one.better and one.better is not brief:  # it came in the meantime
            self._improved.append(one)

    async def _improve(self) -> None:
        """Have alerts show the briefs that came after they were due. Raises StorageError."""
        while self._improved:
            one = self._improved[0]
            try:
                await self._show_better(one)
            except StorageError:
                one.tries += 1
                if one.tries < MOST_TRIES:
                    raise
            except Exception:  # noqa: BLE001 - the bulkhead between one row and the rest
                self._log.exception("alerts could not be improved", item=one.item.id)
            del self._improved[0]

    async def _show_better(self, one: _InHand) -> None:
        if not (one.decision and one.wanted and one.better):
            return
        now = self._clock()
        deliveries = await (await self._asking.with_translation(one.wanted, one.better)).due_deliveries(now)
        decision = replace(one.decision, brief=one.better, edit_at=now, deliveries=deliveries)
        item = one.item.id
        with self._tracer.span("improve", follows=(("item", item),), item=item, way=one.better.made_by.value) as span:
            owed = await self._store.improve_alerts(decision, now=now)
            span.note(chats=len(deliveries), due=owed.due)
        self._told(one, owed, improved=True)

    def _told(self, one: _InHand, owed: Owed, *, improved: bool = False) -> None:
        self._meter.count("alerts", "due", owed.due)
        if improved:
            self._meter.count("alerts", "improved")
        if owed.due:
            brief = one.better or one.brief
            made_by = brief.made_by if brief else ""
            self._log.info("alerts due", item=one.item.id, deliveries=owed.due, made_by=made_by)
        if improved:
            self._bell.ring("deliver")  # for the edits
        else:
            for platform in owed.platforms:
                self._bell.ring(deliver_on(platform))

    async def _same_story(self, item: StoredItem, brief: Brief | None, now: datetime) -> SameStory | None:
        with self._tracer.span("story", item=item.id) as span:
            same = choose_story(item, await self._recent.follow(now), brief)
            if same is None or not same.sure:
                return None
            span.note(like=same.item, kind=same.kind.value)
        self._log.info("story known", item=item.id, like=same.item, kind=same.kind, score=round(same.score, 2))
        return same


def story_of(same: SameStory | None) -> StoryId | None:
    """The story that needs no telling again; None for a new one, and for a development, which begins its own."""
    return same.story if same and same.kind is not StoryKind.DEVELOPMENT else None
