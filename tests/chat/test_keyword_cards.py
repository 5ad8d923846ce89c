"""A card for each keyword: what it brought, and buttons that change it, with a way back from each."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.commands import Limits
from bot.chat.commands.choosing import Unreadable, mute_again, with_mute
from bot.model import ChatId, ChatKind, Choice, KeywordId, Locale, Tally, Urgency
from tests.support.fakes import NOW, actions, plain

CHAT = ChatId(1)
GUEST = {"kind": ChatKind.GROUP, "can_manage": False}


def kept(desk) -> list[str]:
    return [each.query for each in desk.keywords.by_chat.get(CHAT, {}).values()]


def choice(desk, number: int = 1) -> Choice:
    return desk.keywords.by_chat[CHAT][KeywordId(number)].choice


async def fill(desk, count: int) -> None:
    for n in range(count):
        await desk.say(f"/add word{n}")


async def test_a_card_says_what_a_keyword_is_and_what_it_brought(desk) -> None:
    await desk.say("/add trilateral talks")
    assert "It brought no alert yet." in plain(await desk.say("/keyword show 1"))
    desk.tallies.keywords["trilateral talks"] = Tally(alerts=4, last=NOW - timedelta(hours=3))
    said = plain(await desk.say("/keyword 1")).splitlines()
    assert said == [
        "Keyword 1",
        "trilateral talks",
        "4 alerts in the last 7 days; the newest came 3 hours ago.",
        "Its alerts come as the settings of the chat say.",
    ]


async def test_each_button_of_a_card_answers_in_its_place_but_for_those_that_ask_or_tell_much(desk) -> None:
    await desk.say("/add talks")
    card = await desk.say("/keyword show 1")
    [[edit, *rest], [test], further] = card.buttons
    assert (edit.action, bool(edit.ask)) == ("/keyword edit 1", True)
    assert test.action == "/keyword test #1"
    assert all(button.in_place for button in (*rest, *further))
    assert [button.action for button in (*rest, *further)] == [
        "/keyword mode 1",
        "/keyword mute 1",
        "/keyword remove 1",
        "/keyword list",
    ]


async def test_who_may_not_change_sees_the_card_and_no_button_that_would(desk) -> None:
    await desk.say("/add talks")
    assert actions(await desk.say("/keyword show 1", **GUEST)) == ["/keyword test #1", "/keyword list"]


async def test_the_way_back_leads_to_the_page_of_the_keyword(desk) -> None:
    await fill(desk, 20)
    assert "/keyword list 3" in actions(await desk.say("/keyword show 17"))


@pytest.mark.parametrize("value", ["instant", "digest", "INSTANT", "摘要"])
async def test_a_mode_is_chosen_and_taken_back_by_a_button(desk, value: str) -> None:
    await desk.say("/add talks")
    question = await desk.say("/keyword mode 1")
    assert actions(question) == ["/keyword mode 1 instant", "/keyword mode 1 digest", "/keyword show 1"]
    card = await desk.say(f"/keyword mode 1 {value}")
    assert choice(desk).urgency is not Urgency.USUAL
    assert actions(card)[0] == "/keyword mode 1 default"
    await desk.say(actions(card)[0])
    assert choice(desk) == Choice()


@pytest.mark.parametrize(
    ("typed", "length"),
    [
        ("1h", timedelta(hours=1)),
        ("8 hours", timedelta(hours=8)),
        ("30min", timedelta(minutes=30)),
        ("7d", timedelta(days=7)),
        ("3 天", timedelta(days=3)),
        ("2小時", timedelta(hours=2)),
    ],
)
async def test_a_keyword_is_muted_for_a_time_and_heard_again_by_a_button(desk, typed: str, length: timedelta) -> None:
    await desk.say("/add talks")
    card = await desk.say(f"/keyword mute 1 {typed}")
    assert choice(desk).muted_until == NOW + length
    assert "🔕" in plain(card)
    assert "🔕 muted" in plain(await desk.say("/keyword list"))
    await desk.say(actions(card)[0])
    assert choice(desk) == Choice()


async def test_a_longer_mute_is_taken_back_to_the_former_one(desk) -> None:
    await desk.say("/add talks")
    await desk.say("/keyword mute 1 1d")
    card = await desk.say("/keyword mute 1 7d")
    await desk.say(actions(card)[0])
    assert choice(desk).muted_until == NOW + timedelta(days=1)


@pytest.mark.parametrize("typed", ["", "soon", "0h", "-1h", "99999d", "@1", "8h 8h", "@99999999999"])
async def test_what_is_no_time_is_asked_for_with_buttons(desk, typed: str) -> None:
    await desk.say("/add talks")
    question = await desk.say(f"/keyword mute 1 {typed}")
    assert actions(question)[:4] == [f"/keyword mute 1 {time}" for time in ("1h", "8h", "1d", "7d")]
    assert choice(desk) == Choice()


@given(st.integers(1, 60 * 24 * 366))
def test_any_mute_can_be_had_again_by_what_the_way_back_says(minutes: int) -> None:
    muted = Choice(muted_until=NOW + timedelta(minutes=minutes))
    assert with_mute(Choice(), mute_again(muted, NOW), NOW) == muted


@given(st.text(max_size=40))
def test_what_is_typed_for_a_mute_is_read_or_refused(typed: str) -> None:
    try:
        muted = with_mute(Choice(), typed, NOW)
    except Unreadable:
        return
    assert muted.muted_until is None or muted.muted_until > NOW


async def test_a_removed_keyword_comes_back_with_its_choice_and_in_its_place(desk) -> None:
    await fill(desk, 3)
    await desk.say("/keyword mode 2 digest")
    gone = await desk.say("/keyword remove 2")
    card = await desk.say(actions(gone)[0])
    assert kept(desk) == ["word0", "word1", "word2"]
    assert choice(desk, 2).urgency is Urgency.DIGEST
    assert "Keyword word1 is back." in plain(card)
    assert "There is nothing to bring back." in plain(await desk.say(actions(gone)[0]))


async def test_all_go_when_that_was_said_twice_and_come_back_by_one_button(desk) -> None:
    await fill(desk, 30)
    question = await desk.say("/keyword clear")
    assert len(kept(desk)) == 30
    gone = await desk.say(actions(question)[0])
    assert kept(desk) == []
    assert "30 keywords were removed." in plain(gone)
    back = await desk.say(actions(gone)[0])
    assert kept(desk) == [f"word{n}" for n in range(30)]
    assert "30 keywords are back." in plain(back)


async def test_the_last_removal_comes_back_without_its_number(desk) -> None:
    await fill(desk, 2)
    await desk.say("/keyword remove 1")
    await desk.say("/keyword remove undo")
    assert kept(desk) == ["word0", "word1"]


async def test_no_more_comes_back_than_the_chat_may_have(make_desk) -> None:
    desk = make_desk(limits=Limits(keywords=3, regexes=1))
    await desk.say("/add /[a-c]x/")
    await fill(desk, 2)
    gone = await desk.say("/keyword clear yes")
    await desk.say("/add /[d-f]y/")
    back = await desk.say(actions(gone)[0])
    assert kept(desk) == ["word0", "word1", "/[d-f]y/"]
    assert "2 keywords are back." in plain(back)


async def test_nobody_brings_back_what_another_chat_removed(desk) -> None:
    await fill(desk, 1)
    undo = actions(await desk.say("/keyword remove 1"))[0]
    address = replace(next(iter(desk.chats.by_address)), chat="99")
    assert "There is nothing to bring back." in plain(await desk.say(undo, address=address))


async def test_after_a_change_of_its_words_a_keyword_leads_to_its_card(desk) -> None:
    await desk.say("/add talks")
    assert "/keyword show 1" in actions(await desk.say("/keyword edit 1 peace talks"))


async def test_a_long_keyword_is_tested_by_its_number(desk) -> None:
    query = "negotiations OR " * 20 + "peace"
    await desk.say(f"/add {query}")
    desk.preview.looked = 3
    await desk.say("/keyword test #1")
    assert desk.preview.asked[-1][0] == query


@pytest.mark.parametrize("locale", [Locale.ZH_HANT, Locale.ZH_HANS])
async def test_a_card_is_in_chinese(desk, locale: Locale) -> None:
    await desk.say("/add 三方會談", locale=locale)
    card = await desk.say("/keyword mute 1 8h", locale=locale)
    words = plain(card) + "".join(button.label for row in card.buttons for button in row)
    assert not any(letter in words for letter in "abcdefghijklmnopqrstuvwxyz")
