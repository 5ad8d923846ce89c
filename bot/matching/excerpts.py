"""Pieces of a document around the words that answered a query."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.matching.document import Document
from bot.matching.evaluate import Passage, passages
from bot.matching.expression import Query
from bot.model import Excerpt, Part

MOST = 2
_AROUND = 40  # characters before the first words and after the last
_TOGETHER = 60  # words farther apart than this many characters have an excerpt each
_PARTS = (Part.TITLE, Part.TEXT)
_SPACE = re.compile(r"\s+")
_ELLIPSIS = "…"


def excerpts(query: Query, document: Document) -> tuple[Excerpt, ...]:
    """At most two; none when the query finds nothing, or answers with no words of the document's own."""
    shown = list(_clusters(passages(query, document) or []))[:MOST]
    return tuple(Excerpt(part=_PARTS[one[0].field], runs=_runs(one, document)) for one in shown)


def _clusters(found: Sequence[Passage]) -> Iterator[list[Passage]]:
    """Passages that stand together."""
    cluster: list[Passage] = []
    for passage in found:
        last = cluster[-1] if cluster else passage
        if passage.field != last.field or passage.start - last.end > _TOGETHER:
            yield cluster
            cluster = []
        cluster.append(passage)
    if cluster:
        yield cluster


def _runs(cluster: Sequence[Passage], document: Document) -> tuple[tuple[str, bool], ...]:
    source = document.fields[cluster[0].field].source
    runs: list[tuple[str, bool]] = []
    start = at = _left(source, cluster[0].start)
    for passage in cluster:
        begin = max(passage.start, at)  # a phrase and one of its words overlap
        runs += [(source[at:begin], False), (source[begin : max(passage.end, begin)], True)]
        at = max(passage.end, begin)
    end = _right(source, at)
    runs.append((source[at:end], False))
    runs = [(_ELLIPSIS if start else "", False), *runs, (_ELLIPSIS if end < len(source) else "", False)]
    return tuple((_SPACE.sub(" ", text), bold) for text, bold in runs if text)


def _left(source: str, start: int) -> int:
    """Where an excerpt begins: in the same paragraph, at the beginning of a word."""
    earliest = max(source.rfind("\n", 0, start) + 1, start - _AROUND, 0)
    if not earliest or source[earliest - 1].isspace():
        return earliest
    space = _SPACE.search(source, earliest, start)
    return space.end() if space else earliest


def _right(source: str, end: int) -> int:
    line = source.find("\n", end)
    latest = min(line if line >= 0 else len(source), end + _AROUND)
    if latest == len(source) or source[latest].isspace():
        return latest
    space = max(source.rfind(" ", end, latest), source.rfind("\u3000", end, latest))
    return space if space > end else latest
