"""How late alerts are when many items match at once and the language model is slow, and what is asked of the model.

The whole program runs, on a database of its own: items come in evenly, each asked for by one of fifty chats, a model on
loopback answers after a while, and a messenger notes when each alert was sent and when it was edited. `at once` is how
many calls the model is sent at a time (BRIEF_CONCURRENCY), `budget` how many tokens it may cost (0: no limit).

Run: python -m bench.briefs [ITEMS [SECONDS [ANSWER [FOLDER]]]]
e.g. 1000 60 3 FOLDER: a thousand in a minute, answers after 3 s, articles of a folder of corpora and not made-up ones.
Reports of a story that a chat was told already are no alerts of their own.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import web

from bench.texts import items_of, made_up
from bot.app.clock import utc_now
from bot.app.parts import Core, open_core
from bot.app.program import Program
from bot.briefs.shorten import shorten_title
from bot.log import configure_logging
from bot.model import (
    ChatAddress,
    ChatKind,
    FeedChange,
    FoundFeed,
    Item,
    Language,
    Locale,
    Message,
    Mode,
    NewItem,
    Platform,
)
from bot.settings import Settings

CHATS = 50
QUIET = 12.0  # seconds without news after which nothing more is to come
RUNS = ((64, 0), (4, 0), (64, 300_000))  # at once, budget
BUDGET = "model_tokens_a_day"
TOLD = "的新聞"
_NAME = re.compile(r"News \d+:")


def name_in(text: str) -> str:
    """The name that every item's title begins with."""
    found = _NAME.search(text)
    return found.group() if found else ""


@dataclass
class Asked:
    """What the model was asked for."""

    calls: Counter[str] = field(default_factory=Counter)
    most: int = 0
    tokens: int = 0


class SlowModel:
    """Answers each article with its own words and a line of Chinese, after `answer` seconds, in its own process."""

    def __init__(self, answer: float, titles: dict[str, Item], pipe: Connection) -> None:
        self._answer = answer
        self._titles = titles
        self._pipe = pipe
        self._asked = Asked()
        self._under_way = 0

    async def serve(self) -> None:
        """Tell the port, serve until anything comes by the pipe, and tell what was asked for."""
        application = web.Application()
        application.router.add_post("/v1/chat/completions", self._complete)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._pipe.send(runner.addresses[0][1])
        await asyncio.to_thread(self._pipe.recv)
        self._pipe.send(self._asked)
        await runner.cleanup()

    async def _complete(self, request: web.Request) -> web.Response:
        body = await request.json()
        prompt = "\n".join(message["content"] for message in body["messages"])
        title = name_in(prompt)
        self._asked.calls[title] += 1
        self._under_way += 1
        self._asked.most = max(self._asked.most, self._under_way)
        await asyncio.sleep(self._answer)
        self._under_way -= 1
        used = {"prompt_tokens": len(prompt) // 4, "completion_tokens": 120}
        self._asked.tokens += sum(used.values())
        message = {"role": "assistant", "content": json.dumps(self._brief(title), ensure_ascii=False)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = used | {"total_tokens": sum(used.values())}
        return web.json_response({"object": "chat.completion", "choices": [choice], "usage": usage})

    def _brief(self, title: str) -> dict[str, str]:
        rng = Random(title)
        words = ["".join(chr(0x4E00 + rng.randrange(5_000)) for _ in range(8)) for _ in range(3)]
        item = self._titles[title]
        sentence = " ".join(item.text.split())[:300].rpartition(". ")[0] + "."
        return {
            "title_en": shorten_title(item.title, Language.EN),
            "summary_en": sentence,
            "title_zh": f"News：{words[0]}{TOLD}",  # a half without a word of the other would be refused
            "summary_zh": f"{words[1]}{words[2]}{TOLD}。",
        }


def serve_model(answer: float, titles: dict[str, Item], pipe: Connection) -> None:
    asyncio.run(SlowModel(answer, titles, pipe).serve())


@contextmanager
def slow_model(answer: float, news: list[Item]) -> Iterator[Connection]:
    """The model's process: by the pipe comes its port, and, once something was sent, what it was asked for."""
    ours, theirs = multiprocessing.Pipe()
    titles = {name_in(item.title): item for item in news}
    process = multiprocessing.get_context("spawn").Process(target=serve_model, args=(answer, titles, theirs))
    process.start()
    try:
        yield ours
    finally:
        process.join(5)
        process.kill()


@dataclass
class Post:
    """A console that notes when each alert came and was edited, by the title of its item."""

    platform: Platform = Platform.CONSOLE
    sent: dict[str, float] = field(default_factory=dict)
    plain: set[str] = field(default_factory=set)
    edited: dict[str, float] = field(default_factory=dict)
    twice: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def messenger(self) -> Post:
        return self

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def send(self, _address: ChatAddress, message: Message, *, key: str, reply_to: str = "") -> str:
        title, plain = _read(message)
        self.twice += title in self.sent
        self.sent[title] = time.monotonic()
        self.heard.set()
        if plain:
            self.plain.add(title)
        return f"{key}{reply_to}"

    async def edit(self, _address: ChatAddress, _message_id: str, message: Message) -> None:
        title, _ = _read(message)
        self.edited[title] = time.monotonic()
        self.heard.set()


def _read(message: Message) -> tuple[str, bool]:
    """The title of an alert's item, and whether nobody translated it."""
    lines = ["".join(span.text for span in block.spans) for block in message.blocks]
    whole = "\n".join(lines)
    return name_in(whole), TOLD not in whole


def items(count: int, folder: Path | None) -> list[Item]:
    """English articles: real ones of a folder of corpora, or made-up ones, no two of them alike."""
    found = items_of(folder) if folder else made_up(Random(7), count * 2)
    made = [item for item in found if item.language.startswith("en")]
    Random(7).shuffle(made)
    return [
        Item(guid=str(n), url=f"https://a.example/{n}", title=f"News {n}: {item.title}", text=item.text, language="en")
        for n, item in enumerate(made[:count])
    ]


async def prepare(core: Core) -> None:
    for number in range(CHATS):
        address = ChatAddress(Platform.CONSOLE, str(number))
        now = utc_now()
        chat = await core.storage.chats.open_chat(address, kind=ChatKind.GROUP, title="", hint=Locale.EN, now=now)
        found = FoundFeed(url=f"https://a.example/{number}", title="A")
        await core.storage.subscriptions.subscribe(chat.id, found, mode=Mode.EVERYTHING, now=now)


async def publish(core: Core, news: list[Item], seconds: float) -> dict[str, float]:
    """Have the feeds bring the items, evenly over the time; answer when each came, by its title."""
    came, begun = dict[str, float](), time.monotonic()
    for number, item in enumerate(news):
        await asyncio.sleep(max(0, begun + seconds * number / len(news) - time.monotonic()))
        now = utc_now()
        (feed,) = await core.storage.feeds.claim_feeds(now=now + timedelta(days=1), limit=1, lease=timedelta(minutes=1))
        new = (NewItem(item=item, keys=(item.guid,)),)
        change = FeedChange(id=feed.id, lease=feed.lease, next_poll=now, succeeded=True, items=new)
        await core.storage.feeds.record_polls([change], now=now)
        came[name_in(item.title)] = time.monotonic()
        core.bells.ring("alert")
    return came


async def settle(post: Post) -> None:
    """Wait until nothing more happens."""
    while True:
        try:
            async with asyncio.timeout(QUIET):
                await post.heard.wait()
            post.heard.clear()
        except TimeoutError:
            return


async def run(news: list[Item], seconds: float, answer: float, at_once: int, budget: int) -> str:
    post = Post()
    limits: dict[str, Any] = {BUDGET: budget} if budget else {}
    with tempfile.TemporaryDirectory() as folder, slow_model(answer, news) as pipe:
        settings = Settings(
            database_url=f"sqlite:///{Path(folder) / 'bench.db'}",
            model_url=f"http://127.0.0.1:{pipe.recv()}/v1",
            model_name="slow",
            brief_concurrency=at_once,
            full_text="off",
            web_port=0,
            **limits,
        )
        async with open_core(settings) as core:
            await prepare(core)
            stop = asyncio.Event()
            program = asyncio.create_task(Program(core, [post]).run(stop))
            came = await publish(core, news, seconds)
            await settle(post)
            stop.set()
            await program
        pipe.send("enough")
        asked: Asked = pipe.recv()
    late = sorted(post.sent[title] - came[title] for title in post.sent)
    edits = [post.edited[title] - came[title] for title in post.edited]
    return (
        f"{at_once:>7}{budget:>9,}{len(late):>8,}{statistics.median(late):>9.2f}{late[int(0.99 * len(late))]:>8.2f}"
        f"{late[-1]:>8.2f}{len(late) - len(post.plain):>9,}{len(edits):>9,}{max(edits, default=0):>9.1f}"
        f"{asked.calls.total():>8,}{max(asked.calls.values(), default=0):>9}{asked.most:>7}{asked.tokens:>11,}"
        f"{post.twice:>7}"
    )


def main(arguments: list[str]) -> None:
    figures = arguments[:3]
    count, seconds, answer = (*map(float, figures), *(30, 3, 0.3)[len(figures) :])
    configure_logging("error", "console")
    news = items(int(count), Path(arguments[3]) if arguments[3:] else None)
    print(f"{len(news):,} items in {seconds:g} s, a model that answers after {answer:g} s; seconds from item to alert")
    print(
        "at once   budget  alerts   median     p99     max  by model   edited  longest   calls  an item"
        "   most     tokens  twice"
    )
    for at_once, budget in RUNS:
        print(asyncio.run(run(news, seconds, answer, at_once, budget)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
