"""Texts are shortened by UTF-16 units and never harmed."""

from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from bot.chat.clip import ELLIPSIS, clip, utf16_len


def test_length_counts_utf16_units_as_the_platforms_do() -> None:
    assert utf16_len("abc") == 3
    assert utf16_len("會談") == 2
    assert utf16_len("😀") == 2


def test_a_text_that_fits_stays_as_it_is() -> None:
    assert clip("trilateral talks", 16) == "trilateral talks"
    assert clip("", 0) == ""


def test_latin_words_are_kept_whole() -> None:
    assert clip("trilateral talks in Abu Dhabi", 15) == "trilateral…"
    assert clip("the Russian-Ukrainian-US talks", 20) == "the…"
    assert clip("naïve cafe\u0301s here", 11) == "naïve…"


def test_chinese_is_cut_between_characters() -> None:
    assert clip("三方會談在阿布扎比舉行", 6) == "三方會談在…"


def test_a_single_long_word_is_cut_all_the_same() -> None:
    assert clip("a" * 50, 10) == "a" * 9 + "…"


def test_families_flags_and_accents_stay_whole() -> None:
    assert clip("👩‍👩‍👧👩‍👩‍👧", 12) == "👩‍👩‍👧…"
    assert clip("🇭🇰🇹🇼", 6) == "🇭🇰…"


def test_no_room_gives_nothing() -> None:
    assert clip("talks", 0) == ""
    assert clip("talks", -3) == ""


texts = st.text(st.characters(codec="utf-8") | st.sampled_from("ab 會談👩\u200d👧é\u0301🇭🇰😀"), max_size=80)


@settings(deadline=None)  # of a shared machine
@given(texts, st.integers(min_value=1, max_value=60))
def test_a_clipped_text_fits_and_is_a_start_of_whole_graphemes(text: str, limit: int) -> None:
    clipped = clip(text, limit)
    assert utf16_len(clipped) <= limit
    if clipped == text:
        return
    assert clipped.endswith(ELLIPSIS)
    start = clipped.removesuffix(ELLIPSIS)
    assert text.startswith(start)
    ends = {0}
    for grapheme in iter_graphemes(text):
        ends.add(max(ends) + len(grapheme))
    # Blanks before the ellipsis are dropped, so the cut is at the end of a grapheme or before blanks.
    assert len(start) in ends or not text[len(start) : min(end for end in ends if end > len(start))].strip()
