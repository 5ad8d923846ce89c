"""Looks up alerts and items while a person types, wherever they are: Telegram's inline mode.

A person is offered what the feeds of their own chat with the bot brought, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.chat.commands.call import Call, Parts, number
from bot.chat.offers import offer_of
from bot.errors import QueryError
from bot.model import Alert, Brief, Language, MadeBy, Offers, StoredItem
from bot.text.chinese import han_share

PAGE = 20
MOST = 200  # who has not found it among so many types more
_WORDS = re.compile(r"\w+")
_OPERATORS = re.compile(r"\b(?:AND|OR|NOT|NEAR/\d*)(?!\w)")
_CHINESE = 0.5  # share of a text


async def look_up(parts: Parts, call: Call, offset: str) -> Offers:
    """The newest alerts, or the newest items that match the query; twenty from `offset` on."""
    page = min(number(offset) or 0, MOST) // PAGE + 1
    found, more = await (_matching if call.arguments else _newest)(parts, call, page)
    offers = tuple(offer_of(alert, call.chat, call.t, now=call.now, wording=parts.wording) for alert in found)
    further, nothing = page * PAGE, call.t("Nothing found. Open our chat")
    return Offers(
        offers=offers,
        more=str(further) if more and further <= MOST else "",
        invitation="" if offers or page > 1 else nothing,
    )


async def _newest(parts: Parts, call: Call, page: int) -> tuple[Sequence[Alert], bool]:
    """A page of the newest alerts, and whether there are more."""
    alerts = await parts.history.latest_alerts(call.chat.id, limit=page * PAGE + 1)
    return alerts[(page - 1) * PAGE : page * PAGE], len(alerts) > page * PAGE


async def _matching(parts: Parts, call: Call, page: int) -> tuple[Sequence[Alert], bool]:
    """A page of what matches, and whether there is more."""
    items, more = await _items(parts, call, call.arguments, page)
    briefs = await parts.briefs.briefs([item.id for item in items])
    return [Alert(item=item, brief=briefs.get(item.id) or _own_words(item), why=()) for item in items], more


async def _items(parts: Parts, call: Call, query: str, page: int) -> tuple[list[StoredItem], bool]:
    try:
        found = await parts.search.search(call.chat.id, query, page=page, size=PAGE, now=call.now)
    except QueryError:
        # Half-typed: a quotation mark that opens, an OR with nothing behind it. The words say what is meant.
        words = " ".join(_WORDS.findall(_OPERATORS.sub(" ", query).casefold()))
        return await _items(parts, call, words, page) if words not in {"", query} else ([], False)
    return [item for item, _ in found.items], found.more


def _own_words(item: StoredItem) -> Brief:
    """What an item that no keyword asked for says of itself."""
    language = item.item.language.partition("-")[0] or (
        Language.ZH if han_share(item.item.title) >= _CHINESE else Language.EN
    )
    title, other = (item.item.title, "") if language == Language.ZH else ("", item.item.title)
    return Brief(title_zh=title, title_en=other, summary_zh="", summary_en="", made_by=MadeBy.FEED)
