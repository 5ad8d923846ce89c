"""The admin pages, put together from the parts of the program. Loaded only where they are switched on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from starlette.routing import BaseRoute, Mount

from bot import __version__
from bot.app.access import owners_on
from bot.app.parts import Core
from bot.briefs.translation.packages import read_installed
from bot.chat.catalogue import Catalogue, catalogue_for, interface_locales, locale_from_tag, own_name
from bot.chat.explain import explain, explain_reason
from bot.chat.fates import explain_fate
from bot.errors import DitingError
from bot.feeds.catalogue import load_catalogue
from bot.feeds.discover import Finder
from bot.feeds.parse import parse
from bot.model import ChatId, Locale, Person, Platform, Request, TestedFeed
from bot.ports import CommandHandler, Fetcher, LogTail, PlaceBook
from bot.settings import Settings
from bot.web.alertfeed import feed_routes
from bot.web.api import Remote, api_app
from bot.web.pages.access import Doorkeeper
from bot.web.pages.desk import Desk, Figures, Pulse
from bot.web.pages.routes import page_routes
from bot.web.server import Checks

_NOBODY = "0"  # on any platform
SHOWN = 5  # items of a feed that is tested


class ChatSpeech:
    """Implements bot.ports.Speech with the sentences that chats read, too."""

    def languages(self) -> Sequence[tuple[Locale, str]]:
        """See bot.ports.Speech."""
        return [(locale, own_name(locale)) for locale in interface_locales()]

    def of(self, tags: str) -> Locale:
        """See bot.ports.Speech. Browsers name what they like best first."""
        for part in tags.split(","):
            tag = part.partition(";")[0].strip()
            locale = locale_from_tag(tag)
            if locale is not Locale.EN or tag.lower().startswith("en"):
                return locale
        return Locale.EN

    def sentences(self, locale: Locale) -> Catalogue:
        """See bot.ports.Speech."""
        return catalogue_for(locale)

    def feed_error(self, word: str, locale: Locale) -> str:
        """See bot.ports.Speech."""
        return explain_reason(word, catalogue_for(locale))

    def fate(self, reason: str, locale: Locale) -> str:
        """See bot.ports.Speech."""
        return explain_fate(reason, catalogue_for(locale))

    def trouble(self, error: DitingError, locale: Locale) -> str:
        """See bot.ports.Speech."""
        blocks = explain(error, catalogue_for(locale))
        return " ".join("".join(span.text for span in block.spans) for block in blocks)


class FeedTester:
    """Implements bot.ports.FeedTest."""

    def __init__(self, finder: Finder, fetcher: Fetcher) -> None:
        self._finder = finder
        self._fetcher = fetcher

    async def test(self, address: str) -> list[TestedFeed]:
        """See bot.ports.FeedTest."""
        return [await self._tested(found.url) for found in (await self._finder.find(address))[:SHOWN]]

    async def _tested(self, url: str) -> TestedFeed:
        begun = time.perf_counter()
        fetched = await self._fetcher.fetch(url)
        took = timedelta(seconds=time.perf_counter() - begun)
        # Off the loop: a large feed takes a tenth of a second.
        feed = await asyncio.to_thread(parse, fetched.body, url=fetched.url, content_type=fetched.content_type)
        return TestedFeed(url=url, title=feed.title, took=took, items=feed.items[:SHOWN], count=len(feed.items))


class HandledRemote:
    """Implements bot.ports.ChatRemote: what is said goes the way of all commands, with their checks and limits."""

    def __init__(self, commands: CommandHandler, places: PlaceBook) -> None:
        self._commands = commands
        self._places = places

    async def say(self, chat: ChatId, line: str, language: str) -> tuple[str, Sequence[str]] | None:
        """See bot.ports.ChatRemote."""
        found = await self._places.chat(chat)
        if found is None:
            return None
        command, *rest = line.removeprefix("/").split(maxsplit=1)
        asked = Request(
            address=found.address,
            kind=found.kind,
            person=Person(id=_NOBODY, locale=locale_from_tag(language), can_manage=True),
            command=command,
            arguments="".join(rest),
            title=found.title,
        )
        message = await self._commands.handle(asked)
        text = "\n".join("".join(span.text for span in block.spans) for block in message.blocks)
        return text, [button.action for row in message.buttons for button in row if button.action]


def pages_for(core: Core, checks: Checks, log: LogTail) -> tuple[list[BaseRoute], Callable[[], Awaitable[None]]]:
    """The admin pages, the API and the feeds of chats' alerts; and what is to be called once a minute."""
    desk = desk_for(core, checks, log)
    pulse, history = Pulse(desk), core.storage.history
    remote = Remote(history, HandledRemote(core.commands, core.storage.places))
    routes = [
        *feed_routes(desk.doorkeeper, desk.chats, history),
        Mount("/api/v1", api_app(desk, pulse, remote)),
        *page_routes(desk, pulse),
    ]
    return routes, pulse.sample


def desk_for(core: Core, checks: Checks, log: LogTail) -> Desk:
    """All that the pages look at and act on."""
    settings, storage = core.settings, core.storage
    return Desk(
        doorkeeper=doorkeeper_for(settings),
        clock=core.clock,
        version=__version__,
        checks=checks,
        speech=ChatSpeech(),
        oversight=storage.oversight,
        activity=storage.activity,
        feeds=storage.feed_sheets,
        chats=storage.chat_sheets,
        chat_book=storage.chats,
        places=storage.places,
        subscriptions=storage.subscriptions,
        keyword_book=storage.keywords,
        keywords=storage.keyword_sheets,
        stories=storage.story_sheets,
        deliveries=storage.delivery_sheets,
        spending=storage.spending,
        feed_test=FeedTester(Finder(core.fetcher, load_catalogue(), rsshub=settings.rsshub_url), core.fetcher),
        log=log,
        bell=core.bells,
        figures=Figures(
            model=settings.model_name if settings.model_url else "",
            translators=_translators(settings),
            tokens_a_day=settings.model_tokens_a_day,
            money_a_day=settings.model_money_a_day,
            counts=core.meter.counts,
        ),
    )


def doorkeeper_for(settings: Settings) -> Doorkeeper:
    """Who may come in, by the settings."""
    secrets = (settings.admin_token, settings.admin_view_token, settings.telegram_token)
    admin, viewer, telegram = (secret.get_secret_value() if secret else "" for secret in secrets)
    owners = owners_on(Platform.TELEGRAM, settings)
    return Doorkeeper(admin=admin, viewer=viewer, telegram_token=telegram, owners=owners)


def _translators(settings: Settings) -> tuple[str, ...]:
    installed, _ = read_installed(settings.models_dir)
    there = (("DeepL", settings.deepl_key), ("LibreTranslate", settings.libretranslate_url), ("Argos", installed))
    return tuple(name for name, is_there in there if is_there)
