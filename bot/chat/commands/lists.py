"""`/import` and `/export`: feeds as a file that any reader gives and takes (OPML), or all that a chat has (JSON)."""

from __future__ import annotations

import re
from datetime import datetime

from bot.chat.blocks import buttons, code, entry, in_place, note, text
from bot.chat.catalogue import Catalogue, catalogue_for, mark
from bot.chat.commands.call import Call, Parts, number
from bot.chat.commands.feeds import no_keyword_yet, none_watched
from bot.chat.commands.import_report import told
from bot.chat.commands.schedule import time_anew
from bot.chat.files import MAX_FILE
from bot.errors import FeedListError
from bot.model import Block, Button, ImportOutcome, ImportReport, Message, Mode, Platform, SettingsOutcome

_EVERYTHING = re.compile(r"(?:^|\s)(?:everything|全部)(?:\s|$)", re.IGNORECASE)
_SETTINGS = re.compile(r"(?:^|\s)(?:settings|設定|设置)(?:\s|$)", re.IGNORECASE)
_UNDO = re.compile(r"undo\s+(\S+)", re.IGNORECASE)
_TAKE = re.compile(r"take\s+([0-9a-f]{16})", re.IGNORECASE)
_OURS = b"{"  # how JSON begins, and no OPML
_ALL = frozenset({"all", "json", "全部"})

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
    "too-large": mark("That file is too large: at most {size} MB are read. Split it, or ask whoever runs me."),
    "too-many": mark("That file names more feeds or keywords than anybody could read."),
    "version": mark("That file is of a newer version than I am: ask whoever runs me to bring me up to date."),
    "wrong": mark("Something in that file is not as it should be: export it once more, and change nothing in it."),
    "not-ours": mark("That file is none of mine: make one with {export}, or export OPML from your feed reader."),
}
_NO_LIST = mark("That file is no list of feeds: export one as OPML from your feed reader.")
_NOT_HAD = mark("That file could not be had: send it once more.")


async def import_(parts: Parts, call: Call) -> Message:
    """Take in a file: `[everything] [settings]` with it, or `undo N` and `take TOKEN`, which the answers offer."""
    if undo := _UNDO.fullmatch(call.arguments):
        return await _undo(parts, call, number(undo[1]))
    if take := _TAKE.fullmatch(call.arguments):
        return await _take_settings(parts, call, take[1].lower())
    request = call.request
    if not request.file:
        if not request.file_name:
            return _how(call)
        return _refused(call, "too-large") if _is_large(call) else _refused(call, "not-had")
    mode = Mode.EVERYTHING if _EVERYTHING.search(call.arguments) else Mode.MATCHING
    try:
        report = await _report(parts, call, mode)
    except FeedListError as error:
        return _refused(call, error.reason)
    if report.of(ImportOutcome.SUBSCRIBED):
        parts.bell.ring("poll")
    if report.changed:
        await time_anew(parts, call, report.changed)
    return await _told(parts, call, report, mode)


async def _report(parts: Parts, call: Call, mode: Mode) -> ImportReport:
    """What became of the file. Raises FeedListError."""
    data = call.request.file
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_OURS):
        return await parts.lists.import_list(call.chat.id, data, mode=mode, now=call.now)
    settings = bool(_SETTINGS.search(call.arguments))
    return await parts.files.import_chat(call.chat, data, settings=settings, mode=mode, now=call.now)


def _is_large(call: Call) -> bool:
    return call.request.file_size > MAX_FILE


def _how(call: Call) -> Message:
    t = call.t
    way = t.spans(_HOW[call.told_on], command=code("/import"))
    return Message(
        blocks=(
            text(t("I take the feeds of another reader as an OPML file, and add them to those of this chat.")),
            text(t.spans("A file that {export} made brings keywords and settings, too.", export=code("/export all"))),
            text(way),
        )
    )


def _refused(call: Call, reason: str) -> Message:
    t = call.t
    sentence = _NOT_HAD if reason == "not-had" else _BAD_FILES.get(reason, _NO_LIST)
    said = t.spans(sentence, size=str(MAX_FILE // 1_000_000), export=code("/export all"))
    return Message(blocks=(text(said), note(t("Nothing was changed."))))


async def _told(parts: Parts, call: Call, report: ImportReport, mode: Mode) -> Message:
    limits = parts.limits
    t = catalogue_for(report.changed.locale or call.request.person.locale) if report.changed else call.t
    blocks = list(told(t, report, most_feeds=limits.feeds, most_keywords=limits.keywords))
    feeds, keywords = report.of(ImportOutcome.SUBSCRIBED), report.keywords_of(ImportOutcome.SUBSCRIBED)
    if feeds and mode is Mode.MATCHING and not await parts.keywords.keywords(call.chat.id):
        blocks.append(text(no_keyword_yet(t)))
    undo = in_place((t("Undo"), f"/import undo {_stamp(call.now)}")) if feeds or keywords else ()
    shown = [(t("All keywords"), "/keyword list")] if report.keywords else []
    return Message(
        blocks=tuple(blocks),
        buttons=(_of_settings(t, report), (*undo, *buttons((t("All feeds"), "/feeds"), *shown))),
    )


def _of_settings(t: Catalogue, report: ImportReport) -> tuple[Button, ...]:
    """The button that takes settings, or the former ones again."""
    if report.settings is SettingsOutcome.OFFERED:
        return buttons((t("Take its settings"), f"/import take {report.kept}"))
    if report.settings is SettingsOutcome.TAKEN:
        return buttons((t("Former settings"), f"/import take {report.kept}"))
    return ()


async def _take_settings(parts: Parts, call: Call, token: str) -> Message:
    report = await parts.files.take_settings(call.chat, token, now=call.now)
    if report is None or report.changed is None:
        return Message(blocks=(text(call.t("Nothing was changed.")),))
    await time_anew(parts, call, report.changed)
    t = catalogue_for(report.changed.locale or call.request.person.locale)
    back = in_place((t("Undo"), f"/import take {report.kept}"))
    said = text(t("Saved. It takes effect from the next message on."))
    return Message(blocks=(said,), buttons=(back, in_place((t("All settings"), "/settings"))))


async def _undo(parts: Parts, call: Call, stamp: int | None) -> Message:
    """Take back what one import brought: all of it was made at one instant, which names it."""
    t, chat = call.t, call.chat
    feeds = [each for each in await parts.subscriptions.subscriptions(chat.id) if _stamp(each.created) == stamp]
    mine = [each.id for each in await parts.keywords.keywords(chat.id) if _stamp(each.created) == stamp]
    said: list[Block] = []
    if feeds:
        await parts.files.stop_feeds(chat, feeds, now=call.now)
        said.append(text(t.n("{n} feed is watched no more.", "{n} feeds are watched no more.", len(feeds))))
    if mine:
        _, gone = await parts.removals.remove_keywords(chat.id, mine)
        said.append(text(t.n("{n} keyword was removed.", "{n} keywords were removed.", len(gone))))
    none = text(t("Nothing of that file is watched here."))
    return Message(blocks=tuple(said) or (none,), buttons=(buttons((t("All feeds"), "/feeds")),))


def _stamp(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


async def export(parts: Parts, call: Call) -> Message:
    """The chat's feeds as a file, or with `all` everything it has."""
    t = call.t
    if call.arguments.casefold() in _ALL:
        return await _export_all(parts, call)
    everything = buttons((t("With keywords and settings"), "/export all"))
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    if not watched:
        none = none_watched(call)
        return Message(blocks=none.blocks, buttons=(*none.buttons, everything))
    name = f"Diting: {call.chat.title}" if call.chat.title else "Diting"
    file = await parts.lists.export_list(call.chat.id, title=name, now=call.now)
    return Message(
        blocks=(
            text(t.n("{n} feed is in this file.", "{n} feeds are in this file.", len(watched))),
            note(t.spans("Any feed reader takes it, and so do I: {command}", command=code("/import"))),
        ),
        buttons=(everything,),
        file=file,
    )


async def _export_all(parts: Parts, call: Call) -> Message:
    t, chat = call.t, call.chat.id
    feeds, keywords = await parts.subscriptions.subscriptions(chat), await parts.keywords.keywords(chat)
    file = await parts.files.export_chat(call.chat, now=call.now)
    return Message(
        blocks=(
            text(t("All of this chat is in this file: feeds, keywords and settings.")),
            entry(t.n("{n} feed", "{n} feeds", len(feeds))),
            entry(t.n("{n} keyword", "{n} keywords", len(keywords))),
            note(t.spans("Here or in any other chat I take it in: {command}", command=code("/import"))),
        ),
        file=file,
    )
