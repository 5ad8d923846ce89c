"""What became of an imported file, said in a few lines: feeds, keywords, settings."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chat.blocks import code, entry, note, one_line, text, title
from bot.chat.catalogue import Catalogue
from bot.chat.explain import explain_problem, explain_reason
from bot.model import Block, ImportedFeed, ImportedKeyword, ImportOutcome, ImportReport, SettingsOutcome, Span

_SHOWN = 5
_TEXT = 100  # of an address or query


def told(t: Catalogue, report: ImportReport, *, most_feeds: int, most_keywords: int) -> Iterator[Block]:
    """What became of a file; the most feeds and keywords that a chat may have are said where there were more."""
    feeds, keywords = report.feeds, report.keywords
    if feeds or not keywords:
        added = len(report.of(ImportOutcome.SUBSCRIBED))
        yield title(t.n("{n} feed was added", "{n} feeds were added", added))
        yield from _feeds(t, report, most_feeds)
        if added:
            yield text(t.spans("They are read within minutes; {feeds} shows how each is.", feeds=code("/feeds")))
    if keywords:
        added = len(report.keywords_of(ImportOutcome.SUBSCRIBED))
        yield title(t.n("{n} keyword was added", "{n} keywords were added", added))
        yield from _keywords(t, report, most_keywords)
    yield from _settings(t, report)
    if report.damaged:
        yield note(t("The file is damaged; what could be read of it was used."))


def _feeds(t: Catalogue, report: ImportReport, most: int) -> Iterator[Block]:
    if already := len(report.of(ImportOutcome.ALREADY)):
        yield entry(t.n("{n} was here already.", "{n} were here already.", already))
    if over := len(report.of(ImportOutcome.OVER_LIMIT)):
        limit = t.n("A chat may have {n} feed.", "A chat may have {n} feeds.", most)
        yield entry(f"{_too_many(t, over)} {limit}")
    if refused := report.of(ImportOutcome.REFUSED):
        yield entry(t.n("{n} can't be read by me:", "{n} can't be read by me:", len(refused)))
        yield from (entry(_why_not_feed(feed, t)) for feed in refused[:_SHOWN])
        if len(refused) > _SHOWN:
            yield entry("…")
    if report.left_off:
        yield entry(t.n("{n} more was left off.", "{n} more were left off.", report.left_off))


def _keywords(t: Catalogue, report: ImportReport, most: int) -> Iterator[Block]:
    if already := len(report.keywords_of(ImportOutcome.ALREADY)):
        yield entry(t.n("{n} was here already.", "{n} were here already.", already))
    if over := len(report.keywords_of(ImportOutcome.OVER_LIMIT)):
        limit = t.n("A chat may have {n} keyword.", "A chat may have {n} keywords.", most)
        yield entry(f"{_too_many(t, over)} {limit}")
    if refused := report.keywords_of(ImportOutcome.REFUSED):
        yield entry(t.n("{n} can't be read by me:", "{n} can't be read by me:", len(refused)))
        yield from (entry(_why_not_keyword(keyword, t)) for keyword in refused[:_SHOWN])
        if len(refused) > _SHOWN:
            yield entry("…")


def _too_many(t: Catalogue, over: int) -> str:
    return t.n("{n} was one too many.", "{n} were too many.", over)


def _settings(t: Catalogue, report: ImportReport) -> Iterator[Block]:
    match report.settings:
        case SettingsOutcome.OFFERED:
            yield text(t("The file has other settings, too. A button takes them."))
        case SettingsOutcome.TAKEN:
            yield text(t("Its settings hold here from now on."))
        case SettingsOutcome.REFUSED:
            yield text(t("Its settings can't be read: those of this chat stay as they are."))


def _why_not_feed(feed: ImportedFeed, t: Catalogue) -> tuple[Span, ...]:
    return code(one_line(feed.url, _TEXT)), Span(f" · {explain_reason(feed.reason, t)}")


def _why_not_keyword(keyword: ImportedKeyword, t: Catalogue) -> tuple[Span, ...]:
    return code(one_line(keyword.query, _TEXT)), Span(f" · {explain_problem(keyword.reason, t)}")
