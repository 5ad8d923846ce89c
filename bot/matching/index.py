"""All chats' keywords in memory: from an item to the queries that it answers, without trying each of them.

    add:    canonical ─▶ query ─▶ the keys that it requires ─▶ filed under the least loaded of them
    match:  document ─▶ the keys that it has ─▶ the queries filed there ─▶ evaluated one by one

The keys only narrow down; `evaluate` alone decides, so the answer is that of trying every query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from operator import itemgetter

import structlog

from bot.errors import QueryError
from bot.matching.document import Document, Field
from bot.matching.evaluate import evaluate
from bot.matching.expression import Query
from bot.matching.query import parse
from bot.matching.required import Key, KeyKind, required
from bot.model import Hit, KeywordId
from bot.text.tokens import stem_by

_log = structlog.get_logger(__name__)


class _Filed:
    """A query, whose it is, and the keys it stands under (None: it is tried on every document)."""

    __slots__ = ("canonical", "keys", "number", "owners", "query")

    def __init__(self, canonical: str, query: Query, keys: tuple[Key, ...] | None, number: int) -> None:
        self.canonical = canonical
        self.query = query
        self.keys = keys
        self.number = number
        self.owners: set[KeywordId] = set()


class KeywordIndex:
    """The live keywords. Equal canonical queries are kept once. Not for use by several threads at a time.

    Adding and removing touch only the keys of the one query; nothing is ever rebuilt.
    """

    def __init__(self) -> None:
        self._queries: dict[str, _Filed] = {}
        self._canonicals: dict[KeywordId, str] = {}
        self._numbers = 0
        self._always: dict[_Filed, None] = {}
        self._buckets: dict[Key, dict[_Filed, None]] = {}
        self._prefix_lengths: Counter[int] = Counter()
        # For each Snowball algorithm met so far: the filed words by their stems.
        self._stems: dict[str, dict[str, dict[str, None]]] = {}

    def __len__(self) -> int:
        """How many keywords there are."""
        return len(self._canonicals)

    def add(self, keyword_id: KeywordId, canonical: str) -> None:
        """Take a keyword in, in place of an earlier one of the same id. One that can't be read is left out, with a
        warning: an older release may have written it."""
        if self._canonicals.get(keyword_id) == canonical:
            return
        self.remove(keyword_id)
        filed = self._queries.get(canonical) or self._file(keyword_id, canonical)
        if filed is not None:
            filed.owners.add(keyword_id)
            self._canonicals[keyword_id] = canonical

    def remove(self, keyword_id: KeywordId) -> None:
        """Forget a keyword, if it is there."""
        canonical = self._canonicals.pop(keyword_id, None)
        if canonical is None:
            return
        filed = self._queries[canonical]
        filed.owners.discard(keyword_id)
        if not filed.owners:
            del self._queries[canonical]
            self._unfile(filed)

    def match(self, document: Document) -> list[Hit]:
        """The queries that the document answers, in the order in which they came."""
        found = []
        for filed in self._candidates(document):
            matched = evaluate(filed.query, document)
            if matched is not None:
                found.append((filed.number, Hit(canonical=filed.canonical, matched=matched)))
        return [hit for _, hit in sorted(found, key=itemgetter(0))]

    # --- filing --------------------------------------------------------------------------------------------

    def _file(self, keyword_id: KeywordId, canonical: str) -> _Filed | None:
        try:
            query = parse(canonical)
        except QueryError as error:
            _log.warning("keyword unreadable", keyword=keyword_id, problem=str(error.problem))
            return None
        self._numbers += 1
        filed = _Filed(canonical, query, required(query, self._load), self._numbers)
        self._queries[canonical] = filed
        if filed.keys is None:
            self._always[filed] = None
        for key in filed.keys or ():
            if key not in self._buckets:
                self._open(key)
            self._buckets[key][filed] = None
        return filed

    def _unfile(self, filed: _Filed) -> None:
        self._always.pop(filed, None)
        for key in filed.keys or ():
            bucket = self._buckets[key]
            del bucket[filed]
            if not bucket:
                self._close(key)

    def _load(self, key: Key) -> int:
        return len(self._buckets.get(key, ()))

    def _open(self, key: Key) -> None:
        self._buckets[key] = {}
        if key.kind is KeyKind.PREFIX:
            self._prefix_lengths[len(key.text)] += 1
        elif key.kind is KeyKind.INFLECTED:
            for algorithm, stems in self._stems.items():
                stems.setdefault(stem_by(key.text, algorithm), {})[key.text] = None

    def _close(self, key: Key) -> None:
        del self._buckets[key]
        if key.kind is KeyKind.PREFIX:
            self._prefix_lengths -= Counter({len(key.text): 1})
        elif key.kind is KeyKind.INFLECTED:
            for algorithm, stems in self._stems.items():
                stem = stem_by(key.text, algorithm)
                del stems[stem][key.text]
                if not stems[stem]:
                    del stems[stem]

    # --- looking up ----------------------------------------------------------------------------------------

    def _candidates(self, document: Document) -> set[_Filed]:
        found = set(self._always)
        for key in self._keys(document.fields):
            found.update(self._buckets[key])
        return found

    def _keys(self, fields: Iterable[Field]) -> Iterator[Key]:
        """Those keys of the index that a document has."""
        for field in fields:
            exact = (Key(KeyKind.EXACT, text) for terms in (field.places, field.pairs()) for text in terms)
            yield from (key for key in exact if key in self._buckets)
            filed = self._filed_words(field.algorithm)
            for stem in field.stem_places.keys() & filed.keys():
                yield from (Key(KeyKind.INFLECTED, word) for word in filed[stem])
            prefixes = (Key(KeyKind.PREFIX, term[:length]) for term in field.places for length in self._prefix_lengths)
            yield from (key for key in prefixes if key in self._buckets)

    def _filed_words(self, algorithm: str) -> dict[str, dict[str, None]]:
        """The filed words by their stems in a language; made when the first text in that language comes."""
        if algorithm not in self._stems:
            stems = self._stems[algorithm] = {}
            for key in self._buckets:
                if key.kind is KeyKind.INFLECTED:
                    stems.setdefault(stem_by(key.text, algorithm), {})[key.text] = None
        return self._stems[algorithm]
