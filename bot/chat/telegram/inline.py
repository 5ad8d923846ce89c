"""Telegram's inline mode: `@bot words` in any chat, answered with alerts to put there.

inline query ─▶ Request ─▶ CommandHandler.look_up ─▶ articles, for the asking person alone

The bot's owner switches it on at BotFather. https://core.telegram.org/bots/inline
"""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

import structlog
from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode

from bot.chat.catalogue import locale_from_tag
from bot.chat.clip import clip
from bot.chat.telegram.connection import Client
from bot.chat.telegram.faults import translated
from bot.chat.telegram.markup import as_html
from bot.errors import DeliveryError
from bot.model import ChatAddress, ChatKind, Offer, Offers, Person, Platform, Request
from bot.ports import CommandHandler

CACHED = 5  # seconds that Telegram may give the same answer again: news is new
START = "inline"  # comes back with /start
_MOST_LABEL = 64
log = structlog.get_logger("bot.telegram")


class Inline:
    """Answers what people type behind the bot's name, one after the other for each; only the newest is worth it."""

    def __init__(self, bot: Client, handler: CommandHandler) -> None:
        self._bot = bot
        self._handler = handler
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._newest: dict[int, str] = {}

    async def on_query(self, update: Update, _: object) -> None:
        """Answer, unless more was typed meanwhile. What was typed is never logged."""
        query = update.inline_query
        if query is None:
            return
        person = query.from_user.id
        self._newest[person] = query.id
        async with self._turns.setdefault(person, asyncio.Lock()):
            if self._newest.get(person) == query.id:
                await self._answer(query, await self._handler.look_up(_request(query), query.offset))
            if self._newest.get(person) == query.id:
                del self._newest[person]

    async def _answer(self, query: InlineQuery, offers: Offers) -> None:
        button = InlineQueryResultsButton(clip(offers.invitation, _MOST_LABEL), start_parameter=START)
        try:
            with translated(chat=False):
                await self._bot.answer_inline_query(
                    query.id,
                    [_article(offer) for offer in offers.offers],
                    cache_time=CACHED,
                    is_personal=True,
                    next_offset=offers.more,
                    button=button if offers.invitation else None,
                )
        except DeliveryError as error:
            log.info("inline query could not be answered", reason=error.reason)  # mostly too old


def _request(query: InlineQuery) -> Request:
    """A person's own chat with the bot has the person's id."""
    person = str(query.from_user.id)
    return Request(
        address=ChatAddress(Platform.TELEGRAM, person),
        kind=ChatKind.PRIVATE,
        person=Person(id=person, locale=locale_from_tag(query.from_user.language_code), can_manage=False),
        command="",
        arguments=query.query,
    )


def _article(offer: Offer) -> InlineQueryResultArticle:
    written = as_html(offer.message)
    preview = LinkPreviewOptions(url=written.preview) if written.preview else LinkPreviewOptions(is_disabled=True)
    return InlineQueryResultArticle(
        offer.id,
        offer.title,
        InputTextMessageContent(written.text, parse_mode=ParseMode.HTML, link_preview_options=preview),
        reply_markup=written.buttons,
        url=offer.link or None,
        description=offer.about,
    )
