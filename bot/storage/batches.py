"""Long lists in parts: a statement takes a limited number of values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

BATCH = 500


def batches(values: Collection[T], size: int = BATCH) -> Iterator[list[T]]:
    """`values` without repetitions, in lists of up to `size`."""
    yield from slices(dict.fromkeys(values), size)


def slices(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """`values` in lists of up to `size`."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part
