"""What a chat begins with: what its choices would have brought, and what others hand to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model import ChatId, Language, Locale, Message, Prospect, Share


class Outlook(Protocol):
    """What a chat's choices would have brought."""

    async def first_reading(self, chat: ChatId) -> bool:
        """Whether any feed of the chat was read by now. Waits some seconds for those that were never read."""

    async def would_have_brought(self, chat: ChatId, *, since: Sequence[datetime], limit: int) -> Prospect:
        """How many items of its feeds, published since then, the chat would have been alerted to, and up to `limit` of
        them as alerts, newest first and each keyword's first before its second. Of many only the newest are counted.

        `since` is at least one moment, the latest first: the first of them that brings anything counts, else the last.
        """

    async def in_the_news(self, chat: ChatId, *, since: datetime, language: Language, limit: int) -> list[str]:
        """Up to `limit` names that several titles of the chat's feeds hold since then, most often named first."""


class Greeting(Protocol):
    """The first words in a place."""

    def __call__(self, locale: Locale, *, by: str = "", elsewhere: str = "") -> Message:
        """To a place that the bot was added to, by somebody of that name; or to who looks after a place `elsewhere`."""


class NameCount(Protocol):
    """Knows names when it sees them."""

    def most_named(self, titles: Sequence[str], language: Language, *, limit: int) -> list[str]:
        """Up to `limit` names, as the language has them, that several of the titles hold: the most frequent first.
        What every tenth of many titles names is no choice, and left out."""


class ShareBook(Protocol):
    """What chats share."""

    async def keep_share(self, chat: ChatId, token: str, share: Share, *, most: int, now: datetime) -> None:
        """Keep a share of the chat under a token; of the chat's others, only the newest stay, `most` in all."""

    async def find_share(self, token: str) -> Share | None:
        """What is shared under a token."""

    async def drop_shares(self, chat: ChatId) -> int:
        """End all shares of the chat; answer how many there were."""
