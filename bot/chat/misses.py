"""Says what a query lacks in an item, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce

from bot.chat.blocks import bold, harmless, one_line, text
from bot.chat.catalogue import Catalogue
from bot.chat.clip import clip
from bot.chat.reader import Reader
from bot.chat.readings import language_name, listed
from bot.chat.render import source_of
from bot.model import Block, Excerpt, Failure, Lack, Miss, Span, StoredItem

_WORDS = 80
_RUN = 160
_MOST_WORDS = 6
_MOST_FAILURES = 2
# Of these nothing says by itself what was found: that stands before them.
_BARE = frozenset({Lack.MISSING, Lack.EXCLUDED, Lack.FEED, Lack.LANGUAGE})
_NEAR = 0.3  # nearer than this an alternative is worth telling

Runs = tuple[Span, ...]


def lacks(miss: Miss, item: StoredItem, t: Catalogue) -> Runs:
    """What a query lacks: "found talks, but not there: trilateral"."""
    told = [_SENTENCES[one.lack](one, item, t) for one in miss.failures[:_MOST_FAILURES]]
    lack = reduce(lambda one, other: t.spans("{one}; {other}", one=one, other=other), told)
    if miss.found and miss.failures[0].lack in _BARE:
        return t.spans("found {found}, but {lack}", found=_words(miss.found, t), lack=lack)
    return lack


def near_misses(found: Iterable[tuple[StoredItem, Miss]], reader: Reader) -> Iterator[Block]:
    """The items that come nearest to a query, and what it lacks in each."""
    for number, (item, miss) in enumerate(found):
        if not number:
            yield text(reader.t("The nearest:"))
        line = reader.item(item)
        yield Block(line.kind, (*line.spans, Span(" · "), *lacks(miss, item, reader.t)))


def excerpt_runs(excerpt: Excerpt) -> Runs:
    """A piece of an item, with the words that answered in bold."""
    runs = ((clip(harmless(run), _RUN), answered) for run, answered in excerpt.runs)
    return tuple(bold(run) if answered else Span(run) for run, answered in runs)


def _words(words: tuple[str, ...], t: Catalogue, *, either: bool = False) -> Span:
    shown = tuple(one_line(word, _WORDS) for word in words[:_MOST_WORDS])
    return bold(listed(shown, t, either=either) + ("…" if len(words) > _MOST_WORDS else ""))


def _missing(failure: Failure, _: StoredItem, t: Catalogue) -> Runs:
    wanted = _words(failure.wanted, t)
    if failure.title_only:
        return t.spans("not in the title: {wanted}", wanted=wanted)
    return t.spans("not there: {wanted}", wanted=wanted)


def _form(failure: Failure, _: StoredItem, t: Catalogue) -> Runs:
    wanted, found = _words(failure.wanted, t), _words(failure.found, t)
    return t.spans("there is {found}, which is not the form {wanted}", found=found, wanted=wanted)


def _part(failure: Failure, _: StoredItem, t: Catalogue) -> Runs:
    wanted, found = _words(failure.wanted, t), _words(failure.found, t)
    return t.spans("{wanted} is there only across other words: {found}", found=found, wanted=wanted)


def _scattered(failure: Failure, _: StoredItem, t: Catalogue) -> Runs:
    wanted = _words(failure.wanted, t)
    return t.spans("the words of {wanted} are there, but not one after the other", wanted=wanted)


def _apart(failure: Failure, _: StoredItem, t: Catalogue) -> Runs:
    return t.spans(
        "{wanted} are there, but with {distance} other words among them (at most {within})",
        wanted=_words(failure.wanted, t),
        distance=str(failure.distance),
        within=str(failure.within),
    )


def _split(failure: Failure, _: StoredItem, t: Catalogue) -> Runs:
    return t.spans("{wanted} are there, but not in one paragraph", wanted=_words(failure.wanted, t))


def _untitled(failure: Failure, _: StoredItem, t: Catalogue) -> Runs:
    return t.spans("{found} is only in the text, not in the title", found=_words(failure.found or failure.wanted, t))


def _excluded(failure: Failure, _: StoredItem, t: Catalogue) -> Runs:
    return t.spans("excluded by {words}", words=_words(failure.found or failure.wanted, t))


def _feed(_: Failure, item: StoredItem, t: Catalogue) -> Runs:
    return t.spans("the feed is {feed}", feed=bold(source_of(item)))


def _language(_: Failure, item: StoredItem, t: Catalogue) -> Runs:
    if not item.item.language:
        return t.spans("the item's language is not known")
    return t.spans("the item is in {language}", language=bold(language_name(item.item.language, t)))


def _no_alternative(failure: Failure, item: StoredItem, t: Catalogue) -> Runs:
    nearest = failure.alternatives[0]
    if nearest.nearness < _NEAR:
        return t.spans("no alternative matches: {wanted}", wanted=_words(failure.wanted, t, either=True))
    query, lack = bold(one_line(nearest.query, _WORDS)), lacks(nearest, item, t)
    return t.spans("no alternative matches; nearest {query}: {lack}", query=query, lack=lack)


_SENTENCES: Mapping[Lack, Callable[[Failure, StoredItem, Catalogue], Runs]] = {
    Lack.MISSING: _missing,
    Lack.FORM: _form,
    Lack.PART: _part,
    Lack.SCATTERED: _scattered,
    Lack.APART: _apart,
    Lack.SPLIT: _split,
    Lack.UNTITLED: _untitled,
    Lack.EXCLUDED: _excluded,
    Lack.FEED: _feed,
    Lack.LANGUAGE: _language,
    Lack.NO_ALTERNATIVE: _no_alternative,
}
