"""What it takes to know who may do what in which place, here and elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.model import Chat, ChatAddress, ChatId, FeedRef, Keyword, KeywordId, Platform, Role, Standing, Surroundings


class Rights(Protocol):
    """What the platforms say of people and places. What can't be asked now counts as no right. Never raises."""

    async def standing(self, person: str, address: ChatAddress) -> Standing | None:
        """How a person and the bot stand in a place, as of the last minute; None where the bot sees no such place."""

    async def find(self, person: str, typed: str, here: ChatAddress) -> Standing | None:
        """The same for a place on the platform of `here`, by what people call it: its id, @name, mention or link."""

    async def role(self, address: ChatAddress, typed: str) -> Role | None:
        """A role of the server that a place is in, by its id, mention or name."""

    async def surroundings(self, address: ChatAddress) -> Surroundings:
        """What else is where a place is."""


class PlaceBook(Protocol):
    """Chats seen from another one, and which are admitted."""

    async def chat(self, chat: ChatId) -> Chat | None:
        """The chat of an id."""

    async def manage(self, chat: ChatId, other: ChatId | None) -> None:
        """Commands given in `chat` are about the other one from now on; None: about itself."""

    async def known(self, platform: Platform, *, limit: int) -> list[Chat]:
        """The admitted groups and channels of a platform that take messages, the newest first."""

    async def admit(self, chat: ChatId) -> bool:
        """Let a chat in; whether it was not. One that was expelled gets alerts again."""

    async def expel(self, chat: ChatId, *, now: datetime) -> bool:
        """Let a chat in no more; whether it was. What waits for it is not sent, and contact does not change that."""

    async def admitted_among(self, platform: Platform, chats: Collection[str]) -> bool:
        """Whether any chat at these addresses, or any topic there, is admitted."""

    async def move_keyword(
        self, chat: ChatId, keyword: KeywordId, *, to: ChatId, most_feeds: int, now: datetime
    ) -> tuple[Keyword, list[FeedRef]] | None:
        """Give a keyword to another chat, with what was chosen for it, and the feeds that this one takes and the other
        lacks, as far as it then has at most so many: the keyword there, and those feeds, subscribed `now`. None, and no
        change, when the chat has no such keyword or the other one has it already."""
