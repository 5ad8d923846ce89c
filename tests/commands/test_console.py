"""The whole table in the console, and that it leaves nothing out: no handler, no command or choice of the menu, and no
sentence that commands say."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import PurePath

import pytest
import pytest_asyncio
from babel.messages.extract import extract_from_dir

from bot.chat.catalogue import LOCALES as FOLDER
from bot.chat.commands.dispatch import HANDLERS
from bot.chat.menu import MENU
from bot.chat.menu.owners import OWNER_MENU
from bot.errors import QueryProblem
from bot.model import Platform
from tests.commands.crawl import STARTS, crawl, crowded
from tests.commands.rows_errors import QUERIES
from tests.commands.rows_rights import path_of
from tests.commands.stage import LOCALES, Stage, moved, open_stage
from tests.commands.table import TABLE
from tests.support.driving import Role
from tests.support.driving_bare import BareDriver
from tests.support.driving_console import ConsoleDriver
from tests.support.reference import leaves

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROWS = [row for row in TABLE if row.is_for(ConsoleDriver)]

# Sentences that no row can bring about, and why.
GREETING = "said when the bot is added somewhere: tests/chat/test_commands.py"
RARE = "needs a state that no person brings about: tests/chat judges it on fakes"
UNREACHED: dict[str, str] = {
    # Roles and places.
    "There is no other place here.": "in a program built without: tests/chat/test_no_other_place.py",
    # Asking, feeds and keywords.
    "Send it as an answer to this message.": "said by Telegram's side, in rows of that alone",
    "Post this line with your words behind it:": "in a channel: tests/telegram/test_pressing.py",
    "about {n}": "of more items than are looked through: tests/chat/test_looking.py",
    **dict.fromkeys(
        (
            "Hello! I bring news that matches your keywords here.",
            "Hello! I bring news that matches your keywords.",
            "Admins set me up in two taps: which topics, then which words.",
            "{name}, set me up in two taps: which topics, then which words.",
            "I am in {place} now. Send {start} where the news shall come: it takes two taps.",
            "Everyone may look: {feeds}, {latest}.",
        ),
        GREETING,
    ),
    **dict.fromkeys(
        (
            "on its page, which is not kept: {words}",
            "When it came, its whole page was searched; now only what its feed says of it is at hand.",
            "Its story was told here already, by an alert that is not kept any more.",
            "That file could not be had: send it once more.",
            "{n} more was left off.",
            "{n} messages wait on {platform}, yours among them: about {time} at {rate} a second.",
            "{platform} takes {rate} messages a minute for one chat: yours take about {time}.",
            "There is no word in it: type one or more.",
            "it has ended",
            "{one}, {other}",
        ),
        RARE,
    ),
    # Looking back.
    "Only the newest {n} alerts are counted.": "needs thousands of alerts: tests/chat/test_looking.py",
}

# Modules whose sentences are not said by commands, and where they are judged.
ELSEWHERE: dict[str, str] = {
    "render.py": "alerts: tests/chat/test_render.py",
    "retold.py": "alerts: tests/chat/test_render.py",
    "digest.py": "digests: tests/chat/test_digest.py",
    "notices.py": "notices: tests/chat/test_notices.py",
    "troubles.py": "what owners are told: tests/chat/test_troubles.py",
    "console.py": "a row of the console alone",
    "discord/tree.py": "the menu of a message: a row of Discord alone",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory):
    folder = tmp_path_factory.mktemp("console")
    # There the console keeps files.
    with contextlib.chdir(folder):
        async with open_stage(folder) as opened:
            opened.driver = ConsoleDriver(
                opened.core.commands, move=lambda address, to: moved(opened, address, to), folder=folder
            )
            yield opened


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_in_the_console(stage: Stage, row):
    await stage.play(row, stage.driver)


async def test_every_button_of_an_answer_leads_on(stage: Stage):
    place = stage.driver.place(Role.PERSON, LOCALES[1])
    await crowded(stage, stage.driver, place)
    await crawl(stage.driver, place, STARTS, most=60, deep=1)
    await stage.driver.leave(place)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def said(stage, tmp_path_factory) -> set[str]:
    """All sentences that were looked up while the table was played: above, and now what was not, or is asked for there
    by the console in its own way."""
    async with open_stage(tmp_path_factory.mktemp("bare")) as bare:
        left = [row for row in TABLE if row.asks or row.name not in stage.heard.rows]
        for platform in (Platform.TELEGRAM, Platform.DISCORD, Platform.CONSOLE):
            driver = BareDriver(bare.core.commands, platform)
            with bare.core.rights.known_by(platform, driver.rights):
                for row in [row for row in left if row.is_for(driver)]:
                    left.remove(row)
                    await bare.listen(row, driver)
    return stage.heard.sentences | bare.heard.sentences


def of_commands() -> Iterator[tuple[str, str]]:
    """Each sentence that commands may say, with the module that has it."""
    menu = _of_menus()
    keywords = {"t": None, "spans": None, "n": (1, 2), "mark": None}
    found = extract_from_dir(FOLDER.parent, method_map=[("**.py", "python")], options_map={}, keywords=keywords)
    for name, _, message, _, _ in found:
        module = PurePath(name).as_posix()
        if not any(module.startswith(other) for other in ELSEWHERE):
            text = message[0] if isinstance(message, tuple) else message
            if text not in menu:
                yield module, text


def _of_menus() -> set[str]:
    """What only the platforms' menus say: of options, of their choices, of commands that have subcommands, and of the
    owners', whom no help tells of them."""
    options = [option for _, leaf in leaves() for option in leaf.options]
    choices = {choice.label for option in options for choice in option.choices}
    groups = {command.description for command in (*MENU, *OWNER_MENU) if command.subcommands}
    of_owners = {leaf.description for path, leaf in leaves() if path.startswith("admin ")}
    return {option.description for option in options} | choices | groups | of_owners


async def test_every_sentence_that_commands_say_is_in_some_row(said):
    left = sorted({f"{module}: {text}" for module, text in of_commands() if text not in said and text not in UNREACHED})
    assert not left, "no row brings about:\n" + "\n".join(left)


async def test_no_exception_stands_for_a_sentence_that_some_row_brings_about(said):
    known = {text for _, text in of_commands()}
    assert not [text for text in UNREACHED if text in said or text not in known]


async def test_every_handler_is_in_some_row():
    paths = {path_of(row) for row in TABLE}
    assert sorted(HANDLERS.keys() - paths) == []


async def test_every_command_of_the_menu_is_in_some_row():
    given = {path_of(row) for row in TABLE}
    assert sorted({path for path, _ in leaves()} - given) == []


async def test_every_choice_of_every_option_is_in_some_row():
    lines = {row.line for row in TABLE}
    wanted = {
        f"/{path} {choice.value}"
        for path, leaf in leaves()
        for option in leaf.options
        for choice in option.choices
        if option is leaf.options[0]
    }
    assert sorted(wanted - lines) == []


async def test_every_problem_of_a_query_is_in_some_row():
    assert set(QueryProblem) - QUERIES.keys() == {QueryProblem.EMPTY}  # no words at all are asked for, not refused
