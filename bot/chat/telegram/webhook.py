"""Receives updates by webhook, behind a proxy that speaks https: https://core.telegram.org/bots/api#setwebhook."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from telegram.ext import Updater

from bot.chat.telegram.connection import Client
from bot.chat.telegram.polling import patiently
from bot.errors import SettingsError


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
    """Put what Telegram calls us with into the queue, until cancelled.

    Raises DeliveryError for an address that Telegram refuses, SettingsError when the port can't be had.
    """
    _check_address(webhook.host, webhook.port)
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


def _check_address(host: str, port: int) -> None:
    """Try it first: the library's server ends without closing what it could not bind. Raises SettingsError."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        raise SettingsError(
            f"TELEGRAM_WEBHOOK_LISTEN: can't listen on {host}:{port} ({error.strerror}); choose an address of this"
            " machine and a port that is free"
        ) from error
