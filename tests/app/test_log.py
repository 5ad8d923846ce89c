"""No secret gets into the log, whoever writes it."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from bot.log import Redactor, configure_logging
from bot.model import ChatAddress, Platform
from bot.storage import open_storage

TOKEN = "7000000001:AAFakeFakeFakeFakeFakeFakeFakeFakeFakeF"


@pytest.mark.parametrize(
    "text",
    [
        f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
        "Authorization: Bot " + "M" + "x" * 25 + ".abcdef." + "y" * 38,
        "postgresql://diting:hunter2@db/diting",
        "the key is open-sesame",
    ],
)
def test_what_is_secret_or_looks_like_it_is_hidden(text):
    cleaned = Redactor(["open-sesame"]).clean(text)
    assert "[hidden]" in cleaned
    for secret in (TOKEN, "x" * 25, "hunter2", "open-sesame"):
        assert secret not in cleaned


def test_short_values_are_not_taken_for_secrets():
    assert Redactor(["a", ""]).clean("a cat") == "a cat"


def test_libraries_and_our_own_code_log_json_without_secrets(capsys):
    configure_logging("info", "json", ["open-sesame"])
    structlog.get_logger("bot.x").info("hello", key="open-sesame", deep={"list": ["open-sesame", 1, None]})
    logging.getLogger("library").warning("calling %s", f"https://host/bot{TOKEN}/getMe")
    logging.getLogger("httpx").info("not shown at all")
    try:
        int("open-sesame")
    except ValueError:
        structlog.get_logger("bot.x").exception("trouble")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["hello", "calling https://host/bot[hidden]/getMe", "trouble"]
    assert lines[0]["deep"] == {"list": ["[hidden]", 1, None]}
    assert "ValueError: invalid literal for int() with base 10: '[hidden]'" in lines[2]["exception"]


async def test_what_people_write_is_not_logged_even_when_debugging(capsys, tmp_path):
    configure_logging("debug", "json")
    async with open_storage(f"sqlite:///{tmp_path}/diting.db") as storage:
        await storage.upgrade()
        await storage.chats.find_chat(ChatAddress(Platform.CONSOLE, "a-person"))
    logging.getLogger("openai").debug("Request options: a text")
    logging.getLogger("apscheduler.scheduler").info("Scheduler started")
    structlog.get_logger("bot.x").debug("ours")
    said = capsys.readouterr().err
    assert "a-person" not in said
    assert "Request options" not in said
    assert "Scheduler started" in said
    assert "ours" in said


def test_on_a_terminal_logs_are_for_reading(capsys):
    configure_logging("debug", "console")
    structlog.get_logger("bot.x").debug("hello", chat=7)
    assert "hello" in capsys.readouterr().err
