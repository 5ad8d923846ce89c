"""The owners' table keeps the platforms' rules, and every command in it is answered."""

import re

import pytest

from bot.chat.catalogue import catalogue_for
from bot.chat.commands.owners import OWNER_HANDLERS
from bot.chat.menu import MENU
from bot.chat.menu.owners import OWNER_MENU
from bot.chat.telegram.updates import COMMANDS, command_menu
from bot.model import Locale


def test_every_command_of_the_owners_is_answered_and_nothing_else() -> None:
    (admin,) = OWNER_MENU
    assert {each.name for each in admin.subcommands} == set(OWNER_HANDLERS)


@pytest.mark.parametrize("locale", list(Locale))
def test_names_and_descriptions_keep_the_platforms_rules(locale: Locale) -> None:
    t = catalogue_for(locale)
    for command in OWNER_MENU:
        for leaf in (command, *command.subcommands):
            for named in (leaf, *leaf.options):
                assert re.fullmatch(r"[a-z]{1,32}", named.name)
                assert 1 <= len(t(named.description)) <= 100


def test_only_the_menu_of_an_owner_lists_them() -> None:
    usual = {each.command for each in command_menu(Locale.EN)}
    owners = {each.command for each in command_menu(Locale.EN, owner=True)}
    assert owners - usual == {"admin"}
    assert "admin" not in COMMANDS
    assert {each.name for each in MENU}.isdisjoint(each.name for each in OWNER_MENU)
