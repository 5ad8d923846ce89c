"""From nothing to the first alert: in at most four taps or two commands, on Telegram and on Discord, by the real
adapters."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.app import commands
from bot.model import CatalogueEntry
from tests.support.offline_discord import OfflineSide, discord_bot
from tests.support.sides import open_sides

PERSON, GROUP = 7, -100
TALKS = "Envoys of three countries met in Abu Dhabi for two hours. The third round begins on 1 March."


@pytest.fixture
async def feed(feed):
    feed.published = datetime.now(UTC) - timedelta(hours=2)
    feed.add("first", "Talks in Abu Dhabi begin", TALKS)
    feed.add("second", "Abu Dhabi hosts a second day of talks", TALKS)
    return feed


@pytest.fixture(autouse=True)
def catalogue(monkeypatch, feed):
    """A catalogue of one topic with the one feed there is."""
    entry = CatalogueEntry(name="wire", title="Wire", url=feed.url, language="en", topic="world")
    monkeypatch.setattr(commands, "load_catalogue", lambda: (entry,))


# --- Telegram ---------------------------------------------------------------------------------------------


class Phone:
    """A person on Telegram who taps what they see."""

    def __init__(self, api, chat: int) -> None:
        self.api, self.chat, self.taps = api, chat, 0

    @property
    def shown(self):
        return [one for one in self.api.sent if one.chat_id == self.chat]

    def buttons(self) -> dict[str, tuple[str, object]]:
        """What can be tapped in the newest message, by label."""
        message = self.shown[-1]
        rows = (message.reply_markup or {}).get("inline_keyboard", [])
        return {button["text"]: (button.get("callback_data", ""), message) for row in rows for button in row}

    async def say(self, line: str, **more) -> None:
        before = len(self.shown)
        self.api.say(self.chat, line, **more)
        await self.api.until(lambda: len(self.shown) > before)

    async def tap(self, label: str, **more) -> None:
        data, message = next(found for name, found in self.buttons().items() if label in name)
        before = (len(self.shown), message.text)
        self.taps += 1
        self.api.press(self.chat, data, under=message, **more)
        await self.api.until(lambda: (len(self.shown), message.text) != before)


@pytest.fixture
async def phone(settings, api, run_core, run_program):
    async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
        yield Phone(api, PERSON)


async def test_on_telegram_three_taps_after_start_lead_to_alerts(phone, feed):
    await phone.say("/start")
    await phone.tap("World · 1")
    await phone.api.until(lambda: feed.polls > 1)
    await phone.tap("Next")
    assert len(phone.shown) == 1  # all of it in one message
    await phone.tap("Abu Dhabi")
    assert phone.taps <= 4
    said = phone.shown[-1].text
    assert "In the last 24 hours 2 alerts would have come:" in said
    assert "Talks in Abu Dhabi begin" in said
    assert "Wire · 2 hours ago" in said
    feed.add("third", "Abu Dhabi talks end", "All went home from Abu Dhabi.")
    await phone.api.until(lambda: any("Abu Dhabi talks end" in one.text for one in phone.shown))


@pytest.mark.parametrize(
    ("language", "topic", "onward"), [("zh-hant", "國際 · 1", "下一步"), ("zh-hans", "国际 · 1", "下一步")]
)
async def test_the_same_in_chinese_and_with_words_that_are_typed(phone, feed, language, topic, onward):
    await phone.say("/start", language=language)
    await phone.tap(topic, language=language)
    await phone.api.until(lambda: feed.polls > 1)
    await phone.tap(onward, language=language)
    await phone.tap("✏️", language=language)
    question = phone.shown[-1]
    assert question.reply_markup["force_reply"]
    phone.api.answer(question, '阿布扎比\n"Abu Dhabi"', language=language)
    await phone.api.until(lambda: len(phone.shown) == 3)
    assert phone.taps == 3
    assert "24 " in phone.shown[-1].text
    assert "Talks in Abu Dhabi begin" in phone.shown[-1].text


async def test_two_commands_do_as_well(phone, feed):
    await phone.say("/subscribe world all")
    await phone.say("/add Abu Dhabi")
    assert "would have come:" in phone.shown[-1].text  # what was read in those seconds
    feed.add("third", "Abu Dhabi talks end", "All went home from Abu Dhabi.")
    await phone.api.until(lambda: any("Abu Dhabi talks end" in one.text for one in phone.shown))


async def test_in_a_group_the_greeting_begins_it_and_only_admins_go_on(phone, api):
    group = Phone(api, GROUP)
    api.place(GROUP).admins.add(8)
    api.membership(GROUP, "left", "member", user=8)
    await api.until(lambda: group.shown)
    assert "Person 8" in group.shown[-1].text
    await group.tap("Begin", user=8)
    assert len(group.shown) == 1
    api.press(GROUP, group.buttons()["World · 1"][0], user=9, under=group.shown[-1])
    await api.until(lambda: any("text" in call for call in api.called("answerCallbackQuery")))
    await group.tap("World · 1", user=8)
    assert "✓ World · 1" in group.buttons()


async def test_a_link_brings_what_another_chat_has(phone, api):
    await phone.say("/subscribe world all")
    await phone.say("/add Abu Dhabi\nTehran")
    await phone.say("/share")
    (link, *_) = phone.shown[-1].entity_texts("text_link") or phone.shown[-1].entity_texts("url") or [""]
    link = link or next(one["url"] for one in phone.shown[-1].entities if "url" in one)
    assert link.startswith("https://t.me/diting_test_bot?start=kw_")
    friend = Phone(api, 11)
    await friend.say(f"/start {link.partition('=')[2]}", user=11)
    assert "2 keywords · 1 feed" in friend.shown[-1].text
    await friend.tap("Take them", user=11)
    assert "2 keywords added" in friend.shown[-1].text
    await friend.tap("Undo", user=11)
    assert "2 keywords are gone again." in friend.shown[-1].text


# --- Discord ----------------------------------------------------------------------------------------------


@pytest.fixture
async def core(make_settings, run_core):
    async with run_core(make_settings()) as core:
        yield core


@pytest.fixture
def bot(core):
    return discord_bot(core)


@pytest.fixture
def simcord_bot(bot):
    return bot.client


@pytest.fixture
def channel(simcord_env):
    return simcord_env.create_guild("News desk").create_text_channel("alerts")


@pytest.fixture
def admin(simcord_env, channel):
    role = channel.guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    return channel.guild.add_member(simcord_env.create_user("ada"), roles=[role])


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


def texts(channel) -> str:
    return "\n".join(
        f"{message.content} {[embed.to_dict() for embed in message.embeds]}" for message in channel.history()
    )


async def test_on_discord_three_taps_after_start_lead_to_alerts(core, bot, channel, admin, feed, run_program):
    async with run_program(core, [OfflineSide(bot)]):
        page = (await admin.slash(channel, "start")).response
        await admin.click(page, label="World · 1")
        await until(lambda: feed.polls > 1)
        await admin.click(channel.history()[0], label="Next: words")
        assert len(channel.history()) == 1
        await admin.click(channel.history()[0], label="Abu Dhabi")
        assert "In the last 24 hours 2 alerts would have come:" in texts(channel)
        assert "Talks in Abu Dhabi begin" in texts(channel)
        feed.add("third", "Abu Dhabi talks end", "All went home from Abu Dhabi.")
        await until(lambda: "Abu Dhabi talks end" in texts(channel))


async def test_on_discord_words_are_typed_into_a_field_by_the_line(core, bot, channel, admin, feed, run_program):
    async with run_program(core, [OfflineSide(bot)]):
        await admin.slash(channel, "subscribe", address="world all")
        await until(lambda: feed.polls > 1)
        page = (await admin.slash(channel, "start", code="words")).response
        field = await admin.click(page, label="✏️ Type words")
        await admin.submit_modal(field, {"typed": "Abu Dhabi\nTehran"})
        assert "2 keywords added" in texts(channel)
