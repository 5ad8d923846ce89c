"""Receives updates by webhook, behind a proxy that speaks https: https://core.telegram.org/bots/api#setwebhook."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from telegram.ext import Updater

from bot.chat.telegram.connection import Client
from bot.chat.telegram.polling import patiently


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Receive updates by webhook: `url` is the public https address, `host` and `port` where we listen behind it.

    Telegram repeats the `secret` (1–256 of A–Z a–z 0–9 _ -) in each call; calls without it are refused.
    """

    url: str
    host: str = "0.0.0.0"  # noqa: S104 - behind a proxy, chosen by setting the URL
    port: int = 8443
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)


async def listen(
    bot: Client,
    queue: asyncio.Queue[object],
    webhook: Webhook,
    *,
    allowed: Sequence[str],
    first_wait: timedelta,
) -> None:
    """Put what Telegram calls us with into the queue, until cancelled. Raises DeliveryError for a refused address."""
    updater = Updater(bot, queue)
    await updater.initialize()

    async def start() -> None:
        await updater.start_webhook(
            listen=webhook.host,
            port=webhook.port,
            url_path=urlsplit(webhook.url).path,
            webhook_url=webhook.url,
            secret_token=webhook.secret,
            allowed_updates=allowed,
        )

    await patiently(start, first_wait=first_wait)
    try:
        await asyncio.Event().wait()
    finally:
        await updater.stop()
