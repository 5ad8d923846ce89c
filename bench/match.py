"""How long matching one item takes against thousands of keywords, beside trying a regular expression for each.

    python bench/match.py [--documents N] [--keywords 1000 10000 100000] [--seed N]

Documents and keywords are made up from a skewed vocabulary; 30 % are Chinese. Figures are microseconds a document;
compare the ratios of one run, absolute figures drift with the machine.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.matching.document import Document
from bot.matching.index import KeywordIndex
from bot.matching.query import canonical, parse
from bot.model import Item, KeywordId

CHINESE_SHARE = 0.3
SAMPLE = 200  # expressions timed; the rest is scaled, as their cost is linear
SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in ("a", "e", "i", "o", "u", "an", "er", "is")]


class Language:
    """A vocabulary whose n-th word is about n times rarer than its first, as in real texts; short words come first."""

    def __init__(self, rng: random.Random, words: int) -> None:
        self._rng = rng
        characters = [chr(0x4E00 + place) for place in rng.sample(range(20_000), 3_000)]
        self._english = self._distinct(SYLLABLES, words)
        self._chinese = self._distinct(characters, words)
        self._weights = list(itertools.accumulate(1 / (rank + 20) for rank in range(words)))

    def _distinct(self, pieces: Sequence[str], count: int) -> list[str]:
        words: dict[str, None] = {}
        while len(words) < count:
            words["".join(self._rng.choices(pieces, k=self._rng.choice((1, 2, 2, 3, 3, 4))))] = None
        return sorted(words, key=len)

    def words(self, count: int, *, chinese: bool = False) -> list[str]:
        """Words as often as a text has them."""
        vocabulary = self._chinese if chinese else self._english
        return self._rng.choices(vocabulary, cum_weights=self._weights, k=count)

    def keyword(self) -> str:
        """A query: a Chinese name; or words, rare ones among them, as people ask for names more than for verbs."""
        if self._rng.random() < CHINESE_SHARE:
            return "".join(self._rng.choices(self._chinese[len(self._chinese) // 10 :], k=self._rng.choice((1, 2))))
        words = self._rng.choices(self._english, k=self._rng.choice((1, 1, 2))) + self.words(self._rng.choice((0, 1)))
        spelled = " ".join(words)
        return self._rng.choice((spelled, spelled, f'"{spelled}"', f"{spelled} -{self.words(1)[0]}"))

    def item(self, number: int) -> Item:
        """A title and about 1,500 characters of text."""
        if self._rng.random() < CHINESE_SHARE:
            text = "".join("".join(self.words(8, chinese=True)) + self._rng.choice("，。") for _ in range(75))
            return Item(guid=str(number), url="", title=text[:24], text=text, language="zh")
        text = ". ".join(" ".join(self.words(12)) for _ in range(20))
        return Item(guid=str(number), url="", title=" ".join(self.words(9)), text=text, language="en")


def timed(work: Callable[[Item], object], items: Sequence[Item]) -> list[float]:
    """Microseconds for each item, ascending."""
    times = []
    for item in items:
        began = time.perf_counter()
        work(item)
        times.append((time.perf_counter() - began) * 1e6)
    return sorted(times)


def percentile(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))]


def expression(query: str) -> re.Pattern[str]:
    """About what a bot without an index would run: all words, whole and in order."""
    words = re.findall(r"[^\s\"]+", query.partition(" -")[0])
    chinese = not query.isascii()
    return re.compile(".*".join(map(re.escape, words)) if chinese else r"\b.*\b".join(words), re.IGNORECASE | re.DOTALL)


def regex_loop(queries: list[str], items: Sequence[Item]) -> float:
    """Microseconds (median) to try every query's expression on an item, scaled from a sample."""
    sample = [expression(query) for query in queries[:SAMPLE]]

    def work(item: Item) -> None:
        text = f"{item.title}\n{item.text}"
        for pattern in sample:
            pattern.search(text)

    return percentile(timed(work, items), 0.5) * len(queries) / len(sample)


def build(queries: list[str]) -> tuple[KeywordIndex, float]:
    """An index of the queries, and microseconds for each to come in."""
    index = KeywordIndex()
    spellings = [canonical(parse(query)) for query in queries]
    began = time.perf_counter()
    for number, spelling in enumerate(spellings):
        index.add(KeywordId(number), spelling)
    return index, (time.perf_counter() - began) / len(queries) * 1e6


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=200)
    options.add_argument("--keywords", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    language = Language(random.Random(chosen.seed), words=50_000)
    items = [language.item(number) for number in range(chosen.documents)]
    for item in items:  # fold and stem each word once, as a running bot has
        Document(item).fields[1].stem_places  # noqa: B018 - computed on first use
    prepared = timed(Document.of, items)
    print(f"{'keywords':>9} {'p50 µs':>9} {'p99 µs':>9} {'hits':>6} {'add µs':>7} {'regex µs':>12} {'× regex':>8}")
    print(f"{'(tokens)':>9} {percentile(prepared, 0.5):9.0f} {percentile(prepared, 0.99):9.0f}")
    for count in chosen.keywords:
        queries = [language.keyword() for _ in range(count)]
        index, add = build(queries)
        gc.freeze()  # a long-lived index need not be walked by every collection
        hits = sum(len(index.match(Document(item))) for item in items) / len(items)
        times = timed(lambda item, index=index: index.match(Document(item)), items)
        p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
        regex = regex_loop(queries, items[:10])
        print(f"{count:9,} {p50:9.0f} {p99:9.0f} {hits:6.1f} {add:7.0f} {regex:12,.0f} {regex / p50:8.0f}")


if __name__ == "__main__":
    main()
