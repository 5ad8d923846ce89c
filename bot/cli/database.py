"""`db …`: the database as a whole."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.io import JsonOption, is_json, read_settings, run_to_end, terminal, write_json

db_app = typer.Typer(help="The database.", no_args_is_help=True)


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this version's tables."""
    from bot.app.stages import upgrade_database

    write_json(run_to_end(upgrade_database(read_settings())))


@db_app.command("backup")
def db_backup(
    to: Annotated[
        Path | None,
        typer.Argument(help="A file, or a folder that is there. Default: the folder `backups` beside the database."),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(min=1, help="Of the folder's backups that are named by date, keep only so many, the newest."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    as_json: JsonOption = None,
) -> None:
    """Back up the database, SQLite or PostgreSQL, while the bot runs, to one SQLite file that is looked through before
    it gets its name, with its SHA-256 beside it. One JSON object: file, bytes, revision, rows, tables, sha256,
    removed."""
    from bot.app import backups, moving
    from bot.app.clock import utc_now

    if keep and to and not to.is_dir():
        raise typer.BadParameter("--keep is for a folder")
    with moving.progress_bar(terminal(stderr=True)) as show:
        report = run_to_end(backups.back_up(read_settings(), to, now=utc_now(), show=show, force=force, keep=keep))
    _show_database(report, as_json)


@db_app.command("restore")
def db_restore(
    file: Annotated[Path, typer.Argument(help="A backup that `db backup` made.")],
    force: Annotated[
        bool, typer.Option("--force", help="Also where the database holds data, which is kept aside.")
    ] = False,
    as_json: JsonOption = None,
) -> None:
    """Put a backup in place of the database that DATABASE_URL names, SQLite or PostgreSQL, whichever it was made of.
    The bot must be stopped. The backup is looked through first, and brought to this version's tables. One JSON object:
    restored, to, revision, rows, checked (by its SHA-256), kept (where the old data is)."""
    from bot.app import database, moving
    from bot.app.clock import utc_now

    with moving.progress_bar(terminal(stderr=True)) as show:
        report = run_to_end(database.restore(read_settings(), file, now=utc_now(), show=show, force=force))
    _show_database(report, as_json)


@db_app.command("copy")
def db_copy(
    to: Annotated[str, typer.Option(help="Where to: `sqlite:///path` or `postgresql://user:password@host/name`.")],
    force: Annotated[bool, typer.Option("--force", help="Give up what is there.")] = False,
    as_json: JsonOption = None,
) -> None:
    """Copy the database that DATABASE_URL names to another address, as from SQLite to PostgreSQL or back. The bot must
    be stopped. All rows are compared at the end; a copy that broke off goes on when the command is run again. One JSON
    object: from, to, rows, tables, seconds."""
    from bot.app import database, moving

    with moving.progress_bar(terminal(stderr=True)) as show:
        report = run_to_end(database.copy(read_settings(), to, show=show, force=force))
    _show_database(report, as_json)


@db_app.command("compact")
def db_compact(as_json: JsonOption = None) -> None:
    """Write an SQLite file anew, without what is free in it. The bot must be stopped, and as much room again be free.
    Only a file that an earlier version made needs that, once: others give their room back by themselves. One JSON
    object: file, before, after (in bytes)."""
    from bot.app.database import compact

    _show_database(compact(read_settings()), as_json)


def _show_database(report: dict[str, Any], as_json: bool | None) -> None:
    from bot.app.moving import as_text

    if is_json(as_json):
        write_json(report)
    else:
        sys.stdout.write(as_text(report) + "\n")
