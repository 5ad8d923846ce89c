"""A private bot: who is let in, and what strangers are told."""

from __future__ import annotations

from bot.chat.commands import Access, Policy
from bot.model import ChatKind, ChatState, Locale, Platform, Surroundings
from tests.rights.conftest import OWNER, at
from tests.support.fakes import plain

INVITE = Policy(access=Access.INVITE, code="open-sesame", owners=frozenset({OWNER}))
LIST = Policy(
    access=Access.LIST,
    allowed=frozenset({"telegram:7", "telegram:-100", "discord:900"}),
    owners=frozenset({OWNER}),
)
GROUP = at(-5)


async def test_a_stranger_is_told_what_to_do_and_nothing_else_works(staged):
    async with staged(INVITE) as stage:
        for line in ("/start", "/feeds", "/keyword add talks", "/help", " hello", "/admin", "/manage @news"):
            assert plain(await stage.say(line)).splitlines() == [
                "This bot is private, and does not know this chat.",
                "With an invite code, send /start CODE.",
                "Or ask whoever runs it to let you in, with this number: telegram:7",
            ]
        assert not (await stage.chat(at(7))).admitted
        assert "不對外開放" in plain(await stage.say("/start", locale=Locale.ZH_HANT))


async def test_the_code_lets_a_chat_in_and_begins_at_once(staged):
    async with staged(INVITE) as stage:
        assert "I listen to the news" in plain(await stage.say("/start open-sesame"))
        assert (await stage.chat(at(7))).admitted
        assert "added" in plain(await stage.say("/keyword add talks"))
        assert "I listen to the news" in plain(await stage.say("/start open-sesame"))


async def test_who_guesses_is_shut_out_for_an_hour_with_the_right_code_too(staged):
    async with staged(INVITE) as stage:
        for guess in range(5):
            assert "not the code" in plain(await stage.say(f"/start guess-{guess}"))
        assert "Too many wrong codes" in plain(await stage.say("/start open-sesame"))
        assert "not the code" in plain(await stage.say("/start guess", person="8"))
        stage.later(minutes=61)
        assert "I listen to the news" in plain(await stage.say("/start open-sesame"))


async def test_in_a_group_only_admins_give_the_code(staged):
    async with staged(INVITE) as stage:
        assert "Only admins" in plain(await stage.say("/start open-sesame", chat=GROUP, admin=False))
        assert not (await stage.chat(GROUP)).admitted
        assert "I listen to the news" in plain(await stage.say("/start open-sesame", chat=GROUP))


async def test_who_is_in_brings_the_bot_to_groups_where_they_are_admin(staged):
    async with staged(INVITE) as stage:
        await stage.say("/start open-sesame")
        assert "private" in plain(await stage.say("/feeds", chat=GROUP, admin=False))
        await stage.say("/feeds", chat=GROUP)
        assert (await stage.chat(GROUP)).admitted
        topic = at(-5, thread="12")
        await stage.say("/feeds", chat=topic, person="8", admin=False)
        assert (await stage.chat(topic)).admitted


async def test_one_channel_of_a_server_lets_in_the_others(staged):
    first, second = at(51, Platform.DISCORD), at(52, Platform.DISCORD)
    async with staged(INVITE) as stage:
        stage.rights.around = Surroundings(server="900", places=(first, second))
        await stage.say("/start open-sesame", chat=first)
        await stage.say("/feeds", chat=second, person="8", admin=False)
        assert (await stage.chat(second)).admitted


async def test_on_the_list_are_people_their_groups_chats_and_servers(staged):
    async with staged(LIST) as stage:
        assert "With an invite code" not in plain(await stage.say("/start", person="8"))
        await stage.say("/start", person="7")
        await stage.say("/start", person="7", chat=GROUP)
        await stage.say("/start", person="8", chat=at(-100), kind=ChatKind.CHANNEL, admin=False)
        stage.rights.around = Surroundings(server="900")
        await stage.say("/start", person="8", chat=at(51, Platform.DISCORD), admin=False)
        inside = [at(7), GROUP, at(-100), at(51, Platform.DISCORD)]
        assert all([(await stage.chat(place)).admitted for place in inside])
        assert not (await stage.chat(at(8))).admitted


async def test_owners_are_always_in(staged):
    async with staged(LIST) as stage:
        assert "The whole bot" in plain(await stage.say("/admin", person="1"))


async def test_those_who_were_there_stay_when_the_bot_is_closed_and_all_come_in_when_it_is_opened(staged):
    async with staged() as stage:
        await stage.say("/start", person="8")
    async with staged(LIST) as stage:
        assert "I listen to the news" in plain(await stage.say("/start", person="8"))
        assert "private" in plain(await stage.say("/start", person="9"))
    async with staged() as stage:
        assert "I listen to the news" in plain(await stage.say("/start", person="9"))


async def test_who_was_expelled_stays_out_whatever_they_know_until_owners_let_them_in(staged):
    async with staged(INVITE) as stage:
        await stage.say("/start open-sesame")
        number = (await stage.chat(at(7))).id
        assert "gets nothing any more" in plain(await stage.say(f"/admin expel {number}", person="1"))
        assert "With an invite code" not in plain(await stage.say("/start open-sesame"))
        assert (await stage.chat(at(7))).state is ChatState.BLOCKED
        assert "is let in" in plain(await stage.say("/admin admit telegram:7", person="1"))
        assert "I listen to the news" in plain(await stage.say("/start"))
        assert (await stage.chat(at(7))).state is ChatState.ACTIVE


async def test_nothing_is_completed_for_strangers(staged):
    async with staged(INVITE) as stage:
        await stage.say("/start")
        request = await _request(stage)
        assert await stage.commands.complete(request, "address", "daily") == []
        await stage.say("/start open-sesame")
        assert await stage.commands.complete(request, "address", "daily") != []


async def _request(stage):
    from bot.model import Person, Request

    person = Person(id="7", locale=Locale.EN, can_manage=True)
    return Request(address=at(7), kind=ChatKind.PRIVATE, person=person, command="subscribe")
