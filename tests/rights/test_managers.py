"""Who may change a chat: admins, everyone, or who has a role; and only admins say so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import ChatKind, Locale, Managers, Person, Platform, Request, Role
from tests.rights.conftest import at
from tests.support.fakes import actions, plain

GROUP, CHANNEL, SERVER = at(-5), at(-100), at(55, Platform.DISCORD)


async def test_members_change_nothing_until_admins_let_everyone(stage):
    assert "Only admins" in plain(await stage.say("/keyword add talks", chat=GROUP, admin=False))
    said = await stage.say("/settings managers everyone", chat=GROUP)
    assert plain(said).splitlines()[0] == "Who may change things here: everyone who may write here."
    assert "added" in plain(await stage.say("/keyword add talks", chat=GROUP, admin=False))
    assert (await stage.chat(GROUP)).settings.managers is Managers.EVERYONE


async def test_who_may_change_things_is_for_admins_to_say_even_where_everyone_may(stage):
    await stage.say("/settings managers everyone", chat=GROUP)
    refused = await stage.say("/settings managers admins", chat=GROUP, admin=False)
    assert refused.private
    assert plain(refused) == "Only admins choose who may change things here."
    assert (await stage.chat(GROUP)).settings.managers is Managers.EVERYONE


async def test_it_is_undone_with_a_button(stage):
    said = await stage.say("/settings managers everyone", chat=GROUP)
    undo = actions(said)[0]
    assert undo == "/settings managers admins"
    await stage.say(undo, chat=GROUP)
    assert (await stage.chat(GROUP)).settings.managers is Managers.ADMINS


async def test_in_a_channel_everyone_who_can_press_a_button_is_not_everyone(stage):
    said = await stage.say("/settings managers everyone", chat=CHANNEL, kind=ChatKind.CHANNEL)
    assert "In a channel only admins write" in plain(said)
    assert (await stage.chat(CHANNEL)).settings.managers is Managers.ADMINS


async def test_a_role_may_change_things_and_is_named_to_those_who_lack_it(stage):
    stage.rights.roles["77"] = Role("77", "News desk")
    said = await stage.say("/settings managers role 77", chat=SERVER)
    assert plain(said).splitlines()[0] == "Who may change things here: admins, and @News desk."
    assert "added" in plain(
        await stage.say("/keyword add talks", chat=SERVER, admin=False, roles=frozenset({"77", "78"}))
    )
    refused = await stage.say("/keyword add war", chat=SERVER, admin=False, roles=frozenset({"78"}))
    assert plain(refused).startswith("Only admins, and @News desk may use /keyword add here.")
    assert "@News desk" in plain(await stage.say("/settings", chat=SERVER, admin=False))


@pytest.mark.parametrize(
    ("line", "chat", "says"),
    [
        ("/settings managers role", SERVER, "Which role?"),
        ("/settings managers role 99", SERVER, "There is no role 99 here."),
        ("/settings managers role 77", GROUP, "Only servers on Discord have roles."),
        ("/settings managers", SERVER, "Now: admins."),
        ("/settings managers", None, "This is a private chat"),
    ],
)
async def test_what_can_not_be_chosen_is_answered_with_what_can(stage, line, chat, says):
    assert says in plain(await stage.say(line, chat=chat))


async def test_everyone_and_a_role_are_typed_in_chinese_too(stage):
    await stage.say("/settings managers 所有人", chat=GROUP)
    assert (await stage.chat(GROUP)).settings.managers is Managers.EVERYONE


async def test_files_are_fetched_for_whom_the_admins_let_change_things_and_for_no_other(stage):
    def asked(person: Person) -> Request:
        return Request(address=GROUP, kind=ChatKind.GROUP, person=person, command="import")

    member = Person(id="9", locale=Locale.EN, can_manage=False)
    assert not await stage.commands.may_change(asked(member))
    await stage.say("/feeds", chat=GROUP)
    assert not await stage.commands.may_change(asked(member))
    assert await stage.commands.may_change(asked(replace(member, can_manage=True)))
    await stage.say("/settings managers everyone", chat=GROUP)
    assert await stage.commands.may_change(asked(member))
