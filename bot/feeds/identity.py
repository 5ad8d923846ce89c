"""What an item is known by, so that a changed date or tracking parameter does not make it a new one."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from bot.model import Item
from bot.text.urls import canonical_url

MAX_KEY = 80  # characters


def identity_keys(items: Sequence[Item]) -> list[tuple[str, ...]]:
    """The keys of each item of one document, strongest first: `g:` guid, `u:` canonical link, `c:` content.

    A guid or link that different items of the document share, and the address of a site's front page, name no item.
    The content is a key only with a text, since titles repeat ("Morning briefing"), or for want of the other two.
    """
    titles = [_fold(item.title) for item in items]
    links = [_link(item.url) for item in items]
    shared_guids = _shared((item.guid, title, link) for item, title, link in zip(items, titles, links, strict=True))
    shared_links = _shared((link, title, "") for title, link in zip(titles, links, strict=True))
    keys: list[tuple[str, ...]] = []
    for item, title, link in zip(items, titles, links, strict=True):
        own = [_key("g", item.guid)] if item.guid and item.guid not in shared_guids else []
        if link and link not in shared_links:
            own.append(_key("u", link))
        if item.text or not own:
            own.append(_key("c", _digest(f"{title}\n{_fold(item.text)}")))
        keys.append(tuple(own))
    return keys


def _link(url: str) -> str:
    """The canonical link, or "" for a front page."""
    canonical = canonical_url(url)
    try:
        parts = urlsplit(canonical)
    except ValueError:
        return canonical
    return canonical if parts.path.strip("/") or parts.query or parts.fragment else ""


def _shared(rows: Iterable[tuple[str, str, str]]) -> set[str]:
    """The names that different items bear: different in the title and, where there is one, in the link as well."""
    titles: dict[str, set[str]] = defaultdict(set)
    links: dict[str, set[str]] = defaultdict(set)
    for name, title, link in rows:
        titles[name].add(title)
        links[name].add(link)
    return {name for name, found in titles.items() if len(found) > 1 and (len(links[name]) > 1 or "" in links[name])}


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _key(kind: str, value: str) -> str:
    key = f"{kind}:{value}"
    return key if len(key) <= MAX_KEY else f"{kind}:#{_digest(value)}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=20).hexdigest()
