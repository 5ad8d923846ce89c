"""Makes briefs by the best way that works, within a set time.

Item ─▶ feed's own text? ─▶ its page, for a teaser ─▶ language model ─▶ machine translation ─▶ extract
                                                        └── guard ──┘     └── guard ──┘        always works
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

import structlog

from bot.briefs.breaker import Breaker
from bot.briefs.source import Source, source_of
from bot.briefs.ways import Extract, Way
from bot.errors import BriefRefused, WayUnavailable
from bot.model import Brief, Item, MadeBy
from bot.ports import PageReader

BUDGET = timedelta(seconds=10)  # late is worse than plain
_GUARDED = frozenset((MadeBy.MODEL, MadeBy.TRANSLATION))


class Check(Protocol):
    """The guard, as the briefer needs it."""

    def check(self, brief: Brief, source: Source) -> None:
        """Raises BriefRefused when the brief is not faithful to its source."""


class Briefs:
    """The ports.Briefer. It neither opens nor closes what its ways talk through."""

    def __init__(
        self,
        ways: Sequence[Way],
        *,
        extract: Extract,
        guard: Check,
        log: structlog.stdlib.BoundLogger,
        reader: PageReader | None = None,
        budget: timedelta = BUDGET,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`ways` in order, the extract not among them: it is what remains when they fail. `reader` gives the other ways
        the articles of feeds that have but teasers."""
        self._of_feed = [(way, Breaker(clock)) for way in ways if way.made_by is MadeBy.FEED]
        self._others = [(way, Breaker(clock)) for way in ways if way.made_by is not MadeBy.FEED]
        self._reader = reader
        self._extract = extract
        self._guard = guard
        self._log = log
        self._budget = budget.total_seconds()

    async def brief(self, item: Item) -> Brief:
        """A brief of the item; never raises for its content, never takes longer than the budget."""
        deadline = asyncio.get_running_loop().time() + self._budget
        if made := await self._first(self._of_feed, source_of(item), deadline):
            return made
        source = source_of(await self._reader.full_text(item) if self._reader else item)
        return await self._first(self._others, source, deadline) or self._extract.brief(source)

    async def _first(self, ways: Sequence[tuple[Way, Breaker]], source: Source, deadline: float) -> Brief | None:
        for way, breaker in ways:
            if not breaker.resting and (made := await self._try(way, breaker, source, deadline)):
                return made
        return None

    async def _try(self, way: Way, breaker: Breaker, source: Source, deadline: float) -> Brief | None:
        """One way's brief, or None with the reason in the log."""
        if asyncio.get_running_loop().time() >= deadline:
            return None
        log = self._log.bind(way=way.name, url=source.url)
        try:
            async with asyncio.timeout_at(deadline):
                made = await way.make(source)
            if made is not None and way.made_by in _GUARDED:
                self._guard.check(made, source)
        except BriefRefused as refused:
            breaker.answered()
            log.info("brief refused", reason=str(refused))
        except WayUnavailable as down:
            breaker.failed()
            log.warning("way unavailable", reason=str(down))
        except TimeoutError:
            breaker.failed()
            log.warning("way unavailable", reason="budget spent")
        except Exception:  # a fault in one way must not cost people the alert; it is logged whole
            breaker.failed()
            log.exception("way failed")
        else:
            breaker.answered()
            return made
        return None
