"""Rows of rights, made of the table itself: who may not change a chat is told so, and nothing changes; others may.

Admins are played in all languages, and everybody else in one: each role in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from bot.chat.commands import Access, dispatch
from bot.chat.commands.dispatch import read
from bot.model import Locale, Managers, Platform
from tests.commands.row import Given, Row
from tests.commands.situations_places import let
from tests.support.driving import Role, divided

REFUSED = "Only admins of this chat may use {command}."
ADVICE = "Ask one of them, or write to me in private to have alerts of your own."
REFUSED_BY_ROLE = "Only {who} may use {command} here."
PRIVATE = "This bot is private, and does not know this chat."
CHATS = (Platform.TELEGRAM, Platform.DISCORD)
EVERYONE, BY_ROLE = let(Managers.EVERYONE), let(Managers.ROLE)
_ADMINS_ALONE = {"settings managers"}  # by `rows_access` for the others


class _Allowed(NamedTuple):
    """Somebody who may change a chat, as its settings are."""

    name: str
    who: Role
    given: tuple[Given, ...] = ()
    on: tuple[Platform, ...] = CHATS
    languages: tuple[Locale, ...] = (Locale.ZH_HANT,)


class _Refused(NamedTuple):
    """Somebody who may not, and what they are told."""

    name: str
    who: Role
    says: tuple[str, ...] = (REFUSED, ADVICE)
    given: tuple[Given, ...] = ()
    on: tuple[Platform, ...] = CHATS
    access: Access = Access.OPEN
    languages: tuple[Locale, ...] = (Locale.ZH_HANS,)


_MAY = (
    _Allowed("a member may where everyone may", Role.MEMBER, (EVERYONE,)),
    _Allowed("who has the role may", Role.HOLDER, (BY_ROLE,), languages=(Locale.ZH_HANS,)),
    _Allowed("who posts in a channel may", Role.POSTER, languages=(Locale.EN,)),
    _Allowed("an admin in a topic may", Role.TOPIC),
    _Allowed("who runs the bot may in private", Role.OWNER, languages=(Locale.EN,)),
)
_MAY_NOT = (
    _Refused("a member may not", Role.MEMBER, languages=(Locale.EN, Locale.ZH_HANT, Locale.ZH_HANS)),
    _Refused("who lacks the role may not", Role.MEMBER, (REFUSED_BY_ROLE, ADVICE), (BY_ROLE,), on=(Platform.DISCORD,)),
    _Refused("a reader of a channel may not", Role.READER, given=(EVERYONE,), languages=(Locale.EN,)),
    _Refused("a stranger may not", Role.PERSON, (PRIVATE,), access=Access.INVITE, languages=(Locale.ZH_HANT,)),
)


def path_of(row: Row) -> str:
    """Which handler a row's line asks for, an owner's with its command; "" for none."""
    if not row.line.startswith("/"):
        return ""
    command, rest = divided(row.line)
    if command == "admin":
        return " ".join([command, *rest.split()[:1]])
    asked = read(command, rest)
    return asked.path if asked else ""


def first_of_each(rows: Iterable[Row]) -> Mapping[str, Row]:
    """A row for each handler that changes chats: of those for somebody who may, everywhere, and that give no file, the
    first that changes something, or else the first."""
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: not row.then):
        odd = row.fault or row.file or row.found or row.reply or row.asks or row.answer or row.access is not Access.OPEN
        if row.who is Role.PERSON and not odd and row.on == tuple(Platform):
            found.setdefault(path_of(row), row)
    return {path: row for path, row in found.items() if path in dispatch._ADMIN}


def rows_of(rows: Iterable[Row]) -> Iterator[Row]:
    """Every role's try of every command that changes a chat."""
    for path, row in first_of_each(rows).items():
        yield replace(row, name=f"an admin may: {path}", who=Role.ADMIN, never=(REFUSED,))
        yield from _tries(path, row)


def _tries(path: str, row: Row) -> Iterator[Row]:
    for one in _MAY:
        if path not in _ADMINS_ALONE:
            yield replace(
                row,
                name=f"{one.name}: {path}",
                who=one.who,
                on=one.on,
                given=(*one.given, *row.given),
                languages=one.languages,
            )
    for other in _MAY_NOT:
        yield replace(
            row,
            name=f"{other.name}: {path}",
            who=other.who,
            on=other.on,
            given=(*other.given, *row.given),
            says=other.says,
            languages=other.languages,
            access=other.access,
            never=(),
            within=(),
            buttons=(),
            without=(),
            labels=(),
            then={},
            undone=False,
            private=None if other.who is Role.PERSON else True,
            gives="",
            # Who can't write in a place still presses its buttons.
            press=row.press or other.who is Role.READER,
        )
