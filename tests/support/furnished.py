"""A database with a day of news in it, for what the admin pages show: feeds well and ill, chats of both platforms,
stories that several feeds told, and deliveries in every state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert

from bot.model import FeedId, FeedRef, Notice, NoticeKind
from bot.storage import Storage
from bot.storage.tables import briefs, spendings
from tests.support.ledger import Ledger

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HOSTILE = '<img src=x onerror="document.title=1"> & </script> {{ 7 * 7 }} \u202e"\''
_FEEDS = (
    ("The Harbour Wire", "https://harbourwire.example/rss"),
    ("港灣日報", "https://harbourdaily.example/rss.xml"),
    ("Market Hours", "https://markethours.example/feed"),
    ("Daily Globe", "https://dailyglobe.example/atom.xml"),
    (HOSTILE, 'https://hostile.example/?"><b>'),
)
Story = tuple[str, str, tuple[int, ...], str]
# Title, its Chinese, and how many feeds told of it, at which hours ago.
_STORIES = (
    (
        "Envoys open second round of trilateral talks in Abu Dhabi",
        "三方會談第二輪在阿布扎比開始",
        (0, 1, 2, 2, 3),
        "trilateral talks",
    ),
    ("Harbour tunnel to close at night from April", "海底隧道四月起夜間封閉", (3, 4, 7), "隧道"),
    ("Central bank keeps interest rates where they are", "央行維持利率不變", (5, 6, 6, 9), "interest rates"),
    ("New ferry line to open in April, 25 minutes end to end", "新渡輪航線四月開航，全程25分鐘", (8, 11), "渡輪"),
    ("Typhoon Mawar turns north, ports reopen", "颱風瑪娃轉向北上，港口重開", (12, 13, 13, 15, 20), "typhoon"),
    (HOSTILE, HOSTILE, (10, 16), HOSTILE),
)


_GAVE_UP = {"state": "failed", "reason": "gave up after 5 attempts: timeout", "attempts": 5}


@dataclass(frozen=True, slots=True)
class Furnished:
    """Numbers of rows that tests and pictures ask for."""

    feed: int
    dead_feed: int
    chat: int
    blocked: int
    outsider: int
    failed: int


async def furnish(storage: Storage, now: datetime, *, hostile: bool = True) -> Furnished:
    """Fill an empty database, with what `hostile` people wrote, too. Nothing of it is due: what runs over it polls and
    sends nothing."""
    ledger = Ledger(storage, now)
    later = {"next_poll": now + DAY, "polled": now - 4 * MINUTE, "last_item": now - HOUR, "created": now - 90 * DAY}
    feeds = [
        await ledger.feed(url, title=title, language="en", **later)
        for title, url in _FEEDS
        if hostile or title != HOSTILE
    ]
    dead = await ledger.feed(
        "https://gone.example/rss", title="Evening Post", failures=9, error="HTTP 404", **later | {"polled": now - DAY}
    )
    slow = await ledger.feed("https://slow.example/rss", title="Island Radio", failures=2, error="timeout", **later)
    chats = [
        await ledger.chat(title="Mei", kind="private", created=now - 60 * DAY),
        await ledger.chat(title="港聞組 Harbour desk", chat="-100777", created=now - 40 * DAY),
        await ledger.chat(title="Market room", platform="discord", chat="4711", created=now - 9 * DAY),
        await ledger.chat(title=HOSTILE if hostile else "Reading circle", created=now - 8 * DAY, state="paused"),
    ]
    blocked = await ledger.chat(title="Old group", state="blocked", reason="blocked: bot was kicked", created=now - DAY)
    outsider = await ledger.chat(title="Stranger", admitted=False, created=now - HOUR)
    for chat in (*chats, blocked):
        for feed in (*feeds, dead, slow):
            await ledger.subscription(chat, feed)
    stories = [story for story in _STORIES if hostile or story[0] != HOSTILE]
    await _keywords(ledger, chats, stories)
    failed = await _news(storage, ledger, feeds, chats, stories)
    await _waiting(ledger, chats, feeds[0], blocked, now)
    await _spend(storage, now)
    return Furnished(feed=feeds[0], dead_feed=dead, chat=chats[1], blocked=blocked, outsider=outsider, failed=failed)


async def _keywords(ledger: Ledger, chats: list[int], stories: Sequence[Story]) -> None:
    for place, (_, _, _, keyword) in enumerate(stories):
        for chat in chats[: 1 + place % 3]:
            await ledger.keyword(chat, keyword, created=ledger.now - 30 * DAY)
    for silent in ("chess olympiad", '"lunar base"', "天文台 OR 氣象台"):
        await ledger.keyword(chats[0], silent, created=ledger.now - 50 * DAY)


async def _news(storage: Storage, ledger: Ledger, feeds: list[int], chats: list[int], stories: Sequence[Story]) -> int:
    failed, now = 0, ledger.now
    for number, (title, chinese, hours, keyword) in enumerate(stories):
        story = await ledger.story()
        for place, back in enumerate(hours):
            seen = now - back * HOUR - (7 * number + place) * MINUTE
            url = f"https://harbourwire.example/{number}/{place}"
            item = await ledger.item(
                feeds[(number + place) % len(feeds)],
                title=title if place % 2 == 0 else chinese,
                url=url,
                seen=seen,
                published=seen - timedelta(seconds=40 + 13 * place),
                story_id=story,
                told=seen,
                language="en" if place % 2 == 0 else "zh",
            )
            await _brief(storage, item, title, chinese)
            for chat in chats[:3] if place == 0 else chats[1:2]:
                done = seen + timedelta(seconds=2 + place)
                lost = chat == chats[2] and number in {2, 4}
                state = (
                    {"state": "failed", "reason": "gave up after 5 attempts: timeout", "attempts": 5} if lost else {}
                )
                row = await ledger.delivery(chat, item, keyword, created=seen, due_at=seen, finished=done, **state)
                failed = row if lost else failed
        await ledger.told(story, chats[0])
    for hour in range(24 * 28):  # what nobody asked for
        if hour % 5 and 2 < hour % 24 < 20:
            await ledger.item(feeds[0], title=f"Notes of hour {hour}", seen=now - hour * HOUR, published=None)
    return failed


async def _waiting(ledger: Ledger, chats: list[int], feed: int, blocked: int, now: datetime) -> None:
    item = await ledger.item(
        feed, title="Held for the morning", url="https://harbourwire.example/held", seen=now - HOUR
    )
    await ledger.delivery(chats[0], item, "talks", state="held", held_by="quiet", due_at=now + DAY, finished=None)
    reason = "blocked: bot was kicked"
    await ledger.delivery(blocked, item, "talks", state="failed", reason=reason, finished=now - HOUR)
    notice = Notice(kind=NoticeKind.FEED_DEAD, feed=FeedRef(id=FeedId(1), url="https://gone.example/rss", title="Post"))
    await ledger.delivery(chats[1], None, notice=notice, created=now - DAY, finished=now - DAY)


async def _brief(storage: Storage, item: int, title: str, chinese: str) -> None:
    row = {"item_id": item, "title_zh": chinese, "title_en": title, "summary_zh": chinese, "summary_en": title}
    async with storage._database.write() as connection:
        await connection.execute(insert(briefs).values(**row, made_by="model"))


async def _spend(storage: Storage, now: datetime) -> None:
    rows = [
        {"day": (now - back * DAY).date(), "tokens": 21_000 + 1700 * (back * 7 % 11), "money": 42_000 + 900 * back}
        for back in range(12)
    ]
    async with storage._database.write() as connection:
        await connection.execute(insert(spendings), rows)
