"""Real texts for benches, from a folder of corpora: feeds, tables of text pairs, and lines of parallel text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import accumulate, islice
from pathlib import Path
from random import Random

from bot.errors import NotAFeed
from bot.feeds.parse import parse
from bot.model import Item

_BEGINNING = re.compile(r"(?:[\u3400-\u9fff]\W*){1,24}|(?:\S+\s*){1,12}")
_LONGEST_TITLE = 200  # characters
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


def titled(text: str) -> tuple[str, str]:
    """Title and text of a text that has both. Its first line is the title, or its first words where the title has run
    into the text."""
    first, _, rest = text.strip().partition("\n")
    if rest and len(first) < _LONGEST_TITLE:
        return first, rest.strip()
    found = _BEGINNING.match(text.strip())
    return found[0].strip() if found else "", text.strip()


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
                    yield row.get(f"lang{side}", ""), *titled(row.get(f"text{side}", ""))
    elif path.suffix in {".en", ".zh"}:
        for lines in _groups(path):
            yield path.suffix[1:], lines[0], "\n".join(lines)


def _groups(path: Path) -> Iterator[list[str]]:
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    while group := list(islice(lines, LINES)):
        yield group


_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in ("a", "e", "i", "o", "u", "an", "er", "is")]


def made_up(rng: Random, count: int, words: int = 50_000) -> list[Item]:
    """Items in two languages that do not exist, with titles and about 1,500 characters of text; the n-th word of each
    is about n times rarer than its first, as in real texts, short words come first, and every tenth is a name."""
    characters = [chr(0x4E00 + place) for place in rng.sample(range(20_000), 3_000)]
    weights = list(accumulate(1 / (rank + 20) for rank in range(words)))
    english, chinese = _vocabulary(rng, _SYLLABLES, words), _vocabulary(rng, characters, words)
    english[::10] = [word.title() for word in english[::10]]

    def some(vocabulary: list[str], number: int) -> list[str]:
        return rng.choices(vocabulary, cum_weights=weights, k=number)

    items = []
    for number in range(count):
        if rng.random() < 0.3:
            text = "".join("".join(some(chinese, 8)) + rng.choice("，。") for _ in range(75))
            items.append(Item(guid=str(number), url="", title=text[:24], text=text, language="zh"))
        else:
            text = ". ".join(" ".join(some(english, 12)) for _ in range(20))
            items.append(Item(guid=str(number), url="", title=" ".join(some(english, 9)), text=text, language="en"))
    return items


def _vocabulary(rng: Random, pieces: list[str], count: int) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < count:
        words["".join(rng.choices(pieces, k=rng.choice((1, 2, 2, 3, 3, 4))))] = None
    return sorted(words, key=len)
