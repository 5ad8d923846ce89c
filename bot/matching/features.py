"""What a document must show for a query to match: what the index files queries under.

A feature is a text, of one of these forms:

| form          | a document shows it when it has                                          |
|---------------|--------------------------------------------------------------------------|
| `talk`        | the word in any inflection; or the one character                         |
| `abu dhabi`   | these two terms, one after the other, of which one at least is no character |
| `三方`, `三方会谈` | these two to four characters, touching one another                      |
| `tal*`        | a word that begins so                                                    |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple, TypeAlias

from bot.matching.expression import WITHIN, And, Filter, Near, Not, Or, Phrase, Query, Regex, Term, Word
from bot.matching.lookalikes import may_be_seam
from bot.text.tokens import SPACED, TOUCHING, is_character

Clause: TypeAlias = tuple[str, ...]
# What proves that a document answers a query, once it has shown a feature of each clause: that alone; that it has the
# word in this very form; that the words of the two clauses are near each other; that, and evaluating the query then;
# that all words of the canonical query are; that it has the characters of the canonical query, touching one another, or
# its words, one after the other; or nothing but evaluating the query.
# (Numbers and no Enum: the index keeps a million, in three bits each; SHOWN is the one that is zero.)
SHOWN, FORM, NEAR, NEAR_FIRST, GROUP, CHARACTERS, WORDS, EVALUATION = range(8)
PREFIX = "*"  # ends the features that are prefixes
LONGEST_GRAM = 4  # characters
_MOST_CLAUSES = 6  # more would not narrow down more
_EVERYWHERE, _OFTEN = 1_000, 100
_COMMON_WORDS = (
    "a an and are as at be but by for from has have he her his i if in into is it its more new no not of on or over"
    " says than that the their they this to up us was we were what when where which who will with you"
)
_COMMON = frozenset(_COMMON_WORDS.split()) | frozenset("的了在是和不一有人中大年上国为会与将对也日月")


class Demand(NamedTuple):
    """What a query demands: of each clause a feature at least; and what proves then that the document answers it."""

    clauses: tuple[Clause, ...]
    proof: int


_NOTHING = Demand((), EVALUATION)


def demands(query: Query) -> tuple[Demand, ...]:
    """What a document must show for the query to match: what one of these asks for. A demand without clauses may be
    met by any document."""
    if isinstance(query, Or):
        return tuple(map(_demand, query.parts))
    demand = _demand(query)
    return (demand._replace(proof=_proof_by_spelling(query)) if demand.proof == EVALUATION else demand,)


def _proof_by_spelling(query: Query) -> int:
    """What proves a query whose canonical spelling is all that there is to it."""
    match query:
        case Near((Word(terms, prefix=False, exact=False),)) | Phrase(terms) if _touch(terms):
            # No long word is one that may be a seam (see `lookalikes`).
            return CHARACTERS if len(terms) > LONGEST_GRAM else EVALUATION
        case Phrase(terms) if all(term.gap == SPACED for term in terms[1:]):
            return EVALUATION if any(term.cjk or term.sign for term in terms) else WORDS
        case Near(words, within) if within == WITHIN and len(words) > 2:  # noqa: PLR2004 - no pair
            return GROUP if all(map(_is_plain_term, words)) else EVALUATION
        case _:
            return EVALUATION


def _demand(query: Query) -> Demand:
    match query:
        case Near(words, within):
            if all(map(_is_plain_term, words)):
                clauses = rarest([(word.terms[0].text,) for word in words])
            else:
                clauses = rarest([(feature,) for word in words for feature in _of_word(word)])
            return Demand(clauses, _proof_of_group(words, within, clauses))
        case Phrase(terms):
            clauses = rarest((feature,) for feature in _of_phrase(terms))
            return Demand(clauses, _proof_of_phrase(terms))
        case And(parts):
            demands = list(map(_demand, parts))
            clauses = rarest(clause for one in demands for clause in one.clauses)
            plain = len(clauses) == 2 and all(one.proof == SHOWN for one in demands)  # noqa: PLR2004 - a pair
            return Demand(clauses, SHOWN if plain else _proof_of_part(one for one in demands if one.clauses))
        case Or(parts):
            return _any_of(list(map(_demand, parts)))
        case Filter("title", part):
            wanted = _demand(part)
            return Demand(wanted.clauses, _proof_of_part((wanted,)))
        case Filter() | Not() | Regex():
            return _NOTHING


def is_word(feature: str) -> bool:
    """Whether a feature is shown by inflections of a word, or by a character."""
    return not (is_prefix(feature) or is_gram(feature))


def is_prefix(feature: str) -> bool:
    """Whether a feature is shown by words that begin so."""
    return feature[-1] == PREFIX


def is_gram(feature: str) -> bool:
    """Whether a feature is shown by terms that follow one another."""
    # No Latin letter is a character of a script without spaces: most words need no closer look.
    return " " in feature or (len(feature) > 1 and not feature.isascii() and is_character(feature))


def commonness(feature: str) -> float:
    """How bad it is to file a query under a feature that most texts show, in queries under the same feature."""
    if feature in _COMMON:
        return _EVERYWHERE
    often = is_prefix(feature) or (" " in feature and _COMMON.issuperset(feature.split(" ")))
    return _OFTEN if often else 1 / len(feature)


def rarest(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """Every clause once, or the rarest of many."""
    distinct = tuple(dict.fromkeys(clauses))
    return distinct if len(distinct) <= _MOST_CLAUSES else tuple(sorted(distinct, key=_common))[:_MOST_CLAUSES]


def _common(clause: Clause) -> float:
    return sum(map(commonness, clause))


def _any_of(demands: Sequence[Demand]) -> Demand:
    """The rarest clause of each alternative, as one."""
    if not all(one.clauses for one in demands):
        return _NOTHING
    rarest_of_each = (min(one.clauses, key=_common) for one in demands)
    together = tuple(dict.fromkeys(chain.from_iterable(rarest_of_each)))
    shown = all(one.proof == SHOWN and len(one.clauses) == 1 for one in demands)
    return Demand((together,), SHOWN if shown else EVALUATION)


def _proof_of_group(words: Sequence[Word], within: int, clauses: Sequence[Clause]) -> int:
    if len(words) == 1 and _is_plain_word(words[0]):
        return SHOWN
    is_pair = within == WITHIN and len(words) == len(clauses) == 2  # noqa: PLR2004 - a pair
    if not is_pair or not all(map(_is_part, words)):
        return EVALUATION
    return NEAR_FIRST if any(word.terms[0].acronym for word in words) else NEAR


def _proof_of_part(demands: Iterable[Demand]) -> int:
    """What proves a query of more than one part, or of a title, by those that have clauses."""
    proofs = [one.proof for one in demands]
    return NEAR_FIRST if len(proofs) == 1 and proofs[0] in (NEAR, NEAR_FIRST) else EVALUATION


def _is_part(word: Word) -> bool:
    """Whether a word is one term, which stands for itself in any inflection, or for what begins so."""
    return len(word.terms) == 1 and not (word.exact or word.terms[0].sign)


def _is_plain_term(word: Word) -> bool:
    """Whether a word is one term, which any inflection of it stands for."""
    first = word.terms[0]
    return len(word.terms) == 1 and not (word.prefix or word.exact or first.sign or first.acronym)


def _of_word(word: Word) -> Iterator[str]:
    *terms, last = word.terms
    if word.exact:
        yield from _of_phrase(word.terms)
    elif not word.prefix:
        yield from _of_terms(word.terms)
    elif terms:
        yield from _of_terms(terms)
    else:
        yield f"{last.text}{PREFIX}"


def _is_plain_word(word: Word) -> bool:
    """Whether a document that shows the word's feature has the word, without anything special about it."""
    terms = word.terms
    if len(terms) == 1:
        return _is_plain_term(word) or (word.prefix and not terms[0].sign)
    return not word.prefix and _is_gram(terms) and not may_be_seam("".join(term.text for term in terms))


def _is_gram(terms: Sequence[Term]) -> bool:
    """Whether terms are characters that touch one another, and few."""
    return len(terms) <= LONGEST_GRAM and _touch(terms)


def _touch(terms: Sequence[Term]) -> bool:
    """Whether terms are characters that touch one another."""
    return all(term.cjk for term in terms) and all(term.gap == TOUCHING for term in terms[1:])


def _of_terms(terms: Sequence[Term]) -> Iterator[str]:
    """For terms that follow one another, in any inflection."""
    for run in _runs(terms):
        yield from _of_run(run)


def _of_phrase(terms: Sequence[Term]) -> Iterator[str]:
    """For these very terms: pairs, and what stands in none."""
    paired = [_is_pair(one, other) for one, other in pairwise(terms)]
    yield from (
        f"{one.text} {other.text}" for (one, other), is_pair in zip(pairwise(terms), paired, strict=True) if is_pair
    )
    place = 0
    for run in _runs(terms):
        if len(run) > 1 or not any(paired[max(0, place - 1) : place + 1]):
            yield from _of_run(run)
        place += len(run)


def _is_pair(one: Term, other: Term) -> bool:
    return other.gap <= SPACED and not (one.cjk and other.cjk)


def _proof_of_phrase(terms: Sequence[Term]) -> int:
    if any(term.sign for term in terms):
        return EVALUATION
    if len(terms) == 1 and not terms[0].cjk:
        return FORM
    is_pair = len(terms) == 2 and _is_pair(*terms)  # noqa: PLR2004 - a pair
    return SHOWN if is_pair or _is_gram(terms) else EVALUATION


def _runs(terms: Sequence[Term]) -> Iterator[Sequence[Term]]:
    """Characters that touch one another together, other terms alone."""
    begun = 0
    for place, term in enumerate(terms):
        if place and not (term.cjk and terms[place - 1].cjk and term.gap == TOUCHING):
            yield terms[begun:place]
            begun = place
    yield terms[begun:]


def _of_run(run: Sequence[Term]) -> Iterator[str]:
    text = "".join(term.text for term in run)
    if len(run) == 1:
        yield text
    else:
        yield from grams_of(text)


def grams_of(text: str) -> Sequence[str]:
    """The features of characters that touch one another."""
    if len(text) <= LONGEST_GRAM:
        return (text,)
    return [text[place : place + LONGEST_GRAM] for place in range(len(text) - LONGEST_GRAM + 1)]
