"""A sentence within another call is found by nobody who collects sentences: so there is none."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.chat.messages import LOCALES, extract

CODE = LOCALES.parent
MAKERS = {"t": 1, "spans": 1, "n": 2, "mark": 1}
"""What translates or marks a sentence, and how many arguments of it are sentences."""


def sentences(code: Path) -> Iterator[tuple[str, str]]:
    for path in code.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
                for given in node.args[: MAKERS.get(name, 0)]:
                    if isinstance(given, ast.Constant) and isinstance(given.value, str):
                        yield f"{path.name}:{node.lineno}", given.value


def test_every_sentence_of_the_code_is_in_the_catalogues():
    known = {one for message in extract() for one in (message.id if isinstance(message.id, tuple) else (message.id,))}
    assert [(place, said) for place, said in sentences(CODE) if said not in known] == []
