"""How often the names that keywords are called in the other language are right: a table written by hand.

    python -m bench.counterparts [-v]

It prints, of the keywords of `tests/data/counterparts*.tsv` and without any model, how many get a right name (recall),
how many get a right one first, and how many of all names offered are right (precision); with -v what was wrong or
missing. The rules were made with the first table in sight; that of the unseen is the honest figure.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.briefs.cedict import Cedict
from bot.briefs.counterparts import KnownCounterparts
from bot.briefs.glossary import Glossary, load_glossary
from bot.text.chinese import HAN
from bot.text.fold import fold
from bot.text.stems import stem

TABLES = Path(__file__).parents[1] / "tests" / "data"


@dataclass(frozen=True)
class Row:
    """A keyword with its right answers, and what was offered."""

    keyword: str
    right: frozenset[str]
    offered: tuple[str, ...] = ()

    def is_right(self, name: str) -> bool:
        return key(name) in self.right

    @property
    def found(self) -> bool:
        return any(map(self.is_right, self.offered))

    @property
    def missing(self) -> bool:
        return bool(self.right) and not self.found

    @property
    def wrong(self) -> list[str]:
        return [name for name in self.offered if not self.is_right(name)]


def key(name: str) -> str:
    """Inflections and the order of words make no difference to what a keyword finds."""
    return " ".join(sorted(stem(word, "en") for word in fold(name).replace("-", " ").split()))


def read_table(name: str) -> list[Row]:
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("\t") for line in lines if not line.startswith("#")]
    return [Row(word, frozenset(key(name) for name in right.split("|") if name)) for word, _, right in pairs]


async def answered(rows: Iterable[Row], glossary: Glossary, dictionary: Cedict) -> list[Row]:
    counterparts = KnownCounterparts(glossary, dictionary, patience=timedelta(minutes=1))
    return [Row(row.keyword, row.right, tuple(await counterparts.counterparts(row.keyword))) for row in rows]


def figures(rows: list[Row]) -> tuple[float, float, float]:
    """Recall, recall of the first name, and precision."""
    wanted = [row for row in rows if row.right]
    first = [row for row in wanted if row.offered and row.is_right(row.offered[0])]
    offered = sum(len(row.offered) for row in rows)
    wrong = sum(len(row.wrong) for row in rows)
    return sum(row.found for row in wanted) / len(wanted), len(first) / len(wanted), 1 - wrong / max(offered, 1)


def told(name: str, rows: list[Row]) -> None:
    recall, first, precision = figures(rows)
    print(f"{name:34} {len(rows):4}   recall {recall:4.0%}   first right {first:4.0%}   precision {precision:4.0%}")
    if "-v" in sys.argv:
        for row in rows:
            if row.missing or row.wrong:
                print(
                    f"    {row.keyword}: {'missing; ' if row.missing else ''}offered {' · '.join(row.offered) or '-'}"
                )


async def measured(title: str, table: str, glossary: Glossary) -> None:
    rows = read_table(table)
    began = time.perf_counter()
    both = await answered(rows, glossary, Cedict())
    each = (time.perf_counter() - began) / len(rows)
    known = {row.keyword for row in await answered(rows, glossary, Cedict(b"")) if row.offered}
    print(f"{title}: {len(rows)} keywords, {each * 1000:.0f} ms each")
    told("English to Chinese", [row for row in both if not HAN.search(row.keyword)])
    told("Chinese to English", [row for row in both if HAN.search(row.keyword)])
    told("by CC-CEDICT alone", [row for row in both if row.keyword not in known])
    told("all", both)


def peak() -> float:
    """MB that the process had at its peak."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def main() -> None:
    glossary, before = load_glossary(), peak()
    await measured("seen", "counterparts.tsv", glossary)
    await measured("unseen", "counterparts_unseen.tsv", glossary)
    print(f"at the peak {peak() - before:.0f} MB more than with the glossary alone")


if __name__ == "__main__":
    asyncio.run(main())
