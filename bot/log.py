"""Logging: structlog over the standard library, with every secret taken out of whatever gets logged."""

from __future__ import annotations

import logging
import re
import sys
from collections import deque
from collections.abc import Collection, MutableMapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal

import structlog

from bot.model import LogLine

# A Bot API token stands in the path of each call, a Discord token in a header; both have a known shape, so
# they are found even in messages of libraries that know nothing of our settings.
_TOKENS = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}|[MNO][A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}")
_PASSWORD = re.compile(r"(?<=://)([^/@:\s]*):[^/@\s]+@")
_HIDDEN = "[hidden]"
_LEVELS = logging.getLevelNamesMapping()
KEPT = 1000  # entries in memory
_LONGEST = 2000  # characters of each
_OWN_NAMES = frozenset({"event", "level", "logger", "timestamp"})
_LEAST_SECRET = 4  # characters: hiding shorter ones would garble every text

# Below WARNING libraries print whole request addresses, database statements, and with these what people wrote. These
# tell of nothing but their own coming and going: no news to an admin, unless something is looked for.
_HARMLESS = ("alembic", "apscheduler", "uvicorn")


class Redactor:
    """Takes tokens, keys and passwords out of log events: those it was given, and all that look like one."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        self._secrets = sorted((secret for secret in secrets if len(secret) >= _LEAST_SECRET), key=len, reverse=True)

    def clean(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _PASSWORD.sub(rf"\1:{_HIDDEN}@", _TOKENS.sub(_HIDDEN, text))

    def __call__(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """As a structlog processor: cleans every text, however deep."""
        for key, value in event.items():
            event[key] = self._deep(value)
        return event

    def _deep(self, value: object) -> object:
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, dict):
            return {key: self._deep(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self._deep(one) for one in value]
        return value if isinstance(value, int | float | bool | None) else self.clean(str(value))


class LogMemory:
    """Implements bot.ports.LogTail: keeps the last entries, cleaned, as a structlog processor before the last one."""

    def __init__(self, most: int = KEPT) -> None:
        self._kept: deque[LogLine] = deque(maxlen=most)

    def __call__(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Keep an entry."""
        details = {name: value for name, value in event.items() if name not in _OWN_NAMES}
        self._kept.append(
            LogLine(
                at=datetime.now(UTC),
                level=str(event.get("level", "info")),
                logger=str(event.get("logger", "")),
                event=str(event.get("event", ""))[:_LONGEST],
                details=" ".join(f"{name}={value}" for name, value in details.items())[:_LONGEST],
            )
        )
        return event

    def tail(self, *, level: str, limit: int) -> Sequence[LogLine]:
        """See bot.ports.LogTail."""
        least = _LEVELS.get(level.upper(), logging.INFO)
        enough = (line for line in reversed(self._kept) if _LEVELS.get(line.level.upper(), logging.ERROR) >= least)
        return list(islice(enough, limit))


def configure_logging(
    level: str = "info",
    style: Literal["auto", "console", "json"] = "auto",
    secrets: Collection[str] = (),
    memory: LogMemory | None = None,
) -> None:
    """Send the logs of Diting, and the warnings of its libraries, to stderr in one form, cleaned by a Redactor; the
    last of them stay in `memory`."""
    console = style == "console" or (style == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            Redactor(secrets),
            *([memory] if memory else []),
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=max(logging.WARNING, _LEVELS[level.upper()]), force=True)
    logging.getLogger("bot").setLevel(_LEVELS[level.upper()])
    for name in _HARMLESS:
        logging.getLogger(name).setLevel(logging.INFO if level == "debug" else logging.NOTSET)
