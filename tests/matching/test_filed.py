"""What is filed under features is found wherever a document shows these, of few entries and of many."""

import random
from collections import defaultdict
from unittest.mock import patch

import pytest

from bot.matching.filed import KIND_BITS, KINDS, NONE, Entry, Filed

FEATURES = range(1, 40)


def expected(entries, shown):
    found = [entry for entry in entries if entry.feature in shown and entry.second in {NONE, *shown}]
    plain = {entry.filed >> KIND_BITS for entry in found if not entry.filed & KINDS}
    return plain, {entry for entry in found if entry.filed & KINDS}


@pytest.mark.parametrize("few", [0, 1_000_000], ids=["by numpy", "one by one"])
def test_what_comes_and_goes_is_found_under_its_features_and_nothing_else_is(few):
    rng = random.Random(3)
    filed, live = Filed(), {}
    with patch("bot.matching.filed.FEW", few):
        for round_ in range(400):
            for _ in range(rng.choice((1, 5, 30))):
                # Few features have many entries.
                feature = min(rng.choices(FEATURES, k=3))
                entry = Entry(feature, rng.choice((NONE, *FEATURES)), rng.randrange(200))
                if rng.random() < 0.55:
                    assert filed.add(entry) is (entry not in live)
                    live[entry] = None
                elif live:
                    entry = rng.choice(list(live))
                    assert filed.remove(entry)
                    assert not filed.remove(entry)
                    del live[entry]
            assert len(filed) == len(live)
            opened = [feature for feature in FEATURES if any(feature in entry[:2] for entry in live)]
            shown = rng.sample(opened, rng.randrange(len(opened) + 1))
            plain, others = filed.shown([*shown, *shown[:3]])
            assert (set(plain), set(others)) == expected(live, set(shown)), round_
    under = defaultdict(set)
    for entry in live:
        under[entry.feature].add(entry)
    assert all(set(filed.entries(feature)) == entries for feature, entries in under.items())


def test_room_that_became_free_is_taken_again():
    filed = Filed()
    sizes = []
    for _ in range(5):
        entries = [Entry(feature, NONE, number) for number in range(100) for feature in FEATURES]
        assert all(map(filed.add, entries))
        assert all(map(filed.remove, entries))
        sizes.append(len(filed._pool))
    assert len(filed) == 0
    assert len(set(sizes)) == 1
    assert filed.shown(list(FEATURES)) == ([], [])


def test_the_same_is_filed_once_and_taken_out_once():
    filed, entry = Filed(), Entry(1, 2, 8)
    assert [filed.add(entry), filed.add(entry)] == [True, False]
    assert [filed.remove(entry), filed.remove(entry)] == [True, False]
