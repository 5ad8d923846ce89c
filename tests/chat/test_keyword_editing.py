"""A keyword is changed in its place, with a way back; what its words are called in the other language is offered."""

from __future__ import annotations

import pytest

from bot.chat.blocks import ACTION_LIMIT
from bot.model import ChatId, ChatKind, Locale, Message, Style
from tests.support.fakes import actions, plain

ABU_DHABI = ["阿布扎比", "阿布達比"]


def kept(desk) -> list[tuple[int, str]]:
    return [(each.id, each.query) for each in desk.keywords.by_chat.get(ChatId(1), {}).values()]


def labelled(message: Message) -> dict[str, str]:
    return {button.label: button.action for row in message.buttons for button in row}


@pytest.fixture
def desk(make_desk):
    made = make_desk()
    made.counterparts.known = {
        "Abu Dhabi": ABU_DHABI,
        "Tehran": ["德黑蘭"],
        "阿布扎比": ["Abu Dhabi"],
        "trilateral talks": ["三方會談", "三方談判", "三方会晤"],
    }
    return made


# --- what is offered -------------------------------------------------------------------------------------


async def test_an_added_keyword_is_offered_its_names_together_and_each_alone(desk) -> None:
    reply = await desk.say("/keyword add Abu Dhabi")
    assert kept(desk) == [(1, "Abu Dhabi")]
    assert "In the other language the news says 阿布扎比 · 阿布達比." in plain(reply)
    assert [label for label in labelled(reply) if "Also" in label] == [
        "Also find 阿布扎比 · 阿布達比",
        "Also find 阿布扎比",
        "Also find 阿布達比",
    ]


async def test_the_buttons_take_no_more_rows_than_discord_shows(desk) -> None:
    desk.counterparts.known["Abu Dhabi"] = ["阿布扎比", "阿布達比", "阿布札比"]
    assert len((await desk.say("/add Abu Dhabi")).buttons) == 4


async def test_a_single_name_has_a_single_button(desk) -> None:
    assert [label for label in labelled(await desk.say("/add Tehran")) if "Also" in label] == ["Also find 德黑蘭"]


@pytest.mark.parametrize("line", ['/add "Abu Dhabi"', "/add 阿布扎比", "/keyword add trilateral talks"])
async def test_phrases_and_chinese_are_offered_theirs_too(desk, line: str) -> None:
    assert "In the other language" in plain(await desk.say(line))


@pytest.mark.parametrize(
    "query", ["Abu Dhabi OR 阿布扎比", "Abu Dhabi -Tehran", "title:Tehran", "Tehran AND Abu Dhabi", "Tehran*"]
)
async def test_a_query_that_is_more_than_words_is_offered_nothing(desk, query: str) -> None:
    assert "In the other language" not in plain(await desk.say(f"/add {query}"))
    assert desk.counterparts.asked == []


async def test_names_are_offered_in_the_characters_of_the_chat(desk) -> None:
    assert "Also" not in plain(reply := await desk.say("/add Abu Dhabi", locale=Locale.ZH_HANS))
    assert "也找 阿布扎比 · 阿布达比" in labelled(reply)


async def test_a_name_that_is_a_keyword_here_already_is_not_offered(desk) -> None:
    await desk.say("/add 阿布达比")
    assert "the news says 阿布扎比." in plain(await desk.say("/add Abu Dhabi"))


async def test_a_name_that_is_no_plain_query_is_not_offered(desk) -> None:
    desk.counterparts.known["Tehran"] = ["德黑蘭 OR 談判", "title:德黑蘭", '"', "德黑蘭"]
    assert "the news says 德黑蘭." in plain(await desk.say("/add Tehran"))


async def test_every_offer_fits_into_a_button(desk) -> None:
    desk.keywords.made = 1_234_567
    desk.counterparts.known["long"] = ["穆罕默德·本·薩勒曼", "穆罕默德·本·扎耶德", "阿卜杜拉·本·賽義德"]
    reply = await desk.say("/add long")
    offers = [action for action in actions(reply) if action.startswith("/also")]
    assert len(offers) == 3  # each alone: together they are too long
    assert all(len(action.encode()) <= ACTION_LIMIT for action in offers)


async def test_a_test_offers_to_test_the_names_together_with_the_query(desk) -> None:
    desk.preview.looked = 9
    reply = await desk.say("/keyword test Abu Dhabi", can_manage=False, kind=ChatKind.GROUP)
    assert labelled(reply)["Test with 阿布扎比 · 阿布達比"] == "/keyword test Abu Dhabi OR 阿布扎比 OR 阿布達比"
    assert not [action for action in actions(reply) if action.startswith(("/also", "/keyword add"))]
    again = await desk.say(actions(reply)[0])
    assert desk.preview.asked[-1][0] == "Abu Dhabi OR 阿布扎比 OR 阿布達比"
    assert "/keyword add Abu Dhabi OR 阿布扎比 OR 阿布達比" in actions(again)


# --- also ------------------------------------------------------------------------------------------------


async def pressed(desk, label: str, *, of: Message) -> Message:
    return await desk.say(labelled(of)[label])


async def test_pressing_changes_the_keyword_in_place_and_undo_brings_it_back(desk) -> None:
    await desk.say("/add talks")
    added = await desk.say("/add Abu Dhabi")
    reply = await pressed(desk, "Also find 阿布扎比 · 阿布達比", of=added)
    assert kept(desk) == [(1, "talks"), (2, "Abu Dhabi OR 阿布扎比 OR 阿布達比")]
    assert "Keyword Abu Dhabi is now Abu Dhabi OR 阿布扎比 OR 阿布達比." in plain(reply)
    undone = await pressed(desk, "Undo", of=reply)
    assert kept(desk) == [(1, "talks"), (2, "Abu Dhabi")]
    assert "Keyword Abu Dhabi OR 阿布扎比 OR 阿布達比 is now Abu Dhabi." in plain(undone)
    await pressed(desk, "Also find 阿布達比", of=undone)
    assert kept(desk) == [(1, "talks"), (2, "Abu Dhabi OR 阿布達比")]


async def test_buttons_can_be_pressed_one_after_the_other_and_again(desk) -> None:
    added = await desk.say("/add Abu Dhabi")
    await pressed(desk, "Also find 阿布達比", of=added)
    await pressed(desk, "Also find 阿布扎比 · 阿布達比", of=added)
    assert kept(desk) == [(1, "Abu Dhabi OR 阿布達比 OR 阿布扎比")]
    assert "is already here" in plain(await pressed(desk, "Also find 阿布扎比", of=added))


async def test_a_phrase_stays_a_phrase(desk) -> None:
    added = await desk.say('/add "Abu Dhabi"')
    await pressed(desk, "Also find 阿布扎比", of=added)
    assert kept(desk) == [(1, '"Abu Dhabi" OR 阿布扎比')]


@pytest.mark.parametrize(
    ("had", "words", "made"),
    [
        ("Abu Dhabi", "阿布扎比|阿布達比", "Abu Dhabi OR 阿布扎比 OR 阿布達比"),
        ("talks -football", "談判", "talks -football OR 談判"),
        ("a1 OR b1", "b1", "a1 OR b1"),
        ("AI", "人工智能", "AI OR 人工智能"),
    ],
)
async def test_words_typed_are_joined_to_the_keyword(desk, had: str, words: str, made: str) -> None:
    await desk.say(f"/add {had}")
    await desk.say(f"/keyword also 1 {words}")
    assert kept(desk) == [(1, made)]


async def test_the_keyword_with_its_names_says_what_it_finds_now(desk) -> None:
    await desk.say("/subscribe daily-globe")
    added = await desk.say("/add Abu Dhabi")
    desk.preview.looked = 40
    assert "would have found 0 of your 40 items" in plain(await pressed(desk, "Also find 阿布扎比", of=added))
    assert desk.preview.asked[-1][0] == "Abu Dhabi OR 阿布扎比"


# --- edit ------------------------------------------------------------------------------------------------


async def test_a_keyword_is_edited_and_offered_the_names_of_its_new_words(desk) -> None:
    await desk.say("/add talks")
    reply = await desk.say("/keyword edit #1  Abu   Dhabi")
    assert kept(desk) == [(1, "Abu Dhabi")]
    assert {"/keyword edit 1 talks", "/also 1 阿布扎比|阿布達比"} <= set(actions(reply))


async def test_a_keyword_too_long_for_a_button_comes_back_by_a_line_to_copy(desk) -> None:
    query = "negotiations OR " * 5 + "peace"
    await desk.say(f"/add {query}")
    reply = await desk.say("/keyword edit 1 talks")
    assert "Undo" not in labelled(reply)
    line = next(
        s.text for b in reply.blocks for s in b.spans if s.style is Style.CODE and s.text.startswith("/keyword")
    )
    await desk.say(line)
    assert kept(desk) == [(1, query)]


async def test_what_is_here_already_is_not_made_twice(desk) -> None:
    await desk.say("/add talks")
    await desk.say("/add peace")
    assert "is already here" in plain(await desk.say("/keyword edit 1 Peace"))
    assert "is already here" in plain(await desk.say("/keyword edit 1 talks"))
    assert kept(desk) == [(1, "talks"), (2, "peace")]


@pytest.mark.parametrize("line", ["/keyword edit 1 (talks", "/keyword also 1 -talks", "/keyword also 1 a) OR (b"])
async def test_what_cannot_be_read_is_pointed_at_and_changes_nothing(desk, line: str) -> None:
    await desk.say("/add peace")
    assert "can't be read" in plain(await desk.say(line))
    assert kept(desk) == [(1, "peace")]


@pytest.mark.parametrize("command", ["edit", "also"])
async def test_without_a_number_or_words_it_is_said_what_is_missing(desk, command: str) -> None:
    assert "no keyword here yet" in plain(await desk.say(f"/keyword {command} 1 talks"))
    await desk.say("/add talks")
    for line in (f"/keyword {command}", f"/keyword {command} 7 peace", f"/keyword {command} peace"):
        assert f"/keyword {command} 1" in actions(reply := await desk.say(line))
        assert "Which keyword should I change?" in plain(reply)
    assert f"/keyword {command} 1 trilateral talks" in plain(await desk.say(f"/keyword {command} 1"))
    assert kept(desk) == [(1, "talks")]


async def test_in_a_group_only_admins_change_keywords(desk) -> None:
    await desk.say("/add talks")
    for line in ("/keyword edit 1 peace", "/also 1 peace"):
        assert "Only admins" in plain(await desk.say(line, kind=ChatKind.GROUP, can_manage=False))
    assert kept(desk) == [(1, "talks")]
