"""What other programs' test feeds state of themselves, as plain statements about our values.

Three forms are read: `Expect:` lines inside of a document (Python expressions over feedparser's result, of which only
comparisons of a path with a literal are understood; nothing is evaluated), and JSON files beside the documents, as
gofeed (`items` or `entries`) and rss-parser (`feed.items`) have them.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

HEADING = -1
_EXPECT = re.compile(r"Expect:\s*(.+?)\s*(?:-->|\n\s*\n|$)", re.DOTALL)
_HEADER = re.compile(r"Header:\s*([\w-]+):[ \t]*([^\n]*?)[ \t]*$", re.MULTILINE)
_FEED_PATHS = {
    ("title",): "title",
    ("title_detail", "value"): "title",
    ("link",): "link",
}
_ENTRY_PATHS = {
    ("title",): "title",
    ("title_detail", "value"): "title",
    ("link",): "link",
    ("feedburner_origlink",): "link",
    ("id",): "guid",
    ("guid",): "guid",
    ("description",): "text",
    ("summary",): "text",
    ("content", 0, "value"): "text",
    **{(name,): "date" for name in ("published_parsed", "updated_parsed", "created_parsed", "published", "updated")},
    **{(name,): "date" for name in ("date_parsed", "date", "created")},
}


@dataclass(frozen=True)
class Statement:
    """`field` of the item at `index` (HEADING: of the feed) is `value`."""

    field: str
    index: int
    value: Any


@dataclass(frozen=True)
class Case:
    """A document, how it was served, and what is stated of it."""

    path: Path
    source: str
    url: str
    content_type: str
    statements: tuple[Statement, ...]


def read_case(path: Path, root: Path, expected: Path | None) -> Case:
    """The document at `path` under `root`, with what it or a file under `expected` states of it."""
    text = path.read_bytes().replace(b"\x00", b"").decode("utf-8", "replace")[:4000]
    relative = path.relative_to(root)
    headers = {name.lower(): value for name, value in _HEADER.findall(text)}
    url = f"http://127.0.0.1:8097/{relative.as_posix()}"
    location = urljoin(url, headers.get("content-location", ""))
    url = location if location.startswith("http") else url
    stated: tuple[Statement, ...] = ()
    if (match := _EXPECT.search(text)) and "feedparser" in root.name:
        stated = tuple(_from_expression(match[1]))
    elif expected and (file := _beside(expected, relative)):
        stated = tuple(_from_json(file))
    return Case(path, root.name, url, headers.get("content-type", ""), stated)


def _beside(expected: Path, relative: Path) -> Path | None:
    parts = tuple("output" if part == "input" else part for part in relative.parts)
    file = expected.joinpath(*parts).with_suffix(".json")
    return file if file.exists() else None


def _from_expression(expression: str) -> Iterator[Statement]:
    try:
        tree = ast.parse(" ".join(expression.split()), mode="eval").body
    except (SyntaxError, ValueError):
        return
    terms = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    for term in terms:
        if isinstance(term, ast.Compare) and len(term.ops) == 1 and isinstance(term.ops[0], ast.Eq):
            yield from _from_comparison(term.left, term.comparators[0])


def _from_comparison(left: ast.expr, right: ast.expr) -> Iterator[Statement]:
    path = _path(left)
    try:
        value = ast.literal_eval(right)
    except (ValueError, TypeError):
        return
    if path[:1] == ("feed",) and (field := _FEED_PATHS.get(path[1:])):
        yield Statement(field, HEADING, value)
    if path[:1] == ("entries",) and len(path) > 2 and (field := _ENTRY_PATHS.get(path[2:])):
        value = _moment(value) if field == "date" else value
        yield Statement(field, int(path[1]), value)


def _path(node: ast.expr) -> tuple[Any, ...]:
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        return (*_path(node.value), node.attr)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return (*_path(node.value), node.slice.value)
    return ("",)


def _from_json(file: Path) -> Iterator[Statement]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:  # the expectation of a broken document
        return
    document = document.get("feed", document)
    for field in ("title", "link"):
        if value := _first(document, field):
            yield Statement(field, HEADING, value)
    for index, item in enumerate(document.get("items") or document.get("entries") or []):
        for field in ("title", "link", "guid", "date", "text"):
            if value := _first(item, field):
                yield Statement(field, index, value)


_NAMES = {
    "guid": ("guid", "id"),
    "link": ("link", "url", "links"),
    "date": (
        *("publishedParsed", "pubDateParsed", "isoDate", "published", "pubDate", "date_published"),
        *("updatedParsed", "updated", "date_modified"),
    ),
    "text": ("content:encoded", "content", "description", "summary"),
}


def _first(item: dict[str, Any], field: str) -> Any:
    for name in _NAMES.get(field, (field,)):
        value = _plain(item.get(name))
        if field == "date" and value:
            value = _moment(value)
        if value:
            return value
    return None


def _plain(value: Any) -> Any:
    """`{"value": …}` of a guid or content, the alternate one of Atom's links, or the text itself."""
    if isinstance(value, list):
        links = [link for link in value if isinstance(link, dict) and link.get("rel", "alternate") == "alternate"]
        return links[0].get("href") if links else None
    return value.get("value") if isinstance(value, dict) else value


def _moment(value: Any) -> datetime | None:
    """A date that another program read, or wrote in a standard form; None where it only repeats the document's text."""
    if isinstance(value, tuple):
        return datetime(*value[:6], tzinfo=UTC) if len(value) >= 6 else None
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        try:
            moment = parsedate_to_datetime(value)
        except (TypeError, ValueError):
            return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
