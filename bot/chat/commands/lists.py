"""`/import` and `/export`: a chat's feeds as a file (OPML) that any feed reader gives and takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from bot.chat.blocks import buttons, code, entry, note, one_line, text, title
from bot.chat.catalogue import Catalogue, mark
from bot.chat.commands.call import Call, Parts, number
from bot.chat.commands.feeds import no_keyword_yet, none_watched
from bot.chat.explain import explain_reason
from bot.chat.files import MAX_FILE
from bot.errors import FeedListError
from bot.model import Block, ImportedFeed, ImportOutcome, ImportReport, Message, Mode, Platform, Span

_SHOWN = 5
_ADDRESS = 100
_EVERYTHING = re.compile(r"(?:^|\s)(?:everything|全部)$", re.IGNORECASE)
_UNDO = re.compile(r"undo\s+(\S+)", re.IGNORECASE)

_HOW = {
    Platform.TELEGRAM: mark(
        "Send me the file here with {command} as its caption, or answer its message with {command}."
    ),
    Platform.DISCORD: mark("Give {command} and choose the file in its option."),
    Platform.CONSOLE: mark("Give {command} and the path of the file."),
}
_BAD_FILES = {
    "empty": mark("That file is empty."),
    "no-feeds": mark("That file names no feed."),
}
_NO_LIST = mark("That file is no list of feeds: export one as OPML from your feed reader.")
_TOO_LARGE = mark("That file is too large: at most {size} MB are read. Split it, or ask whoever runs me.")
_NOT_HAD = mark("That file could not be had: send it once more.")


async def import_(parts: Parts, call: Call) -> Message:
    """Watch the feeds of a file: `[everything]` with the file, or `undo N`, which the answer offers."""
    if undo := _UNDO.fullmatch(call.arguments):
        return await _undo(parts, call, number(undo[1]))
    request = call.request
    if not request.file:
        if not request.file_name:
            return _how(call)
        return _refused(call, call.t(_TOO_LARGE, size=MAX_FILE // 1_000_000) if _is_large(call) else call.t(_NOT_HAD))
    mode = Mode.EVERYTHING if _EVERYTHING.search(call.arguments) else Mode.MATCHING
    try:
        report = await parts.lists.import_list(call.chat.id, request.file, mode=mode, now=call.now)
    except FeedListError as error:
        sentence = _TOO_LARGE if error.reason == "too-large" else _BAD_FILES.get(error.reason, _NO_LIST)
        return _refused(call, call.t(sentence, size=MAX_FILE // 1_000_000))
    if report.of(ImportOutcome.SUBSCRIBED):
        parts.bell.ring("poll")
    return await _told(parts, call, report, mode)


def _is_large(call: Call) -> bool:
    return call.request.file_size > MAX_FILE


def _how(call: Call) -> Message:
    t = call.t
    way = t.spans(_HOW[call.request.address.platform], command=code("/import"))
    return Message(
        blocks=(
            text(t("I take the feeds of another reader as an OPML file, and add them to those of this chat.")),
            text(way),
        )
    )


def _refused(call: Call, sentence: str) -> Message:
    return Message(blocks=(text(sentence), note(call.t("Nothing was changed."))))


async def _told(parts: Parts, call: Call, report: ImportReport, mode: Mode) -> Message:
    t, added = call.t, len(report.of(ImportOutcome.SUBSCRIBED))
    blocks: list[Block] = [title(t.n("{n} feed was added", "{n} feeds were added", added))]
    blocks += _rest(parts, t, report)
    if added:
        blocks.append(text(t.spans("They are read within minutes; {feeds} shows how each is.", feeds=code("/feeds"))))
    if added and mode is Mode.MATCHING and not await parts.keywords.keywords(call.chat.id):
        blocks.append(text(no_keyword_yet(t)))
    undo = [(t("Undo"), f"/import undo {_stamp(call.now)}")] if added else []
    return Message(blocks=tuple(blocks), buttons=(buttons(*undo, (t("All feeds"), "/feeds")),))


def _rest(parts: Parts, t: Catalogue, report: ImportReport) -> Iterator[Block]:
    """What became of the others."""
    if already := len(report.of(ImportOutcome.ALREADY)):
        yield entry(t.n("{n} was here already.", "{n} were here already.", already))
    if over := len(report.of(ImportOutcome.OVER_LIMIT)):
        most = t.n("A chat may have {n} feed.", "A chat may have {n} feeds.", parts.limits.feeds)
        too_many = t.n("{n} was one too many.", "{n} were too many.", over)
        yield entry(f"{too_many} {most}")
    if refused := report.of(ImportOutcome.REFUSED):
        yield entry(t.n("{n} can't be read by me:", "{n} can't be read by me:", len(refused)))
        yield from (entry(_why(feed, t)) for feed in refused[:_SHOWN])
        if len(refused) > _SHOWN:
            yield entry("…")
    if report.left_off:
        yield entry(t.n("{n} more was left off.", "{n} more were left off.", report.left_off))
    if report.damaged:
        yield note(t("The file is damaged; what could be read of it was used."))


def _why(feed: ImportedFeed, t: Catalogue) -> tuple[Span, ...]:
    return code(one_line(feed.url, _ADDRESS)), Span(f" · {explain_reason(feed.reason, t)}")


async def _undo(parts: Parts, call: Call, stamp: int | None) -> Message:
    """Stop what one import brought: all its subscriptions were made at one instant, which names it."""
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    mine = [each.feed.id for each in watched if _stamp(each.created) == stamp]
    gone = sum([await parts.subscriptions.unsubscribe(call.chat.id, feed) for feed in mine])
    said = call.t.n("{n} feed is watched no more.", "{n} feeds are watched no more.", gone)
    none = call.t("Nothing of that file is watched here.")
    return Message(blocks=(text(said if gone else none),), buttons=(buttons((call.t("All feeds"), "/feeds")),))


def _stamp(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


async def export(parts: Parts, call: Call) -> Message:
    """The chat's feeds as a file."""
    t = call.t
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    if not watched:
        return none_watched(call)
    name = f"Diting: {call.chat.title}" if call.chat.title else "Diting"
    file = await parts.lists.export_list(call.chat.id, title=name, now=call.now)
    return Message(
        blocks=(
            text(t.n("{n} feed is in this file.", "{n} feeds are in this file.", len(watched))),
            note(t.spans("Any feed reader takes it, and so do I: {command}", command=code("/import"))),
        ),
        file=file,
    )
