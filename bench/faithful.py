"""How well the guard tells faithful briefs from changed ones, on news that people translated.

    python -m bench.faithful [folder of corpora] [--show N] [--level sentence|passage|document] [--part tuned|held]
        [--others]

The folder holds `parallel/wmt22_enzh` (sources with two human references each; the xml names the news documents).
A true pair is a source text and its reference as the brief's other language; it should pass. Then one fact of the
reference is changed at a time, and the pair should be refused. Refusals for the form of a brief (length, language)
are counted apart: the references are no briefs. The rules were made with seven eighths of the documents in sight; the
eighth held out is the honest figure, if a small sample. With --others the texts that are no news (shops, chats, posts)
are taken instead, all of which were in sight. Sentences are the hardest measure; the guard's real work is the whole
document as the source and three of its sentences as the brief. Where a Chinese document has a dateline
(…12月11日电), its day is given as that of the publication, as an item of a feed has one. Without a folder only the time
that the guard takes is told.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bench.changes import Names, changes
from bot.briefs.faithful import FACTS, Guard
from bot.briefs.glossary import Glossary, load_glossary
from bot.briefs.source import Source
from bot.model import Brief, Language, MadeBy

SEEDS = (1, 2, 3)
PASSAGE = 3  # sentences
_NEWS_DOC = re.compile(r'<doc origlang="en" id="[^"]*" domain="([^"]*)">(.*?)</doc>', re.DOTALL)
_SOURCE = re.compile(r'<src lang="en">(.*?)</src>', re.DOTALL)
_SEGMENT = re.compile(r'<seg id="\d+">')
_TITLE, _PRESS = re.compile(r"[-_]\s?新华网$|新闻$"), re.compile(r"新华社|记者|日讯|日电|报道")
_SHORTEST = 12
_SEEN = 0  # the number of what is not held out
_OF_LEADS = ("negation", "modality")
_ANYWHERE = FACTS - set(_OF_LEADS)
_DATELINE = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日[电電讯訊]")
_CORPUS_YEAR = 2021


@dataclass(frozen=True)
class Document:
    """The sentences of one document with those of its translation, and which of the two is the original."""

    english: list[str]
    chinese: list[str]
    number: int
    original: Language
    day: date | None = None  # of its dateline

    def sides(self, source: Language) -> tuple[list[str], list[str]]:
        return (self.english, self.chinese) if source is Language.EN else (self.chinese, self.english)


@dataclass(frozen=True)
class Pair:
    source: str
    brief: str
    side: Language  # of the source
    original: Language
    held: bool
    day: date | None = None
    lead: bool = True  # whether the brief is of the source's first sentences, whose leads can be compared

    @property
    def other(self) -> Language:
        return Language.ZH if self.side is Language.EN else Language.EN


@dataclass
class Tally:
    pairs: int = 0
    counted: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, counts: bool, example: str) -> None:
        self.pairs += 1
        self.counted += counts
        if not counts:
            self.examples.append(example)

    def __str__(self) -> str:
        return f"{self.counted:5} of {self.pairs:5}  {self.counted / max(self.pairs, 1):6.1%}"


def lines(path: Path) -> list[str]:
    return [" ".join(line.split()) for line in path.read_text(encoding="utf-8").split("\n")]


def english_documents(folder: Path, *, news: bool = True) -> Iterator[Document]:
    """The news of the English originals, or all else: the xml says how many sentences each document has, and its
    domain."""
    xml = (folder / "xml/wmttest2022.en-zh.all.xml").read_text(encoding="utf-8")
    sources = lines(folder / "txt/sources/generaltest2022.en-zh.src.en")
    references = [lines(folder / f"txt/references/generaltest2022.en-zh.ref.{name}.zh") for name in "AB"]
    start = 0
    for number, (domain, body) in enumerate(_NEWS_DOC.findall(xml)):
        count = len(_SEGMENT.findall(_SOURCE.findall(body)[0]))
        if (domain == "news") is news:
            for reference in references:
                part = slice(start, start + count)
                yield Document(sources[part], reference[part], number if news else _SEEN, Language.EN)
        start += count


def chinese_documents(folder: Path) -> Iterator[Document]:
    """The news of the Chinese originals, whose documents nothing marks: runs of whole sentences that read as press."""
    sources = lines(folder / "txt/sources/generaltest2022.zh-en.src.zh")
    references = [lines(folder / f"txt/references/generaltest2022.zh-en.ref.{name}.en") for name in "AB"]
    for number, (start, end) in enumerate(_runs(sources)):
        if _is_press(sources[start:end]):
            for reference in references:
                chinese = sources[start:end]
                yield Document(reference[start:end], chinese, number, Language.ZH, dateline(chinese))


def other_chinese(folder: Path) -> Iterator[Document]:
    """The sentences of the Chinese originals that are in none of those documents, each as one of its own."""
    sources = lines(folder / "txt/sources/generaltest2022.zh-en.src.zh")
    runs = (run for run in _runs(sources) if _is_press(sources[slice(*run)]))
    press = {place for run in runs for place in range(*run)}
    for name in "AB":
        reference = lines(folder / f"txt/references/generaltest2022.zh-en.ref.{name}.en")
        for place, source in enumerate(sources):
            if source and place not in press:
                yield Document([reference[place]], [source], _SEEN, Language.ZH)


def _is_press(sentences: list[str]) -> bool:
    return bool(_PRESS.search("".join(sentences)))


def dateline(chinese: list[str]) -> date | None:
    """The day of a document that tells it (新华社北京12月11日电), in the year that the corpus is of."""
    found = _DATELINE.search("".join(chinese))
    return date(_CORPUS_YEAR, int(found["month"]), int(found["day"])) if found else None


def _runs(sentences: list[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for place, sentence in enumerate([*sentences, "#"]):
        broken = "#" in sentence or len(sentence) < _SHORTEST
        if broken or _TITLE.search(sentence):
            if place - start >= PASSAGE:
                yield start, place
            start = place + broken


def pairs_of(document: Document, level: str) -> Iterator[Pair]:
    for side in Language.EN, Language.ZH:
        source, brief = document.sides(side)
        held = document.number % 8 == 7
        step = 1 if level == "sentence" else PASSAGE
        for start in range(0, len(source), step):
            text = source if level == "document" else source[start : start + step]
            glue = "" if side is Language.ZH else " "
            said = brief[start : start + step]
            other_glue = " " if side is Language.ZH else ""
            lead = level != "document" or not start
            yield Pair(glue.join(text), other_glue.join(said), side, document.original, held, document.day, lead)


class Judge:
    """Asks the guard about pairs and keeps the tallies."""

    def __init__(self, glossary: Glossary, seeds: Sequence[int]) -> None:
        self._seeds = seeds
        self._guard = Guard(glossary)
        self._names = Names(glossary)
        self.true: dict[tuple[str, str], Tally] = defaultdict(Tally)
        self.reasons: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.changed: dict[tuple[str, str], Tally] = defaultdict(Tally)
        self.form: Counter[str] = Counter()

    def judge(self, pair: Pair) -> None:
        where = (f"{pair.side}→{pair.other}", "held" if pair.held else "tuned")
        problems = self._problems(pair, pair.brief)
        facts = [problem for problem in problems if problem.kind in (FACTS if pair.lead else _ANYWHERE)]
        self.form.update(problem.kind for problem in problems if problem.kind not in FACTS)
        self.true[where].add(not facts, f"{facts}\n   {pair.source}\n   {pair.brief}")
        self.reasons[where].update({problem.kind for problem in facts})
        if facts:
            return
        for seed in self._seeds:
            dice = random.Random(f"{seed}{pair.source}")
            for kind, text in changes(pair.brief, pair.other, pair.source, self._names, dice):
                if kind.startswith(_OF_LEADS) and not pair.lead:
                    continue
                caught = any(problem.kind in FACTS for problem in self._problems(pair, text))
                self.changed[kind, where[0]].add(caught, f"   {pair.source}\n   {text}")

    def _source(self, pair: Pair) -> Source:
        return Source(title="", text=pair.source, language=str(pair.side), published=pair.day)

    def _problems(self, pair: Pair, text: str):
        fields = {Language.ZH: "", Language.EN: ""} | {pair.side: pair.source, pair.other: text}
        brief = Brief(
            title_zh="",
            title_en="",
            summary_zh=fields[Language.ZH],
            summary_en=fields[Language.EN],
            made_by=MadeBy.MODEL,
        )
        problems = list(self._guard.problems(brief, self._source(pair)))
        own = [problem for problem in problems if problem.field == f"summary_{pair.side}" and problem.kind in FACTS]
        if own and text == pair.brief:
            print("OWN WORDS REFUSED", own, pair.source)
        return [problem for problem in problems if problem.field == f"summary_{pair.other}"]


def told(judge: Judge, show: int, kinds: str) -> None:
    print("\ntrue pairs passed")
    for where, tally in sorted(judge.true.items()):
        reasons = "  ".join(f"{kind} {count}" for kind, count in judge.reasons[where].most_common())
        print(f"  {' '.join(where):14} {tally}   refused for: {reasons}")
    print(f"  forms that a brief would not have: {dict(judge.form.most_common())}")
    print("changed pairs caught")
    for key, tally in sorted(judge.changed.items()):
        print(f"  {key[0]:20} {key[1]:6} {tally}")
    for group, tallies in (("true", judge.true), ("changed", judge.changed)):
        for key, tally in tallies.items():
            if show and re.search(kinds, f"{group} {key}"):
                print(f"\n--- {group} {key}")
                for example in tally.examples[:show]:
                    print(f" * {example}")


def speed(glossary: Glossary, text: str, brief: str) -> None:
    source = Source(title="", text=text, language="en")
    made = Brief(title_zh="", title_en="", summary_zh="", summary_en=brief, made_by=MadeBy.MODEL)
    guard = Guard(glossary)
    took = []
    for _ in range(20):
        began = time.perf_counter()
        list(guard.problems(made, source))
        took.append(time.perf_counter() - began)
    print(f"a source of {len(text):,} characters, a brief of {len(brief):,}: {min(took) * 1000:.1f} ms")


_NEWS = (
    "The trilateral talks in Abu Dhabi ended on Sunday, 1 February 2026. U.S. envoy Steve Witkoff said both sides had "
    "agreed to exchange 314 prisoners. The United Arab Emirates pledged $1.2 million, 7.5% more than a year earlier. "
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--kinds", default="", help="which tallies to show examples of (a regular expression)")
    parser.add_argument("--level", default="", choices=["", "sentence", "passage", "document"])
    parser.add_argument("--part", default="", choices=["", "tuned", "held"])
    parser.add_argument("--others", action="store_true")
    arguments = parser.parse_args()
    glossary = load_glossary()
    speed(glossary, (_NEWS * 20)[:3000], _NEWS)
    if arguments.folder is None:
        print(__doc__)
        return
    corpus = arguments.folder / "parallel/wmt22_enzh"
    if arguments.others:
        documents = [*english_documents(corpus, news=False), *other_chinese(corpus)]
    else:
        documents = [*english_documents(corpus), *chinese_documents(corpus)]
    for level in [arguments.level] if arguments.level else ["sentence", "document"]:
        judge = Judge(glossary, SEEDS if level != "document" else SEEDS[:1])
        found = [pair for document in documents for pair in pairs_of(document, level)]
        for pair in found:
            if arguments.part in ("", "held" if pair.held else "tuned") and pair.source and pair.brief:
                judge.judge(pair)
        dated = sum(document.day is not None for document in documents)
        print(f"\n== {level}: {len(documents)} documents ({dated} with a dateline), {len(found)} pairs")
        told(judge, arguments.show, arguments.kinds)


if __name__ == "__main__":
    main()
