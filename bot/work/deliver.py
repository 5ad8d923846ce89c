"""The deliver loop: due delivery → render → send → record.

    claim_deliveries ─▶ DeliveryDue ─▶ alert_message ─▶ Message ─▶ send ─▶ sent | retry | failed

One deliverer serves one platform. One message at a time is between its sending and its record, so a crash can repeat
at most that one on platforms without idempotency keys. Only when the platform takes longer than `patience` to answer
is the next message started beside it, so that one slow chat holds up no other.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from bot.chat.render import alert_message
from bot.errors import (
    ChatBlocked,
    ChatGone,
    ChatMoved,
    DeliveryError,
    MessageRefused,
    RateLimited,
    StorageError,
    TokenRefused,
)
from bot.model import ChatState, DeliveryDue
from bot.ports import Messenger, Meter, Outbox
from bot.work.loop import Clock
from bot.work.pace import Pacer

BATCH = 30
FIRST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=10)
TOKEN_BACKOFF = timedelta(minutes=1)
# Trouble of a platform passes; what could not be sent for a day is no news any more.
GIVE_UP_AFTER = timedelta(days=1)
MOST_FAULTS = 5  # a bug does not pass by waiting


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
    ) -> None:
        self._outbox = outbox
        self._messenger = messenger
        self._pacer = pacer
        self._meter = meter
        self._clock = clock
        self._lease = lease
        self._patience = patience
        self._sending: set[asyncio.Task[None]] = set()
        self._log = structlog.get_logger("bot.deliver").bind(platform=messenger.platform)

    async def step(self) -> timedelta | None:
        """Send one batch: at most one message a chat."""
        now = self._clock()
        if wait := self._pacer.wait(now):
            return wait
        held = self._pacer.held(now)
        due = await self._outbox.claim_deliveries(
            platforms=[self._messenger.platform], now=now, limit=BATCH, lease=self._lease, skip=held.keys()
        )
        for one in due:
            await asyncio.sleep(self._pacer.wait(self._clock()).total_seconds())
            await self._begin(one)
        if due:
            return timedelta()
        return min(held.values()) - now if held else None

    async def drain(self) -> None:
        """Wait for the sends in hand to be recorded."""
        if self._sending:
            await asyncio.wait(self._sending)

    async def _begin(self, due: DeliveryDue) -> None:
        self._pacer.sent(due.chat, self._clock())
        task = asyncio.create_task(self._deliver(due))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        await asyncio.wait({task}, timeout=self._patience.total_seconds())

    async def _deliver(self, due: DeliveryDue) -> None:
        try:
            await self._send(due)
        except StorageError as error:
            # Its lease runs out and it is sent again: at least once is the promise.
            self._log.error("outcome could not be recorded", delivery=due.id, reason=str(error))

    async def _send(self, due: DeliveryDue) -> None:
        try:
            message = alert_message(due.alert, due.chat, now=self._clock())
            sent = await self._messenger.send(due.chat.address, message, key=due.key)
        except DeliveryError as error:
            await self._answer(due, error)
        except Exception:  # noqa: BLE001 - the bulkhead between one row and the rest
            # A bug in rendering or in an adapter: one bad delivery must not hold up the rest for good.
            self._log.exception("delivery failed unexpectedly", delivery=due.id, chat=due.chat.id)
            await self._try_again(due, "unexpected fault", most=MOST_FAULTS)
        else:
            await self._outbox.delivery_sent(due, message=sent, now=self._clock())
            self._count("sent")

    async def _answer(self, due: DeliveryDue, error: DeliveryError) -> None:
        match error:
            case RateLimited():
                await self._wait_as_told(due, error)
            case ChatMoved():
                await self._outbox.move_chat(due.chat.address, to=error.to)
                await self._outbox.delivery_retry(due, at=self._clock(), reason="moved", counted=False)
                self._count("moved")
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
        await self._outbox.delivery_retry(due, at=until, reason="rate limited", counted=False)
        self._log.info("rate limited", chat=due.chat.id, seconds=error.retry_after.total_seconds())
        self._count("rate-limited")

    async def _stop(self, due: DeliveryDue, state: ChatState, reason: str) -> None:
        await self._outbox.delivery_failed(due, reason=f"{state}: {reason}", now=self._clock())
        await self._outbox.stop_chat(due.chat.id, state=state, reason=reason, now=self._clock())
        self._log.info("chat stopped", chat=due.chat.id, state=state, reason=reason)
        self._count("stopped")

    async def _hold_platform(self, due: DeliveryDue, error: TokenRefused) -> None:
        until = self._clock() + TOKEN_BACKOFF
        self._pacer.hold(until)
        await self._outbox.delivery_retry(due, at=until, reason="token refused", counted=False)
        self._log.error("the platform refuses the token", reason=error.reason)
        self._count("token-refused")

    async def _try_again(self, due: DeliveryDue, reason: str, *, most: int | None = None) -> None:
        now = self._clock()
        if now - due.created >= GIVE_UP_AFTER or (most is not None and due.attempts + 1 >= most):
            await self._fail(due, f"gave up after {due.attempts + 1} attempts: {reason}")
            return
        at = now + backoff(due.attempts)
        self._pacer.hold_chat(due.chat.id, at)
        await self._outbox.delivery_retry(due, at=at, reason=reason)
        self._log.warning("delivery put off", delivery=due.id, chat=due.chat.id, reason=reason)
        self._count("retried")

    async def _fail(self, due: DeliveryDue, reason: str) -> None:
        await self._outbox.delivery_failed(due, reason=reason, now=self._clock())
        self._log.error("delivery failed", delivery=due.id, chat=due.chat.id, reason=reason)
        self._count("failed")

    def _count(self, outcome: str) -> None:
        self._meter.count("deliveries", outcome)
