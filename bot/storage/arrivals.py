"""The items that polls bring, many feeds at a time, and the keys they are known by."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import BindParameter, String, and_, bindparam, func, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from bot.model import FeedChange, FeedId, Item, NewItem
from bot.storage.among import pairs
from bot.storage.columns import clean, digest
from bot.storage.engine import Database, Insert, insert_for
from bot.storage.rows import AnyRow
from bot.storage.states import BACKLOG, NEW
from bot.storage.tables import feeds, item_keys, items
from bot.storage.wordindex import Filed, add_words, words_of

# A feed and the digest of a key.
Name: TypeAlias = tuple[int, str]

LISTED_AGAIN = timedelta(days=7)  # so often it is written that a key is in its feed still


class Listed(NamedTuple):
    """What is known of the keys that a feed lists."""

    known: set[Name]
    again: list[Name]


async def known_items(connection: AsyncConnection, names: Iterable[Name]) -> dict[Name, int | None]:
    """The items that these keys name; None for those that were cleaned away."""
    return {(feed, key): item for feed, key, item, _ in await _found(connection, names)}


async def known_names(connection: AsyncConnection, names: Iterable[Name], now: datetime | None) -> Listed:
    """Those of the keys that name an item, and those of them that were last seen in their feeds long before `now`."""
    known = await _found(connection, names)
    before = (now - LISTED_AGAIN).date() if now else date.min
    return Listed(
        known={(feed, key) for feed, key, _, _ in known},
        again=[(feed, key) for feed, key, _, seen in known if seen is None or seen < before] if now else [],
    )


async def note_listed(connection: AsyncConnection, names: Iterable[Name], now: datetime) -> None:
    """Note that these keys are in their feeds today."""
    seen = update(item_keys).where(
        item_keys.c.feed_id == bindparam("feed"), type_coerce(item_keys.c.key, String) == bindparam("name")
    )
    # In order, so that two replicas wait for each other and never deadlock.
    rows = [{"feed": feed, "name": key} for feed, key in sorted(names)]
    await connection.execute(seen.values(listed=now.date()), rows)


async def _found(connection: AsyncConnection, names: Iterable[Name]) -> Sequence[AnyRow]:
    wanted = list(names)
    if not wanted:
        return []
    asked = pairs(connection.dialect, wanted)
    named = and_(item_keys.c.feed_id == asked.number, type_coerce(item_keys.c.key, String) == asked.text)
    columns = (item_keys.c.feed_id, item_keys.c.key, item_keys.c.item_id, item_keys.c.listed)
    return (await connection.execute(select(*columns).join_from(asked.table, item_keys, named))).all()


async def words_of_items(changes: Sequence[FeedChange]) -> dict[Item, str]:
    """What the items of the changes are filed under: made before the transaction, which others wait for, and off the
    event loop, as it takes longer than to write them."""
    distinct = dict.fromkeys(new.item for change in changes for new in change.items)
    return await asyncio.to_thread(lambda: {item: _words(item) for item in distinct}) if distinct else {}


async def add_items(
    database: Database,
    connection: AsyncConnection,
    changes: Sequence[FeedChange],
    words: Mapping[Item, str],
    now: datetime,
) -> Counter[FeedId]:
    """Insert the items of the changes that are new, with their words; answer how many that were, by feed."""
    incoming: dict[Name, NewItem] = {}
    for change in changes:
        for new in change.items:
            incoming.setdefault((change.id, digest(_keys(new)[0])), new)
    # Keys outlive their items: the unique key of the items alone does not know those that were cleaned away.
    known = await known_items(connection, incoming)
    rows = [_item_values(new, feed, now) for (feed, key), new in incoming.items() if (feed, key) not in known]
    if not rows:
        return Counter()
    inserted = await connection.execute(_adding_items(is_sqlite=database.is_sqlite), rows)
    added = [(FeedId(feed), incoming[feed, identity], item) for feed, identity, item in inserted]
    await _add_keys(database, connection, ((feed, key, item) for feed, new, item in added for key in _keys(new)), now)
    await add_words(connection, (Filed(item, feed, words[new.item]) for feed, new, item in added))
    await _note_newest(connection, added, now)
    return Counter(feed for feed, _, _ in added)


async def link_keys(
    database: Database, connection: AsyncConnection, changes: Sequence[FeedChange], now: datetime
) -> None:
    """Let further keys name the items that are known already."""
    names = [((change.id, digest(key)), further) for change in changes for key, further in change.known]
    known = await known_items(connection, (name for name, _ in names))
    rows = ((name[0], more, known[name]) for name, further in names if name in known for more in further)
    await _add_keys(database, connection, rows, now)


async def _add_keys(
    database: Database, connection: AsyncConnection, names: Iterable[tuple[int, str, int | None]], now: datetime
) -> None:
    rows = [{"feed_id": feed, "key": key, "item_id": item, "listed": now.date()} for feed, key, item in names]
    if rows:
        await connection.execute(_adding_keys(is_sqlite=database.is_sqlite), rows)


@cache
def _adding_items(*, is_sqlite: bool) -> ReturningInsert[*tuple[Any, ...]]:
    adding = insert_for(items, is_sqlite=is_sqlite).on_conflict_do_nothing(index_elements=["feed_id", "identity"])
    return adding.returning(items.c.feed_id, items.c.identity, items.c.id)


@cache
def _adding_keys(*, is_sqlite: bool) -> Insert:
    return insert_for(item_keys, is_sqlite=is_sqlite).on_conflict_do_nothing(index_elements=["feed_id", "key"])


async def _note_newest(
    connection: AsyncConnection, added: Iterable[tuple[FeedId, NewItem, int]], now: datetime
) -> None:
    """Keep the date of each feed's newest item. A date in the future is a mistake of the feed's."""
    newest: dict[FeedId, datetime] = {}
    for feed, new, _ in added:
        at = min(new.item.published or now, now)
        newest[feed] = max(newest.get(feed, at), at)
    await connection.execute(_HAS_NEWER, [{"feed": feed, "newest": at} for feed, at in newest.items()])


_NEWEST: BindParameter[Any] = bindparam("newest", type_=feeds.c.last_item.type)
_HAS_NEWER = (
    update(feeds)
    .where(feeds.c.id == bindparam("feed"), func.coalesce(feeds.c.last_item, _NEWEST) <= _NEWEST)
    .values(last_item=_NEWEST)
)


def _words(item: Item) -> str:
    return words_of(clean(item.title), clean(item.text), clean(item.language))


def _keys(new: NewItem) -> tuple[str, ...]:
    return new.keys or (new.item.guid or new.item.url or new.item.title,)


def _item_values(new: NewItem, feed: int, now: datetime) -> dict[str, Any]:
    item = new.item
    return {
        "feed_id": feed,
        "identity": _keys(new)[0],
        "guid": item.guid,
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "language": item.language,
        "published": item.published,
        "authors": item.authors,
        "categories": item.categories,
        "picture": item.picture,
        "seen": now,
        "state": BACKLOG if new.backlog else NEW,
        "late": new.late,
    }
