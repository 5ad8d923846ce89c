"""robots.txt: whether a host lets us read its pages (RFC 9309).

    address ─▶ host's /robots.txt (kept for a day) ─▶ the rules for us ─▶ the longest that fits ─▶ allowed?

Only what the rules of one program are is kept, and little of a file that is too long: who writes one is a stranger.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlsplit
from weakref import WeakValueDictionary

from bot.errors import AddressRefused, FeedError, FeedGone, HttpError
from bot.ports import Fetcher

MAX_BYTES = 500 * 1024  # RFC 9309 section 2.5
MAX_HOSTS = 256
KEPT = 24 * 3600.0  # seconds, section 2.4
UNREACHABLE = 3600.0  # seconds without reading pages of a host whose file can't be had, section 2.3.1.4

_MAX_RULES = 2_000
_MAX_PATTERN = 2_000  # characters; no address has more to match
_MAX_STARS = 20
_PATH_SAFE = "/?:@!$&'()*+,;=~-._"
_LINE = re.compile(r"[^\r\n]+")
_PRODUCT = re.compile(r"[A-Za-z_-]+")


class Rule(NamedTuple):
    """A pattern, cut at its stars. `anchored`: the last piece is the end of the address."""

    allow: bool
    pieces: tuple[str, ...]
    anchored: bool
    length: int


class Rules:
    """The rules of one robots.txt for one program; without any, all is allowed."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        # The longest first, and of two as long the one that allows (section 2.2.2).
        self._rules = tuple(sorted(rules, key=lambda rule: (-rule.length, not rule.allow)))

    def allow(self, url: str) -> bool:
        """Whether the address may be read."""
        parts = urlsplit(url)
        path = _normal(parts.path or "/") + (f"?{_normal(parts.query)}" if parts.query else "")
        if path == "/robots.txt":
            return True
        return next((rule.allow for rule in self._rules if _fits(rule, path)), True)


_EVERYTHING, _NOTHING = Rules(), Rules([Rule(allow=False, pieces=("/",), anchored=False, length=1)])


class Robots:
    """Asks hosts for their rules through the guarded fetcher, and keeps the last of them. Never raises FeedError.

    `product` is our name in robots.txt; `clock` gives seconds that never go back.
    """

    def __init__(self, fetcher: Fetcher, product: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetcher = fetcher
        self._product = product.lower()
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Rules]] = OrderedDict()
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def allowed(self, url: str) -> bool:
        """Whether robots.txt lets us read an http(s) address; False for what is no address."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        site = f"{parts.scheme}://{parts.netloc}".lower()
        rules = self._known(site)
        if rules is None:
            asking = self._asking.setdefault(site, asyncio.Lock())
            async with asking:  # whoever comes meanwhile waits for the answer, and doesn't ask again
                rules = self._known(site) or await self._learn(site)
        return rules.allow(url)

    def _known(self, site: str) -> Rules | None:
        until, rules = self._kept.get(site, (0.0, _NOTHING))
        return rules if until > self._clock() else None

    async def _learn(self, site: str) -> Rules:
        rules, seconds = await self._ask(site)
        self._kept[site] = self._clock() + seconds, rules
        self._kept.move_to_end(site)
        if len(self._kept) > MAX_HOSTS:
            self._kept.popitem(last=False)
        return rules

    async def _ask(self, site: str) -> tuple[Rules, float]:
        """The rules, and for how many seconds they hold."""
        try:
            fetched = await self._fetcher.fetch(f"{site}/robots.txt")
        except FeedGone:
            return _EVERYTHING, KEPT
        except AddressRefused:
            return _NOTHING, KEPT
        except HttpError as error:
            if 400 <= error.status < 500 and error.status != HTTPStatus.TOO_MANY_REQUESTS:  # noqa: PLR2004
                return _EVERYTHING, KEPT
            return _NOTHING, UNREACHABLE
        except FeedError:
            return _NOTHING, UNREACHABLE
        return read_rules(fetched.body, self._product), KEPT


def read_rules(body: bytes, product: str) -> Rules:
    """The rules for a program: of all groups that name it, else of those for everybody (section 2.2.1)."""
    ours: list[Rule] = []
    everybody: list[Rule] = []
    named = False
    agents: set[str] = set()
    in_rules = False
    for key, value in _records(body[:MAX_BYTES].decode("utf-8-sig", "replace")):
        if key == "user-agent":
            agents = (set() if in_rules else agents) | ({_agent(value)} & {product.lower(), "*"})
            in_rules = False
            named = named or product.lower() in agents
            continue
        in_rules = True
        for group, agent in ((ours, product.lower()), (everybody, "*")):
            if agent in agents and len(group) < _MAX_RULES and (rule := _rule(key == "allow", value)):
                group.append(rule)
    return Rules(ours if named else everybody)


def _records(text: str) -> Iterator[tuple[str, str]]:
    """The lines that matter; others (sitemaps, delays) neither end a group nor begin one."""
    for line in _LINE.findall(text):
        key, colon, value = line.partition("#")[0].partition(":")
        key = key.strip().lower()
        if colon and key in {"user-agent", "allow", "disallow"}:
            yield key, value.strip()


def _agent(value: str) -> str:
    match = _PRODUCT.match(value)
    return match[0].lower() if match else value[:1]


def _rule(allow: bool, pattern: str) -> Rule | None:
    """A rule; None for the empty one, which forbids nothing, and for what no address can fit."""
    anchored = pattern.endswith("$")
    pieces = re.sub(r"\*+", "*", pattern.removesuffix("$")).split("*")
    if not pattern.startswith(("/", "*")) or len(pattern) > _MAX_PATTERN or len(pieces) > _MAX_STARS:
        return None
    return Rule(allow, tuple(map(_normal, pieces)), anchored, len(pattern))


def _fits(rule: Rule, path: str) -> bool:
    """Whether a pattern fits, piece by piece from the left: linear, where a regular expression could take ages."""
    first, *rest = rule.pieces
    if not path.startswith(first):
        return False
    at, last = len(first), rest.pop() if rest and rule.anchored else None
    for piece in rest:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if last is not None:
        return len(path) - at >= len(last) and path.endswith(last)
    return not rule.anchored or at == len(path)


def _normal(text: str) -> str:
    """One form for what is quoted and what is not (section 2.2.2)."""
    if "%" not in text:
        return text if text.isascii() else quote(text, safe=_PATH_SAFE)
    # A quoted slash or question mark is no separator, and stays quoted.
    kept = re.sub(r"%(2f|3f|25)", lambda match: f"%25{match[1].upper()}", text, flags=re.IGNORECASE)
    return quote(unquote_to_bytes(kept), safe=_PATH_SAFE + "%")
