"""What is wrong with the bot as a whole, since when, and what its owners are to be told of it. Pure bookkeeping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import (
    AnotherPoller,
    DeliveryError,
    DitingError,
    MessageRefused,
    PlatformDown,
    StorageFull,
    TokenRefused,
)
from bot.model import Platform, Trouble, TroubleKind
from bot.work.loop import Clock

# What shows again and again while it lasts is over when it has not shown for so long.
FRESH = timedelta(minutes=2)
# A platform that is away for less is nothing to wake anybody for: alerts wait and go out by themselves.
DOWN_FOR = timedelta(minutes=10)
TOLD_FOR = timedelta(hours=1)
AGAIN_AFTER = timedelta(minutes=1)  # when no owner could be reached

_LASTING = frozenset({TroubleKind.TOKEN_REFUSED})  # there until the platform answers well
_ANSWERED = frozenset({TroubleKind.TOKEN_REFUSED, TroubleKind.PLATFORM_DOWN})  # what an answer ends
# The first that fits. What is none of these was not raised on purpose.
_KINDS: tuple[tuple[type[Exception], TroubleKind | None], ...] = (
    (TokenRefused, TroubleKind.TOKEN_REFUSED),
    (AnotherPoller, TroubleKind.SECOND_POLLER),
    (PlatformDown, TroubleKind.PLATFORM_DOWN),
    (StorageFull, TroubleKind.DISK_FULL),
    (MessageRefused, TroubleKind.DELIVERY_FAULT),  # in its plainest form, too
    (DitingError, None),
)
_Place = tuple[TroubleKind, Platform | None]


class Troubles:
    """Implements `bot.ports.Watch`, and says what is wrong now and what was not told yet.

    It tells nobody itself. Each process has its own.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._met: dict[_Place, Trouble] = {}
        self._quiet_until: dict[_Place, datetime] = {}

    def ill(self, error: Exception, platform: Platform | None = None) -> None:
        """See Watch."""
        kind = _kind_of(error)
        if kind is None:
            return
        now, reason = self._clock(), _reason_of(error)
        new = Trouble(kind=kind, platform=platform, since=now, seen=now, reason=reason)
        old = self._met.get((kind, platform))
        if old and self._lasts(old, now):
            new = replace(old, seen=now, reason=reason)
        self._met[kind, platform] = new

    def well(self, platform: Platform) -> None:
        """See Watch."""
        for kind in _ANSWERED:
            self._met.pop((kind, platform), None)

    def now(self, platform: Platform | None = None) -> list[Trouble]:
        """What is wrong at this time with a platform, or with the database."""
        now = self._clock()
        return [one for one in self._met.values() if one.platform is platform and self._lasts(one, now)]

    def untold(self) -> Iterator[Trouble]:
        """What the owners are to be told now."""
        now = self._clock()
        for place, trouble in list(self._met.items()):
            ripe = trouble.kind is not TroubleKind.PLATFORM_DOWN or now - trouble.since >= DOWN_FOR
            if ripe and self._lasts(trouble, now) and not self._is_quiet(place, now):
                yield trouble

    def told(self, trouble: Trouble, *, reached: bool) -> None:
        """The owners were told; where none was reached, they are to be told again soon."""
        self._quiet_until[trouble.kind, trouble.platform] = self._clock() + (TOLD_FOR if reached else AGAIN_AFTER)

    def is_refused(self, platform: Platform) -> bool:
        """Whether the platform refuses our token."""
        return (TroubleKind.TOKEN_REFUSED, platform) in self._met

    def is_dead(self, platform: Platform) -> bool:
        """Whether nobody can be told anything there."""
        return any(one.kind in _ANSWERED for one in self.now(platform))

    def _lasts(self, trouble: Trouble, now: datetime) -> bool:
        return trouble.kind in _LASTING or abs(now - trouble.seen) < FRESH  # the clock may have been set back

    def _is_quiet(self, place: _Place, now: datetime) -> bool:
        until = self._quiet_until.get(place)
        # A clock that was set back must not keep it quiet for as much longer.
        return until is not None and now < until <= now + TOLD_FOR


def _kind_of(error: Exception) -> TroubleKind | None:
    fitting = (kind for cause, kind in _KINDS if isinstance(error, cause))
    return next(fitting, TroubleKind.DELIVERY_FAULT)


def _reason_of(error: Exception) -> str:
    # A bug's own words may hold what people wrote.
    return error.reason if isinstance(error, DeliveryError) else type(error).__name__
