"""Who reads a message, and when: what all its parts need to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.chat.blocks import harmless
from bot.chat.catalogue import Catalogue
from bot.chat.render import item_entry, when
from bot.chat.wording import CHARACTERS
from bot.model import Block, Chat, StoredItem
from bot.ports import Wording


@dataclass(frozen=True, slots=True)
class Reader:
    """A chat that reads, its language, the time, and how its Chinese is worded."""

    chat: Chat
    t: Catalogue
    now: datetime
    wording: Wording = CHARACTERS

    def when(self, moment: datetime) -> str:
        """A moment of the past, as the chat tells time."""
        return when(moment, self.chat.settings, self.t, now=self.now)

    def item(self, item: StoredItem) -> Block:
        """An item as one item of a list, in the chat's Chinese."""
        return item_entry(item, self.chinese(item.item.title), self.chat.settings, self.t, now=self.now)

    def chinese(self, text: str) -> str:
        """A text in the chat's Chinese."""
        return self.wording.in_script(harmless(text), self.chat.settings.characters())
