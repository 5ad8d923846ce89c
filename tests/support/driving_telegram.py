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
from tests.support.driving import Place, Role, Seen, bare_line

LANGUAGES = {Locale.EN: "en", Locale.ZH_HANT: "zh-hant", Locale.ZH_HANS: "zh-hans"}
PATIENCE = 20.0  # seconds: of a machine under load
_SENDS = frozenset({"sendMessage", "sendDocument", "sendPhoto", "editMessageText", "editMessageCaption"})


@dataclass(frozen=True, slots=True)
class Here:
    """The chat and the person of a place."""

    chat: int
    user: int


class TelegramDriver:
    """See `Driver`. `run()` of the bot must be under way."""

    platform = Platform.TELEGRAM
    roles = tuple(Role)

    def __init__(self, api: FakeBotApi, bot: TelegramBot) -> None:
        self.api = api
        self._bot = bot
        self._numbers = count(5001)
        self._heard: defaultdict[int, asyncio.Queue[Sent | str]] = defaultdict(asyncio.Queue)
        self._pressed: dict[str, int] = {}
        self._shown: dict[int, Sent] = {}
        api.interfere = self._listen

    def place(self, role: Role, locale: Locale) -> Place:
        """See `Driver`."""
        number = next(self._numbers)
        private = role is Role.PERSON
        here = Here(number if private else -number, number)
        made = self.api.place(here.chat, title=f"Chat {number}")
        if role is Role.ADMIN:
            made.admins.add(here.user)
        return Place(
            address=ChatAddress(Platform.TELEGRAM, str(here.chat)),
            kind=ChatKind.PRIVATE if private else ChatKind.GROUP,
            role=role,
            locale=locale,
            handles=here,
        )

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
            named = f"{command}@diting_test_bot" if place.role is not Role.PERSON else command
            self.api.say(here.chat, f"{named}{blank}{rest}", extra=extra, **who)
        return await self._answer(here.chat)

    async def press(self, place: Place, line: str) -> Seen:
        """See `Driver`."""
        here = place.handles
        shown = self._shown.get(here.chat)
        data = next((data for data in _data(shown) if line in {data, bare_line(data)}), line)
        under = {"under": shown} if shown and "under" in self.api.press.__code__.co_varnames else {}
        query = self.api.press(here.chat, data, **self._who(place), **under)
        self._pressed[query] = here.chat
        return await self._answer(here.chat)

    async def answer(self, place: Place, text: str) -> Seen:
        """See `Driver`."""
        here, asked = place.handles, self._shown[place.handles.chat]
        replied = {**self._stub(here.chat, str(asked.message_id)), "text": asked.text, "entities": asked.entities}
        self.api.say(here.chat, text, extra={"reply_to_message": replied}, **self._who(place))
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


def _data(sent: Sent | None) -> list[str]:
    rows = (sent.reply_markup or {}).get("inline_keyboard", []) if sent else []
    return [one["callback_data"] for row in rows for one in row if "callback_data" in one]
