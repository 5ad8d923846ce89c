"""The platforms, by which tokens are set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

from bot.app.access import owners_on
from bot.app.parts import Core
from bot.app.targets import services_of, target_side
from bot.chat.commands import greeting
from bot.errors import TokenRefused
from bot.lean import absent
from bot.model import Platform
from bot.ports import Messenger
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.chat.telegram import Webhook

LIBRARIES: Final = {Platform.TELEGRAM: "bot.chat.telegram", Platform.DISCORD: "bot.chat.discord.adapter"}


class Side(Protocol):
    """A platform's adapter: what sends, and what runs until cancelled."""

    @property
    def messenger(self) -> Messenger:
        """What sends."""

    async def run(self) -> None:
        """Take what people do, until cancelled. Raises TokenRefused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A platform that one replica at a time serves. `name` is the same for all replicas with the same token, which it
    does not tell; `open` makes the adapter, connected, and raises TokenRefused."""

    name: str
    platform: Platform
    open: Callable[[], AbstractAsyncContextManager[Side]]


def posts_for(core: Core) -> list[Post]:
    """The platforms that have a token, and the targets. Their libraries are loaded: who takes over has no second to
    lose. Raises SettingsError for targets that can't be read."""
    makers = {Platform.TELEGRAM: telegram, Platform.DISCORD: discord}
    tokens = {Platform.TELEGRAM: core.settings.telegram_token, Platform.DISCORD: core.settings.discord_token}
    for platform in (platform for platform, token in tokens.items() if token):
        with absent(*_not_needed(core.settings)):
            import_module(LIBRARIES[platform])
    posts = [
        Post(
            name=post_name(platform, token.get_secret_value()),
            platform=platform,
            open=partial(makers[platform], core, token.get_secret_value()),
        )
        for platform, token in tokens.items()
        if token
    ]
    if targets := core.settings.places():
        services_of(targets)
        # One name whatever the targets are: replicas of two settings share the chats.
        posts.append(Post(name=Platform.TARGET, platform=Platform.TARGET, open=partial(target_side, core)))
    return posts


def _not_needed(settings: Settings) -> Sequence[str]:
    """Packages that the platforms' libraries would load if they are there: for a command line of httpx, and for a
    server of webhooks."""
    return ("rich", "pygments") if settings.telegram_webhook_url else ("rich", "pygments", "tornado")


def post_name(platform: Platform, token: str) -> str:
    """The platform and a digest of the token: of 240 random bits or more, a digest gives nothing away."""
    return f"{platform}-{blake2b(token.encode(), digest_size=12, person=b'diting post').hexdigest()}"


def token_problem(platform: Platform, error: TokenRefused) -> str:
    """What is wrong with a token, and its mend."""
    return f"{platform.upper()}_TOKEN: {platform.title()} refuses it ({error.reason}); put in a token that is valid"


@asynccontextmanager
async def telegram(core: Core, token: str) -> AsyncIterator[Side]:
    """Telegram, logged in. Raises TokenRefused."""
    # A platform that is not used costs neither memory nor time at the start.
    from bot.chat.telegram import Pace, TelegramBot, connected
    from bot.chat.telegram.rights import TelegramRights

    settings, storage = core.settings, core.storage
    pace = Pace(per_second=settings.telegram_per_second, group_per_minute=settings.telegram_group_per_minute)
    queue = core.pacers[Platform.TELEGRAM]
    async with connected(token, settings.telegram_api_url, pace=pace, queue=queue, clock=core.clock) as client:
        bot = TelegramBot(
            client,
            handler=core.commands,
            chats=storage.chats,
            outbox=storage.outbox,
            greeting=greeting,
            clock=core.clock,
            meter=core.meter,
            watch=core.troubles,
            webhook=_webhook(settings),
            paid=settings.telegram_paid_broadcast,
            owners=owners_on(Platform.TELEGRAM, settings),
        )
        with core.rights.known_by(Platform.TELEGRAM, TelegramRights(client)):
            async with bot:
                yield bot


def _webhook(settings: Settings) -> Webhook | None:
    from bot.chat.telegram import Webhook

    if not settings.telegram_webhook_url:
        return None
    host, _, port = settings.telegram_webhook_listen.rpartition(":")
    secret = settings.telegram_webhook_secret
    chosen = {"secret": secret.get_secret_value()} if secret else {}
    return Webhook(url=settings.telegram_webhook_url, host=host.strip("[]"), port=int(port), **chosen)


@asynccontextmanager
async def discord(core: Core, token: str) -> AsyncIterator[Side]:
    """Discord, logged in. Raises TokenRefused."""
    from bot.chat.discord.adapter import DiscordBot
    from bot.chat.discord.rights import DiscordRights

    bot = DiscordBot(
        token=token,
        handler=core.commands,
        chats=core.storage.chats,
        outbox=core.storage.outbox,
        greeting=greeting,
        clock=core.clock,
        meter=core.meter,
        watch=core.troubles,
        owned=bool(owners_on(Platform.DISCORD, core.settings)),
    )
    with core.rights.known_by(Platform.DISCORD, DiscordRights(lambda: bot.client)):
        async with bot:
            yield bot
