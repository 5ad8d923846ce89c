"""Spans of an array: where the values of each begin, and how many they are."""

from __future__ import annotations

import numpy as np

from bot.matching.hashtable import Numbers


def places_of(begins: Numbers, sizes: Numbers, ends: Numbers) -> Numbers:
    """The places of the values of spans, one span after the other. `ends` are the sums of the sizes up to each."""
    places: Numbers = np.arange(ends[-1] if len(ends) else 0) + (begins - ends + sizes).repeat(sizes)
    return places
