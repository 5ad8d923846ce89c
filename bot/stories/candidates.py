"""Which of the items remembered may be like a new one: found by index, as comparing with all of them takes too long.

Near-identical texts are found by MinHash and locality-sensitive hashing over shingles of words (by `rensa`), the same
page by its address, and reports of the same event by the rare terms that they have in common.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rensa import RMinHash, RMinHashLSH

from bot.stories.frequencies import Frequencies
from bot.text.urls import canonical_url

_PERMUTATIONS = 64
_BANDS = 16  # of four rows: texts with 75 % of their shingles in common miss each other once in three hundred times
_SEED = 1
_ALIKE = 0.75
_SHINGLE = 3  # words
_TELLING = 30  # terms of an item that are looked up, the most telling first
_CROWDED = 200  # items with one term: beyond them it costs more to follow than it tells, if others find enough
_BEST = 8  # items compared in full, by each index


class NearDuplicates:
    """Finds items with nearly the same text."""

    def __init__(self) -> None:
        self._hashes = RMinHashLSH(threshold=_ALIKE, num_perm=_PERMUTATIONS, num_bands=_BANDS)

    def add(self, key: int, signature: RMinHash | None) -> None:
        """Remember a text under a key that is not in use."""
        if signature is not None:
            self._hashes.insert(key, signature)

    def discard(self, key: int) -> None:
        """Forget the text of a key, if there is one."""
        self._hashes.remove(key)

    def find(self, signature: RMinHash | None) -> Iterable[int]:
        """The keys of texts that are probably alike."""
        return self._hashes.query(signature) if signature is not None else ()


def signature_of(words: Sequence[str]) -> RMinHash | None:
    """The MinHash signature of a text's words; None for a text without any."""
    if not words:
        return None
    signature = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    signature.update([" ".join(words[place : place + _SHINGLE]) for place in range(max(1, len(words) - _SHINGLE + 1))])
    return signature


class Pages:
    """Finds items with the same address."""

    def __init__(self) -> None:
        self._keys: defaultdict[str, set[int]] = defaultdict(set)

    def add(self, key: int, url: str) -> None:
        """Remember an item's address."""
        if url:
            self._keys[canonical_url(url)].add(key)

    def discard(self, key: int, url: str) -> None:
        """Forget an item's address."""
        address = canonical_url(url)
        if address in self._keys:
            self._keys[address].discard(key)
            if not self._keys[address]:
                del self._keys[address]

    def find(self, url: str) -> Iterable[int]:
        """The newest items with the address; all items of some feeds have the same."""
        return heapq.nlargest(_BEST, self._keys.get(canonical_url(url), ())) if url else ()


class Postings:
    """Finds items that use the same rare terms: for each term, the items that have it."""

    def __init__(self) -> None:
        self._items: defaultdict[str, dict[int, float]] = defaultdict(dict)

    def add(self, key: int, weights: Mapping[str, float]) -> None:
        """Remember an item's terms."""
        for term, weight in weights.items():
            self._items[term][key] = weight

    def discard(self, key: int, weights: Mapping[str, float]) -> None:
        """Forget an item's terms."""
        for term in weights:
            self._items[term].pop(key, None)
            if not self._items[term]:
                del self._items[term]

    def find(self, weights: Mapping[str, float], frequencies: Frequencies) -> Iterable[int]:
        """The items with most of the item's telling terms."""
        items, scores = self._items, dict[int, float]()
        gains = [(weight * frequencies.rarity(term) ** 2, term) for term, weight in weights.items() if term in items]
        telling = heapq.nlargest(_TELLING, gains)
        known, crowded = scores.get, list[tuple[float, str]]()
        for gain, term in telling:
            if gain > 0 and len(items[term]) <= _CROWDED:
                for key, weight in items[term].items():
                    scores[key] = known(key, 0.0) + gain * weight
            else:
                crowded.append((gain, term))
        if len(scores) < _BEST:
            # Terms that many have, or all, fill up. The newest by number: replicas learn of them in different orders.
            for gain, term in crowded:
                for key in sorted(items[term])[-_CROWDED:]:
                    scores[key] = known(key, 0.0) + gain * items[term][key]
        return [key for _, key in heapq.nlargest(_BEST, zip(scores.values(), scores.keys(), strict=True))]
