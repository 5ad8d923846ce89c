"""What was done lately, hour by hour, counted where someone looks, so that nothing is kept for it.

No index has the time at which a delivery was finished: each would be written for each alert. But ids grow with time, so
the newest deliveries lie side by side and are looked through. Delays come as a histogram, which is some hundred rows of
however many alerts.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Dialect,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ActiveHour, Activity, Delay
from bot.storage.engine import Database
from bot.storage.rows import AnySelect, stands_alone
from bot.storage.sheets import items_by_hour, last_hours, unindexed
from bot.storage.states import FAILED, SENT
from bot.storage.tables import deliveries, items
from bot.storage.uninterrupted import uninterrupted

LOOKED_AT = 40_000  # deliveries
MEASURED = 10_000  # alerts whose delays are taken: where there are more, of one in so many
# The bounds of the histogram: each is so much more than the one before, and its middle a tenth off either at most.
STEP = 1.2
SHORTEST = 0.01  # seconds; what took less counts as this
_STEPS = 1 / math.log(STEP)
_DAY = 86_400


@uninterrupted
class ActivityStore:
    """Implements ActivityBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def activity(self, *, hours: int, now: datetime) -> Activity:
        """See ActivityBook. The newest `LOOKED_AT` deliveries are counted, and the delays of up to `MEASURED` taken."""
        starts = last_hours(now, hours)
        async with self._database.read() as connection:
            came = await items_by_hour(connection, starts)
            newest = await connection.scalar(select(func.max(deliveries.c.id))) or 0
            lately = and_(deliveries.c.id > newest - LOOKED_AT, deliveries.c.finished >= starts[0])
            ended = await _ended(connection, lately)
            each = 1 + sum(many for (_, state), many in ended.items() if state == SENT) // MEASURED
            delays = await _delays(connection, lately, deliveries.c.id % each == 0)
            oldest = select(deliveries.c.created).where(deliveries.c.id <= newest - LOOKED_AT)
            before = await connection.scalar(oldest.order_by(deliveries.c.id.desc()).limit(1))
        return Activity(
            hours=tuple(
                ActiveHour(
                    start=start,
                    items=came.get(start, 0),
                    sent=ended[start, SENT],
                    failed=ended[start, FAILED],
                    delay=_delay(delays[start]),
                )
                for start in starts
            ),
            to_seen=_delay(delays["seen"]),
            to_sent=_delay(delays["sent"]),
            overall=_delay(sum((delays[start] for start in starts), Counter())),
            cut=before is not None and before >= starts[0],
        )


async def _ended(connection: AsyncConnection, lately: ColumnElement[bool]) -> Counter[tuple[datetime, str]]:
    """How many alerts ended in each hour, by how."""
    hour, state = _hour(connection.dialect, deliveries.c.finished), unindexed(deliveries.c.state)
    ended = (
        select(hour, func.count().filter(state == SENT), func.count().filter(state == FAILED))
        .where(lately, state.in_([SENT, FAILED]), deliveries.c.item_id.is_not(None))
        .group_by(hour)
    )
    found: Counter[tuple[datetime, str]] = Counter()
    for begun, sent, failed in await connection.execute(ended):
        found[_start(begun), SENT], found[_start(begun), FAILED] = sent, failed
    return found


Histogram = Counter[int]


async def _delays(connection: AsyncConnection, *those: ColumnElement[bool]) -> Mapping[datetime | str, Histogram]:
    """From being published to being in the chat by the hour in which that was, and the two parts of it ("seen",
    "sent") of all hours together."""
    at_once = and_(deliveries.c.held_by == "", stands_alone(), ~items.c.late)
    dialect = connection.dialect
    alerts = (
        select(
            _hour(dialect, deliveries.c.finished).label("hour"),
            _bound(dialect, items.c.published, deliveries.c.finished).label("whole"),
            _bound(dialect, items.c.published, items.c.seen).label("seen"),
            _bound(dialect, items.c.seen, deliveries.c.finished).label("sent"),
        )
        .select_from(deliveries.join(items, items.c.id == deliveries.c.item_id))
        .where(*those, unindexed(deliveries.c.state) == SENT, at_once)
        .cte("alerts")
    )
    hour, whole, seen, sent = alerts.c
    parts: list[AnySelect] = [
        select(literal("").label("part"), hour, whole, func.count()).where(whole.is_not(None)).group_by(hour, whole),
        select(literal("seen"), null(), seen, func.count()).where(seen.is_not(None)).group_by(seen),
        select(literal("sent"), null(), sent, func.count()).where(sent.is_not(None)).group_by(sent),
    ]
    found: defaultdict[datetime | str, Histogram] = defaultdict(Counter)
    for part, begun, bound, count in await connection.execute(union_all(*parts)):
        found[part or _start(begun)][bound] += count
    return found


def _hour(dialect: Dialect, time: ColumnElement[Any]) -> ColumnElement[Any]:
    """The hour in which that was, for `_start`."""
    return func.substr(time, 1, 13) if dialect.name == "sqlite" else func.date_trunc("hour", time, "UTC")


def _start(hour: str | datetime) -> datetime:
    """When an hour begins: SQLite has times as text."""
    return datetime.fromisoformat(f"{hour}:00+00:00") if isinstance(hour, str) else hour.astimezone(UTC)


def _bound(dialect: Dialect, since: ColumnElement[Any], until: ColumnElement[Any]) -> ColumnElement[int]:
    """Between which bounds of the histogram that time is; NULL where one of the two is. What a feed dates later than
    now took no time."""
    if dialect.name == "sqlite":
        days = func.julianday(until) - func.julianday(since)
        return cast(func.ln(func.max(days * (_DAY / SHORTEST), 1.0)) * _STEPS, BigInteger)
    both = and_(since.is_not(None), until.is_not(None))  # its "greatest" passes over NULL
    steps = func.greatest(func.date_part("epoch", until - since) / SHORTEST, 1.0)
    return case((both, cast(func.floor(func.ln(steps) * _STEPS), BigInteger)), else_=null())


def _delay(histogram: Histogram) -> Delay | None:
    count = histogram.total()
    if not count:
        return None
    bounds = sorted(histogram)
    return Delay(count=count, p50=_percentile(histogram, bounds, 0.5), p99=_percentile(histogram, bounds, 0.99))


def _percentile(histogram: Histogram, bounds: Iterable[int], share: float) -> timedelta:
    """What that share of all took at most: the middle between two bounds."""
    wanted = math.ceil(histogram.total() * share)
    for bound in bounds:
        wanted -= histogram[bound]
        if wanted <= 0:
            return timedelta(seconds=SHORTEST * STEP ** (bound + 0.5))
    raise AssertionError
