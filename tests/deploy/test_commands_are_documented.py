"""Every command, subcommand, option and choice is told: in the reference, in `/help`, and in all three languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.blocks import fit
from bot.chat.catalogue import catalogue_for
from bot.chat.commands.dispatch import HANDLERS
from bot.chat.commands.help import usage
from bot.chat.discord.tree import ABOUT_MESSAGES
from bot.chat.menu import ALIASES, MENU, SUBJECTS, MenuCommand
from bot.chat.menu.owners import OWNER_MENU
from bot.chat.telegram.markup import as_html
from bot.chat.telegram.updates import command_menu
from bot.model import ChatKind, Locale, Message
from tests.support.fakes import plain, request
from tests.support.reference import leaves

ROOT = Path(__file__).resolve().parents[2]
SPOKEN = (Locale.EN, Locale.ZH_HANT, Locale.ZH_HANS)
LEAVES = dict(leaves())
OWNERS_ALONE = tuple(command.name for command in OWNER_MENU)
FOR_ALL = {path: command for path, command in LEAVES.items() if not path.startswith(OWNERS_ALONE)}


@pytest.fixture(scope="module")
def reference() -> dict[str, str]:
    """The section of each command, by its path."""
    text = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    sections = [section.partition("\n") for section in text.split("\n### /")[1:]]
    return {path.strip(): body for path, _, body in sections}


def told(message: Message) -> str:
    return plain(fit(message))


async def helped(locale: Locale) -> list[Message]:
    """All pages of `/help`, as a member of a group reads them."""
    from tests.chat.conftest import Desk

    desk, who = Desk(), {"locale": locale, "kind": ChatKind.GROUP, "can_manage": False}
    return [await desk.say(f"/help {subject}", **who) for subject in ("", *SUBJECTS)]


def test_every_command_has_its_section(reference: dict[str, str]) -> None:
    assert set(reference) == set(LEAVES)


@pytest.mark.parametrize("path", LEAVES)
def test_its_section_tells_all_of_it(reference: dict[str, str], path: str) -> None:
    command, section = LEAVES[path], reference[path]
    assert command.description in section
    for option in command.options:
        assert f"- `{option.name}`" in section
        assert option.description in section
        for choice in option.choices:
            assert f"- `{choice.value}`: {choice.label}" in section
    if command.alias:
        assert f"`/{command.alias}`" in section
    if path in ABOUT_MESSAGES:
        assert ABOUT_MESSAGES[path] in section


@pytest.mark.parametrize("path", [*HANDLERS, *ALIASES])
def test_whatever_is_answered_is_documented(reference: dict[str, str], path: str) -> None:
    """A group by itself is told of by what belongs to it."""
    path = ALIASES.get(path, path)
    assert path in reference or any(each.startswith(f"{path} ") for each in reference)


@pytest.mark.parametrize("locale", SPOKEN)
async def test_help_lists_every_command_whole(locale: Locale) -> None:
    t, pages = catalogue_for(locale), await helped(locale)
    as_told = "\n".join(map(told, pages))
    on_telegram = "\n".join(as_html(page).text.replace("\u2060", "") for page in pages)
    for shown in (as_told, on_telegram):
        for path, command in FOR_ALL.items():
            assert f"/{path}" in shown, path
            assert t(command.description) in shown, path
        assert not any(f"/{name}" in shown for name in OWNERS_ALONE)
    for path, command in FOR_ALL.items():
        assert usage(path, command) in as_told


async def test_help_tells_of_one_command() -> None:
    from tests.chat.conftest import Desk

    page = plain(await Desk().say("/help mute"))
    assert "/mute [TIME]" in page
    assert "/pause" not in page


@pytest.mark.parametrize("locale", [Locale.ZH_HANT, Locale.ZH_HANS])
def test_every_text_of_the_menus_is_translated(locale: Locale) -> None:
    t = catalogue_for(locale)
    for command in (*MENU, *LEAVES.values()):
        for text in _texts(command):
            assert t(text) != text, text
    for label in ABOUT_MESSAGES.values():
        assert t(label) != label


def _texts(command: MenuCommand) -> list[str]:
    options = command.options
    choices = [choice.label for option in options for choice in option.choices if choice.value != choice.label]
    known = {"English", "中文", "繁體中文", "简体中文"}
    return [
        command.description,
        *(option.description for option in options),
        *(label for label in choices if label not in known),
    ]


@pytest.mark.parametrize("locale", SPOKEN)
def test_telegram_lists_every_command(locale: Locale) -> None:
    listed = {each.command: each.description for each in command_menu(locale)}
    assert set(listed) == {command.name for command in MENU} | set(ALIASES)
    assert all(1 <= len(description) <= 256 for description in listed.values())


async def test_who_types_a_command_that_there_is_not_is_shown_the_way(reference: dict[str, str]) -> None:
    from tests.chat.conftest import Desk

    reply = await Desk().commands.handle(request("/hepl"))
    assert "/help" in plain(reply)
