"""How near the extract comes to the publisher's own summary, beside the first three sentences and plain TextRank.

Run: python -m bench.extract [FOLDER] [--list COUNT [--skip COUNT]]
The project's own feeds are too short for figures: without a FOLDER, only --list has something to print.

Entries count that carry both a summary (at least 60 characters) and a full text (at least 2.5 times as long), once
each. Where the summary is but the beginning of the text, the first sentences are right by construction: these entries
are shown apart. Both are cleaned alike, or notices in the one would be praised in the other. --list prints the
extracts of so many items, drawn evenly from the feeds, for reading.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import NamedTuple

import feedparser
import rustworkx
from rapidfuzz.distance import LCSseq

from bot.briefs.boilerplate import is_boilerplate
from bot.briefs.candidates import news_sentences
from bot.briefs.extract import extract_brief, pick_sentences
from bot.briefs.glossary import Glossary
from bot.briefs.ranking import Ranking, rank
from bot.briefs.repeated import RepeatedLines
from bot.briefs.selection import choose
from bot.briefs.sentences import join_sentences, split_sentences
from bot.briefs.shorten import LENGTHS, MOST_SENTENCES, shorten
from bot.briefs.source import Source, source_of
from bot.errors import NotAFeed
from bot.feeds.parse import parse
from bot.model import Item, Language
from bot.text.stems import stemming, stems_by
from bot.text.tokens import columns

OUR_OWN = Path(__file__).parents[1] / "tests" / "data" / "feeds"
SHORTEST, LONGER = 60, 2.5
CUT = 0.8  # the share of a summary's words that stand in the same order where the text begins
USUAL = (2_000, 4_000)  # characters
BUDGETS = (None, 60, 30)  # words; None for the room of an alert
PER_WORD = {"en": 6, "zh": 1}  # characters


class Entry(NamedTuple):
    """A full text and what its publisher says it comes to."""

    source: Source
    summary: str


class Score(NamedTuple):
    """ROUGE F1 of one extract, percent."""

    rouge_1: float
    rouge_l: float


def entries_of(folder: Path) -> list[Entry]:
    found: dict[str, Entry] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            for entry in _both(path.read_bytes()):
                found.setdefault(entry.summary, entry)
    return list(found.values())


def _both(body: bytes) -> Iterator[Entry]:
    feed = feedparser.parse(body)
    for entry in feed.entries:
        title, language = entry.get("title") or "", feed.feed.get("language") or ""
        text = max((part.get("value") or "" for part in entry.get("content") or [{}]), key=len)
        source, summary = (
            source_of(Item(guid="1", url="", title=title, text=each, language=language))
            for each in (text, entry.get("summary") or "")
        )
        # What is a line of its own in the text stands within one in the summary.
        said = "\n\n".join(map(_without_notices, summary.paragraphs))
        if len(said) >= SHORTEST and len(source.text) >= LONGER * len(said):
            yield Entry(source, said)


def _without_notices(paragraph: str) -> str:
    return join_sentences([sentence for sentence in split_sentences(paragraph) if not is_boilerplate(sentence)])


def is_cut(entry: Entry) -> bool:
    """Whether a summary is but the beginning of its text."""
    words = columns(entry.summary.partition("…")[0] or entry.summary).terms
    begins = columns(entry.source.text).terms[: len(words) + len(words) // 2 + 10]
    return LCSseq.similarity(words, begins) >= CUT * len(words)


# --- the ways to make one ----------------------------------------------------------------------------------


def by_diting(source: Source, sentences: list[str], room: int) -> list[int]:
    return choose(sentences, rank(sentences, source.title, source.language), room=room, most=MOST_SENTENCES)


def by_lead(_: Source, sentences: list[str], room: int) -> list[int]:
    chosen: list[int] = []
    for place, sentence in enumerate(sentences[:MOST_SENTENCES]):
        if chosen and len(sentence) > room:
            break
        chosen.append(place)
        room -= len(sentence) + 1
    return chosen


def by_textrank(source: Source, sentences: list[str], room: int) -> list[int]:
    if not sentences:
        return []
    likeness = rank(sentences, "", source.language).likeness
    links = likeness.copy()
    links[range(len(links)), range(len(links))] = 0.0
    ranks = rustworkx.pagerank(rustworkx.PyDiGraph.from_adjacency_matrix(links), weight_fn=float)
    ranking = Ranking([ranks[place] for place in range(len(links))], likeness)
    return choose(sentences, ranking, room=room, most=MOST_SENTENCES)


WAYS: dict[str, Callable[[Source, list[str], int], list[int]]] = {
    "lead-3": by_lead,
    "TextRank": by_textrank,
    "Diting": by_diting,
}


# --- how near it comes -------------------------------------------------------------------------------------


def rouge(candidate: list[str], reference: list[str]) -> Score:
    """ROUGE-1 and ROUGE-L as F1 (Lin 2004), over stems and, in Chinese, over characters."""
    if not candidate or not reference:
        return Score(0.0, 0.0)
    shared = (Counter(candidate) & Counter(reference)).total()
    both = len(candidate) + len(reference)
    return Score(200 * shared / both, 200 * LCSseq.similarity(candidate, reference) / both)


def words_of(text: str, language: str) -> list[str]:
    return stems_by(columns(text).terms, stemming(language))


def score(entry: Entry, way: str, budget: int | None) -> Score:
    source, side = entry.source, entry.source.side
    room = budget * PER_WORD[side.value] if budget else LENGTHS[side].summary
    sentences = news_sentences(source, side)
    chosen = [sentences[place] for place in WAYS[way](source, sentences, room)]
    made = [shorten(sentence, LENGTHS[side].summary) for sentence in chosen]
    words = words_of(join_sentences(made), source.language)
    return rouge(words[:budget], words_of(entry.summary, source.language))


def interval(differences: list[float]) -> tuple[float, float]:
    """Where the mean lies in 95 of 100 draws of as many entries (paired bootstrap)."""
    random = Random(1)
    means = sorted(statistics.fmean(random.choices(differences, k=len(differences))) for _ in range(2_000))
    return means[50], means[-50]


def compare(name: str, entries: list[Entry]) -> None:
    languages = Counter(entry.source.language for entry in entries)
    print(f"\n{name}: {len(entries)} ({', '.join(f'{count} {name}' for name, count in languages.most_common())})")
    if not entries:
        return
    for budget in BUDGETS:
        print(
            f"  {f'{budget} words' if budget else 'room of an alert':18}{'ROUGE-1':>9}{'ROUGE-L':>9}"
            "   Diting is better by"
        )
        scores = {way: [score(entry, way, budget) for entry in entries] for way in WAYS}
        for way, found in scores.items():
            gains = [
                [ours[part] - theirs[part] for ours, theirs in zip(scores["Diting"], found, strict=True)]
                for part in (0, 1)
            ]
            shown = "; ".join(
                f"{statistics.fmean(gain):+.1f} ({low:+.1f} to {high:+.1f})"
                for gain in gains
                for low, high in [interval(gain)]
            )
            means = [statistics.fmean(part) for part in zip(*found, strict=True)]
            print(f"  {way:18}{means[0]:9.1f}{means[1]:9.1f}   {shown if way != 'Diting' else ''}")


# --- what was sought, how long it takes, and reading ---------------------------------------------------------


def look_for_words(sources: list[Source]) -> None:
    """How often a word that only one later sentence has is in the extract, and in that of those who asked for it."""
    found: Counter[bool] = Counter()
    count = 0
    for source in sources:
        if word := _late_word(source):
            count += 1
            for asked in (False, True):
                extract = " ".join(pick_sentences(replace(source, sought=(word,) if asked else ()), source.side))
                found[asked] += word in columns(extract).terms
    print(
        f"\na word that only one later sentence has is in {found[False]} of {count} extracts; sought, in {found[True]}"
    )


def _late_word(source: Source) -> str:
    sentences = [columns(sentence).terms for sentence in news_sentences(source, source.side)]
    counts = Counter(word for words in sentences for word in set(words))
    late = (word for words in sentences[MOST_SENTENCES:] for word in words if counts[word] == 1 and len(word) > 4)
    return next(late, "")


def take_time(items: list[Item]) -> None:
    usual = [item for item in items if USUAL[0] <= len(item.text) <= USUAL[1]][:300]
    times: dict[str, list[float]] = defaultdict(list)
    for item in usual:
        begun = time.perf_counter()
        source = source_of(item)
        read = time.perf_counter()
        pick_sentences(source, source.side)
        times["cleaning the text"].append(read - begun)
        times["choosing sentences"].append(time.perf_counter() - read)
    print(f"\n{len(usual)} items of {USUAL[0]:,} to {USUAL[1]:,} characters, the median:")
    for step, taken in times.items():
        print(f"  {step:20}{statistics.median(taken) * 1000:6.2f} ms")


def items_of(folder: Path) -> dict[str, list[Item]]:
    """The items of each feed that have more than a line of text, every text once."""
    seen: set[str] = set()
    found: dict[str, list[Item]] = defaultdict(list)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            items = parse(path.read_bytes(), url="https://feeds.example/rss").items
        except NotAFeed:
            continue
        for item in items:
            if len(item.text) >= SHORTEST and item.text not in seen:
                seen.add(item.text)
                found[str(path.relative_to(folder))].append(item)
    return found


def show(feeds: dict[str, list[Item]], count: int, skip: int) -> None:
    """Print extracts, one of each feed, then a second one of each, and so on, in an order that does not change.

    They are made as by a bot that has read the feeds, of which it knows the lines that stand under every item."""
    repeated = RepeatedLines()
    random = Random(1)
    shuffled = {name: random.sample(items, len(items)) for name, items in sorted(feeds.items())}
    turns = [(turn, name, item) for name, items in shuffled.items() for turn, item in enumerate(items)]
    turns.sort(key=lambda found: found[0])
    for number, (_, name, item) in enumerate(turns[skip : skip + count], skip + 1):
        for other in feeds[name]:
            repeated.heed(other)
        source = source_of(repeated.without(item))
        made = extract_brief(source, Glossary(()))
        own = made.summary_zh if source.side is Language.ZH else made.summary_en
        print(f"{number:4} [{Path(name).name}] {item.title[:100]}\n     {own}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=OUR_OWN)
    parser.add_argument("--list", type=int, default=0, dest="count")
    parser.add_argument("--skip", type=int, default=0)
    arguments = parser.parse_args()
    feeds = items_of(arguments.folder)
    if arguments.count:
        show(feeds, arguments.count, arguments.skip)
        return
    entries = entries_of(arguments.folder)
    if not entries:
        print("No entry of these feeds has a summary beside a long text; pass a FOLDER of real feeds for figures.")
        return
    compare("Summaries written apart", [entry for entry in entries if not is_cut(entry)])
    compare("Summaries cut from the beginning", [entry for entry in entries if is_cut(entry)])
    items = [item for found in feeds.values() for item in found]
    look_for_words([source_of(item) for item in items if len(item.text) >= USUAL[0]])
    take_time(items)


if __name__ == "__main__":
    main()
