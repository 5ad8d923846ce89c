"""What people look back at: alerts and items to be counted, what rises, and charts of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.ids import FeedId, ItemId


@dataclass(frozen=True, slots=True)
class Sent:
    """An alert that was sent: when, by which keywords (as typed; none: the chat takes everything), from which feed."""

    at: datetime
    keywords: tuple[str, ...]
    feed: str


@dataclass(frozen=True, slots=True)
class Titled:
    """An item as far as its title tells of it. `seen` is when a poll first brought it (UTC)."""

    id: ItemId
    feed: FeedId
    title: str
    url: str
    language: str
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """A name or phrase that rises: how many items of how many feeds have it now, how many had been usual in as long a
    time (by the days before), and the newest title that has it. `phrases` are its commonest spellings, one a script."""

    phrases: tuple[str, ...]
    items: int
    feeds: int
    usual: float
    example: Titled


@dataclass(frozen=True, slots=True)
class Stacked:
    """Bars of several series on one another; `values` of a series has a number for each label."""

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Bars side by side, the longest first."""

    title: str
    bars: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A field of cells: `values[row][column]`."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of one or more panels, in words of the reader's language."""

    title: str
    panels: tuple[Stacked | Ranked | HeatMap, ...]
    note: str = ""
