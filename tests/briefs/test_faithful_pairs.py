"""Translated sentences of many kinds of news: true ones pass in both directions, and one changed fact is refused."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.faithful import FACTS, Guard, Problem
from bot.briefs.glossary import Glossary, load_glossary
from bot.briefs.source import Source
from bot.model import Brief, MadeBy
from bot.text.chinese import HAN

TABLE = Path(__file__).parents[1] / "data" / "faithful.tsv"


class Row(NamedTuple):
    genre: str
    english: str
    chinese: str
    changed: str
    kind: str


def rows() -> list[Row]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [Row(*line.split("\t")) for line in lines if not line.startswith("#")]


@pytest.fixture(scope="module")
def guard(glossary: Glossary) -> Guard:
    return Guard(glossary)


def fact_problems(guard: Guard, source: str, english: str, chinese: str) -> list[Problem]:
    brief = Brief(title_zh="", title_en="", summary_zh=chinese, summary_en=english, made_by=MadeBy.MODEL)
    language = "zh" if HAN.search(source) else "en"
    problems = guard.problems(brief, Source(title="", text=source, language=language))
    return [problem for problem in problems if problem.kind in FACTS]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.english[:40])
def test_a_true_pair_passes_in_both_directions(guard: Guard, row: Row) -> None:
    assert fact_problems(guard, row.english, row.english, row.chinese) == []
    assert fact_problems(guard, row.chinese, row.english, row.chinese) == []


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.changed[:40])
def test_one_changed_fact_is_refused_by_its_kind(guard: Guard, row: Row) -> None:
    if HAN.search(row.changed):
        problems = fact_problems(guard, row.english, row.english, row.changed)
        assert (problems[0].field, problems[0].kind) == ("summary_zh", row.kind)
    else:
        problems = fact_problems(guard, row.chinese, row.changed, row.chinese)
        assert (problems[0].field, problems[0].kind) == ("summary_en", row.kind)


def test_the_table_has_enough_pairs_of_every_kind() -> None:
    assert len(rows()) >= 60
    assert {row.kind for row in rows()} == FACTS


_GUARD = Guard(load_glossary())
_SENTENCES = st.lists(
    st.sampled_from([text for row in rows() for text in (row.english, row.chinese, row.changed)]),
    min_size=1,
    max_size=6,
)


@given(_SENTENCES)
def test_the_words_of_a_source_are_always_true_to_it(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert fact_problems(_GUARD, text, text, text) == []


@given(
    st.text(
        alphabet="0123456789.,%$ -–至到十百千万亿一二三半点分之年月日成第a half million two third of the not May未不",
        max_size=200,
    )
)
def test_any_text_is_true_to_itself(text: str) -> None:
    assert fact_problems(_GUARD, text, text, text) == []
