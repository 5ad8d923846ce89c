"""Rows of rights, made of the table itself: who may not change a chat is told so, and nothing changes; others may.

Each role is played in one language, and not all in the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from bot.chat.commands import Access, dispatch
from bot.chat.commands.dispatch import read
from bot.model import Locale, Managers, Platform
from tests.commands.row import Given, Row
from tests.commands.situations import told
from tests.commands.situations_places import let
from tests.support.driving import Role, divided

REFUSED = "Only admins of this chat may use {command}."
ADVICE = "Ask one of them, or write to me in private to have alerts of your own."
REFUSED_BY_ROLE = "Only {who} may use {command} here."
PRIVATE = "This bot is private, and does not know this chat."
CHATS = (Platform.TELEGRAM, Platform.DISCORD)
EVERYONE, BY_ROLE = let(Managers.EVERYONE), let(Managers.ROLE)
_LATER = re.compile(r"\{(?!keyword\}|feed\}|item\}|link\})")  # what only the situation of its row has
_ADMINS_ALONE = {"settings managers"}  # by `rows_access` for the others


class _Role(NamedTuple):
    """Somebody who tries to change a chat, as its settings are; what they are told, if they may not; in which
    language."""

    name: str
    who: Role
    locale: Locale
    given: tuple[Given, ...] = ()
    says: tuple[str, ...] = ()
    on: tuple[Platform, ...] = CHATS
    access: Access = Access.OPEN


_MAY = (
    _Role("an admin", Role.ADMIN, Locale.ZH_HANS),
    _Role("a member, where it is for everyone,", Role.MEMBER, Locale.ZH_HANT, (EVERYONE,)),
    _Role("who has the role", Role.HOLDER, Locale.ZH_HANS, (BY_ROLE,)),
    _Role("who posts in a channel", Role.POSTER, Locale.EN),
    _Role("an admin, in a topic", Role.TOPIC, Locale.ZH_HANT),
    _Role("who runs the bot, in private", Role.OWNER, Locale.EN),
)
_MAY_NOT = (
    _Role("a member", Role.MEMBER, Locale.ZH_HANS, says=(REFUSED, ADVICE)),
    _Role(
        "who lacks the role", Role.MEMBER, Locale.ZH_HANT, (BY_ROLE,), (REFUSED_BY_ROLE, ADVICE), (Platform.DISCORD,)
    ),
    _Role("a reader of a channel", Role.READER, Locale.EN, (EVERYONE,), (REFUSED, ADVICE)),
    _Role("a stranger", Role.PERSON, Locale.ZH_HANT, says=(PRIVATE,), access=Access.INVITE),
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
    """Every role's try of every command that changes a chat, and of one that is sure to change it."""
    found = first_of_each(rows)
    for path, row in found.items():
        if path not in _ADMINS_ALONE:
            may = f"an admin may: {path}"
            yield replace(row, name=may, who=Role.ADMIN, never=(REFUSED,), languages=(Locale.ZH_HANT,))
        yield replace(
            _refused(_MAY_NOT[0], row.line), name=f"a member may not: {path}", given=row.given, press=row.press
        )
    for role in _MAY:
        yield from _allowed(role)
    for role in _MAY_NOT:
        lines = [row.line for row in found.values() if not _LATER.search(row.line)]
        yield _refused(role, *lines)


def _allowed(role: _Role) -> Iterator[Row]:
    """Each command alone, which changes nothing or, as `/pause` before `/resume`, nothing for long."""
    lines = sorted(f"/{path}" for path in dispatch._ADMIN - _ADMINS_ALONE)
    usual = Row(name="", line="", who=role.who, on=role.on, languages=(role.locale,))
    yield replace(
        usual,
        name=f"{role.name} may give each command",
        line=lines[0],
        also=tuple(lines[1:]),
        press=True,
        given=role.given,
        never=(REFUSED, REFUSED_BY_ROLE, PRIVATE),
    )
    yield replace(
        usual,
        name=f"{role.name} may add a keyword",
        line="/keyword add ferry",
        given=role.given,
        then={"keywords": ["ferry"]},
    )


def _refused(role: _Role, line: str, *also: str) -> Row:
    """Commands that would change something are answered alike, and change nothing."""
    return Row(
        name=f"{role.name} may give no command that changes the chat",
        line=line,
        also=also,
        press=True,
        who=role.who,
        on=role.on,
        access=role.access,
        given=(*role.given, told),
        says=role.says,
        private=None if role.who is Role.PERSON else True,
        languages=(role.locale,),
    )
