"""What people say and see: a slash command, and a message free of any platform's markup."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model.alerts import Content
from bot.model.chats import ChatAddress, ChatKind, Locale, Pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who gave a command. `can_manage` tells whether they are an admin of the chat; `roles` are the ids of the roles
    that they have there, on Discord."""

    id: str
    locale: Locale
    can_manage: bool
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A slash command, the same from every platform: `/command arguments` given by a person in a chat.

    `file` is the content of a file sent with it. Where that was too large (`file_size` says how many bytes) or could
    not be had, only its name is there. `reply_to` is the platform's id of the message that it answers or is about, and
    `about` the text of that message, where it can be seen. `start_link` and `group_link`, where the platform has them,
    are addresses that open the bot, in private or in a group to be chosen; what is put behind them comes as the
    argument of `/start`.
    """

    address: ChatAddress
    kind: ChatKind
    person: Person
    command: str
    arguments: str = ""
    title: str = ""
    file: bytes = b""
    file_name: str = ""
    file_size: int = 0
    reply_to: str = ""
    about: str = ""
    start_link: str = ""
    group_link: str = ""


class Style(StrEnum):
    """How a run of text looks."""

    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"


class BlockKind(StrEnum):
    """What a block of a message is."""

    TITLE = "title"
    TEXT = "text"
    QUOTE = "quote"
    ITEM = "item"  # of a list
    NOTE = "note"  # small print


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; with `url` it is a link. The text is literal: adapters escape it."""

    text: str
    style: Style = Style.PLAIN
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a message."""

    kind: BlockKind
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A button: `action` is a command line as a person would type it (≤ 64 bytes), or `url` a link to open.

    With `ask`, the person is asked that, and what they type completes the line; platforms keep the line alone, and find
    the question again by `bot.chat.asking`. With `in_place` the answer takes the
    place of the message that the button stands under.
    """

    label: str
    action: str = ""
    url: str = ""
    ask: str = ""
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of our own making (PNG): `alt` says in words what it shows."""

    name: str
    content: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a chat shows, free of any platform's markup. `private`: for the asking person alone, where possible.

    `file` goes along as an attachment: its name and content. `image` is shown with the text; a message has one of the
    two at most. `picture` is the address of a picture that belongs to it, and `pictures` says how large that, or a
    platform's preview of the heading's link, is shown. `content` is what a delivery's message was made of, for places
    that are read by programs.
    """

    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    private: bool = False
    file: tuple[str, bytes] | None = None
    image: Image | None = None
    picture: str = ""
    pictures: Pictures = Pictures.SMALL
    content: Content | None = None
