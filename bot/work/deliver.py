"""The deliver loop: due delivery → render → send → record; and while none is due, edits of what was sent.

    claim_deliveries ─▶ DeliveryDue ─▶ content_message ─▶ Message ─▶ send ─▶ sent | retry | failed
    claim_edits      ─▶                                           ─▶ edit ─▶ done | retry

One deliverer serves one platform. One message at a time is between its sending and its record, so a crash can repeat
at most that one on platforms without idempotency keys. Only when the platform takes longer than `patience` to answer
is the next message started beside it, so that one slow chat holds up no other.

What is in hand stays leased until its outcome is recorded, however long sending and recording take; of a batch, what
can't be begun soon is given back. While a platform is down, one message in a while tries whether it is up again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta

import structlog

from bot.chat.content import content_message
from bot.errors import DeliveryError, StorageError
from bot.model import ChatId, DeliveryDue
from bot.ports import Messenger, Meter, Outbox, Watch, Wording
from bot.work.loop import Clock
from bot.work.outcomes import GIVE_UP_AFTER, Outcome, Outcomes
from bot.work.pace import Pacer
from bot.work.recent import STORY_AGE

BATCH = 30
EDITS = 3  # at once: alerts that come meanwhile wait for no more
RECORD_BACKOFF = timedelta(seconds=1)
LONGEST_TURN = timedelta(seconds=0.5)  # a claimed message waits no longer for the platform's pace


class Deliverer:
    """Sends what is due on one platform. The order within a chat is kept; chats do not wait for each other."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        messenger: Messenger,
        pacer: Pacer,
        meter: Meter,
        clock: Clock,
        lease: timedelta,
        patience: timedelta,
        wording: Wording,
        record_backoff: timedelta = RECORD_BACKOFF,
        watch: Watch | None = None,
        give_up_after: timedelta = GIVE_UP_AFTER,
    ) -> None:
        self._outbox = outbox
        self._messenger = messenger
        self._pacer = pacer
        self._outcomes = Outcomes(
            platform=messenger.platform,
            outbox=outbox,
            pacer=pacer,
            meter=meter,
            clock=clock,
            give_up_after=give_up_after,
            watch=watch,
        )
        self._clock = clock
        self._lease = lease
        self._patience = patience
        self._wording = wording
        self._record_backoff = record_backoff
        self._sending: dict[asyncio.Task[None], DeliveryDue] = {}
        self._prolonged = clock()
        self._stopping = False
        self._log = structlog.get_logger("bot.deliver").bind(platform=messenger.platform)

    async def step(self) -> timedelta | None:
        """Send one batch: at most one message a chat. The clock's tick keeps the leases of those in hand."""
        now = self._clock()
        await self._prolong(now)
        if wait := self._pacer.wait(now):
            return wait
        held = self._pacer.held(now)
        due = await self._claim(now, skip=held.keys() | {one.chat.id for one in self._sending.values()})
        for place, one in enumerate(due):
            if not await self._its_turn(claimed=now):
                await self._outbox.release_deliveries(due[place:])
                break
            await self._begin(one)
        if due:
            return timedelta()
        return min(held.values()) - now if held else None

    async def _claim(self, now: datetime, skip: Collection[ChatId]) -> list[DeliveryDue]:
        mine, lease = [self._messenger.platform], self._lease
        return await self._outbox.claim_deliveries(
            platforms=mine, now=now, limit=BATCH, lease=lease, skip=skip
        ) or await self._outbox.claim_edits(
            platforms=mine, now=now, since=now - STORY_AGE, limit=EDITS, lease=lease, skip=skip
        )

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True

    async def drain(self) -> None:
        """Wait for the sends in hand to be recorded."""
        if self._sending:
            await asyncio.wait(self._sending)

    async def _its_turn(self, claimed: datetime) -> bool:
        """Wait for the platform's pace; answer whether what was claimed then can be begun now."""
        now = self._clock()
        await self._prolong(now)
        wait = self._pacer.wait(now)
        if self._stopping or wait > LONGEST_TURN or now - claimed > self._lease / 2:
            return False
        await asyncio.sleep(wait.total_seconds())
        return True

    async def _prolong(self, now: datetime) -> None:
        if self._sending and not timedelta() <= now - self._prolonged < self._lease / 3:
            await self._outbox.prolong_deliveries(list(self._sending.values()), until=now + self._lease)
            self._prolonged = now

    async def _begin(self, due: DeliveryDue) -> None:
        self._pacer.sent(due.chat, self._clock())
        task = asyncio.create_task(self._deliver(due))
        self._sending[task] = due
        task.add_done_callback(self._sending.pop)
        await asyncio.wait({task}, timeout=self._patience.total_seconds())

    async def _deliver(self, due: DeliveryDue) -> None:
        outcome = await self._send(due)
        while True:
            try:
                await self._outcomes.record(due, outcome)
            except StorageError as error:
                # Not recorded, it would be sent again. Meanwhile nothing else is begun that could not be recorded.
                self._log.error("outcome could not be recorded yet", delivery=due.id, reason=str(error))
                self._pacer.hold(self._clock() + self._record_backoff)
                await asyncio.sleep(self._record_backoff.total_seconds())
            else:
                return

    async def _send(self, due: DeliveryDue) -> Outcome:
        try:
            message = content_message(due.content, due.chat, now=self._clock(), wording=self._wording)
            if due.message:
                await self._messenger.edit(due.chat.address, due.message, message)
                return due.message
            return await self._messenger.send(due.chat.address, message, key=due.key, reply_to=due.reply_to)
        except DeliveryError as error:
            return error
        except Exception as error:  # noqa: BLE001 - the bulkhead between one row and the rest
            # A bug in rendering or in an adapter: one bad delivery must not hold up the rest for good.
            self._log.exception("delivery failed unexpectedly", delivery=due.id, chat=due.chat.id)
            return error
