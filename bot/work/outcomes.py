"""What became of a delivery, as the platform answered it: the next state of its row, and what others learn from that.

sent | retry at a time | failed with a reason; a chat that is blocked or gone is stopped, one that moved is moved, and
the managers of one where the rights are missing are told once
"""

from __future__ import annotations

import errno
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
    RightsMissing,
    TokenRefused,
)
from bot.model import Alert, ChatId, ChatState, DeliveryDue, Digest, Platform
from bot.ports import Meter, Outbox, Watch
from bot.work.loop import Clock
from bot.work.pace import Pacer

FIRST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=1)
# A token that is refused is hardly ever taken again, and each try counts against the address that it comes from. One
# message an hour shows whether it is, so that a platform's own mistake mends itself while everybody sleeps.
TOKEN_BACKOFF = timedelta(minutes=1)
LONGEST_TOKEN_BACKOFF = timedelta(hours=1)
DOWN_CHATS = 5  # of which none is answered: it is not the chats, it is the platform
DOWN_PAUSE = timedelta(seconds=1)  # doubling: as many chats in a row may have trouble of their own after all
LONGEST_DOWN_PAUSE = timedelta(seconds=10)
LONGEST_WAIT = timedelta(days=1)  # that a platform may ask for: what waits longer waits for a clock that was set back
# Trouble of a platform passes, and what is no news by then is told in a digest; it ends where items are forgotten. But
# days that we were off ourselves are no trouble of the platform's: what is as old gets its attempts all the same.
GIVE_UP_AFTER = timedelta(days=30)
FEWEST_ATTEMPTS = 10
MOST_FAULTS = 5  # a bug does not pass by waiting
# What our own machine may lack for a while, and everything may meet: even an import opens a file.
SCARCE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.ENOSPC})
MOST_EDITS = 20  # tries, in a quarter of an hour: what an edit adds is small print

# The platform's message id, or why there is none.
Outcome = str | Exception


class Silence:
    """Whether the platform answers at all, and how long to leave it alone. Pure bookkeeping."""

    def __init__(self) -> None:
        self._chats: set[ChatId] = set()
        self._pause = DOWN_PAUSE
        self._until: datetime | None = None

    def broken(self) -> None:
        """The platform answered."""
        self._chats.clear()
        self._pause, self._until = DOWN_PAUSE, None

    def goes_on(self, chat: ChatId, now: datetime) -> datetime | None:
        """The chat got no answer. The time until which nobody is to be sent to, or None to go on with the others."""
        self._chats.add(chat)
        if len(self._chats) < DOWN_CHATS:
            return None
        # Not for one more of those that were sent side by side; and a clock that was set back waits for no time ahead.
        if self._until is None or not now < self._until <= now + LONGEST_DOWN_PAUSE:
            self._until = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_DOWN_PAUSE)
        return self._until


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
        watch: Watch | None = None,
    ) -> None:
        self._platform = platform
        self._watch = watch
        self._outbox = outbox
        self._pacer = pacer
        self._meter = meter
        self._clock = clock
        self._silence = Silence()
        self._token_pause = TOKEN_BACKOFF
        self._give_up_after = give_up_after
        self._log = structlog.get_logger("bot.deliver").bind(platform=platform)

    async def record(self, due: DeliveryDue, outcome: Outcome) -> bool:
        """Write it down; answer whether the chat's next message is due, as far as that is known. Raises StorageError,
        and may then be called again."""
        self._note(due, outcome)
        match outcome:
            case str():
                return await self._succeed(due, outcome)
            case DeliveryError():
                await self._answer(due, outcome)
            case OSError(errno=number) if number in SCARCE:
                await self._try_again(due, errno.errorcode[number])
            case _:
                if not await self._try_again(due, "unexpected fault", most=MOST_FAULTS):
                    self._report(outcome)
        return False

    async def _succeed(self, due: DeliveryDue, message: str) -> bool:
        more = False
        if due.message:
            await self._outbox.edit_done(due)
        else:
            now = self._clock()
            more = await self._outbox.delivery_sent(due, message=message, now=now)
            if isinstance(due.content, Alert):
                self._meter.took("sent", now - due.content.item.seen, platform=self._platform)
        self._count(due, "edited" if due.message else "sent")
        return more

    def _note(self, due: DeliveryDue, outcome: Outcome) -> None:
        """Note whether the platform is there at all, and knows us."""
        match outcome:
            case PlatformDown():
                self._report(outcome)
                if until := self._silence.goes_on(due.chat.id, self._clock()):
                    self._pacer.hold(until)
            case TokenRefused():
                self._report(outcome)
            case str() | DeliveryError():
                self._silence.broken()
                self._token_pause = TOKEN_BACKOFF
                if self._watch:
                    self._watch.well(self._platform)

    def _report(self, error: Exception) -> None:
        if self._watch:
            self._watch.ill(error, self._platform)

    async def _answer(self, due: DeliveryDue, error: DeliveryError) -> None:
        match error:
            case RateLimited():
                await self._wait_as_told(due, error)
            case ChatMoved():
                await self._outbox.move_chat(due.chat.address, to=error.to)
                await self._retry(due, at=self._clock(), reason="moved", counted=False)
                self._count(due, "moved")
            case RightsMissing():
                await self._ask_for_rights(due, error)
            case ChatBlocked():
                await self._stop(due, ChatState.BLOCKED, error.reason)
            case ChatGone():
                await self._stop(due, ChatState.GONE, error.reason)
            case TokenRefused():
                await self._hold_platform(due, error)
            case MessageRefused():
                await self._refuse(due, error.reason)
                if not due.message:
                    self._report(error)
            case PlatformDown(maybe_sent=True) if not due.message:
                await self._try_again(due, error.reason)
                self._count(due, "perhaps-sent")
            case _:
                await self._try_again(due, error.reason)

    async def _wait_as_told(self, due: DeliveryDue, error: RateLimited) -> None:
        until = self._clock() + min(error.retry_after, LONGEST_WAIT)
        if error.everywhere:
            self._pacer.hold(until)
        else:
            self._pacer.hold_chat(due.chat.id, until)
        await self._retry(due, at=until, reason="rate limited", counted=False)
        self._log.info("rate limited", chat=due.chat.id, seconds=error.retry_after.total_seconds())
        self._count(due, "rate-limited")

    async def _ask_for_rights(self, due: DeliveryDue, error: RightsMissing) -> None:
        # Before the chat is stopped: if we are killed in between, the next try fares the same and tells nobody twice.
        told = await self._outbox.warn_managers(due.chat, error.managers, reason=error.reason, now=self._clock())
        self._log.warning("rights missing", chat=due.chat.id, reason=error.reason, told=told)
        await self._stop(due, ChatState.BLOCKED, error.reason)

    async def _stop(self, due: DeliveryDue, state: ChatState, reason: str) -> None:
        await self._give_up(due, f"{state}: {reason}")
        await self._outbox.stop_chat(due.chat.id, state=state, reason=reason, now=self._clock())
        self._log.info("chat stopped", chat=due.chat.id, state=state, reason=reason)
        self._count(due, "stopped")

    async def _hold_platform(self, due: DeliveryDue, error: TokenRefused) -> None:
        until = self._clock() + self._token_pause
        self._token_pause = min(self._token_pause * 2, LONGEST_TOKEN_BACKOFF)
        self._pacer.hold(until)
        await self._retry(due, at=until, reason="token refused", counted=False)
        self._log.error("the platform refuses the token: nothing is sent", reason=error.reason, until=until.isoformat())
        self._count(due, "token-refused")

    async def _try_again(self, due: DeliveryDue, reason: str, *, most: int | None = None) -> bool:
        """Whether it is tried again; else it failed."""
        now = self._clock()
        attempts = due.attempts + 1
        too_late = now - due.created >= self._give_up_after and attempts >= FEWEST_ATTEMPTS
        most = most or (MOST_EDITS if due.message else None)
        if too_late or (most is not None and attempts >= most):
            end = self._fail if too_late else self._refuse
            await end(due, f"gave up after {attempts} attempts: {reason}")
            return False
        at = now + backoff(due.attempts)
        if not due.message:  # no alert waits for an edit
            self._pacer.hold_chat(due.chat.id, at)
        await self._retry(due, at=at, reason=reason)
        self._log.warning("delivery put off", delivery=due.id, chat=due.chat.id, reason=reason)
        self._count(due, "retried")
        return True

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
        self._meter.count("edits" if due.message else "deliveries", outcome, platform=self._platform)
