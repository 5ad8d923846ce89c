"""A way at work: its turns, its circuit breaker, the guard behind it, and what it made lately."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import structlog

from bot.briefs.breaker import Breaker
from bot.briefs.source import Source
from bot.briefs.turns import Turns
from bot.briefs.ways import Way
from bot.errors import BriefRefused, WayUnavailable
from bot.model import Brief, MadeBy
from bot.ports import NO_TRACER, Meter, Span, Tracer
from bot.text.typography import typeset

_GUARDED = frozenset((MadeBy.MODEL, MadeBy.TRANSLATION))
_REMEMBERED = 200  # sources: the same article comes from several feeds, and costs one call

Call = asyncio.Task[Brief | None]


class Check(Protocol):
    """The guard, as a station needs it."""

    def check(self, brief: Brief, source: Source) -> None:
        """Raises BriefRefused when the brief is not faithful to its source."""


class Station:
    """Makes briefs by one way, `at_once` at a time, none for longer than `patience`; it never raises.

    The calls are tasks of their own: who is tired of waiting leaves them to go on. `close` ends them.
    """

    def __init__(
        self,
        way: Way,
        *,
        guard: Check,
        meter: Meter,
        log: structlog.stdlib.BoundLogger,
        clock: Callable[[], float],
        patience: timedelta,
        at_once: int,
        tracer: Tracer = NO_TRACER,
    ) -> None:
        self._way = way
        self._guard = guard
        self._meter = meter
        self._tracer = tracer
        self._log = log.bind(way=way.name)
        self._breaker = Breaker(clock)
        self._turns = Turns(at_once, clock)
        self._patience = patience.total_seconds()
        self._lately: OrderedDict[tuple[str, str], Call] = OrderedDict()
        self._calls: set[Call] = set()

    @property
    def resting(self) -> bool:
        """Whether the way is left alone for a while."""
        return self._breaker.resting

    def answered_within(self, seconds: float) -> bool:
        """Whether a call made now will probably be answered within so many seconds."""
        return self._turns.answered_within(seconds)

    def call(self, source: Source, *, soon: bool) -> Call:
        """Have the brief of a source made: None where the way has none, with the reason in the log.

        What was asked for lately is not asked again. `soon` is for a call that can still be in time.
        """
        key = _key(source)
        if key in self._lately:
            self._lately.move_to_end(key)
            return self._lately[key]
        call = asyncio.create_task(self._make(source, soon=soon))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        self._lately[key] = call
        while len(self._lately) > _REMEMBERED:
            self._lately.popitem(last=False)
        return call

    async def close(self) -> None:
        """End the calls under way."""
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    async def _make(self, source: Source, *, soon: bool) -> Brief | None:
        with self._tracer.span("way", way=self._way.name, soon=soon) as span:
            return await self._try(source, span, soon=soon)

    async def _try(self, source: Source, span: Span, *, soon: bool) -> Brief | None:
        begun = False
        try:
            async with asyncio.timeout(self._patience), self._turns.turn(soon=soon):
                if not self._breaker.resting:
                    begun = True
                    return await self._ask(source, span)
        except TimeoutError:
            self._tired(source, begun=begun)
            span.note(outcome="late" if begun else "no turn")
        except WayUnavailable as down:
            self._breaker.failed(down.rest)
            self._note(source, str(down))
            span.note(outcome="unavailable", error=type(down).__name__)
        except Exception as error:  # noqa: BLE001 - a fault in one way must not cost people the alert; it is logged whole
            self._breaker.failed()
            self._log.exception("way failed", url=source.url)
            span.note(outcome="failed", error=type(error).__name__)
        self._lately.pop(_key(source), None)  # it has not answered, and another time it may
        return None

    async def _ask(self, source: Source, span: Span) -> Brief | None:
        try:
            made = await self._way.make(source)
            if made is not None and self._way.made_by in _GUARDED:
                made = replace(made, title_zh=typeset(made.title_zh), summary_zh=typeset(made.summary_zh))
                self._guard.check(made, source)
            span.note(outcome="made" if made else "none")
        except BriefRefused as refused:
            span.note(outcome="refused", refusal=refused.kind)
            self._meter.count("refusals", refused.kind)
            self._log.info("brief refused", url=source.url, reason=str(refused))
            made = None
        self._breaker.answered()
        return made

    def _tired(self, source: Source, *, begun: bool) -> None:
        if begun:
            self._breaker.failed()
        self._note(source, "timeout" if begun else "no turn came in time")

    def _note(self, source: Source, reason: str) -> None:
        self._meter.count("ways", self._way.name)
        self._log.warning("way unavailable", url=source.url, reason=reason)


def _key(source: Source) -> tuple[str, str]:
    return source.title, source.text
