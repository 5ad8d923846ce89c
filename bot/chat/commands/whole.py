"""Topics of the catalogue taken as a whole: watched by one tap, and left by another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.chat.blocks import in_place, rows
from bot.chat.catalogue import Catalogue
from bot.chat.commands.call import Call, Parts
from bot.chat.commands.topics import find_topic, topic_label, topics
from bot.model import Button, CatalogueEntry, FoundFeed, Mode, Subscription

MOST_TOPICS = 8  # four of the five rows that Discord shows
_ALL = re.compile(r"(.+?)\s+(?:all|所有)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a topic: feeds that came, that were there before, and that were too many."""

    topic: str
    new: int = 0
    already: int = 0
    over: int = 0


def whole_topic(typed: str, entries: Sequence[CatalogueEntry]) -> str | None:
    """The topic that is meant as a whole, as by `world all`."""
    found = _ALL.fullmatch(typed)
    return find_topic(found[1], entries) if found else None


def of_topic(topic: str, entries: Sequence[CatalogueEntry]) -> list[CatalogueEntry]:
    """The feeds of a topic, each address once."""
    return list({each.url: each for each in entries if each.topic == topic}.values())


async def watch_topic(parts: Parts, call: Call, topic: str, mode: Mode) -> Taken:
    """Watch all feeds of a topic, as many as the chat may have. Those that are watched keep their mode."""
    watched = {each.feed.url for each in await parts.subscriptions.subscriptions(call.chat.id)}
    wanted = [each for each in of_topic(topic, parts.finder.catalogue()) if each.url not in watched]
    already = len(of_topic(topic, parts.finder.catalogue())) - len(wanted)
    fitting = wanted[: max(0, parts.limits.feeds - len(watched))]
    for each in fitting:
        found = FoundFeed(url=each.url, title=each.title, language=each.language)
        await parts.subscriptions.subscribe(call.chat.id, found, mode=mode, now=call.now)
    if fitting:
        parts.bell.ring("poll")
    return Taken(topic, new=len(fitting), already=already, over=len(wanted) - len(fitting))


async def leave_topic(parts: Parts, call: Call, topic: str) -> int:
    """Watch no feed of a topic any more; answer how many there were."""
    urls = {each.url for each in of_topic(topic, parts.finder.catalogue())}
    mine = [each for each in await parts.subscriptions.subscriptions(call.chat.id) if each.feed.url in urls]
    return sum([await parts.subscriptions.unsubscribe(call.chat.id, each.feed.id) for each in mine])


def topic_buttons(
    entries: Sequence[CatalogueEntry], watched: Sequence[Subscription], t: Catalogue
) -> tuple[tuple[Button, ...], ...]:
    """A button for each topic, with the number of its feeds: one that is not watched whole is watched by a tap, the
    others open."""
    urls = {each.feed.url for each in watched}
    return rows(in_place(*_choices(entries, urls, t)), width=2, most=MOST_TOPICS)


def _choices(entries: Sequence[CatalogueEntry], watched: set[str], t: Catalogue) -> Iterator[tuple[str, str]]:
    for topic in topics(entries):
        feeds = of_topic(topic, entries)
        whole = all(each.url in watched for each in feeds)
        mark = "✓ " if whole else ""
        yield f"{mark}{topic_label(topic, t)} · {len(feeds)}", f"/subscribe {topic}" + ("" if whole else " all")
