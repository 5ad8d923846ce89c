"""The glossary file and how its terms are found."""

from __future__ import annotations

import pytest

from bot.briefs.glossary import Glossary, TermKind, load_glossary, read_glossary
from bot.errors import SettingsError
from bot.model import Language


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
        ("The Greeks and the Iranians", ["Greece", "Iran"]),
        ("", []),
    ],
)
def test_terms_are_found_whole_longest_first_in_the_order_of_the_text(
    glossary: Glossary, text: str, names: list[str]
) -> None:
    assert [term.en for term in glossary.find(text)] == names


def test_the_shipped_glossary_is_large_and_each_term_finds_itself(glossary: Glossary) -> None:
    assert len(glossary.terms) >= 300
    for term in glossary.terms:
        for form in (term.en, term.zh_hant, term.zh_hans):
            assert glossary.find(form), form
    assert {term.kind for term in glossary.terms} == set(TermKind)


def test_a_term_of_one_sign_counts_as_a_mention_but_is_not_looked_for(glossary: Glossary) -> None:
    assert [term.en for term in glossary.find("美俄會談")] == ["talks"]
    united_states = next(term for term in glossary.terms if term.en == "United States")
    assert united_states.hinted("美俄會談")
    assert not united_states.hinted("日俄會談")


def test_people_can_bring_their_own_file(tmp_path) -> None:
    path = tmp_path / "glossary.tsv"
    path.write_text(
        "# comment\n\nDiting\t諦聽\t谛听\tbody\t\nHushan\t狐山\t狐山\tplace\tFox Hill|Huyama\n", encoding="utf-8"
    )
    glossary = load_glossary(path)
    assert [term.named(Language.ZH) for term in glossary.find("Diting at Fox Hill")] == ["諦聽", "狐山"]


def test_mistakes_in_a_file_are_named_by_line(tmp_path) -> None:
    with pytest.raises(SettingsError) as caught:
        read_glossary("A\t甲\t甲\tplace\t\nB\t乙\nC\t丙\t丙\tplanet\t\n")
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["glossary line 2", "glossary line 3"]
    with pytest.raises(SettingsError, match=r"missing\.tsv"):
        load_glossary(tmp_path / "missing.tsv")


def test_an_empty_glossary_finds_nothing() -> None:
    assert Glossary([]).find("Abu Dhabi") == []
