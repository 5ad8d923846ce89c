"""A feed document as it was read: what it says of itself, and its entries, which become Items one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.feeds.entry import Entry, Heading, to_item
from bot.model import Item


@dataclass(frozen=True, slots=True)
class Document:
    """`heading` is clean: plain text and safe addresses. The entries are as the feed wrote them.

    An entry costs next to nothing until it is made an Item, and most entries of most polls are known already.
    """

    heading: Heading
    entries: tuple[Entry, ...] = ()

    def items(self, places: Iterable[int] | None = None) -> list[Item | None]:
        """The entries at these places (None: all) as Items; None for those with nothing to tell."""
        chosen = self.entries if places is None else [self.entries[place] for place in places]
        return [to_item(entry, language=self.heading.language) for entry in chosen]
