"""Buttons that answer in the place of their message, and those that ask for what completes their line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.blocks import text
from bot.model import Button, Message

GROUP, CHANNEL = -5, -1009
PAGE = Message(blocks=(text("page 1"),), buttons=((Button("More", "/feeds 2", in_place=True),),))
ASKING = Message(blocks=(text("none yet"),), buttons=((Button("Add words", "/keyword add", ask="Which words?"),),))


@pytest.fixture
def answers(stage, monkeypatch):
    """What the handler answers, by command."""
    answers = {}
    echo = stage.handler.handle

    async def handle(request):
        said = await echo(request)
        return answers.get(request.command, said)

    monkeypatch.setattr(stage.handler, "handle", handle)
    return answers


async def shown(stage, answers, message: Message, chat: int = 7, user: int = 7):
    """A message of the bot, after which the command answers what it did before."""
    answers["feeds"] = message
    stage.api.say(chat, "/feeds", user=user)
    await stage.api.until(lambda: stage.api.sent_to(chat))
    answers.clear()
    return stage.api.sent[-1]


def data_of(sent) -> str:
    return sent.reply_markup["inline_keyboard"][0][0]["callback_data"]


async def test_a_page_takes_the_place_of_the_one_before(stage, answers):
    page = await shown(stage, answers, PAGE)
    stage.api.press(7, data_of(page), under=page)
    await stage.api.until(lambda: page.text == "got feeds [2]")
    assert len(stage.api.sent) == 1


async def test_a_page_that_can_not_be_shown_in_its_place_is_sent(stage, answers):
    page = await shown(stage, answers, PAGE)
    stage.api.fail_next("editMessageText", status=400, description="Bad Request: message can't be edited")
    stage.api.press(7, data_of(page), under=page)
    await stage.api.until(lambda: stage.api.sent_to(7) == ["page 1", "got feeds [2]"])


async def test_a_page_pressed_twice_is_not_sent_again(stage, answers):
    page = await shown(stage, answers, PAGE)
    for _ in range(2):
        stage.api.press(7, data_of(page), under=page)
    await stage.api.until(lambda: len(stage.handler.requests) == 3 and len(stage.api.called("editMessageText")) == 2)
    stage.api.say(7, "/help")
    await stage.api.until(lambda: len(stage.api.sent) == 2)
    assert stage.api.sent_to(7) == ["got feeds [2]", "got help []"]


async def test_a_file_is_sent_beside_the_message_whose_button_asked_for_it(stage, answers):
    page = await shown(stage, answers, PAGE)
    answers["feeds"] = Message(blocks=(text("your feeds"),), file=("feeds.opml", b"<opml/>"))
    stage.api.press(7, data_of(page), under=page)
    await stage.api.until(lambda: len(stage.api.sent) == 2)
    assert stage.api.sent[1].file == ("feeds.opml", b"<opml/>")


async def test_the_answer_to_a_question_completes_its_line(stage, answers):
    stage.api.press(7, "?keyword add", under=await shown(stage, answers, ASKING))
    await stage.api.until(lambda: len(stage.api.sent) == 2)
    question = stage.api.sent[-1]
    assert question.text.startswith("✏️ Which words? One keyword a line.\n")
    assert question.reply_markup["force_reply"]
    assert question.reply_markup["input_field_placeholder"] == "trilateral talks"
    stage.api.answer(question, "三方會談\nAbu Dhabi")
    await stage.api.until(lambda: len(stage.api.sent) == 3)
    request = stage.handler.requests[-1]
    assert (request.command, request.arguments, request.reply_to) == ("keyword", "add 三方會談\nAbu Dhabi", "")


async def test_a_command_in_answer_to_a_question_is_a_command(stage, answers):
    stage.api.press(7, "?keyword add", under=await shown(stage, answers, ASKING))
    await stage.api.until(lambda: len(stage.api.sent) == 2)
    stage.api.answer(stage.api.sent[-1], "/status")
    await stage.api.until(lambda: stage.api.sent_to(7)[-1] == "got status []")


async def test_an_answer_to_anything_else_completes_nothing(stage, answers):
    page = await shown(stage, answers, PAGE)
    stage.api.answer(replace(page, text="✏️ The mayor says\nvote /now or never"), "hello")
    await stage.api.until(lambda: stage.api.sent_to(7)[-1] == "got  [hello]")


async def test_in_a_group_the_question_names_whom_it_asks_and_the_answer_of_a_bot_that_sees_no_texts_counts(
    stage, answers
):
    stage.api.place(GROUP).admins.add(8)
    stage.api.press(GROUP, "?keyword add", user=8, under=await shown(stage, answers, ASKING, GROUP))
    await stage.api.until(lambda: len(stage.api.sent) == 2)
    question = stage.api.sent[-1]
    assert question.text.startswith("✏️ Person 8: Which words?")
    assert question.reply_markup["selective"]
    stage.api.answer(question, "talks", user=8)
    await stage.api.until(lambda: stage.api.sent_to(GROUP)[-1] == "got keyword [add talks]")
    assert stage.handler.requests[-1].person.can_manage


async def test_who_may_not_answer_is_not_asked(stage, answers):
    page = await shown(stage, answers, ASKING, GROUP)
    stage.handler.private = True
    stage.api.press(GROUP, "?keyword add", user=9, under=page)
    await stage.api.until(lambda: stage.api.called("answerCallbackQuery"))
    assert stage.api.called("answerCallbackQuery")[0]["text"] == "got keyword [add]"
    assert len(stage.api.sent) == 1


async def test_in_a_channel_it_is_said_what_to_post(stage, answers):
    stage.api.place(CHANNEL, "channel").admins.add(8)
    stage.api.press(CHANNEL, "?keyword add", user=8, under=await shown(stage, answers, ASKING, CHANNEL))
    await stage.api.until(lambda: len(stage.api.sent) == 2)
    assert stage.api.sent[-1].text.endswith("Post this line with your words behind it:\n/keyword add")
    assert stage.api.sent[-1].reply_markup is None
