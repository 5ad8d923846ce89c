"""Files on Telegram: lists of feeds that people send, and those that go back to them."""

import pytest

from bot.chat.blocks import text
from bot.chat.files import MAX_FILE
from bot.model import Button, ChatAddress, Image, Message, Platform
from tests.support.bot_api import TOKEN

GROUP = -1001234
LIST = b"<opml><body/></opml>"


def telegram(chat: int, thread: str = "") -> ChatAddress:
    return ChatAddress(Platform.TELEGRAM, str(chat), thread)


async def asked(stage):
    await stage.api.until(lambda: stage.handler.requests)
    return stage.handler.requests[-1]


@pytest.mark.parametrize(
    ("name", "caption", "arguments"),
    [
        ("feeds.opml", "", ""),
        ("FEEDS.XML", "", ""),
        ("feeds.opml", "everything", "everything"),
        ("diting-2026-03-14.json", "settings", "settings"),
        ("feeds.txt", "/import everything", "everything"),
        ("feeds.opml", "/import@diting_test_bot", ""),
    ],
)
async def test_a_list_that_is_sent_to_the_bot_is_imported(stage, name, caption, arguments) -> None:
    stage.api.send_file(7, name, LIST, caption=caption)
    request = await asked(stage)
    assert (request.command, request.arguments) == ("import", arguments)
    assert (request.file, request.file_name, request.file_size) == (LIST, name, len(LIST))
    await stage.api.until(lambda: stage.api.sent_to(7))


async def test_a_file_that_is_no_list_is_left_alone_without_a_command(stage) -> None:
    stage.api.send_file(7, "holiday.pdf", b"%PDF")
    stage.api.say(7, "/help")
    assert (await asked(stage)).command == "help"
    assert len(stage.handler.requests) == 1
    assert stage.api.downloads == []


async def test_other_commands_of_a_caption_take_no_file(stage) -> None:
    stage.api.send_file(7, "feeds.opml", LIST, caption="/help")
    request = await asked(stage)
    assert (request.command, request.file, request.file_name) == ("help", b"", "")


async def test_in_a_group_a_list_must_be_meant_for_the_bot(stage) -> None:
    stage.api.place(GROUP).admins.add(7)
    stage.api.send_file(GROUP, "feeds.opml", LIST)
    stage.api.send_file(GROUP, "feeds.opml", LIST, answers="someone")
    stage.api.send_file(GROUP, "feeds.opml", LIST, caption="/import@other_bot")
    stage.api.send_file(GROUP, "feeds.opml", LIST, answers="bot")
    await asked(stage)
    stage.api.send_file(GROUP, "feeds.opml", LIST, caption="/import")
    await stage.api.until(lambda: len(stage.handler.requests) == 2)
    assert [(one.command, one.file) for one in stage.handler.requests] == [("import", LIST)] * 2


async def test_a_message_with_a_file_can_be_answered_with_the_command(stage) -> None:
    stage.api.place(GROUP).admins.add(7)
    stage.api.answer_file(GROUP, "/import everything", "feeds.opml", LIST)
    request = await asked(stage)
    assert (request.command, request.arguments, request.file) == ("import", "everything", LIST)


async def test_files_of_people_who_may_not_change_the_chat_are_not_fetched(stage) -> None:
    stage.api.place(GROUP)
    stage.api.send_file(GROUP, "feeds.opml", LIST, caption="/import")
    request = await asked(stage)
    assert not request.person.can_manage
    assert request.file == b""
    assert stage.api.downloads == []


async def test_a_file_that_is_too_large_is_told_by_its_size(stage) -> None:
    stage.api.send_file(7, "feeds.opml", LIST, size=MAX_FILE + 1)
    request = await asked(stage)
    assert (request.file, request.file_size) == (b"", MAX_FILE + 1)
    assert stage.api.downloads == []


async def test_a_size_that_was_not_true_is_found_out(stage) -> None:
    stage.api.send_file(7, "feeds.opml", b"x" * (MAX_FILE + 1), size=10)
    request = await asked(stage)
    assert (request.file, request.file_size) == (b"", MAX_FILE + 1)


async def test_a_file_that_can_not_be_had_is_a_request_without_content(stage, caplog) -> None:
    stage.api.broken_files = True
    stage.api.send_file(7, "feeds.opml", LIST)
    request = await asked(stage)
    assert (request.file, request.file_name) == (b"", "feeds.opml")
    assert TOKEN not in caplog.text


async def test_a_file_goes_out_with_its_caption_and_buttons(api, messenger) -> None:
    api.place(7)
    message = Message(
        blocks=(text("Two feeds & more " + "long " * 600),),
        buttons=((Button("Feeds", action="/feeds"),),),
        file=("diting.opml", LIST),
    )
    await messenger.send(telegram(7), message)
    (sent,) = api.sent
    assert sent.file == ("diting.opml", LIST)
    assert sent.text.startswith("Two feeds & more long")
    assert sent.reply_markup["inline_keyboard"][0][0]["callback_data"] == "/feeds"


async def test_an_image_goes_out_as_a_photo_with_its_caption_and_buttons(api, messenger) -> None:
    api.place(GROUP, topics=(5,))
    message = Message(
        blocks=(text("Nine alerts & more " + "long " * 600),),
        buttons=((Button("What rises", action="/trend"),),),
        image=Image("stats.png", b"\x89PNG", "Nine alerts"),
    )
    await messenger.send(telegram(GROUP, "5"), message)
    (sent,) = api.sent
    assert (sent.thread, sent.file) == (5, ("stats.png", b"\x89PNG"))
    assert sent.text.startswith("Nine alerts & more long")
    assert sent.reply_markup["inline_keyboard"][0][0]["callback_data"] == "/trend"


async def test_where_no_photos_may_be_sent_the_words_go_alone(api, messenger) -> None:
    api.place(GROUP)
    refusal = "Bad Request: not enough rights to send photos to the chat"
    api.fail_next("sendPhoto", status=400, description=refusal)
    await messenger.send(telegram(GROUP), Message(blocks=(text("Nine"),), image=Image("a.png", b"\x89PNG")))
    assert [(one.text, one.file) for one in api.sent] == [("Nine", None)]


async def test_a_file_goes_to_its_topic_in_plain_text_where_html_is_not_taken(api, messenger) -> None:
    api.place(GROUP, topics=(5,))
    api.fail_next("sendDocument", status=400, description="Bad Request: can't parse entities")
    await messenger.send(telegram(GROUP, "5"), Message(blocks=(text("x"),), file=("a.opml", LIST)))
    assert [(one.thread, one.file, one.parse_mode) for one in api.sent] == [(5, ("a.opml", LIST), "")]
