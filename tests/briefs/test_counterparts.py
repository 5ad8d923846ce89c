"""What keywords are called in the other language: what the glossary and the dictionary know, then what a model says."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bench.counterparts import answered, figures, read_table
from bot.briefs.cedict import Cedict, unpacked
from bot.briefs.counterparts import KnownCounterparts, read_names
from bot.errors import WayUnavailable

PATIENT = timedelta(minutes=1)  # a test machine may be busy


@pytest.fixture(scope="module")
def dictionary() -> Cedict:
    return Cedict(unpacked())


class Model:
    """Answers what it is told to, after a while."""

    def __init__(self, answer: str | Exception = "", *, slow: bool = False) -> None:
        self._answer = answer
        self._slow = slow
        self.asked: list[str] = []

    async def answer(self, messages, schema, room) -> str:
        self.asked.append(messages[-1]["content"])
        if self._slow:
            await asyncio.Event().wait()
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def names(*given: object) -> str:
    return json.dumps({"names": given}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("words", "called"),
    [
        ("Abu Dhabi", ["阿布扎比", "阿布達比"]),
        ("Russia", ["俄羅斯", "俄國"]),  # and not 俄方 or 俄軍, which take sides
        ("trilateral talks", ["三方會談", "三方談判", "三方会晤"]),
        ("Trilateral Talk", ["三方會談", "三方談判", "三方会晤"]),
        ("South Korea", ["韓國", "南韓"]),
        ("WHO", ["世界衛生組織", "世衛組織"]),
        ("Shenzhen", ["深圳"]),
        ("三方会谈", ["trilateral talks", "trilateral meeting", "three-way talks"]),
        ("川普", ["Trump"]),  # who is found wherever Donald Trump is
        ("呼和浩特", ["Hohhot"]),
        ("TikTok", []),
        ("F-35", []),
        ("AI芯片", []),
        ("Киев", []),
        ("美", []),
        ("", []),
        ("word " * 20, []),
    ],
)
async def test_names_are_offered_best_first_and_few(glossary, dictionary, words: str, called: list[str]) -> None:
    found = await KnownCounterparts(glossary, dictionary, patience=PATIENT).counterparts(words)
    assert found[: len(called) or None] == called
    assert len(found) <= 3


async def test_a_small_word_is_not_taken_for_an_acronym(glossary, dictionary) -> None:
    counterparts = KnownCounterparts(glossary, dictionary, patience=PATIENT)
    assert await counterparts.counterparts("US") == ["美國"]
    assert "美國" not in await counterparts.counterparts("us")


async def test_names_are_as_good_as_the_documentation_says(glossary, dictionary) -> None:
    recall, first, precision = figures(await answered(read_table("counterparts_unseen.tsv"), glossary, dictionary))
    assert recall > 0.9
    assert first > 0.8
    assert precision > 0.8


async def test_a_model_is_asked_for_what_nobody_else_knows_and_for_nothing_more(glossary, dictionary) -> None:
    model = Model(names("泰勒絲", "泰勒·斯威夫特", "泰勒丝"))
    counterparts = KnownCounterparts(glossary, dictionary, model, patience=PATIENT)
    assert await counterparts.counterparts("Taylor Swift") == ["泰勒絲", "泰勒·斯威夫特"]
    assert await counterparts.counterparts("Abu Dhabi") == ["阿布扎比", "阿布達比"]
    assert model.asked == ['"Taylor Swift"']


@pytest.mark.parametrize(
    "model", [Model(slow=True), Model(WayUnavailable("HTTP 500")), Model(RuntimeError("a bug")), Model("no idea")]
)
async def test_a_model_that_is_slow_down_or_confused_costs_nothing_but_the_offer(glossary, model) -> None:
    counterparts = KnownCounterparts(glossary, Cedict(b""), model, patience=timedelta(milliseconds=50))
    with capture_logs():
        assert await counterparts.counterparts("Taylor Swift") == []


async def test_what_the_glossary_knows_is_offered_even_where_the_dictionary_is_slow(glossary, dictionary) -> None:
    with capture_logs():
        found = await KnownCounterparts(glossary, dictionary, patience=timedelta()).counterparts("Abu Dhabi")
    assert found == ["阿布扎比", "阿布達比"]


async def test_a_dictionary_that_cannot_be_read_costs_nothing_but_the_offer(glossary) -> None:
    class Broken(Cedict):
        def chinese(self, english: str, *, names_only: bool = False) -> list[str]:
            raise OSError("no such file")

    with capture_logs() as logs:
        assert await KnownCounterparts(glossary, Broken(), patience=PATIENT).counterparts("Timbuktu") == []
    assert [entry["log_level"] for entry in logs] == ["error"]


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{",
        "[]",
        '{"names": "泰勒絲"}',
        '{"names": {"a": 1}}',
        '{"name": ["泰勒絲"]}',
        names(1, None, ["泰勒絲"]),
        names(
            "Taylor Swift",
            "美",
            "泰勒絲 (歌手)",
            "<b>泰勒絲</b>",
            "**泰勒絲**",
            "泰勒絲 OR 談判",
            "@泰勒絲",
            "泰勒絲\n談判",
        ),
        names("國" * 13),
        "[" * 100_000,
    ],
)
def test_of_a_models_answer_only_short_names_in_the_right_script_are_taken(answer: str) -> None:
    assert read_names(answer, chinese=True) == []


@pytest.mark.parametrize(
    "name", ["三方會談", "https://evil.example", "a <b>", "x: y", "(talks)", "one two three four five six"]
)
def test_english_names_are_words_and_nothing_else(name: str) -> None:
    assert read_names(names(name), chinese=False) == []
    assert read_names(names(name, "three-way talks"), chinese=False) == ["three-way talks"]


def test_an_answer_after_thinking_and_in_a_fence_is_read() -> None:
    assert read_names('<think>{"names": []}</think>```json\n{"names": ["泰勒絲"]}\n```', chinese=True) == ["泰勒絲"]


async def test_an_endpoint_is_asked_by_the_schema_of_names(glossary, endpoint, server) -> None:
    server.text = names("泰勒絲")
    assert await KnownCounterparts(glossary, Cedict(b""), endpoint, patience=PATIENT).counterparts("Taylor Swift") == [
        "泰勒絲"
    ]
    (request,) = server.requests
    assert list(request["response_format"]["json_schema"]["schema"]["properties"]) == ["names"]
