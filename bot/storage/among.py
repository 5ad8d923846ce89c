"""Long lists as one parameter: they may be of any length, and the statement stays the same.

SQLAlchemy's own `in_` writes the statement anew for each length, a parameter for each value, which takes as long as the
database does. SQLite reads the list from JSON, PostgreSQL has arrays.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple, Self

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Dialect,
    FromClause,
    String,
    Text,
    TypeDecorator,
    bindparam,
    func,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _List(TypeDecorator[list[Any]]):
    """Values of a column's type: JSON text on SQLite, an array on PostgreSQL."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(self.of))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401 (any values)
        return json.dumps(value) if dialect.name == "sqlite" else value


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: object = None) -> Self:  # noqa: ARG002 (SQLAlchemy's)
        # As a condition it stands as it is: SQLAlchemy would compare it to 1, and SQLite look through the whole table.
        return self


def among(column: ColumnElement[Any], values: Iterable[int | str]) -> ColumnElement[bool]:
    """The condition that the column has one of the values: plain numbers or texts, as they stand in the database."""
    return _Among(column, bindparam(None, list(values), type_=_plain_list(column)))


def among_given(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The same for a statement that is built once: the values, a list, are given under a name when it is executed."""
    return _Among(column, bindparam(name, type_=_plain_list(column)))


def _plain_list(column: ColumnElement[Any]) -> _List:
    return _List(String() if isinstance(column.type, TypeDecorator) else column.type)


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 (SQLAlchemy's)
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 (both are SQLAlchemy's)


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 (SQLAlchemy's)
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY ({values})"


class Pairs(NamedTuple):
    """Pairs of a number and a text as a table to join with, and its two columns."""

    table: FromClause
    number: ColumnElement[int]
    text: ColumnElement[str]


def pairs(dialect: Dialect, values: Collection[tuple[int, str]]) -> Pairs:
    """These pairs; any number of them."""
    if dialect.name == "sqlite":
        each = func.json_each(json.dumps(list(values))).table_valued("value")
        return Pairs(each, func.json_extract(each.c.value, "$[0]"), func.json_extract(each.c.value, "$[1]"))
    numbers, texts = [number for number, _ in values], [text for _, text in values]
    arrays = bindparam(None, numbers, type_=ARRAY(BigInteger)), bindparam(None, texts, type_=ARRAY(String))
    each = func.unnest(*arrays).table_valued("number", "text").render_derived()
    return Pairs(each, each.c.number, each.c.text)
