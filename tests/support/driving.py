"""One way to do what people do on every platform: say a line, press a button, send a file; and to see what came of it.

A driver stands on a real adapter over a platform that answers as the real one does. It makes a fresh place for each
test, so that many tests share one bot.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from bot.model import ChatAddress, ChatKind, Locale, Message, Platform


class Role(StrEnum):
    """Who speaks, and where."""

    PERSON = "person"  # in a private chat
    OWNER = "owner"  # who runs the bot, in a private chat
    ADMIN = "admin"  # of a group or server
    MEMBER = "member"  # of one, without rights
    HOLDER = "holder"  # the same, with the role of a server that chats may choose
    TOPIC = "topic"  # an admin, in a topic of a forum or in a thread
    POSTER = "poster"  # an admin, in a channel
    READER = "reader"  # of a channel, who presses buttons


ALONE = frozenset({Role.PERSON, Role.OWNER})
"""Those who are in a private chat."""
ADMINS = frozenset({Role.ADMIN, Role.TOPIC, Role.POSTER})
"""Those who are admins of a place with others."""


def kind_for(role: Role) -> ChatKind:
    """What kind of chat somebody is in."""
    if role in ALONE:
        return ChatKind.PRIVATE
    return ChatKind.CHANNEL if role in {Role.POSTER, Role.READER} else ChatKind.GROUP


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A chat as one person has it. `person` is their id, `role_id` the server's role that a chat may choose; `handles`
    are the platform's own."""

    address: ChatAddress
    kind: ChatKind
    role: Role
    locale: Locale
    person: str = ""
    role_id: str = ""
    handles: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another place: `name` is what a person types for it, `title` how it is called."""

    name: str
    title: str
    address: ChatAddress
    kind: ChatKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a person sees after doing something: `lines` are the command lines of the buttons by their labels, as the
    platform has them, and `links` the addresses of the others; `alt` is the text of a picture, None where the platform
    has no such. `private` is None where the platform has no such thing;
    with `asks` the person is to type an answer."""

    text: str
    lines: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    file: tuple[str, bytes] | None = None
    alt: str | None = None
    private: bool | None = None
    asks: bool = False


class Driver(Protocol):
    """A platform as a person uses it."""

    platform: Platform
    roles: tuple[Role, ...]

    def place(self, role: Role, locale: Locale, *, apart: bool = False) -> Place:
        """A chat that nobody wrote in yet, where asked `apart` from any server that others are in."""

    def speaking(self, place: Place, locale: Locale) -> Place:
        """The same chat, as somebody has it whose app is in this language."""

    async def beside(self, place: Place, *, admin: bool = True, writes: bool = True) -> Other:
        """Another place, where the person of this one is an admin or not, and the bot may write or not."""

    async def leave(self, place: Place) -> None:
        """The test is over."""

    async def say(self, place: Place, line: str, *, file: tuple[str, bytes] | None = None, reply_to: str = "") -> Seen:
        """Give a command line, with a file, or as the answer to a message of the bot."""

    async def press(self, place: Place, line: str) -> Seen:
        """Press the button with this command line under the message that came last, or an old one that had it."""

    async def answer(self, place: Place, text: str) -> Seen:
        """Type what the message that came last asks for."""

    async def look_up(self, place: Place, query: str) -> Seen:
        """Type behind the bot's name, in whatever chat; on Telegram."""

    async def post(self, place: Place, message: Message) -> str:
        """The bot sends a message by itself; answers the platform's id of it."""

    def last(self, place: Place) -> Seen:
        """What the message that came last looks like now."""


def bare_line(data: str) -> str:
    """The command line in a button's data, where the slash may be another sign that says how it is answered."""
    return f"/{data.lstrip('/~?')}" if data[:1] in {"/", "~", "?"} else data


def divided(line: str) -> tuple[str, str]:
    """A command line's command, without its slash, and what follows."""
    command, _, arguments = line.strip().removeprefix("/").partition(" ")
    return command, arguments.strip()
