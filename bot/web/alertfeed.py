"""A chat's alerts as a feed for readers: Atom (RFC 4287) and JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).

Readers can't log in: the address holds a key of the chat, which only who may see the admin pages is shown.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import StorageError
from bot.model import Alert, ChatId, ChatLine
from bot.ports import ChatSheets, History
from bot.web.pages.access import Doorkeeper

NEWEST = 50  # alerts
_LAST = 2**63 - 1  # number of a row
_ATOM = "http://www.w3.org/2005/Atom"
_HEADERS = {"Cache-Control": "private, max-age=60", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}


def feed_routes(doorkeeper: Doorkeeper, chats: ChatSheets, history: History) -> list[Route]:
    """The feed of every chat: /alerts/CHAT/KEY.atom and .json."""

    async def answer(request: Request) -> Response:
        chat, form = ChatId(request.path_params["chat"]), request.path_params["form"]
        if form not in _FORMS or chat > _LAST or not doorkeeper.is_feed_key(chat, request.path_params["key"]):
            return PlainTextResponse("not found", status_code=404)
        try:
            line = await chats.chat_line(chat)
            alerts = await history.latest_alerts(chat, limit=NEWEST) if line else []
        except StorageError:
            return PlainTextResponse("try again later", status_code=503, headers={"Retry-After": "60"})
        if line is None:
            return PlainTextResponse("not found", status_code=404)
        return _FORMS[form](line, alerts, f"urn:diting:chat:{chat}")

    return [Route("/alerts/{chat:int}/{key}.{form}", answer, methods=["GET"])]


def _atom(chat: ChatLine, alerts: Sequence[Alert], name: str) -> Response:
    feed = ET.Element("feed", {"xmlns": _ATOM})
    _add(feed, "id", name)
    _add(feed, "title", _title(chat))
    _add(feed, "updated", _time(max((alert.item.seen for alert in alerts), default=None)))
    author = ET.SubElement(feed, "author")
    _add(author, "name", "Diting 諦聽")
    for alert in alerts:
        entry = ET.SubElement(feed, "entry")
        _add(entry, "id", _name(alert))
        _add(entry, "title", _headline(alert))
        _add(entry, "updated", _time(alert.item.seen))
        if alert.item.item.published:
            _add(entry, "published", _time(alert.item.item.published))
        if alert.item.item.url:
            ET.SubElement(entry, "link", {"rel": "alternate", "href": alert.item.item.url})
        source = ET.SubElement(entry, "source")
        _add(source, "id", alert.item.feed.url)
        _add(source, "title", alert.item.feed.title or alert.item.feed.url)
        _add(source, "updated", _time(alert.item.seen))
        for keyword in _keywords(alert):
            ET.SubElement(entry, "category", {"term": keyword})
        ET.SubElement(entry, "content", {"type": "text"}).text = _clean(_summary(alert))
    body = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type="application/atom+xml", headers=_HEADERS)


def _json(chat: ChatLine, alerts: Sequence[Alert], name: str) -> Response:
    entries = [
        {
            "id": _name(alert),
            "url": alert.item.item.url,
            "title": _headline(alert),
            "content_text": _summary(alert),
            "date_published": _time(alert.item.item.published or alert.item.seen),
            "authors": [{"name": alert.item.feed.title or alert.item.feed.url}],
            "tags": _keywords(alert),
        }
        for alert in alerts
    ]
    version = "https://jsonfeed.org/version/1.1"
    content = {"version": version, "title": _title(chat), "description": name, "items": entries}
    return JSONResponse(content, media_type="application/feed+json", headers=_HEADERS)


_FORMS = {"atom": _atom, "json": _json}


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _clean(text)


def _clean(text: str) -> str:
    """The text without what XML can't hold."""
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")


def _title(chat: ChatLine) -> str:
    return f"Diting 諦聽 · {chat.title or chat.address}"


def _name(alert: Alert) -> str:
    return f"urn:diting:item:{alert.item.id}"


def _time(when: datetime | None) -> str:
    return when.isoformat(timespec="seconds") if when else "1970-01-01T00:00:00+00:00"


def _headline(alert: Alert) -> str:
    titles = dict.fromkeys((alert.brief.title_zh, alert.brief.title_en))
    return " · ".join(title for title in titles if title) or alert.item.item.title or alert.item.item.url


def _summary(alert: Alert) -> str:
    return "\n\n".join(text for text in (alert.brief.summary_zh, alert.brief.summary_en) if text)


def _keywords(alert: Alert) -> list[str]:
    return list(dict.fromkeys(why.keyword for why in alert.why))
