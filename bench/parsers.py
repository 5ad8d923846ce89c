"""Whether the quick reader gives just what feedparser gives, how often it hands over to it, and what it saves.

Run: python -m bench.parsers [FOLDER…]    (default: the documents of the tests)
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

from bot.feeds.charset import decode
from bot.feeds.document import Document
from bot.feeds.entry import Entry, Heading
from bot.feeds.fields import entry_of
from bot.feeds.heading import heading_of
from bot.feeds.prolog import MAX_ITEMS, Refused, prepare
from bot.feeds.quickxml import HandOver, read_or_hand_over
from bot.feeds.xmlfeed import read_xml_feed

URL = "https://feeds.example/a/feed.xml"
T = TypeVar("T")


@dataclass
class Tally:
    """What was seen of one collection."""

    quick: list[float] = field(default_factory=list)
    feedparser: list[float] = field(default_factory=list)  # of the documents that the quick reader read
    handed_over: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    differ: list[str] = field(default_factory=list)
    items: int = 0


def by_feedparser(text: str) -> tuple[Heading, list[Entry]]:
    version, feed, found = read_xml_feed(text, URL)
    if not version and not found:
        raise Refused("unknown format")
    return heading_of(feed, url=URL, text=text), [entry_of(entry, URL) for entry in found]


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """The result and the shortest time of three runs."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return result, min(times)


def look(path: Path, tally: Tally) -> None:
    try:
        text = prepare(decode(path.read_bytes(), ""))
    except Refused:
        tally.refused += 1
        return
    try:
        quick, took = timed(lambda: read_or_hand_over(text, URL))
    except HandOver as reason:
        tally.handed_over[str(reason)] += 1
        return
    try:
        slow, slow_took = timed(lambda: by_feedparser(text))
    except Refused:
        tally.differ.append(f"{path}: no feed for feedparser")
        return
    tally.quick.append(took)
    tally.feedparser.append(slow_took)
    ours, theirs = (Document.of(heading, list(islice(entries, MAX_ITEMS))) for heading, entries in (quick, slow))
    tally.items += len(ours.entries)
    if ours.heading != theirs.heading:
        tally.differ.append(f"{path}: heading")
    elif ours.items() != theirs.items():
        tally.differ.append(f"{path}: items")


def collections(folders: list[Path]) -> Iterator[tuple[str, list[Path]]]:
    """Each folder's own folders, or the folder itself where it has none."""
    for folder in folders:
        for part in sorted(path for path in folder.iterdir() if path.is_dir()) or [folder]:
            yield part.name, sorted(path for path in part.rglob("*") if path.is_file() and path.suffix != ".json")


def main(folders: list[Path]) -> None:
    whole = Tally()
    print(
        f"{'':26}{'quick':>7}{'handed over':>12}{'no feed':>8}{'differ':>7}{'feedparser':>12}{'quick':>10}{'ratio':>7}"
    )
    for name, paths in collections(folders):
        tally = Tally()
        for path in paths:
            look(path, tally)
        show(name, tally)
        for one, more in zip(vars(whole).values(), vars(tally).values(), strict=True):
            one.extend(more) if isinstance(one, list) else one.update(more) if isinstance(one, Counter) else None
        whole.refused += tally.refused
        whole.items += tally.items
    show("all", whole)
    print("handed over:", ", ".join(f"{count} {reason}" for reason, count in whole.handed_over.most_common(25)))
    for difference in whole.differ[:40]:
        print("DIFFERS", difference)


def show(name: str, tally: Tally) -> None:
    slow, quick = (statistics.fmean(times or [0.0]) * 1000 for times in (tally.feedparser, tally.quick))
    ratio = f"{slow / quick:7.1f}" if quick else ""
    print(
        f"{name:26}{len(tally.quick):7}{tally.handed_over.total():12}{tally.refused:8}{len(tally.differ):7}"
        f"{slow:9.2f} ms{quick:7.2f} ms{ratio}"
    )


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or [Path("tests/data/feeds")])
