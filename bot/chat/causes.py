"""Tells why an alert came: the keywords and their words, the brief, the time it took, the story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from babel.dates import format_timedelta

from bot.chat.blocks import bold, code, entry, note, one_line, text
from bot.chat.catalogue import Catalogue
from bot.chat.misses import excerpt_runs
from bot.chat.reader import Reader
from bot.chat.readings import listed, reading
from bot.chat.render import KEYWORD_LIMIT, made_by, matched_words, source_of
from bot.chat.retold import told_like
from bot.errors import QueryError
from bot.matching.query import read
from bot.model import Block, Cause, Excerpt, Finding, Mode, Part, Span, Trail

_MOST_CAUSES = 3
_MOST_SOURCES = 5
_READING = 200


def alert_blocks(finding: Finding, trail: Trail, reader: Reader) -> Iterator[Block]:
    """What made an alert, how its brief was made, where the time went, who else told the story, and what shows that."""
    t = reader.t
    feed = bold(source_of(trail.item))
    if trail.mode is Mode.EVERYTHING:
        yield text(t.spans("Everything from {feed} comes here, whether or not a keyword matches.", feed=feed))
    elif not finding.causes:
        yield text(t.spans("Everything from {feed} came here at that time.", feed=feed))
    for cause in finding.causes[:_MOST_CAUSES]:
        yield from _cause(cause, reader, paged=finding.paged)
    more = len(finding.causes) - _MOST_CAUSES
    if more > 0:
        yield note(t.n("and {n} more keyword", "and {n} more keywords", more))
    if trail.brief:
        yield note(made_by(trail.brief, t))
    yield note(_times(trail, reader))
    yield from _sources(trail, t)
    yield from told_like(trail.same, t)


def _cause(cause: Cause, reader: Reader, *, paged: bool) -> Iterator[Block]:
    t, keyword = reader.t, code(one_line(cause.why.keyword, KEYWORD_LIMIT))
    plain = _reading(cause.why.keyword, t)
    if plain:
        yield text(t.spans("Keyword {keyword}: {words}", keyword=keyword, words=plain))
    else:
        yield text(t.spans("Keyword {keyword}", keyword=keyword))
    yield from (entry(_excerpt(one, t)) for one in cause.excerpts)
    words = matched_words(cause.why.matched)
    if translated := reader.chinese(matched_words(cause.why.translated)):
        yield entry(t.spans("in the translation: {words}", words=bold(translated)))
    if not cause.excerpts and words:
        found = bold(words)
        yield entry(t.spans("on its page, which is not kept: {words}", words=found) if paged else (found,))


def _reading(query: str, t: Catalogue) -> str:
    """The keyword in plain words, where these say more than the keyword itself."""
    try:
        plain = reading(read(query), t)
    except QueryError:
        return ""
    return one_line(plain, _READING) if plain.casefold() != query.casefold() else ""


def _excerpt(excerpt: Excerpt, t: Catalogue) -> tuple[Span, ...]:
    runs = excerpt_runs(excerpt)
    if excerpt.part is Part.TITLE:
        return t.spans("in the title: {excerpt}", excerpt=runs)
    return t.spans("in the text: {excerpt}", excerpt=runs)


def _times(trail: Trail, reader: Reader) -> str:
    """Where the time went: published, found by a poll, sent."""
    t, seen, published = reader.t, trail.item.seen, trail.item.item.published
    sent = _span((trail.fate.finished or seen) - seen, t) if trail.fate else ""
    if published and published < seen:
        then, found = reader.when(published), _span(seen - published, t)
        return t("Published {when} · found after {found} · sent after {sent} more", when=then, found=found, sent=sent)
    return t("Found {when} · sent after {sent}", when=reader.when(seen), sent=sent)


def _span(length: timedelta, t: Catalogue) -> str:
    return format_timedelta(max(length, timedelta(seconds=1)), threshold=1.5, locale=t.babel)


def _sources(trail: Trail, t: Catalogue) -> Iterator[Block]:
    """Who else told the story."""
    names = tuple(dict.fromkeys(source_of(item) for item in (trail.item, *(other.item for other in trail.others))))
    if len(names) > 1:
        shown = listed(names[:_MOST_SOURCES], t)
        yield note(t("{n} sources told this: {names}", n=t.number(len(names)), names=shown))
