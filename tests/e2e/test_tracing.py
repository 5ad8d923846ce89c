"""What a collector of traces is told while an item goes from its feed to a chat, and what it is never told."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.support.bot_api import FakeBotApi
from tests.support.bot_process import bot_process, environment
from tests.support.collector import Collector
from tests.support.feed_host import FeedHost
from tests.support.model_server import model_server
from tests.support.sides import open_sides

PERSON = 7_312_645_098


@pytest.fixture
async def collector(monkeypatch):
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
    async with Collector() as there:
        yield there


async def news(api: FakeBotApi, feed: FeedHost) -> None:
    """Somebody follows the feed with a word of theirs, and an item with it comes."""
    api.say(PERSON, f"/subscribe {feed.url}?key=feed-secret")
    await api.until(lambda: api.sent_to(PERSON))
    api.say(PERSON, "/keyword add round")
    polls = feed.not_modified
    await api.until(lambda: feed.not_modified > polls)
    feed.add("talks", "Envoys meet for talks", "The third round begins on 1 March.")
    await api.until(lambda: any("Envoys meet" in text for text in api.sent_to(PERSON)))


async def test_an_item_is_followed_from_its_feed_to_the_chat(
    api, feed, make_settings, run_core, run_program, collector
):
    settings = make_settings(
        telegram_token=api.token, telegram_api_url=api.url, otel_exporter_otlp_endpoint=collector.url
    )
    async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
        await news(api, feed)
        delivered = await collector.until("deliver", outcome="sent")
        alert = await collector.until("alert", due=1)
        poll = await collector.until("poll", trace=alert.trace, outcome="new", items=1)
        await collector.until("command", command="keyword add")
    spans = collector.spans
    item = alert.attributes["diting.item"]
    assert delivered.attributes["diting.item"] == item
    assert delivered.trace == alert.trace
    assert poll.parent == b""

    def within(parent, name):
        return [span for span in spans if span.parent == parent.id and span.name == name]

    [fetch], [read], [record] = (within(poll, name) for name in ("GET", "read", "record"))
    assert fetch.attributes["http.request.method"] == "GET"
    assert fetch.attributes["http.response.status_code"] == 200
    assert fetch.attributes["url.full"] == feed.url
    assert fetch.attributes["server.address"] == "127.0.0.1"
    assert read.attributes["diting.entries"] >= 1
    assert alert.parent == record.id
    assert [span.attributes["diting.chats"] for span in within(alert, "match")] == [1, 1]
    assert within(alert, "brief")[0].attributes["diting.way"] == "extract"
    assert within(alert, "story")
    assert within(alert, "commit")[0].attributes["diting.due"] == 1
    assert {span.attributes["diting.item"] for span in spans if span.parent == alert.id} == {item}
    assert delivered.parent == alert.id
    assert delivered.attributes["diting.platform"] == "telegram"
    assert delivered.attributes["diting.attempts"] == 0
    assert within(delivered, "send")
    assert within(delivered, "record")
    assert services_of(collector) == {"diting"}
    forbidden = [api.token, "feed-secret", str(PERSON), "round", "Envoys", str(settings.database_url)]
    for body in collector.bodies:
        assert not [text for text in forbidden if text.encode() in body]


def services_of(collector: Collector) -> set[object]:
    """What the service calls itself."""
    return {one["service.name"] for one in collector.resources}


async def test_a_model_is_asked_in_a_span_and_what_it_is_asked_is_not_told(
    api, feed, make_settings, run_core, run_program, collector
):
    async with model_server() as model:
        model.text = "not of the article at all"
        settings = make_settings(
            telegram_token=api.token,
            telegram_api_url=api.url,
            otel_exporter_otlp_endpoint=collector.url,
            model_url=model.url,
            model_name="small-model",
            model_key="model-secret",
        )
        async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
            await news(api, feed)
            asked = await collector.until("chat small-model")
            way = await collector.until("way", way="model")
            alert = await collector.until("alert", due=1)
    [brief] = [span for span in collector.named("brief") if span.parent == alert.id]
    assert (asked.parent, way.parent) == (way.id, brief.id)
    assert way.attributes["diting.outcome"] == "refused"
    assert way.attributes["diting.refusal"] == "unreadable answer"
    assert asked.attributes["gen_ai.operation.name"] == "chat"
    assert asked.attributes["gen_ai.request.model"] == "small-model"
    assert asked.attributes["server.address"] == "127.0.0.1"
    for body in collector.bodies:
        assert b"model-secret" not in body
        assert b"Envoys" not in body


async def test_the_standards_variables_count(make_settings, run_core, collector, monkeypatch):
    monkeypatch.setenv("OTEL_SERVICE_NAME", "news")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic%20abc")
    async with run_core(make_settings(otel_exporter_otlp_endpoint=collector.url)) as core:
        core.tracer.span("poll").end()
    assert [span.name for span in collector.spans] == ["poll"]  # flushed at the end
    assert services_of(collector) == {"news"}
    assert collector.headers[0]["Authorization"] == "Basic abc"


async def test_env_file_has_the_standards_variables_too(make_settings, run_core, collector, monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("OTEL_TRACES_SAMPLER=always_off\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "x")  # so that it is put back after the test
    monkeypatch.delenv("OTEL_TRACES_SAMPLER")
    async with run_core(make_settings(otel_exporter_otlp_endpoint=collector.url)) as core:
        core.tracer.span("poll").end()
    assert collector.spans == []


@pytest.mark.parametrize("dead", ["refuses", "never answers"])
async def test_a_dead_collector_holds_up_neither_the_work_nor_the_end(
    api, feed, make_settings, run_core, run_program, collector, dead
):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # the kernel takes the connection, and nobody the request
        port = silent.getsockname()[1] if dead == "never answers" else 1
        settings = make_settings(
            telegram_token=api.token,
            telegram_api_url=api.url,
            otel_exporter_otlp_endpoint=f"http://127.0.0.1:{port}",
        )
        async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
            await news(api, feed)
            leaving = time.monotonic()
        assert time.monotonic() - leaving < 5


@pytest.mark.parametrize("endpoint", ["", "http://127.0.0.1:1"])
def test_without_the_setting_nothing_of_it_is_loaded(tmp_path, endpoint):
    script = (
        "import asyncio, sys\n"
        "from bot.app.parts import open_core\n"
        "from bot.app.program import Program\n"
        "from bot.settings import load_settings\n"
        "async def main():\n"
        f"    settings = load_settings(_env_file=None, database_url='sqlite:///{tmp_path}/a.db')\n"
        "    async with open_core(settings) as core:\n"
        "        Program(core)\n"
        "asyncio.run(main())\n"
        "wanted = ('opentelemetry.sdk', 'opentelemetry.exporter', 'google.protobuf', 'bot.web.tracing')\n"
        "print(any(name.startswith(wanted) for name in sys.modules))\n"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    env |= {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}
    ran = subprocess.run(
        [sys.executable, "-c", script], check=False, env=env, capture_output=True, text=True, timeout=60
    )
    assert ran.stdout.strip() == str(bool(endpoint)), ran.stderr


async def test_a_process_with_a_dead_collector_ends_in_time_and_logs_the_trouble_once(api, feed, tmp_path, collector):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]  # nobody listens there when it is closed
    told = environment(
        f"sqlite:///{tmp_path}/diting.db",
        {
            "TELEGRAM_TOKEN": api.token,
            "TELEGRAM_API_URL": api.url,
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
            "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        },
    )
    log = tmp_path / "bot.log"
    async with bot_process(told, log) as process:
        await news(api, feed)
        async with asyncio.timeout(20):
            while "traces are not taken" not in log.read_text(encoding="utf-8"):
                await asyncio.sleep(0.1)
        await asyncio.sleep(3)  # several more batches that are not taken
        leaving = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
    assert time.monotonic() - leaving < 5
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in lines if line["level"] != "info"].count("traces are not taken, and dropped") == 1
    assert not [line for line in lines if line["logger"].startswith("opentelemetry")]
