"""Fills every table with made-up rows, whatever tables there are, for tests that move whole databases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Integer, LargeBinary, Table, insert, text
from sqlalchemy.types import TypeDecorator

from bot.storage.columns import Digest, UtcTime, digest
from bot.storage.engine import Database
from bot.storage.loading import clear
from bot.storage.portable import portable_tables
from bot.storage.tables import metadata

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = ["", "Abu Dhabi", "會談", "a'b\"c\\d\te\nf", "naïve ☕ 😀", "x" * 300]
JSON = {"Strings": '["a", "會談"]', "Reasons": '[["talks", ["talks"]]]', "Grounds": "[]"}
NOTICE = '{"kind": "died", "feed": {"id": 1, "url": "https://a.example/", "title": "A"}, "reason": ""}'


async def fill(database: Database, rows: int, *, seed: int = 1) -> dict[str, int]:
    """Put `rows` rows into each table of an SQLite file, with texts, times and references of all sorts; answer how
    many there are."""
    counts = {}
    async with database.write() as connection:
        await connection.execute(text("PRAGMA defer_foreign_keys = ON"))  # rows refer to later ones, too
        await clear(connection, portable_tables())
        for table in portable_tables():
            made = list(make_rows(metadata.tables[table.name], rows, random.Random(f"{seed} {table.name}")))
            await connection.execute(insert(table), made)
            counts[table.name] = len(made)
    return counts


def make_rows(table: Table, rows: int, luck: random.Random) -> Iterator[dict[str, Any]]:
    """Rows as they stand in the database; those of other tables have the numbers 1 to `rows`."""
    for number in range(1, rows + 1):
        yield {column.name: _value(column, number, rows, luck) for column in table.columns}


def _value(column: Column[Any], number: int, rows: int, luck: random.Random) -> Any:
    if column.nullable and luck.random() < 0.3:
        return None
    if column.foreign_keys:
        # Shifted, so that references go forth and back.
        return luck.randint(1, rows) if column.nullable else (number + 1) % rows + 1
    if column.primary_key and not isinstance(column.type, Digest | Date):
        return number
    return _of_type(column, number, luck)


def _of_type(column: Column[Any], number: int, luck: random.Random) -> Any:
    made = {
        Digest: lambda: digest(f"{column.name} {number}"),
        UtcTime: lambda: BEGIN + timedelta(seconds=number, microseconds=luck.choice([0, 1, 999_999])),
        Boolean: lambda: luck.random() < 0.5,
        Date: lambda: date(2026, 1, 1) + timedelta(days=number),
        Float: lambda: luck.random() * 10 ** luck.randint(-9, 9),
        LargeBinary: lambda: luck.randbytes(number % 50),
        BigInteger: lambda: luck.randint(-(2**62), 2**62),
        Integer: lambda: luck.randint(0, 1000),
    }
    make = next((make for kind, make in made.items() if isinstance(column.type, kind)), None)
    return make() if make else _text(column, number, luck)


def _text(column: Column[Any], number: int, luck: random.Random) -> str:
    kind = type(column.type).__name__
    if isinstance(column.type, TypeDecorator) and kind != "CleanText":
        return JSON.get(kind, NOTICE)
    most = getattr(column.type, "length", None) or 1000
    return f"{number} {luck.choice(WORDS)}"[:most]
