"""Which of feedparser's names an element or attribute has: `{http://purl.org/dc/elements/1.1/}Date` is `dc_date`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NoReturn

from feedparser.api import StrictFeedParser
from lxml import etree

Element = Any  # lxml has no types


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Read by us, or made by feedparser from what it reads: no element of another kind may overwrite one of these.
_MADE = _words(
    """
    date links author_detail authors contributors publisher_detail publishers generator_detail title_detail
    summary_detail description_detail published_parsed updated_parsed created_parsed date_parsed modified_parsed
    issued_parsed guidislink ttl sy_updateperiod sy_updatefrequency feedburner_origlink
    """
)
_KNOWN = {uri.lower(): prefix for uri, prefix in StrictFeedParser.namespaces.items()}
_USERLAND = "backend.userland.com/rss"
_ATOM = "http://www.w3.org/2005/atom"
_VERSIONS = frozenset({_ATOM, "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"})


class HandOver(Exception):
    """The document is for feedparser; the argument is the reason, in a word."""


def hand_over(reason: str) -> NoReturn:
    """Leave the document to feedparser."""
    raise HandOver(reason)


def declarations(root: Element, text: str) -> Iterable[tuple[str, str]]:
    """The prefixes, "" for none, and namespaces that a document declares, in its order."""
    if text.count("xmlns") == len(root.nsmap):  # all at the root, as usual
        return ((prefix or "", uri) for prefix, uri in root.nsmap.items())
    return (declared for _, declared in etree.iterwalk(root, events=("start-ns",)))


class Names(dict[str, str]):
    """Elements' names by lxml's tags. A document whose prefixes could be mistaken for others is handed over."""

    def __init__(self, root: Element, declared: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self._root = root
        self._attributes: dict[str, tuple[str, ...]] = {}
        self._prefixes: dict[str, str] = {}  # by namespace, of those that feedparser does not know
        self._spaces: list[str] = []
        bound: dict[str, str] = {}
        for prefix, uri in declared:
            if uri and bound.get(prefix) != uri:
                self._declare(prefix, uri, bound)
        standards = {uri: standard.lower() for uri in self._spaces if (standard := _standard_prefix(uri))}
        for prefix, uri in bound.items():
            if prefix in standards.values() and standards.get(uri.lower(), prefix) != prefix:
                hand_over("namespace")

    def _declare(self, prefix: str, uri: str, bound: dict[str, str]) -> None:
        if not (prefix.isascii() and uri.isascii() and uri.isprintable()) or (prefix and prefix in bound):
            hand_over("namespace")
        if _standard_prefix(uri) is None and self._prefixes.setdefault(uri, prefix) != prefix:
            hand_over("namespace")
        bound[prefix] = uri
        self._spaces.append(uri.lower())

    def form(self) -> str:
        """`rss`, `atom`, or `atom10` as feedparser takes it: by the root's name and the first known namespace."""
        name = self[self._root.tag]
        spaces = self._spaces if name == "rdf_rdf" else [uri.lower() for uri in self._root.nsmap.values()]
        first = next((uri for uri in spaces if uri in _VERSIONS), "")
        if name == "feed" and first in {"", _ATOM}:
            return "atom10" if first else "atom"
        if name == "rdf_rdf":
            return "atom10" if first == _ATOM else "rss"
        return name if name == "rss" else hand_over("root")

    def __missing__(self, tag: str) -> str:
        uri, local = _split(tag)
        if not local.isascii():
            hand_over("name")
        prefix = _standard_prefix(uri)
        if prefix is None:
            prefix = self._prefixes[uri]
        name = self[tag] = f"{prefix.lower()}_{local}" if prefix else local
        return name

    def attributes(self, element: Element) -> dict[str, str]:
        """An element's attributes by lower-case names with feedparser's prefixes; unknown prefixes don't count."""
        found: dict[str, str] = {}
        for key, value in element.items():
            for name in self._attributes.get(key) or self._attribute(key):
                if name in found:
                    hand_over("attribute")
                found[name] = value.lower() if name in {"rel", "type"} else value
        return found

    def _attribute(self, key: str) -> tuple[str, ...]:
        uri, local = _split(key)
        if not local.isascii():
            hand_over("name")
        prefix = _standard_prefix(uri) if uri else ""
        if prefix:
            names: tuple[str, ...] = (f"{prefix.lower()}:{local}",)
        elif uri in self._prefixes:
            names = (local, f"{self._prefixes[uri].lower()}:{local}")
        else:
            names = (local,)
        self._attributes[key] = names
        return names


@lru_cache(maxsize=2_000)
def has_handler(name: str) -> bool:
    """Whether feedparser does more at an element's start or end than keep its text."""
    return hasattr(StrictFeedParser, f"_start_{name}") or has_end_handler(name)


@lru_cache(maxsize=2_000)
def has_end_handler(name: str) -> bool:
    """Whether feedparser does something at an element's end, as it also does within XHTML."""
    return hasattr(StrictFeedParser, f"_end_{name}")


def is_unknown(name: str) -> bool:
    """Whether feedparser only keeps an element's text, under a name that nobody reads."""
    return not has_handler(name) and name not in _MADE


def _split(tag: str) -> tuple[str, str]:
    uri, _, local = tag.rpartition("}")
    return uri[1:], local.lower()


def _standard_prefix(uri: str) -> str | None:
    """The prefix that feedparser gives a namespace, "" for those of feeds themselves; None for an unknown one."""
    lower = uri.lower()
    return "" if _USERLAND in lower else _KNOWN.get(lower)
