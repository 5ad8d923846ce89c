"""Tokens say what the words are, where they stand, and what stands between them."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.stems import stem, stemming
from bot.text.tokens import BROKEN, PARAGRAPH, SPACED, TOUCHING, columns, tokenize
from bot.text.written import written


def texts(text):
    return [token.sign + token.text for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("百度AI发布", ["百", "度", "ai", "发", "布"]),
        ("Russian-Ukrainian-US talks", ["russian", "ukrainian", "us", "talks"]),
        ("Abu Dhabi's, Dhabi’s", ["abu", "dhabi", "dhabi"]),
        ("the U.S. and U.S.A, e.g. here", ["the", "us", "and", "usa", "eg", "here"]),
        ("C++ C# F# notepad++ C", ["c++", "c#", "f#", "notepad++", "c"]),
        ("$TSLA ＄５ #AI @who €3.5bn", ["$tsla", "$5", "#ai", "@who", "€3.5bn"]),
        ("R&D AT&T S&P", ["r&d", "at&t", "s&p"]),
        ("S&P500 AB&Café", ["s&p", "500", "ab", "cafe"]),
        ("F-35 COVID-19 5G", ["f", "35", "covid", "19", "5g"]),
        ("1,000 1,000,000.5 3,5 10:30 1.2.3", ["1000", "1000000.5", "3,5", "10:30", "1.2.3"]),
        ("don't we’ll l'accord O'Brien", ["don't", "we'll", "l", "accord", "o", "brien"]),
        ("İ.Ö. 300 İstanbul'da", ["io", "300", "istanbul", "da"]),
        ("Mr. Smith vs. St. Louis", ["mr", "smith", "vs", "st", "louis"]),
        ("한국의 カナダ ผล", ["한", "국", "의", "カ", "ナ", "ダ", "ผ", "ล"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("النِّفْط غدا", ["النفط", "غدا"]),
        ("🚀👍🏽", ["🚀", "👍", "🏽"]),
        ("!!! … — 。", []),
        ("ـ ŉ", ["n"]),
        ("", []),
    ],
)
def test_words_are_told_as_readers_see_them(text, expected):
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("between", "gap"),
    [
        ("”", TOUCHING), ("·", TOUCHING), ("》", TOUCHING), (" ", SPACED), ("\n", SPACED), ("-", SPACED), ("/", SPACED),
        (".", SPACED), ("://", SPACED), ("” “", SPACED), (" - ", BROKEN), (", ", BROKEN), (". ", BROKEN),
        ("。", BROKEN), ("—", BROKEN), (" (", BROKEN), ("\n\n", PARAGRAPH), ("。\n \n", PARAGRAPH),
    ],
)  # fmt: skip
def test_the_gap_says_what_stands_between(between, gap):
    assert tokenize(f"Gaza{between}Strip")[1].gap == gap


def test_offsets_point_into_the_source():
    text = "“Économie”: Abu Dhabi’s 三方會談 on $TSLA"
    assert [text[token.start : token.end] for token in tokenize(text)] == [
        "Économie", "Abu", "Dhabi", "三", "方", "會", "談", "on", "$TSLA",
    ]  # fmt: skip


def test_every_character_of_unicode_gives_tokens_that_read_as_themselves():
    for point in range(0x80, 0x30000, 7):  # a seventh of them, all blocks met
        character = chr(point)
        for token in tokenize(character):
            again = tokenize(token.text)
            assert [(t.text, t.cjk) for t in again] == [(token.text, token.cjk)], hex(point)


@settings(deadline=None)
@given(st.text())
def test_tokens_are_in_order_and_within_the_text(text):
    ended = 0
    for token in tokenize(text):
        assert ended <= token.start < token.end <= len(text)
        assert token.text
        ended = token.end


_PIECES = (
    *("mr.", "No. ", "#mr. X", "U.S.", "1,000", "3.5bn", "R&D", "C#", "don't", "’s", ".", "?", "-", "$", "“", " "),
    *(
        "\n\n",
        "\u2029",
        "\u3000",
        "\x1c",
        "\u200b",
        "渡輪",
        "。",
        "か\u3099",
        "e\u0301",
        "ß",
        "ſt.",
        "한글",
        "🚢",
        "½",
        "İ",
    ),
    *("Mr’s.", "İ.Ö.", "half-way's"),
)
_MIXED = st.text() | st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)


@given(_MIXED)
def test_tokens_are_those_of_the_columns(text):
    tokens, found = tokenize(text), columns(text)
    assert ([token.text for token in tokens], [token.gap for token in tokens]) == (found.terms, list(found.gaps))


def test_tokens_of_long_texts_are_those_of_the_columns():
    rng = random.Random(4)
    for _ in range(20):
        words = rng.choices([*_PIECES, "word", "Word,", "half-way", "Dr.", "(aside)", "no.", "三方會談。"], k=2_000)
        text = "".join(word + rng.choice(("", " ", " ", " ")) for word in words)
        tokens, found = tokenize(text), columns(text)
        assert ([token.text for token in tokens], [token.gap for token in tokens]) == (found.terms, list(found.gaps))
        runs = [(row, run) for row, run in found.runs if found.terms[row : row + len(run)] == list(run)]
        assert runs == found.runs
        assert sum(len(run) for _, run in runs) == sum(token.cjk for token in tokens)
        assert found.signs == [(row, token.sign) for row, token in enumerate(tokens) if token.sign]


def bare(word):
    """Without the dot of an abbreviation."""
    return word[:-1] if word[-1:] == "." and "." not in word[:-1] else word


@given(_MIXED, st.randoms(use_true_random=False))
def test_a_word_is_written_as_it_stands_in_the_text(text, rng):
    tokens = tokenize(text)
    rows = {row for row in range(len(tokens)) if rng.random() < 0.5}
    assert written(text, rows) == {
        row: bare(text[tokens[row].start + len(tokens[row].sign) : tokens[row].end]) for row in rows
    }


@pytest.mark.parametrize("words", range(250, 260))
def test_an_abbreviation_knows_the_word_after_it_wherever_it_stands(words):
    found = columns(f"{'word ' * words}Dr. Who, PhD.")
    assert list(found.gaps[words:]) == [SPACED, SPACED, BROKEN]


@given(_MIXED, st.integers(1, 12))
def test_the_beginning_of_a_text_has_the_same_tokens(text, width):
    tokens, beginning = tokenize(text), tokenize(text, width)
    assert beginning == tokens[: len(beginning)]
    assert beginning == tokens or sum(1 if token.cjk else 2 for token in beginning) >= width


def test_a_huge_word_is_one_token():
    assert len(tokenize("a" * 100_000 + "." * 100_000)) == 1


@pytest.mark.parametrize(
    ("word", "inflected", "language"),
    [("talk", "talks", "en"), ("gesprach", "gesprache", "de"), ("переговоры", "переговоров", "ru"),
     ("talk", "talks", "zh-Hans")],
)  # fmt: skip
def test_inflections_share_a_stem(word, inflected, language):
    assert stem(word, language) == stem(inflected, language)


def test_different_words_have_different_stems():
    assert stem("art", "en") != stem("party", "en")


def test_a_language_without_a_stemmer_is_stemmed_as_english():
    assert stemming("xx") == stemming("") == "english"
    assert stemming("de-AT") == "german"


def test_no_word_is_longer_than_can_be_stemmed():
    assert stem("talks" * 100, "en") == "talks" * 100
