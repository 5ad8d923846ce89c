"""The deliver loop: due delivery → render → send → record; and once in a while, edits of what was sent.

    claim_deliveries ─▶ DeliveryDue ─▶ content_message ─▶ Message ─▶ send ─▶ sent | retry | failed
    claim_edits      ─▶                                           ─▶ edit ─▶ done | retry

One deliverer serves one platform. What a crash can repeat on platforms without idempotency keys is what is on its way
at that moment. While fewer messages are due than the platform takes in a second, that is one: the next is begun when
the one before is recorded. In a flood as many are on their way as it takes for the platform's pace: the pace by the
time that one usually takes and half as much again, three at 30 a second and a twentieth of a second.
Besides those there are messages that take longer than `patience`: they are left to themselves, so that one slow chat
holds up no other, up to `MOST_AT_ONCE`.

What is in hand stays leased until its outcome is recorded, however long sending and recording take; of a batch, what
can't be begun soon is given back. While a platform is down, one message in a while tries whether it is up again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

import structlog

from bot.chat.content import content_message
from bot.errors import DeliveryError, PlatformDown, RateLimited, StorageError
from bot.model import Alert, ChatId, Content, DeliveryDue, Digest, ItemId
from bot.ports import NO_TRACER, Messenger, Meter, Outbox, Tracer, Trail, Watch, Wording
from bot.work.abreast import Sends, abreast
from bot.work.loop import Clock
from bot.work.outcomes import GIVE_UP_AFTER, Outcome, Outcomes
from bot.work.pace import MINUTE, Pacer, Turn
from bot.work.recent import STORY_AGE

EDITS = 3  # at once: alerts that come meanwhile wait for no more
LOOK_FOR_EDITS = timedelta(seconds=1)  # so often beside alerts; without any, at each step
MOST_AT_ONCE = 128  # a server that hangs gets no more
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
        tracer: Tracer = NO_TRACER,
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
        self._tracer = tracer
        self._sending: dict[asyncio.Task[None], DeliveryDue] = {}
        self._sends = Sends(patience)
        self._prolonged = clock()
        self._looked_for_edits = clock()
        self._stopping = False
        self._on_more: Callable[[], None] = lambda: None
        self._log = structlog.get_logger("bot.deliver").bind(platform=messenger.platform)

    async def step(self) -> timedelta | None:
        """Send one batch: at most one message a chat. The clock's tick keeps the leases of those in hand."""
        now = self._clock()
        await self._prolong(now)
        if len(self._sends) >= MOST_AT_ONCE:
            await self._sends.any_done(within=LONGEST_TURN)
            return timedelta()
        if wait := self._pacer.wait(now):
            return wait
        due, all_of_them = await self._claim(now, skip=self._pacer.held(now).keys() | self._chats_in_hand())
        await self._recall(due, now)
        if await self._begin_all(due, claimed=now) and all_of_them:
            return await self._next_turn()
        return timedelta()

    def on_more(self, call: Callable[[], None]) -> None:
        """Have it called when the next message of a chat can be sent, as the one before it was."""
        self._on_more = call

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True

    async def drain(self) -> None:
        """Wait for the sends in hand to be recorded."""
        await self._sends.all_done()

    async def _claim(self, now: datetime, skip: Collection[ChatId]) -> tuple[list[DeliveryDue], bool]:
        """What is to be sent or edited, and whether that is all that can be now."""
        mine, lease, limit = [self._messenger.platform], self._lease, self._pacer.batch
        due = await self._outbox.claim_deliveries(platforms=mine, now=now, limit=limit, lease=lease, skip=skip)
        if len(due) >= limit:
            return due, False
        if due and timedelta() <= now - self._looked_for_edits < LOOK_FOR_EDITS:
            return due, True
        self._looked_for_edits = now
        skip, since = {*skip, *(one.chat.id for one in due)}, now - STORY_AGE
        try:
            edits = await self._outbox.claim_edits(
                platforms=mine, now=now, since=since, limit=EDITS, lease=lease, skip=skip
            )
        except StorageError:
            if due:  # they are in hand, and not to be left to their leases for this
                return due, False
            raise
        return [*due, *edits], not edits

    def _chats_in_hand(self) -> set[ChatId]:
        return {one.chat.id for one in self._sending.values()}

    async def _next_turn(self) -> timedelta | None:
        """When the first of the chats that must wait gets its next message; None where none of them has one by then."""
        now = self._clock()
        held = self._pacer.held(now)
        waiting = held.keys() - self._chats_in_hand()
        due = await self._outbox.next_due(waiting) if waiting else {}
        return min((held[chat] - now for chat, due_at in due.items() if due_at <= held[chat]), default=None)

    async def _recall(self, due: Collection[DeliveryDue], now: datetime) -> None:
        """Ask what groups got from another sender, which counts as if it were from this one."""
        if groups := self._pacer.unknown((one.chat for one in due), now):
            sent = await self._outbox.sent_lately(self._messenger.platform, groups, since=now - MINUTE)
            for group in groups:
                self._pacer.recall(group, sent.get(group, ()))

    async def _begin_all(self, due: Sequence[DeliveryDue], claimed: datetime) -> bool:
        """Begin what was claimed, each at its turn; give back what has none soon. Answers whether all had one."""
        batch = self._pacer.batch
        back: list[DeliveryDue] = []
        for place, one in enumerate(due):
            if not await self._its_turn(claimed):
                back += due[place:]
                break
            # Another topic of the same forum, or an answer to a person there, had its turn first.
            if self._pacer.wait_of(one.chat, self._clock()):
                back.append(one)
                continue
            self._begin(one)
            most = abreast(
                len(due),
                batch=batch,
                per_second=self._pacer.per_second,
                usual=self._sends.usual,
                answered=self._sends.answered,
            )
            await self._sends.fewer_than(most)
        if back:
            await self._outbox.release_deliveries(back)
        return not back

    async def _its_turn(self, claimed: datetime) -> bool:
        """Wait for the platform's pace; answer whether what was claimed then can be begun now."""
        waited = timedelta()
        while not self._stopping and len(self._sends) < MOST_AT_ONCE:
            now = self._clock()
            await self._prolong(now)
            wait = self._pacer.wait(now)
            if waited + wait > LONGEST_TURN or now - claimed > self._lease / 2:
                return False
            if not wait:
                return True
            await asyncio.sleep(wait.total_seconds())
            waited += wait
        return False

    async def _prolong(self, now: datetime) -> None:
        if self._sending and not timedelta() <= now - self._prolonged < self._lease / 3:
            await self._outbox.prolong_deliveries(list(self._sending.values()), until=now + self._lease)
            self._prolonged = now

    def _begin(self, due: DeliveryDue) -> None:
        turn = self._pacer.begin(due.chat, self._clock())
        task = asyncio.create_task(self._deliver(due, turn))
        self._sending[task] = due
        self._sends.add(task, self._sending.pop)

    async def _deliver(self, due: DeliveryDue, turn: Turn) -> None:
        items = items_of(due.content)
        with self._tracer.span(
            "deliver",
            follows=trails_to(items),
            item=items[0] if len(items) == 1 else None,
            items=items if len(items) > 1 else None,
            delivery=due.id,
            platform=due.chat.address.platform.value,
            attempts=due.attempts,
        ) as span:
            with self._tracer.span("send", platform=due.chat.address.platform.value) as sending:
                outcome = await self._send(due)
                error = None if isinstance(outcome, str) else type(outcome).__name__
                sending.note(error=error)
            self._weigh(turn, outcome)
            span.note(outcome="failed" if error else "edited" if due.message else "sent", error=error)
            with self._tracer.span("record"):
                more = await self._record(due, outcome)
        if more:
            # Not before this task has ended: until then the chat is passed over.
            wait = self._pacer.wait_of(due.chat, self._clock())
            asyncio.get_running_loop().call_later(wait.total_seconds(), self._on_more)

    async def _record(self, due: DeliveryDue, outcome: Outcome) -> bool:
        """Answers whether the chat's next message is due."""
        while True:
            try:
                more = await self._outcomes.record(due, outcome)
            except StorageError as error:
                # Not recorded, it would be sent again. Meanwhile nothing else is begun that could not be recorded.
                self._log.error("outcome could not be recorded yet", delivery=due.id, reason=str(error))
                self._pacer.hold(self._clock() + self._record_backoff)
                await asyncio.sleep(self._record_backoff.total_seconds())
            else:
                return more

    def _weigh(self, turn: Turn, outcome: Outcome) -> None:
        """Tell the pacer what the answer says of the pace."""
        now = self._clock()
        answered = isinstance(outcome, str) or (
            isinstance(outcome, DeliveryError) and not isinstance(outcome, PlatformDown)
        )
        self._pacer.answered(turn, now, answer=answered)
        if isinstance(outcome, str):
            self._pacer.taken()
        elif isinstance(outcome, RateLimited) and not outcome.everywhere:
            self._pacer.limited(turn.chat, now, wait=outcome.retry_after)

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


def items_of(content: Content) -> tuple[ItemId, ...]:
    """The items that a message tells of."""
    match content:
        case Alert():
            return (content.item.id,)
        case Digest():
            return tuple(alert.item.id for alert in content.alerts)
        case _:
            return ()


def trails_to(items: Sequence[ItemId]) -> tuple[Trail, ...]:
    """What led to a message about these items, for a tracer."""
    return tuple(("item", item) for item in items)
