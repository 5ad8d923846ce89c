"""Tells the entries of a document that a feed's stored items have from those that may be new."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeAlias

from bot.feeds.decide import Sighting
from bot.feeds.document import Document
from bot.feeds.identity import content_key
from bot.model import FeedId
from bot.work.aside import Aside
from bot.work.together import Together

SMALL = 10_000  # characters of markup; to clean them takes half a millisecond, and the way to a thread and back as long

# Entries cleaned in one go, after which the event loop has the interpreter for itself.
SLICE = 20

KnownKeys: TypeAlias = Together[tuple[FeedId, Collection[str]], set[str]]


async def sift(
    known_keys: KnownKeys, feed: FeedId, document: Document, aside: Aside
) -> tuple[list[Sighting], set[str]]:
    """A sighting of each entry, and those of their keys that name stored items of the feed.

    Only entries whose names nobody knows become Items: cleaning their texts is most of the work of a poll.
    """
    names = document.names
    known = await known_keys((feed, {key for keys in names for key in keys}))
    unknown = [place for place, keys in enumerate(names) if known.isdisjoint(keys)]
    sightings = [Sighting(keys) for keys in names]
    if unknown:
        made = await _made(document, unknown, aside)
        for place, sighting in zip(unknown, made, strict=True):
            sightings[place] = sighting
        known |= await known_keys((feed, {key for sighting in made for key in sighting.keys}))
    return sightings, known


async def _made(document: Document, places: Sequence[int], aside: Aside) -> list[Sighting]:
    if sum(document.entries[place].size for place in places) <= SMALL:
        return _sightings(document, places)
    made: list[Sighting] = []
    for start in range(0, len(places), SLICE):
        made += await aside(_sightings, document, places[start : start + SLICE])
    return made


def _sightings(document: Document, places: Sequence[int]) -> list[Sighting]:
    """With Items, and the keys of their contents."""
    names = (document.names[place] for place in places)
    items = document.items(places)
    return [
        Sighting(keys + content_key(item, keys) if item else (), item) for keys, item in zip(names, items, strict=True)
    ]
