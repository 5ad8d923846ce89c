"""What became of a delivery, as the platform answered it: the next state of its row, and what others learn from that.

sent | retry at a time | failed with a reason; a chat that is blocked or gone is stopped, one that moved is moved
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.errors import (
    ChatBlocked,
    ChatGone,
    ChatMoved,
    DeliveryError,
    MessageRefused,
    PlatformDown,
    RateLimited,
    TokenRefused,
)
from bot.model import ChatId, ChatState, DeliveryDue, Digest, Platform
from bot.ports import Meter, Outbox
from bot.work.loop import Clock
from bot.work.pace import Pacer

FIRST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=1)
TOKEN_BACKOFF = timedelta(minutes=1)
DOWN_CHATS = 3  # of which none is answered: it is not the chats, it is the platform
DOWN_PAUSE = timedelta(seconds=10)
# Trouble of a platform passes, and what is no news by then is told in a digest; it ends where items are forgotten. But
# days that we were off ourselves are no trouble of the platform's: what is as old gets its attempts all the same.
GIVE_UP_AFTER = timedelta(days=30)
FEWEST_ATTEMPTS = 10
MOST_FAULTS = 5  # a bug does not pass by waiting
MOST_EDITS = 20  # tries, in a quarter of an hour: what an edit adds is small print

# The platform's message id, or why there is none.
Outcome = str | Exception


def backoff(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts: doubling, with an upper bound."""
    return min(FIRST_BACKOFF * (1 << min(attempts, 16)), LONGEST_BACKOFF)


class Outcomes:
    """Records what became of deliveries on one platform, and tells the pacer what that means for others."""

    def __init__(
        self,
        *,
        platform: Platform,
        outbox: Outbox,
        pacer: Pacer,
        meter: Meter,
        clock: Clock,
        give_up_after: timedelta = GIVE_UP_AFTER,
    ) -> None:
        self._outbox = outbox
        self._pacer = pacer
        self._meter = meter
        self._clock = clock
        self._give_up_after = give_up_after
        self._unanswered: set[ChatId] = set()
        self._log = structlog.get_logger("bot.deliver").bind(platform=platform)

    async def record(self, due: DeliveryDue, outcome: Outcome) -> None:
        """Write it down. Raises StorageError, and may then be called again."""
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
                await self._refuse(due, error.reason)
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
        too_late = now - due.created >= self._give_up_after and attempts >= FEWEST_ATTEMPTS
        most = most or (MOST_EDITS if due.message else None)
        if too_late or (most is not None and attempts >= most):
            end = self._fail if too_late else self._refuse
            await end(due, f"gave up after {attempts} attempts: {reason}")
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

    async def _refuse(self, due: DeliveryDue, reason: str) -> None:
        """It is the message that does not go. One alert of a digest may be the cause: the others don't fail with it."""
        if not isinstance(due.content, Digest):
            await self._fail(due, reason)
            return
        await self._outbox.digest_refused(due, reason=reason, now=self._clock())
        self._log.warning("digest taken apart", delivery=due.id, chat=due.chat.id, reason=reason)
        self._count(due, "taken-apart")

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
