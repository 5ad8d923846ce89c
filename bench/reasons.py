"""Why a value of ours differs from what another program expects of the same document: rules, the first that holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from bench.expectations import HEADING, Case, Statement
from bot.text.html import html_to_text

UNEXPLAINED = "unexplained"
WRONG_CHARSET = "the other program read the document in a wrong charset"
PLACEHOLDER = "the expectation is a placeholder"
DETOUR = "we link to the page itself, which the document names beside FeedBurner's detour"
_DETOUR = re.compile(r"https?://(?:feedproxy\.google|feeds\d?\.feedburner|feeds\.feedblitz)\.com/", re.IGNORECASE)
_ORIGINAL = re.compile(r"<(?:feedburner:)?origLink>\s*([^<\s]+)", re.IGNORECASE)
_EMBEDDED = re.compile(r"<(?:iframe|object|video|audio)\b", re.IGNORECASE)

Rule = Callable[[str, str, str, Statement], bool]


def reason(case: Case, statement: Statement, ours: Any) -> str:
    """The reason in words, or UNEXPLAINED."""
    document = case.path.read_bytes().decode("utf-8", "replace")
    expected, found = str(statement.value), str("" if ours is None else ours)
    return next((words for words, rule in _RULES.items() if rule(expected, found, document, statement)), UNEXPLAINED)


def _of(field: str, rule: Callable[[str, str, str], bool]) -> Rule:
    return lambda expected, found, document, statement: statement.field == field and rule(expected, found, document)


_RULES: dict[str, Rule] = {
    WRONG_CHARSET: lambda expected, found, _document, _statement: "\ufffd" in expected and "\ufffd" not in found,
    DETOUR: _of(
        "link",
        lambda expected, found, document: (
            bool(_DETOUR.match(expected)) and found in {unescape(address) for address in _ORIGINAL.findall(document)}
        ),
    ),
    "an id is compared as it stands, never resolved (RFC 4287, section 4.2.6)": _of(
        "guid", lambda expected, found, _document: bool(found) and expected.endswith(found)
    ),
    "entities that a document declares itself are not read, for fear of bombs": lambda _expected, found, document, _: (
        "<!ENTITY" in document and "&" in found
    ),
    "an id with markup inside is no id": _of("guid", lambda expected, _found, _document: "<" in expected),
    "the sign that HTML 5 has for the name, not HTML 4's": lambda expected, _found, _document, _statement: (
        "\u2329" in expected or "\u232a" in expected
    ),
    "a declaration is no text": lambda expected, _found, _document, _statement: unescape(expected).startswith("<!"),
    "what stands inside of an embedded thing is for want of it": _of(
        "text", lambda _expected, _found, document: bool(_EMBEDDED.search(unescape(document)))
    ),
    "a comment that never ends hides what follows, as in browsers": lambda expected, found, document, _statement: (
        "<!--" in unescape(document) and bool(found) and expected.startswith(found)
    ),
    "the element is closed by another name": lambda _expected, found, document, _statement: (
        not found and document.count("<title") != document.count("</title")
    ),
    "a CDF channel (1997) without title and items is no feed": lambda _expected, _found, document, statement: (
        "<CHANNEL" in document and statement.index == HEADING
    ),
    PLACEHOLDER: lambda expected, _found, _document, _statement: expected == "EMPTY",
    "we keep the longest of an item's texts": _of(
        "text", lambda expected, found, _document: len(found) >= len(html_to_text(expected))
    ),
}
