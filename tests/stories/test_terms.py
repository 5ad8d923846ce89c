"""What an item says is read alike in both languages: numbers, names, words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.frequencies import Frequencies
from bot.stories.names import Names, countries, known_names, read_names
from bot.stories.numbers import read_numbers
from bot.stories.terms import read_terms, without_outlet
from tests.support import cldr

NAMES = Names(known_names())


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2.6 billion, 26亿, $2.6bn", ["2600000000"] * 3),
        ("1,552,022 people; 5.6万亿美元", ["1552022", "5600000000000"]),
        ("Twelve died, the third in a day", ["12", "3"]),
        ("十二人死亡，第三輪，兩名士兵", ["12", "3", "2"]),
        ("统一 进一步 一些 再三", []),
        ("三四人", []),
        ("Part III", ["3"]),
        ("百度2020年", ["2020"]),
        ("9" * 50, []),
    ],
)
def test_numbers_are_read_in_either_language(text, values):
    assert [number.value for number in read_numbers(text)] == values


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Kyiv", "基輔"),
        ("Kiev", "基辅"),
        ("the United States", "美國"),
        ("Zelenskyy", "泽连斯基"),
        ("Zelensky", "澤倫斯基"),
        ("Nauru", "瑙鲁"),
        ("North Korea", "北韓"),
        ("earthquakes", "地震"),
    ],
)
def test_a_name_is_one_concept_in_both_languages_and_scripts(english, chinese):
    one, other = (
        read_terms("", f"They saw {english} here", "en", NAMES),
        read_terms("", f"他們{chinese}看見", "zh", NAMES),
    )
    assert one.concepts.keys() & other.concepts.keys()


def test_the_longest_name_counts_and_its_parts_do_not():
    terms = read_terms("", "Envoys of North Korea came", "en", NAMES)
    assert "north korea" in terms.concepts
    assert "korea" not in terms.concepts


def test_names_of_another_list_go_by_its_word_for_the_same():
    names = Names({**known_names(), "zelensky": "Volodymyr Zelensky", "volodymyr zelensky": "Volodymyr Zelensky"})
    spelled = [read_terms("", f"Then {name} spoke", "en", names).concepts for name in ("Zelensky", "Zelenskiy")]
    assert spelled[0].keys() == spelled[1].keys()


def test_names_are_read_from_lines_of_forms():
    assert read_names("# a comment\nKyiv|Kiev\t基辅\n") == {"Kyiv": "Kyiv", "Kiev": "Kyiv", "基辅": "Kyiv"}


def test_no_form_of_the_list_means_two_things():
    from importlib.resources import files

    lines = files("bot.stories").joinpath("names.tsv").read_text("utf-8").splitlines()
    forms = [form for line in lines if not line.startswith("#") for form in line.replace("\t", "|").split("|")]
    assert len(forms) == len(set(forms))


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Talks open in Abu Dhabi on Friday - Reuters", "Talks open in Abu Dhabi on Friday"),
        ("三方會談在阿布扎比舉行 | 聯合早報", "三方會談在阿布扎比舉行"),
        ("US–China talks end in Geneva", "US–China talks end in Geneva"),
        ("Real - Barca", "Real - Barca"),
        ("Talks open in Abu Dhabi - but nobody came", "Talks open in Abu Dhabi - but nobody came"),
    ],
)
def test_an_outlet_at_the_end_is_no_part_of_the_title(title, bare):
    assert without_outlet(title) == bare


@pytest.mark.parametrize("title", ["Talks open on Friday - " + "A" * 5_000 + "!- x", "A - " * 5_000, "三" * 9_000])
def test_odd_titles_take_no_time(title):
    began = time.process_time()
    read_terms(title, title, "en", NAMES)
    assert time.process_time() - began < 1


def test_capitals_of_a_title_in_capitals_tell_no_names():
    text = "Later the envoys met in the town of Aarhus."
    assert read_terms("Envoys Hold Talks On Ferry", text, "en", NAMES).proper == {"aarhus"}
    assert "envoy" not in read_terms("The Envoys of Aarhus hold talks", text, "en", NAMES).proper


def test_terms_are_the_same_for_both_scripts():
    one = read_terms("三方會談在阿布扎比舉行", "俄羅斯與烏克蘭代表會面", "zh", NAMES)
    other = read_terms("三方会谈在阿布扎比举行", "俄罗斯与乌克兰代表会面", "zh", NAMES)
    assert (one.words, one.concepts) == (other.words, other.concepts)


def test_who_names_a_place_names_its_country():
    for title in ("Boston awaits talks", "波士頓等待會談"):
        assert read_terms(title, "", "zh", NAMES).countries == {"united state"}
    assert read_terms("Talks on Crimea", "", "en", NAMES).countries == frozenset()


def test_all_places_and_their_countries_are_names_that_are_known():
    assert countries().keys() | set(countries().values()) <= NAMES.proper


@given(st.text(), st.text(), st.sampled_from(["en", "zh", "de", "", "xx"]))
def test_any_text_is_read(title, text, language):
    terms = read_terms(title, text, language, NAMES)
    assert all(weight > 0 for weight in (*terms.words.values(), *terms.concepts.values()))


def test_rarity_is_learned_and_forgotten():
    frequencies = Frequencies()
    before = frequencies.rarity("ferry"), frequencies.rarity("said")
    assert before[0] > before[1]
    frequencies.learn({"ferry", "said"})
    assert frequencies.rarity("ferry") < before[0]
    frequencies.forget({"ferry", "said"})
    assert (frequencies.rarity("ferry"), frequencies.rarity("said")) == before


def test_the_names_of_cldr_are_those_of_the_library():
    """Whoever installs another Babel makes the file anew: `python -m tests.support.cldr`."""
    assert [line for line in cldr.FILE.read_text("utf-8").splitlines() if line[0] != "#"] == list(cldr.names())
