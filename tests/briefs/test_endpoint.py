"""The endpoint against servers as they are: other dialects, trouble, and answers of other shapes."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.briefs.answer import read_answer
from bot.briefs.dialect import AnswerForm, Dialect
from bot.briefs.endpoint import RELEARN, ROOM, Endpoint
from bot.briefs.failures import retry_after
from bot.briefs.prompt import schema_for
from bot.briefs.source import Source
from bot.errors import BriefRefused, WayUnavailable
from bot.model import Brief, MadeBy
from tests.briefs.conftest import FAITHFUL
from tests.support.model_server import ModelServer
from tests.support.seconds import Seconds

EXPECTED = Brief(**FAITHFUL, made_by=MadeBy.MODEL)
MESSAGES = [{"role": "system", "content": "Report."}, {"role": "user", "content": "The news."}]
WHOLE = json.dumps(FAITHFUL, ensure_ascii=False)


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def endpoint(server, budget, seconds):
    endpoint = Endpoint(server.url, "m", budget=budget, timeout=timedelta(seconds=5), clock=seconds)
    yield endpoint
    await endpoint.close()


@pytest.fixture
def ask(endpoint, english: Source):
    async def answer() -> Brief:
        return read_answer(await endpoint.answer(MESSAGES, schema_for(english), ROOM))

    return answer


# --- which form a server takes -----------------------------------------------------------------------------


async def test_a_form_that_a_proxy_comes_to_refuse_is_left(ask, server: ModelServer):
    assert await ask() == EXPECTED
    server.forms = ("json_object", "text")
    assert await ask() == EXPECTED
    assert server.asked_forms == ["json_schema", "json_schema", "json_object"]
    await ask()
    assert server.asked_forms[3:] == ["json_object"]


async def test_a_question_refused_twice_leaves_what_was_learned(ask, server: ModelServer):
    await ask()
    server.mode = 400
    with pytest.raises(WayUnavailable, match="HTTP 400"):
        await ask()
    assert server.asked_forms == ["json_schema", "json_schema", "json_object"]
    server.mode = "answer"
    await ask()
    assert server.asked_forms[3:] == ["json_schema"]


async def test_the_strictest_form_is_tried_again_from_time_to_time(ask, server: ModelServer, seconds, endpoint):
    server.forms = ("text",)
    await ask()
    assert endpoint.dialect.form is AnswerForm.TEXT
    server.forms = ("json_schema", "json_object", "text")
    await ask()
    seconds.now += RELEARN.total_seconds()
    await ask()
    await ask()
    assert server.asked_forms[3:] == ["text", "json_schema", "json_schema"]


async def test_trying_again_in_vain_costs_one_walk_and_no_more(ask, server: ModelServer, seconds):
    server.forms = ("text",)
    await ask()
    seconds.now += RELEARN.total_seconds()
    server.requests.clear()
    await ask()
    await ask()
    assert server.asked_forms == ["json_schema", "json_object", "text", "text"]


async def test_a_model_exchanged_behind_a_proxy_is_met_half_way(ask, server: ModelServer):
    await ask()
    server.refuses = {
        "max_tokens": "Unsupported parameter: 'max_tokens' is not supported with this model.",
        "temperature": "Unsupported value: 'temperature' does not support 0 with this model.",
    }
    assert await ask() == EXPECTED
    assert server.asked_forms == ["json_schema"] * 4


@pytest.mark.parametrize(
    "error",
    [
        {"message": "request (6024 tokens) exceeds the available context size", "type": "exceed_context_size_error"},
        {"message": "This model's maximum context length is 4096 tokens", "code": "context_length_exceeded"},
        {"message": "Prompt is too long: 5000 > 4096"},
        {"message": "The response was filtered", "code": "content_filter"},
        {"message": "Output data may contain inappropriate content.", "code": "data_inspection_failed"},
    ],
)
async def test_an_article_that_is_not_taken_is_no_matter_of_form_and_no_fault_of_the_server(
    ask, server: ModelServer, error: dict[str, Any]
):
    server.mode, server.error = 400, error
    with pytest.raises(BriefRefused, match="not taken"):
        await ask()
    assert len(server.requests) == 1


# --- models that think --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "more"),
    [
        ({"content": "", "reasoning_content": "Let me see"}, {}),
        ({"content": None, "reasoning": "Let me see"}, {}),
        ({"content": "<think>Let me see"}, {}),
        ({"content": ""}, {}),
        ({"content": ""}, {"usage": {"prompt_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 900}}}),
    ],
)
async def test_a_model_that_thought_until_its_room_was_used_up_gets_more_of_it(
    ask, server: ModelServer, message: dict[str, Any], more: dict[str, Any]
):
    server.message, server.more, server.choice = message, more, {"finish_reason": "length"}
    with pytest.raises(BriefRefused, match="cut off"):
        await ask()
    server.message, server.more, server.choice = {}, {}, {}
    assert await ask() == EXPECTED
    assert server.requests[0]["max_tokens"] == ROOM
    assert server.requests[1]["max_tokens"] > 2 * ROOM
    assert server.requests[1]["reasoning_effort"] == "low"


async def test_a_server_that_knows_no_effort_is_not_asked_for_it():
    thinking = Dialect().thinking()
    assert thinking.simpler("Unrecognized request argument: reasoning_effort").parameters({}, 9).keys() == {
        "max_tokens",
        "response_format",
        "temperature",
    }


async def test_an_answer_that_is_merely_long_changes_nothing(ask, server: ModelServer, endpoint):
    server.choice = {"finish_reason": "length"}
    with pytest.raises(BriefRefused, match="cut off"):
        await ask()
    assert endpoint.dialect == Dialect()


# --- shapes of answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        {"content": WHOLE, "reasoning_content": "Let me see {}."},
        {"content": [{"type": "text", "text": WHOLE[:40]}, {"type": "text", "text": WHOLE[40:]}]},
        {"content": None, "tool_calls": [{"type": "function", "function": {"name": "answer", "arguments": WHOLE}}]},
        {"content": "", "tool_calls": [{"function": {"arguments": FAITHFUL}}]},
        {"content": None, "function_call": {"name": "answer", "arguments": WHOLE}},
        {"content": "", "reasoning_content": WHOLE},
        {"content": WHOLE, "refusal": None, "tool_calls": []},
    ],
)
async def test_an_answer_is_found_wherever_servers_put_it(ask, server: ModelServer, message: dict[str, Any]):
    server.message = message
    assert await ask() == EXPECTED


@pytest.mark.parametrize(
    ("prefix", "content_type"), [("", "text/plain"), ("\ufeff", "text/plain"), (" \n", "text/json")]
)
async def test_json_under_another_name_is_read(ask, server: ModelServer, prefix: str, content_type: str):
    server.prefix, server.content_type = prefix, content_type
    assert await ask() == EXPECTED


async def test_a_byte_order_mark_is_no_trouble(ask, server: ModelServer):
    server.prefix = "\ufeff"
    assert await ask() == EXPECTED


@pytest.mark.parametrize(
    ("message", "choice", "reason"),
    [
        ({"content": None, "refusal": "I can't help with that."}, {}, "refuses"),
        ({}, {"finish_reason": "length"}, "cut off"),
        ({}, {"finish_reason": "content_filter"}, "filter"),
        ({"content": None}, {}, "empty"),
        ({"content": [{"type": "image_url"}]}, {}, "empty"),
        ({"content": None, "tool_calls": [{"function": {}}]}, {}, "empty"),
        ({}, {"message": None}, "empty"),
        ({}, {"message": ["?"]}, "empty"),
    ],
)
async def test_an_answer_that_is_none_or_but_a_part_is_refused(
    ask, server: ModelServer, message: dict[str, Any], choice: dict[str, Any], reason: str
):
    server.message, server.choice = message, choice
    with pytest.raises(BriefRefused, match=reason):
        await ask()


@pytest.mark.parametrize("more", [{"choices": None, "error": {"code": 429}}, {"choices": []}, {"choices": {}}])
async def test_a_success_that_holds_an_error_makes_the_way_unavailable(ask, server: ModelServer, more: dict[str, Any]):
    server.more = more
    with pytest.raises(WayUnavailable):
        await ask()


# --- trouble ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "headers", "error", "reason", "rest"),
    [
        (429, {"retry-after": "20"}, {}, "HTTP 429", timedelta(seconds=20)),
        (429, {"retry-after": "86400"}, {}, "HTTP 429", timedelta(minutes=15)),
        (429, {"retry-after": "soon"}, {}, "HTTP 429", None),
        (429, {}, {"code": "insufficient_quota"}, "HTTP 429 insufficient_quota", timedelta(hours=1)),
        (429, {}, {"type": "insufficient_quota"}, "HTTP 429 insufficient_quota", timedelta(hours=1)),
        (503, {"retry-after": "7.5"}, {}, "HTTP 503", timedelta(seconds=7.5)),
        (503, {}, {}, "HTTP 503", None),
        (401, {}, {}, "HTTP 401", timedelta(hours=1)),
        (402, {}, {}, "HTTP 402", timedelta(hours=1)),
        (403, {"retry-after": "1"}, {}, "HTTP 403", timedelta(hours=1)),
        (404, {}, {"code": "model_not_found"}, "HTTP 404 model_not_found", timedelta(minutes=5)),
        (500, {}, {"message": "sk-secret", "code": "sk-secret"}, "HTTP 500 invalid_request_error", None),
    ],
)
async def test_trouble_is_told_with_how_long_to_leave_the_server_alone(
    ask, server: ModelServer, status, headers, error, reason, rest
):
    server.mode, server.headers, server.error = status, headers, {"type": "invalid_request_error"} | error
    with pytest.raises(WayUnavailable) as caught:
        await ask()
    assert str(caught.value).startswith(reason)
    assert "secret" not in str(caught.value)
    assert caught.value.rest == rest
    assert len(server.requests) == 1


@pytest.mark.parametrize("mode", ["hang", "drip"])
async def test_a_slow_answer_is_not_waited_for_however_it_comes(server: ModelServer, budget, mode: str):
    server.mode = mode
    endpoint = Endpoint(server.url, "m", budget=budget, timeout=timedelta(seconds=0.1))
    with pytest.raises(WayUnavailable, match="timeout"):
        await endpoint.answer(MESSAGES, {}, 10)
    await endpoint.close()
    assert len(server.requests) == 1


async def test_a_page_instead_of_an_answer_is_no_model(ask, server: ModelServer):
    server.mode = "html"
    with pytest.raises(WayUnavailable, match="no JSON"):
        await ask()


async def test_a_dropped_connection_is_tried_once_more(ask, server: ModelServer):
    server.mode = "drop"
    with pytest.raises(WayUnavailable, match="Connection"):
        await ask()
    assert len(server.requests) == 2


async def test_nobody_at_the_address_is_told(budget):
    endpoint = Endpoint("http://127.0.0.1:1/v1", "m", budget=budget)
    with pytest.raises(WayUnavailable, match="Connection"):
        await endpoint.answer(MESSAGES, {}, 10)
    await endpoint.close()


@pytest.mark.parametrize("value", ["", "soon", "-5", "nan", "inf", "1e3", "Wed, 21 Oct 2026 07:28:00 GMT", "٣"])
def test_what_is_no_number_of_seconds_asks_for_no_rest(value: str):
    assert retry_after(value) is None
