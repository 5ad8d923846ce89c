"""Reads the brief in a model's answer, whatever surrounds it and however it is mended."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import json_repair

from bot.briefs.markup import strip_markup, strip_thinking
from bot.errors import BriefRefused
from bot.model import Brief, MadeBy

FIELDS = ("title_zh", "title_en", "summary_zh", "summary_en")
_LONGEST = 20_000  # characters, with the thinking that comes before
_MOST_OBJECTS = 50  # a repair of endless nesting would take seconds
_KEY_LINE = re.compile(
    r"^[\s\"'*#>-]*(title_zh|title_en|summary_zh|summary_en)[\s\"'*]*[:：]\s*", re.IGNORECASE | re.MULTILINE
)
_DECODER = json.JSONDecoder(strict=False)


def read_answer(answer: str) -> Brief:
    """The brief in a model's answer, plain text in each field. Raises BriefRefused when there is none."""
    fields = _read(strip_thinking(answer.removeprefix("\ufeff"))) if len(answer) <= _LONGEST else None
    if fields is None:
        raise BriefRefused("unreadable answer")
    plain = {name: strip_markup(fields[name]) for name in FIELDS}
    return Brief(
        title_zh=plain["title_zh"],
        title_en=plain["title_en"],
        summary_zh=plain["summary_zh"],
        summary_en=plain["summary_en"],
        made_by=MadeBy.MODEL,
    )


def _read(text: str) -> dict[str, str] | None:
    return next(filter(None, (read(text) for read in (_read_json, _read_mended, _read_lines))), None)


def _read_json(text: str) -> dict[str, str] | None:
    """The last JSON object with all the fields."""
    for start in _objects(text):
        try:
            value, _ = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if whole := _whole(value):
            return whole
    return None


def _read_mended(text: str) -> dict[str, str] | None:
    """An object with slips: single quotes, a comma too many or too few, quotation marks within. One that is not closed
    was broken off, and its end is missing."""
    start, end = text.find("{"), text.rfind("}")
    if end < start or start < 0 or text.count("{") > _MOST_OBJECTS:
        return None
    try:
        value = json_repair.loads(text[start : end + 1], skip_json_loads=True)
    except (ValueError, RecursionError):
        return None
    values = value if isinstance(value, list) else [value]
    return next(filter(None, map(_whole, reversed(values))), None)


def _objects(text: str) -> Iterator[int]:
    """Where objects begin, the last first."""
    start = len(text)
    for _ in range(_MOST_OBJECTS):
        start = text.rfind("{", 0, start)
        if start < 0:
            return
        yield start


def _whole(value: object) -> dict[str, str] | None:
    fields = value if isinstance(value, dict) else {}
    return fields if all(isinstance(fields.get(name), str) for name in FIELDS) else None


def _read_lines(text: str) -> dict[str, str] | None:
    """Fields written as "title_zh: …" lines, which is what models without JSON tend to give."""
    parts = _KEY_LINE.split(text)
    found = {
        name.lower(): value.strip().strip("\",'{}").strip()
        for name, value in zip(parts[1::2], parts[2::2], strict=False)
    }
    return found if all(name in found for name in FIELDS) else None
