"""A feed document as it was read: what it says of itself, and its entries, which become Items one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.feeds.entry import Entry, Heading, names_of, published_of, to_item
from bot.feeds.identity import name_keys
from bot.model import Item


@dataclass(frozen=True, slots=True)
class Document:
    """`heading` is clean: plain text and safe addresses. The entries are as the feed wrote them, `names` their keys.

    An entry costs next to nothing until it is made an Item, and most entries of most polls are known already.
    """

    heading: Heading
    entries: tuple[Entry, ...] = ()
    names: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, heading: Heading, entries: Sequence[Entry]) -> Self:
        """With the names of its entries."""
        names = name_keys([(*names_of(entry), entry.title) for entry in entries])
        return cls(heading, tuple(entries), tuple(names))

    def dates(self) -> list[datetime | None]:
        """The dates of all entries, None for those without."""
        return [published_of(entry, entry.language or self.heading.language) for entry in self.entries]

    def items(self, places: Iterable[int] | None = None) -> list[Item | None]:
        """The entries at these places (None: all) as Items; None for those with nothing to tell."""
        chosen = self.entries if places is None else [self.entries[place] for place in places]
        return [to_item(entry, language=self.heading.language) for entry in chosen]
