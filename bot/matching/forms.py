"""Queries of which nothing but their form is wanted, and where one that can't be read is no fault."""

from __future__ import annotations

from bot.errors import QueryError
from bot.matching.query import canonical, parse, read, regexes


def form_of(query: str) -> str:
    """The canonical form of a query as typed; "" for one that can't be read."""
    try:
        return canonical(parse(query))
    except QueryError:
        return ""


def has_regex(form: str) -> bool:
    """Whether there is a regular expression in a query of that canonical form."""
    try:
        return any(regexes(read(form)))
    except QueryError:  # an older version took it
        return False
