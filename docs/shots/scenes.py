"""The scenes of the pictures, played on the real bot by the drivers of the tests, with a clock that stands still.

A scene presses the first of its buttons that is there: so it goes on where buttons have come, or moved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any

from bot import model
from bot.chat.commands.dispatch import HANDLERS
from bot.chat.content import content_message
from bot.model import Chat, ChatSettings, Digest, Locale, Mode, Why
from docs.shots import page
from docs.shots.news import ALL, Story
from tests.commands.stage import Stage
from tests.support.driving import Place, Role, Seen
from tests.support.driving_discord import DiscordDriver
from tests.support.driving_telegram import TelegramDriver
from tests.support.newsroom import Newsroom

ZONE = "Asia/Hong_Kong"
_PNG = b"\x89PNG"


@dataclass
class Telephone:
    """A chat on Telegram that becomes pictures: what was said, step by step."""

    stage: Stage
    driver: TelegramDriver
    place: Place
    messages: list[str] = field(default_factory=list)
    cards: dict[str, page.Card] = field(default_factory=dict)

    async def say(self, line: str) -> Seen:
        """Type a line."""
        self.messages.append(page.telegram_typed(page.Typed(line)))
        return self._came(await self.driver.say(self.place, line))

    async def press(self, *lines: str) -> Seen:
        """Press the first of these buttons that is there; type the last line where none is."""
        labels = {line: label for label, line in self.driver.last(self.place).lines.items()}
        line = next((one for one in lines if one in labels), None)
        if line is None:
            return await self.say(lines[-1])
        self.messages.append(page.telegram_typed(page.Typed(labels[line], press=True)))
        return self._came(await self.driver.press(self.place, line))

    async def post(self, message: Any) -> None:
        """The bot sends something by itself."""
        await self.driver.post(self.place, message)
        self._came(self.driver.last(self.place))

    def screen(self, *, since: int = 0, first: int | None = None) -> page.Screen:
        """What stands in the chat from a message on, or its first ones."""
        return page.Screen("Diting 諦聽", tuple(self.messages[since:first]), "bot")

    def _came(self, seen: Seen) -> Seen:
        sent = self.driver.sent(self.place)
        image = sent.file[1] if sent.file and sent.file[1].startswith(_PNG) else b""
        self.messages.append(
            page.telegram_message(
                sent.source, keyboard=sent.reply_markup, preview=sent.preview, cards=self.cards, image=image
            )
        )
        return seen


async def telephone(stage: Stage, driver: TelegramDriver, locale: Locale, *, known: bool = True) -> Telephone:
    """A private chat, where it is known already with its time zone set."""
    place = driver.place(Role.PERSON, locale)
    phone = Telephone(stage, driver, place)
    if known:
        chat = await stage.room.chat(place, hint=locale)
        await stage.core.storage.chats.save_settings(chat.id, ChatSettings(hint=locale, timezone=ZONE))
    return phone


async def settled(stage: Stage, place: Place) -> Chat:
    """A chat with feeds and keywords, whose feeds brought the news."""
    room = stage.room
    chat = await room.chat(place, hint=place.locale)
    await stage.core.storage.chats.save_settings(chat.id, ChatSettings(hint=place.locale, timezone=ZONE))
    for title in dict.fromkeys(story.feed for story in ALL):
        mode = Mode.EVERYTHING if title == "Market Hours" else Mode.MATCHING
        feed = await room.watch(chat.id, title, mode=mode)
        news = [
            room.item(one.title, one.text, language=one.language, age=one.age, site=one.site)
            for one in ALL
            if one.feed == title
        ]
        await room.read(feed, *news, backlog=True, ago=timedelta(minutes=3))
    for query in dict.fromkeys(story.keyword for story in ALL):
        await room.keyword(chat.id, query)
    return await room.chat(place, hint=place.locale)


async def alerted(room: Newsroom, chat: Chat, stories: Sequence[Story], *, ago: timedelta) -> list[Any]:
    """The chat is owed alerts of these stories, which are sent at once; answers them as they were due."""
    made = []
    for story in stories:
        feed = await room.watch(chat.id, story.feed)
        item = room.item(story.title, story.text, language=story.language, age=story.age, site=story.site)
        await room.read(feed, item, ago=ago)
        why = (Why(keyword=story.keyword, matched=story.matched),)
        await room.alert(chat.id, feed, why=why, brief=story.brief, ago=ago)
        [due] = [one for one in await room.due(chat.address.platform, ago=ago) if one.chat.id == chat.id]
        await room.sent(due, f"sent-{due.id}", ago=ago)
        made.append(due)
    return made


async def alert_of(stage: Stage, place: Place, story: Story) -> tuple[Chat, Any]:
    """A story's alert, as it goes to a chat."""
    chat = await stage.room.chat(place, hint=place.locale)
    await stage.core.storage.chats.save_settings(chat.id, ChatSettings(hint=place.locale, timezone=ZONE))
    await stage.room.keyword(chat.id, story.keyword)
    [due] = await alerted(stage.room, chat, [story], ago=timedelta(minutes=3))
    wording = stage.core.wording
    return due.chat, (due, content_message(due.content, due.chat, now=stage.clock(), wording=wording))


# --- what the pictures show -------------------------------------------------------------------------------


async def first_minute(stage: Stage, driver: TelegramDriver) -> list[page.Screen]:
    """From `/start` to the first keyword."""
    phone = await telephone(stage, driver, Locale.EN, known=False)
    screens = []
    for step in (
        lambda: phone.say("/start"),
        lambda: phone.press("/subscribe world all", "/subscribe world"),
        lambda: phone.press("/start words", "/subscribe bbc-world"),
        lambda: phone.press("/keyword add Abu Dhabi", "/keyword add trilateral talks"),
    ):
        begin = len(phone.messages)
        if screens:
            await bring(stage, phone.place)
        await step()
        screens.append(phone.screen(since=begin))
    return screens


async def bring(stage: Stage, place: Place) -> None:
    """The chat's feeds are read for the first time, and have the day's news."""
    room = stage.room
    chat = await room.chat(place)
    for number, one in enumerate(await stage.core.storage.subscriptions.subscriptions(chat.id)):
        story = ALL[number] if number < len(ALL) else None
        news = (
            [room.item(story.title, story.text, language=story.language, age=story.age, site=story.site)]
            if story
            else []
        )
        await room.read(one.feed.id, *news)
        if story:
            await room.alert(chat.id, one.feed.id, brief=story.brief, wanted=False)


async def telegram_alert(stage: Stage, driver: TelegramDriver) -> list[page.Screen]:
    """An alert, and why it came."""
    phone = await telephone(stage, driver, Locale.ZH_HANT)
    _, (due, message) = await alert_of(stage, phone.place, ALL[0])
    phone.cards[due.content.item.item.url] = ALL[0].card
    await phone.post(message)
    await phone.press(f"/why #{due.content.item.id}", "/why")
    return [phone.screen(first=1), phone.screen(since=1)]


async def telegram_digest(stage: Stage, driver: TelegramDriver) -> list[page.Screen]:
    """What waited, in one message."""
    phone = await telephone(stage, driver, Locale.EN)
    chat = await stage.room.chat(phone.place, hint=Locale.EN)
    await stage.core.storage.chats.save_settings(chat.id, ChatSettings(hint=Locale.EN, timezone=ZONE))
    due = await alerted(stage.room, await stage.room.chat(phone.place), ALL, ago=timedelta(minutes=30))
    alerts = tuple(one.content for one in due)
    digest = Digest(delivery=due[0].id, alerts=alerts, **_on_time(stage))
    await phone.post(content_message(digest, due[0].chat, now=stage.clock(), wording=stage.core.wording))
    return [phone.screen()]


def _on_time(stage: Stage) -> dict[str, Any]:
    """That it is the digest of the hour, where digests have hours."""
    if "held_by" not in {each.name for each in fields(Digest)}:
        return {}
    return {"held_by": model.Hold.DIGEST, "due_at": stage.clock()}


async def settings(stage: Stage, driver: TelegramDriver) -> list[page.Screen]:
    """The settings, and one of them."""
    phone = await telephone(stage, driver, Locale.EN)
    await settled(stage, phone.place)
    await phone.say("/settings")
    begin = len(phone.messages)
    await phone.press("/settings schedule", "/settings script")
    return [phone.screen(first=begin), phone.screen(since=begin)]


async def keywords(stage: Stage, driver: TelegramDriver) -> list[page.Screen]:
    """The list of keywords, and the card of one."""
    phone = await telephone(stage, driver, Locale.ZH_HANT)
    await settled(stage, phone.place)
    seen = await phone.say("/keyword list")
    begin = len(phone.messages)
    card = next((line for line in seen.lines.values() if line.startswith(("/keyword show", "/keyword card"))), None)
    card = card or next((line for line in seen.lines.values() if _ends_in_number(line)), "/keyword remove")
    await phone.press(card)
    return [phone.screen(first=begin), phone.screen(since=begin)]


def _ends_in_number(line: str) -> bool:
    return line.rpartition(" ")[2].isdecimal() and line.startswith("/keyword") and "list" not in line


async def feeds(stage: Stage, driver: TelegramDriver) -> list[page.Screen]:
    """The feeds, and how they are."""
    phone = await telephone(stage, driver, Locale.EN)
    await settled(stage, phone.place)
    await phone.say("/feeds")
    return [phone.screen()]


async def chart(stage: Stage, driver: TelegramDriver) -> list[page.Screen]:
    """The chart of `/stats`; nothing where there is no such command."""
    if "stats" not in HANDLERS:
        return []
    phone = await telephone(stage, driver, Locale.EN)
    chat = await settled(stage, phone.place)
    for day in range(1, 15):
        stories = [ALL[(day + place) % len(ALL)] for place in range(1 + day % 4)]
        at = timedelta(days=day, hours=day % 7)
        await alerted(stage.room, chat, stories, ago=at)
    await phone.say("/stats")
    return [phone.screen()]


async def discord_alert(stage: Stage, driver: DiscordDriver) -> list[page.Screen]:
    """An alert in a server's channel, and why it came."""
    place = driver.place(Role.ADMIN, Locale.EN)
    _, (due, message) = await alert_of(stage, place, ALL[0])
    await driver.post(place, message)
    alert = page.discord_message(shown(driver, place))
    await driver.press(place, f"/why #{due.content.item.id}")
    why = page.discord_message(shown(driver, place))
    return [page.Screen("world-news", (alert, why), "trilateral talks · ferry")]


async def discord_first(_: Stage, driver: DiscordDriver) -> list[page.Screen]:
    """Two commands on Discord."""
    place = driver.place(Role.ADMIN, Locale.EN)
    messages = []
    for line in ("/subscribe bbc-world", "/keyword add trilateral talks"):
        await driver.say(place, line)
        messages.append(page.discord_message(shown(driver, place), asked=line))
    return [page.Screen("world-news", tuple(messages), "News for everybody")]


def shown(driver: DiscordDriver, place: Place) -> dict[str, Any]:
    """The message that came last, as Discord has it."""
    message = driver.shown(place)
    return {
        "content": message.content,
        "embeds": message.embeds,
        "components": message.components,
        "flags": message.flags,
    }


Scene = Callable[[Stage, Any], Any]
TELEGRAM: dict[str, Scene] = {
    "first-minute": first_minute,
    "alert-telegram": telegram_alert,
    "digest": telegram_digest,
    "settings": settings,
    "keywords": keywords,
    "feeds": feeds,
    "chart": chart,
}
DISCORD: dict[str, Scene] = {"alert-discord": discord_alert, "two-commands-discord": discord_first}
