"""What people take from the bot into other chats, and what it translates for them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.alerts import MadeBy
from bot.model.chats import Language
from bot.model.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An item to choose from a list: its title, its source and age, and the message that it becomes. `id` is short and
    ASCII."""

    id: str
    title: str
    about: str
    link: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """A page of offers. `more` is where the next page begins, "" after the last; `invitation` the label of a way to the
    person's own chat with the bot, where there is something to do first."""

    offers: tuple[Offer, ...] = ()
    more: str = ""
    invitation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A text in another language, plain. `doubtful`: its figures are not all those of the text."""

    text: str
    language: Language
    made_by: MadeBy
    doubtful: bool = False
