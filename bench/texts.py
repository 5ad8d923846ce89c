"""Real texts for benches, from a folder of corpora: feeds, tables of text pairs, and lines of parallel text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bot.errors import NotAFeed
from bot.feeds.parse import parse
from bot.model import Item

SHORTEST = 200  # characters
LINES = 8  # of parallel text make one document
_FEEDS = frozenset({".xml", ".rss", ".atom", ".rdf"})


def items_of(folder: Path) -> list[Item]:
    """An item of each text that is not very short, every text once, in an order that does not change."""
    found: dict[str, Item] = {}
    for path in sorted(folder.rglob("*")):
        for language, title, text in _texts(path):
            if len(text) >= SHORTEST:
                found.setdefault(text, Item(guid=f"{len(found)}", url="", title=title, text=text, language=language))
    return list(found.values())


def _texts(path: Path) -> Iterator[tuple[str, str, str]]:
    """Language, title and text."""
    if path.suffix in _FEEDS:
        try:
            parsed = parse(path.read_bytes(), url="https://feeds.example/rss")
        except NotAFeed:
            return
        yield from ((item.language, item.title, item.text) for item in parsed.items)
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                for side in "12":
                    title, _, text = row.get(f"text{side}", "").partition("\n")
                    yield row.get(f"lang{side}", ""), title, text or title
    elif path.suffix in {".en", ".zh"}:
        for lines in _groups(path):
            yield path.suffix[1:], lines[0], "\n".join(lines)


def _groups(path: Path) -> Iterator[list[str]]:
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    while group := list(islice(lines, LINES)):
        yield group
