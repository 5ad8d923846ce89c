"""The scenes of the pictures; one whose button is gone fails, and then the walk-through is out of date, too."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from bot.chat.content import content_message
from bot.model import Digest, Hold, Locale
from docs.shots import page
from docs.shots.news import ALL, CHINESE, ENVOYS, TALKS, Story
from docs.shots.playing import (
    Telephone,
    alert_of,
    alerted,
    bring,
    opened,
    settled,
    shown,
    telephone,
)
from tests.commands.stage import Stage
from tests.support.driving import Role
from tests.support.driving_discord import DiscordDriver
from tests.support.driving_telegram import TelegramDriver

_TO_MORNING = timedelta(hours=12)  # from 20:00 in Hong Kong to 08:00
_TOKEN = re.compile(r"(kw_|/copy )[\w-]{16}")
_DAYS = 29
Screens = Sequence[page.Screen]


# --- the first minute -------------------------------------------------------------------------------------


async def first_minute(stage: Stage, driver: TelegramDriver) -> Screens:
    """From `/start` to the first keyword."""
    return await _first_minute(stage, driver, Locale.EN, ALL)


async def first_minute_zh(stage: Stage, driver: TelegramDriver) -> Screens:
    """The same in 繁體中文."""
    return await _first_minute(stage, driver, Locale.ZH_HANT, CHINESE)


async def _first_minute(stage: Stage, driver: TelegramDriver, locale: Locale, stories: Sequence[Story]) -> Screens:
    phone = await telephone(stage, driver, locale, known=False)
    await phone.say("/start")
    ends = [0, len(phone.messages)]
    await phone.press("/subscribe world all")
    names = await bring(stage, phone.place, stories)
    ends.append(len(phone.messages))
    await phone.press("/start words")
    await phone.press("/keyword add")
    ends.append(len(phone.messages))
    await phone.answer(stories[0].keyword)
    ends.append(len(phone.messages))
    for real, ours in names.items():  # no real feed has told this
        phone.messages = [one.replace(real, ours) for one in phone.messages]
    return [phone.screen(since=begin, first=end) for begin, end in pairwise(ends)]


async def discord_first(_: Stage, driver: DiscordDriver) -> Screens:
    """Two commands on Discord."""
    place = driver.place(Role.ADMIN, Locale.EN)
    messages = []
    for line in ("/subscribe bbc-world", "/keyword add trilateral talks"):
        await driver.say(place, line)
        messages.append(page.discord_message(await shown(driver, place), asked=line))
    return [page.Screen("world-news", tuple(messages), "News for everybody")]


# --- alerts -----------------------------------------------------------------------------------------------


async def _alert(stage: Stage, phone: Telephone, story: Story) -> Any:
    due, message = await alert_of(stage, phone.place, story)
    phone.cards[due.content.item.item.url] = story.card
    await phone.post(message)
    return due.content.item.id


async def telegram_alert(stage: Stage, driver: TelegramDriver) -> Screens:
    """An alert, why it came, and less of it."""
    phone = await telephone(stage, driver, Locale.EN)
    item = await _alert(stage, phone, TALKS)
    await phone.press(f"/why #{item}")
    await phone.press_above("Less of this", f"/less #{item}")
    return [phone.screen(first=1), phone.screen(since=1)]


async def one_alert(stage: Stage, driver: TelegramDriver) -> Screens:
    """An alert alone."""
    phone = await telephone(stage, driver, Locale.EN)
    await _alert(stage, phone, TALKS)
    return [phone.screen()]


async def group_alert(stage: Stage, driver: TelegramDriver) -> Screens:
    """An alert in a group in Hong Kong, and why it came."""
    phone = await telephone(stage, driver, Locale.ZH_HANT, group="國際新聞組", about="128 位成員")
    item = await _alert(stage, phone, ENVOYS)
    await phone.press(f"/why #{item}")
    return [phone.screen(first=1), phone.screen(since=1)]


async def discord_alert(stage: Stage, driver: DiscordDriver) -> Screens:
    """An alert in a server's channel, and why it came."""
    place = driver.place(Role.ADMIN, Locale.EN)
    due, message = await alert_of(stage, place, TALKS)
    await driver.post(place, message)
    alert = page.discord_message(await shown(driver, place))
    await driver.press(place, f"/why #{due.content.item.id}")
    why = page.discord_message(await shown(driver, place))
    return [page.Screen("world-news", (alert, why), "trilateral talks · ferry")]


async def one_discord_alert(stage: Stage, driver: DiscordDriver) -> Screens:
    """An alert alone, on Discord."""
    place = driver.place(Role.ADMIN, Locale.EN)
    _, message = await alert_of(stage, place, TALKS)
    await driver.post(place, message)
    return [page.Screen("world-news", (page.discord_message(await shown(driver, place)),), "trilateral talks · ferry")]


# --- digests and settings ---------------------------------------------------------------------------------


async def digest(stage: Stage, driver: TelegramDriver) -> Screens:
    """What waited for the morning, in one message."""
    return await _digest(stage, await telephone(stage, driver, Locale.EN), ALL)


async def digest_zh(stage: Stage, driver: TelegramDriver) -> Screens:
    """The same in 繁體中文."""
    return await _digest(stage, await telephone(stage, driver, Locale.ZH_HANT), CHINESE)


async def _digest(stage: Stage, phone: Telephone, stories: Sequence[Story]) -> Screens:
    stage.clock.now += _TO_MORNING
    chat = await opened(stage, phone.place)
    due = await alerted(stage.room, chat, stories, ago=timedelta(minutes=3))
    alerts = tuple(one.content for one in due)
    told = Digest(delivery=due[0].id, alerts=alerts, held_by=Hold.DIGEST, due_at=stage.clock())
    await phone.post(content_message(told, chat, now=stage.clock(), wording=stage.core.wording))
    return [phone.screen()]


async def settings(stage: Stage, driver: TelegramDriver) -> Screens:
    """The settings, and one of them."""
    phone = await telephone(stage, driver, Locale.EN)
    await settled(stage, phone.place)
    await phone.say("/settings")
    begin = len(phone.messages)
    await phone.press("/settings schedule")
    return [phone.screen(first=begin), phone.screen(since=begin)]


# --- keywords, feeds, and looking back --------------------------------------------------------------------


async def keywords(stage: Stage, driver: TelegramDriver) -> Screens:
    """The list of keywords, and the card of one."""
    return await _list_and_card(stage, await telephone(stage, driver, Locale.EN), "/keyword list", "/keyword show")


async def keywords_zh(stage: Stage, driver: TelegramDriver) -> Screens:
    """The same in 繁體中文."""
    return await _list_and_card(stage, await telephone(stage, driver, Locale.ZH_HANT), "/keyword list", "/keyword show")


async def feeds(stage: Stage, driver: TelegramDriver) -> Screens:
    """The feeds, and the card of one."""
    return await _list_and_card(stage, await telephone(stage, driver, Locale.EN), "/feeds", "/feed show")


async def _list_and_card(stage: Stage, phone: Telephone, line: str, card: str) -> Screens:
    chat = await settled(stage, phone.place)
    await alerted(stage.room, chat, ALL, ago=timedelta(minutes=2))
    await phone.say(line)
    begin = len(phone.messages)
    await phone.press(card)
    return [phone.screen(first=begin), phone.screen(since=begin)]


async def chart(stage: Stage, driver: TelegramDriver) -> Screens:
    """The chart of `/stats`."""
    phone = await telephone(stage, driver, Locale.EN)
    chat = await settled(stage, phone.place)
    for day in reversed(range(_DAYS)):
        for number in range((day * 5) % 3 + (day % 7 > 3)):
            story = ALL[(day * 2 + number * 3) % len(ALL)]
            await alerted(stage.room, chat, [story], ago=timedelta(days=day, hours=(day * 7 + number * 5) % 13))
    await phone.say("/stats")
    return [phone.screen()]


async def search(stage: Stage, driver: TelegramDriver) -> Screens:
    """What the feeds brought about some words."""
    phone = await telephone(stage, driver, Locale.EN)
    await settled(stage, phone.place)
    await phone.say("/search talks OR prisoners OR rate")
    return [phone.screen()]


async def share(stage: Stage, driver: TelegramDriver) -> Screens:
    """A link to what a chat listens for. Its code is by chance, so the picture has one of its own."""
    phone = await telephone(stage, driver, Locale.EN)
    await settled(stage, phone.place)
    await phone.say("/share")
    screen = phone.screen()
    named = (one.replace("diting_test_bot", "your_news_bot") for one in screen.messages)
    return [replace(screen, messages=tuple(_TOKEN.sub(r"\1Xw3rT0bQ7nZk5LdM", one) for one in named))]


Scene = Callable[[Stage, Any], Any]
TELEGRAM: dict[str, Scene] = {
    "first-minute": first_minute,
    "alert-telegram": telegram_alert,
    "digest": digest,
    "settings": settings,
    "keywords": keywords,
    "feeds": feeds,
    "chart": chart,
    "search": search,
    "share": share,
    "first-minute-zh": first_minute_zh,
    "alert-zh": group_alert,
    "digest-zh": digest_zh,
    "keywords-zh": keywords_zh,
}
DISCORD: dict[str, Scene] = {"alert-discord": discord_alert, "two-commands-discord": discord_first}
BOTH: dict[str, tuple[Scene, Scene]] = {"alert": (one_alert, one_discord_alert)}
"""A telephone beside a channel."""
NAMES = (*TELEGRAM, *DISCORD, *BOTH)
