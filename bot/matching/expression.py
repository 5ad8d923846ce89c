"""The tree that a query is read into, and its one canonical spelling.

Words, phrases, prefixes and regular expressions are leaves; `And`, `Or`, `Not` and `Filter` join them. Trees are built
through `conjunction`, `disjunction` and `negation`, which keep them in normal form: no node of the same kind inside
another, no doubles, no double negation. Equal trees have equal canonical spellings, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.matching.lookalikes import is_acronym
from bot.text.tokens import BROKEN, TOUCHING, Token

WITHIN = 10  # other words that may stand among words that are near one another, if nothing else is said


class Term(NamedTuple):
    """A token of a query. `gap` is what stands before it (see `bot.text.tokens.Token`).

    An `acronym` was typed in capitals and is not meant where a text has the small word of the same letters.
    """

    text: str
    cjk: bool = False
    gap: int = TOUCHING
    sign: str = ""
    acronym: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """What stands between two spaces of a query: a word, a run of Chinese, or a compound such as F-35.

    Its terms must follow one another; inflections are folded, unless it is `exact`, a phrase. With `prefix` the last
    term may go on. `written` is how it was typed.
    """

    terms: tuple[Term, ...]
    prefix: bool = False
    exact: bool = False
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Words that must all stand near one another, in any order, with at most `within` others among them."""

    words: tuple[Word, ...]
    within: int = WITHIN


@dataclass(frozen=True, slots=True)
class Phrase:
    """These very words, one after the other."""

    terms: tuple[Term, ...]
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression, spelled as `bot.matching.regex.pattern_of` does."""

    pattern: str
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All parts match."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """A part matches."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not match."""

    part: Query


@dataclass(frozen=True, slots=True)
class Filter:
    """The part matches the title, the feed's name and addresses, or the language: `name` is title, feed or lang."""

    name: str
    part: Query


Leaf = Near | Phrase | Regex
Query = Leaf | And | Or | Not | Filter


def terms_of(tokens: Iterable[Token], typed: str = "") -> tuple[Term, ...]:
    """The tokens as terms; the first has nothing before it. `typed` is what they were read from, where case counts:
    in words that stand alone."""
    first, *rest = tokens
    acronym = not rest and not first.sign and is_acronym(typed[first.start : first.end], first.text)
    head = Term(first.text, first.cjk, TOUCHING, first.sign, acronym)
    return head, *(Term(token.text, token.cjk, min(token.gap, BROKEN), token.sign) for token in rest)


def _flat(kind: type[And | Or], parts: Sequence[Query]) -> tuple[Query, ...]:
    flat: dict[Query, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, (And, Or)) and isinstance(part, kind) else (part,)))
    return tuple(flat)


def group(words: Iterable[Word], within: int = WITHIN) -> Query:
    """One or more words near one another."""
    distinct = tuple(dict.fromkeys(words))
    if len(distinct) > 1:
        return Near(distinct, within)
    (word,) = distinct
    return Phrase(word.terms, written=word.written) if word.exact else Near(distinct)


def conjunction(parts: Sequence[Query]) -> Query:
    """All of one or more parts."""
    flat = _flat(And, parts) if len(parts) > 1 else parts
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def disjunction(parts: Sequence[Query]) -> Query:
    """Any of one or more parts."""
    flat = _flat(Or, parts) if len(parts) > 1 else parts
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def negation(part: Query) -> Query:
    """The opposite of a part."""
    return part.part if isinstance(part, Not) else Not(part)


def only_excludes(query: Query) -> bool:
    """Whether a query could be answered by a text that has nothing to do with it."""
    match query:
        case And(parts):
            return all(map(only_excludes, parts))
        case Or(parts):
            return any(map(only_excludes, parts))
        case Not(part):
            return not _excludes_fully(part)
        case Filter(_, part):
            return only_excludes(part)
        case _:
            return False


def _excludes_fully(query: Query) -> bool:
    """Whether the opposite of a query asks for something: `-(-a -b)` does, it is `a OR b`."""
    match query:
        case And(parts):
            return all(map(_excludes_fully, parts))
        case Or(parts):
            return any(map(_excludes_fully, parts))
        case Not(part):
            return not only_excludes(part)
        case Filter(_, part):
            return _excludes_fully(part)
        case _:
            return False


def regexes(query: Query) -> Iterator[Regex]:
    """The regular expressions in a query."""
    match query:
        case Regex():
            yield query
        case And(parts) | Or(parts):
            yield from (regex for part in parts for regex in regexes(part))
        case Not(part) | Filter(_, part):
            yield from regexes(part)
        case _:
            pass


def excludes(query: Query) -> bool:
    """Whether a query leaves anything out."""
    match query:
        case And(parts) | Or(parts):
            return any(map(excludes, parts))
        case Filter(_, part):
            return excludes(part)
        case _:
            return isinstance(query, Not)


def contradicts(query: Query) -> bool:
    """Whether a query, or one of its alternatives, leaves out what it looks for: `a -a`, `"a b" -a`, `title:a -a`."""
    match query:
        case Or(parts):
            return any(map(contradicts, parts))
        case And(parts):
            return any(map(contradicts, parts)) or bool(_in_vain(parts))
        case Filter(_, part):
            return contradicts(part)
        case _:
            return False


def without_contradictions(query: Query) -> Query:
    """The query without the exclusions that contradict it."""
    match query:
        case Or(parts):
            return disjunction([without_contradictions(part) for part in parts])
        case And(parts):
            vain = _in_vain(parts)
            return conjunction([without_contradictions(part) for part in parts if part not in vain])
        case Filter(name, part):
            return Filter(name, without_contradictions(part))
        case _:
            return query


def _in_vain(parts: Sequence[Query]) -> list[Query]:
    """Those exclusions among the parts of a conjunction that contradict the others."""
    implied = {each for part in parts if not isinstance(part, Not) for each in _implied(part)}
    return [part for part in parts if isinstance(part, Not) and not implied.isdisjoint(_alternatives(part.part))]


def _alternatives(query: Query) -> tuple[Query, ...]:
    return query.parts if isinstance(query, Or) else (query,)


def _implied(query: Query) -> Iterator[Query]:
    """What is found wherever the query is, as far as it is plain to see."""
    yield query
    match query:
        case Near(words) if len(words) > 1:
            yield from (group((word,)) for word in words)
        case Phrase(terms) if not any(term.sign for term in terms):
            # A phrase's words, in any inflection; where one term is a word.
            yield from (Near((Word((Term(term.text, term.cjk),)),)) for term in terms if not term.cjk)
        case And(parts):
            yield from (each for part in parts for each in _implied(part))
        case Filter("title", part):
            yield from _implied(part)
        case _:
            pass


def canonical(query: Query) -> str:
    """The one spelling of a query that all its other spellings share; reading it gives the same query."""
    return _Writer(as_typed=False).write(query)


def as_typed(query: Query) -> str:
    """A query spelled with the characters it was typed in, for showing to people."""
    return _Writer(as_typed=True).write(query)


class _Writer:
    def __init__(self, *, as_typed: bool) -> None:
        self._as_typed = as_typed

    def write(self, query: Query) -> str:
        match query:
            case Near() | Phrase() | Regex():
                return self._leaf(query)
            case And(parts):
                return self._conjunction(parts)
            case Or(parts):
                return " OR ".join(map(self.write, parts))
            case Not(part):
                return f"-{self._operand(part, (Phrase, Regex, Filter))}"
            case Filter(name, part):
                return f"{name}:{self._operand(part, (Phrase, Regex))}"

    def _leaf(self, leaf: Leaf) -> str:
        match leaf:
            case Near(words, within):
                plain = within == WITHIN and not any(word.exact for word in words)
                return (" " if plain else f" NEAR/{within} ").join(map(self._word, words))
            case Phrase(terms, written):
                return self._phrase(terms, written)
            case Regex(pattern, written):
                return f"/{written if self._as_typed and written else pattern}/"

    def _phrase(self, terms: tuple[Term, ...], written: str) -> str:
        return f'"{written}"' if self._as_typed and written else f'"{_joined(terms, " ")}"'

    def _word(self, word: Word) -> str:
        if word.exact:
            return self._phrase(word.terms, word.written)
        written = word.written if self._as_typed and word.written else _joined(word.terms, "-")
        return f"{written}*" if word.prefix else written

    def _conjunction(self, parts: tuple[Query, ...]) -> str:
        pieces: list[str] = []
        for before, part in zip((None, *parts), parts, strict=False):
            if isinstance(before, Near) and isinstance(part, Near):
                pieces.append("AND")
            pieces.append(f"({self.write(part)})" if isinstance(part, Or) else self.write(part))
        return " ".join(pieces)

    def _operand(self, part: Query, single: tuple[type, ...]) -> str:
        alone = isinstance(part, single) or (isinstance(part, Near) and len(part.words) == 1)
        return self.write(part) if alone else f"({self.write(part)})"


def _joined(terms: tuple[Term, ...], space: str) -> str:
    pieces: list[str] = []
    for before, term in zip((None, *terms), terms, strict=False):
        pieces += [_between(before, term, space), term.sign, term.text.upper() if term.acronym else term.text]
    return "".join(pieces)


def _between(before: Term | None, term: Term, space: str) -> str:
    if before is None:
        return ""
    if term.gap == TOUCHING:
        return "" if before.cjk or term.cjk else "·"
    return space if term.gap < BROKEN else ", "
