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


def name_keys(entries: Sequence[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    """The keys by which the entries of one document, as (guid, link, title), are named: `g:` guid, `u:` canonical link.

    A guid or link that different entries of the document share, and the address of a site's front page, name none.
    """
    titles = [_fold(title) for _, _, title in entries]
    links = [_link(url) for _, url, _ in entries]
    guids = [guid for guid, _, _ in entries]
    shared_guids = _shared(zip(guids, titles, links, strict=True))
    shared_links = _shared((link, title, "") for title, link in zip(titles, links, strict=True))
    keys: list[tuple[str, ...]] = []
    for guid, link in zip(guids, links, strict=True):
        own = [_key("g", guid)] if guid and guid not in shared_guids else []
        if link and link not in shared_links:
            own.append(_key("u", link))
        keys.append(tuple(own))
    return keys


def link_key(url: str) -> str:
    """The key that names the item at a link; "" for a site's front page, which names none."""
    link = _link(url)
    return _key("u", link) if link else ""


def content_key(item: Item, names: tuple[str, ...]) -> tuple[str, ...]:
    """The key `c:` of an item's content, if it has one beside `names`: only with a text, since titles repeat ("Morning
    briefing"), or for want of names."""
    if not item.text and names:
        return ()
    return (_key("c", _digest(f"{_fold(item.title)}\n{_fold(item.text)}")),)


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
