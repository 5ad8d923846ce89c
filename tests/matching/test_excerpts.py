"""Excerpts show the words that answered where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot.matching.document import Document
from bot.matching.evaluate import passages
from bot.matching.excerpts import excerpts
from bot.matching.expression import Query
from bot.matching.query import parse
from bot.model import Item, Part
from tests.support.queries import items, queries

LONG = "Envoys of many countries " * 9


def shown(query: str, title: str, text: str = "") -> list[tuple[Part, str]]:
    """Each excerpt's part and text, with the words in brackets."""
    document = Document(Item(guid="1", url="", title=title, text=text, language="en"))
    return [
        (one.part, "".join(f"[{run}]" if bold else run for run, bold in one.runs))
        for one in excerpts(parse(query), document)
    ]


def test_words_stand_in_their_sentence():
    title = "The trilateral Russian-Ukrainian-US talks"
    assert shown("trilateral talks", title) == [(Part.TITLE, "The [trilateral] Russian-Ukrainian-US [talks]")]


def test_a_long_text_is_cut_between_words():
    ((part, excerpt),) = shown("talks", "", f"{LONG}talks {LONG}")
    assert part is Part.TEXT
    assert (excerpt[0], excerpt[-1]) == ("…", "…")
    assert len(excerpt) < 100
    assert set(excerpt.strip("…").split()) <= {*LONG.split(), "[talks]"}


def test_an_excerpt_keeps_to_its_paragraph():
    assert shown("talks", "", "Before.\n\nPeace  talks\tresume.\n\nAfter.") == [(Part.TEXT, "…Peace [talks] resume.…")]


def test_words_far_apart_have_an_excerpt_each_and_more_than_two_are_left_out():
    parts = shown(
        "Geneva AND envoys AND talks AND ceasefire", "Geneva", f"talks {'of this and that ' * 9} ceasefire envoys"
    )
    assert [part for part, _ in parts] == [Part.TITLE, Part.TEXT]


def test_words_that_overlap_are_told_once():
    assert shown('"peace talks" OR talks', "Peace talks resume") == [(Part.TITLE, "[Peace talks] resume")]


@pytest.mark.parametrize("query", ["chess", "lang:en"])
def test_without_words_there_is_no_excerpt(query):
    assert shown(query, "Talks") == []


@settings(max_examples=100)
@given(queries, items)
def test_an_excerpt_is_a_piece_of_the_item_with_its_words(query: Query, item: Item):
    document = Document(item)
    sources = {Part.TITLE: document.fields[0].source, Part.TEXT: document.fields[1].source}
    made = excerpts(query, document)
    assert bool(made) == bool(passages(query, document))
    for one in made:
        text = "".join(run for run, _ in one.runs)
        assert any(bold for _, bold in one.runs)
        assert text.strip("…").strip() in " ".join(sources[one.part].split())
