"""The glossary file and how its terms are found."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.briefs.glossary import Glossary, TermKind, load_glossary, read_glossary
from bot.errors import SettingsError
from bot.model import Language, Script
from bot.text.chinese import HAN, to_script


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Zelenskyy and Witkoff met in Abu Dhabi", ["Volodymyr Zelensky", "Steve Witkoff", "Abu Dhabi"]),
        ("澤倫斯基在阿布達比會見普丁", ["Volodymyr Zelensky", "Abu Dhabi", "Vladimir Putin"]),
        ("泽连斯基在阿布扎比会见普京", ["Volodymyr Zelensky", "Abu Dhabi", "Vladimir Putin"]),
        ("The New York Times reports from New York", ["New York Times", "New York"]),
        ("South Korea and North Korea", ["South Korea", "North Korea"]),
        ("Trilateral Talks resume", ["trilateral talks"]),
        ("tell us that the polish fell in Jordanville", []),
        ("US and U.S. and America", ["United States"]),
        ("OPEC宣布減產", ["OPEC"]),
        ("The People’s Bank of China and the People's Bank of China", ["People's Bank of China"]),
        ("The Greeks and the Iranians", ["Greece", "Iran"]),
        ("", []),
    ],
)
def test_terms_are_found_whole_longest_first_in_the_order_of_the_text(
    glossary: Glossary, text: str, names: list[str]
) -> None:
    assert [term.en for term in glossary.find(text)] == names


def test_the_shipped_glossary_is_large_and_each_term_finds_itself(glossary: Glossary) -> None:
    kinds = Counter(term.kind for term in glossary.terms)
    assert kinds[TermKind.PLACE] >= 600
    assert kinds[TermKind.PERSON] >= 250
    assert kinds[TermKind.BODY] >= 300
    assert kinds[TermKind.TERM] >= 120
    for term in glossary.terms:
        for form in (term.en, *term.sought()):
            assert glossary.find(form) == [term], form


def test_the_shipped_glossary_has_each_name_once_in_order(glossary: Glossary) -> None:
    kinds = list(TermKind)
    order = [(kinds.index(term.kind), term.en.casefold()) for term in glossary.terms]
    by_kind = [TermKind.PLACE, TermKind.PERSON, TermKind.BODY, TermKind.TERM]
    assert order == sorted(order, key=lambda pair: (by_kind.index(kinds[pair[0]]), pair[1]))
    assert len({term.en for term in glossary.terms}) == len(glossary.terms)


def test_no_form_of_a_shipped_term_is_another_s(glossary: Glossary) -> None:
    forms = Counter(form for term in glossary.terms for form in set(term.forms()) if len(form) > 1)
    assert [form for form, count in forms.items() if count > 1] == []


def test_the_shipped_names_are_in_the_characters_of_their_region(glossary: Glossary) -> None:
    for term in glossary.terms:
        # What Big5 and GB 2312 can write is 繁 and 简 respectively.
        assert f"{term.zh_hant}{term.tw}".encode("big5hkscs"), term.en
        assert to_script(term.zh_hans, Script.HANS) == term.zh_hans, term.en


def test_a_shipped_name_that_regions_say_in_their_ways_is_no_shorter_than_two_signs(glossary: Glossary) -> None:
    assert [term.en for term in glossary.terms for name in term.sought() if len(name) < 2] == []


def test_every_shipped_person_is_found_by_a_chinese_name(glossary: Glossary) -> None:
    people = [term for term in glossary.terms if term.kind is TermKind.PERSON]
    assert [term.en for term in people if not any(len(form) > 1 and HAN.search(form) for form in term.forms())] == []


def test_each_region_has_its_name(glossary: Glossary) -> None:
    zelensky = next(term for term in glossary.terms if term.en == "Volodymyr Zelensky")
    regions = (Script.HK, Script.TW, Script.CN, Script.HANT)
    assert [zelensky.regional(region) for region in regions] == ["澤連斯基", "澤倫斯基", "泽连斯基", ""]
    assert (zelensky.zh_hant, zelensky.tw, zelensky.zh_hans) == ("澤連斯基", "澤倫斯基", "泽连斯基")


def test_what_is_another_word_elsewhere_is_written_and_not_looked_for() -> None:
    (taxi,) = read_glossary("taxi\t~的士\t計程車\t出租车\tterm\ttaxis|=小黃")
    assert taxi.regional(Script.HK) == "的士"
    assert Glossary([taxi]).find("軍隊的士氣") == []
    assert taxi.hinted("搭的士") is taxi.hinted("搭的士气") is True  # it may be meant
    assert not taxi.hinted("搭計程車")
    assert (taxi.aliases, taxi.same) == (("taxis", "小黃"), {"小黃"})
    assert "出租車" in taxi.names()
    assert "taxis" in taxi.forms()
    assert "的士" not in taxi.forms()


def test_a_term_of_one_sign_counts_as_a_mention_but_is_not_looked_for(glossary: Glossary) -> None:
    assert [term.en for term in glossary.find("美俄會談")] == ["talks"]
    united_states = next(term for term in glossary.terms if term.en == "United States")
    assert united_states.hinted("美俄會談")
    assert not united_states.hinted("日俄會談")


def test_a_file_from_before_there_were_regions_is_read() -> None:
    (term,) = read_glossary("# en\tzh_hant\tzh_hans\tkind\nDiting\t諦聽\t谛听\tbody\tListener|諦聽獸\n")
    assert (term.zh_hant, term.tw, term.zh_hans) == ("諦聽", "", "谛听")
    assert term.regional(Script.TW) == "諦聽"
    assert term.aliases == ("Listener", "諦聽獸")


def test_people_can_add_a_file_of_their_own_that_wins(tmp_path) -> None:
    path = tmp_path / "glossary.tsv"
    path.write_text(
        "\ufeffen\thk\ttw\tcn\tkind\taliases\n\nDiting\t諦聽\t諦聽\t谛听\tbody\nTehran\t德京\t德京\t德京\tplace\tFox\n",
        encoding="utf-8",
    )
    glossary = load_glossary(path)
    found = glossary.find("Diting at Fox in Paris")
    assert [term.named(Language.ZH) for term in found] == ["諦聽", "德京", "巴黎"]
    assert [term.en for term in glossary.terms].count("Tehran") == 1
    assert glossary.find("德黑蘭") == []


def test_mistakes_in_a_file_are_named_by_line(tmp_path) -> None:
    with pytest.raises(SettingsError) as caught:
        read_glossary("A\t甲\t甲\tplace\t\nB\t乙\nC\t丙\t丙\tplanet\t\nA\t丁\t丁\t丁\tplace\nD\t戊\t\t戊\tplace\n")
    lines = [problem.split(":")[0].removeprefix("glossary line ") for problem in caught.value.problems]
    assert lines == ["2", "3", "4", "5"]
    assert "stands in line 1 already" in caught.value.problems[2]
    with pytest.raises(SettingsError, match=r"missing\.tsv"):
        load_glossary(tmp_path / "missing.tsv")


def test_an_empty_glossary_finds_nothing() -> None:
    assert Glossary([]).find("Abu Dhabi") == []
