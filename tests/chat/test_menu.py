"""The table of commands keeps the platforms' rules, and every command in it is answered."""

import re

import pytest

from bot.chat.catalogue import catalogue_for
from bot.chat.commands.complete import COMPLETERS
from bot.chat.commands.dispatch import HANDLERS, read
from bot.chat.menu import ALIASES, MENU, MenuCommand, OptionKind, argument_line
from bot.model import Locale

LEAVES = [
    (command.name if leaf is command else f"{command.name} {leaf.name}", leaf)
    for command in MENU
    for leaf in (command.subcommands or (command,))
]


def command(path: str) -> MenuCommand:
    return dict(LEAVES)[path]


@pytest.mark.parametrize("locale", list(Locale))
def test_names_and_descriptions_keep_the_platforms_rules(locale: Locale) -> None:
    t = catalogue_for(locale)
    for _, leaf in LEAVES:
        for named in (leaf, *leaf.options):
            assert re.fullmatch(r"[a-z]{1,32}", named.name)
            assert 1 <= len(t(named.description)) <= 100
        for option in leaf.options:
            assert all(1 <= len(t(choice.label)) <= 100 for choice in option.choices)
            assert bool(option.choices) is (option.kind is OptionKind.CHOICE)


def test_every_command_is_answered_and_nothing_else() -> None:
    assert {path for path, _ in LEAVES} | {each.name for each in MENU} == set(HANDLERS)


def test_required_options_come_first() -> None:
    for path, leaf in LEAVES:
        needs = [option.required for option in leaf.options]
        assert needs == sorted(needs, reverse=True), path


def test_every_completed_option_is_known_to_the_completer() -> None:
    assert {option.name for _, leaf in LEAVES for option in leaf.options if option.autocomplete} == set(COMPLETERS)


def test_short_forms_mean_their_subcommands() -> None:
    assert dict(ALIASES) == {
        "add": "keyword add",
        "also": "keyword also",
        "remove": "keyword remove",
        "keywords": "keyword list",
    }


@pytest.mark.parametrize(
    ("typed", "arguments", "path", "rest"),
    [
        ("/Keyword@diting_bot", " ADD  trilateral talks ", "keyword add", "trilateral talks"),
        ("keyword", "add\ntrilateral\ntalks", "keyword add", "trilateral\ntalks"),
        ("add", "test", "keyword add", "test"),
        ("keyword", "trilateral talks", "keyword", "trilateral talks"),
        ("settings", "language en", "settings language", "en"),
        ("feeds", "list", "feeds", "list"),
        ("feeds", "show 2", "feed show", "2"),
        ("feed", "MUTE 2 8h", "feed mute", "2 8h"),
        ("feeds", "2", "feeds", "2"),
    ],
)
def test_a_command_line_is_read(typed: str, arguments: str, path: str, rest: str) -> None:
    asked = read(typed, arguments)
    assert asked is not None
    assert (asked.path, asked.arguments) == (path, rest)


@pytest.mark.parametrize("typed", ["", "/", "nonsense", "keyword add", "@bot"])
def test_what_is_no_command_is_read_as_none(typed: str) -> None:
    assert read(typed, "") is None


def test_option_values_become_an_argument_line() -> None:
    line = argument_line(command("subscribe"), {"address": " bbc-world ", "everything": True})
    assert line == "bbc-world everything"
    assert argument_line(command("subscribe"), {"address": "bbc-world", "everything": False}) == "bbc-world"
    assert argument_line(command("latest"), {"count": 3}) == "3"
    assert argument_line(command("latest"), {}) == ""
