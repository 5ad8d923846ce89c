"""The index of the words of items: SQLite's FTS5 and PostgreSQL's GIN, filled and asked alike.

What is filed are the words of `bot.text.indexwords` and a word for the item's feed, so that one question is answered
within a chat's feeds and from the newest on. FTS5 keeps no places of words and no second copy of the text
(https://www.sqlite.org/fts5.html#contentless_tables): to take an item out, it is told the words again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import EXACT_TO, AllOf, AnyOf, Beginning, Wanted
from bot.storage.among import among
from bot.storage.tables import items
from bot.text.indexwords import index_words, is_by_rules
from bot.text.stems import stemming

NAME = "item_words"
_FEED = "§"  # no word of a text begins so
_ADD = "INSERT INTO item_words (rowid, words) VALUES (:id, :words)"
_TAKE_OUT = "INSERT INTO item_words (item_words, rowid, words) VALUES ('delete', :id, :words)"
_ADD_VECTOR = (
    "INSERT INTO item_words (item_id, words) VALUES (:id, array_to_tsvector(string_to_array(:words, ' ')))"
    " ON CONFLICT (item_id) DO UPDATE SET words = excluded.words"
)
_FILED = "SELECT id FROM item_words_docsize WHERE id IN (SELECT value FROM json_each(:ids))"


class Filed(NamedTuple):
    """What an item is filed under."""

    id: int
    feed: int
    words: str  # parted by blanks

    def row(self) -> dict[str, Any]:
        """As the statements take it."""
        return {"id": self.id, "words": f"{_FEED}{self.feed} {self.words}"}


def words_of(title: str, content: str, language: str) -> str:
    """What an item with these texts, as they are stored, is filed under, but for its feed. It takes longer than all
    else that is done for a new item: not for a transaction, nor for the event loop."""
    return " ".join(sorted(index_words(title, content, language)))


_TEXTS = select(items.c.id, items.c.feed_id, items.c.title, items.c.text, items.c.language)


async def add_words(connection: AsyncConnection, new: Iterable[Filed]) -> None:
    """File items that are not filed yet."""
    rows = [one.row() for one in new]
    if rows:
        await connection.execute(text(_ADD if connection.dialect.name == "sqlite" else _ADD_VECTOR), rows)


async def take_words_out(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Take items out, before they are deleted."""
    if connection.dialect.name != "sqlite":
        await connection.execute(text("DELETE FROM item_words WHERE item_id = ANY (:ids)"), {"ids": list(ids)})
        return
    there = (await connection.scalars(text(_FILED), {"ids": f"[{','.join(map(str, ids))}]"})).all()
    found = await connection.execute(_TEXTS.where(among(items.c.id, there)))
    rows = [Unfiled(*row).filed().row() for row in found]
    if rows:
        await connection.execute(text(_TAKE_OUT), rows)


async def clear_words(connection: AsyncConnection) -> None:
    """Empty the index."""
    is_sqlite = connection.dialect.name == "sqlite"
    emptied = "INSERT INTO item_words (item_words) VALUES ('delete-all')" if is_sqlite else "TRUNCATE item_words"
    await connection.execute(text(emptied))


class Unfiled(NamedTuple):
    """An item whose words are to be made, by its texts."""

    id: int
    feed: int
    title: str
    content: str
    language: str

    def filed(self) -> Filed:
        """With its words."""
        return Filed(self.id, self.feed, words_of(self.title, self.content, self.language))


async def still_there(connection: AsyncConnection, some: Sequence[Filed]) -> list[Filed]:
    """Those that were not deleted meanwhile."""
    ids = set(await connection.scalars(select(items.c.id).where(among(items.c.id, [one.id for one in some]))))
    return [one for one in some if one.id in ids]


async def unfiled(connection: AsyncConnection, limit: int) -> list[Unfiled]:
    """The newest items that were there before the index was, and are not in it yet."""
    is_sqlite = connection.dialect.name == "sqlite"
    first = "SELECT min(id) FROM item_words_docsize" if is_sqlite else "SELECT min(item_id) FROM item_words"
    oldest = await connection.scalar(text(first))
    older = _TEXTS.order_by(items.c.id.desc()).limit(limit)
    found = await connection.execute(older if oldest is None else older.where(items.c.id < oldest))
    return [Unfiled(*row) for row in found]


async def newest_with(
    connection: AsyncConnection, wanted: Wanted, feeds: Sequence[int], *, oldest: int, before: int, limit: int
) -> Sequence[int]:
    """The numbers of items of these feeds, newest first, from `oldest` to just below `before`."""
    wanted = _by_rules(wanted, await _algorithms(connection))
    if connection.dialect.name == "sqlite":
        bounds = {"oldest": oldest, "before": before, "limit": limit}
        return (await connection.scalars(text(_NEWEST_SQLITE), _asked_sqlite(wanted, feeds) | bounds)).all()
    conditions, asked = _asked(wanted, feeds)
    statement = text(f"SELECT item_id {conditions} AND item_id + 0 < :before ORDER BY item_id + 0 DESC LIMIT :limit")
    found: list[int] = []
    parts, until = _FIRST_PARTS, min(before, await _next(connection))
    while until > oldest and len(found) < limit:
        since = max(oldest, (until - 1 >> _PART) - parts + 1 << _PART)
        bounds = {"oldest": since, "before": until, "limit": limit - len(found)}
        found += await connection.scalars(statement, asked | bounds | {"parts": _parts(since, until)})
        parts, until = 4 * parts, since
    return found


async def count_with(connection: AsyncConnection, wanted: Wanted, feeds: Sequence[int], *, oldest: int) -> int:
    """How many there are from `oldest` on: of more than EXACT_TO about so many."""
    wanted = _by_rules(wanted, await _algorithms(connection))
    if connection.dialect.name == "sqlite":
        asked = _asked_sqlite(wanted, feeds) | {"oldest": oldest}
        return await connection.scalar(text(f"SELECT count(*) {_FOUND_SQLITE}"), asked) or 0
    conditions, asked = _asked(wanted, feeds)
    parts = _parts(oldest, await _next(connection))
    some = parts[1::_SAMPLED]

    async def count(of: Sequence[int]) -> int:
        values = asked | {"oldest": oldest, "parts": of}
        return await connection.scalar(text(f"SELECT count(*) {conditions}"), values) or 0

    counted = await count(some) if some else 0
    reckoned = round(counted * len(parts) / max(1, len(some)))
    return reckoned if reckoned > EXACT_TO else counted + await count([one for one in parts if one not in some])


_FOUND_SQLITE = "FROM item_words WHERE item_words MATCH :asked AND rowid >= :oldest"
_NEWEST_SQLITE = f"SELECT rowid {_FOUND_SQLITE} AND rowid < :before ORDER BY rowid DESC LIMIT :limit"
# FTS5 brings the newest first and stops there; GIN brings all that there are, so that it is asked for part by part of
# the items: the index has their numbers, without the last bits.
_PART = 14  # bits: as in migration 0012
_FIRST_PARTS = 2  # then four times as many, and so on
_SAMPLED = 4  # of so many parts one is counted where much was found
_FEW = 30  # feeds, which have fewer items than common words
# PostgreSQL does not know what it costs to read the words of an item: for the sake of their order ("+ 0"), or because
# many match, it would go through all items where the index answers in a hundredth of the time.
_NEXT = text(
    "SELECT (SELECT max(item_id) FROM item_words),"
    " set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)"
)


# From one language to the next by the index, which is as good as nothing beside a look at all items.
_LANGUAGES = text(
    "WITH RECURSIVE found (language) AS (SELECT min(language) FROM items UNION ALL"
    " SELECT (SELECT min(language) FROM items WHERE language > found.language) FROM found WHERE language IS NOT NULL)"
    " SELECT language FROM found WHERE language IS NOT NULL"
)


async def _algorithms(connection: AsyncConnection) -> frozenset[str]:
    """By whose rules the words of the items are stemmed."""
    return frozenset(map(stemming, await connection.scalars(_LANGUAGES)))


def _by_rules(wanted: Wanted, algorithms: Collection[str]) -> Wanted:
    """Without the words of languages that no item has: they are most of a query, and each is looked for."""
    match wanted:
        case AllOf(parts):
            return AllOf(tuple(_by_rules(part, algorithms) for part in parts))
        case AnyOf(parts):
            kept = (part for part in parts if not isinstance(part, str) or is_by_rules(part, algorithms))
            return AnyOf(tuple(_by_rules(part, algorithms) for part in kept))
        case _:
            return wanted


def _parts(oldest: int, before: int) -> list[int]:
    return list(range(oldest >> _PART, (before - 1 >> _PART) + 1))


async def _next(connection: AsyncConnection) -> int:
    """The number that no item has reached yet. From here on, the transaction goes by the index."""
    return (await connection.scalar(_NEXT) or 0) + 1


def _asked_sqlite(wanted: Wanted, feeds: Sequence[int]) -> dict[str, Any]:
    return {"asked": _expression(AllOf((wanted, _any_of(feeds))), " AND ", " OR ", '"', "*")}


def _asked(wanted: Wanted, feeds: Sequence[int]) -> tuple[str, dict[str, Any]]:
    """The conditions, and their parameters but for `oldest` and `parts`. All that is wanted is asked for apart:
    together, GIN would weigh each word against each feed. It goes through what the first one finds."""
    all_of = wanted.parts if isinstance(wanted, AllOf) else (wanted,)
    ours = _any_of(feeds)
    asked = (ours, *all_of) if len(feeds) <= _FEW else (*all_of, ours)
    values = {f"asked{number}": _expression(one, "&", "|", "'", ":*") for number, one in enumerate(asked)}
    found = " AND ".join(f"words @@ CAST(:{name} AS tsquery)" for name in values)
    parted = f"ARRAY[item_id >> {_PART}] && CAST(:parts AS bigint[])"
    return f"FROM item_words WHERE {found} AND {parted} AND item_id + 0 >= :oldest", values


def _any_of(feeds: Sequence[int]) -> Wanted:
    return AnyOf(tuple(f"{_FEED}{feed}" for feed in feeds))


def _expression(wanted: Wanted, all_of: str, any_of: str, quote: str, beginning: str) -> str:
    """Words hold no ASCII sign, so quotation marks alone make them safe."""
    match wanted:
        case str():
            return f"{quote}{wanted}{quote}"
        case Beginning(start):
            return f"{quote}{start}{quote}{beginning}"
        case AllOf(parts):
            sign = all_of
        case AnyOf(parts):
            sign = any_of
    return f"({sign.join(_expression(part, all_of, any_of, quote, beginning) for part in parts)})"
