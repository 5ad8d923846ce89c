"""Rows of rights, made of the table itself: who may not change a chat is told so, and nothing changes; admins may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.chat.commands import dispatch
from bot.chat.commands.dispatch import read
from tests.commands.row import Row
from tests.support.driving import Role, divided

REFUSED = "Only admins of this chat may use {command}."
ADVICE = "Ask one of them, or write to me in private to have alerts of your own."


def path_of(row: Row) -> str:
    """Which handler a row's line asks for; "" for none."""
    asked = read(*divided(row.line)) if row.line.startswith("/") else None
    return asked.path if asked else ""


def first_of_each(rows: Iterable[Row]) -> Mapping[str, Row]:
    """A row for each handler that changes chats: one that gives no file, for somebody who may."""
    found: dict[str, Row] = {}
    for row in rows:
        if row.who is Role.PERSON and not row.fault and not row.file and not (row.asks or row.answer):
            found.setdefault(path_of(row), row)
    return {path: row for path, row in found.items() if path in dispatch._ADMIN}


def rows_of(rows: Iterable[Row]) -> Iterator[Row]:
    """The refusal of a member, and the same for an admin."""
    for path, row in first_of_each(rows).items():
        yield replace(
            row,
            name=f"a member may not: {path}",
            who=Role.MEMBER,
            says=(REFUSED, ADVICE),
            never=(),
            within=(),
            buttons=(),
            labels=(),
            then={},
            undone=False,
            private=True,
            gives="",
        )
        yield replace(row, name=f"an admin may: {path}", who=Role.ADMIN, never=(REFUSED,))
