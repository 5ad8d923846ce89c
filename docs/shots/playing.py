"""Plays chats for the pictures on the real bot: by the drivers of the tests, with a clock that stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.content import content_message
from bot.model import Chat, ChatSettings, Locale, Mode, Why
from docs.shots import page
from docs.shots.news import ALL, Story
from tests.commands.stage import Stage
from tests.support.driving import Place, Role, Seen
from tests.support.driving_discord import DiscordDriver
from tests.support.driving_telegram import TelegramDriver
from tests.support.newsroom import Newsroom

ZONE = "Asia/Hong_Kong"
BOT = "Diting 諦聽"
_PNG = b"\x89PNG"
_PICTURE = "https://harbourwire.example/harbour.jpg"
_THINKING = 128  # a flag of Discord's messages
_PATIENCE = 20.0  # seconds
_QUIET_NEWS = 9  # items of a feed that nobody asked for


@dataclass
class Telephone:
    """A chat on Telegram that becomes pictures: what was said, step by step. A `group` has a name of its own."""

    stage: Stage
    driver: TelegramDriver
    place: Place
    group: str = ""
    about: str = "bot"
    messages: list[str] = field(default_factory=list)
    cards: dict[str, page.Card] = field(default_factory=dict)

    async def say(self, line: str) -> Seen:
        """Type a line."""
        self.messages.append(page.telegram_typed(page.Typed(line), time=self._time))
        return self._came(await self.driver.say(self.place, line))

    async def answer(self, text: str) -> Seen:
        """Type what the last message asks for."""
        self.messages.append(page.telegram_typed(page.Typed(text), time=self._time))
        return self._came(await self.driver.answer(self.place, text))

    async def press(self, line: str) -> Seen:
        """Press the button that has this line, or one that begins so. Raises StopIteration where there is none."""
        labels = {line: label for label, line in self.driver.last(self.place).lines.items()}
        found = next((one for one in labels if one == line), None) or next(
            one for one in labels if one.startswith(line)
        )
        self.messages.append(page.telegram_typed(page.Typed(labels[found], press=True)))
        return self._came(await self.driver.press(self.place, found))

    async def press_above(self, label: str, line: str) -> Seen:
        """Press a button of an earlier message."""
        self.messages.append(page.telegram_typed(page.Typed(label, press=True)))
        return self._came(await self.driver.press(self.place, line))

    async def post(self, message: Any) -> None:
        """The bot sends something by itself."""
        await self.driver.post(self.place, message)
        self._came(self.driver.last(self.place))

    def screen(self, *, since: int = 0, first: int | None = None) -> page.Screen:
        """What stands in the chat from a message on, or its first ones."""
        return page.Screen(self.group or BOT, tuple(self.messages[since:first]), self.about)

    @property
    def _time(self) -> str:
        return f"{self.stage.clock().astimezone(ZoneInfo(ZONE)):%H:%M}"

    def _came(self, seen: Seen) -> Seen:
        sent = self.driver.sent(self.place)
        image = sent.file[1] if sent.file and sent.file[1].startswith(_PNG) else b""
        self.messages.append(
            page.telegram_message(
                sent.source,
                keyboard=sent.reply_markup,
                preview=sent.preview,
                cards=self.cards,
                image=image,
                who=BOT if self.group else "",
                time=self._time,
            )
        )
        return seen


async def telephone(
    stage: Stage, driver: TelegramDriver, locale: Locale, *, group: str = "", about: str = "bot", known: bool = True
) -> Telephone:
    """A private chat or a group; where it is known already, with its time zone set."""
    place = driver.place(Role.ADMIN if group else Role.PERSON, locale)
    if known:
        await opened(stage, place)
    return Telephone(stage, driver, place, group, about)


async def opened(stage: Stage, place: Place) -> Chat:
    """The chat of a place, in Hong Kong and in its language."""
    chat = await stage.room.chat(place, hint=place.locale)
    await stage.core.storage.chats.save_settings(chat.id, ChatSettings(hint=place.locale, timezone=ZONE))
    return await stage.room.chat(place, hint=place.locale)


async def settled(stage: Stage, place: Place) -> Chat:
    """A chat with feeds and keywords, whose feeds brought the news."""
    room, chat = stage.room, await opened(stage, place)
    watched = {}
    for title in dict.fromkeys(story.feed for story in ALL):
        mode = Mode.EVERYTHING if title == "Market Hours" else Mode.MATCHING
        watched[title] = await room.watch(chat.id, title, mode=mode)
    for title, feed in reversed(watched.items()):  # the newest comes last
        news = (item_of(room, one) for one in ALL if one.feed == title)
        await room.read(feed, *news, backlog=True, ago=timedelta(minutes=3))
    for query in dict.fromkeys(story.keyword for story in ALL):
        await room.keyword(chat.id, query)
    return chat


def item_of(room: Newsroom, story: Story) -> Any:
    """A story as a feed brings it."""
    item = room.item(story.title, story.text, language=story.language, age=story.age, site=story.site)
    return replace(item, picture=_PICTURE)


async def alerted(room: Newsroom, chat: Chat, stories: Sequence[Story], *, ago: timedelta) -> list[Any]:
    """The chat is owed alerts of these stories, which are sent at once; answers them as they were due."""
    made = []
    watched = {each.feed.title: each.feed.id for each in await room.storage.subscriptions.subscriptions(chat.id)}
    for story in stories:
        feed = watched.get(story.feed) or await room.watch(chat.id, story.feed)
        watched[story.feed] = feed
        await room.read(feed, item_of(room, story), ago=ago)
        why = (Why(keyword=story.keyword, matched=story.matched),)
        await room.alert(chat.id, feed, why=why, brief=story.brief, ago=ago)
        [due] = [one for one in await room.due(chat.address.platform, ago=ago) if one.chat.id == chat.id]
        await room.sent(due, f"sent-{due.id}", ago=ago)
        made.append(due)
    return made


async def alert_of(stage: Stage, place: Place, story: Story) -> tuple[Any, Any]:
    """A story's alert as it is due, and as its message."""
    chat = await opened(stage, place)
    await stage.room.keyword(chat.id, story.keyword)
    [due] = await alerted(stage.room, chat, [story], ago=story.age - timedelta(seconds=40))
    return due, content_message(due.content, due.chat, now=stage.clock(), wording=stage.core.wording)


async def bring(stage: Stage, place: Place, stories: Sequence[Story]) -> dict[str, str]:
    """The chat's feeds are read for the first time, and have the day's news; answers whose place ours took."""
    room, chat, names = stage.room, await stage.room.chat(place), {}
    for number, one in enumerate(await stage.core.storage.subscriptions.subscriptions(chat.id)):
        if number >= len(stories):
            await room.read(one.feed.id)
            continue
        story = stories[number]
        names[one.feed.title] = story.feed
        others = [room.item(f"Report {each}", site=story.site) for each in range(_QUIET_NEWS)]
        await room.read(one.feed.id, item_of(room, story))
        await room.alert(chat.id, one.feed.id, brief=story.brief, wanted=False)
        await room.read(one.feed.id, *others, backlog=True)
    return names


async def shown(driver: DiscordDriver, place: Place) -> dict[str, Any]:
    """The message that came last, as Discord has it: what takes a while is announced, and comes as an edit."""
    channel, number = place.handles.channel.id, driver.shown(place).id
    async with asyncio.timeout(_PATIENCE):
        while (message := driver.env.backend.get_message(channel, number)).flags & _THINKING:
            await asyncio.sleep(0)
            await driver.env.settle()
    return {
        "content": message.content,
        "embeds": message.embeds,
        "components": message.components,
        "flags": message.flags,
    }
