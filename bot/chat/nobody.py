"""What commands stand on where a program has no such part: no briefs are kept, and nobody translates."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.model import Brief, ItemId, Language, Translation
from bot.ports import BriefBook, TextTranslator


class _NoBriefs:
    """Implements BriefBook."""

    async def briefs(self, items: Collection[ItemId]) -> Mapping[ItemId, Brief]:  # noqa: ARG002 - see the port
        """See BriefBook."""
        return {}


class _NoTranslator:
    """Implements TextTranslator."""

    is_set_up = False

    async def translate(self, text: str, *, otherwise: Language) -> Translation | None:  # noqa: ARG002 - see the port
        """See TextTranslator."""
        return None


NO_BRIEFS: BriefBook = _NoBriefs()
NO_TRANSLATOR: TextTranslator = _NoTranslator()
