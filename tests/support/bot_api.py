"""A Bot API server on loopback: answers as Telegram's does, as far as the bot uses it, and does what a test tells it.

Inside a test: `async with FakeBotApi() as api:` and then `api.say(7, "/help")`, `api.block(7)`, `api.sent`, ….
As a process: `python -m tests.support.bot_api --port 8081 --log sent.jsonl` appends each accepted sendMessage as a JSON
line (chat_id, thread, text, time), synced to the disk before it is answered; `POST /say` with `{"chat_id": 7, "text":
"/help"}` speaks to the bot. Shapes and errors: https://core.telegram.org/bots/api.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientError, ClientSession, web

from tests.support.bot_api_files import BotApiFiles
from tests.support.bot_api_inline import BotApiInline
from tests.support.bot_api_shapes import (
    ANONYMOUS_ADMIN,
    BOT_ID,
    ApiFault,
    FloodControl,
    Json,
    Place,
    Sent,
    Trouble,
    as_int,
    chat_json,
    check_buttons,
    fault_response,
    menu_key,
    parameters,
    person,
    readable,
    standing,
)
from tests.support.telegram_html import units

TOKEN = "7000000001:AAFakeFakeFakeFakeFakeFakeFakeFakeFakeF"

# Stands between a call and its answer: may fail it, keep it waiting, or cut it off before or after it was carried out.
Interference = Callable[[web.Request, str, Json, Callable[[], Awaitable[Any]]], Awaitable[Any]]

_DEFAULT_UPDATES = ["message", "edited_message", "channel_post", "callback_query", "my_chat_member"]


class FakeBotApi(BotApiInline, BotApiFiles):
    """The server and the people on it. With `any_chat`, a chat comes into being when it is first sent to; with
    `flood_control`, whoever sends too fast is told to wait. `latency` is the time in seconds there and back."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        any_chat: bool = False,
        log: Path | None = None,
        port: int = 0,
        flood_control: FloodControl | None = None,
        latency: float = 0,
    ) -> None:
        self.token = token
        self.any_chat = any_chat
        self.sent: list[Sent] = []
        self.calls: list[tuple[str, Json]] = []
        self.commands: dict[str, list[Json]] = {}
        self.answered: list[str] = []
        self.webhook: Json = {"url": ""}
        self.pollers = 0
        self.interfere: Interference | None = None
        self._log = log
        self._flood_control = flood_control
        self._latency = latency
        self._port = port
        self._places: dict[int, Place] = {}
        self._troubles: list[Trouble] = []
        self._updates: list[Json] = []
        self._queries: set[str] = set()
        self._numbers = itertools.count(101)
        self._news = asyncio.Condition()
        self._newest_poll = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None
        super().__init__()

    # --- lifetime ---------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        app = web.Application()
        for path in ("/bot{token}/{method}", "/{run}/bot{token}/{method}"):  # the latter tells who calls
            app.router.add_route("*", path, self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._serve_file)
        app.router.add_post("/say", self._serve_say)
        # A poll that the bot hangs up on must end here too, as it does at Telegram.
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """For TELEGRAM_API_URL."""
        return f"http://127.0.0.1:{self._port}"

    # --- what people do ---------------------------------------------------------------------------------

    def place(self, chat_id: int, kind: str = "", *, title: str = "", topics: tuple[int, ...] = ()) -> Place:
        """Make a chat: private for a positive id, else a group, unless `kind` says so."""
        kind = kind or ("private" if chat_id > 0 else "supergroup" if str(chat_id).startswith("-100") else "group")
        place = self._places.setdefault(chat_id, Place(chat_id, kind, title or f"Chat {chat_id}"))
        place.topics.update(dict.fromkeys(topics, True))
        return place

    def say(
        self,
        chat_id: int,
        text: str,
        *,
        user: int = 7,
        language: str | None = "en",
        thread: int | None = None,
        anonymous: bool = False,
        edited: bool = False,
        extra: Json | None = None,
    ) -> None:
        """Someone writes in a chat; in a channel it is a post. `extra` is what else the message has."""
        place = self.place(chat_id, topics=(thread,) if thread else ())
        message: Json = {**self._stub(place, thread), **({"text": text} if text else {}), **(extra or {})}
        if found := re.match(r"/[A-Za-z0-9_]+(@\w+)?", text):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": units(found[0])}]
        if place.type == "channel" or anonymous:
            message["sender_chat"] = chat_json(place)
        if place.type != "channel":
            message["from"] = person(ANONYMOUS_ADMIN if anonymous else user, language)
        kind = "channel_post" if place.type == "channel" else "message"
        self.update({f"edited_{kind}" if edited else kind: message})

    def answer(self, sent: Sent, text: str, *, user: int = 7, language: str = "en") -> None:
        """Someone answers a message of the bot."""
        place = self.place(sent.chat_id)
        answered = {**self._stub(place, sent.thread), "message_id": sent.message_id, "from": self._me()}
        to = {"reply_to_message": {**answered, "text": sent.text, "entities": sent.entities}}
        self.say(sent.chat_id, text, user=user, language=language, thread=sent.thread, extra=to)

    def press(
        self,
        chat_id: int,
        data: str,
        *,
        user: int = 7,
        language: str = "en",
        thread: int | None = None,
        under: Sent | None = None,
    ) -> str:
        """Someone presses a button under a message of the bot, if need be under a certain one; answers the query's
        id."""
        query = str(next(self._numbers))
        self._queries.add(query)
        stub = {**self._stub(self.place(chat_id), thread), "from": self._me(), "text": "buttons"}
        if under:
            markup = {"reply_markup": under.reply_markup} if under.reply_markup else {}
            stub |= {"message_id": under.message_id, "text": under.text, **markup}
        pressed = {"id": query, "from": person(user, language), "message": stub, "chat_instance": "1", "data": data}
        self.update({"callback_query": pressed})
        return query

    def membership(
        self, chat_id: int, old: Json | str, new: Json | str, *, user: int = 7, language: str = "en"
    ) -> None:
        """The bot's own standing in a chat changes, e.g. from "left" to "member"."""
        self.update(
            {
                "my_chat_member": {
                    "chat": chat_json(self.place(chat_id)),
                    "from": person(user, language),
                    "date": int(time.time()),
                    "old_chat_member": standing(self._me(), old),
                    "new_chat_member": standing(self._me(), new),
                }
            }
        )

    def block(self, chat_id: int, *, announce: bool = True) -> None:
        """A person blocks the bot, or a group or channel kicks it."""
        place = self.place(chat_id)
        words = (
            "bot was blocked by the user" if place.type == "private" else f"bot was kicked from the {place.type} chat"
        )
        place.fault = ApiFault(403, f"Forbidden: {words}")
        if announce:
            self.membership(chat_id, "member", "kicked")

    def unblock(self, chat_id: int) -> None:
        """They take it back."""
        self.place(chat_id).fault = None
        self.membership(chat_id, "kicked", "member")

    def migrate(self, old: int, new: int, *, announce: bool = True) -> None:
        """A group becomes a supergroup with a new id."""
        moved, place = self.place(old), self.place(new, "supergroup")
        moved.fault = ApiFault(
            400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": new}
        )
        if announce:
            self.update({"message": {**self._stub(moved), "from": person(7, "en"), "migrate_to_chat_id": new}})
            self.update({"message": {**self._stub(place), "from": person(7, "en"), "migrate_from_chat_id": old}})

    def close_topic(self, chat_id: int, thread: int) -> None:
        """A forum topic is closed."""
        self.place(chat_id).topics[thread] = False

    def reopen_topic(self, chat_id: int, thread: int) -> None:
        """And opened again, which a service message in it says."""
        place = self.place(chat_id)
        place.topics[thread] = True
        self.update({"message": {**self._stub(place, thread), "from": person(7, "en"), "forum_topic_reopened": {}}})

    def mute(self, chat_id: int) -> None:
        """The bot may not write in a group any more."""
        self.place(chat_id).fault = ApiFault(400, "Bad Request: not enough rights to send text messages to the chat")

    def delete_chat(self, chat_id: int) -> None:
        """The chat is no more."""
        self._places.pop(chat_id, None)

    def update(self, content: Json) -> None:
        """Put an update into the queue, or send it to the webhook."""
        update = {"update_id": next(self._numbers), **content}
        if self.webhook["url"]:
            self._spawn(self._call_webhook(update))
        else:
            self._updates.append(update)
            self._spawn(self._ring())

    # --- what goes wrong --------------------------------------------------------------------------------

    def fail_next(
        self,
        method: str = "sendMessage",
        *,
        status: int = 500,
        description: str = "Internal Server Error",
        parameters: Json | None = None,
        chat_id: int | None = None,
        times: int = 1,
        html: bool = False,
    ) -> None:
        """The next `times` calls of a method (to a chat) are answered with this error."""
        fault = ApiFault(status, description, parameters, html=html)
        self._troubles.append(Trouble(method, chat_id, times, fault, 0))

    def flood(self, chat_id: int | None = None, *, retry_after: int = 3, times: int = 1, method: str = "") -> None:
        """The next calls are told to wait."""
        self.fail_next(
            method or "sendMessage",
            status=429,
            description=f"Too Many Requests: retry after {retry_after}",
            parameters={"retry_after": retry_after},
            chat_id=chat_id,
            times=times,
        )

    def slow_next(self, delay: float, method: str = "sendMessage", *, chat_id: int | None = None) -> None:
        """The next call is answered late."""
        self._troubles.append(Trouble(method, chat_id, 1, None, delay))

    # --- what a test looks at ---------------------------------------------------------------------------

    def sent_to(self, chat_id: int) -> list[str]:
        """The visible texts sent to a chat."""
        return [one.text for one in self.sent if one.chat_id == chat_id]

    def called(self, method: str) -> list[Json]:
        """The parameters of each call of a method."""
        return [params for name, params in self.calls if name == method]

    async def until(self, true: Callable[[], object], within: float = 10) -> None:
        """Wait until something is so; fails when it does not become so."""
        async with asyncio.timeout(within):
            while not true():
                await asyncio.sleep(0.005)

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self._updates)

    # --- the server -------------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(self._latency / 2)
        try:
            result = await self._dispatch(request)
        except ApiFault as fault:
            return fault_response(fault)
        finally:
            await asyncio.sleep(self._latency / 2)
        return web.json_response({"ok": True, "result": result})

    async def _dispatch(self, request: web.Request) -> Any:
        token = request.match_info["token"]
        if not re.fullmatch(r"\d+:[\w-]{30,}", token):
            raise ApiFault(404, "Not Found")
        if token != self.token:
            raise ApiFault(401, "Unauthorized")
        method = request.match_info["method"]
        params = await parameters(request)
        self.calls.append((method, params))
        handler = getattr(self, f"_do_{method.lower()}", None)
        if handler is None:
            raise ApiFault(404, "Not Found")
        await self._suffer(method, params)
        if self.interfere:
            return await self.interfere(request, method, params, partial(handler, params))
        return await handler(params)

    async def _suffer(self, method: str, params: Json) -> None:
        for trouble in self._troubles:
            if trouble.method == method and trouble.chat_id in (None, as_int(params.get("chat_id"))):
                trouble.times -= 1
                if trouble.times <= 0:
                    self._troubles.remove(trouble)
                await asyncio.sleep(trouble.delay)
                if trouble.fault:
                    raise trouble.fault
                return

    async def _serve_say(self, request: web.Request) -> web.Response:
        self.say(**await request.json())
        return web.json_response({"ok": True})

    async def _do_getme(self, _: Json) -> Json:
        rights = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
        return {**self._me(), **rights}

    async def _do_getupdates(self, params: Json) -> list[Json]:
        if self.webhook["url"]:
            raise ApiFault(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it"
            )
        async with self._newcomer() as mine:
            offset = as_int(params.get("offset")) or 0
            self._updates = [one for one in self._updates if one["update_id"] >= offset]
            wanted = params.get("allowed_updates") or _DEFAULT_UPDATES
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(float(params.get("timeout") or 0)), self._news:
                    await self._news.wait_for(lambda: self._updates or self._newest_poll != mine)
            if self._newest_poll != mine:
                raise ApiFault(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            return [one for one in self._updates if set(one) & set(wanted)][: as_int(params.get("limit")) or 100]

    @contextlib.asynccontextmanager
    async def _newcomer(self) -> AsyncIterator[int]:
        """The newest poller is served; one that was waiting is sent away."""
        self._newest_poll += 1
        mine = self._newest_poll
        self.pollers += 1
        await self._ring()
        try:
            yield mine
        finally:
            self.pollers -= 1

    async def _do_sendmessage(self, params: Json) -> Json:
        place = self._open(params)
        thread = self._thread(place, params)
        read = readable(params)
        markup = params.get("reply_markup")
        check_buttons(markup)
        if self._flood_control:
            self._flood_control.check(place.id, time.monotonic())
        number = next(self._numbers)
        sent = Sent(
            chat_id=place.id,
            thread=thread,
            text=read.text,
            entities=read.entities,
            source=str(params.get("text", "")),
            parse_mode=str(params.get("parse_mode", "")),
            reply_markup=markup,
            preview=params.get("link_preview_options"),
            message_id=number,
            reply_to=self._replied(place, params),
        )
        self._record(sent)
        return {**self._stub(place, thread), "message_id": number, "from": self._me(), "text": read.text}

    async def _do_editmessagetext(self, params: Json) -> Json:
        place = self._open(params)
        old = next((one for one in self.sent if one.message_id == as_int(params.get("message_id"))), None)
        if old is None or old.chat_id != place.id:
            raise ApiFault(400, "Bad Request: message to edit not found")
        read = readable(params)
        if self._flood_control:
            self._flood_control.check(place.id, time.monotonic())
        if (read.text, params.get("reply_markup")) == (old.text, old.reply_markup):
            raise ApiFault(400, "Bad Request: message is not modified")
        check_buttons(params.get("reply_markup"))
        old.text, old.entities, old.reply_markup = read.text, read.entities, params.get("reply_markup")
        old.source = str(params.get("text", ""))
        return {**self._stub(place, old.thread), "message_id": old.message_id, "from": self._me(), "text": read.text}

    async def _do_setmycommands(self, params: Json) -> bool:
        self.commands[menu_key(params)] = params["commands"]
        return True

    async def _do_deletemycommands(self, params: Json) -> bool:
        self.commands.pop(menu_key(params), None)
        return True

    async def _do_getmycommands(self, params: Json) -> list[Json]:
        return self.commands.get(menu_key(params), [])

    async def _do_deletewebhook(self, _: Json) -> bool:
        self.webhook = {"url": ""}
        return True

    async def _do_setwebhook(self, params: Json) -> bool:
        self.webhook = {"url": params.get("url", ""), "secret_token": params.get("secret_token")}
        return True

    async def _do_getwebhookinfo(self, _: Json) -> Json:
        return {
            "url": self.webhook["url"],
            "has_custom_certificate": False,
            "pending_update_count": self.pending,
        }

    async def _do_getchat(self, params: Json) -> Json:
        place = self._open(params)
        return {**chat_json(place), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": {}}

    async def _do_getchatmember(self, params: Json) -> Json:
        place = self._open(params)
        user = int(params["user_id"])
        if user == BOT_ID:
            usual = {"status": "administrator" if place.type == "channel" else "member"}
            rights = {"can_post_messages": True} if place.type == "channel" else {}
            return standing(self._me(), place.me or {**usual, **rights})
        rank = "administrator" if user in place.admins else "left" if user in place.outsiders else "member"
        return standing(person(user, "en"), rank)

    async def _do_getchatadministrators(self, params: Json) -> list[Json]:
        place = self._reached(params)
        if place.type == "private":
            raise ApiFault(400, "Bad Request: there are no administrators in the private chat")
        me = standing(self._me(), {"status": "administrator"})
        ranks = dict.fromkeys(sorted(place.admins), "administrator") | dict.fromkeys(
            sorted(place.admins)[-1:], "creator"
        )
        return [me, *(standing(person(user, "en"), rank) for user, rank in ranks.items())]

    async def _do_answercallbackquery(self, params: Json) -> bool:
        query = str(params["callback_query_id"])
        if query not in self._queries:
            raise ApiFault(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self._queries.discard(query)
        self.answered.append(query)
        return True

    # --- its parts --------------------------------------------------------------------------------------

    def _open(self, params: Json) -> Place:
        place = self._reached(params)
        if place.fault:
            raise place.fault
        return place

    def _reached(self, params: Json) -> Place:
        """The chat, whether it takes messages or not."""
        named = str(params.get("chat_id", "")).removeprefix("@")
        by_name = next((place.id for place in self._places.values() if named and place.username == named), None)
        chat_id = as_int(params.get("chat_id")) if by_name is None else by_name
        if chat_id is None:
            raise ApiFault(400, "Bad Request: chat not found" if named else "Bad Request: chat_id is empty")
        if chat_id not in self._places and not self.any_chat:
            raise ApiFault(400, "Bad Request: chat not found")
        return self.place(chat_id)

    def _thread(self, place: Place, params: Json) -> int | None:
        thread = as_int(params.get("message_thread_id"))
        if thread is None:
            return None
        if thread not in place.topics and not self.any_chat:
            raise ApiFault(400, "Bad Request: message thread not found")
        if not place.topics.get(thread, True):
            raise ApiFault(400, "Bad Request: TOPIC_CLOSED")
        return thread

    def _replied(self, place: Place, params: Json) -> int | None:
        """The message that one replies to, if it is still there."""
        reply = params.get("reply_parameters") or {}
        wanted = as_int(reply.get("message_id"))
        if reply and any((one.chat_id, one.message_id) == (place.id, wanted) for one in self.sent):
            return wanted
        if reply and not reply.get("allow_sending_without_reply"):
            raise ApiFault(400, "Bad Request: message to be replied not found")
        return None

    def _record(self, sent: Sent) -> None:
        self.sent.append(sent)
        if self._log:
            line = {"chat_id": sent.chat_id, "thread": sent.thread, "text": sent.text, "time": time.time()}
            with self._log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(line, ensure_ascii=False) + "\n")
                log.flush()
                os.fsync(log.fileno())

    def _stub(self, place: Place, thread: int | None = None) -> Json:
        stub: Json = {"message_id": next(self._numbers), "date": int(time.time()), "chat": chat_json(place)}
        return {**stub, "message_thread_id": thread, "is_topic_message": True} if thread else stub

    def _me(self) -> Json:
        return {"id": BOT_ID, "is_bot": True, "first_name": "Diting", "username": "diting_test_bot"}

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ring(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def _call_webhook(self, update: Json) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"] or ""}
        async with ClientSession(raise_for_status=True) as http:
            while True:  # as often as it takes, as Telegram does
                with contextlib.suppress(ClientError):
                    await (await http.post(self.webhook["url"], json=update, headers=headers)).release()
                    return
                await asyncio.sleep(0.01)


async def _run(port: int, log: Path | None) -> None:
    async with FakeBotApi(any_chat=True, log=log, port=port) as api:
        print(json.dumps({"url": api.url, "token": api.token}), flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Serve until killed. Prints the address and the token it takes as one JSON line."""
    parser = argparse.ArgumentParser(description="A Bot API server on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(arguments.port, arguments.log))


if __name__ == "__main__":
    main()
