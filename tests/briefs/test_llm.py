"""The language model way, against a server that speaks the OpenAI protocol."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.briefs.budget import Budget
from bot.briefs.endpoint import Endpoint
from bot.briefs.glossary import Glossary
from bot.briefs.llm import LanguageModel
from bot.briefs.source import Source
from bot.errors import BriefRefused, WayUnavailable
from bot.model import Brief, MadeBy
from tests.briefs.conftest import FAITHFUL
from tests.support.model_server import ModelServer

EXPECTED = Brief(**FAITHFUL, made_by=MadeBy.MODEL)


async def test_one_call_with_a_strict_schema_gives_both_languages(
    model: LanguageModel, server: ModelServer, english: Source
) -> None:
    assert await model.make(english) == EXPECTED
    (request,) = server.requests
    assert request["model"] == "test-model"
    assert request["temperature"] == 0
    assert request["max_tokens"] > 0
    assert request["response_format"]["json_schema"]["strict"] is True
    assert server.keys == ["Bearer k"]


@pytest.mark.parametrize(
    ("forms", "asked"),
    [
        (("json_object", "text"), ["json_schema", "json_object"]),
        (("text",), ["json_schema", "json_object", "text"]),
    ],
)
async def test_what_a_server_can_take_is_found_and_remembered(
    model: LanguageModel, server: ModelServer, english: Source, forms: tuple[str, ...], asked: list[str]
) -> None:
    server.forms = forms
    assert await model.make(english) == EXPECTED
    assert server.asked_forms == asked
    server.requests.clear()
    assert await model.make(english) == EXPECTED
    assert server.asked_forms == asked[-1:]


async def test_a_server_with_other_parameters_is_met_half_way(
    model: LanguageModel, server: ModelServer, english: Source
) -> None:
    server.refuses = {
        "max_tokens": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
        "temperature": "Unsupported value: 'temperature' does not support 0.",
    }
    assert await model.make(english) == EXPECTED
    last = server.requests[-1]
    assert "max_completion_tokens" in last
    assert "temperature" not in last
    assert server.asked_forms[-1] == "json_schema"


async def test_a_request_refused_in_every_form_forgets_nothing(
    model: LanguageModel, server: ModelServer, english: Source
) -> None:
    server.forms = ()
    with pytest.raises(WayUnavailable, match="400"):
        await model.make(english)
    server.forms = ("json_schema",)
    server.requests.clear()
    assert await model.make(english) == EXPECTED
    assert server.asked_forms == ["json_schema"]


@pytest.mark.parametrize(
    ("mode", "reason"), [(500, "500"), (429, "429"), (401, "401"), (404, "404"), ("drop", "Connection")]
)
async def test_trouble_of_the_server_makes_the_way_unavailable(
    model: LanguageModel, server: ModelServer, english: Source, mode: str | int, reason: str
) -> None:
    server.mode = mode
    with pytest.raises(WayUnavailable, match=reason):
        await model.make(english)
    assert len(server.requests) <= 2


@pytest.mark.parametrize("mode", ["empty", "odd", "html"])
async def test_an_answer_without_an_answer_is_refused(
    model: LanguageModel, server: ModelServer, english: Source, mode: str
) -> None:
    server.mode = mode
    with pytest.raises((BriefRefused, WayUnavailable)):
        await model.make(english)


async def test_a_server_that_hangs_times_out(
    server: ModelServer, glossary: Glossary, english: Source, budget: Budget
) -> None:
    server.mode = "hang"
    endpoint = Endpoint(server.url, "m", budget=budget, timeout=timedelta(seconds=0.05))
    with pytest.raises(WayUnavailable, match="timeout"):
        await LanguageModel(endpoint, glossary).make(english)
    await endpoint.close()


async def test_garbage_is_refused(model: LanguageModel, server: ModelServer, english: Source) -> None:
    server.text = "Sure! Here is your brief. The talks ended."
    with pytest.raises(BriefRefused, match="unreadable"):
        await model.make(english)
