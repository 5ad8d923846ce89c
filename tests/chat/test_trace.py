"""Tracebacks in the log tell where and why, and quote nobody."""

from __future__ import annotations

from bot.chat.trace import trace
from bot.errors import StorageError


def caught(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except type(error) as raised:
        return raised


def test_the_text_of_an_error_can_be_a_persons_and_is_left_out():
    told = trace(caught(ValueError("my secret keyword"), KeyError("another secret")))
    assert "ValueError" in told
    assert "KeyError" in told
    assert "test_trace.py" in told
    assert "secret" not in told


def test_what_the_database_says_of_itself_is_told():
    assert "StorageError: database or disk is full" in trace(caught(StorageError("database or disk is full")))
