"""Folding makes one spelling of many, and never breaks a text."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.fold import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("三方會談", "三方会谈"),
        ("阿布達比", "阿布达比"),
        ("裡", "里"),
        ("ＡＩ，１２", "ai，12"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("ISPARTA", "ısparta"),
        ("Économie", "economie"),
        ("Cafe\u0301", "café"),
        ("ΑΘΉΝΑΣ", "αθηνας"),
        ("Ёлка", "елка"),
        ("Łódź", "lodz"),
        ("Ǣ", "ae"),
        ("ﬁnance", "finance"),
        ("أَمريكا", "امريكا"),
        ("٢٠٢٦", "2026"),
        ("ｶﾅ", "カナ"),
        ("Dhabi’s", "dhabi's"),
    ],
)
def test_what_readers_take_as_one_folds_to_one(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("мой", "мои"), ("art", "arts"), ("が", "か"), ("한", "하"), ("हिन्दी", "हनद")]
)
def test_letters_of_their_own_stay_apart(one, other):
    assert fold(one) != fold(other)


def test_quotes_become_straight():
    assert fold("“Talks” ‘now’") == "\"talks\" 'now'"


def test_chinese_keeps_its_length():
    text = "三方會談在阿布達比舉行，後天繼續"
    assert len(fold(text)) == len(text)


def test_a_fraction_stays_one_character():
    assert fold("½") == "½"


@settings(deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing(text):
    once = fold(text)
    assert fold(once) == once


@settings(deadline=None)
@given(st.text())
def test_decomposed_text_folds_as_composed(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
