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

from bot.chat.render import content_message
from bot.errors import (
    ChatBlocked,
    ChatGone,
    ChatMoved,
    DeliveryError,
    MessageRefused,
    PlatformDown,
    RateLimited,
    StorageError,
    TokenRefused,
)
from bot.model import ChatId, ChatState, DeliveryDue
from bot.ports import Messenger, Meter, Outbox, Wording
from bot.work.loop import Clock
from bot.work.pace import Pacer
from bot.work.recent import STORY_AGE

BATCH = 30
EDITS = 3  # at once: alerts that come meanwhile wait for no more
FIRST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=1)
TOKEN_BACKOFF = timedelta(minutes=1)
RECORD_BACKOFF = timedelta(seconds=1)
LONGEST_TURN = timedelta(seconds=0.5)  # a claimed message waits no longer for the platform's pace
DOWN_CHATS = 3  # of which none is answered: it is not the chats, it is the platform
DOWN_PAUSE = timedelta(seconds=10)
# Trouble of a platform passes; what could not be sent for a day is no news any more. But a day that we were off
# ourselves is no trouble of the platform's: it gets its attempts all the same.
GIVE_UP_AFTER = timedelta(days=1)
FEWEST_ATTEMPTS = 10
MOST_FAULTS = 5  # a bug does not pass by waiting
MOST_EDITS = 20  # tries, in a quarter of an hour: what an edit adds is small print

# The platform's message id, or why there is none.
Outcome = str | Exception


def backoff(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts: doubling, with an upper bound."""
    return min(FIRST_BACKOFF * (1 << min(attempts, 16)), LONGEST_BACKOFF)


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
    ) -> None:
        self._outbox = outbox
        self._messenger = messenger
        self._pacer = pacer
        self._meter = meter
        self._clock = clock
        self._lease = lease
        self._patience = patience
        self._wording = wording
        self._record_backoff = record_backoff
        self._sending: dict[asyncio.Task[None], DeliveryDue] = {}
        self._prolonged = clock()
        self._unanswered: set[ChatId] = set()
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
                await self._record(due, outcome)
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

    async def _record(self, due: DeliveryDue, outcome: Outcome) -> None:
        self._note_silence(due, outcome)
        match outcome:
            case str():
                await self._succeed(due, outcome)
            case DeliveryError():
                await self._answer(due, outcome)
            case _:
                await self._try_again(due, "unexpected fault", most=MOST_FAULTS)

    async def _succeed(self, due: DeliveryDue, message: str) -> None:
        if due.message:
            await self._outbox.edit_done(due)
        else:
            await self._outbox.delivery_sent(due, message=message, now=self._clock())
        self._count(due, "edited" if due.message else "sent")

    def _note_silence(self, due: DeliveryDue, outcome: Outcome) -> None:
        """Note whether the platform is there at all."""
        if not isinstance(outcome, PlatformDown):
            self._unanswered.clear()
            return
        self._unanswered.add(due.chat.id)
        if len(self._unanswered) >= DOWN_CHATS:
            self._pacer.hold(self._clock() + DOWN_PAUSE)

    async def _answer(self, due: DeliveryDue, error: DeliveryError) -> None:
        match error:
            case RateLimited():
                await self._wait_as_told(due, error)
            case ChatMoved():
                await self._outbox.move_chat(due.chat.address, to=error.to)
                await self._retry(due, at=self._clock(), reason="moved", counted=False)
                self._count(due, "moved")
            case ChatBlocked():
                await self._stop(due, ChatState.BLOCKED, error.reason)
            case ChatGone():
                await self._stop(due, ChatState.GONE, error.reason)
            case TokenRefused():
                await self._hold_platform(due, error)
            case MessageRefused():
                await self._fail(due, error.reason)
            case _:
                await self._try_again(due, error.reason)

    async def _wait_as_told(self, due: DeliveryDue, error: RateLimited) -> None:
        until = self._clock() + error.retry_after
        if error.everywhere:
            self._pacer.hold(until)
        else:
            self._pacer.hold_chat(due.chat.id, until)
        await self._retry(due, at=until, reason="rate limited", counted=False)
        self._log.info("rate limited", chat=due.chat.id, seconds=error.retry_after.total_seconds())
        self._count(due, "rate-limited")

    async def _stop(self, due: DeliveryDue, state: ChatState, reason: str) -> None:
        await self._give_up(due, f"{state}: {reason}")
        await self._outbox.stop_chat(due.chat.id, state=state, reason=reason, now=self._clock())
        self._log.info("chat stopped", chat=due.chat.id, state=state, reason=reason)
        self._count(due, "stopped")

    async def _hold_platform(self, due: DeliveryDue, error: TokenRefused) -> None:
        until = self._clock() + TOKEN_BACKOFF
        self._pacer.hold(until)
        await self._retry(due, at=until, reason="token refused", counted=False)
        self._log.error("the platform refuses the token", reason=error.reason)
        self._count(due, "token-refused")

    async def _try_again(self, due: DeliveryDue, reason: str, *, most: int | None = None) -> None:
        now = self._clock()
        attempts = due.attempts + 1
        too_late = now - due.created >= GIVE_UP_AFTER and attempts >= FEWEST_ATTEMPTS
        most = most or (MOST_EDITS if due.message else None)
        if too_late or (most is not None and attempts >= most):
            await self._fail(due, f"gave up after {attempts} attempts: {reason}")
            return
        at = now + backoff(due.attempts)
        if not due.message:  # no alert waits for an edit
            self._pacer.hold_chat(due.chat.id, at)
        await self._retry(due, at=at, reason=reason)
        self._log.warning("delivery put off", delivery=due.id, chat=due.chat.id, reason=reason)
        self._count(due, "retried")

    async def _retry(self, due: DeliveryDue, *, at: datetime, reason: str, counted: bool = True) -> None:
        if due.message:
            await self._outbox.edit_retry(due, at=at, counted=counted)
        else:
            await self._outbox.delivery_retry(due, at=at, reason=reason, counted=counted)

    async def _fail(self, due: DeliveryDue, reason: str) -> None:
        await self._give_up(due, reason)
        if due.message:  # the chat has the alert itself
            self._log.info("edit dropped", delivery=due.id, chat=due.chat.id, reason=reason)
        else:
            self._log.error("delivery failed", delivery=due.id, chat=due.chat.id, reason=reason)
        self._count(due, "failed")

    async def _give_up(self, due: DeliveryDue, reason: str) -> None:
        if due.message:
            await self._outbox.edit_done(due)
        else:
            await self._outbox.delivery_failed(due, reason=reason, now=self._clock())

    def _count(self, due: DeliveryDue, outcome: str) -> None:
        self._meter.count("edits" if due.message else "deliveries", outcome)
