"""Other engines for many phrases at a time, to compare with: those of them that are installed.

They get the folded text of a document, as they fold nothing themselves, and know nothing of words or inflections: `art`
in `party` is a hit. The phrases are all that they could take of the keywords.
"""

from __future__ import annotations

import gc
import importlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from bot.matching.document import Document
from bot.matching.index import KeywordIndex
from bot.model import Item, KeywordId
from bot.text.chinese import HAN
from bot.text.fold import fold
from bot.text.tokens import columns

Search = Callable[[Item], object]
PAGE = Path("/proc/self/statm")


class Engine(NamedTuple):
    """A library by its name on the package index and for import, and how a search for phrases is built with it."""

    name: str
    module: str
    build: Callable[[ModuleType, Sequence[str]], Search]

    def measured(self, phrases: Sequence[str], items: Sequence[Item]) -> str:
        """Microseconds a document (p50 and p99), seconds and megabytes to build; or that it is not installed."""
        try:
            module = importlib.import_module(self.module)
        except ImportError:
            return "not installed"
        gc.collect()
        before, began = _megabytes(), time.perf_counter()
        try:
            search = self.build(module, phrases)
        except Exception as error:  # noqa: BLE001 - some give up on a million phrases, and that is the result
            return f"fails: {error!r:.60}"
        built, grown = time.perf_counter() - began, _megabytes() - before
        times = []
        for item in items:
            began = time.perf_counter()
            search(item)
            times.append((time.perf_counter() - began) * 1e6)
        times.sort()
        p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
        return f"{p50:8.0f} {p99:8.0f} {built:9.1f} {grown:6.0f}"


def _megabytes() -> float:
    return int(PAGE.read_text().split()[1]) * 4 / 1024 if PAGE.exists() else 0.0


def _folded(item: Item) -> str:
    return fold(f"{item.title}\n{item.text}")


def _pyahocorasick(module: ModuleType, phrases: Sequence[str]) -> Search:
    automaton = module.Automaton()
    for number, phrase in enumerate(phrases):
        automaton.add_word(phrase, number)
    automaton.make_automaton()
    return lambda item: {number for _, number in automaton.iter(_folded(item))}


def _ahocorasick_rs(module: ModuleType, phrases: Sequence[str]) -> Search:
    automaton = module.AhoCorasick(phrases)
    return lambda item: {number for number, _, _ in automaton.find_matches_as_indexes(_folded(item), overlapping=True)}


def _daachorse(module: ModuleType, phrases: Sequence[str]) -> Search:
    automaton = module.CharwiseDoubleArrayAhoCorasick(phrases, use_prefilter=False)
    return lambda item: {number for _, _, number in automaton.find_overlapping(_folded(item))}


def _hyperscan(module: ModuleType, phrases: Sequence[str]) -> Search:
    database = module.Database()
    expressions = [phrase.encode() for phrase in phrases]
    flags = [module.HS_FLAG_SINGLEMATCH | module.HS_FLAG_UTF8] * len(expressions)
    database.compile(expressions=expressions, ids=list(range(len(expressions))), flags=flags)

    def search(item: Item) -> set[int]:
        found: set[int] = set()
        database.scan(_folded(item).encode(), match_event_handler=lambda number, *_: found.add(number))
        return found

    return search


def _mokaccino(module: ModuleType, phrases: Sequence[str]) -> Search:
    """A percolator knows no order: a phrase is all of its words."""
    percolator = module.Percolator()
    for phrase in phrases:
        words = dict.fromkeys(columns(phrase).terms)
        percolator.add_query(module.Query.from_and([module.Query.from_kv("word", word) for word in words]))

    def search(item: Item) -> list[int]:
        document = module.Document()
        for word in set(columns(_folded(item)).terms):
            document.add_value("word", word)
        found: list[int] = percolator.percolate_list(document)
        return found

    return search


def _re2(module: ModuleType, phrases: Sequence[str]) -> Search:
    expressions = module.Set.SearchSet()
    for phrase in phrases:
        expressions.Add(module.escape(phrase))
    expressions.Compile()
    return lambda item: expressions.Match(_folded(item))


def _regex(module: ModuleType, phrases: Sequence[str]) -> Search:
    pattern = module.compile("|".join(map(module.escape, sorted(phrases, key=len, reverse=True))))
    return lambda item: pattern.findall(_folded(item))


def _diting(_: ModuleType, phrases: Sequence[str]) -> Callable[[Item], object]:
    index = KeywordIndex()
    for number, phrase in enumerate(phrases):
        index.add(KeywordId(number), phrase if HAN.match(phrase) else f'"{phrase}"')
    return lambda item: index.match(Document(item))


ENGINES = (
    Engine("Diting", "bot.matching.index", _diting),
    Engine("pyahocorasick", "ahocorasick", _pyahocorasick),
    Engine("ahocorasick-rs", "ahocorasick_rs", _ahocorasick_rs),
    Engine("daachorse", "daachorse", _daachorse),
    Engine("hyperscan", "hyperscan", _hyperscan),
    Engine("mokaccino", "mokaccino", _mokaccino),
    Engine("google-re2 Set", "re2", _re2),
    Engine("re, one alternation", "re", _regex),
)
