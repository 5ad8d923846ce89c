"""Tells the entries of a document that a feed's stored items have from those that may be new."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias

from bot.feeds.decide import Sighting
from bot.feeds.document import Document
from bot.feeds.entry import names_of
from bot.feeds.identity import content_key, name_keys
from bot.model import FeedId
from bot.work.aside import Aside
from bot.work.together import Together

KnownKeys: TypeAlias = Together[tuple[FeedId, Collection[str]], set[str]]


async def sift(
    known_keys: KnownKeys, feed: FeedId, document: Document, aside: Aside
) -> tuple[list[Sighting], set[str]]:
    """A sighting of each entry, and those of their keys that name stored items of the feed.

    Only entries whose names nobody knows become Items: cleaning their texts is most of the work of a poll.
    """
    names = name_keys([(*names_of(entry), entry.title) for entry in document.entries])
    known = await known_keys((feed, {key for keys in names for key in keys}))
    unknown = [place for place, keys in enumerate(names) if known.isdisjoint(keys)]
    sightings = [Sighting(keys) for keys in names]
    if unknown:
        items = await aside(document.items, unknown)
        for place, item in zip(unknown, items, strict=True):
            keys = names[place] + content_key(item, names[place]) if item else ()
            sightings[place] = Sighting(keys, item)
        known |= await known_keys((feed, {key for place in unknown for key in sightings[place].keys}))
    return sightings, known
