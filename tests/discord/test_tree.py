from __future__ import annotations

import pytest

from bot.chat.catalogue import catalogue_for
from bot.chat.discord.tree import MenuTranslator
from bot.chat.menu import MENU
from bot.chat.menu.owners import OWNER_MENU
from bot.model import Locale

CHINESE = {"zh-TW": Locale.ZH_HANT, "zh-CN": Locale.ZH_HANS}


@pytest.fixture
async def everything(env):
    (request,) = [request for request in env.http_requests if request.method == "PUT"]
    return request.json


@pytest.fixture
async def registered(everything):
    """The slash commands."""
    return {command["name"]: command for command in everything if command["type"] == 1}


def walk(part):
    yield part
    for each in (*part.get("options", ()), *part.get("choices", ())):
        yield from walk(each)


async def test_every_command_of_the_menu_is_registered(registered):
    assert set(registered) == {command.name for command in MENU}
    for command in MENU:
        options = [option["name"] for option in registered[command.name]["options"]]
        subcommands = [subcommand.name for subcommand in command.subcommands]
        assert sorted(options) == sorted(subcommands or [option.name for option in command.options])


async def test_commands_are_for_servers_and_direct_messages_of_the_installed_bot(registered):
    for command in registered.values():
        assert (command["contexts"], command["integration_types"]) == ([0, 1], [0])
        assert command["default_member_permissions"] is None


async def test_options_say_their_type_their_need_and_their_choices(registered):
    address, everything = registered["subscribe"]["options"]
    assert (address["type"], address["required"], address["autocomplete"]) == (3, False, True)
    assert (everything["type"], everything["required"]) == (5, False)
    add, remove, *_ = registered["keyword"]["options"]
    assert (add["type"], add["options"][0]["required"]) == (1, True)
    assert remove["options"][0]["autocomplete"]
    languages = next(option for option in registered["settings"]["options"] if option["name"] == "languages")
    assert [choice["value"] for choice in languages["options"][0]["choices"]] == ["zh,en", "en,zh", "zh", "en"]


async def test_descriptions_are_localised_in_both_scripts(registered):
    for command in MENU:
        localised = registered[command.name]["description_localizations"]
        assert localised == {tag: catalogue_for(locale)(command.description) for tag, locale in CHINESE.items()}
        assert command.description not in localised.values()


async def test_descriptions_of_options_and_names_of_choices_are_localised(registered):
    address = registered["subscribe"]["options"][0]
    assert set(address["description_localizations"]) == set(CHINESE)
    languages = next(option for option in registered["settings"]["options"] if option["name"] == "languages")
    assert all(set(choice["name_localizations"]) == set(CHINESE) for choice in languages["options"][0]["choices"])


async def test_everything_that_is_registered_keeps_within_discords_limits(registered):
    for command in registered.values():
        total = 0
        for part in walk(command):
            texts = [part["name"], *part.get("name_localizations", {}).values()]
            descriptions = (
                [part["description"], *part.get("description_localizations", {}).values()] if "type" in part else []
            )
            assert all(1 <= len(text) <= (32 if "type" in part else 100) for text in texts)
            assert all(1 <= len(text) <= 100 for text in descriptions)
            total += len(part["name"]) + len(part.get("description", "")) + len(str(part.get("value", "")))
            assert len(part.get("options", ())) <= 25
            assert len(part.get("choices", ())) <= 25
        assert total <= 8000


async def test_a_message_can_be_asked_about_in_its_menu(everything):
    asked = {command["name"]: command for command in everything if command["type"] == 3}
    assert set(asked) == {"Why this alert?", "Translate this"}
    for name, command in asked.items():
        names = {tag: catalogue_for(locale)(name) for tag, locale in CHINESE.items()}
        assert command["name_localizations"] == names
        assert all(1 <= len(each) <= 32 for each in (name, *names.values()))
        assert (command["contexts"], command["integration_types"]) == ([0, 1], [0])


async def test_names_that_people_see_in_one_place_differ_in_every_language(registered):
    for siblings in (list(registered.values()), *(command["options"] for command in registered.values())):
        for tag in CHINESE:
            names = [part.get("name_localizations", {}).get(tag, part["name"]) for part in siblings]
            assert len(names) == len(set(names))


async def test_a_name_that_discord_would_not_take_is_not_translated(monkeypatch):
    import discord
    from discord import app_commands

    from bot.chat.discord import tree

    monkeypatch.setattr(tree, "catalogue_for", lambda _: {"feeds": "訂閱 源", "help": "說明", "start": "start"}.get)
    location = app_commands.TranslationContextLocation.command_name
    context = app_commands.TranslationContext(location=location, data=None)
    translate = MenuTranslator().translate
    found = [
        await translate(app_commands.locale_str(name), discord.Locale.taiwan_chinese, context)
        for name in ("feeds", "help", "start")
    ]
    assert found == [None, "說明", None]


# --- the owners' commands --------------------------------------------------------------------------------


class TestWithOwners:
    @pytest.fixture
    def bot(self, make_bot):
        return make_bot(owned=True)

    async def test_they_are_registered_for_direct_messages_alone(self, registered):
        assert set(registered) == {command.name for command in (*MENU, *OWNER_MENU)}
        assert (registered["admin"]["contexts"], registered["feeds"]["contexts"]) == ([1], [0, 1])

    async def test_they_become_requests(self, handler, env):
        await env.create_user("dee").slash("admin broadcast", text="Hello all")
        assert [(one.command, one.arguments) for one in handler.requests] == [("admin", "broadcast Hello all")]
