"""`/translate` puts a message into the other language, and says plainly where it can't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.commands.translate import MOST
from bot.model import ChatAddress, Language, Locale, MadeBy, Platform
from tests.support.fakes import FakeTranslation, actions, plain, request

TEXT = "The talks ended."


@pytest.fixture
def desk(make_desk):
    return make_desk(translation=FakeTranslation({TEXT: "会谈结束了。"}))


async def asked(desk, about: str, **who: object) -> str:
    return plain(await desk.commands.handle(replace(request("/translate", reply_to="5", **who), about=about)))


async def test_the_message_that_is_answered_is_translated(desk) -> None:
    assert await asked(desk, TEXT) == "会谈结束了。\nMachine translation"


async def test_a_text_behind_the_command_is_translated(desk) -> None:
    assert plain(await desk.say(f"/translate {TEXT}")).startswith("会谈结束了。")


async def test_chinese_is_written_as_the_chat_reads_it(desk) -> None:
    assert (await asked(desk, TEXT, locale=Locale.ZH_HANT_HK)).startswith("會談結束了。")


async def test_who_made_it_and_what_is_doubtful_or_left_out_is_said(desk) -> None:
    desk.translation.made_by, desk.translation.doubtful = MadeBy.MODEL, True
    desk.translation.known[""] = "会谈"
    reply = await asked(desk, "word " * MOST)
    assert "Translated by a language model" in reply
    assert "Its figures differ" in reply
    assert "Only the beginning is translated." in reply
    assert all(len(text) <= MOST for text, _ in desk.translation.asked)


async def test_a_third_language_goes_into_the_one_that_the_chat_reads_first(desk) -> None:
    await asked(desk, TEXT)
    await desk.say("/settings languages en,zh")
    await asked(desk, TEXT)
    assert [otherwise for _, otherwise in desk.translation.asked] == [Language.ZH, Language.EN]


async def test_what_can_t_be_translated_now_is_said_so(desk) -> None:
    assert "could not be translated" in await asked(desk, "Something else")


@pytest.mark.parametrize(
    ("platform", "way"),
    [(Platform.TELEGRAM, "Answer a message"), (Platform.DISCORD, "menu of a message"), (Platform.CONSOLE, "Give /tr")],
)
async def test_without_a_text_the_way_is_told(desk, platform: Platform, way: str) -> None:
    reply = plain(await desk.say("/translate", address=ChatAddress(platform, "1")))
    assert way in reply
    assert "/translate" in reply


async def test_without_a_translator_that_is_said_plainly(make_desk) -> None:
    reply = await make_desk().say(f"/translate {TEXT}")
    assert "I have no translator here." in plain(reply)
    assert actions(reply) == []


async def test_a_translation_brings_no_lines_or_signs_of_its_own(desk) -> None:
    desk.translation.known[TEXT] = "会\u202e谈\x00\n\n\n" + "字" * 5000
    reply = await asked(desk, TEXT)
    assert "\u202e" not in reply
    assert "\x00" not in reply
    assert "\n\n" not in reply
    assert "Machine translation" in reply
