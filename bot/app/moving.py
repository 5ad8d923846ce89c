"""What people see of whole databases on their way: a bar, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.app.places import megabytes
from bot.storage.copying import Show

Report = dict[str, Any]


def as_text(report: Report) -> str:
    """A report for people, with what to do next."""
    if "before" in report:
        return f"{report['file']}: {megabytes(report['before'])} before, {megabytes(report['after'])} now"
    rows = f"{report['rows']:,} rows"
    if "file" in report:
        removed = f"\nremoved {len(report['removed'])} older" if report["removed"] else ""
        return (
            f"{report['file']}: {megabytes(report['bytes'])}, {rows}, revision {report['revision']}, looked through"
            f" and found whole\nSHA-256 {report['sha256']}{removed}"
        )
    if "restored" in report:
        kept = f"\nwhat was there is kept as {report['kept']}" if report["kept"] else ""
        return f"{report['to']}: {rows} of {report['restored']} are in place{kept}\nnext: start the bot"
    return (
        f"{report['to']}: {rows} copied in {report['seconds']:,.0f} s and compared; {report['from']} is as it was\n"
        "next: put the new address into DATABASE_URL and start the bot"
    )


@contextmanager
def progress_bar(console: Console) -> Iterator[Show]:
    """A bar for copying and one for comparing, on a terminal."""
    if not console.is_terminal:
        yield lambda _step, _table, _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)

        def show(step: str, table: str, done: int, total: int) -> None:
            doing = "copying" if step == "copy" else "comparing"
            progress.update(task, description=f"{doing} {table}", completed=done, total=total or None)

        yield show
