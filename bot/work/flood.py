"""Whom a platform means that says "too many" without saying of whom: the chat, or the bot."""

from __future__ import annotations

from datetime import datetime, timedelta

CHATS = 3
LATELY = timedelta(seconds=10)


class FloodScope:
    """A bot that sends too much in all has every message refused, whatever the chat; a chat that gets too much has its
    own refused while others' are taken. So when `CHATS` different chats are refused within `LATELY`, and no message is
    taken in between, the bot is meant. (Fewer happen by chance where several groups are full at once. More would only
    be more refusals, and who goes on sending while refused is made to wait longer.)
    """

    def __init__(self) -> None:
        self._refused: dict[str, datetime] = {}

    def taken(self) -> None:
        """A message was taken."""
        self._refused.clear()

    def refused(self, chat: str, now: datetime) -> bool:
        """A chat was refused; whether by now that means the bot."""
        self._refused = {one: when for one, when in self._refused.items() if when > now - LATELY}
        self._refused[chat] = now
        return len(self._refused) >= CHATS
