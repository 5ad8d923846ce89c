"""Looks up alerts and items while a person types, wherever they are: Telegram's inline mode.

A person is offered what the feeds of their own chat with the bot brought, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.chat.commands.call import Call, Parts, number
from bot.chat.offers import offer_of
from bot.errors import QueryError
from bot.model import Alert, Brief, Hit, Language, MadeBy, Offers, StoredItem
from bot.text.chinese import han_share

PAGE = 20
MOST = 200  # who has not found it among so many types more
_SPANS = (timedelta(days=1), timedelta(days=7))  # people mean what is new, and that is found sooner
_WORDS = re.compile(r"\w+")
_OPERATORS = re.compile(r"\b(?:AND|OR|NOT|NEAR/\d*)(?!\w)")
_CHINESE = 0.5  # share of a text


async def look_up(parts: Parts, call: Call, offset: str) -> Offers:
    """The newest alerts, or what matches the query of the last 7 days; twenty from `offset` on."""
    begin = min(number(offset) or 0, MOST)
    wanted = begin + PAGE
    found = await _matching(parts, call, wanted + 1) if call.arguments else await _newest(parts, call, wanted + 1)
    offers = tuple(
        offer_of(alert, call.chat, call.t, now=call.now, wording=parts.wording) for alert in found[begin:wanted]
    )
    nothing = "" if offers or begin else call.t("Nothing found. Open our chat")
    return Offers(offers=offers, more=str(wanted) if len(found) > wanted <= MOST else "", invitation=nothing)


async def _newest(parts: Parts, call: Call, most: int) -> Sequence[Alert]:
    return await parts.history.latest_alerts(call.chat.id, limit=most)


async def _matching(parts: Parts, call: Call, most: int) -> Sequence[Alert]:
    items = await _items(parts, call, call.arguments, most)
    briefs = await parts.briefs.briefs([item.id for item in items])
    return [Alert(item=item, brief=briefs.get(item.id) or _own_words(item), why=()) for item in items]


async def _items(parts: Parts, call: Call, query: str, most: int) -> list[StoredItem]:
    found: list[tuple[StoredItem, Hit]] = []
    try:
        for span in _SPANS:
            if len(found) < most:
                _, found = await parts.preview.would_match(call.chat.id, query, since=call.now - span, limit=most)
    except QueryError:
        # Half-typed: a quotation mark that opens, an OR with nothing behind it. The words say what is meant.
        words = " ".join(_WORDS.findall(_OPERATORS.sub(" ", query).casefold()))
        return await _items(parts, call, words, most) if words not in {"", query} else []
    return [item for item, _ in found]


def _own_words(item: StoredItem) -> Brief:
    """What an item that no keyword asked for says of itself."""
    language = item.item.language.partition("-")[0] or (
        Language.ZH if han_share(item.item.title) >= _CHINESE else Language.EN
    )
    title, other = (item.item.title, "") if language == Language.ZH else ("", item.item.title)
    return Brief(title_zh=title, title_en=other, summary_zh="", summary_en="", made_by=MadeBy.FEED)
