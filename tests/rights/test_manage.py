"""A channel managed from a private chat, and keywords that move to other places."""

from __future__ import annotations

import pytest

from bot.model import ChatKind, End, Finding, Locale, Person, Platform, Request, Role
from tests.rights.conftest import at
from tests.support.fakes import actions, plain

NEWS, TALK = at(-100), at(-5)


@pytest.fixture
def news(stage):
    return stage.rights.put("@news", NEWS, "7")


async def test_what_is_told_in_private_is_about_the_channel_until_it_ends(stage, news):
    begun = await stage.say("/manage @news")
    assert plain(begun).splitlines()[0] == "📢 news"
    added = await stage.say("/keyword add talks")
    assert plain(added).splitlines()[0] == "📢 news"
    assert actions(added)[-1] == "/manage off"
    channel, home = await stage.chat(NEWS), await stage.chat(at(7))
    assert [one.query for one in await stage.storage.keywords.keywords(channel.id)] == ["talks"]
    assert await stage.storage.keywords.keywords(home.id) == []
    await stage.say("/subscribe daily-globe")
    assert len(await stage.storage.subscriptions.subscriptions(channel.id)) == 1
    ended = await stage.say("/manage off")
    assert "about this chat again" in plain(ended)
    assert "no keyword here yet" in plain(await stage.say("/keyword list"))
    await stage.say(actions(ended)[0])
    assert plain(await stage.say("/keyword list")).splitlines()[0] == "📢 news"


async def test_what_stands_under_an_alert_of_this_chat_is_about_this_chat(stage, news):
    stage.inquiry.items[12] = Finding(end=End.UNSEEN, link="https://a.example/12")
    await stage.say("/manage @news")
    assert not plain(await stage.say("/why #12")).startswith("📢")
    assert plain(await stage.say("/why #13")).startswith("📢 news")


async def test_the_answer_speaks_the_persons_language_not_the_channels(stage, news):
    await stage.say("/manage @news")
    await stage.say("/settings language zh-Hant")
    assert "No feed is watched here yet." in plain(await stage.say("/feeds"))
    assert (await stage.chat(NEWS)).settings.locale is Locale.ZH_HANT


async def test_rights_are_asked_anew_at_each_command(stage, news):
    await stage.say("/manage @news")
    stage.rights.admins.clear()
    refused = await stage.say("/keyword add talks")
    assert "You may not change that place" in plain(refused)
    assert actions(refused) == ["/manage off"]
    assert await stage.storage.keywords.keywords((await stage.chat(NEWS)).id) == []
    assert "about this chat again" in plain(await stage.say("/manage off"))


async def test_a_channel_that_the_bot_left_is_said_to_be_so(stage, news):
    await stage.say("/manage @news")
    stage.rights.places.clear()
    assert "I am not in news any more." in plain(await stage.say("/feeds"))


async def test_a_stranger_can_not_manage_and_does_not_learn_the_name(stage):
    stage.rights.put("-100", NEWS, "8")
    said = plain(await stage.say("/manage -100"))
    assert said == "You may not change that place: only its admins can, or whom they named."


async def test_a_channel_where_the_bot_may_not_write_is_refused_with_what_to_do(stage):
    stage.rights.put("@mute", NEWS, "7", can_post=False)
    assert "I may not write in mute. Make me an admin" in plain(await stage.say("/manage @mute"))


@pytest.mark.parametrize("typed", ["@nowhere", "#99", "#7x", "nonsense"])
async def test_a_place_that_is_not_seen_is_refused_with_what_to_do(stage, typed):
    said = plain(await stage.say(f"/manage {typed}"))
    assert "I see no place called" in said
    assert "Add me there as an admin" in said


async def test_places_that_the_person_may_manage_are_offered_and_no_others(stage, news):
    stage.rights.put("@talk", TALK, "8", kind=ChatKind.GROUP)
    for place, kind in ((NEWS, ChatKind.CHANNEL), (TALK, ChatKind.GROUP)):
        await stage.say("/feeds", chat=place, kind=kind, person="8", title=f"Place {place.chat}")
    offered = await stage.say("/manage")
    assert "Place -100" in plain(offered)
    assert "Place -5" not in plain(offered)
    assert actions(offered) == [f"/manage #{(await stage.chat(NEWS)).id}"]
    assert plain(await stage.say(actions(offered)[0])).startswith("📢 news")


async def test_groups_on_telegram_do_not_manage_others_and_staff_channels_on_discord_do(stage):
    assert "in private" in plain(await stage.say("/manage @news", chat=TALK))
    staff, wire = at(51, Platform.DISCORD), at(52, Platform.DISCORD)
    stage.rights.put("52", wire, "7", kind=ChatKind.GROUP)
    assert "Only admins" in plain(await stage.say("/manage 52", chat=staff, admin=False))
    await stage.say("/manage 52", chat=staff)
    assert "📢 52" in plain(await stage.say("/keyword add talks", chat=staff))
    refused = await stage.say("/keyword list", chat=staff, person="9", admin=False)
    assert refused.private
    assert "You may not change" in plain(refused)


async def test_whom_the_admins_named_manage_it_from_elsewhere_too(stage):
    wire = stage.rights.put("52", at(52, Platform.DISCORD), "8", kind=ChatKind.GROUP)
    stage.rights.roles["77"] = Role("77", "Desk")
    stage.rights.has["7"] = frozenset({"77"})
    await stage.say("/settings managers role 77", chat=wire, person="8")
    private = at(700, Platform.DISCORD)
    await stage.say("/manage 52", chat=private, kind=ChatKind.PRIVATE)
    assert "added" in plain(await stage.say("/keyword add talks", chat=private, kind=ChatKind.PRIVATE))
    refused = await stage.say("/settings managers everyone", chat=private, kind=ChatKind.PRIVATE)
    assert "Only admins choose" in plain(refused)


async def test_everyone_of_a_group_is_who_may_write_there(stage):
    group = stage.rights.put("@talk", TALK, "8", kind=ChatKind.GROUP)
    await stage.say("/settings managers everyone", chat=group, person="8")
    assert plain(await stage.say("/manage @talk")).startswith("📢")
    stage.rights.put("@talk", TALK, "8", kind=ChatKind.GROUP, can_write=False)
    assert "You may not change" in plain(await stage.say("/keyword add talks"))


async def test_completions_are_of_the_managed_place_and_only_for_who_may(stage, news):
    await stage.say("/manage @news")
    await stage.say("/keyword add talks")
    person = Person(id="7", locale=Locale.EN, can_manage=True)
    request = Request(address=at(7), kind=ChatKind.PRIVATE, person=person, command="keyword")
    assert [label for label, _ in await stage.commands.complete(request, "keyword", "")] == ["talks"]
    stage.rights.admins.clear()
    assert await stage.commands.complete(request, "keyword", "") == []


# --- moving a keyword --------------------------------------------------------------------------------------


async def test_a_keyword_moves_with_its_feeds_and_comes_back(stage, news):
    await stage.say("/subscribe daily-globe")
    await stage.say("/keyword add talks")
    home = await stage.chat(at(7))
    [keyword] = await stage.storage.keywords.keywords(home.id)
    moved = await stage.say(f"/keyword move {keyword.id} @news")
    assert plain(moved).splitlines() == [
        "talks is a keyword of news now, and no longer of this chat.",
        "For it, 1 feed more is watched there:",
        "Daily Globe",
    ]
    channel = await stage.chat(NEWS)
    assert await stage.storage.keywords.keywords(home.id) == []
    assert len(await stage.storage.subscriptions.subscriptions(channel.id)) == 1
    assert "is a keyword of this chat again" in plain(await stage.say(actions(moved)[0]))
    assert [one.id for one in await stage.storage.keywords.keywords(home.id)] == [keyword.id]
    assert await stage.storage.subscriptions.subscriptions(channel.id) == []


async def test_a_keyword_of_a_managed_channel_comes_here(stage, news):
    await stage.say("/manage @news")
    await stage.say("/keyword add talks")
    moved = await stage.say("/keyword move talks here", title="Ada")
    assert plain(moved).splitlines() == ["📢 news", "talks is a keyword of Ada now, and no longer of this chat."]
    home = await stage.chat(at(7))
    assert [one.query for one in await stage.storage.keywords.keywords(home.id)] == ["talks"]
    await stage.say(actions(moved)[0])
    assert await stage.storage.keywords.keywords(home.id) == []


async def test_an_undo_after_another_place_is_managed_moves_nothing_there(stage, news):
    await stage.say("/keyword add talks")
    moved = await stage.say("/keyword move talks @news")
    other = stage.rights.put("@other", TALK, "7", kind=ChatKind.GROUP)
    await stage.say("/manage @other")
    assert "was not of this place" in plain(await stage.say(actions(moved)[0]))
    assert await stage.storage.keywords.keywords((await stage.chat(other)).id) == []
    await stage.say("/manage off")
    assert "of this chat again" in plain(await stage.say(actions(moved)[0]))


async def test_a_keyword_goes_nowhere_without_rights_there(stage):
    stage.rights.put("@news", NEWS, "8")
    await stage.say("/keyword add talks")
    assert "You may not change that place" in plain(await stage.say("/keyword move talks @news"))
    assert "Only admins" in plain(await stage.say("/keyword move talks @news", chat=TALK, admin=False))
    assert len(await stage.storage.keywords.keywords((await stage.chat(at(7))).id)) == 1


async def test_a_full_place_takes_no_keyword_and_no_feed_too_many(stage, news):
    for name in ("daily-globe", "lab-notes"):
        await stage.say(f"/subscribe {name}")
    await stage.say("/keyword add talks")
    await stage.say("/subscribe harbour-post", chat=NEWS, kind=ChatKind.CHANNEL)
    said = plain(await stage.say("/keyword move talks @news")).splitlines()
    assert said[1:] == [
        "For it, 1 feed more is watched there:",
        "Daily Globe",
        "1 was one too many. A chat may have 2 feeds.",
    ]
    for word in ("war", "peace"):
        await stage.say(f"/keyword add {word}")
    await stage.say("/keyword move war @news")
    said = plain(await stage.say("/keyword move peace @news"))
    assert said == "That place has 2 keywords, the most it may have.\nRemove one there first."


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/keyword move", "Which keyword should go to another place?"),
        ("/keyword move talks", "Where should talks go?"),
        ("/keyword move nothing @news", "There is no such keyword here."),
        ("/keyword move talks @nowhere", "I see no place called @nowhere."),
        ("/keyword move undo 99 99 99 99", "That keyword was not of this place"),
        ("/keyword move undo 99 99 1 99", "I see no place called #99."),
    ],
)
async def test_what_is_missing_is_asked_for(stage, news, line, says):
    await stage.say("/keyword add talks")
    assert says in plain(await stage.say(line))


async def test_what_the_place_has_already_stays_where_it_is(stage, news):
    await stage.say("/keyword add talks")
    await stage.say("/keyword add talks", chat=NEWS, kind=ChatKind.CHANNEL)
    assert "already" in plain(await stage.say("/keyword move talks @news"))
    assert "1 keyword" in plain(await stage.say("/keyword list"))
