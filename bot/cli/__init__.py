"""The command line: arguments in, JSON lines out, errors on stderr. What is done stands in `bot.app`."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterable, Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from bot.cli.database import db_app
from bot.cli.io import (
    JsonOption,
    complain,
    is_json,
    read_settings,
    run_to_end,
    terminal,
    write_any_language,
    write_json,
)
from bot.errors import DitingError, SettingsError
from bot.log import LogMemory, configure_logging
from bot.model import ImportedFeed, ImportOutcome, Mode

app = typer.Typer(
    name="diting",
    help="Diting 諦聽: news alerts from feeds, in two languages, to Telegram and Discord.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
feed_app = typer.Typer(help="Feeds, one stage alone.", no_args_is_help=True)
opml_app = typer.Typer(help="A chat's feeds as a file.", no_args_is_help=True)
models_app = typer.Typer(help="Models for translating offline, in this process.", no_args_is_help=True)
app.add_typer(feed_app, name="feed")
app.add_typer(db_app, name="db")
app.add_typer(opml_app, name="opml")
app.add_typer(models_app, name="models")

FAILED = 1
SourceArgument = Annotated[str, typer.Argument(help="A file, a web address, or - for standard input.")]
ChatOption = Annotated[str, typer.Option(help="telegram:123, telegram:-100123/45 (a topic), discord:123 or console.")]
PairsArgument = Annotated[
    list[str], typer.Argument(help="Pairs of languages: en-zt, zt-en (繁體), en-zh, zh-en (简体).")
]


def main() -> None:
    """Run the command line; errors made on purpose end with their message and exit code 1."""
    write_any_language()
    try:
        app()
    except DitingError as error:
        complain(str(error))
        sys.exit(FAILED)


@app.command()
def run() -> None:
    """Run the bot: Telegram, Discord, or both, by which tokens are set."""
    from bot.app.program import run_bot

    memory = LogMemory()
    settings = read_settings(memory)
    settings.require_token()
    try:
        run_to_end(run_bot(settings, at_worst=_leave_at_once, log=memory))
    except DitingError:
        raise
    except Exception as fault:
        # By way of the log, since a library's error may hold an address with the token in it.
        structlog.get_logger("bot").exception("stopped by an unexpected fault")
        raise typer.Exit(FAILED) from fault


def _leave_at_once() -> None:
    structlog.get_logger("bot").error("ended by force: the database or a platform does not answer")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(FAILED)


@app.command()
def demo(
    script: Annotated[
        bool | None,
        typer.Option("--script/--chat", help="Play the script, or chat. Default: chat on a terminal."),
    ] = None,
) -> None:
    """See Diting work on sample feeds of its own, without tokens or network."""
    from bot.demo.play import chat_in_terminal, play_script

    scripted = script if script is not None else not (sys.stdin.isatty() and sys.stdout.isatty())
    configure_logging("warning", "console")
    raise typer.Exit(run_to_end(play_script() if scripted else chat_in_terminal()))


@feed_app.command("parse")
def feed_parse(source: SourceArgument) -> None:
    """One JSON object an item: guid, url, title, text, language, published, authors, categories."""
    from bot.app.stages import parse_feed

    _print_all(run_to_end(parse_feed(source, read_settings())))


@app.command()
def match(
    items: Annotated[str, typer.Argument(help="JSON lines of items, or - for standard input.")] = "-",
    *,
    keywords: Annotated[Path, typer.Option(help="A file with one query a line.", exists=True, dir_okay=False)],
) -> None:
    """One JSON object a match: item, keyword, matched (the words of the text that matched)."""
    from bot.app.stages import match_items

    read_settings()
    problems: list[str] = []
    for found in match_items(keywords, items, problems.append):
        write_json(found)
    for problem in problems:
        complain(problem)
    raise typer.Exit(FAILED if problems else 0)


@app.command()
def story(
    items: Annotated[str, typer.Argument(help="JSON lines of items, or - for standard input.")] = "-",
) -> None:
    """One JSON object an item: item, story (the first item of it), kind (new, repeat, event, development), score (0.5
    just suffices), like (the item that decided), reasons, new (the facts of a development), sure (false: told as a
    story of its own)."""
    from bot.app.stages import tell_stories

    read_settings()
    problems: list[str] = []
    for told in tell_stories(items, problems.append):
        write_json(told)
    for problem in problems:
        complain(problem)
    raise typer.Exit(FAILED if problems else 0)


@app.command()
def brief(
    source: SourceArgument,
    title: Annotated[str, typer.Option(help="The title, where the source has none or a wrong one.")] = "",
) -> None:
    """One JSON object: title_zh, title_en, summary_zh, summary_en, made_by, untranslated."""
    from bot.app.stages import brief_article

    write_json(run_to_end(brief_article(source, title, read_settings())))


@app.command()
def poll(
    once: Annotated[bool, typer.Option("--once", help="Poll all feeds that are due now, then stop.")] = False,
) -> None:
    """One JSON object a feed polled: feed, new, error. Alerts are made and sent by `run`."""
    from bot.app.stages import poll_once

    if not once:
        complain("poll works off what is due and stops: say `poll --once`. To keep polling, use `run`.")
        raise typer.Exit(2)
    failed = run_to_end(_stream(poll_once(read_settings()), lambda report: bool(report["error"])))
    raise typer.Exit(FAILED if failed else 0)


@opml_app.command("import")
def opml_import(
    source: SourceArgument,
    chat: ChatOption,
    everything: Annotated[
        bool, typer.Option("--everything", help="Send every item of these feeds, whether or not a keyword matches.")
    ] = False,
    as_json: JsonOption = None,
) -> None:
    """One JSON object a feed: url, title, outcome (subscribed, already, refused, over-limit), reason. What the chat
    has is left as it is, so an import that was broken off can be run again."""
    from bot.app import opml

    mode = Mode.EVERYTHING if everything else Mode.MATCHING
    in_json = is_json(as_json)
    with nullcontext(_print_imported) if in_json else opml.progress_bar(terminal()) as show:
        report = run_to_end(opml.import_opml(source, chat, read_settings(), mode=mode, show=show))
    if not in_json:
        sys.stdout.write(opml.summary(report) + "\n")
    for remark in opml.remarks(report):
        sys.stderr.write(f"note: {remark}\n")
    raise typer.Exit(FAILED if report.of(ImportOutcome.REFUSED) or report.of(ImportOutcome.OVER_LIMIT) else 0)


@opml_app.command("export")
def opml_export(
    chat: ChatOption,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write. Default: standard output.")
    ] = None,
) -> None:
    """A chat's feeds as an OPML file, which any feed reader takes."""
    from bot.app.opml import export_opml, save

    content = run_to_end(export_opml(chat, read_settings()))
    if output:
        save(output, content)
    else:
        sys.stdout.write(content.decode())


@models_app.command("list")
def models_list(
    available: Annotated[bool, typer.Option("--available", help="Those of the index, too.")] = False,
    as_json: JsonOption = None,
) -> None:
    """One JSON object a model: pair, version, state (installed, broken, available), bytes, sha256, source."""
    from bot.app.models import list_models

    reports = run_to_end(list_models(read_settings(), available=available))
    if not reports and not is_json(as_json):
        sys.stdout.write("none; `python -m bot models install en-zt` gets one\n")
    _show_models(reports, as_json)


@models_app.command("install")
def models_install(
    pairs: PairsArgument,
    file: Annotated[
        Path | None, typer.Option("--from", help="An .argosmodel file, instead of a download.", exists=True)
    ] = None,
    sha256: Annotated[str, typer.Option(help="What the file must have; for one pair at a time.")] = "",
    as_json: JsonOption = None,
) -> None:
    """Download models into MODELS_DIR, or take one from a file. A download that broke off goes on when the command
    is run again. The index has no checksums: what is verified is the encrypted connection, the length, the CRC of
    each file in the package, that it loads and translates, and --sha256 where you give it. The SHA-256 of what was
    installed is shown and kept, to compare with another machine's. A running bot uses new models after a restart."""
    from bot.app import models

    if len(pairs) > 1 and (file or sha256):
        raise typer.BadParameter("--from and --sha256 are for one pair at a time")
    settings = read_settings()
    if file:
        _show_models([models.install_file(pairs[0], file, settings, sha256=sha256)], as_json)
        return
    bar = models.progress_bar(terminal()) if not is_json(as_json) else models.progress_lines(sys.stderr.write)
    installed: list[dict[str, Any]] = []
    try:
        with bar as show:
            installing = models.install_models(pairs, settings, sha256=sha256, show=show)
            run_to_end(_stream(installing, lambda _: False, installed.append))
    finally:  # below the bar, which would break the lines; those before one that failed, too
        _show_models(installed, as_json)


@models_app.command("remove")
def models_remove(pairs: PairsArgument, as_json: JsonOption = None) -> None:
    """Remove models. A running bot keeps those that it has loaded until a restart."""
    from bot.app.models import remove_models

    _show_models(remove_models(pairs, read_settings()), as_json)


@app.command()
def doctor(as_json: JsonOption = None) -> None:
    """Check settings, database, tokens, feeds, model and translator; say what is wrong and how to mend it."""
    from bot.app.doctor import examine, unreadable

    try:
        findings = examine(read_settings())
    except SettingsError as error:
        findings = unreadable(error)
    show = write_json if is_json(as_json) else _show_finding
    failed = run_to_end(_stream(findings, lambda finding: finding["state"] == "wrong", show))
    raise typer.Exit(FAILED if failed else 0)


@app.command()
def health() -> None:
    """Ask a running bot whether it is fit for work (for container health checks)."""
    from bot.app.doctor import ask_health

    write_json(run_to_end(ask_health(read_settings())))


async def _stream(
    reports: AsyncIterable[dict[str, Any]],
    is_bad: Callable[[dict[str, Any]], bool],
    show: Callable[[dict[str, Any]], None] | None = None,
) -> int:
    bad = 0
    async for report in reports:
        (show or write_json)(report)
        bad += is_bad(report)
    return bad


def _show_finding(finding: dict[str, Any]) -> None:
    mark = {"ok": "✓", "off": "·", "warning": "!", "wrong": "✗"}[finding["state"]]
    mend = f"\n  → {finding['mend']}" if finding["mend"] else ""
    sys.stdout.write(f"{mark} {finding['check']}: {finding['detail']}{mend}\n")


def _show_models(reports: Iterable[dict[str, Any]], as_json: bool | None) -> None:
    from bot.app.models import as_line

    for report in reports:
        if is_json(as_json):
            write_json(report)
        else:
            sys.stdout.write(as_line(report) + "\n")


def _print_imported(feed: ImportedFeed, _: int) -> None:
    from bot.app.opml import as_report

    write_json(as_report(feed))


def _print_all(values: list[dict[str, Any]]) -> None:
    for value in values:
        write_json(value)
