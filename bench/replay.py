"""How many alerts a chat is spared by stories, and which items are taken for what they are not.

    python bench/replay.py FOLDER [--items N] [--feeds N] [--seed N] [--list N]

A replay of 5,000 items from 30 feeds in which one in three repeats what another feed told up to twelve hours before.
FOLDER holds real material, as far as there is any (each file is optional):

    news-similarity/*.csv       pairs of news texts with human scores; those up to 1.5 tell the same news
    parallel/*/xml/*.xml        documents with two human translations (WMT), which are paraphrases of each other
    feeds/**, histories/**      feed documents; those of histories keep the times of their items
    zh-items/*/*.json           Chinese headlines

Repetitions of pairs and documents are real ones: other words for the same news, in the same or the other language. The
rest is repeated as outlets repeat agencies: the same text under another address, edited, cut to a teaser, or under a
headline with the outlet's name. What real items have in common of themselves is not known here, so wrong merges are
listed to be read: some of them are right.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.texts import titled
from bot.errors import NotAFeed
from bot.feeds.parse import parse
from bot.model import FeedId, FeedRef, Item, ItemId, SameStory, StoredItem, StoryId, StoryKind
from bot.stories.decide import choose_story
from bot.stories.index import StoryIndex, member_of
from bot.stories.same import likeness
from bot.text.language import detect
from bot.work.alert import story_of
from bot.work.recent import STORY_AGE

START = datetime(2026, 3, 2, tzinfo=UTC)
SPAN = timedelta(days=4)
LATER = timedelta(hours=12)
SAME = 1.5
SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


@dataclass(frozen=True)
class News:
    """An item with the news it tells. `like` says how it came to be."""

    item: Item
    truth: int
    like: str
    at: datetime | None = None


def item_of(text: str, language: str) -> Item:
    """An item of a text with its title."""
    title, text = titled(text)
    return Item(guid="", url="", title=title, text=text, language=language)


# Material.


def scored_pairs(folder: Path) -> Iterator[tuple[Item, Item, float, str]]:
    """The pairs of a news similarity corpus that are in English or Chinese: items, score, name."""
    csv.field_size_limit(10**9)
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                languages = (row["lang1"], row["lang2"])
                if set(languages) <= {"en", "zh"}:
                    one, other = (item_of(row[f"text{n}"], row[f"lang{n}"]) for n in (1, 2))
                    yield one, other, float(row["Overall"]), row["pair_id"]


def translated_documents(folder: Path) -> Iterator[list[Item]]:
    """The news documents of WMT files: each as source and as it was translated."""
    for path in sorted(folder.rglob("*.xml")):
        for document in ET.parse(path).getroot().iter("doc"):
            if document.get("domain") == "news":
                told = [node for node in document if node.tag in {"src", "ref"}]
                versions = [([seg.text or "" for seg in node.iter("seg")], node.get("lang", "")) for node in told]
                yield [item_of("\n".join(lines), lang) for lines, lang in versions if len(lines) > 1]


def feed_items(folder: Path) -> Iterator[tuple[Item, datetime | None]]:
    """The items of all feed documents, each title once; with their times where they come from a history."""
    seen = set()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 1_500):
        try:
            items = parse(path.read_bytes(), url="https://feed.example/").items
        except NotAFeed:
            continue
        for item in items:
            if len(item.title) > 20 and item.title not in seen:
                seen.add(item.title)
                yield item, item.published


def headlines(folder: Path) -> Iterator[Item]:
    """The headlines of JSON lists of objects, under whatever name stands first."""
    for path in sorted(folder.rglob("*.json")):
        for entry in json.loads(path.read_text(encoding="utf-8")):
            title = next(iter(entry.values()))
            yield Item(guid="", url="", title=title, language=detect(title))


# Repetition.


class Outlet:
    """Repeats items as outlets repeat agencies."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.ways: dict[str, Callable[[Item], Item]] = {
            "copied": lambda item: item,
            "signed": self._sign,
            "teased": self._tease,
            "edited": self._edit,
        }

    def repeat(self, item: Item) -> tuple[Item, str]:
        """An item as another outlet has it, and how."""
        way = self._rng.choice(list(self.ways))
        return self.ways[way](item), way

    def _sign(self, item: Item) -> Item:
        name = self._rng.choice(["Reuters", "The Harbour Wire", "AP News", "聯合早報", "BBC News", "The Daily Globe"])
        return replace(item, title=f"{item.title} {self._rng.choice('-|–')} {name}")

    def _tease(self, item: Item) -> Item:
        return replace(item, text=" ".join(SENTENCE.split(item.text)[:2]))

    def _edit(self, item: Item) -> Item:
        """Leave out and move sentences, and a word of the headline."""
        sentences = [sentence for sentence in SENTENCE.split(item.text) if self._rng.random() > 0.15]
        if len(sentences) > 3:
            place = self._rng.randrange(1, len(sentences) - 1)
            sentences.insert(1, sentences.pop(place))
        words = item.title.split()
        if len(words) > 5:
            del words[self._rng.randrange(len(words))]
        return replace(item, title=" ".join(words), text=" ".join(sentences))


def real_repetitions(folder: Path) -> Iterator[list[News]]:
    """Groups of items that tell the same news in other words."""
    used: set[str] = set()
    for one, other, score, name in scored_pairs(folder / "news-similarity"):
        articles = set(re.findall(r"\d+", name))
        if score <= SAME and used.isdisjoint(articles):  # the pairs of one language are translated to others
            used |= articles
            yield [News(one, 0, "first"), News(other, 0, f"other report ({one.language}-{other.language})")]
    for versions in translated_documents(folder / "parallel"):
        by_language = defaultdict(list)
        for version in versions:
            by_language[version.language].append(version)
        told = [(group[0], f"translated ({language})") for language, group in by_language.items()]
        told += [(again, f"paraphrased ({lang})") for lang, group in by_language.items() for again in group[1:]]
        yield [News(item, 0, like if place else "first") for place, (item, like) in enumerate(told)]


def originals(folder: Path) -> Iterator[News]:
    """Items that tell each their own news, as far as is known."""
    for item, at in feed_items(folder / "histories"):
        yield News(item, 0, "first", at)
    for item, _ in feed_items(folder / "feeds"):
        yield News(item, 0, "first")
    for item in headlines(folder / "zh-items"):
        yield News(item, 0, "first")
    for one, other, score, _ in scored_pairs(folder / "news-similarity"):
        if score > 3 and one.language == other.language == "en":
            yield from (News(item, 0, "first") for item in (one, other))


def distinct(news: Iterable[News]) -> list[News]:
    """Each text once: feeds and pairs have the same one several times."""
    return list({(each.item.title, each.item.text): each for each in news}.values())


def compose(folder: Path, rng: random.Random, count: int) -> list[News]:
    """The replay: news in the order of their times, one in three a repetition."""
    groups = list(real_repetitions(folder))
    known = {(each.item.title, each.item.text) for group in groups for each in group}
    singles = [each for each in distinct(originals(folder)) if (each.item.title, each.item.text) not in known]
    rng.shuffle(singles)
    outlet = Outlet(rng)
    repeats = count // 3 - sum(len(group) - 1 for group in groups)
    firsts = count - count // 3 - len(groups)
    singles = singles[:firsts]
    again = defaultdict(list)
    for _ in range(max(0, repeats)):
        again[rng.randrange(len(singles))].append(1)
    for place, single in enumerate(singles):
        copies = (outlet.repeat(single.item) for _ in again[place])
        groups.append([single, *(News(item, 0, way) for item, way in copies)])
    latest = max((group[0].at for group in groups if group[0].at), default=START)
    return sorted(_timed(groups, rng, latest - SPAN), key=lambda each: each.at or START)


def _timed(groups: list[list[News]], rng: random.Random, since: datetime) -> Iterator[News]:
    for truth, group in enumerate(groups):
        first = group[0].at
        at = START + (first - since if first and first > since else rng.random() * SPAN)
        for each in group:
            yield replace(each, truth=truth, at=at)
            at += rng.random() * LATER


# The replay.


def published(news: list[News], feeds: int, rng: random.Random) -> list[StoredItem]:
    """The items as stored: those of one news come from different feeds."""
    used = defaultdict(set)
    stored = []
    for number, each in enumerate(news, start=1):
        feed = rng.choice([feed for feed in range(1, feeds + 1) if feed not in used[each.truth]] or [1])
        used[each.truth].add(feed)
        item = replace(each.item, guid=str(number), url=f"https://feed{feed}.example/{number}")
        ref = FeedRef(id=FeedId(feed), url=f"https://feed{feed}.example/rss")
        stored.append(StoredItem(id=ItemId(number), feed=ref, item=item, seen=each.at or START))
    return stored


def replay(stored: list[StoredItem]) -> tuple[list[SameStory | None], list[float], StoryIndex]:
    """The decision on each item, and the milliseconds that it took with remembering it."""
    stories = StoryIndex()
    decided, times = [], []
    for item in stored:
        stories.forget(item.seen - STORY_AGE)
        began = time.perf_counter()
        same = choose_story(item, stories)
        stories.add(member_of(item, story_of(same) or StoryId(item.id)))
        times.append((time.perf_counter() - began) * 1e3)
        decided.append(same)
    return decided, times, stories


def compare_with_all(stored: list[StoredItem], sample: int) -> tuple[list[int], list[float]]:
    """As it was before: each item compared with every member, for identical ones only. Of every `sample`-th item."""
    members, found, times = [], [], []
    for number, item in enumerate(stored):
        if number % sample == 0:
            recent = [member for member in members if member.seen >= item.seen - STORY_AGE]
            began = time.perf_counter()
            found.append(sum(likeness(item.item, member) is not None for member in recent))
            times.append((time.perf_counter() - began) * 1e3)
        members.append(member_of(item, StoryId(item.id)))
    return found, times


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def is_held(same: SameStory | None) -> bool:
    return same is not None and same.kind is not StoryKind.DEVELOPMENT


def is_update(same: SameStory | None) -> bool:
    return same is not None and same.kind is StoryKind.DEVELOPMENT and same.sure


def line(item: Item) -> str:
    return f"[{item.language or '?'}] {(item.title or item.text)[:90]}".replace("\n", " / ")


def report(news: list[News], decided: list[SameStory | None], listed: int) -> None:
    first = {}
    for number, each in enumerate(news, start=1):
        first.setdefault(each.truth, number)
    repeats = [number for number, each in enumerate(news, start=1) if first[each.truth] != number]
    held = [number for number, same in enumerate(decided, start=1) if is_held(same)]
    wrong = [number for number in held if news[decided[number - 1].item - 1].truth != news[number - 1].truth]
    lost = [number for number in wrong if first[news[number - 1].truth] == number]
    print(f"{len(news)} items, {len(repeats)} of them repetitions; a chat that takes all gets")
    print(f"  without stories {len(news):6}")
    unknown = f"{len(wrong)} of them not known to be the same"
    print(f"  with stories    {len(news) - len(held):6}   ({len(held)} held back, {unknown})")
    print(f"  at best         {len(news) - len(repeats):6}")
    kinds = Counter(same.kind for same in decided if same)
    print("  " + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    print(f"  items made to be news, held back: {len(lost)}")
    updates = [number for number, same in enumerate(decided, start=1) if is_update(same)]
    known = [number for number in updates if news[decided[number - 1].item - 1].truth == news[number - 1].truth]
    print(f"  told as updates: {len(updates)}, {len(known)} of them of what is known to be the same\n")
    print(f"{'repetitions':28} {'items':>6} {'held back':>10} {'development':>12} {'told anew':>10}")
    by_way = defaultdict(list)
    for number in repeats:
        by_way[news[number - 1].like].append(decided[number - 1])
    for way, sames in sorted(by_way.items()):
        grouped = Counter("new" if same is None else "held" if is_held(same) else "development" for same in sames)
        print(f"{way:28} {len(sames):6} {grouped['held']:10} {grouped['development']:12} {grouped['new']:10}")
    strange = [number for number in updates if number not in set(known)]
    print(f"\nTold as updates of what the replay doesn't know to be the same ({len(strange)}):")
    for number in strange[:listed]:
        print(f"  {line(news[number - 1].item)}\n    = {line(news[decided[number - 1].item - 1].item)}")
    print(f"\nHeld back for what the replay doesn't know to be the same ({len(wrong)}):")
    for number in wrong[:listed]:
        same = decided[number - 1]
        reasons = " ".join(f"{reason.shared}: {', '.join(reason.words)}" for reason in same.reasons)
        print(f"  {same.kind} {same.score:.2f} {line(news[number - 1].item)}")
        print(f"    = {line(news[same.item - 1].item)}\n      {reasons}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("--items", type=int, default=5_000)
    options.add_argument("--feeds", type=int, default=30)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--list", type=int, default=200, help="how many wrong merges to list")
    chosen = options.parse_args()
    if chosen.folder is None:
        print("needs a FOLDER with real material; see --help")
        return
    rng = random.Random(chosen.seed)
    news = compose(chosen.folder, rng, chosen.items)
    stored = published(news, chosen.feeds, rng)
    decided, times, stories = replay(stored)
    report(news, decided, chosen.list)
    _, every = compare_with_all(stored, sample=10)
    late = times[len(times) // 2 :]
    before = percentile(every[len(every) // 2 :], 0.5)
    print(f"\nms a decision, with {len(stories)} members at the end:")
    print(f"  by index            p50 {percentile(late, 0.5):7.2f}   p99 {percentile(late, 0.99):7.2f}")
    print(f"  compared with all   p50 {before:7.2f}   p99 {percentile(every[len(every) // 2 :], 0.99):7.2f}")
    print(f"  the index takes {percentile(late, 0.5) / before:.2f} of it, and finds other words for the same news, too")


if __name__ == "__main__":
    main()
