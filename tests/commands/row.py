"""One row of the table: who says what in which situation, and what must come of it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from string import Formatter
from typing import Any

from babel.messages.pofile import read_po

from bot.chat.catalogue import LOCALES, Catalogue
from bot.chat.commands import Access
from bot.errors import DitingError
from bot.model import CatalogueEntry, Chat, Locale, Platform
from tests.support.driving import Driver, Place, Role
from tests.support.newsroom import Newsroom

Given = Callable[["Scene"], Awaitable[None]]
"""Brings a chat into a situation."""


@dataclass
class Scene:
    """The chat of a row. `values` are what the situation made, by the names that a row's lines use; `pages` what the
    web leads to, by address, `catalogue` the feeds known by name, `interpreter` what translates, and `allowed` who is
    on the list of a private bot."""

    room: Newsroom
    driver: Driver
    place: Place
    chat: Chat
    values: dict[str, Any] = field(default_factory=dict)
    pages: dict[str, Any] = field(default_factory=dict)
    catalogue: Sequence[CatalogueEntry] = ()
    interpreter: Any = None
    allowed: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Row:
    """`line` and the lines of `buttons` may name values of the situation, as {keyword}.

    `says` are sentences of the catalogue that the answer must have, `never` those that it must not; `buttons` are
    command lines that it must offer, of which one that ends in `*` stands for any that begins so, and `without` those
    that it must not; `then` is what is different afterwards (see `stage.standing`), and `there` in the place beside
    this one: all else must be as before. With `press`, the line is a button's and not typed; that button `asks`, or is
    told `answer`. What is given after it, `also`, is answered alike. `reply` answers the message {message}. `fault` is
    what the storage raises, `found` what looking for {address} raises. `within` are texts that stand in the answer in
    every language, and `labels` are sentences that buttons are called by. `undone`: a button takes it back. `inline`:
    the line is typed behind the bot's name, in whatever chat. `access` is how strangers come into the bot. It is played
    in `languages` (see `spoken`): in one chat where nothing changes there, unless each is to be `alone`, as
    what can be done only once in a chat.
    """

    name: str
    line: str
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    given: tuple[Given, ...] = ()
    then: Mapping[str, Any] = field(default_factory=dict)
    who: Role = Role.PERSON
    on: tuple[Platform, ...] = tuple(Platform)
    press: bool = False
    asks: bool = False
    answer: str = ""
    alone: bool = False
    also: tuple[str, ...] = ()
    reply: bool = False
    labels: tuple[str, ...] = ()
    undone: bool = False
    inline: bool = False
    private: bool | None = None
    file: tuple[str, bytes] | None = None
    gives: str = ""
    fault: Exception | None = None
    found: DitingError | None = None
    covers: tuple[str, ...] = ()
    there: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    access: Access = Access.OPEN
    languages: tuple[Locale, ...] = (Locale.EN, Locale.ZH_HANT, Locale.ZH_HANS)

    def is_for(self, driver: Driver) -> bool:
        """Whether it can happen on a platform."""
        return driver.platform in self.on and self.who in driver.roles


# --- sentences in any language ----------------------------------------------------------------------------


@cache
def plurals() -> Mapping[str, str]:
    """All sentences of the catalogue; those with a plural have that beside them, the others nothing."""
    with (LOCALES / "messages.pot").open("rb") as source:
        template = read_po(source)
    found: dict[str, str] = {}
    for message in template:
        one, many = message.id if isinstance(message.id, tuple) else (message.id, "")
        if one:
            found[one] = many
    return found


def words(text: str) -> str:
    """A text as what is read of it: without markup, punctuation and invisible signs."""
    return re.sub(r"[\W_]+", " ", re.sub("[\u200b\u2060]", "", text)).strip().casefold()


def has(text: str, sentence: str, t: Catalogue) -> bool:
    """Whether a text has a sentence of the catalogue in a language, with whatever values."""
    read = words(text)
    return any(_pattern(form).search(read) for form in forms(sentence, t))


def forms(sentence: str, t: Catalogue) -> Iterable[str]:
    """How a sentence is written in a language: in one way, or one for each count."""
    if sentence not in plurals():
        raise LookupError(f"the catalogue has no sentence {sentence!r}")
    many, translations = plurals()[sentence], t._translations
    if not many:
        return (translations.gettext(sentence),)
    return {translations.ngettext(sentence, many, n) for n in (1, 2, 5, 21)}


@cache
def _pattern(form: str) -> re.Pattern[str]:
    parts = []
    for literal, name, _, _ in Formatter().parse(form):
        parts.append(r"\s*".join(map(re.escape, words(literal).split())))
        if name is not None:
            parts.append(".*")
    return re.compile(r"\s*".join(part for part in parts if part), re.DOTALL)
