"""Whether a document answers a query, and with which of its own words."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.matching.document import WORD_WIDTH, Document, Field
from bot.matching.expression import WITHIN, And, Filter, Leaf, Near, Not, Or, Phrase, Query, Regex, Term, Word
from bot.matching.features import PREFIX
from bot.matching.lookalikes import is_seam
from bot.matching.regex import search
from bot.text.fold import fold
from bot.text.tokens import SPACED, TOUCHING

_SHOWN = frozenset({"", "title"})  # filters whose words are the item's own


class _Run(NamedTuple):
    """Rows of a field, from `first` to `last`."""

    first: int
    last: int


class _Place(NamedTuple):
    """Rows of the document's field of that number (title, then text)."""

    field: int
    run: _Run


class Passage(NamedTuple):
    """Words that answered: the number of the document's field (title, then text), and offsets into its source."""

    field: int
    start: int
    end: int


def answers(query: Query, document: Document) -> bool:
    """Whether a document answers a query: what `evaluate` knows, but for the words."""
    return _holds(query, document, "")


def _holds(query: Query, document: Document, scope: str) -> bool:
    match query:
        case And(parts):
            return all(_holds(part, document, scope) for part in parts)
        case Or(parts):
            return any(_holds(part, document, scope) for part in parts)
        case Not(part):
            return not _holds(part, document, scope)
        case Filter(name, part):
            return _holds(part, document, name)
        case Near((Word((Term(text, sign="", acronym=False),), prefix=False) as word,)) if text:
            return any(_present(word, field) for field in document.scope(scope))
        case _:
            return any(_found(query, field) is not None for field in document.scope(scope))


def evaluate(query: Query, document: Document) -> tuple[str, ...] | None:
    """The words that answered, as the item writes them, in order of appearance; None when the query finds nothing.

    A phrase or a run of Chinese is one of these words. Spellings that differ in case alone are told once, and
    what a query excludes is never told; a query of `feed:` and `lang:` alone answers with no words.
    """
    found = passages(query, document)
    return None if found is None else _words(found, document)


def passages(query: Query, document: Document) -> list[Passage] | None:
    """Where the words that `evaluate` answers stand, in order of appearance; None when the query finds nothing."""
    found = _find(query, document, "")
    if found is None:
        return None
    return [Passage(place.field, *document.fields[place.field].span(*place.run)) for place in sorted(set(found))]


def evaluate_apart(query: Query, document: Document) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """As `evaluate`, the words of the item itself apart from those of its translations."""
    found = passages(query, document)
    if found is None:
        return None
    own = [passage for passage in found if passage.field in document.own]
    others = [passage for passage in found if passage.field not in document.own]
    return _words(own, document), _words(others, document)


def _words(found: list[Passage], document: Document) -> tuple[str, ...]:
    words: dict[str, str] = {}
    for passage in found:
        word = " ".join(document.fields[passage.field].source[passage.start : passage.end].split())
        words.setdefault(fold(word), word)
    return tuple(words.values())


def _find(query: Query, document: Document, scope: str) -> list[_Place] | None:
    match query:
        case Near() | Phrase() | Regex():
            return _leaf(query, document, scope)
        case And(parts):
            return _all(parts, document, scope)
        case Or(parts):
            found_parts = [places for part in parts if (places := _find(part, document, scope)) is not None]
            return [place for places in found_parts for place in places] if found_parts else None
        case Not(part):
            return [] if _find(part, document, scope) is None else None
        case Filter(name, part):
            return _find(part, document, name)


def _all(parts: Sequence[Query], document: Document, scope: str) -> list[_Place] | None:
    places: list[_Place] = []
    for part in parts:
        found = _find(part, document, scope)
        if found is None:
            return None
        places += found
    return places


def _leaf(leaf: Leaf, document: Document, scope: str) -> list[_Place] | None:
    """Where in the first field that has it a leaf is found."""
    for number, field in enumerate(document.scope(scope)):
        runs = _found(leaf, field)
        if runs is not None:
            return [_Place(number, run) for run in runs] if scope in _SHOWN else []
    return None


def _found(leaf: Leaf, field: Field) -> list[_Run] | None:
    match leaf:
        case Near(words, within):
            return _near(words, within, field)
        case Phrase(terms):
            return _phrase(terms, field)
        case Regex(pattern):
            return _regex(pattern, field)


# --- leaves ----------------------------------------------------------------------------------------------


def _near(words: Sequence[Word], within: int, field: Field) -> list[_Run] | None:
    """The first window that holds all words with at most `within` others among them.

    Each list of occurrences is walked from left to right, always moving the one that lags behind; the lagging
    one's best partners are the occurrences that the others stand at, so no window is missed.
    """
    # Most queries that the index proposes lack a word: that is found out before anything is built.
    for word in words:
        if not _present(word, field):
            return None
    if len(words) == 2 and all(len(word.terms) == 1 for word in words):  # noqa: PLR2004 - the commonest group by far
        rows = (_rows(word.terms[0], field, inflect=not word.exact, prefix=word.prefix) for word in words)
        pair = _pair(field, within, *rows)
        return [_Run(row, row) for row in sorted(pair)] if pair else None
    occurrences = []
    for word in words:
        runs = _runs(word.terms, field, inflect=not word.exact, prefix=word.prefix)
        first = next(runs, None)
        if first is None:
            return None
        occurrences.append((first, runs))
    if len(occurrences) == 1:
        return [occurrences[0][0]]
    return _window(occurrences, within, field)


def has_form(word: str, document: Document) -> bool:
    """Whether a document answers the phrase of this one word."""
    return any(word in field.distinct for field in document.fields)


def has_characters(text: str, document: Document) -> bool:
    """Whether a document answers the phrase of these characters."""
    return any(text in field.characters for field in document.fields)


def has_words(text: str, document: Document) -> bool:
    """Whether a document answers the phrase of these two or more words, which are no characters and have no signs."""
    return any(field.has_phrase(text) for field in document.fields)


def are_near(one: str, other: str, within: int, document: Document) -> bool:
    """Whether a document shows two words or prefixes, as `bot.matching.features` writes them, near each other."""
    return any(_pair(field, within, _shown(one, field), _shown(other, field)) for field in document.fields)


def _shown(feature: str, field: Field) -> Sequence[int]:
    return field.beginning(feature[: -len(PREFIX)]) if feature.endswith(PREFIX) else field.inflected(feature)


def are_all_near(words: Iterable[str], document: Document) -> bool:
    """The same for any number of words, with as many others among them as there may be if nothing is said."""
    group = tuple(Word((Term(word),)) for word in words)
    return any(_near(group, WITHIN, field) is not None for field in document.fields)


def _pair(field: Field, within: int, ones: Sequence[int], others: Sequence[int]) -> tuple[int, int] | None:
    """The first two rows that are near each other: `_window` for two words."""
    if not ones or not others:
        return None
    begins, after = field.begins, field.after
    place = other_place = 0
    while True:
        one, other = ones[place], others[other_place]
        if one <= other:
            if begins[other] - after[one] <= within * WORD_WIDTH:
                return one, other
            place += 1
            if place == len(ones):
                return None
        else:
            if begins[one] - after[other] <= within * WORD_WIDTH:
                return one, other
            other_place += 1
            if other_place == len(others):
                return None


def _present(word: Word, field: Field) -> bool:
    first = word.terms[0]
    if word.prefix and len(word.terms) == 1:
        return True
    return first.text in field.distinct if first.cjk or word.exact else field.has_inflected(first.text)


def _phrase(terms: Sequence[Term], field: Field) -> list[_Run] | None:
    if not field.distinct.issuperset([term.text for term in terms]):
        return None
    run = next(_runs(terms, field, inflect=False), None)
    return [run] if run else None


def _regex(pattern: str, field: Field) -> list[_Run] | None:
    found = search(pattern, field.readable)
    if found is None:
        return None
    rows = field.within(*found)
    return [_Run(rows[0], rows[-1])] if rows else []


def _window(occurrences: list[tuple[_Run, Iterator[_Run]]], within: int, field: Field) -> list[_Run] | None:
    current = [first for first, _ in occurrences]
    own = sum(field.after[run.last] - field.begins[run.first] for run in current)
    farthest = max(field.after[run.last] for run in current)
    lagging = [(run, place) for place, run in enumerate(current)]
    heapq.heapify(lagging)
    while True:
        run, place = lagging[0]
        if farthest - field.begins[run.first] - own <= within * WORD_WIDTH:
            return sorted(current)
        following = next(occurrences[place][1], None)
        if following is None:
            return None
        current[place] = following
        farthest = max(farthest, field.after[following.last])
        heapq.heapreplace(lagging, (following, place))


def _runs(terms: Sequence[Term], field: Field, *, inflect: bool, prefix: bool = False) -> Iterator[_Run]:
    """Where the terms follow one another, from left to right."""
    last = len(terms) - 1
    if not last:
        yield from (_Run(row, row) for row in _rows(terms[0], field, inflect=inflect, prefix=prefix))
        return
    rows = [_rows(term, field, inflect=inflect, prefix=prefix and place == last) for place, term in enumerate(terms)]
    if not all(rows):
        return
    rarest = min(range(len(rows)), key=lambda place: len(rows[place]))
    others = [(place, frozenset(rows[place])) for place in range(len(rows)) if place != rarest]
    for row in rows[rarest]:
        first = row - rarest
        there = all(first + place in allowed for place, allowed in others) and _joined(terms, field, first)
        if there and not (inflect and _is_seam(terms, field, first)):
            yield _Run(first, first + last)


def _is_seam(terms: Sequence[Term], field: Field, first: int) -> bool:
    """Whether the terms are only the end of one word and the beginning of another: 中国 in 发展中国家."""
    word = "".join(term.text for term in terms)
    return is_seam(word, *field.touching(first, first + len(terms) - 1))


def _rows(term: Term, field: Field, *, inflect: bool, prefix: bool) -> Sequence[int]:
    if prefix:
        rows: Sequence[int] = field.beginning(term.text)
    elif inflect and not term.cjk:
        rows = field.inflected(term.text)
    else:
        rows = field.exactly(term.text)
    if term.acronym and not prefix:
        rows = field.without_small_words(rows, term.text)
    return field.signed(rows, term.sign) if term.sign else rows


def _joined(terms: Sequence[Term], field: Field, first: int) -> bool:
    """Whether nothing stands between the tokens but what may.

    Characters must touch, since a space is punctuation in Chinese; words may have a space or hyphen between
    them; and what the query itself has between two terms, the text may have too.
    """
    for place in range(1, len(terms)):
        characters = terms[place].cjk and terms[place - 1].cjk
        if field.gaps[first + place] > max(terms[place].gap, TOUCHING if characters else SPACED):
            return False
    return True
