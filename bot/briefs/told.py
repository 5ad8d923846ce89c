"""What the names of a text say of others that it does not name: Athens of Greece, NASA of the United States."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.briefs.glossary import Glossary
from bot.briefs.lookup import Form, Lookup
from bot.briefs.terms import Term, TermKind
from bot.text.chinese import spellings


class Told:
    """Knows by the glossary which terms a text bears out with the terms and words that it has. Pure."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._by_name: dict[str, set[str]] = {}
        self._by_word: dict[str, set[str]] = {}
        names = {term.en for term in glossary.terms}
        for term in glossary.terms:
            for word in term.told_by:
                for form in (word,) if word in names else spellings(word):
                    (self._by_name if word in names else self._by_word).setdefault(form, set()).add(term.en)
        self._lookup = Lookup(Form(word) for word in self._by_word)
        self._inner: dict[str, frozenset[str]] = {}

    def of(self, terms: Iterable[Term], rest: str) -> set[str]:
        """The English names of what a text tells of, by its terms and by what is left of it without them."""
        told = set[str]()
        for term in terms:
            told |= self._by_name.get(term.en, set())
            if term.kind is TermKind.BODY:
                told |= self._named_in(term)
        for start, end in self._lookup.spans(rest):
            told |= self._by_word[rest[start:end]]
        return told

    def speaks_for(self, place: Term) -> str:
        """The English name of the country whose capital a place is; "" where it is no capital."""
        countries = self._by_name.get(place.en, set())
        return min(countries) if place.kind is TermKind.PLACE and len(countries) == 1 else ""

    def _named_in(self, body: Term) -> frozenset[str]:
        """What stands in the names of a body: China in 中国银行, the United Nations in 聯合國安理會."""
        if body.en not in self._inner:
            self._inner[body.en] = frozenset(self._search(body))
        return self._inner[body.en]

    def _search(self, body: Term) -> Iterator[str]:
        for form in body.forms():
            # Without one end the body's own name is no longer found, and what stands in it is.
            for part in (form[1:], form[:-1]):
                yield from (term.en for term in self._glossary.find(part) if term.kind is not TermKind.TERM)
