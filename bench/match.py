"""How long it takes to find the keywords that an item answers, beside trying a regular expression for each.

    python -m bench.match [--documents N] [--keywords 10000 100000 1000000] [--seed N] [--peers] [FOLDER]

With FOLDER, documents and keywords are made of the texts in it (feeds, tables of text pairs, lines of parallel text);
without, of a made-up language. 30 % of the keywords are Chinese, and of the documents if there are so many. Of 100
keywords 40 are names and phrases, 20 words near each other, 10 have operators. --peers times other engines on the plain
phrases, as far as they are installed: pyahocorasick, ahocorasick-rs, daachorse, hyperscan, mokaccino, google-re2.

Documents are matched one after the other, each once: its text is folded, tokenized and stemmed within the time.
Compare the ratios of one run, absolute figures drift with the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import math
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.engines import ENGINES
from bench.texts import items_of, made_up
from bot.errors import QueryError
from bot.matching.document import Document
from bot.matching.index import KeywordIndex
from bot.matching.query import canonical, parse
from bot.model import Item, KeywordChange, KeywordId
from bot.work.follow import follow

CHINESE_SHARE = 0.3
SAMPLE = 500  # expressions timed; the rest is scaled, as their cost is linear
PAGE = Path("/proc/self/statm")


class Askers:
    """What people ask for, in the words of the texts: names with or without a topic, one in five as a text has them."""

    def __init__(self, items: Sequence[Item], rng: random.Random) -> None:
        self._rng = rng
        latin = [re.findall(r"[^\W\d_]{2,}", item.text) for item in items if not item.language.startswith("zh")]
        words = Counter(word for text in latin for word in text)
        # Names are written with a capital nearly everywhere, other words where a sentence begins.
        small = Counter({word.lower(): count for word, count in words.items() if word.islower()})
        names = [word for word, count in words.items() if word[0].isupper() and count > 4 * small[word.lower()]]
        known = frozenset(names)
        self._texts = [(text, place) for text in latin for place in range(len(text) - 3) if text[place] in known]
        self._topics = self._drawn({word: math.sqrt(count) for word, count in words.items()})
        self._names = self._drawn(dict.fromkeys(names, 1.0))
        self._runs = [
            run
            for item in items
            if item.language.startswith("zh")
            for run in re.findall("[\u4e00-\u9fff]{2,}", item.text)
        ]
        pairs = Counter(run[place : place + 2] for run in self._runs for place in range(len(run) - 1))
        self._pairs = self._drawn({pair: math.sqrt(count) for pair, count in pairs.items()})

    def _drawn(self, weights: dict[str, float]) -> Iterator[str]:
        values, heaped = list(weights), list(itertools.accumulate(weights.values()))
        while True:
            yield from self._rng.choices(values, cum_weights=heaped, k=10_000)

    def keyword(self) -> str:
        """A query as typed."""
        kind = self._rng.random()
        if kind < CHINESE_SHARE:
            return self._chinese()
        return self._operators() if kind < 0.4 else self._near() if kind < 0.6 else self._phrase()

    def _phrase(self) -> str:
        count = self._rng.choice((1, 2, 2, 2, 2, 2, 2, 3))
        if count == 1:
            return next(self._names)
        if self._rng.random() < 0.2:
            return f'"{self._said(count)}"'
        return f'"{" ".join(itertools.islice(self._names, count))}"'

    def _said(self, count: int) -> str:
        words, start = self._rng.choice(self._texts)
        return " ".join(words[start : start + count])

    def _near(self) -> str:
        return " ".join([next(self._names), *itertools.islice(self._topics, self._rng.choice((1, 1, 2)))])

    def _operators(self) -> str:
        name, topic, other = next(self._names), next(self._topics), next(self._topics)
        form = self._rng.choice(
            ("{0} AND ({1} OR {2})", "{0} {1} -{2}", '"{0} {1}" OR {0} {2}', "title:{0} {1}", "{0} AND {3}", "{0} {4}*")
        )
        return form.format(name, topic, other, next(self._pairs), topic[:4])

    def _chinese(self) -> str:
        if self._rng.random() < 0.2:
            run = self._rng.choice(self._runs)
            length = self._rng.choice((2, 3, 3, 4, 4, 5, 6))
            start = self._rng.randrange(max(1, len(run) - length + 1))
            return run[start : start + length]
        return next(self._pairs) + next(self._pairs)


def keywords(askers: Askers, count: int) -> list[str]:
    """So many different canonical queries."""
    found: dict[str, None] = {}
    while len(found) < count:
        try:
            found[canonical(parse(askers.keyword()))] = None
        except QueryError:  # "not OR that"
            continue
    return list(found)


def documents(items: Sequence[Item], count: int, rng: random.Random) -> list[Item]:
    """So many of the items, of which so many Chinese as there should be."""
    chinese = [item for item in items if item.language.startswith("zh")]
    others = [item for item in items if not item.language.startswith("zh")]
    wanted = int(count * CHINESE_SHARE)
    chosen = rng.sample(chinese, min(wanted, len(chinese)))
    chosen += rng.sample(others, min(count - len(chosen), len(others)))
    rng.shuffle(chosen)
    return chosen


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
    """About what a bot without an index would run: all words, whole and in order; characters where they stand."""
    words = re.findall(r"[^\s\"()*]+", query.partition(" -")[0].removeprefix("title:"))
    wanted = [re.escape(word) for word in words if word not in {"AND", "OR"}]
    whole = [rf"\b{word}\b" if word.isascii() else word for word in wanted]
    return re.compile(".*".join(whole), re.IGNORECASE | re.DOTALL)


def regex_loop(queries: Sequence[str], items: Sequence[Item]) -> tuple[float, float]:
    """Microseconds (median and mean) to try every query's expression on an item, scaled from a sample."""
    sample = [expression(query) for query in queries[:SAMPLE]]

    def work(item: Item) -> None:
        text = f"{item.title}\n{item.text}"
        for pattern in sample:
            pattern.search(text)

    times, scale = timed(work, items), len(queries) / len(sample)
    return percentile(times, 0.5) * scale, sum(times) / len(times) * scale


def megabytes() -> float:
    return int(PAGE.read_text().split()[1]) * 4 / 1024 if PAGE.exists() else math.nan


async def fill(index: KeywordIndex, queries: Sequence[str]) -> tuple[float, float]:
    """Take all queries in as the running bot does; microseconds for each, and the longest halt of the loop in ms."""
    longest, ended = 0.0, False

    async def watch() -> None:
        nonlocal longest
        while not ended:
            began = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - began)

    changes = [KeywordChange(id=KeywordId(number), canonical=query, live=True) for number, query in enumerate(queries)]
    watching = asyncio.create_task(watch())
    began = time.perf_counter()
    await follow(index, changes)
    took = time.perf_counter() - began
    ended = True
    await watching
    return took / len(queries) * 1e6, longest * 1e3


def timed_steps(steps: Iterator[None]) -> Iterator[float]:
    """Milliseconds of each."""
    began = time.perf_counter()
    for _ in steps:
        yield (time.perf_counter() - began) * 1e3
        began = time.perf_counter()


def ours(queries: Sequence[str], items: Sequence[Item], others: Sequence[Item]) -> None:
    """One line of the table. All other items come first, as a running bot has seen many."""
    gc.collect()
    before = megabytes()
    index = KeywordIndex()
    add, halt = asyncio.run(fill(index, queries))
    grown = megabytes() - before
    languages = {item.language: Item(guid="", url="", title="a", text="", language=item.language) for item in items}
    steps = [step for item in languages.values() for step in timed_steps(index.prepare(Document(item)))]
    timed(lambda item: index.match(Document(item)), others)
    hits: list[int] = []
    times = timed(lambda item: hits.append(len(index.match(Document(item)))), items)
    p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
    regex, regex_mean = regex_loop(queries, items)
    step = max(1, len(queries) // 20_000)
    began = time.perf_counter()
    for number in range(0, len(queries), step):
        index.remove(KeywordId(number))
    remove = (time.perf_counter() - began) / len(range(0, len(queries), step)) * 1e6
    print(
        f"{len(queries):9,} {p50:8.0f} {p99:8.0f} {sum(hits) / len(hits):7.1f} {sorted(hits)[len(hits) // 2]:5} "
        f"{add:6.1f} {remove:7.1f} {grown:6.0f} {max(halt, *steps):8.0f} {regex:13,.0f} {regex / p50:9,.0f} "
        f"{regex_mean * len(times) / sum(times):9,.0f}"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, nargs="?")
    options.add_argument("--documents", type=int, default=400)
    options.add_argument("--keywords", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--peers", action="store_true")
    chosen = options.parse_args()
    rng = random.Random(chosen.seed)
    items = items_of(chosen.folder) if chosen.folder else made_up(rng, max(chosen.documents, 1_000))
    askers = Askers(items, rng)
    queries = keywords(askers, max(chosen.keywords))
    texts = documents(items, 2 * chosen.documents, rng)[chosen.documents :]
    taken = {item.guid for item in texts}
    others = [item for item in items if item.guid not in taken]
    length = sorted(len(item.text) for item in texts)[len(texts) // 2]
    print(f"{len(texts):,} documents of {length:,} characters (median) after {len(others):,} others; microseconds each")
    timed(Document, others)  # fold and stem each word once, as a running bot has
    prepared = timed(lambda item: [field.stems for field in Document(item).fields], texts)
    print(
        f"to fold, tokenize and stem alone: p50 {percentile(prepared, 0.5):.0f}, p99 {percentile(prepared, 0.99):.0f}"
    )
    print("                            hits a document     microseconds          longest                  × regex loop")
    print(" keywords      p50      p99    mean   med    add  remove     MB  halt ms   regex loop       p50      mean")
    for count in chosen.keywords:
        ours(queries[:count], texts, others)
    if chosen.peers:
        for count in chosen.keywords:
            plain = [query.strip('"') for query in queries[:count] if re.fullmatch(r'"[^"]+"|[\u4e00-\u9fff]+', query)]
            print(f"\n{len(plain):,} plain phrases of these\n{'engine':24}      p50      p99   build s     MB")
            for engine in ENGINES:
                print(f"{engine.name:24} {engine.measured(plain, texts)}", flush=True)


if __name__ == "__main__":
    main()
