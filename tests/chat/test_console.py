"""The console prints messages plainly for pipes and styled for terminals, and is a chat of its own."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from bot.chat.blocks import bold, code, entry, note, quote, text, title
from bot.chat.console import ADDRESS, ConsoleChat, ConsoleMessenger, _CommandCompleter, request_of
from bot.chat.files import MAX_FILE
from bot.chat.render import alert_message
from bot.errors import PlatformDown
from bot.model import Button, FeedId, Image, Locale, Message, Person, Platform, Report, Span
from tests.support.fakes import NOW
from tests.support.news import BRIEF, alert, chat, stored

PERSON = Person(id="console", locale=Locale.EN, can_manage=True)


def printed(*messages: Message, terminal: bool = False, width: int = 40) -> str:
    out = io.StringIO()
    color = "standard" if terminal else None
    console = Console(file=out, force_terminal=terminal, width=width, highlight=False, color_system=color)
    messenger = ConsoleMessenger(console)
    for message in messages:
        messenger.show(message)
    return out.getvalue()


def screen() -> tuple[ConsoleMessenger, io.StringIO]:
    out = io.StringIO()
    return ConsoleMessenger(Console(file=out, force_terminal=False, highlight=False)), out


async def test_an_edit_prints_the_heading_and_what_it_added() -> None:
    messenger, out = screen()
    sent = alert()
    number = await messenger.send(ADDRESS, alert_message(sent, chat(), now=NOW), key="k")
    out.truncate(0)
    other = replace(stored().feed, id=FeedId(2), title="The Wire")
    again = replace(sent, also=(Report(feed=other, url="https://wire.example/1"),))
    await messenger.edit(ADDRESS, number, alert_message(again, chat(), now=NOW))
    assert out.getvalue().strip("\0").splitlines() == [
        f"{BRIEF.title_zh} <https://globe.example/news/1>",
        "  Also: The Wire <https://wire.example/1>",
        "",
    ]


async def lines(*typed: str) -> AsyncIterator[str]:
    for line in typed:
        yield line


def test_piped_output_is_plain_and_has_every_link_in_full() -> None:
    long = "https://site.example/" + "path/" * 60
    message = Message(
        blocks=(
            title((bold("三方會談", long),)),
            text("one\ntwo"),
            quote("said\nso"),
            entry((Span("item", url="https://b.example"),)),
            note((Span(long, url=long),)),
        ),
        buttons=(
            (Button("Open", url=long),),
            (Button("Add", action="/add x"), Button("Site", url="https://a.example")),
        ),
    )
    assert printed(message) == (
        f"三方會談\none\ntwo\n│ said\n│ so\n• item <https://b.example>\n  {long}\n[1] Add  [Site] https://a.example\n\n"
    )


def test_a_terminal_gets_styles_and_a_bar_along_a_whole_quotation() -> None:
    out = printed(Message(blocks=(title("News"), quote("word " * 30), note("small"))), terminal=True)
    assert "\x1b[1mNews" in out
    assert out.count("│") >= 4
    assert "\x1b[2m" in out


@pytest.mark.parametrize("terminal", [False, True])
def test_escape_characters_and_markup_of_texts_do_nothing(terminal: bool) -> None:
    hostile = "\x1b[2J\x1b]0;title\x07[bold]x[/bold]\x9b31m\r\u202e"
    parts = (title(hostile), text((code(hostile), Span(hostile, url=hostile))), quote(hostile))
    out = printed(Message(blocks=parts, buttons=((Button(hostile, url=hostile),),)), terminal=terminal)
    assert "\x1b[2J" not in out
    assert not set(out) & set("\x07\x9b\r\u202e")
    assert "[bold]x[/bold]" in out
    if not terminal:
        assert "\x1b" not in out


def test_an_alert_reads_well() -> None:
    out = printed(alert_message(alert(), chat(), now=NOW), width=80)
    assert out.splitlines()[:5] == [
        "三方會談在阿布扎比舉行",
        "Trilateral talks held in Abu Dhabi",
        "三國代表會面兩小時。",
        "│ Envoys of three countries met for two hours.",
        "  Daily Globe · 5 minutes ago",
    ]
    assert out.count("https://globe.example/news/1") == 1


async def test_sending_answers_with_numbers() -> None:
    messenger, out = screen()
    message = Message(blocks=(text("hello"),))
    assert messenger.platform is Platform.CONSOLE
    assert await messenger.send(ADDRESS, message, key="k") == "1"
    assert await messenger.send(ADDRESS, message, key="k") == "2"
    assert out.getvalue() == "hello\n\nhello\n\n"


async def test_a_closed_output_is_a_platform_that_is_down() -> None:
    messenger, out = screen()
    out.close()
    with pytest.raises(PlatformDown):
        await messenger.send(ADDRESS, Message(blocks=(text("hello"),)), key="k")


async def test_lines_are_commands_and_numbers_press_buttons(desk) -> None:
    messenger, out = screen()
    await ConsoleChat(desk.commands, messenger).run(lines("/add trilateral talks", "", "2", "/quit", "/add never"))
    assert "Keyword trilateral talks added." in out.getvalue()
    assert "[2] Remove" in out.getvalue()
    assert "Keyword trilateral talks removed." in out.getvalue()
    assert "never" not in out.getvalue()


@pytest.mark.parametrize("typed", ["hello", "99", "²", "9" * 50])
async def test_what_is_no_command_gets_a_hint(desk, typed: str) -> None:
    messenger, out = screen()
    await ConsoleChat(desk.commands, messenger, locale=Locale.ZH_HANT).run(lines(typed))
    assert "/help" in out.getvalue()
    assert "指令" in out.getvalue()


async def test_old_buttons_are_forgotten() -> None:
    messenger, _ = screen()
    for n in range(400):
        messenger.show(Message(blocks=(text("x"),), buttons=((Button("b", action=f"/latest {n}"),),)))
    assert messenger.pressed(1) is None
    assert messenger.pressed(400).action == "/latest 399"


def test_a_terminal_breaks_lines_between_words_and_leaves_links_whole() -> None:
    link = "https://site.example/a-long-way"
    message = Message(blocks=(text("one two three four"), note((Span("see", url=link),))))
    said = re.sub(r"\x1b\[[0-9;]*m", "", printed(message, terminal=True, width=10))
    assert [line.rstrip() for line in said.splitlines()[:2]] == ["one two", "three four"]
    assert link in said


async def test_the_prompt_answers_until_it_is_left(desk) -> None:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        messenger, out = screen()
        keys.send_text("/add talks\n")
        keys.send_text("\x04")
        await asyncio.wait_for(ConsoleChat(desk.commands, messenger).run(), 10)
    assert "Keyword talks added." in out.getvalue()


async def completed(desk, line: str) -> list[str]:
    completer = _CommandCompleter(desk.commands, PERSON)
    found = completer.get_completions_async(Document(line), CompleteEvent())
    assert list(completer.get_completions(Document(line), CompleteEvent())) == []
    return [line[: len(line) + each.start_position] + each.text async for each in found]


async def test_typing_is_completed(desk) -> None:
    await desk.say("/help")
    await desk.commands.handle(request_of("/add peace talks", PERSON))
    assert await completed(desk, "/unsu") == ["/unsubscribe"]
    assert await completed(desk, "/q") == ["/quit"]
    assert await completed(desk, "/keyword t") == ["/keyword test"]
    assert await completed(desk, "/settings language zh") == [
        "/settings language zh-Hant",
        "/settings language zh-Hans",
    ]
    assert await completed(desk, "/subscribe lab") == ["/subscribe lab-notes"]
    assert await completed(desk, "/remove pea") == ["/remove 1"]
    assert await completed(desk, "/keyword remove pea") == ["/keyword remove 1"]
    assert await completed(desk, "/nonsense a b") == []
    assert await completed(desk, "/help x") == []


async def test_a_file_of_this_machine_is_imported_and_saved(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my feeds.opml").write_bytes(b"<opml/>")
    (tmp_path / "huge.opml").write_bytes(b"x" * (MAX_FILE + 1))
    requests = []

    class Handler:
        async def handle(self, request):
            requests.append((request.file, request.file_name, request.file_size))
            return Message(blocks=(text("Here."),), file=("feeds.opml", b"<opml/>"))

    messenger, out = screen()
    chat = ConsoleChat(Handler(), messenger)
    for line in (
        '/import "my feeds.opml" everything',
        "/import huge.opml",
        "/import no\x00where",
        "/import",
        "/import undo 1",
    ):
        await chat.answer(line)
    assert requests == [
        (b"<opml/>", "my feeds.opml", 7),
        (b"", "huge.opml", MAX_FILE + 1),
        (b"", "no\x00where", 0),
        (b"", "", 0),
        (b"", "", 0),
    ]
    assert "→ feeds.opml\n" in out.getvalue()
    assert (tmp_path / "feeds-5.opml").read_bytes() == b"<opml/>"


async def test_an_image_is_saved(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    messenger, out = screen()
    messenger.show(Message(blocks=(text("Here."),), image=Image("stats.png", b"\x89PNG")))
    assert "→ stats.png\n" in out.getvalue()
    assert (tmp_path / "stats.png").read_bytes() == b"\x89PNG"


async def test_a_file_that_can_not_be_saved_is_told() -> None:
    messenger, out = screen()
    messenger.show(Message(blocks=(text("Here."),), file=("no/such/folder/feeds.opml", b"x")))
    assert "✗ no/such/folder/feeds.opml" in out.getvalue()


@pytest.mark.parametrize(("typed", "added"), [("talks", ["talks"]), ("2024", ["2024"]), ("/status", [])])
async def test_the_line_after_a_question_is_its_answer_unless_it_is_a_command(desk, typed: str, added: list) -> None:
    messenger, out = screen()
    messenger.show(Message(blocks=(text("x"),), buttons=((Button("Add", "/keyword add", ask="Which words?"),),)))
    await ConsoleChat(desk.commands, messenger).run(lines("1", typed))
    assert "Which words?" in out.getvalue()
    assert [each.query for chat in desk.keywords.by_chat.values() for each in chat.values()] == added
