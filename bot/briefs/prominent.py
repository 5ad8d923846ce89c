"""Which names are in the news: those of the glossary that several titles hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.briefs.glossary import Glossary
from bot.briefs.terms import TermKind
from bot.model import Language

LEAST = 2  # titles
_MANY, _EVERYWHERE = 30, 0.1  # of so many titles, what this part of them names is too much for a keyword


class ProminentNames:
    """Implements bot.ports.NameCount."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary

    def most_named(self, titles: Sequence[str], language: Language, *, limit: int) -> list[str]:
        """See bot.ports.NameCount. Terms proper name nobody."""
        counted = Counter(
            term for title in titles for term in self._glossary.find(title) if term.kind is not TermKind.TERM
        )
        most = _EVERYWHERE * len(titles) if len(titles) >= _MANY else len(titles)
        named = (term.named(language) for term, count in counted.most_common() if LEAST <= count <= most)
        return list(dict.fromkeys(named))[:limit]
