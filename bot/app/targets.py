"""Places that only receive: read from the settings, seated as chats, and served like a platform."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import aiohttp
import structlog

from bot.app.parts import Core
from bot.chat.targets import Place, TargetMessenger
from bot.chat.targets.webhook import WebhookPlace
from bot.errors import SettingsError
from bot.model import EXPELLED, NO_TARGET, ChatKind, ChatState, Locale, Platform, Target
from bot.settings import Settings

MOST = 10_000
_THREADS = 8

Make = Callable[[Target], Place]


class TargetSide:
    """The side of a platform where nobody says anything."""

    def __init__(self, messenger: TargetMessenger) -> None:
        self.messenger = messenger

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.Event().wait()


def services_of(targets: Iterable[Target], executor: ThreadPoolExecutor | None = None) -> dict[str, Place]:
    """The places of Apprise among the targets, by their names. Raises SettingsError, which names each that it can't
    read."""
    places: dict[str, Place] = {}
    problems: list[str] = []
    for target in targets:
        if target.is_webhook:
            continue
        # Apprise takes memory and time that nobody else is to pay for.
        from bot.chat.targets.services import ServicePlace

        try:
            places[target.name] = ServicePlace(target, executor)
        except ValueError as error:
            problems.append(f"TARGETS: {target.name}: {error}")
    if problems:
        raise SettingsError(*problems)
    return places


async def seat_targets(core: Core) -> None:
    """Make a chat of each target, and mark those gone that are no targets any more. Raises StorageError."""
    log = structlog.get_logger("bot.app")
    storage, targets, now = core.storage, core.settings.places(), core.clock()
    for target in targets:
        chat = await storage.chats.open_chat(
            target.address, kind=ChatKind.CHANNEL, title=target.name, hint=Locale.EN, now=now
        )
        if not chat.admitted and chat.reason != EXPELLED:
            await storage.places.admit(chat.id)
    names = {target.name for target in targets}
    for chat in await storage.places.known(Platform.TARGET, limit=MOST):
        if chat.address.chat not in names:
            await storage.outbox.stop_chat(chat.id, state=ChatState.GONE, reason=NO_TARGET, now=now)
            log.info("target left the settings", chat=chat.id, name=chat.address.chat)
    if targets and not core.settings.owners:
        log.warning("TARGETS is set and OWNERS is not: nobody can choose what comes there")


@asynccontextmanager
async def target_side(core: Core) -> AsyncIterator[TargetSide]:
    """The places, open. Raises SettingsError."""
    settings = core.settings
    targets = settings.places()
    executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="target")
    try:
        # Addresses of the admin's own: private networks are as good as others, and no proxy is asked.
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            yield TargetSide(TargetMessenger(services_of(targets, executor) | _webhooks(settings, core, session)))
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def _webhooks(settings: Settings, core: Core, session: aiohttp.ClientSession) -> dict[str, Place]:
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    return {
        target.name: WebhookPlace(target, session, clock=core.clock, secret=secret)
        for target in settings.places()
        if target.is_webhook
    }
