"""All chats' keywords in memory: from an item to the queries that it answers, without trying each of them.

    add:    canonical ─▶ query ─▶ the features that it demands ─▶ filed under the rarest of them, and a second one
    match:  document ─▶ the features that it shows ─▶ the queries filed under them ─▶ those that need it are evaluated

Of most queries a single feature is all that there is to them: whether a document shows it, decides. Of several words it
is left to see whether they are near each other. For the others the features only narrow down, and the query is
evaluated. So the answer is always that of trying every query.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import compress, product
from typing import NamedTuple

import structlog

from bot.errors import QueryError
from bot.matching.document import Document
from bot.matching.evaluate import answers, are_all_near, has_characters, has_form, has_words
from bot.matching.expression import WITHIN
from bot.matching.features import CHARACTERS, EVALUATION, GROUP, NEAR, NEAR_FIRST, WORDS, Clause, Demand, commonness
from bot.matching.filed import KIND_BITS, KINDS, NONE, Entry, Filed
from bot.matching.plain import demands_of
from bot.matching.query import read
from bot.matching.shown import Pair
from bot.matching.vocabulary import Vocabulary
from bot.model import KeywordId

_OF_WORDS_NEAR = (NEAR, NEAR_FIRST, GROUP)
_MOST_PLACES = 16  # that a query with alternatives is filed in
_LEARNING = 16  # one in so many documents shows which features are common
_SEEN = 4  # such documents after which a feature is a common one; it is looked at again at twice as many
_MOST_MOVED = 500  # queries at once: others wait meanwhile

_log = structlog.get_logger(__name__)


class _Place(NamedTuple):
    """Where a query is filed: under each feature of a clause, with those of a second one, if any; and what proves it
    there."""

    first: Clause
    second: Clause
    proof: int

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each feature with each second one, which is empty if there is none."""
        return product(self.first, self.second or ("",))


class KeywordIndex:
    """The live keywords. Equal canonical queries are kept once. Not for use by several threads at a time.

    Adding and removing touch only the features of the one query; nothing is ever rebuilt.
    """

    def __init__(self) -> None:
        self._canonicals: dict[KeywordId, str] = {}
        # Queries have numbers, which come again when a query is gone; `_sharing` keywords have the same one.
        self._numbers: dict[str, int] = {}
        self._queries: list[str] = []
        self._sharing = array("I")
        self._unused: list[int] = []
        self._always: dict[str, None] = {}
        self._vocabulary = Vocabulary()
        self._filed = Filed()
        # By the numbers of features: how many entries have it for their second, and how many documents showed it.
        self._uses, self._seen = array("I", [0]), array("I", [0])
        self._matched = 0  # documents

    def __len__(self) -> int:
        """How many keywords there are."""
        return len(self._canonicals)

    def add(self, keyword_id: KeywordId, canonical: str) -> None:
        """Take a keyword in, in place of an earlier one of the same id. One that can't be read is left out, with a
        warning: an older release may have written it."""
        if self._canonicals.get(keyword_id) == canonical:
            return
        self.remove(keyword_id)
        number = self._numbers.get(canonical)
        if number is None:
            try:
                wanted = demands_of(canonical)
            except QueryError as error:
                _log.warning("keyword unreadable", keyword=keyword_id, problem=str(error.problem))
                return
            number = self._new_number(canonical)
            for demand in wanted:
                self._file(number, demand)
        self._sharing[number] += 1
        self._canonicals[keyword_id] = canonical

    def _new_number(self, canonical: str) -> int:
        if self._unused:
            number = self._unused.pop()
            self._queries[number] = canonical
        else:
            number = len(self._queries)
            self._queries.append(canonical)
            self._sharing.append(0)
        self._numbers[canonical] = number
        return number

    def remove(self, keyword_id: KeywordId) -> None:
        """Forget a keyword, if it is there."""
        canonical = self._canonicals.pop(keyword_id, None)
        if canonical is None:
            return
        number = self._numbers[canonical]
        self._sharing[number] -= 1
        if not self._sharing[number]:
            wanted = demands_of(canonical)
            for demand in wanted:
                self._unfile(number, demand, alone=len(wanted) == 1)
            self._always.pop(canonical, None)
            del self._numbers[canonical]
            self._queries[number] = ""
            self._unused.append(number)

    def match(self, document: Document) -> set[str]:
        """The canonical queries that the document answers."""
        shown = self._vocabulary.shown(document)
        certain, others = self._filed.shown(shown.numbers)
        queries = self._queries
        answered = set(map(queries.__getitem__, certain))
        likely = dict(self._always)
        groups: list[tuple[str, int]] = []
        pairs: list[Pair] = []
        for feature, second, filed in others:
            canonical = queries[filed >> KIND_BITS]
            if canonical in answered:
                continue
            proof = filed & KINDS
            if proof == EVALUATION:
                likely[canonical] = None
            elif proof in _OF_WORDS_NEAR:
                groups.append((canonical, proof))
                pairs.append((feature, second, _within(canonical) if proof == GROUP else WITHIN))
            elif self._is_proved(canonical, proof, feature, document):
                answered.add(canonical)
        if groups:
            answered.update(_proved(compress(groups, shown.near(pairs)), document))
        answered.update([each for each in likely if each not in answered and answers(read(each), document)])
        self._matched += 1
        if not self._matched % _LEARNING:
            self._learn(frozenset(map(int, shown.numbers)))
        return answered

    def _is_proved(self, canonical: str, proof: int, feature: int, document: Document) -> bool:
        if proof == CHARACTERS:
            return has_characters(canonical.strip('"'), document)
        if proof == WORDS:
            return has_words(canonical.strip('"'), document)
        return has_form(self._vocabulary.name(feature), document)

    # --- filing --------------------------------------------------------------------------------------------

    def _file(self, number: int, wanted: Demand) -> None:
        """What is filed is the number of a query and what proves it: of the plain kind are those that need no more."""
        place = next(_places(wanted, self._cost), None)
        if place is None:
            self._always[self._queries[number]] = None
            return
        filed = number << KIND_BITS | place.proof
        for feature, second in place.pairs():
            self._enter(Entry(self._opened(feature), self._opened(second) if second else NONE, filed))

    def _unfile(self, number: int, wanted: Demand, *, alone: bool) -> None:
        """From wherever it can be: which place was the best is forgotten, and alternatives may share theirs. What is
        `alone`, without any, is in one."""
        known = self._vocabulary.number
        for place in _places(wanted, self._cost):
            filed = number << KIND_BITS | place.proof
            left = False
            for feature, second in place.pairs():
                one, other = known(feature), known(second) if second else NONE
                if one is not None and other is not None:
                    left = self._leave(Entry(one, other, filed))
            if left and alone and len(place.first) == len(place.second) == 1:
                return

    def _enter(self, entry: Entry) -> None:
        if self._filed.add(entry) and entry.second:
            self._uses[entry.second] += 1

    def _leave(self, entry: Entry) -> bool:
        """Whether it was there."""
        if not self._filed.remove(entry):
            return False
        self._close(entry.feature)
        if entry.second:
            self._uses[entry.second] -= 1
            self._close(entry.second)
        return True

    def _cost(self, clause: Clause) -> float:
        """How bad it is to file a query under a clause. What many ask for is what many texts say, so that they would
        look at it in vain."""
        cost = 0.0
        for feature in clause:
            number = self._vocabulary.number(feature)
            if number is not None:
                cost += self._filed.size(number) + self._uses[number] + self._seen[number]
            cost += commonness(feature)
        return cost

    def _opened(self, feature: str) -> int:
        """The number of a feature, which is looked for in documents from now on."""
        number = self._vocabulary.add(feature)
        if number == len(self._uses):
            self._uses.append(0)
            self._seen.append(0)
        return number

    def _close(self, feature: int) -> None:
        """Look no more for a feature that nothing is filed under."""
        if not self._filed.size(feature) and not self._uses[feature]:
            self._seen[feature] = 0
            self._vocabulary.drop(feature)

    def _learn(self, features: Collection[int]) -> None:
        """Which features are common; now and then, file the queries under one by their second feature instead, where
        that is much rarer."""
        counts = self._seen
        for feature in features:
            counts[feature] = seen = counts[feature] + 1
            if not seen & (seen - 1) and seen >= _SEEN:
                paired = [entry for entry in self._filed.entries(feature) if entry.second]
                for entry in paired[:_MOST_MOVED]:
                    if counts[entry.second] < seen // 4:
                        self._enter(Entry(entry.second, feature, entry.filed))
                        self._leave(entry)

    def prepare(self, document: Document) -> Iterator[None]:
        """Get ready for the document's language, if it is a new one or much has changed: in small steps, between which
        others can have their turn, but no keyword may come or go. `match` does so by itself where that was not done."""
        return self._vocabulary.prepare(document)


def _within(canonical: str) -> int:
    """How many other words may stand between two of a group: if it has more than two, the others also may."""
    return WITHIN + canonical.count(" ") - 1


def _proved(near: Iterable[tuple[str, int]], document: Document) -> Iterator[str]:
    """Those that the document answers, of queries of which two words are near each other, with what proves them."""
    for canonical, proof in near:
        if proof == NEAR:
            yield canonical
        elif proof == GROUP:
            if are_all_near(canonical.split(" "), document):
                yield canonical
        elif answers(read(canonical), document):
            yield canonical


def _places(wanted: Demand, cost: Callable[[Clause], float]) -> Iterator[_Place]:
    """Where a query can be filed, the best place first. Which these are does not depend on the cost."""
    if len(wanted.clauses) == 1:
        yield _Place(wanted.clauses[0], (), wanted.proof)
        return
    clauses = sorted(wanted.clauses, key=cost)
    for first in clauses:
        others = (clause for clause in clauses if clause is not first)
        seconds = [clause for clause in others if len(first) * len(clause) <= _MOST_PLACES]
        yield from (_Place(first, second, wanted.proof) for second in seconds)
        if not seconds:
            yield _Place(first, (), EVALUATION)
