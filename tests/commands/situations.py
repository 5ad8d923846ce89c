"""The situations that people meet the bot in. Each adds to a chat, so that several make one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.chat.content import content_message
from bot.model import (
    ChatState,
    DeliveryDue,
    FoundFeed,
    Locale,
    Mode,
    SameStory,
    Shared,
    StoryKind,
    StoryReason,
    Why,
)
from tests.commands.row import Given, Scene
from tests.commands.stage import MOST_FEEDS, MOST_KEYWORDS, MOST_REGEXES

QUERY = "trilateral talks"
MATCHED = Why(keyword=QUERY, matched=("Trilateral", "talks"))
TITLE = "Trilateral talks held in Abu Dhabi"
TEXT = "Envoys of three countries met for two hours."
DAY = timedelta(days=1)


async def watched(scene: Scene) -> None:
    """Two feeds: one that was read, with three items, and one that was not read yet."""
    chat = scene.chat.id
    scene.values["feed"] = first = await scene.room.watch(chat, "Harbour Wire")
    scene.values["feed2"] = await scene.room.watch(chat, "港灣日報", language="zh")
    news = [scene.room.item(title, "An ordinary day.") for title in ("A ferry sails", "Rain comes", "Markets open")]
    await scene.room.read(first, *news, ago=timedelta(hours=2))
    scene.values["link"] = news[0].url
    await scene.room.alert(chat, first, wanted=False, ago=timedelta(hours=2))


async def unread(scene: Scene) -> None:
    """A feed that was not read yet."""
    scene.values["feed"] = await scene.room.watch(scene.chat.id, "Harbour Wire")


async def nothing_in_it(scene: Scene) -> None:
    """A feed that was read and had nothing."""
    scene.values["feed"] = feed = await scene.room.watch(scene.chat.id, "Harbour Wire")
    await scene.room.read(feed)


async def everything(scene: Scene) -> None:
    """A feed that the chat takes whole."""
    scene.values["feed"] = await scene.room.watch(scene.chat.id, "Harbour Wire", mode=Mode.EVERYTHING)


async def from_catalogue(scene: Scene) -> None:
    """A feed of the catalogue, which has a short name."""
    entry = scene.catalogue[0]
    scene.values["name"] = entry.name
    scene.values["feed"] = await scene.room.watch(scene.chat.id, entry.title, url=entry.url)


async def twins(scene: Scene) -> None:
    """Two feeds with one title."""
    for name in ("feed", "feed2"):
        scene.values[name] = await scene.room.watch(scene.chat.id, "Harbour Wire")


def failing(error: str, *, gone: bool = False) -> Given:
    """A feed that can't be read, for this reason."""

    async def given(scene: Scene) -> None:
        scene.values["feed"] = feed = await scene.room.watch(scene.chat.id, "Harbour Wire")
        await scene.room.read(feed, error=error, gone=gone)

    return given


async def many_feeds(scene: Scene) -> None:
    """More feeds than a page shows, and one fewer than a chat may have."""
    for number in range(1, MOST_FEEDS):
        scene.values["feed"] = await scene.room.watch(scene.chat.id, f"Paper {number}")


async def full_of_feeds(scene: Scene) -> None:
    """As many feeds as a chat may have."""
    await many_feeds(scene)
    await scene.room.watch(scene.chat.id, "The last paper")


async def keyword(scene: Scene) -> None:
    """One keyword."""
    scene.values["keyword"] = (await scene.room.keyword(scene.chat.id, QUERY)).id


async def two_keywords(scene: Scene) -> None:
    """Two keywords."""
    await keyword(scene)
    scene.values["keyword2"] = (await scene.room.keyword(scene.chat.id, "ferry")).id


async def many_keywords(scene: Scene) -> None:
    """More keywords than a page shows."""
    await scene.room.keywords(scene.chat.id, *(f"ferry {number}" for number in range(1, MOST_KEYWORDS)))


async def full_of_keywords(scene: Scene) -> None:
    """As many keywords as a chat may have."""
    await many_keywords(scene)
    await scene.room.keyword(scene.chat.id, "the last ferry")


async def full_of_regexes(scene: Scene) -> None:
    """As many regular expressions as a chat may have, and a keyword without one."""
    for number in range(MOST_REGEXES):
        await scene.room.keyword(scene.chat.id, f"/ferr(y|ies){number}/")
    await keyword(scene)


async def long_keyword(scene: Scene) -> None:
    """A keyword that is too long for a button."""
    query = " ".join(f"word{number}" for number in range(12))
    scene.values["keyword"] = (await scene.room.keyword(scene.chat.id, query)).id


async def broad_keyword(scene: Scene) -> None:
    """So many items with one word that a keyword of it would flood the chat."""
    feed = await scene.room.watch(scene.chat.id, "Harbour Wire")
    await scene.room.read(feed, *(scene.room.item(f"Ferry {number} sails") for number in range(220)), backlog=True)


async def paused(scene: Scene) -> None:
    """Alerts are paused."""
    await scene.room.storage.chats.set_paused(scene.chat.id, paused=True)


def chose(**settings: object) -> Given:
    """The chat chose these settings."""

    async def given(scene: Scene) -> None:
        scene.chat = replace(scene.chat, settings=replace(scene.chat.settings, **settings))
        await scene.room.storage.chats.save_settings(scene.chat.id, scene.chat.settings)

    return given


def speaks(locale: Locale) -> Given:
    """The chat chose its language."""
    return chose(locale=locale)


# --- alerts, and items that led to none -------------------------------------------------------------------


async def _item(scene: Scene, title: str = TITLE, text: str = TEXT, **read: object) -> None:
    """An item of the first feed, of which nothing was decided yet."""
    item = scene.room.item(title, text)
    scene.values["link"] = item.url
    await scene.room.read(scene.values["feed"], item, **read)


async def _alerted(scene: Scene, **more: object) -> None:
    found = await scene.room.alert(scene.chat.id, scene.values["feed"], **({"why": (MATCHED,)} | more))
    scene.values["item"] = next(one.id for one in found if one.item.url == scene.values["link"])


async def _mine(scene: Scene) -> list[DeliveryDue]:
    due = await scene.room.due(scene.place.address.platform)
    return [one for one in due if one.chat.id == scene.chat.id]


async def _sent(scene: Scene) -> None:
    for due in await _mine(scene):
        message = content_message(due.content, due.chat, now=scene.room.clock())
        scene.values["message"] = number = await scene.driver.post(scene.place, message)
        scene.values["delivery"] = due.id
        await scene.room.sent(due, number)


async def told(scene: Scene) -> None:
    """An alert was sent, and stands in the chat."""
    await watched(scene)
    await keyword(scene)
    await _item(scene)
    await _alerted(scene)
    await _sent(scene)


async def told_whole(scene: Scene) -> None:
    """An alert of a feed that the chat takes whole was sent."""
    await everything(scene)
    await _item(scene)
    await _alerted(scene, why=())
    await _sent(scene)


async def retold(scene: Scene) -> None:
    """The story of an item was told here by an earlier alert."""
    await told(scene)
    first = scene.values["item"]
    trail = await scene.room.storage.trails.trail(scene.chat.id, first)
    [member] = [one for one in await _members(scene) if one.item == first]
    await _item(scene, "Talks of three held in Abu Dhabi")
    same = SameStory(
        story=member.story,
        item=first,
        kind=StoryKind.EVENT,
        score=0.9,
        reasons=(StoryReason(shared=Shared.NAMES, words=("Abu Dhabi",)),),
    )
    await _alerted(scene, story=member.story, same=same)
    scene.values["told_link"] = trail.item.item.url


async def _members(scene: Scene) -> list:
    since = scene.room.clock() - DAY
    return list(await scene.room.storage.items.recent_stories(since=since))


async def waiting(scene: Scene) -> None:
    """An alert waits to be sent."""
    await watched(scene)
    await keyword(scene)
    await _item(scene)
    await _alerted(scene)


async def tried(scene: Scene) -> None:
    """An alert waits after a try that failed."""
    await waiting(scene)
    for due in await _mine(scene):
        later = scene.room.clock() + timedelta(minutes=2)
        await scene.room.storage.outbox.delivery_retry(due, at=later, reason="Bad Gateway")


async def failed(scene: Scene) -> None:
    """An alert could not be sent."""
    await waiting(scene)
    for due in await _mine(scene):
        await scene.room.storage.outbox.delivery_failed(due, reason="too old", now=scene.room.clock())


async def digest(scene: Scene) -> None:
    """Twelve alerts waited so long that they came together in one message."""
    scene.values["feed"] = feed = await scene.room.watch(scene.chat.id, "Harbour Wire")
    await keyword(scene)
    news = [scene.room.item(f"Trilateral talks, day {n}", TEXT, age=30 * DAY / 24) for n in range(1, 13)]
    scene.values["link"] = news[-1].url
    await scene.room.read(feed, *news, ago=timedelta(hours=30))
    await _alerted(scene, ago=timedelta(hours=30))
    await _sent(scene)


async def earlier(scene: Scene) -> None:
    """An item was there before the chat watched its feed."""
    await unread(scene)
    await _item(scene, backlog=True)


async def queued(scene: Scene) -> None:
    """An item came and was not looked at yet."""
    await unread(scene)
    await keyword(scene)
    await _item(scene)


async def unmatched(scene: Scene) -> None:
    """An item came and no keyword matched."""
    await watched(scene)
    await keyword(scene)


async def later(scene: Scene) -> None:
    """A keyword that matches was added after the item came."""
    await unread(scene)
    await _item(scene)
    await scene.room.alert(scene.chat.id, scene.values["feed"], wanted=False)
    scene.values["keyword"] = (await scene.room.keyword(scene.chat.id, QUERY, since=timedelta())).id


async def missed(scene: Scene) -> None:
    """An item came that matches, and no alert was made."""
    await unread(scene)
    await keyword(scene)
    await _item(scene)
    await scene.room.alert(scene.chat.id, scene.values["feed"], wanted=False)


async def elsewhere(scene: Scene) -> None:
    """An item came with a feed of the catalogue, which another chat watches."""
    entry = scene.catalogue[0]
    other = await scene.room.storage.chats.open_chat(
        replace(scene.place.address, thread="elsewhere"),
        kind=scene.place.kind,
        title="Another chat",
        hint=Locale.EN,
        now=scene.room.clock(),
    )
    scene.values["feed"] = await scene.room.watch(other.id, entry.title, url=entry.url)
    await _item(scene)
    await scene.room.storage.outbox.stop_chat(other.id, state=ChatState.GONE, reason="", now=scene.room.clock())


async def removed(scene: Scene) -> None:
    """An item came so long ago that it is kept no more."""
    scene.values["feed"] = await scene.room.watch(scene.chat.id, "Harbour Wire", since=90 * DAY)
    await _item(scene, ago=60 * DAY)
    await scene.room.alert(scene.chat.id, scene.values["feed"], wanted=False, ago=60 * DAY)
    await scene.room.read(scene.values["feed"])
    await scene.room.storage.purge(scene.room.clock(), 30 * DAY)


def page_with(*titles: str) -> Given:
    """A page at {address} that leads to feeds of these titles."""

    async def given(scene: Scene) -> None:
        number = scene.chat.id
        scene.pages[scene.values["address"]] = [
            FoundFeed(url=f"https://found{number}-{place}.example/rss", title=title, site="https://found.example")
            for place, title in enumerate(titles)
        ]

    return given


async def long_page(scene: Scene) -> None:
    """A page at {address}, itself too long for a button, that leads to two feeds with long addresses."""
    scene.values["address"] += "/long" * 12
    found = [FoundFeed(url=f"https://long.example/{n}/{'x' * 60}", title=f"Paper {n}") for n in range(2)]
    scene.pages[scene.values["address"]] = found
