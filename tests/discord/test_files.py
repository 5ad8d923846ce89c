"""Files on Discord: the attachment of a command, and the file of an answer."""

from dataclasses import replace

import discord
import pytest

from bot.chat.blocks import title
from bot.chat.discord.files import with_attachment
from bot.chat.files import MAX_FILE
from bot.model import ChatAddress, Image, Message, Platform
from tests.support.discord_messages import says
from tests.support.fakes import request

LIST = b"<opml><body/></opml>"


def upload(content: bytes = LIST) -> tuple[str, bytes]:
    return "feeds.opml", content


async def test_the_file_of_a_command_comes_with_the_request(handler, channel, admin):
    await admin.slash(channel, "import", file=upload(), everything=True)
    (asked,) = handler.requests
    assert (asked.command, asked.arguments) == ("import", "everything")
    assert (asked.file, asked.file_name, asked.file_size) == (LIST, "feeds.opml", len(LIST))


async def test_a_file_that_is_too_large_is_told_by_its_size(handler, channel, admin):
    await admin.slash(channel, "import", file=upload(b"x" * (MAX_FILE + 1)))
    (asked,) = handler.requests
    assert (asked.file, asked.file_size) == (b"", MAX_FILE + 1)


async def test_the_file_of_a_person_who_may_not_change_the_chat_is_not_fetched(handler, channel, guest):
    await guest.slash(channel, "import", file=upload())
    (asked,) = handler.requests
    assert (asked.file, asked.file_name) == (b"", "feeds.opml")


async def test_the_option_of_the_command_takes_a_file(env):
    (registered,) = [sent for sent in env.http_requests if sent.method == "PUT"]
    (command,) = [command for command in registered.json if command["name"] == "import"]
    assert [(option["name"], option["type"], option["required"]) for option in command["options"]] == [
        ("file", 11, True),
        ("everything", 5, False),
        ("settings", 5, False),
    ]


class Attachment:
    filename, size = "feeds.opml", 10

    def __init__(self, error):
        self.error = error

    async def read(self):
        raise self.error


@pytest.mark.parametrize("error", [TimeoutError(), OSError("network"), discord.NotFound])
async def test_a_file_that_can_not_be_had_is_a_request_without_content(error):
    class Response:
        status, reason = 404, "Not Found"

    failing = error(Response(), "gone") if error is discord.NotFound else error
    asked = await with_attachment(request("/import"), Attachment(failing), wanted=True)
    assert (asked.file, asked.file_name) == (b"", "feeds.opml")


async def test_an_answer_shows_its_image_with_its_words(handler, channel, admin):
    shown = Message(blocks=(title("Nine alerts"),), image=Image("stats.png", b"\x89PNG", "Nine alerts"))
    handler.answers["stats"] = shown
    result = await admin.slash(channel, "stats")
    (attachment,) = result.response.attachments
    assert (attachment.filename, await attachment.read()) == ("stats.png", b"\x89PNG")
    assert result.response.embeds[0].image.url


async def test_an_answer_brings_its_file(handler, channel, admin):
    handler.answers["export"] = replace(says("Here."), file=("diting.opml", LIST))
    result = await admin.slash(channel, "export")
    (attachment,) = result.response.attachments
    assert (attachment.filename, await attachment.read()) == ("diting.opml", LIST)


async def test_a_message_brings_its_file(messenger, channel, env):
    message = replace(says("Here."), file=("diting.opml", LIST))
    await messenger.send(ChatAddress(Platform.DISCORD, str(channel.id)), message, key="1")
    assert [attachment.filename for attachment in channel.last_message.attachments] == ["diting.opml"]
