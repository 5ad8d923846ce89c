"""Rights through the real adapters: a private bot, a channel managed from a private chat, a broadcast."""

from __future__ import annotations

import pytest

from bot.model import ChatAddress, Platform
from tests.support.sides import open_sides

OWNER, PERSON, STRANGER, GROUP, CHANNEL = 1, 7, 8, -100, -1000000000500


@pytest.fixture
def settings(make_settings, api):
    return make_settings(
        telegram_token=api.token,
        telegram_api_url=api.url,
        owners=f"telegram:{OWNER}",
        access="invite",
        invite_code="open-sesame",
    )


@pytest.fixture
async def bot(settings, run_core, run_program):
    async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
        yield core


async def ask(api, chat: int, line: str, **more) -> str:
    before = len(api.sent_to(chat))
    api.say(chat, line, **more)
    await api.until(lambda: len(api.sent_to(chat)) > before)
    return api.sent_to(chat)[-1]


async def press(api, chat: int, label: str, **more) -> str:
    """Press a button of the newest message that has one of that label, and wait for the answer."""
    buttons = [
        button
        for sent in api.sent
        if sent.chat_id == chat and sent.reply_markup
        for row in sent.reply_markup["inline_keyboard"]
        for button in row
    ]
    (*_, pressed) = [button for button in buttons if button["text"].startswith(label)]
    before = len(api.sent_to(chat))
    api.press(chat, pressed["callback_data"], **more)
    await api.until(lambda: len(api.sent_to(chat)) > before)
    return api.sent_to(chat)[-1]


async def test_a_private_bot_serves_whom_it_invited_and_their_groups(api, feed, bot):
    assert "does not know this chat" in await ask(api, PERSON, f"/subscribe {feed.url}")
    assert "not the code" in await ask(api, PERSON, "/start nonsense")
    assert "I listen to the news" in await ask(api, PERSON, "/start open-sesame")
    assert "Wire" in await ask(api, PERSON, f"/subscribe {feed.url}")
    api.place(GROUP).admins.add(PERSON)
    assert "does not know this chat" in await ask(api, GROUP, "/feeds", user=STRANGER)
    assert "No feed is watched here yet" in await ask(api, GROUP, "/feeds", user=PERSON)


async def test_a_channel_is_managed_from_the_private_chat_of_its_admin_alone_and_gets_the_alerts(api, feed, bot):
    channel = api.place(CHANNEL, "channel", title="News")
    channel.username, channel.admins = "daily_news", {PERSON}
    for person in (PERSON, STRANGER):
        await ask(api, person, "/start open-sesame", user=person)
    refused = await ask(api, STRANGER, "/manage @daily_news", user=STRANGER)
    assert "You may not change that place" in refused
    assert "📢 News" in await ask(api, PERSON, "/manage @daily_news")
    assert "📢 News" in await ask(api, PERSON, f"/subscribe {feed.url}")
    await ask(api, PERSON, "/keyword add talks")
    polls = feed.not_modified
    await api.until(lambda: feed.not_modified > polls)
    feed.add("talks", "Envoys meet for talks", "The third round of talks begins.")
    await api.until(lambda: any("Envoys meet" in text for text in api.sent_to(CHANNEL)))
    assert not any("Envoys meet" in text for text in api.sent_to(PERSON))
    assert "about this chat again" in await press(api, PERSON, "◀ Back")
    assert "No feed is watched here yet" in await ask(api, PERSON, "/feeds")


async def test_members_of_a_group_change_things_once_its_admins_say_so(api, bot):
    api.place(GROUP).admins.add(PERSON)
    await ask(api, PERSON, "/start open-sesame")
    assert "everyone" in await ask(api, GROUP, "/settings managers everyone", user=PERSON)
    assert "added" in await ask(api, GROUP, "/keyword add talks", user=STRANGER)
    assert "Only admins choose" in await ask(api, GROUP, "/settings managers admins", user=STRANGER)


async def test_an_owner_speaks_to_all_chats_and_nobody_else_does(api, bot):
    await ask(api, PERSON, "/start open-sesame")
    assert "There is no command" in await ask(api, PERSON, "/admin broadcast Hello")
    assert "Back at noon." in await ask(api, OWNER, "/admin broadcast Back at noon.\nSorry!", user=OWNER)
    await press(api, OWNER, "Send to 2 chats", user=OWNER)
    await api.until(lambda: any("Back at noon.\nSorry!" in text for text in api.sent_to(PERSON)))
    said = [text for text in api.sent_to(PERSON) if "Back at noon." in text]
    assert len(said) == 1
    assert said[0].startswith("📣 From whoever runs this bot")
    await api.until(lambda: len([text for text in api.sent_to(OWNER) if "Sorry!" in text]) == 2)
    address = ChatAddress(Platform.TELEGRAM, str(PERSON))
    assert "Serve a chat" not in said[0]
    assert (await bot.storage.chats.find_chat(address)).admitted
