"""All chats' keywords in memory: from an item to the queries that it answers, without trying each of them.

    add:    canonical ─▶ query ─▶ the features that it demands ─▶ filed under the rarest of them, and a second one
    match:  document ─▶ the features that it shows ─▶ the queries filed under them ─▶ those that need it are evaluated

Of most queries a single feature is all that there is to them: whether a document shows it, decides. Of several words it
is left to see whether they are near each other. For the others the features only narrow down, and the query is
evaluated. So the answer is always that of trying every query.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice, product
from typing import NamedTuple

import structlog

from bot.errors import QueryError
from bot.matching.document import Document
from bot.matching.evaluate import answers, are_all_near, are_near, has_form
from bot.matching.features import (
    EVALUATION,
    GROUP,
    NEAR,
    SHOWN,
    Clause,
    Demand,
    commonness,
    demands,
    is_gram,
    is_prefix,
    is_word,
)
from bot.matching.grams import GramFilter
from bot.matching.query import parse, read
from bot.matching.some import Some, add, drop, each, has, with_, without
from bot.model import KeywordId
from bot.text.tokens import new_stems_by, stem_by

_MOST_PLACES = 16  # that a query with alternatives is filed in
_FEW = 8  # features that are looked up one by one
_LEARNING = 4  # one in so many documents shows which words are common
_SEEN = 4  # such documents after which a word is a common one; it is looked at again at twice as many
_STEP = 2_000  # words stemmed at once
_MOST_TERMS = 65_536
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


# A canonical query and what proves it: a bare tuple, as the garbage collector stops looking at those.
_Filed = tuple[str, int]


class _Bucket:
    """A feature, and what is filed under it: queries for which it must be shown, and by a second feature queries for
    which both must be, `size` in all. Those elsewhere that have it for their second are counted by `uses`, and the
    documents that showed it by `seen`."""

    __slots__ = ("alone", "both", "feature", "seen", "size", "uses")

    def __init__(self, feature: str) -> None:
        self.feature = feature
        self.alone: Some[_Filed] = None
        self.both: dict[str, Some[_Filed]] | None = None
        self.size = self.uses = self.seen = 0

    def add(self, filed: _Filed, second: str) -> bool:
        """File a query, if it is not here already."""
        if has(self._under(second), filed):
            return False
        self.size += 1
        if second:
            self.both = self.both or {}
            add(self.both, second, filed)
        else:
            self.alone = with_(self.alone, filed)
        return True

    def remove(self, filed: _Filed, second: str) -> bool:
        """Take a query out, if it is here."""
        if not has(self._under(second), filed):
            return False
        self.size -= 1
        if second and self.both:
            drop(self.both, second, filed)
            self.both = self.both or None
        else:
            self.alone = without(self.alone, filed)
        return True

    def _under(self, second: str) -> Some[_Filed]:
        if not second:
            return self.alone
        return self.both.get(second) if self.both else None


class KeywordIndex:
    """The live keywords. Equal canonical queries are kept once. Not for use by several threads at a time.

    Adding and removing touch only the features of the one query; nothing is ever rebuilt.
    """

    def __init__(self) -> None:
        self._canonicals: dict[KeywordId, str] = {}
        self._keywords: dict[str, int] = {}  # how many keywords share a canonical query
        self._always: dict[str, None] = {}
        # What is filed, by feature. Under most grams there is but one query, which they prove: it stands there itself.
        self._words: dict[str, _Bucket] = {}
        self._grams: dict[str, str | _Bucket] = {}  # and prefixes
        self._prefixes: dict[int, dict[str, _Bucket]] = {}  # the bare ones, by length
        self._matched = 0  # documents
        self._filter = GramFilter()
        # What the terms of texts show, for each Snowball algorithm; until another feature comes or goes.
        self._terms: dict[str, _Terms] = {}
        # The words once more by their stems, for each Snowball algorithm met so far.
        self._by_stem: dict[str, dict[str, Some[_Bucket]]] = {}

    def __len__(self) -> int:
        """How many keywords there are."""
        return len(self._canonicals)

    def add(self, keyword_id: KeywordId, canonical: str) -> None:
        """Take a keyword in, in place of an earlier one of the same id. One that can't be read is left out, with a
        warning: an older release may have written it."""
        if self._canonicals.get(keyword_id) == canonical:
            return
        self.remove(keyword_id)
        known = self._keywords.get(canonical, 0)
        if not known:
            try:
                query = parse(canonical)
            except QueryError as error:
                _log.warning("keyword unreadable", keyword=keyword_id, problem=str(error.problem))
                return
            for wanted in demands(query):
                self._file(canonical, wanted)
        self._keywords[canonical] = known + 1
        self._canonicals[keyword_id] = canonical

    def remove(self, keyword_id: KeywordId) -> None:
        """Forget a keyword, if it is there."""
        canonical = self._canonicals.pop(keyword_id, None)
        if canonical is None:
            return
        if self._keywords[canonical] > 1:
            self._keywords[canonical] -= 1
        else:
            del self._keywords[canonical]
            self._always.pop(canonical, None)
            for wanted in demands(parse(canonical)):
                self._unfile(canonical, wanted)

    def match(self, document: Document) -> set[str]:
        """The canonical queries that the document answers."""
        features, buckets, answered = self._shown(document)
        likely = list(self._always)
        for bucket in buckets:
            if bucket.alone is not None:
                _judge(bucket.alone, bucket.feature, "", document, answered, likely)
            if bucket.both:
                for second in _common(bucket.both, features):
                    _judge(bucket.both[second], bucket.feature, second, document, answered, likely)
        for canonical in likely:
            if canonical not in answered and answers(read(canonical), document):
                answered.add(canonical)
        self._matched += 1
        if not self._matched % _LEARNING:
            self._learn(buckets)
        return answered

    # --- filing --------------------------------------------------------------------------------------------

    def _file(self, canonical: str, wanted: Demand) -> None:
        place = next(_places(wanted, self._cost), None)
        if place is None:
            self._always[canonical] = None
            return
        for feature, second in place.pairs():
            gram = is_gram(feature)
            if gram:
                self._let_pass(feature)
            if second and is_gram(second):
                self._let_pass(second)
            if gram and place.proof == SHOWN and not second and feature not in self._grams:
                self._grams[feature] = canonical
            else:
                self._enter((canonical, place.proof), self._opened(feature), second)

    def _let_pass(self, gram: str) -> None:
        self._filter.add(gram.split(" ") if " " in gram else gram)

    def _unfile(self, canonical: str, wanted: Demand) -> None:
        """From wherever it can be: which place was the best is forgotten, and alternatives may share theirs."""
        for place in _places(wanted, self._cost):
            for feature, second in place.pairs():
                bucket = self._find(feature)
                if isinstance(bucket, str):
                    if bucket == canonical:
                        del self._grams[feature]
                elif bucket is not None:
                    self._leave((canonical, place.proof), bucket, second)

    def _enter(self, filed: _Filed, bucket: _Bucket, second: str) -> None:
        if bucket.add(filed, second) and second and not is_gram(second):
            self._opened(second).uses += 1

    def _leave(self, filed: _Filed, bucket: _Bucket, second: str) -> None:
        if not bucket.remove(filed, second):
            return
        self._close(bucket)
        if second and not is_gram(second):
            other = self._opened(second)
            other.uses -= 1
            self._close(other)

    def _cost(self, clause: Clause) -> float:
        """How bad it is to file a query under a clause. What many ask for is what many texts say, so that they would
        look at it in vain."""
        return sum(self._known_of(feature) + commonness(feature) for feature in clause)

    def _known_of(self, feature: str) -> int:
        filed = self._find(feature)
        return filed.size + filed.uses + filed.seen if isinstance(filed, _Bucket) else 0 if filed is None else 1

    def _find(self, feature: str) -> str | _Bucket | None:
        return self._words.get(feature) if is_word(feature) else self._grams.get(feature)

    def _opened(self, feature: str) -> _Bucket:
        """The bucket of a feature, which is looked for in documents from now on."""
        filed = self._find(feature)
        if isinstance(filed, _Bucket):
            return filed
        bucket = _Bucket(feature)
        if filed is not None:
            bucket.add((filed, SHOWN), "")
        if not is_word(feature):
            self._grams[feature] = bucket
            if is_prefix(feature):
                self._terms.clear()
                self._prefixes.setdefault(len(feature) - 1, {})[feature[:-1]] = bucket
            return bucket
        self._terms.clear()
        self._words[feature] = bucket
        for algorithm, words in self._by_stem.items():
            _add_by_stem(words, stem_by(feature, algorithm), bucket)
        return bucket

    def _close(self, bucket: _Bucket) -> None:
        """Look no more for the feature of a bucket, if nothing is left in it."""
        feature = bucket.feature
        if bucket.size or bucket.uses:
            return
        if not is_word(feature):
            del self._grams[feature]
            if is_prefix(feature):
                self._terms.clear()
                prefixes = self._prefixes[len(feature) - 1]
                del prefixes[feature[:-1]]
                if not prefixes:
                    del self._prefixes[len(feature) - 1]
            return
        self._terms.clear()
        del self._words[feature]
        for algorithm, words in self._by_stem.items():
            drop(words, stem_by(feature, algorithm), bucket)

    # --- looking up ----------------------------------------------------------------------------------------

    def _shown(self, document: Document) -> tuple[set[str], list[_Bucket], set[str]]:
        """The features that a document shows, of those that are looked for; what is filed under them; and the queries
        that they prove at once."""
        terms = ((self._known_terms(document, algorithm), algorithm) for algorithm in document.algorithms)
        shown = (map(known.__getitem__, document.distinct(algorithm)) for known, algorithm in terms)
        buckets = list(dict.fromkeys(chain.from_iterable(chain.from_iterable(shown))))
        grams = self._filter.passing(*document.columns())
        features = {bucket.feature for bucket in buckets}
        features.update(grams)
        answered = set()
        for gram in dict.fromkeys(grams):
            filed = self._grams.get(gram)
            if isinstance(filed, str):
                answered.add(filed)
            elif filed is not None:
                buckets.append(filed)
        return features, buckets, answered

    def _learn(self, buckets: list[_Bucket]) -> None:
        """Which features are common; now and then, file the queries under one by their second feature instead, where
        that is much rarer."""
        for bucket in buckets:
            bucket.seen += 1
            if bucket.both and bucket.seen >= _SEEN and not bucket.seen & (bucket.seen - 1):
                pairs = [(second, filed) for second, some in bucket.both.items() for filed in each(some)]
                for second, filed in pairs[:_MOST_MOVED]:
                    other = self._words.get(second)
                    if other is not None and other.seen < bucket.seen // 4:
                        self._enter(filed, other, bucket.feature)
                        self._leave(filed, bucket, second)

    def prepare(self, document: Document) -> Iterator[None]:
        """Get ready for the document's language, if it is a new one: in small steps, between which others can have
        their turn, but no keyword may come or go. `match` does so by itself where that was not done."""
        for algorithm in document.algorithms - self._by_stem.keys():
            words: dict[str, Some[_Bucket]] = {}
            waiting = iter(self._words.values())
            while some := list(islice(waiting, _STEP)):
                stems = new_stems_by([bucket.feature for bucket in some], algorithm)
                for stem, bucket in zip(stems, some, strict=True):
                    _add_by_stem(words, stem, bucket)
                yield
            self._by_stem[algorithm] = words

    def _known_terms(self, document: Document, algorithm: str) -> _Terms:
        """What terms show in the fields with that stemmer."""
        if algorithm not in self._by_stem:
            deque(self.prepare(document), maxlen=0)
        if algorithm not in self._terms:
            self._terms[algorithm] = _Terms(lambda term: self._shown_by(term, algorithm))
        return self._terms[algorithm]

    def _shown_by(self, term: str, algorithm: str) -> tuple[_Bucket, ...]:
        """The words and prefixes that queries look for and that a term of a text has."""
        begun = (prefixes.get(term[:length]) for length, prefixes in self._prefixes.items())
        stem = stem_by(term, algorithm)
        return (*each(self._by_stem[algorithm].get(stem)), *(bucket for bucket in begun if bucket is not None))


class _Terms(dict[str, tuple[_Bucket, ...]]):
    """What terms show, found when first asked for: most words of a text are known from others."""

    def __init__(self, find: Callable[[str], tuple[_Bucket, ...]]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, term: str) -> tuple[_Bucket, ...]:
        if len(self) >= _MOST_TERMS:
            self.clear()
        shown = self[term] = self._find(term)
        return shown


def _add_by_stem(words: dict[str, Some[_Bucket]], stem: str, bucket: _Bucket) -> None:
    # One object for equal texts, where it is easy: to match is mostly to wait for memory.
    add(words, bucket.feature if stem == bucket.feature else stem, bucket)


def _judge(  # noqa: PLR0917 - called for each bucket, where names would cost
    filed: Some[_Filed], feature: str, second: str, document: Document, answered: set[str], likely: list[str]
) -> None:
    """Add queries, of which a document shows what they are filed under, to those answered if that proves them, and to
    the likely ones if they must be evaluated."""
    for canonical, proof in each(filed):
        if proof == EVALUATION:
            likely.append(canonical)
        elif proof == SHOWN:
            answered.add(canonical)
        elif proof == NEAR:
            if are_near(feature, second, document):
                answered.add(canonical)
        elif are_all_near(canonical.split(" "), document) if proof == GROUP else has_form(feature, document):
            answered.add(canonical)


def _common(table: dict[str, Some[_Filed]], features: set[str]) -> Iterable[str]:
    """Those keys of a table that are among the features. A set is made of them only where that is quicker."""
    if len(table) > _FEW:
        return table.keys() & features
    return [feature for feature in table if feature in features]


def _places(wanted: Demand, cost: Callable[[Clause], float]) -> Iterator[_Place]:
    """Where a query can be filed, the best place first. Which these are does not depend on the cost."""
    clauses = sorted(wanted.clauses, key=cost) if len(wanted.clauses) > 1 else wanted.clauses
    for first in clauses:
        others = (clause for clause in clauses if clause is not first)
        seconds = [clause for clause in others if len(first) * len(clause) <= _MOST_PLACES]
        yield from (_Place(first, second, wanted.proof) for second in seconds)
        if not seconds:
            yield _Place(first, (), wanted.proof if len(clauses) == 1 else EVALUATION)
