"""What to look up in the index of stored items for a query: it finds all that match, and more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.matching.expression import And, Filter, Near, Not, Or, Phrase, Query, Regex, Term, Word
from bot.matching.features import commonness
from bot.matching.lookalikes import may_be_seam
from bot.model import AllOf, AnyOf, Beginning, Wanted
from bot.text.indexwords import asked_pairs, asked_words
from bot.text.tokens import TOUCHING

_PAIR = 2


def lookup(query: Query) -> Wanted | None:
    """Every item that answers the query is filed so; None where the index knows nothing of it: it only has prefixes,
    regular expressions, or filters of feeds and languages."""
    match query:
        case Near(words):
            return _all(_word(word) for word in words)
        case Phrase(terms):
            return _terms(terms)
        case And(parts):
            return _all(map(lookup, parts))
        case Or(parts):
            return _any(map(lookup, parts))
        case Filter("title", part):
            return lookup(part)
        case Filter() | Not() | Regex():
            return None


def near_lookup(query: Query) -> Wanted | None:
    """Items that have some word of the query that is not in most texts; None where it has none."""
    words = tuple(dict.fromkeys(_telling(query)))
    return AnyOf(words) if len(words) > 1 else words[0] if words else None


def is_settled(query: Query) -> bool:
    """Whether everything that is found for a query answers it, so that nothing need be read to know how many do: one
    plain word, two characters, or any of several such."""
    match query:
        case Near((Word(prefix=False, exact=False) as word,)):
            return _is_plain(word.terms)
        case Or(parts):
            return all(map(is_settled, parts))
        case _:
            return False


def _is_plain(terms: Sequence[Term]) -> bool:
    if len(terms) == 1:
        return not (terms[0].cjk or terms[0].sign or terms[0].acronym)
    touching = len(terms) == _PAIR and terms[0].cjk and terms[1].cjk and terms[1].gap == TOUCHING
    return touching and not may_be_seam("".join(term.text for term in terms))


def _telling(query: Query) -> Iterator[Wanted]:
    match query:
        case Near(words):
            yield from (found for word in words if (found := _word(word)) and not _is_common(word.terms))
        case Phrase(terms) if not _is_common(terms):
            yield from (found for run in _runs(terms) if (found := _run(run)))
        case And(parts) | Or(parts):
            yield from (found for part in parts for found in _telling(part))
        case Filter("title", part):
            yield from _telling(part)
        case _:
            pass


def _is_common(terms: Sequence[Term]) -> bool:
    return all(commonness(term.text) >= 1 for term in terms)


def _word(word: Word) -> Wanted | None:
    return _terms(word.terms[:-1] if word.prefix else word.terms)


def _terms(terms: Sequence[Term]) -> Wanted | None:
    return _all(map(_run, _runs(terms)))


def _runs(terms: Sequence[Term]) -> Iterator[Sequence[Term]]:
    """Characters that touch one another together, other terms alone."""
    begun = 0
    for place, term in enumerate(terms):
        if place and not (term.cjk and terms[place - 1].cjk and term.gap == TOUCHING):
            yield terms[begun:place]
            begun = place
    if terms:
        yield terms[begun:]


def _run(run: Sequence[Term]) -> Wanted | None:
    text = "".join(term.text for term in run)
    if not run[0].cjk:
        return _any(asked_words(text))
    return Beginning(text) if len(run) == 1 else _all(asked_pairs(text))


def _all(parts: Iterable[Wanted | None]) -> Wanted | None:
    known = tuple(dict.fromkeys(part for part in parts if part is not None))
    return AllOf(known) if len(known) > 1 else known[0] if known else None


def _any(parts: Iterable[Wanted | None]) -> Wanted | None:
    known = tuple(dict.fromkeys(parts))
    if not known or None in known:
        return None
    return AnyOf(tuple(part for part in known if part is not None)) if len(known) > 1 else known[0]
