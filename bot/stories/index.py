"""The items told lately, indexed so that those which may be like a new one are found quickly."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial

from rensa import RMinHash

from bot.model import Brief, Item, ItemId, StoredItem, StoryId, StoryMember
from bot.stories.candidates import NearDuplicates, Pages, Postings, signature_of
from bot.stories.frequencies import Frequencies
from bot.stories.names import Names, known_names
from bot.stories.terms import CHINESE, ENGLISH, SHARING, Terms, read_terms
from bot.text.fold import fold

MOST_MEMBERS = 10_000  # at some 17 kilobytes each; beyond them the oldest leave before their time

_READINGS = 64  # texts


@dataclass(frozen=True, slots=True)
class Reading:
    """An item as it is compared: its terms in its own language, then in those that its brief was translated to."""

    versions: tuple[Terms, ...]
    url: str
    signature: RMinHash | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A member of a story with its terms."""

    member: StoryMember
    versions: tuple[Terms, ...]


class StoryIndex:
    """Holds the members of stories, finds candidates among them, and knows how rare terms are. Decides nothing.

    What it knows follows from the members alone, so replicas that hold the same ones decide the same. `names` are
    further names in English and Chinese; see `bot.stories.names.Names`.
    """

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self._names = Names({**known_names(), **{fold(form): concept for form, concept in (names or {}).items()}})
        self._entries: dict[ItemId, Entry] = {}
        self._ages: list[tuple[datetime, ItemId]] = []
        self._stories: defaultdict[StoryId, dict[ItemId, None]] = defaultdict(dict)
        self._texts = NearDuplicates()
        self._pages = Pages()
        self._words = Postings()
        self._shared = Postings()
        self._frequencies: defaultdict[str, Frequencies] = defaultdict(Frequencies)
        self.concepts = Frequencies()
        # An item is read to be decided, and again when it comes back as a member.
        self._terms = lru_cache(maxsize=_READINGS)(partial(read_terms, names=self._names))

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, item: ItemId) -> bool:
        return item in self._entries

    def members(self) -> Iterator[StoryMember]:
        """The members, in the order they came in."""
        return (entry.member for entry in self._entries.values())

    def words(self, language: str) -> Frequencies:
        """How rare the words of a language are."""
        return self._frequencies[language]

    def read(self, item: Item | StoryMember, brief: Brief | None) -> Reading:
        """Make an item ready for comparing."""
        texts = {item.language: (item.title, item.text), **_translations(item.language, brief)}
        versions = tuple(self._terms(title, text, language) for language, (title, text) in texts.items())
        return Reading(versions, item.url, signature_of(versions[0].tokens))

    def add(self, member: StoryMember) -> None:
        """Remember a member. One that is known already changes nothing."""
        if member.item in self._entries:
            return
        self._file(member)
        heapq.heappush(self._ages, (member.seen, member.item))
        if len(self._entries) > MOST_MEMBERS:
            self._forget_oldest()

    def renew(self, member: StoryMember) -> None:
        """Compare a known member by the brief that it has now."""
        known = self._entries[member.item].member
        if member.brief != known.brief:
            self._remove(member.item)
            self._file(replace(known, brief=member.brief))

    def _file(self, member: StoryMember) -> None:
        reading = self.read(member, member.brief)
        entry = self._entries[member.item] = Entry(member, tuple(map(Terms.bare, reading.versions)))
        self._stories[member.story][member.item] = None
        self._texts.add(member.item, reading.signature)
        self._pages.add(member.item, member.url)
        for terms in entry.versions:
            self._words.add(member.item, terms.words)
            self._frequencies[terms.language].learn(terms.words.keys())
            if terms.language in SHARING:
                self._shared.add(member.item, terms.concepts)
                self.concepts.learn(terms.concepts.keys())

    def forget(self, before: datetime) -> None:
        """Forget the members that were seen before then."""
        while self._ages and self._ages[0][0] < before:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        _, item = heapq.heappop(self._ages)
        self._remove(item)

    def _remove(self, item: ItemId) -> None:
        entry = self._entries.pop(item)
        story = self._stories[entry.member.story]
        del story[item]
        if not story:
            del self._stories[entry.member.story]
        self._texts.discard(item)
        self._pages.discard(item, entry.member.url)
        for terms in entry.versions:
            self._words.discard(item, terms.words)
            self._frequencies[terms.language].forget(terms.words.keys())
            if terms.language in SHARING:
                self._shared.discard(item, terms.concepts)
                self.concepts.forget(terms.concepts.keys())

    def candidates(self, reading: Reading) -> list[Entry]:
        """The members that may be like an item, in the order they came in."""
        found = {*self._texts.find(reading.signature), *self._pages.find(reading.url)}
        for terms in reading.versions:
            found.update(self._words.find(terms.words, self._frequencies[terms.language]))
            if terms.language in SHARING:
                found.update(self._shared.find(terms.concepts, self.concepts))
        return [self._entries[item] for item in map(ItemId, sorted(found))]

    def story(self, story: StoryId) -> list[Entry]:
        """The members of a story, the oldest first."""
        return sorted((self._entries[item] for item in self._stories[story]), key=_age)


def member_of(
    item: StoredItem, story: StoryId, brief: Brief | None = None, told: datetime | None = None
) -> StoryMember:
    """An item as a member of a story."""
    return StoryMember(
        story=story,
        item=item.id,
        url=item.item.url,
        title=item.item.title,
        text=item.item.text,
        language=item.item.language,
        seen=item.seen,
        brief=brief,
        told=told,
    )


def _age(entry: Entry) -> tuple[datetime, ItemId]:
    return entry.member.seen, entry.member.item


def _translations(language: str, brief: Brief | None) -> dict[str, tuple[str, str]]:
    """What a brief says in other languages than the item's own; a brief without translation says it in none."""
    if brief is None or brief.untranslated:
        return {}
    texts = {CHINESE: (brief.title_zh, brief.summary_zh), ENGLISH: (brief.title_en, brief.summary_en)}
    return {other: text for other, text in texts.items() if other != language and any(text)}
