"""Keeps a language model within so many tokens and so much money a day (UTC), for all replicas together.

reserve what a call may cost at most ─▶ call ─▶ put right by what the server says that it used
       └── not within the day's limit: no call, until the next day
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import structlog

from bot.errors import StorageError, WayUnavailable
from bot.model import Spending, Usage
from bot.ports import Meter, SpendingBook
from bot.settings import Settings

MICROS = 1_000_000
NOTHING = Usage()
_USUAL = 3_000  # tokens reserved for a brief, more or less
_SOON = timedelta(minutes=1)  # until calls that are under way have ended and say what they used
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The limits of a day, and what a million tokens cost. Money is in one unit throughout; 0 is no limit."""

    tokens: int = 0
    money: float = 0
    price_in: float = 0
    price_out: float = 0

    @property
    def limited(self) -> bool:
        """Whether there is a limit at all."""
        return bool(self.tokens or self.money)

    @property
    def limit(self) -> Spending:
        """The most of a day."""
        return Spending(self.tokens, round(self.money * MICROS))

    def cost(self, usage: Usage) -> Spending:
        """What tokens cost. A price for a million of them is one in millionths for each."""
        money = usage.asked * self.price_in + usage.answered * self.price_out
        return Spending(usage.asked + usage.answered, math.ceil(money))


def terms_of(settings: Settings) -> Terms:
    """The limits of a day, and the prices."""
    return Terms(
        tokens=settings.model_tokens_a_day,
        money=settings.model_money_a_day,
        price_in=settings.model_price_in,
        price_out=settings.model_price_out,
    )


def is_spent(spent: Spending, limit: Spending) -> bool:
    """Whether a day has no room left for one more brief of the usual size."""
    return not (spent + Spending(_USUAL, spent.money * _USUAL // max(spent.tokens, _USUAL))).within(limit)


@dataclass(slots=True)
class Call:
    """A call that is being made. `used` is what it may use at most, until more is known."""

    used: Usage


class Budget:
    """Lets calls through as long as the day's limit holds. `clock` gives the time, aware."""

    def __init__(
        self, book: SpendingBook, terms: Terms, *, clock: Callable[[], datetime], meter: Meter | None = None
    ) -> None:
        self._book = book
        self._terms = terms
        self._clock = clock
        self._meter = meter
        self._open = 0
        self._told: date | None = None
        self._log = structlog.get_logger("bot.briefs")

    @asynccontextmanager
    async def call(self, most: Usage) -> AsyncIterator[Call]:
        """Around one call of the model, which uses `most` at most; set the `used` of what this gives.

        A call that is broken off has used what was reserved: the server may go on, and will ask for its money.
        Raises WayUnavailable when the budget is spent.
        """
        call = Call(most)
        if not self._terms.limited:  # nobody asks what the day has cost
            try:
                yield call
            finally:
                self._count(call.used)
            return
        day = self._clock().astimezone(UTC).date()
        await self._reserve(day, self._terms.cost(most))
        self._open += 1
        try:
            yield call
        finally:
            self._open -= 1
            await self._settle(day, most, call.used)

    async def _reserve(self, day: date, amount: Spending) -> None:
        try:
            fits = await self._book.reserve(day, amount, self._terms.limit)
        except StorageError as error:
            raise WayUnavailable("budget not known") from error
        if not fits:
            raise self._spent(day)

    async def _settle(self, day: date, most: Usage, used: Usage) -> None:
        if used != most:
            try:
                await self._book.correct(day, self._terms.cost(used) - self._terms.cost(most))
            except StorageError as error:
                self._log.warning("model call stays counted as reserved", reason=str(error))
        self._count(used)

    def _count(self, used: Usage) -> None:
        if self._meter:
            self._meter.count("model_tokens", "asked", used.asked)
            self._meter.count("model_tokens", "answered", used.answered)

    def _spent(self, day: date) -> WayUnavailable:
        """The refusal; where calls under way may yet give something back, for a short while."""
        reason = "budget in use" if self._open else "budget spent"
        if self._meter:
            self._meter.count("model", reason)
        if self._open:
            return WayUnavailable(reason, rest=_SOON)
        if self._told != day:
            self._told = day
            limit = self._terms.limit
            self._log.warning(
                "the model's budget of the day is spent", tokens_a_day=limit.tokens, money_a_day=limit.money / MICROS
            )
        return WayUnavailable(reason, rest=_until_next(day, self._clock()))


def _until_next(day: date, now: datetime) -> timedelta:
    return max(datetime.combine(day + _DAY, time(), UTC) - now, timedelta())


class MemoryBook:
    """The SpendingBook of one process, for one day at a time; forgotten at its end."""

    def __init__(self) -> None:
        self._day = date.min
        self._spent = Spending()

    async def reserve(self, day: date, amount: Spending, limit: Spending) -> bool:
        """See SpendingBook."""
        total = await self.spent(day) + amount
        if not total.within(limit):
            return False
        self._day, self._spent = day, total
        return True

    async def correct(self, day: date, by: Spending) -> None:
        """See SpendingBook."""
        if day == self._day:
            self._spent += by

    async def spent(self, day: date) -> Spending:
        """See SpendingBook."""
        return self._spent if day == self._day else Spending()
