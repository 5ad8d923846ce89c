"""What the pages are made of: every part they look at or act on, handed in by whoever puts the program together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.model import Activity, Overview, Queues
from bot.ports import (
    ActivityBook,
    Bell,
    ChatBook,
    ChatSheets,
    DeliverySheets,
    FeedSheets,
    FeedTest,
    KeywordBook,
    KeywordSheets,
    LogTail,
    Oversight,
    PlaceBook,
    Speech,
    SpendingDays,
    StorySheets,
    SubscriptionBook,
)
from bot.web.pages.access import Attempts, Doorkeeper

Value = TypeVar("Value")

FRESH = timedelta(seconds=5)  # whoever looks more often gets the same again
HOURS = 24
SAMPLES = 24 * 60  # of the queue, one a minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is told of the program as it is set up: name of the model, limits a day (0: none), and how often what
    happened since this process began, by the name of the event and its outcome."""

    model: str = ""
    translators: tuple[str, ...] = ()
    tokens_a_day: int = 0
    money_a_day: float = 0
    counts: Callable[[str], Mapping[str, float]] = lambda _event: {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The parts. `checks` is what /readyz answers: for each part an empty string, or what is wrong with it."""

    doorkeeper: Doorkeeper
    clock: Callable[[], datetime]
    version: str
    checks: Callable[[], Awaitable[dict[str, str]]]
    speech: Speech
    oversight: Oversight
    activity: ActivityBook
    feeds: FeedSheets
    chats: ChatSheets
    chat_book: ChatBook
    places: PlaceBook
    subscriptions: SubscriptionBook
    keyword_book: KeywordBook
    keywords: KeywordSheets
    stories: StorySheets
    deliveries: DeliverySheets
    spending: SpendingDays
    feed_test: FeedTest
    log: LogTail
    bell: Bell
    figures: Figures
    attempts: Attempts = field(default_factory=Attempts)


class Fresh(Generic[Value]):
    """A value that is read once for all who ask for it within some seconds."""

    def __init__(self, read: Callable[[], Awaitable[Value]], clock: Callable[[], datetime]) -> None:
        self._read = read
        self._clock = clock
        self._turn = asyncio.Lock()
        self._kept: tuple[datetime, Value] | None = None

    async def __call__(self) -> Value:
        """The value, not older than FRESH."""
        async with self._turn:
            now = self._clock()
            if self._kept and timedelta() <= now - self._kept[0] < FRESH:
                return self._kept[1]
            value = await self._read()
            self._kept = (now, value)
            return value


class Pulse:
    """What the first page shows of the whole program, and how much waited since this process began."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.overview: Fresh[Overview] = Fresh(lambda: desk.oversight.overview(now=desk.clock()), desk.clock)
        self.queues: Fresh[Queues] = Fresh(lambda: desk.oversight.queues(now=desk.clock()), desk.clock)
        self.activity: Fresh[Activity] = Fresh(
            lambda: desk.activity.activity(hours=HOURS, now=desk.clock()), desk.clock
        )
        self.samples: deque[tuple[datetime, int]] = deque(maxlen=SAMPLES)

    async def sample(self) -> None:
        """Note how much waits now; to be called once a minute."""
        waiting = await self.queues()
        self.samples.append((self._desk.clock(), sum(count for count, _ in waiting.deliveries.values())))
