"""Regular expressions: texts and patterns as RE2 gets them, and places counted in characters."""

from hypothesis import given
from hypothesis import strategies as st

from bot.matching.regex import pattern_of, readable, search


@given(st.text())
def test_a_readable_text_has_as_many_characters_and_reads_as_itself(text):
    assert len(readable(text)) == len(text)
    assert readable(readable(text)) == readable(text)


@given(st.text(st.sampled_from("a\\[]-（）’三會一–。ｂ{+ "), max_size=12) | st.text(max_size=12))
def test_a_pattern_has_one_spelling(typed):
    assert pattern_of(pattern_of(typed)) == pattern_of(typed)


@given(st.text("aé三🚀", max_size=9), st.text("aé三🚀", max_size=9))
def test_places_are_counted_in_characters(before, after):
    assert search("xy", f"{before}xy{after}".encode()) == (len(before), len(before) + 2)
