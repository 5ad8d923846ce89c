"""`opml import` and `opml export`: a chat's feeds as a file, at the command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.app.clock import utc_now
from bot.app.commands import lists_for
from bot.app.stages import SourceError, read_source
from bot.errors import DitingError
from bot.feeds.opml import read_opml
from bot.model import Chat, ChatAddress, ImportedFeed, ImportOutcome, ImportReport, Mode, Platform
from bot.settings import Settings
from bot.storage import Storage, open_storage
from bot.work.lists import report_of

Show = Callable[[ImportedFeed, int], None]
"""Shows a feed that was imported; the number is how many feeds the list has."""

_CHAT = re.compile(r"(telegram):(-?\d{1,20})(?:/(\d{1,20}))?|(discord):(\d{1,20})|(console)(?::console)?", re.ASCII)


class NoSuchChat(DitingError):
    """A chat named on the command line that can't be read, or that the bot does not know."""


async def import_opml(source: str, chat: str, settings: Settings, *, mode: Mode, show: Show) -> ImportReport:
    """Subscribe a chat (`telegram:123`, `telegram:-100123/45`, `discord:123`, `console`) to the feeds of a file.

    Raises SourceError, FeedListError, NoSuchChat, StorageError.
    """
    address = read_address(chat)
    data, _, _ = await read_source(source, settings)
    opml, done = read_opml(data), list[ImportedFeed]()
    async with open_storage(settings.database_url) as storage:
        await storage.upgrade()
        known = await _known(storage, address, chat)
        lists = lists_for(settings, storage.subscriptions)
        async for feed in lists.import_each(known.id, opml, mode=mode, now=utc_now()):
            done.append(feed)
            show(feed, len(opml.feeds))
        await storage.notify("poll")  # what is new is due at once
    return report_of(opml, tuple(done))


async def export_opml(chat: str, settings: Settings) -> bytes:
    """A chat's feeds as a file. Raises NoSuchChat, StorageError."""
    address = read_address(chat)
    async with open_storage(settings.database_url) as storage:
        await storage.upgrade()
        known = await _known(storage, address, chat)
        title = f"Diting: {known.title or chat}"
        _, content = await lists_for(settings, storage.subscriptions).export_list(known.id, title=title, now=utc_now())
    return content


def save(path: Path, content: bytes) -> None:
    """Write a file. Raises SourceError."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from None


def read_address(chat: str) -> ChatAddress:
    """The address of a chat as written on the command line. Raises NoSuchChat."""
    found = _CHAT.fullmatch(chat.strip())
    if found is None:
        raise NoSuchChat(f"{chat}: no chat; write telegram:123, telegram:-100123/45 (a topic), discord:123 or console")
    if found[1]:
        return ChatAddress(Platform.TELEGRAM, found[2], found[3] or "")
    return ChatAddress(Platform.DISCORD, found[5]) if found[4] else ChatAddress(Platform.CONSOLE, "console")


async def _known(storage: Storage, address: ChatAddress, chat: str) -> Chat:
    known = await storage.chats.find_chat(address)
    if known is None:
        raise NoSuchChat(f"{chat}: the bot does not know this chat yet; say /start to it there")
    return known


def as_report(feed: ImportedFeed) -> dict[str, Any]:
    """A feed as a JSON object."""
    return {"url": feed.url, "title": feed.title, "outcome": feed.outcome.value, "reason": feed.reason}


def remarks(report: ImportReport) -> Iterator[str]:
    """What else there is to say of an import, a line each."""
    if report.damaged:
        yield "the file is damaged; what could be read of it was used"
    if report.left_off:
        yield f"{report.left_off} more feeds than are read from one file were left off"
    if report.duplicates:
        yield f"{report.duplicates} named more than once"


def summary(report: ImportReport) -> str:
    """The figures of an import in a line."""
    counts = ((outcome.value, len(report.of(outcome))) for outcome in ImportOutcome)
    return ", ".join(f"{count} {outcome}" for outcome, count in counts if count)


@contextmanager
def progress_bar(console: Console) -> Iterator[Show]:
    """A bar that grows with each feed; those that were not taken are listed above it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Importing", total=None)

        def show(feed: ImportedFeed, total: int) -> None:
            progress.update(task, total=total, advance=1)
            if feed.outcome in (ImportOutcome.REFUSED, ImportOutcome.OVER_LIMIT):
                why = f" ({feed.reason})" if feed.reason else ""
                console.print(f"{feed.outcome}: {feed.url}{why}", markup=False, highlight=False, soft_wrap=True)

        yield show
