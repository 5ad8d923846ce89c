"""What holds of every parsed feed, whatever the document was."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.model import Item, ParsedFeed

# NUL and lone surrogates can't be stored; the others hide or reorder what people read.
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def problems_of(parsed: ParsedFeed) -> list[str]:
    """Sentences, none for a sound feed."""
    found = [f"title {parsed.title!r}"] if _UNWANTED.search(parsed.title) or len(parsed.title) > 500 else []
    found += [f"site {parsed.site!r}"] if not _is_link(parsed.site) else []
    found += ["too many items"] if len(parsed.items) > 500 else []
    return found + [problem for item in parsed.items for problem in _problems(item)]


def _problems(item: Item) -> Iterator[str]:
    if not item.guid or "\x00" in item.guid or len(item.guid) > 4000 or not _is_storable(item.guid):
        yield f"guid {item.guid!r:.200}"
    if not _is_link(item.url):
        yield f"url {item.url!r:.200}"
    if not item.title or len(item.title) > 2048 or "\n" in item.title or _UNWANTED.search(item.title):
        yield f"title {item.title!r:.200}"
    if len(item.text) > 20_000 or _UNWANTED.search(item.text):
        yield f"text {item.text!r:.200}"
    if item.published and (item.published.utcoffset() is None or not 1990 <= item.published.year <= 2100):
        yield f"published {item.published!r}"
    if not re.fullmatch(r"[a-z]{0,3}", item.language):
        yield f"language {item.language!r}"
    if not all(_is_storable(name) and name for name in (*item.authors, *item.categories)):
        yield f"names {item.authors!r} {item.categories!r}"


def _is_link(url: str) -> bool:
    return not url or (url.startswith(("http://", "https://")) and _is_storable(url))


def _is_storable(text: str) -> bool:
    return not re.search(r"[\x00\ud800-\udfff]", text)
