"""The end of the log, as the admin pages show it."""

from __future__ import annotations

import logging

import pytest
import structlog

from bot.log import LogMemory, configure_logging

TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghi"


@pytest.fixture
def memory():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    memory = LogMemory(3)
    configure_logging("info", "json", ["hush-hush"], memory)
    yield memory
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_the_newest_comes_first_and_the_oldest_goes(memory, capsys):
    log = structlog.get_logger("bot.test")
    for number in range(5):
        log.info("polled", feed=number)
    lines = memory.tail(level="info", limit=10)
    assert [line.details for line in lines] == ["feed=4", "feed=3", "feed=2"]
    assert [line.details for line in memory.tail(level="info", limit=1)] == ["feed=4"]
    assert (lines[0].event, lines[0].level, lines[0].logger) == ("polled", "info", "bot.test")


def test_secrets_are_hidden_in_all_of_it(memory, capsys):
    log = structlog.get_logger("bot.test")
    log.warning(f"failed with {TOKEN}", why="hush-hush", url="https://mei:word@host.example/")
    (line,) = memory.tail(level="debug", limit=9)
    for secret in (TOKEN, "hush-hush", "word@"):
        assert secret not in f"{line}"


def test_a_level_leaves_out_what_is_below(memory, capsys):
    log = structlog.get_logger("bot.test")
    log.info("small")
    log.error("large")
    logging.getLogger("somebody.else").warning("said %s", "this")
    assert [line.event for line in memory.tail(level="warning", limit=9)] == ["said this", "large"]
    assert [line.event for line in memory.tail(level="error", limit=9)] == ["large"]


def test_faults_stand_there_with_their_traceback(memory, capsys):
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        structlog.get_logger("bot.test").exception("a fault")
    (line,) = memory.tail(level="error", limit=9)
    assert "ZeroDivisionError: division by zero" in line.details


def test_an_entry_without_end_is_cut(memory, capsys):
    structlog.get_logger("bot.test").info("long", text="x" * 100_000)
    assert len(memory.tail(level="info", limit=1)[0].details) <= 2000
