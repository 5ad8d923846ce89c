"""Why a document does not answer a query: which of its conditions fail, and how nearly.

A query is taken apart into queries that stand for one condition each, and these are put to the document by `evaluate`
itself, so that what is said here can't differ from what it does. A new kind of leaf needs a case in `_lacking` with a
Failure, no more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from bot.matching.document import Document
from bot.matching.evaluate import answers, evaluate, passages
from bot.matching.expression import And, Filter, Near, Not, Or, Phrase, Query, Regex, Term, Word, as_typed, group
from bot.model import Failure, Lack, Miss
from bot.text.tokens import TOUCHING

_CONTEXT = 2  # characters on each side
# How near a failed condition came; only the order among them matters.
_NEARNESS = {
    Lack.APART: 0.9,
    Lack.UNTITLED: 0.9,
    Lack.FORM: 0.9,
    Lack.SPLIT: 0.8,
    Lack.SCATTERED: 0.7,
    Lack.EXCLUDED: 0.5,
    Lack.FEED: 0.5,
    Lack.LANGUAGE: 0.5,
    Lack.PART: 0.4,
    Lack.MISSING: 0.0,
}
_SCOPES = {"feed": Lack.FEED, "lang": Lack.LANGUAGE}


def why_not(query: Query, document: Document) -> Miss:
    """What a query lacks in a document: failures if, and only if, `evaluate` finds nothing."""
    return _judge(query, document, "")


def _judge(query: Query, document: Document, scope: str) -> Miss:
    """`scope` is "title" for parts of a filter of that name."""
    found = evaluate(_scoped(query, scope), document)
    if found is None:
        return _lacking(query, document, scope)
    return Miss(query=as_typed(query), nearness=1, found=found)


def _lacking(query: Query, document: Document, scope: str) -> Miss:
    match query:
        case Near((_,)) | Phrase() | Regex():
            return _unit(query, document, scope)
        case Near():
            return _group(query, document, scope)
        case And(parts) | Or(parts):
            together = _all if isinstance(query, And) else _any
            return together(query, [_judge(part, document, scope) for part in parts])
        case Not(part):
            found = evaluate(_scoped(part, scope), document) or ()
            return _failed(query, Failure(lack=Lack.EXCLUDED, wanted=(as_typed(part),), found=found))
        case Filter("title", part):
            return replace(_judge(part, document, "title"), query=as_typed(query))
        case Filter(name, part):
            return _failed(query, Failure(lack=_SCOPES[name], wanted=(as_typed(part),)))


def _scoped(query: Query, scope: str) -> Query:
    return Filter(scope, query) if scope else query


def _failed(query: Query, failure: Failure, nearness: float | None = None, found: tuple[str, ...] = ()) -> Miss:
    near = _NEARNESS[failure.lack] if nearness is None else nearness
    return Miss(query=as_typed(query), nearness=near, failures=(failure,), found=found)


# --- parts together --------------------------------------------------------------------------------------


def _all(query: Query, parts: Sequence[Miss]) -> Miss:
    """Of parts that must all be met. Those that only narrow down (`-word`, `lang:en`) bring a text no nearer."""
    counted = [part for part in parts if part.failures or part.found]
    return Miss(
        query=as_typed(query),
        nearness=sum(part.nearness for part in counted) / len(counted),
        failures=_joined(failure for part in parts for failure in part.failures),
        found=_distinct(word for part in parts for word in part.found),
    )


def _joined(failures: Iterable[Failure]) -> tuple[Failure, ...]:
    """Failures with the missing words told together."""
    joined: dict[object, Failure] = {}
    for failure in failures:
        key = failure.title_only if failure.lack is Lack.MISSING else failure
        before = joined.get(key, failure)
        joined[key] = replace(before, wanted=_distinct((*before.wanted, *failure.wanted)))
    return tuple(joined.values())


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _any(query: Query, parts: Sequence[Miss]) -> Miss:
    nearest = tuple(sorted(parts, key=lambda part: -part.nearness))
    failure = Failure(lack=Lack.NO_ALTERNATIVE, wanted=_distinct(part.query for part in parts), alternatives=nearest)
    return _failed(query, failure, nearest[0].nearness)


# --- leaves ----------------------------------------------------------------------------------------------


def _group(query: Near, document: Document, scope: str) -> Miss:
    """Several words near one another."""
    if scope and answers(query, document):
        return _untitled(query, document)
    judged = [_judge(group((word,)), document, scope) for word in query.words]
    if any(one.failures for one in judged):
        return _all(query, judged)
    wanted, in_title = tuple(one.query for one in judged), bool(scope)
    distance = _distance(query, document, scope)
    if distance is None:
        return _failed(query, Failure(lack=Lack.SPLIT, wanted=wanted, title_only=in_title))
    within = query.within
    apart = Failure(lack=Lack.APART, wanted=wanted, title_only=in_title, within=within, distance=distance)
    return _failed(query, apart)


def _distance(query: Near, document: Document, scope: str) -> int | None:
    """With how many other words among them the words of a group would be found; None where no number helps."""
    farthest = max(len(field.terms) for field in document.fields)
    wider = range(query.within + 1, farthest + 1)
    found = bisect_left(
        wider, True, key=lambda within: answers(_scoped(replace(query, within=within), scope), document)
    )
    return wider[found] if found < len(wider) else None


def _untitled(query: Query, document: Document) -> Miss:
    found = evaluate(query, document) or ()
    return _failed(query, Failure(lack=Lack.UNTITLED, wanted=(as_typed(query),), found=found, title_only=True))


def _unit(unit: Query, document: Document, scope: str) -> Miss:
    """One word, compound, phrase or regular expression."""
    if scope and answers(unit, document):
        return _untitled(unit, document)
    if isinstance(unit, Regex):
        return _failed(unit, Failure(lack=Lack.MISSING, wanted=(as_typed(unit),), title_only=bool(scope)))
    terms = tuple(term._replace(sign="", acronym=False) for term in _terms(unit))
    in_form, in_parts = _scoped(Near((Word(terms),)), scope), _scoped(Phrase(terms), scope)
    wanted, in_title = (as_typed(unit),), bool(scope)
    if found := evaluate(in_form, document):
        return _failed(unit, Failure(lack=Lack.FORM, wanted=wanted, found=found, title_only=in_title))
    if answers(in_parts, document):
        found = _around(in_parts, document)
        return _failed(unit, Failure(lack=Lack.PART, wanted=wanted, found=found, title_only=in_title))
    return _missing(unit, terms, document, scope)


def _missing(unit: Query, terms: Sequence[Term], document: Document, scope: str) -> Miss:
    """Not there; or its pieces are, and do not follow one another."""
    pieces = [evaluate(_scoped(piece, scope), document) for piece in _pieces(terms)]
    there = [piece for piece in pieces if piece]
    scattered = len(there) == len(pieces) > 1
    lack = Lack.SCATTERED if scattered else Lack.MISSING
    failure = Failure(lack=lack, wanted=(as_typed(unit),), title_only=bool(scope))
    found = _distinct(word for piece in there for word in piece)
    return _failed(unit, failure, None if scattered else len(there) / len(pieces) / 2, found)


def _pieces(terms: Sequence[Term]) -> Iterator[Query]:
    """Each word, and what characters stand together: a single one of a Chinese word tells nothing."""
    for is_cjk, run in groupby(terms, key=lambda term: term.cjk):
        first, *rest = [term._replace(gap=TOUCHING) for term in run]
        if is_cjk:
            yield Near((Word((first, *rest)),))
        else:
            yield from (Near((Word((term,)),)) for term in (first, *rest))


def _terms(unit: Query) -> tuple[Term, ...]:
    if isinstance(unit, Phrase):
        return unit.terms
    assert isinstance(unit, Near)  # noqa: S101 - `_lacking` hands over no other
    return unit.words[0].terms


def _around(query: Query, document: Document) -> tuple[str, ...]:
    """The first place that a query finds, with the signs beside it."""
    first = (passages(query, document) or [])[0]
    source = document.fields[first.field].source
    return (source[max(0, first.start - _CONTEXT) : first.end + _CONTEXT].strip(),)
