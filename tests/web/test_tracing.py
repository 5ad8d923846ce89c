"""Spans as they are told: their names, what holds them together, and what never gets into them."""

from __future__ import annotations

import asyncio
import os

import pytest

from bot.ports import NO_TRACER
from bot.web import tracing
from bot.web.tracing import OtlpTracer, address_of, attributes_of
from tests.support.collector import Collector, Told


@pytest.fixture
async def collector(monkeypatch):
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)
    async with Collector() as there:
        yield there


@pytest.fixture
def tracer(collector):
    return OtlpTracer(collector.url)


async def told(tracer: OtlpTracer, collector: Collector) -> dict[str, Told]:
    await tracer.close()
    return {span.name: span for span in collector.spans}


async def test_tasks_that_begin_at_work_are_within(tracer, collector):
    async def aside() -> None:
        with tracer.span("inner"):
            await asyncio.sleep(0)

    with tracer.span("outer"):
        task = asyncio.create_task(aside())
    await task
    with tracer.span("next"):
        pass
    spans = await told(tracer, collector)
    assert spans["inner"].parent == spans["outer"].id
    assert spans["next"].parent == b""


async def test_what_goes_on_after_it_was_at_work_ends_once(tracer, collector):
    span = tracer.span("poll")
    with span.at_work(), tracer.span("read"):
        pass
    span.note(outcome="new")
    span.end()
    span.note(outcome="never")
    span.end()
    spans = await told(tracer, collector)
    assert spans["read"].parent == spans["poll"].id
    assert spans["poll"].attributes == {"diting.outcome": "new"}


async def test_an_error_fails_it_by_its_kind_alone(tracer, collector):
    with pytest.raises(ValueError, match="token-123"), tracer.span("send"):
        raise ValueError("https://api.example/bot-token-123/")
    spans = await told(tracer, collector)
    assert spans["send"].failed
    assert spans["send"].attributes == {"error.type": "ValueError"}
    assert b"token-123" not in b"".join(collector.bodies)


async def test_what_follows_one_is_in_its_trace_and_what_follows_several_is_linked(tracer, collector):
    for number in (1, 2):
        with tracer.span(f"alert {number}") as span:
            span.leads_to("item", number)
    tracer.span("deliver", follows=(("item", 1),)).end()
    tracer.span("digest", follows=(("item", 1), ("item", 2), ("item", 3))).end()
    tracer.span("unknown", follows=(("item", 3),)).end()
    spans = await told(tracer, collector)
    assert spans["deliver"].parent == spans["alert 1"].id
    assert spans["deliver"].trace == spans["alert 1"].trace
    assert spans["digest"].parent == b""
    assert spans["digest"].links == [spans["alert 1"].id, spans["alert 2"].id]
    assert (spans["unknown"].parent, spans["unknown"].links) == (b"", [])


async def test_a_trace_does_not_grow_without_end_nor_does_what_is_kept_in_mind(tracer, collector, monkeypatch):
    monkeypatch.setattr(tracing, "MOST_IN_ONE", 2)
    monkeypatch.setattr(tracing, "TRAILS", 1)
    with tracer.span("alert") as span:
        span.leads_to("item", 1)
    for number in range(3):
        tracer.span(f"deliver {number}", follows=(("item", 1),)).end()
    with tracer.span("another") as span:
        span.leads_to("item", 2)
    tracer.span("late", follows=(("item", 1),)).end()
    spans = await told(tracer, collector)
    assert [spans[f"deliver {number}"].parent for number in range(3)] == [spans["alert"].id] * 2 + [b""]
    assert spans["deliver 2"].links == [spans["alert"].id]
    assert (spans["late"].parent, spans["late"].links) == (b"", [])


async def test_a_collector_that_comes_back_is_told_of(tracer, collector, capsys):
    collector.status = 401
    tracer.span("lost").end()
    await asyncio.to_thread(tracer._provider.force_flush)
    collector.status = 200
    tracer.span("found").end()
    await asyncio.to_thread(tracer._provider.force_flush)
    assert [*await told(tracer, collector)] == ["found"]
    said = capsys.readouterr()
    assert "traces are not taken, and dropped" in said.out + said.err
    assert "traces are taken again" in said.out + said.err
    assert "401" in said.out + said.err


async def test_the_variable_for_traces_alone_wins(collector, monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", f"{collector.url}/v1/traces")
    tracer = OtlpTracer("http://127.0.0.1:1")
    tracer.span("poll").end()
    assert [*await told(tracer, collector)] == ["poll"]


@pytest.mark.parametrize(
    ("url", "full", "host", "port"),
    [
        ("https://a.example/rss", "https://a.example/rss", "a.example", 443),
        ("https://user:secret@a.example:8443/rss?key=1#x", "https://a.example:8443/rss", "a.example", 8443),
        ("http://[::1]:1200/x", "http://[::1]:1200/x", "::1", 1200),
    ],
)
def test_addresses_are_told_without_what_may_be_secret(url, full, host, port):
    assert address_of(url) == {"url.full": full, "server.address": host, "server.port": port}


def test_an_address_that_is_none_is_not_told():
    assert address_of("http://[::1/x?key=1") == {}
    assert address_of("http://a.example:99999/?key=1") == {}


def test_attributes_have_the_names_of_the_conventions_or_our_own():
    said = {"status": 304, "model": "m", "items": 3, "none": None, "server": "http://m.example/v1", "word": "x" * 999}
    assert attributes_of(said) == {
        "http.response.status_code": 304,
        "gen_ai.request.model": "m",
        "diting.items": 3,
        "server.address": "m.example",
        "server.port": 80,
        "diting.word": "x" * 200,
    }


def test_refusals_in_the_words_of_strangers_are_not_told():
    assert attributes_of({"refusal": "number"}) == {"diting.refusal": "number"}
    assert attributes_of({"refusal": "your text 'secret' is too long"}) == {"diting.refusal": "other"}


def test_unwatched_it_is_nothing():
    with NO_TRACER.span("poll", follows=(("item", 1),), feed=1) as span:
        span.note(items=1)
        span.leads_to("item", 1)
    with span.at_work():
        span.end()
    assert span is NO_TRACER.span("read")
