"""Parses every document of the folders given: how many are feeds, how long the slowest took, and how far titles, links,
dates and guids agree with what the documents' own projects expect of them.

Run: python -m bench.corpus [FOLDER...]

A folder of folders counts each as a source. Expectations are looked for in `<folder>_expected` beside it. Without a
folder, the documents of tests/data/feeds are parsed, which have their expectations tested elsewhere.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from bench.expectations import HEADING, Case, Statement, read_case
from bench.reasons import DETOUR, PLACEHOLDER, UNEXPLAINED, WRONG_CHARSET, reason
from bot.errors import NotAFeed
from bot.feeds.parse import parse
from bot.feeds.prolog import MAX_ITEMS
from bot.model import Item, ParsedFeed
from bot.text.html import html_to_text, one_line
from bot.text.language import detect
from bot.text.urls import safe_link

FIELDS = ("title", "link", "date", "guid", "text")
SLOW = 2.0  # seconds
OUR_OWN = Path(__file__).parents[1] / "tests" / "data" / "feeds"
_NO_FEEDS = {".md", ".txt", ".py", ".html", ".license"}
_NO_FEED_ENDS = (".expected.json", "LICENSE")
_ENTRY = re.compile(rb"<(?:item|entry)(?:\s[^>]*)?(?<!/)>", re.IGNORECASE)


@dataclass
class Tally:
    """What came of one source."""

    files: int = 0
    items: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    times: list[tuple[float, str]] = field(default_factory=list)
    agree: Counter[str] = field(default_factory=Counter)
    stated: Counter[str] = field(default_factory=Counter)
    beyond: int = 0
    differ: list[tuple[Case, Statement, Any]] = field(default_factory=list)


def find(folders: list[Path]) -> Iterator[Case]:
    for folder in folders:
        expected = folder.parent / f"{folder.name}_expected"
        inner = [each for each in sorted(folder.iterdir()) if each.is_dir()]
        for root in inner if inner and not any(each.is_file() for each in folder.iterdir()) else [folder]:
            beside = expected / root.name if expected.is_dir() else None
            for path in sorted(root.rglob("*")):
                if path.is_file() and path.suffix not in _NO_FEEDS and not path.name.endswith(_NO_FEED_ENDS):
                    yield read_case(path, root, beside)


def run(case: Case, tally: Tally) -> None:
    body = case.path.read_bytes()
    tally.files += 1
    begun = time.process_time()
    try:
        parsed = parse(body, url=case.url, content_type=case.content_type)
    except NotAFeed as error:
        parsed = None
        tally.refused[error.reason] += 1
    except Exception as error:  # noqa: BLE001 - that there are none is what this program shows
        parsed = None
        tally.faults.append(f"{case.path}: {error!r}")
    tally.times.append((time.process_time() - begun, str(case.path)))
    if parsed is not None:
        tally.items += len(parsed.items)
    for statement in case.statements:
        if statement.index >= MAX_ITEMS:
            tally.beyond += 1
        elif statement.value is not None:
            compare(case, statement, parsed, tally)


def with_titles(case: Case, body: bytes) -> ParsedFeed:
    """The document again, with a title put into its items: what has neither title, text nor link is no item to us."""
    titled = _ENTRY.sub(rb"\g<0><title>Untitled</title>", body)
    return parse(titled, url=case.url, content_type=case.content_type)


def compare(case: Case, statement: Statement, parsed: ParsedFeed | None, tally: Tally) -> None:
    if parsed is not None and statement.index >= len(parsed.items) and statement.field in {"date", "guid"}:
        parsed = with_titles(case, case.path.read_bytes())
    tally.stated[statement.field] += 1
    ours: Any = ours_of(statement, parsed)
    if ours is not None and same(statement, ours, case.url):
        tally.agree[statement.field] += 1
    else:
        tally.differ.append((case, statement, ours))


def ours_of(statement: Statement, parsed: ParsedFeed | None) -> Any:
    if parsed is None:
        return None
    if statement.index == HEADING:
        return parsed.title if statement.field == "title" else parsed.site
    if statement.index >= len(parsed.items):
        return ""  # nothing to tell, which is right where no more is expected
    item: Item = parsed.items[statement.index]
    names = {"title": item.title, "link": item.url, "guid": item.guid, "text": item.text, "date": item.published}
    return names[statement.field]


def same(statement: Statement, ours: Any, url: str) -> bool:
    value = statement.value
    if isinstance(value, datetime) or isinstance(ours, datetime):
        return isinstance(ours, datetime) and abs(ours - value) < timedelta(seconds=1)
    value = str(value)
    if statement.field == "title":
        return ours in {one_line(value)[:500], one_line(escape(value, quote=False))[:500]}
    if statement.field == "text":
        return ours in {html_to_text(value), html_to_text(escape(value, quote=False))}
    if statement.field == "link":
        return ours == safe_link(resolved(url, value))
    return ours == value.strip()


def resolved(url: str, link: str) -> str:
    try:
        return urljoin(url, link)
    except ValueError:
        return ""


def report(tallies: dict[str, Tally]) -> None:
    print(f"{'source':28}{'files':>6}{'feeds':>6}{'items':>7}{'errors':>7}{'CPU, most':>11}{'>2 s':>5}  refused")
    for name, tally in tallies.items():
        slowest = max(seconds for seconds, _ in tally.times)
        slow = sum(seconds > SLOW for seconds, _ in tally.times)
        feeds = tally.files - tally.refused.total() - len(tally.faults)
        refused = ", ".join(f"{count} {reason}" for reason, count in tally.refused.most_common())
        print(
            f"{name:28}{tally.files:6}{feeds:6}{tally.items:7}{len(tally.faults):7}{slowest:9.2f} s{slow:5}  {refused}"
        )
    for tally in tallies.values():
        for fault in tally.faults:
            print("ERROR", fault)
    print()
    print(f"{'agreement':28}" + "".join(f"{name:>16}" for name in FIELDS))
    for name, tally in tallies.items():
        if tally.stated:
            print(f"{name:28}" + "".join(share(tally.agree[one], tally.stated[one]) for one in FIELDS))
    agree = sum((tally.agree for tally in tallies.values()), Counter())
    stated = sum((tally.stated for tally in tallies.values()), Counter())
    if not stated:
        return
    print(f"{'all':28}" + "".join(share(agree[one], stated[one]) for one in FIELDS))
    differ = [(*each, reason(*each)) for tally in tallies.values() for each in tally.differ]
    flawed = Counter(statement.field for _, statement, _, why in differ if why in {WRONG_CHARSET, PLACEHOLDER})
    behind = Counter(statement.field for _, statement, _, why in differ if why == DETOUR)
    against = [share(agree[one] + behind[one], stated[one] - flawed[one]) for one in FIELDS]
    print(f"{'all, by the document itself':28}" + "".join(against))
    print("The last line leaves out what is expected of a wrong charset and placeholders, and counts the page behind a")
    print("FeedBurner address, where the document names both, as agreeing.")
    explain(differ)
    beyond = sum(tally.beyond for tally in tallies.values())
    print(f"{beyond:5}       expectations of items past the first {MAX_ITEMS}, which are not read, are not counted")


def explain(differ: list[tuple[Case, Statement, Any, str]]) -> None:
    """Every disagreement, by its reason."""
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for case, statement, ours, why in differ:
        place = f"{case.source}/{case.path.name}"
        found[statement.field, why][place if why != UNEXPLAINED else f"{place} {statement} {ours!r:.100}"] += 1
    print()
    for (name, why), places in sorted(found.items()):
        print(f"{places.total():5} {name:6}{why}")
        for place, count in places.items():
            print(f"{'':12}{count} × {place}")


def share(agree: int, stated: int) -> str:
    return f"{agree}/{stated} {agree / stated:.1%}".rjust(16) if stated else " " * 16


def main(folders: list[Path]) -> None:
    detect("The first text loads the statistics of languages.")
    tallies: dict[str, Tally] = {}
    for case in find(folders):
        run(case, tallies.setdefault(case.source, Tally()))
    report(tallies)


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or [OUR_OWN])
