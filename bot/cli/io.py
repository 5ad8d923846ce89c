"""What the commands have in common: settings in, JSON lines or text out, complaints on stderr."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.log import LogMemory, configure_logging
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from rich.console import Console

Result = TypeVar("Result")

JsonOption = Annotated[
    bool | None, typer.Option("--json/--text", help="JSON lines, or text. Default: text on a terminal.")
]


def write_any_language() -> None:
    """Pipes and files get UTF-8 whatever the locale; a terminal that lacks a character shows a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def read_settings(memory: LogMemory | None = None) -> Settings:
    """The settings, with logging set up by them; its last entries stay in `memory`. Raises SettingsError."""
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format, settings.secrets(), memory)
    return settings


def run_to_end(work: Coroutine[Any, Any, Result]) -> Result:
    """What comes of `work`, on an event loop of its own."""
    return asyncio.run(work)


def is_json(wanted: bool | None) -> bool:
    """Whether to write JSON, by what was asked for and where it goes to."""
    return wanted if wanted is not None else not sys.stdout.isatty()


def terminal(*, stderr: bool = False) -> Console:
    """What bars of progress are drawn on."""
    from rich.console import Console  # `run` draws none, and keeps what it loads

    return Console(stderr=stderr)


def write_json(value: dict[str, Any]) -> None:
    """A JSON object on a line of its own."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Say on standard error what is wrong."""
    sys.stderr.write(f"error: {text}\n" if "\n" not in text else f"errors:\n{text}\n")
