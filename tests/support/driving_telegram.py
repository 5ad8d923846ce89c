"""Drives the bot on Telegram: the real adapter over a Bot API server on loopback."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from aiohttp import web

from bot.chat.telegram import TelegramBot
from bot.model import ChatAddress, ChatKind, Locale, Message, Platform
from tests.support.bot_api import FakeBotApi
from tests.support.bot_api_shapes import BOT_ID, Json, Sent, as_int
from tests.support.driving import ADMINS, ALONE, Other, Place, Role, Seen, bare_line, kind_for

LANGUAGES = {Locale.EN: "en", Locale.ZH_HANT: "zh-hant", Locale.ZH_HANS: "zh-hans"}
PATIENCE = 20.0  # seconds: of a machine under load
_TOPIC = 12
_SENDS = frozenset({"sendMessage", "sendDocument", "sendPhoto", "editMessageText", "editMessageCaption"})


@dataclass(frozen=True, slots=True)
class Here:
    """The chat and the person of a place, and its topic in a forum."""

    chat: int
    user: int
    thread: int | None = None


class TelegramDriver:
    """See `Driver`. `run()` of the bot must be under way."""

    platform = Platform.TELEGRAM
    roles = tuple(role for role in Role if role is not Role.HOLDER)  # which there are none of here

    def __init__(self, api: FakeBotApi, bot: TelegramBot) -> None:
        self.api = api
        self._bot = bot
        self._numbers = count(5001)
        self._heard: defaultdict[int, asyncio.Queue[Sent | str]] = defaultdict(asyncio.Queue)
        self._pressed: dict[str, int] = {}
        self._shown: dict[int, Sent] = {}
        api.interfere = self._listen

    def place(self, role: Role, locale: Locale, *, apart: bool = False) -> Place:
        """See `Driver`."""
        number, kind = next(self._numbers), kind_for(role)
        topic = _TOPIC if role is Role.TOPIC else None
        large = topic or kind is ChatKind.CHANNEL
        here = Here(number if role in ALONE else _large(number) if large else -number, number, topic)
        made = self.api.place(
            here.chat,
            "channel" if kind is ChatKind.CHANNEL else "",
            title=f"Chat {number}",
            topics=(topic,) if topic else (),
        )
        if role in ADMINS:
            made.admins.add(here.user)
        return Place(
            address=ChatAddress(Platform.TELEGRAM, str(here.chat), str(topic or "")),
            kind=kind,
            role=role,
            locale=locale,
            person=str(here.user),
            handles=here,
        )

    async def beside(self, place: Place, *, admin: bool = True, writes: bool = True) -> Other:
        """See `Driver`. A channel."""
        number = next(self._numbers)
        made = self.api.place(_large(number), "channel", title=f"News {number}")
        made.username = f"news_{number}"
        if admin:
            made.admins.add(place.handles.user)
        if not writes:
            made.me = {"status": "administrator", "can_post_messages": False}
        address = ChatAddress(Platform.TELEGRAM, str(made.id))
        return Other(name=f"@{made.username}", title=made.title, address=address, kind=ChatKind.CHANNEL)

    def speaking(self, place: Place, locale: Locale) -> Place:
        """See `Driver`."""
        return replace(place, locale=locale)

    async def leave(self, place: Place) -> None:
        """See `Driver`."""
        self._heard.pop(place.handles.chat, None)

    async def say(self, place: Place, line: str, *, file: tuple[str, bytes] | None = None, reply_to: str = "") -> Seen:
        """See `Driver`."""
        here, who = place.handles, self._who(place)
        extra = {"reply_to_message": self._stub(here.chat, reply_to)} if reply_to else None
        if file:
            self.api.send_file(here.chat, *file, caption=line, **who)
        else:
            # In groups many bots listen: who means this one says so.
            command, blank, rest = line.partition(" ")
            named = command if place.role in ALONE else f"{command}@diting_test_bot"
            self.api.say(here.chat, f"{named}{blank}{rest}", extra=extra, thread=here.thread, **who)
        return await self._answer(here.chat)

    async def press(self, place: Place, line: str) -> Seen:
        """See `Driver`."""
        here = place.handles
        shown = self._shown.get(here.chat)
        data = next((data for data in _data(shown) if line in {data, bare_line(data)}), line)
        under = {"under": shown} if shown and "under" in self.api.press.__code__.co_varnames else {}
        query = self.api.press(here.chat, data, thread=here.thread, **self._who(place), **under)
        self._pressed[query] = here.chat
        return await self._answer(here.chat)

    async def answer(self, place: Place, text: str) -> Seen:
        """See `Driver`."""
        here, asked = place.handles, self._shown[place.handles.chat]
        replied = {**self._stub(here.chat, str(asked.message_id)), "text": asked.text, "entities": asked.entities}
        extra = {"reply_to_message": replied}
        self.api.say(here.chat, text, extra=extra, thread=here.thread, **self._who(place))
        return await self._answer(here.chat)

    async def look_up(self, place: Place, query: str) -> Seen:
        """See `Driver`."""
        number = self.api.inline(query, **self._who(place))
        await self.api.until(lambda: number in self.api.inline_answers, within=PATIENCE)
        answer = self.api.inline_answers[number]
        shown = [part for one in answer["results"] for part in (one["title"], one["description"], one["text"])]
        return Seen(text="\n".join((*shown, (answer.get("button") or {}).get("text", ""))))

    async def post(self, place: Place, message: Message) -> str:
        """See `Driver`."""
        number = await self._bot.messenger.send(place.address, message, key=f"post-{next(self._numbers)}")
        await self._answer(place.handles.chat)
        return number

    def last(self, place: Place) -> Seen:
        """See `Driver`."""
        return seen(self._shown[place.handles.chat])

    def sent(self, place: Place) -> Sent:
        """The message that came last, as the server has it."""
        return self._shown[place.handles.chat]

    def _who(self, place: Place) -> dict[str, Any]:
        return {"user": place.handles.user, "language": LANGUAGES[place.locale]}

    def _stub(self, chat: int, message: str) -> Json:
        said = next((one.text for one in self.api.sent if (one.chat_id, str(one.message_id)) == (chat, message)), "…")
        return {**self.api.message(chat, by=BOT_ID, text=said), "message_id": int(message)}

    async def _answer(self, chat: int) -> Seen:
        async with asyncio.timeout(PATIENCE):
            heard = await self._heard[chat].get()
        if isinstance(heard, str):
            return Seen(text=heard, private=True)
        self._shown[chat] = heard
        return seen(heard)

    async def _listen(self, _: web.Request, method: str, params: Json, run: Callable[[], Awaitable[Any]]) -> Any:
        result = await run()
        chat = as_int(params.get("chat_id")) or 0
        if method in _SENDS:
            number = result["message_id"]
            sent = next(one for one in reversed(self.api.sent) if (one.chat_id, one.message_id) == (chat, number))
            self._heard[chat].put_nowait(sent)
        elif method == "answerCallbackQuery" and params.get("text"):
            self._heard[self._pressed[str(params["callback_query_id"])]].put_nowait(str(params["text"]))
        return result


def seen(sent: Sent) -> Seen:
    """A message as a person sees it."""
    rows = [button for row in (sent.reply_markup or {}).get("inline_keyboard", []) for button in row]
    return Seen(
        text=sent.text,
        lines={one["text"]: bare_line(one["callback_data"]) for one in rows if "callback_data" in one},
        links={one["text"]: one["url"] for one in rows if "url" in one},
        file=sent.file,
        asks=bool((sent.reply_markup or {}).get("force_reply")),
    )


def _large(number: int) -> int:
    """The id of a supergroup or channel."""
    return -1_000_000_000_000 - number


def _data(sent: Sent | None) -> list[str]:
    rows = (sent.reply_markup or {}).get("inline_keyboard", []) if sent else []
    return [one["callback_data"] for row in rows for one in row if "callback_data" in one]
