"""Many forms are found in one pass, and just where one alternation of them all would find them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.lookup import Form, Lookup
from bot.text.chinese import HAN

_LETTER = "A-Za-z0-9\u00c0-\u024f"


def by_alternation(forms: set[Form], text: str) -> list[tuple[int, int]]:
    """The plain meaning of a lookup: one pattern, the longest form first, Latin ones as whole words."""
    if not forms:
        return []
    pattern = "|".join(_pattern(form) for form in sorted(forms, key=lambda form: -len(form.text)))
    return [match.span() for match in re.finditer(pattern, text)]


def _pattern(form: Form) -> str:
    if HAN.search(form.text):
        return re.escape(form.text)
    whole = rf"(?<![{_LETTER}]){re.escape(form.text)}(?![{_LETTER}])"
    return f"(?i:{whole})" if form.any_case else whole


SIGNS = st.sampled_from("aAbBé1 .-Кк中美台北")
FORMS = st.builds(Form, st.text(SIGNS, min_size=2, max_size=4), st.booleans())


@given(st.sets(FORMS, max_size=8), st.text(SIGNS, max_size=40))
def test_the_same_is_found_as_by_one_alternation(forms: set[Form], text: str) -> None:
    # Signs have no capitals, so the old pattern, too, took Chinese forms as they stand.
    forms = {form for form in forms if not (form.any_case and HAN.search(form.text))}
    assert list(Lookup(forms).spans(text)) == by_alternation(forms, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the New York Times of New York", ["New York Times", "New York"]),
        ("NEW YORK, new york", []),
        ("TALKS and talks, walk-talks", ["TALKS", "talks", "talks"]),
        ("stalks of Éus, US.", ["US"]),
        ("朝鮮半島與朝鮮", ["朝鮮半島", "朝鮮"]),
        ("İstanbul talks", ["talks"]),  # whose small letters are one more
        ("", []),
        ("U", []),
    ],
)
def test_forms_are_found_whole_and_longest_first(text: str, found: list[str]) -> None:
    lookup = Lookup(
        [*map(Form, ("New York", "New York Times", "US", "朝鮮", "朝鮮半島")), Form("Talks", any_case=True)]
    )
    assert [text[start:end] for start, end in lookup.spans(text)] == found


def test_a_shorter_word_is_found_where_the_longer_one_is_not_whole() -> None:
    lookup = Lookup(map(Form, ("New York", "New Yorker", "New")))
    assert list(lookup.spans("New Yorkers")) == [(0, 3)]
