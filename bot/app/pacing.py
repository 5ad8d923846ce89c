"""The pace of each platform: its limits by the settings, and how long one answer is waited for before the next send."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta

from bot.chat.estimate import Rate
from bot.model import Platform
from bot.settings import Settings
from bot.work.loop import Clock
from bot.work.pace import SECOND, Limits, Pacer
from bot.work.window import MARGIN

# Discord drops a repeated nonce by itself, so sends may overlap freely.
PATIENCE: Mapping[Platform, timedelta] = {
    Platform.TELEGRAM: timedelta(seconds=0.5),
    Platform.DISCORD: timedelta(),
    Platform.CONSOLE: timedelta(seconds=1),
    Platform.TARGET: timedelta(),  # each is a server of its own, and none waits for another
}


def limits_for(settings: Settings, platform: Platform) -> Limits:
    """A platform's documented limits, or what the settings say instead."""
    if platform is Platform.TELEGRAM:
        return Limits(
            per_second=settings.telegram_per_second,
            chat_per_second=settings.telegram_chat_per_second,
            group_per_minute=settings.telegram_group_per_minute,
        )
    if platform is Platform.DISCORD:
        # The five messages in five seconds of one channel are kept by discord.py, as Discord's answers say: it holds
        # back the fifth's answer, which came long ago, for up to five seconds.
        return Limits(per_second=settings.discord_per_second, late=timedelta(seconds=0.5))
    if platform is Platform.TARGET:
        # 20 a minute is the most that the robots of DingTalk and WeCom take: more have them deaf for ten minutes.
        return Limits(per_second=20, chat_per_second=1, group_per_minute=20)
    return Limits(per_second=1000)


def rates_for(settings: Settings) -> dict[Platform, Rate]:
    """How fast each platform is sent to, for what people are told of waits."""
    rates = {}
    for platform in (Platform.TELEGRAM, Platform.DISCORD, Platform.TARGET):
        limits = limits_for(settings, platform)
        group = limits.group_per_minute / 60 if limits.group_per_minute else None
        chat = 1.0 if platform is Platform.DISCORD else limits.chat_per_second
        rates[platform] = Rate(overall=limits.per_second, chat=chat, group=group)
    return rates


def pacers_for(settings: Settings, clock: Clock) -> dict[Platform, Pacer]:
    """A pacer for each platform, shared by all that send there.

    Another process can have sent with the same tokens until this one came: it has been here for at least the time that
    it has computed.
    """
    here = min(timedelta(seconds=time.process_time()), SECOND * MARGIN)
    return {
        platform: Pacer(
            limits_for(settings, platform), alone_since=None if platform is Platform.CONSOLE else clock() - here
        )
        for platform in Platform
    }
