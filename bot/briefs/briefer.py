"""Makes briefs by the best way that works, within a set time; what comes later than that is told afterwards.

Item ─▶ feed's own text? ─▶ its page, for a teaser ─▶ language model ─▶ machine translation ─▶ extract
                                                        └── guard ──┘     └── guard ──┘        always works
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from bot.briefs.repeated import RepeatedLines
from bot.briefs.source import Source, source_of
from bot.briefs.station import Call, Check, Station
from bot.briefs.ways import Extract, Way
from bot.model import Brief, Item, MadeBy
from bot.ports import NO_TRACER, LaterBrief, Meter, PageReader, Tracer

BUDGET = timedelta(seconds=10)  # late is worse than plain
LATE = timedelta(minutes=5)
AT_ONCE = 4
_SHARE = 0.6  # of the time left, before the next way is begun beside one that has not answered


class Briefs:
    """The ports.Briefer. It neither opens nor closes what its ways talk through, but `close` ends its calls.

    A way that is too slow or too busy for the time that is left goes on for up to `late` in all, and the plain brief
    is returned meanwhile.
    """

    def __init__(
        self,
        ways: Sequence[Way],
        *,
        extract: Extract,
        guard: Check,
        log: structlog.stdlib.BoundLogger,
        meter: Meter,
        reader: PageReader | None = None,
        repeated: RepeatedLines | None = None,
        budget: timedelta = BUDGET,
        late: timedelta = LATE,
        at_once: int = AT_ONCE,
        clock: Callable[[], float] = time.monotonic,
        tracer: Tracer = NO_TRACER,
    ) -> None:
        """`ways` in order, the extract not among them: it is what remains when they fail. `reader` gives the other ways
        the articles of feeds that have but teasers; `repeated` knows the lines that are left out; `at_once` is how many
        calls each way is sent at a time."""

        def station(way: Way) -> Station:
            patience = max(budget, late)
            return Station(
                way,
                guard=guard,
                meter=meter,
                log=log,
                clock=clock,
                patience=patience,
                at_once=at_once,
                tracer=tracer,
            )

        self._of_feed = [way for way in ways if way.made_by is MadeBy.FEED]
        self._stations = [station(way) for way in ways if way.made_by is not MadeBy.FEED]
        self._reader = reader
        self._repeated = repeated or RepeatedLines()
        self._extract = extract
        self._log = log
        self._meter = meter
        self._budget = budget.total_seconds()
        self._telling: set[asyncio.Task[None]] = set()

    async def brief(self, item: Item, sought: Sequence[str] = (), later: LaterBrief | None = None) -> Brief:
        """See bot.ports.Briefer."""
        begun = _time()
        deadline = begun + self._budget
        if made := await self._in_feeds_words(source_of(self._repeated.without(item))):
            self._meter.took("briefs", timedelta(seconds=_time() - begun), made.made_by)
            return made
        whole = await self._reader.full_text(item) if self._reader else item
        source = source_of(self._repeated.without(whole), tuple(sought))
        made, better = await self._by_stations(source, deadline)
        if later and better:
            self._tell_later(better, later)
        made = made or self._extract.brief(source)
        self._meter.took("briefs", timedelta(seconds=_time() - begun), made.made_by)
        return made

    async def close(self) -> None:
        """End the calls that go on."""
        for telling in self._telling:
            telling.cancel()
        await asyncio.gather(*(station.close() for station in self._stations), *self._telling, return_exceptions=True)

    async def _in_feeds_words(self, source: Source) -> Brief | None:
        for way in self._of_feed:
            try:
                made = await way.make(source)
            except Exception:  # noqa: BLE001 - a fault in one way must not cost people the alert; it is logged whole
                self._log.exception("way failed", way=way.name, url=source.url)
            else:
                if made:
                    return made
        return None

    async def _by_stations(self, source: Source, deadline: float) -> tuple[Brief | None, list[Call]]:
        """The best brief that is ready in time, and the calls that go on and may yet make a better one."""
        calls: list[Call] = []
        hopeful: list[Call] = []  # those that can be in time
        made: Call | None = None
        for station in self._stations:
            left = deadline - _time()
            if made or station.resting or left <= 0:
                continue
            soon = station.answered_within(left)
            calls.append(station.call(source, soon=soon))
            if soon:
                hopeful.append(calls[-1])
                made = await _first_made(hopeful, _SHARE * left)
        made = made or await _first_made(hopeful, deadline - _time())
        better = calls[: calls.index(made)] if made else calls
        return made.result() if made else None, [call for call in better if not call.done()]

    def _tell_later(self, calls: Sequence[Call], later: LaterBrief) -> None:
        telling = asyncio.create_task(_tell_first(calls, later))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)


def _time() -> float:
    return asyncio.get_running_loop().time()


async def _first_made(calls: Sequence[Call], seconds: float) -> Call | None:
    """The first call that made a brief, the best of those that did at the same time; None when none did in time."""
    until = _time() + seconds
    while True:
        if made := next((call for call in calls if call.done() and call.result()), None):
            return made
        waiting = [call for call in calls if not call.done()]
        left = until - _time()
        if not waiting or left <= 0:
            return None
        await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)


async def _tell_first(calls: Sequence[Call], later: LaterBrief) -> None:
    """Tell what the best call makes; only where that makes none, what the next one does."""
    for call in calls:
        if brief := await asyncio.shield(call):
            later(brief)
            return
