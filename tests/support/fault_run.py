"""Deliveries to both fake platforms while a share of the messages goes wrong: what became of each, and how late."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route
from sqlalchemy import select

from bot.app.clock import utc_now
from bot.chat.discord.messenger import DiscordMessenger
from bot.chat.telegram import Pace, Patience, TelegramMessenger, connected
from bot.chat.wording import CHARACTERS
from bot.model import (
    AlertDecision,
    Brief,
    Chat,
    ChatAddress,
    ChatKind,
    ChatState,
    FeedChange,
    FoundFeed,
    Item,
    Locale,
    MadeBy,
    Mode,
    NewDelivery,
    NewItem,
    Platform,
)
from bot.ports import Messenger
from bot.storage import Storage, open_storage
from bot.storage.tables import chats as chat_table
from bot.storage.tables import deliveries as delivery_table
from bot.storage.tables import items as item_table
from bot.web.metrics import PrometheusMeter
from bot.work.deliver import Deliverer
from bot.work.loop import Loop
from bot.work.pace import Limits, Pacer
from bot.work.troubles import Troubles
from tests.support.bot_api import FakeBotApi
from tests.support.discord_api import DiscordApi
from tests.support.fault_plan import DiscordFaults, FaultPlan, TelegramFaults
from tests.support.polls import record_poll

OWNER = 900  # a person who has a private chat with the bot and manages every group
LEASE = timedelta(minutes=5)
_TITLE = re.compile(r"Ferry (\d+) sails")


@dataclass(frozen=True, kw_only=True)
class Run:
    """What to do: so many deliveries, so many of them due a second; `quick` for a test that can't wait."""

    deliveries: int = 2000
    share: float = 0.2
    per_second: float = 10
    chats: int = 400
    seed: int = 1
    patience: timedelta = timedelta(seconds=1)
    answer: timedelta = timedelta(seconds=1.5)
    pace: float = 1  # so many times the documented limits


@dataclass
class Outcome:
    """What became of it. `delays` are the seconds from due to accepted of chats that met no fault."""

    ends: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    open: int = 0
    unexplained: int = 0
    lost: int = 0
    telegram_repeats: int = 0
    discord_repeats: int = 0
    messages: int = 0
    delays: list[float] = field(default_factory=list)
    seconds: float = 0

    def quantile(self, share: float) -> float:
        """Of the delays."""
        ordered = sorted(self.delays) or [0.0]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Accepted:
    """When which chat's server took which item, by our number of the chat."""

    def __init__(self) -> None:
        self.times: dict[tuple[str, int], list[float]] = {}

    def note(self, chat: str, text: str, moment: float) -> None:
        """A message was taken."""
        if found := _TITLE.search(text):
            self.times.setdefault((chat, int(found[1])), []).append(moment)


class FaultRun:
    """One run on a fresh database."""

    def __init__(self, run: Run, storage: Storage, telegram: FakeBotApi, discord_api: DiscordApi) -> None:
        self._run = run
        self._storage = storage
        self._plan = FaultPlan(run.share, run.seed, late=2 * run.answer.total_seconds())
        self._old_ids: dict[int, int] = {}
        self._faults = TelegramFaults(self._plan, telegram, chat=self._known_as)
        self._discord_faults = DiscordFaults(self._plan, discord_api)
        self._api, self._discord = telegram, discord_api
        self._accepted = Accepted()
        self._chats: list[Chat] = []
        self._items = itertools.count(1)
        self._troubles = Troubles(utc_now)
        self.meter = PrometheusMeter()

    async def run(self, messengers: list[Messenger]) -> Outcome:
        """Have everything delivered, and say what became of it."""
        began = time.monotonic()
        self._api.interfere = self._interfere
        self._discord.trouble = self._discord_faults.trouble
        await self._settle()
        services = [self._deliverer(one) for one in messengers]
        loops = [Loop("deliver", service.step, utc_now) for service in services]
        async with asyncio.TaskGroup() as group:
            tick = group.create_task(self._tick(loops))
            tasks = [group.create_task(loop.run()) for loop in loops]
            await self._owe(loops)
            await self._finish()
            for loop in loops:
                loop.stop()
            await asyncio.gather(*tasks)
            tick.cancel()
        await asyncio.gather(*(service.drain() for service in services))
        outcome = await self._outcome()
        outcome.seconds = time.monotonic() - began
        return outcome

    # --- the platforms ----------------------------------------------------------------------------------

    def _known_as(self, chat: int) -> str:
        """A chat by the id it had first."""
        for old, new in self._faults.moved.items():
            if new == chat:
                return self._known_as(old)
        return str(chat)

    async def _interfere(self, request: web.Request, method: str, params: dict[str, Any], proceed: Any) -> Any:
        async def noted() -> Any:
            answer = await proceed()
            if method == "sendMessage":
                self._accepted.note(self._known_as(int(params["chat_id"])), str(params["text"]), time.time())
            return answer

        return await self._faults.interfere(request, method, params, noted)

    # --- what is owed -----------------------------------------------------------------------------------

    async def _settle(self) -> None:
        """Chats of every kind on both platforms, and one feed."""
        self._api.place(OWNER)
        owner = ChatAddress(Platform.TELEGRAM, str(OWNER))
        await self._open(owner, ChatKind.PRIVATE)
        for number in range(self._run.chats):
            self._chats.append(await self._open(*self._place(number)))
        found = FoundFeed(url="https://a.example/feed", title="Harbour", site="", language="en")
        # A feed is polled while somebody follows it: the one that does is never written to, so that no fault stops it.
        reader = await self._open(ChatAddress(Platform.CONSOLE, "reader"), ChatKind.PRIVATE)
        await self._storage.subscriptions.subscribe(reader.id, found, mode=Mode.MATCHING, now=utc_now())

    def _place(self, number: int) -> tuple[ChatAddress, ChatKind]:
        match number % 5:
            case 0:
                self._api.place(1000 + number)
                return ChatAddress(Platform.TELEGRAM, str(1000 + number)), ChatKind.PRIVATE
            case 1:
                self._api.place(-(1000 + number), "group").admins.add(OWNER)
                return ChatAddress(Platform.TELEGRAM, str(-(1000 + number))), ChatKind.GROUP
            case 2:
                forum = -1_000_000_000_000 - number
                self._api.place(forum, topics=(7,)).admins.add(OWNER)
                return ChatAddress(Platform.TELEGRAM, str(forum), "7"), ChatKind.GROUP
        return ChatAddress(Platform.DISCORD, str(5_000_000 + number)), ChatKind.GROUP

    async def _open(self, address: ChatAddress, kind: ChatKind) -> Chat:
        return await self._storage.chats.open_chat(address, kind=kind, title="Chat", hint=Locale.EN, now=utc_now())

    async def _owe(self, loops: list[Loop]) -> None:
        """Wave by wave, one item to some of the chats in turn. Chats that were stopped are taken up again meanwhile."""
        size = max(1, round(self._run.per_second / 2))
        turn = itertools.cycle(self._chats)
        left = self._run.deliveries
        while left > 0:
            began = time.monotonic()
            takers = [next(turn) for _ in range(min(size, left, len(self._chats)))]
            await self._alert(takers)
            left -= len(takers)
            for loop in loops:
                loop.ring()
            await self._take_up_again(takers)
            await asyncio.sleep(max(0.0, size / self._run.per_second - (time.monotonic() - began)))

    async def _alert(self, takers: list[Chat]) -> None:
        now, name = utc_now(), f"Ferry {next(self._items)} sails"
        [due] = await self._storage.feeds.claim_feeds(now=now, limit=1, lease=LEASE)
        item = Item(guid=name, url=f"https://a.example/{name.split()[1]}", title=name, published=now)
        change = FeedChange(
            id=due.id,
            lease=due.lease,
            next_poll=now,
            succeeded=True,
            items=(NewItem(item=item, keys=(f"guid:{name}",)),),
        )
        await record_poll(self._storage.feeds, change, now=now)
        [stored] = await self._storage.items.claim_items(now=now, limit=1, lease=LEASE)
        brief = Brief(title_zh="", title_en=name, summary_zh="", summary_en="At dawn.", made_by=MadeBy.FEED)
        deliveries = tuple(NewDelivery(chat=chat.id) for chat in takers)
        decision = AlertDecision(item=stored.id, lease=stored.lease, brief=brief, deliveries=deliveries)
        await self._storage.items.commit_alerts(decision, now=utc_now())

    async def _take_up_again(self, served: list[Chat]) -> None:
        """The people of chats that were stopped mend them and say /start; not of those whose turn was just now."""
        async with self._storage._database.read() as connection:
            stopped = chat_table.c.state.in_([ChatState.BLOCKED, ChatState.GONE]), chat_table.c.reason != "moved"
            rows = (await connection.execute(select(chat_table).where(*stopped))).all()
        just_now = {chat.id for chat in served}
        for row in rows:
            if row.id in just_now:
                continue
            if row.platform == Platform.TELEGRAM:
                self._faults.heal(int(row.chat))
            else:
                self._discord_faults.heal(row.chat)
            await self._open(ChatAddress(Platform(row.platform), row.chat, row.thread), ChatKind(row.kind))

    # --- the end ----------------------------------------------------------------------------------------

    def _deliverer(self, messenger: Messenger) -> Deliverer:
        is_telegram = messenger.platform is Platform.TELEGRAM
        return Deliverer(
            outbox=self._storage.outbox,
            messenger=messenger,
            pacer=Pacer(self._limits(telegram=is_telegram)),
            meter=self.meter,
            clock=utc_now,
            lease=timedelta(minutes=1),
            patience=self._run.patience if is_telegram else timedelta(),
            wording=CHARACTERS,
            watch=self._troubles,
        )

    def _limits(self, *, telegram: bool) -> Limits:
        pace = self._run.pace
        if telegram:
            return Limits(per_second=30 * pace, chat_per_second=pace, group_per_minute=20 * pace)
        return Limits(per_second=40 * pace)

    async def _tick(self, loops: list[Loop]) -> None:
        while True:
            await asyncio.sleep(0.1)
            for loop in loops:
                loop.ring()

    async def _finish(self) -> None:
        due = delivery_table.c.state == "due"
        while True:
            async with self._storage._database.read() as connection:
                if (await connection.execute(select(delivery_table.c.id).where(due).limit(1))).first() is None:
                    return
            await asyncio.sleep(0.05)

    async def _outcome(self) -> Outcome:
        outcome = Outcome(faults=self._plan.done, messages=self._plan.messages)
        for channel, body, moment in self._discord.taken:
            self._accepted.note(channel, str(body), moment)
        first = {chat.id: self._known_as(int(chat.address.chat)) for chat in self._chats}
        joined = delivery_table.outerjoin(item_table)
        columns = (delivery_table, item_table.c.title)
        async with self._storage._database.read() as connection:
            rows = (await connection.execute(select(*columns).select_from(joined))).all()
        for row in rows:
            outcome.ends[row.state] += 1
            outcome.open += row.state not in {"sent", "failed"}
            if row.state == "failed":
                outcome.unexplained += not row.reason
                outcome.reasons[re.sub(r"\d{2,}", "N", row.reason)] += 1
            if row.title and row.state == "sent":
                self._judge(outcome, row, first[row.chat_id])
        outcome.telegram_repeats = self._repeats(telegram=True)
        outcome.discord_repeats = self._repeats(telegram=False)
        return outcome

    def _judge(self, outcome: Outcome, row: Any, chat: str) -> None:
        taken = self._accepted.times.get((chat, int(row.title.split()[1])))
        if not taken:
            outcome.lost += 1
        elif chat not in self._plan.hit:
            outcome.delays.append(taken[0] - row.created.timestamp())

    def _repeats(self, *, telegram: bool) -> int:
        return sum(
            len(times) - 1
            for (chat, _), times in self._accepted.times.items()
            if telegram is not chat.startswith("5000")
        )


@asynccontextmanager
async def _on_discord(api: DiscordApi, token: str) -> AsyncIterator[discord.Client]:
    """The library's client, logged in to the fake. Its addresses are put back at the end."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    await api.start()
    Route.BASE = f"{api.base}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(api.base.replace("http", "ws") + "/gateway")
    client = discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30.0)
    try:
        await client.login(token)
        yield client
    finally:
        await client.close()
        await api.stop()
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


async def fault_run(run: Run, folder: Path) -> Outcome:
    """Do it on an SQLite file in the folder, through the real adapters."""
    discord_api = DiscordApi("a.token")
    pace = Pace(per_second=0, group_per_minute=0)  # the deliverer's own pace is what is tried
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(FakeBotApi())
        storage = await stack.enter_async_context(open_storage(f"sqlite:///{folder}/diting.db"))
        await storage.upgrade()
        patience = Patience(connect=timedelta(seconds=5), answer=run.answer)
        bot = await stack.enter_async_context(connected(api.token, api.url, pace=pace, patience=patience))
        client = await stack.enter_async_context(_on_discord(discord_api, "a.token"))
        work = FaultRun(run, storage, api, discord_api)
        meter = work.meter
        return await work.run(
            [
                TelegramMessenger(bot, meter=meter),
                DiscordMessenger(lambda: client, deadline=run.answer, meter=meter),
            ]
        )
