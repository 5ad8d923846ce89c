"""A hash table finds what was put in and not taken out again, however it grew, and nothing else."""

import random

import numpy as np
import pytest

from bot.matching.hashtable import HashTable


def found(table, keys):
    places, numbers = table.find(np.array(keys, np.uint64))
    assert len(set(places.tolist())) == len(places)
    return {keys[place]: number for place, number in zip(places.tolist(), numbers.tolist(), strict=True)}


# Of a few bits alone, so that many are for the same buckets; and of all 64.
@pytest.mark.parametrize("bits", [9, 64])
def test_what_comes_and_goes_is_found_and_nothing_else_is(bits):
    rng = random.Random(bits)
    table, live = HashTable(), {}
    keys = [rng.getrandbits(bits) << (64 - bits) | rng.randrange(2, 1 << 20) for _ in range(5_000)]
    for _ in range(300):
        for key in rng.sample(keys, 100):
            if key in live and rng.random() < 0.5:
                table.remove(key)
                del live[key]
            elif key not in live and len(live) < 400:
                live[key] = rng.randrange(1 << 63)
                table.add(key, live[key])
        asked = list(dict.fromkeys(rng.sample(keys, 300)))
        assert found(table, asked) == {key: live[key] for key in asked if key in live}
        assert len(table) == len(live)
    assert found(table, list(live)) == live


def test_many_are_all_found():
    rng = random.Random(2)
    keys = [rng.getrandbits(64) for _ in range(100_000)]
    table = HashTable()
    for number, key in enumerate(keys, 1):
        table.add(key, number)
    numbers = {key: number for number, key in enumerate(keys, 1)}
    assert found(table, keys) == numbers
    for key in keys[::2]:
        table.remove(key)
    assert found(table, keys) == {key: numbers[key] for key in keys[1::2]}


def test_what_was_never_put_in_is_no_fault_to_take_out():
    table = HashTable()
    table.remove(5)
    assert len(table) == 0
    assert found(table, [2, 5, 1 << 63]) == {}
