"""Who reads a message, and when: what all its parts need to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.chat.catalogue import Catalogue
from bot.chat.render import item_entry, when
from bot.model import Block, Chat, StoredItem
from bot.text.chinese import to_script


@dataclass(frozen=True, slots=True)
class Reader:
    """A chat that reads, its language, and the time."""

    chat: Chat
    t: Catalogue
    now: datetime

    def when(self, moment: datetime) -> str:
        """A moment of the past, as the chat tells time."""
        return when(moment, self.chat.settings, self.t, now=self.now)

    def item(self, item: StoredItem) -> Block:
        """An item as one item of a list, in the chat's characters."""
        settings = self.chat.settings
        return item_entry(item, to_script(item.item.title, settings.characters()), settings, self.t, now=self.now)
