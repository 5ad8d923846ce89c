"""The decision: does an item belong to a story that was told, and does it bring anything new?

    item ─▶ Reading ─▶ candidates ─▶ the same text? ─▶ the same event, ─▶ anything new? ─▶ SameStory, or none
                                                        and no series?

A repetition and another report of the same event need not be told again; a development should. Precision goes before
recall: a story told twice costs a glance, a story held back is lost.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from bot.model import Brief, SameStory, StoredItem, StoryKind, StoryMember, StoryReason
from bot.stories.event import Measured, bars_for, measure, scale_for
from bot.stories.explain import reasons_for
from bot.stories.index import Entry, Reading, StoryIndex
from bot.stories.news import new_figures, new_turns, new_words
from bot.stories.same import likeness
from bot.stories.series import are_of_a_series
from bot.stories.terms import Terms

_DRIFTED = 0.25  # the score below which an item has nothing to do with the first of a story
_SAME_WORDS = 0.8  # the cosine of an article and its next version
# What is told as an update says other things than what was told, so it is less alike than another report. Of the 24
# developments above it among pairs that people scored, 21 are the same event (up to 2.0 of 4) and all are closely
# related (2.5); of the 40 below, 28 and 31.
_GOES_ON = 0.64
_NEW_DAY = timedelta(hours=12)  # since the story was heard of last: a night


class _Event(NamedTuple):
    entry: Entry
    terms: Terms
    measured: Measured


def choose_story(item: StoredItem, stories: StoryIndex, brief: Brief | None = None) -> SameStory | None:
    """The told story that an item belongs to; None when it begins a new one.

    `brief` is the item's, if it has one: by its translation the item is compared with those of the other language.
    """
    reading = stories.read(item.item, brief)
    candidates = [entry for entry in stories.candidates(reading) if entry.member.item != item.id]
    return _repetition(item, reading, candidates) or _report(item, reading, candidates, stories)


def _repetition(item: StoredItem, reading: Reading, candidates: list[Entry]) -> SameStory | None:
    alike = (
        (found, entry.member)
        for entry in candidates
        if (found := likeness(item.item, entry.member)) and not _is_next(item, reading, entry, alike=True)
    )
    best = max(alike, key=lambda pair: pair[0].score, default=None)
    if best is None:
        return None
    found, member = best
    return _same(member, StoryKind.REPEAT, found.score, (StoryReason(shared=found.shared),))


def _report(item: StoredItem, reading: Reading, candidates: list[Entry], stories: StoryIndex) -> SameStory | None:
    events = (_event(item, reading, entry, stories, only_same=True) for entry in candidates)
    same = [event for event in events if event and event.measured.same and not _is_next(item, reading, event.entry)]
    best = max(same, key=lambda event: event.measured.score, default=None)
    if best is None:
        return None
    story = stories.story(best.entry.member.story)
    if _drifts(item, reading, story[0], stories):
        return None
    kind, new = _kind(item, best, story, stories)
    reasons = reasons_for(best.terms, best.measured.shared)
    sure = best.measured.sure or best.measured.score >= _GOES_ON
    return replace(_same(best.entry.member, kind, best.measured.score, reasons, new), sure=sure)


def _event(
    item: StoredItem, reading: Reading, entry: Entry, stories: StoryIndex, *, only_same: bool = False
) -> _Event | None:
    """How alike an item and a member are; by a language that both are told in, if there is one."""
    pairs = [(mine, theirs) for mine in reading.versions for theirs in entry.versions]
    common = [pair for pair in pairs if pair[0].language == pair[1].language]
    apart = abs(item.seen - entry.member.seen)
    measured = [
        _Event(entry, mine, measure(mine, theirs, scale, apart, only_same=only_same))
        for mine, theirs in common or pairs
        if (scale := scale_for(mine, theirs, stories.words(mine.language), stories.concepts))
    ]
    return max(measured, key=lambda event: (event.measured.same, event.measured.score), default=None)


def _is_next(item: StoredItem, reading: Reading, entry: Entry, *, alike: bool = False) -> bool:
    """Whether an item and a member are of one series, each with news of its own."""
    mine, theirs, title = reading.versions[0], entry.versions[0], entry.member.title
    return mine.language == theirs.language and are_of_a_series(item.item.title, title, mine, theirs, alike=alike)


def _drifts(item: StoredItem, reading: Reading, first: Entry, stories: StoryIndex) -> bool:
    """Whether an item is like a later member only: by small steps a story could come to be about anything."""
    event = _event(item, reading, first, stories)
    return event is not None and event.measured.score < _DRIFTED and likeness(item.item, first.member) is None


def _kind(item: StoredItem, best: _Event, story: list[Entry], stories: StoryIndex) -> tuple[StoryKind, tuple[str, ...]]:
    """Another report brings nothing new, for sure; whatever may is a development, with what is new."""
    terms = best.terms  # in the language that it was found to be the same event by
    told = [version for entry in story for version in entry.versions]
    if figures := new_figures(terms, told, same_words=best.measured.cosine >= _SAME_WORDS):
        return StoryKind.DEVELOPMENT, figures
    if turns := new_turns(terms, told):
        return StoryKind.DEVELOPMENT, turns
    share, words = new_words(terms, told, stories.words(terms.language))
    bars = bars_for(terms.language)
    later = item.seen - story[-1].member.seen >= _NEW_DAY
    if not best.measured.sure or share >= (bars.new_later if later else bars.new):
        return StoryKind.DEVELOPMENT, words
    return StoryKind.EVENT, ()


def _same(
    member: StoryMember, kind: StoryKind, score: float, reasons: tuple[StoryReason, ...], new: tuple[str, ...] = ()
) -> SameStory:
    return SameStory(story=member.story, item=member.item, kind=kind, score=score, reasons=reasons, new=new)
