"""The tables as both databases can hand them to each other: rows of plain values, in pages, and a sum to compare by."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, MetaData, Table, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.storage.columns import UtcTime
from bot.storage.tables import metadata

PAGE = 2000  # rows in a transaction: some megabytes where they are items with their texts

Record = tuple[Any, ...]

_WHOLE = 2**64


def portable_tables() -> list[Table]:
    """All tables, those first that others refer to. Their columns hold what stands in the database: a digest is not
    digested again. Only times differ between the databases, and are carried as times."""
    return [_plain(table) for table in metadata.sorted_tables]


def _plain(table: Table) -> Table:
    columns = (
        Column(one.name, _carried(one.type), primary_key=one.primary_key, autoincrement=False) for one in table.columns
    )
    return Table(table.name, MetaData(), *columns)


def _carried(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, TypeDecorator) and not isinstance(kind, UtcTime) else kind


def own_references(table: Table) -> list[str]:
    """The columns by which rows of a table refer to rows of the same table."""
    real = metadata.tables[table.name]
    return [key.parent.name for key in real.foreign_keys if key.column.table is real]


async def count_rows(connection: AsyncConnection, table: Table) -> int:
    """How many rows there are."""
    return await connection.scalar(select(func.count()).select_from(table)) or 0


async def pages(connection: AsyncConnection, table: Table, size: int = PAGE) -> AsyncIterator[list[Record]]:
    """All rows by the order of their primary keys, `size` at a time. Texts are in this database's own order."""
    key = list(table.primary_key.columns)
    places = [list(table.columns).index(one) for one in key]
    wanted = select(table).order_by(*key).limit(size)
    page: Sequence[Any] = (await connection.execute(wanted)).all()
    while page:
        yield [tuple(row) for row in page]
        if len(page) < size:
            return
        after = _after(key, [page[-1][place] for place in places])
        page = (await connection.execute(wanted.where(after))).all()


def _after(key: list[Column[Any]], last: list[Any]) -> ColumnElement[bool]:
    later: ColumnElement[bool] = (
        key[0] > last[0] if len(key) == 1 else tuple_(*key) > tuple_(*last, types=[one.type for one in key])
    )
    return later


def sum_of(rows: Iterable[Record]) -> int:
    """A sum over rows in any order, the same for the same values within one run of Python. Sums are added by `+`."""
    return sum(map(hash, rows)) % _WHOLE


class Tally:
    """How many rows were seen of a table, and their sum."""

    def __init__(self) -> None:
        self.rows = 0
        self.sum = 0

    def add(self, page: Sequence[Record]) -> None:
        """Count a page in."""
        self.rows += len(page)
        self.sum = (self.sum + sum_of(page)) % _WHOLE

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and (self.rows, self.sum) == (other.rows, other.sum)

    __hash__ = None  # type: ignore[assignment]  # it changes
