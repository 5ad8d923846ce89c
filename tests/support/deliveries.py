"""Deliveries, an Outbox and a Messenger in memory, and a deliverer on them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.chat.wording import CHARACTERS
from bot.errors import (
    StorageError,
)
from bot.model import (
    Alert,
    Brief,
    Chat,
    ChatAddress,
    ChatId,
    ChatKind,
    DeliveryDue,
    DeliveryId,
    FeedId,
    FeedRef,
    Item,
    ItemId,
    MadeBy,
    Platform,
    StoredItem,
    Why,
)
from bot.web.metrics import PrometheusMeter
from bot.work.deliver import Deliverer
from bot.work.pace import Limits, Pacer
from tests.support.fakes import plain

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


def delivery(number: int, chat: int = 1, attempts: int = 0, created: datetime = NOW) -> DeliveryDue:
    item = Item(guid=str(number), url=f"https://example.org/{number}", title=f"News {number}", published=NOW)
    stored = StoredItem(
        id=ItemId(number), feed=FeedRef(id=FeedId(1), url="https://example.org/f", title="F"), item=item, seen=NOW
    )
    brief = Brief(
        title_zh=f"新聞{number}", title_en=f"News {number}", summary_zh="", summary_en="", made_by=MadeBy.FEED
    )
    return DeliveryDue(
        id=DeliveryId(number),
        key=f"key{number}",
        lease="lease",
        attempts=attempts,
        chat=Chat(id=ChatId(chat), address=ChatAddress(Platform.TELEGRAM, str(chat)), kind=ChatKind.PRIVATE),
        content=Alert(item=stored, brief=brief, why=(Why(keyword="news", matched=("News",)),)),
        created=created,
    )


class FakeOutbox:
    """Hands out what it was given, and writes down what becomes of it."""

    def __init__(self, *due: DeliveryDue) -> None:
        self.due = list(due)
        self.edits: list[DeliveryDue] = []
        self.since: list[timedelta] = []
        self.outcomes: list[tuple] = []
        self.skipped: list[set[int]] = []
        self.prolonged: list[tuple[list[int], timedelta]] = []
        self.released: list[int] = []
        self.waiting: dict[ChatId, datetime] = {}
        self.broken = False
        self.lately: dict[str, list[datetime]] = {}

    async def claim_deliveries(self, *, platforms, now, limit, lease, skip=()):
        self.skipped.append(set(skip))
        taken, self.due = self.due[:limit], self.due[limit:]
        return taken

    async def claim_edits(self, *, platforms, now, since, limit, lease, skip=()):
        self.since.append(now - since)
        taken, self.edits = self.edits[:limit], self.edits[limit:]
        return taken

    async def sent_lately(self, platform, chats, *, since):
        return {chat: [when for when in self.lately.get(chat, []) if when > since] for chat in chats}

    async def prolong_deliveries(self, due, *, until):
        self.prolonged.append(([one.id for one in due], until - NOW))

    async def release_deliveries(self, due):
        self.released += [one.id for one in due]
        self.waiting |= {one.chat.id: NOW for one in due}

    async def _note(self, *outcome) -> None:
        if self.broken:
            raise StorageError("disk full")
        self.outcomes.append(outcome)

    async def next_due(self, chats):
        return {chat: self.waiting[chat] for chat in chats if chat in self.waiting}

    async def delivery_sent(self, due, *, message, now):
        await self._note("sent", due.id, message)
        return due.chat.id in self.waiting

    async def delivery_retry(self, due, *, at, reason, counted=True):
        self.waiting[due.chat.id] = at
        await self._note("retry", due.id, at - NOW, reason, counted)

    async def delivery_failed(self, due, *, reason, now):
        await self._note("failed", due.id, reason)

    async def digest_refused(self, due, *, reason, now):
        await self._note("taken apart", due.id, reason)

    async def edit_done(self, due):
        await self._note("edited", due.id)

    async def edit_retry(self, due, *, at, counted=True):
        await self._note("edit again", due.id, at - NOW, counted)

    async def stop_chat(self, chat, *, state, reason, now):
        await self._note("stopped", chat, state, reason)

    async def warn_managers(self, chat, managers, *, reason, now):
        await self._note("warned", chat.id, list(managers), reason)
        return len(managers)

    async def move_chat(self, address, *, to):
        await self._note("moved", address.chat, to)


class FakeMessenger:
    """Takes messages, or raises what it was told to for a chat."""

    platform = Platform.TELEGRAM

    def __init__(self, faults: dict[str, Exception] | None = None) -> None:
        self.faults = faults or {}
        self.sent: list[tuple[str, str]] = []
        self.replies: list[str] = []
        self.edited: list[tuple[str, str, str]] = []
        self.stuck: dict[str, asyncio.Event] = {}

    async def send(self, address, message, *, key, reply_to=""):
        if address.chat in self.stuck:
            await self.stuck[address.chat].wait()
        if fault := self.faults.get(address.chat):
            raise fault
        self.sent.append((address.chat, key))
        self.replies.append(reply_to)
        return f"m-{key}"

    async def edit(self, address, message_id, message):
        if fault := self.faults.get(address.chat):
            raise fault
        self.edited.append((address.chat, message_id, plain(message)))


def deliverer(
    outbox,
    messenger,
    *,
    patience=timedelta(seconds=1),
    limits=None,
    pacer=None,
    clock=lambda: NOW,
    record_backoff=timedelta(),
    wording=CHARACTERS,
    watch=None,
) -> Deliverer:
    return Deliverer(
        outbox=outbox,
        messenger=messenger,
        pacer=pacer or Pacer(limits or Limits(per_second=10_000_000)),
        meter=PrometheusMeter(),
        clock=clock,
        lease=timedelta(minutes=1),
        patience=patience,
        wording=wording,
        record_backoff=record_backoff,
        watch=watch,
    )


async def outcome_of(fault: Exception, due: DeliveryDue | None = None) -> list[tuple]:
    outbox = FakeOutbox(due or delivery(1))
    service = deliverer(outbox, FakeMessenger({"1": fault}))
    await service.step()
    await service.drain()
    return outbox.outcomes
