"""The shapes of the Bot API on loopback: what it stores, how it reads calls, checks messages and writes answers."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from aiohttp import web

from tests.support.telegram_html import CantParse, Read, read_html, read_plain, units

BOT_ID = 7000000001
ANONYMOUS_ADMIN = 1087968824  # the account that anonymous admins of groups speak by
MOST_UNITS = 4096
MOST_BUTTON_BYTES = 64
Json = dict[str, Any]
_ADMIN_RIGHTS = [
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
]


class ApiFault(Exception):
    """An answer that is no success. `html` makes it a proxy's page in place of JSON."""

    def __init__(self, status: int, description: str, parameters: Json | None = None, *, html: bool = False) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters
        self.html = html


@dataclass
class Sent:
    """A message the server accepted. `text` is what people see; `source` what the bot sent."""

    chat_id: int
    thread: int | None
    text: str
    entities: list[Json]
    source: str
    parse_mode: str
    reply_markup: Json | None
    preview: Json | None
    message_id: int
    file: tuple[str, bytes] | None = None
    reply_to: int | None = None

    def entity_texts(self, kind: str) -> list[str]:
        """The visible texts of the entities of a type."""
        raw = self.text.encode("utf-16-le")
        spots = [(one["offset"] * 2, one["length"] * 2) for one in self.entities if one["type"] == kind]
        return [raw[start : start + length].decode("utf-16-le") for start, length in spots]


@dataclass
class Trouble:
    method: str
    chat_id: int | None
    times: int
    fault: ApiFault | None
    delay: float


@dataclass
class Place:
    """A chat as the server knows it."""

    id: int
    type: str
    title: str = ""
    fault: ApiFault | None = None
    topics: dict[int, bool] = field(default_factory=dict)  # by id: whether it is open
    admins: set[int] = field(default_factory=set)
    outsiders: set[int] = field(default_factory=set)
    username: str = ""
    me: Json | None = None  # how the bot stands there; None: as it must to write


class FloodControl:
    """Telegram's limits for messages: a second to one chat, a minute to one group or channel, a second in all.

    https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
    """

    def __init__(self, *, chat_per_second: int = 1, group_per_minute: int = 20, per_second: int = 30) -> None:
        self._most = {"chat": (chat_per_second, 1.0), "group": (group_per_minute, 60.0), "all": (per_second, 1.0)}
        self._sent: dict[tuple[str, int], list[float]] = {}

    def check(self, chat_id: int, now: float) -> None:
        """Count a message at a time in seconds. Raises ApiFault 429 when it is one too many."""
        windows = [("chat", chat_id), ("all", 0), *([("group", chat_id)] if chat_id < 0 else [])]
        for window in windows:
            most, span = self._most[window[0]]
            recent = [moment for moment in self._sent.get(window, []) if moment > now - span]
            if len(recent) >= most:
                wait = ceil(recent[0] + span - now)
                raise ApiFault(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
            self._sent[window] = recent
        for window in windows:
            self._sent[window].append(now)


def person(user: int, language: str | None) -> Json:
    person = {"id": user, "is_bot": user in (BOT_ID, ANONYMOUS_ADMIN), "first_name": f"Person {user}"}
    return {**person, "language_code": language} if language else person


def chat_json(place: Place) -> Json:
    if place.type == "private":
        return {"id": place.id, "type": "private", "first_name": place.title}
    forum = {"is_forum": True} if place.topics else {}
    return {"id": place.id, "type": place.type, "title": place.title, **forum}


def standing(user: Json, given: Json | str) -> Json:
    """A ChatMember: of a status alone, or of a status with what differs from the usual."""
    given = {"status": given} if isinstance(given, str) else given
    rights = dict.fromkeys(_ADMIN_RIGHTS, False) if given["status"] == "administrator" else {}
    rights |= {"is_anonymous": False} if given["status"] == "creator" else {}
    until = {"until_date": 0} if given["status"] == "kicked" else {}
    return {"user": user, **rights, **until, **given}


def as_int(value: object) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None


def menu_key(params: Json) -> str:
    """What a menu of commands is for: a chat's id, else a language; empty for everybody. Raises ApiFault."""
    for one in params.get("commands", []):
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]) or not 1 <= len(one["description"]) <= 256:
            raise ApiFault(400, "Bad Request: BOT_COMMAND_INVALID")
    code = str(params.get("language_code", ""))
    if code and not re.fullmatch("[a-z]{2}", code):
        raise ApiFault(400, "Bad Request: LANG_CODE_INVALID")
    return str(params.get("scope", {}).get("chat_id", code))


async def parameters(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return {**request.query, **await request.json()}
    raw = {**request.query, **await request.post()}
    return {name: _value(value) if name not in {"text", "caption"} else str(value) for name, value in raw.items()}


def _value(given: object) -> Any:
    """Lists and objects come as JSON inside a form; files as their name and content."""
    if isinstance(given, web.FileField):
        return given.filename, given.file.read()
    text = str(given)
    if text[:1] in ("[", "{"):
        with contextlib.suppress(ValueError):
            return json.loads(text)
    return text


def readable(params: Json, field: str = "text", most: int = MOST_UNITS) -> Read:
    source = str(params.get(field, ""))
    try:
        read = read_html(source) if str(params.get("parse_mode", "")).upper() == "HTML" else read_plain(source)
    except CantParse as error:
        raise ApiFault(400, f"Bad Request: can't parse entities: {error}") from None
    if not read.text and field == "text":
        raise ApiFault(400, "Bad Request: message text is empty")
    if units(read.text) > most:
        raise ApiFault(400, f"Bad Request: {'message' if field == 'text' else 'message caption'} is too long")
    return read


def check_buttons(markup: Json | None) -> None:
    for button in _buttons(markup):
        if len(str(button.get("callback_data", "")).encode()) > MOST_BUTTON_BYTES:
            raise ApiFault(400, "Bad Request: BUTTON_DATA_INVALID")
        if "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://")):
            raise ApiFault(400, "Bad Request: BUTTON_URL_INVALID")
        if not str(button.get("text", "")).strip():
            raise ApiFault(400, "Bad Request: text buttons are unallowed in the inline keyboard")


def _buttons(markup: Json | None) -> Iterator[Json]:
    for row in (markup or {}).get("inline_keyboard", []):
        yield from row


def fault_response(fault: ApiFault) -> web.Response:
    if fault.html:
        page = f"<html><body><h1>{fault.status} {fault.description}</h1></body></html>"
        return web.Response(status=fault.status, text=page, content_type="text/html")
    body: Json = {"ok": False, "error_code": fault.status, "description": fault.description}
    if fault.parameters:
        body["parameters"] = fault.parameters
    return web.json_response(body, status=fault.status)
