"""Who may manage places that only receive: those who run the bot, on their own platform, where nobody else reads it."""

from __future__ import annotations

import pytest

from bot.model import ChatAddress, ChatKind, ChatState, Locale, Platform
from tests.rights.conftest import OWNER, at
from tests.support.fakes import NOW, actions, plain

PHONE = ChatAddress(Platform.TARGET, "phone")
NOT_SEEN = "I see no place called phone."


@pytest.fixture
async def phone(stage):
    return await stage.storage.chats.open_chat(PHONE, kind=ChatKind.CHANNEL, title="phone", hint=Locale.EN, now=NOW)


async def test_an_owner_manages_it_by_name_or_by_its_button(stage, phone):
    offered = await stage.say("/manage", person=OWNER.person)
    assert f"/manage #{phone.id}" in actions(offered)
    for line in ("/manage phone", "/manage PHONE", f"/manage #{phone.id}"):
        assert plain(await stage.say(line, person=OWNER.person)).startswith("📢 phone")
    await stage.say("/keyword add talks", person=OWNER.person)
    assert [one.query for one in await stage.storage.keywords.keywords(phone.id)] == ["talks"]


@pytest.mark.parametrize(
    ("person", "chat", "kind"),
    [
        ("7", None, None),
        # The same number, on a platform where it is somebody else's.
        (OWNER.person, at(1, Platform.DISCORD), ChatKind.PRIVATE),
        (OWNER.person, at(5, Platform.DISCORD), ChatKind.GROUP),
    ],
)
async def test_to_everybody_else_there_is_no_such_place(stage, phone, person, chat, kind):
    said = plain(await stage.say("/manage phone", person=person, chat=chat, kind=kind))
    assert NOT_SEEN in said
    by_number = plain(await stage.say(f"/manage #{phone.id}", person=person, chat=chat, kind=kind))
    unknown = plain(await stage.say("/manage #999", person=person, chat=chat, kind=kind))
    assert by_number == unknown.replace("#999", f"#{phone.id}")
    offered = await stage.say("/manage", person=person, chat=chat, kind=kind)
    assert "phone" not in plain(offered)
    assert f"/manage #{phone.id}" not in actions(offered)


async def test_one_that_left_the_settings_is_not_seen_and_one_that_said_gone_is(stage, phone):
    for reason, seen in (("not in TARGETS any more", False), ("HTTP 410", True)):
        await stage.storage.outbox.stop_chat(phone.id, state=ChatState.GONE, reason=reason, now=NOW)
        said = plain(await stage.say("/manage phone", person=OWNER.person))
        assert said.startswith("📢 phone") is seen
        assert (NOT_SEEN in said) is not seen
    assert (await stage.chat(PHONE)).state is ChatState.ACTIVE


async def test_what_is_asked_in_a_target_is_answered_for_where_it_is_asked(stage, phone):
    await stage.say("/manage phone", person=OWNER.person)
    assert "as its caption" in plain(await stage.say("/import", person=OWNER.person))
    ended = plain(await stage.say("/manage off", person=OWNER.person))
    assert "about this chat again" in ended


async def test_a_target_that_was_put_out_is_not_served(stage, phone):
    await stage.say(f"/admin expel {phone.id}", person=OWNER.person)
    assert "does not serve phone" in plain(await stage.say("/manage phone", person=OWNER.person))
