"""How well items that tell the same news are known, on pairs of news texts that people scored.

    python bench/stories.py FOLDER [--list N]

FOLDER holds CSV files with pair_id, lang1, lang2, text1, text2 and Overall (1 the same news … 4 unrelated), as in
SemEval 2022 task 8. Pairs in English, in Chinese, and across the two are judged by the engine alone, with no other
knowledge than what words are rare among all these texts.

- *same event*: pairs up to 2.0 against all others
- *near-duplicate*: pairs up to 1.34 (all but one of three annotators, or all, said 1) against those above 3
- *joined* is what the engine takes for one story, *held back* what it would not tell again; a development is told
- *cold* is the same by an index as a new installation has it: of the first item of the pair, and so many others of the
  other half; to be joined to one of them counts as wrong, though a few of them do tell the same

The two halves are told apart by a hash of the articles' numbers, so that the translations of a pair are in one half
with it: choose on the first what is measured on the second. The curve shows the score that decides (0.5) among others.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.replay import is_held, line, scored_pairs
from bot.model import FeedId, FeedRef, Item, ItemId, SameStory, StoredItem, StoryId
from bot.stories.decide import choose_story
from bot.stories.event import measure, scale_for
from bot.stories.index import StoryIndex, member_of

SAME_EVENT = 2.0
NEAR_DUPLICATE = 1.34
UNRELATED = 3.0
CLOSE = 2.5
NOW = datetime(2026, 3, 2, tzinfo=UTC)
FEED = FeedRef(id=FeedId(1), url="https://feed.example/rss")
FIRST, SECOND = 1, 2  # the items of a pair
LANGUAGES = ("en-en", "zh-zh", "en-zh")
HEAD = f"{'pairs':22} {'':24} {'all':>5} {'same':>5} {'precision':>9} {'recall':>7} {'F1':>6}"
OTHERS = (0, 5, 30, 200)  # members of a cold index beside the first item of a pair


@dataclass(frozen=True)
class Pair:
    """A pair as people and the engine see it. `decided` is the decision on the second beside the first alone."""

    one: Item
    other: Item
    name: str
    overall: float
    half: int
    score: float
    decided: SameStory | None

    @property
    def languages(self) -> str:
        return "-".join(sorted((self.one.language, self.other.language)))

    @property
    def is_astray(self) -> bool:
        """Whether the second was joined to something else than the first."""
        return self.decided is not None and self.decided.item != FIRST


def articles_of(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def half_of(name: str) -> int:
    return hashlib.sha256("_".join(articles_of(name)).encode()).digest()[0] % 2


def stored(item: Item, number: int, seen: datetime = NOW) -> StoredItem:
    return StoredItem(id=ItemId(number), feed=FEED, item=item, seen=seen)


class Judge:
    """Decides on pairs, each for itself, by an index that knows the words of all texts."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._all = StoryIndex()
        for number, item in enumerate(items, start=1):
            self._all.add(member_of(stored(item, number), StoryId(number)))

    def score(self, one: Item, other: Item) -> float:
        """The score of the same-event decision, whatever the rules beside it say."""
        mine, theirs = (self._all.read(item, None).versions[0] for item in (one, other))
        scale = scale_for(mine, theirs, self._all.words(mine.language), self._all.concepts)
        return measure(mine, theirs, scale).score if scale else 0.0

    def decide(self, one: Item, other: Item) -> SameStory | None:
        """The decision on an item when another one was told."""
        return choose_story(stored(other, SECOND), _Among(self._all, member_of(stored(one, FIRST), StoryId(FIRST))))


class _Among(StoryIndex):
    """An index with one member that knows how rare words are from another."""

    def __init__(self, everything: StoryIndex, member) -> None:
        super().__init__()
        self._everything = everything
        self.add(member)
        self.concepts = everything.concepts

    def words(self, language: str):
        return self._everything.words(language)


def decided_cold(pairs: Sequence[Pair], others: int) -> list[Pair]:
    """The pairs as they are decided by an index that knows the first and `others` of the other half."""
    found = list[Pair]()
    for half in (0, 1):
        known = {article for pair in pairs if pair.half == half for article in articles_of(pair.name)}
        strange = [pair for pair in pairs if pair.half != half and known.isdisjoint(articles_of(pair.name))]
        texts = sorted({item for pair in strange for item in (pair.one, pair.other)}, key=str)
        index = StoryIndex()
        for number, item in enumerate(random.Random(others).sample(texts, others), start=SECOND + 1):
            index.add(member_of(stored(item, number), StoryId(number)))
        for pair in (pair for pair in pairs if pair.half == half):
            index.add(member_of(stored(pair.one, FIRST, NOW - timedelta(seconds=1)), StoryId(FIRST)))
            found.append(replace(pair, decided=choose_story(stored(pair.other, SECOND), index)))
            index.forget(NOW)
    return found


def judged(folder: Path) -> list[Pair]:
    found = list(scored_pairs(folder))
    texts = {(item.language, item.title, item.text): item for one, other, *_ in found for item in (one, other)}
    judge = Judge(list(texts.values()))
    return [
        Pair(one, other, name, overall, half_of(name), judge.score(one, other), judge.decide(one, other))
        for one, other, overall, name in found
    ]


# Figures.


def figures(pairs: Sequence[Pair], found: Callable[[Pair], bool], same: Callable[[Pair], bool]) -> str:
    """Precision, recall and F1 as text."""
    right = sum(found(pair) and same(pair) and not pair.is_astray for pair in pairs)
    answered, wanted = sum(map(found, pairs)), sum(map(same, pairs))
    precision, recall = right / (answered or 1), right / (wanted or 1)
    f1 = 2 * precision * recall / (precision + recall or 1)
    return f"{precision:9.3f} {recall:7.3f} {f1:6.3f}"


def is_joined(pair: Pair) -> bool:
    return pair.decided is not None


def report(name: str, pairs: Sequence[Pair]) -> None:
    clear = [pair for pair in pairs if pair.overall <= NEAR_DUPLICATE or pair.overall > UNRELATED]
    rows = (
        ("near-duplicate, joined", clear, is_joined, NEAR_DUPLICATE),
        ("same event, joined", pairs, is_joined, SAME_EVENT),
        ("same event, held back", pairs, lambda pair: is_held(pair.decided), SAME_EVENT),
    )
    for row, some, found, limit in rows:
        same = sum(pair.overall <= limit for pair in some)
        text = figures(some, found, lambda pair, limit=limit: pair.overall <= limit)
        print(f"{name:22} {row:24} {len(some):5} {same:5} {text}")


def curve(pairs: Sequence[Pair]) -> None:
    for score in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75):
        text = figures(pairs, lambda pair, score=score: pair.score >= score, lambda pair: pair.overall <= SAME_EVENT)
        print(f"  {score:8.2f} {text}")


def cold(pairs: Sequence[Pair]) -> None:
    for others in OTHERS:
        found = decided_cold(pairs, others)
        for languages in LANGUAGES:
            report(f"{languages}, with {others}", [pair for pair in found if pair.languages == languages])


def updates(pairs: Sequence[Pair]) -> None:
    """How many developments, told as updates or as stories of their own, are of one event or close to it."""
    print(f"\n{'developments told':22} {'all':>5} {'same event':>11} {'up to 2.5':>10}")
    for name, sure in (("as updates", True), ("as stories", False)):
        scores = [
            each.overall for each in pairs if each.decided and not is_held(each.decided) and each.decided.sure is sure
        ]
        same, close = (sum(score <= most for score in scores) for most in (SAME_EVENT, CLOSE))
        print(f"{name:22} {len(scores):5} {same:11} {close:10}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("--list", type=int, default=0, help="how many wrong joins to list")
    chosen = options.parse_args()
    if chosen.folder is None:
        print("needs a FOLDER with scored pairs; see --help")
        return
    pairs = judged(chosen.folder)
    print(HEAD)
    for languages in LANGUAGES:
        some = [pair for pair in pairs if pair.languages == languages]
        report(f"{languages}, all", some)
        for half, name in enumerate(("first half", "second half")):
            report(f"{languages}, {name}", [pair for pair in some if pair.half == half])
    print(f"\nBy a cold index:\n{HEAD}")
    cold(pairs)
    print("\nThe score alone, without the other rules, against same event:")
    for languages in LANGUAGES:
        print(f"{languages}\n  {'score':>8} {'precision':>9} {'recall':>7} {'F1':>6}")
        curve([pair for pair in pairs if pair.languages == languages])
    updates(pairs)
    wrong = [pair for pair in pairs if is_joined(pair) and pair.overall > SAME_EVENT]
    for pair in sorted(wrong, key=lambda pair: -pair.overall)[: chosen.list]:
        print(f"  {pair.overall:.2f} {pair.decided.kind} {pair.decided.score:.2f}")
        print(f"    {line(pair.one)}\n    {line(pair.other)}")


if __name__ == "__main__":
    main()
