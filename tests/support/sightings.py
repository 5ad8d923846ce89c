"""The keys and sightings of items, as a poll makes them of a document's entries."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.feeds.decide import Sighting
from bot.feeds.identity import content_key, name_keys
from bot.model import Item


def identity_keys(items: Sequence[Item]) -> list[tuple[str, ...]]:
    """All keys of each item of one document, strongest first."""
    named = name_keys([(item.guid, item.url, item.title) for item in items])
    return [names + content_key(item, names) for item, names in zip(items, named, strict=True)]


def sightings(items: Sequence[Item], known: Collection[str] = ()) -> list[Sighting]:
    """What a poll sees of them: of those that are known by name, the names alone."""
    named = name_keys([(item.guid, item.url, item.title) for item in items])
    return [
        Sighting(names) if not set(known).isdisjoint(names) else Sighting(names + content_key(item, names), item)
        for item, names in zip(items, named, strict=True)
    ]
