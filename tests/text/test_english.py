"""The inflections of a word share a stem, and what is derived from it has another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.english import inflection_stem

INFLECTIONS = """
    talk talks talked talking
    party parties
    army armies
    try tries tried trying
    tie ties tied tying
    die dies died dying
    lie lies lied lying
    announce announces announced announcing
    negotiate negotiates negotiated negotiating
    create creates created creating
    hope hopes hoped hoping
    hop hops hopped hopping
    plan plans planned planning
    add adds added adding
    kill kills killed killing
    control controls controlled controlling
    travel travels traveled travelled traveling travelling
    agree agrees agreed agreeing
    need needs needed needing
    house houses housed housing
    judge judges judged judging
    watch watches watched watching
    box boxes boxed boxing
    address addresses addressed addressing
    focus focuses focused focusing
    enable enables enabled enabling
    organize organizes organized organizing
    election elections
    tariff tariffs
    missile missiles
    man men
    woman women
    sky skies
"""
STRANGERS = """
    import important
    organ organization
    intern international
    university universe universal
    excel excellent
    policy police
    nation national
    several severe
    office officer
    author authority
    apart apartment
    object objective
    hope hop
    new news
    ad add
    star stare
    car care
    bed bing
    sea see
"""


@pytest.mark.parametrize("words", INFLECTIONS.strip().splitlines())
def test_inflections_share_a_stem(words):
    assert len({inflection_stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize("words", STRANGERS.strip().splitlines())
def test_other_words_have_other_stems(words):
    assert len({inflection_stem(word) for word in words.split()}) == len(words.split())


@pytest.mark.parametrize(
    "word", ["us", "is", "gas", "bus", "news", "texas", "beijing", "king", "string", "red", "c++", "5s"]
)
def test_what_only_looks_inflected_stays(word):
    assert inflection_stem(word) == word


@given(st.from_regex("[a-z]{1,12}", fullmatch=True) | st.text())
def test_any_word_has_a_stem(word):
    stem = inflection_stem(word)
    assert bool(stem) is bool(word)
    assert len(stem) <= len(word) + 1


@given(st.text(alphabet="abcdeghiklmnorstuyz'", min_size=1, max_size=12))
def test_no_inflection_changes_the_first_letter(word):
    assert inflection_stem(word)[:1] == word[0]


def test_no_exception_changes_the_first_letter_either():
    words = (word for line in (*INFLECTIONS.splitlines(), *STRANGERS.splitlines()) for word in line.split())
    assert all(inflection_stem(word)[:1] == word[0] for word in words)
