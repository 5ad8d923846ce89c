"""`opml import` and `opml export`: a chat's feeds as a file, at the command line."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot.app.clock import utc_now
from bot.app.opml import NoSuchChat, import_opml, progress_bar, read_address, summary
from bot.app.parts import open_core
from bot.feeds.opml import OpmlFeed, read_opml, write_opml
from bot.model import ChatAddress, ChatKind, ImportedFeed, ImportOutcome, ImportReport, Locale, Mode, Platform
from bot.storage import Storage, open_storage
from tests.support.fakes import actions, plain, request

CHAT = "telegram:-100123/45"
ADDRESS = ChatAddress(Platform.TELEGRAM, "-100123", "45")


@pytest.fixture
def database(monkeypatch, tmp_path) -> str:
    """A database that knows one chat."""
    url = f"sqlite:///{tmp_path}/diting.db"
    monkeypatch.setenv("DATABASE_URL", url)
    asyncio.run(_introduce(url))
    return url


async def _introduce(url: str) -> None:
    async with open_storage(url) as storage:
        await storage.upgrade()
        await storage.chats.open_chat(ADDRESS, kind=ChatKind.GROUP, title="News desk", hint=Locale.EN, now=utc_now())


async def _watched(url: str) -> list[tuple[str, Mode]]:
    async with open_storage(url) as storage:
        chat = await storage.chats.find_chat(ADDRESS)
        assert chat is not None
        return [(each.feed.url, each.mode) for each in await storage.subscriptions.subscriptions(chat.id)]


@pytest.fixture
def watched(database):
    return lambda: asyncio.run(_watched(database))


@pytest.fixture
def write(tmp_path):
    def write(*urls: str) -> str:
        path = tmp_path / "feeds.opml"
        path.write_bytes(write_opml("", [OpmlFeed(url=url, title="Wire") for url in urls]))
        return str(path)

    return write


def many(count: int) -> list[str]:
    return [f"https://host{number}.example/rss" for number in range(count)]


def test_each_feed_of_a_file_is_a_json_line(cli, watched, write):
    file = write("https://a.example/rss", "http://10.0.0.1/", "https://b.example/rss", "https://a.example/rss/")
    ran = cli("opml", "import", file, "--chat", CHAT)
    assert ran.reports == [
        {"url": "https://a.example/rss", "title": "Wire", "outcome": "subscribed", "reason": ""},
        {"url": "http://10.0.0.1/", "title": "Wire", "outcome": "refused", "reason": "private"},
        {"url": "https://b.example/rss", "title": "Wire", "outcome": "subscribed", "reason": ""},
    ]
    assert (ran.code, ran.err) == (1, "note: 1 named more than once\n")
    assert watched() == [("https://a.example/rss", Mode.MATCHING), ("https://b.example/rss", Mode.MATCHING)]


def test_an_import_can_be_run_again(cli, watched, write):
    assert cli("opml", "import", write(*many(3)), "--chat", CHAT, "--everything").code == 0
    again = cli("opml", "import", write(*many(4)), "--chat", CHAT)
    assert [report["outcome"] for report in again.reports] == [*["already"] * 3, "subscribed"]
    assert again.code == 0
    assert [mode for _, mode in watched()] == [*[Mode.EVERYTHING] * 3, Mode.MATCHING]


def test_a_chat_gets_no_more_than_it_may_have(cli, watched, write, monkeypatch):
    monkeypatch.setenv("MAX_FEEDS", "2")
    ran = cli("opml", "import", write(*many(4)), "--chat", CHAT)
    assert [report["outcome"] for report in ran.reports] == [*["subscribed"] * 2, *["over-limit"] * 2]
    assert (ran.code, len(watched())) == (1, 2)


def test_a_list_can_come_from_standard_input(cli, watched):
    assert cli("opml", "import", "-", "--chat", CHAT, stdin=write_opml("", [OpmlFeed(url=many(1)[0])])).code == 0
    assert watched() == [(many(1)[0], Mode.MATCHING)]


def test_text_is_for_people(cli, database, write):
    ran = cli("opml", "import", write(*many(3), "ftp://a.example/"), "--chat", CHAT, "--text")
    assert "refused: ftp://a.example/ (scheme)\n" in ran.out
    assert ran.out.endswith("3 subscribed, 1 refused\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"%PDF", "not-opml"), (b"<opml/>", "no-feeds"), (None, "No such file")],
)
def test_what_is_no_list_is_an_error(cli, database, tmp_path: Path, content, said: str):
    file = tmp_path / "bad.opml"
    if content is not None:
        file.write_bytes(content)
    ran = cli("opml", "import", str(file), "--chat", CHAT)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err


@pytest.mark.parametrize(
    "chat", ["telegram:7", "discord:7", "console", "telegram", "matrix:7", "telegram:1/2/3", "discord:1/2"]
)
def test_a_chat_that_is_not_known_is_an_error(cli, database, write, chat: str):
    for command in (("import", write(*many(1))), ("export",)):
        ran = cli("opml", *command, "--chat", chat)
        assert (ran.code, ran.out) == (1, "")
        assert chat in ran.err


@pytest.mark.parametrize(
    ("chat", "address"),
    [
        ("telegram:-100123", ChatAddress(Platform.TELEGRAM, "-100123")),
        (" telegram:-100123/45 ", ADDRESS),
        ("discord:9", ChatAddress(Platform.DISCORD, "9")),
        ("console", ChatAddress(Platform.CONSOLE, "console")),
        ("console:console", ChatAddress(Platform.CONSOLE, "console")),
    ],
)
def test_chats_are_named_by_platform_and_id(chat: str, address: ChatAddress):
    assert read_address(chat) == address


def test_a_chat_that_can_not_be_read_is_told_how_to_write_one():
    with pytest.raises(NoSuchChat, match="telegram:123"):
        read_address("seven")


def test_what_is_exported_can_be_imported(cli, watched, write, tmp_path):
    cli("opml", "import", write("https://a.example/rss?x=1&y=2"), "--chat", CHAT, "--everything")
    opml = read_opml(cli("opml", "export", "--chat", CHAT).out.encode())
    assert opml.title == "Diting: News desk"
    assert [feed.url for feed in opml.feeds] == ["https://a.example/rss?x=1&y=2"]
    out = tmp_path / "out.opml"
    assert cli("opml", "export", "--chat", CHAT, "-o", str(out)).code == 0
    assert replace(read_opml(out.read_bytes()), title="") == replace(opml, title="")
    assert cli("opml", "export", "--chat", CHAT, "-o", str(tmp_path / "no" / "way")).code == 1


def test_the_bar_shows_what_was_not_taken():
    out = io.StringIO()
    with progress_bar(Console(file=out, force_terminal=True, width=60, color_system=None)) as show:
        for number, outcome in enumerate(ImportOutcome):
            show(ImportedFeed(url=f"https://{number}.example/[x]", title="", outcome=outcome, reason="why"), 4)
    shown = out.getvalue()
    assert "4/4" in shown
    assert "refused: https://2.example/[x] (why)" in shown
    assert "over-limit: https://3.example/[x]" in shown
    assert "0.example" not in shown


def test_figures_are_told_in_a_line():
    feeds = [ImportedFeed(url="u", title="", outcome=outcome) for outcome in ImportOutcome if outcome != "already"]
    assert summary(ImportReport(feeds=(*feeds, feeds[0]))) == "2 subscribed, 1 refused, 1 over-limit"


def test_an_interrupted_import_keeps_what_it_told_and_goes_on(cli, watched, database, write, tmp_path):
    # The first told feed stops the import from within, as Ctrl-C would: what was told is in the database.
    program = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # some who start us ignore it
        "from bot import cli\n"
        "told = cli._print_imported\n"
        "def stop(feed, total):\n"
        "    told(feed, total)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "cli._print_imported = stop\n"
        f"sys.argv = ['diting', 'opml', 'import', {write(*many(50))!r}, '--chat', {CHAT!r}]\n"
        "cli.main()\n"
    )
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode != 0
    assert "Traceback" not in ran.stderr
    done = len(watched())
    assert ran.stdout.count("subscribed") <= done < 50
    assert done >= 1
    assert cli("opml", "import", write(*many(50)), "--chat", CHAT).code == 0
    assert len(watched()) == 50


async def test_the_loops_of_other_processes_are_woken(tmp_path, make_settings, write, monkeypatch):
    topics = []

    async def notify(_, topic):
        topics.append(topic)

    monkeypatch.setattr(Storage, "notify", notify)
    settings = make_settings()
    await _introduce(settings.database_url)
    shown: list[tuple[ImportedFeed, int]] = []
    file = write(*many(2))
    report = await import_opml(file, CHAT, settings, mode=Mode.MATCHING, show=lambda *told: shown.append(told))
    assert shown == [(feed, 2) for feed in report.feeds]
    assert topics == ["poll"]


async def test_a_chat_of_the_running_bot_takes_a_file_undoes_it_and_gives_one(make_settings):
    data = write_opml("", [OpmlFeed(url=url) for url in many(3)])
    async with open_core(make_settings()) as core:
        asked = replace(request("/import"), file=data, file_name="feeds.opml", file_size=len(data))
        undo, *_ = actions(await core.commands.handle(asked))
        name, exported = (await core.commands.handle(request("/export"))).file
        assert [feed.url for feed in read_opml(exported).feeds] == many(3)
        assert name.endswith(".opml")
        assert plain(await core.commands.handle(request(undo))) == "3 feeds are watched no more."


def test_routes_of_an_rsshub_of_ones_own_are_taken(cli, watched, write, monkeypatch):
    monkeypatch.setenv("RSSHUB_URL", "http://rsshub:1200")
    ran = cli("opml", "import", write("rsshub://zhihu/hot", "http://other:1200/"), "--chat", CHAT)
    assert [report["outcome"] for report in ran.reports] == ["subscribed", "refused"]
    assert watched() == [("http://rsshub:1200/zhihu/hot", Mode.MATCHING)]
