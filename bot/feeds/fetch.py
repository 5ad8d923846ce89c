"""Fetches feeds and pages politely and within bounds: conditional GET, one request at a time for each host.

    address ─▶ guard ─▶ host's turn ─▶ GET ─▶ redirect? ─▶ guard ─▶ … ─▶ capped body ─▶ Fetched

It does not retry, parse or decide when to come again. Between two calls it remembers open connections, and which hosts
asked to be left alone. HTTP/1.1 is enough: with one request at a time for each host there is nothing to multiplex.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple, Self
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver

from bot.errors import AddressRefused, FeedError, FeedGone, FetchFailed, FetchTimeout, HttpError, TooLarge
from bot.feeds.address import Address, GuardedResolver, read_address
from bot.feeds.deadlines import Deadlines
from bot.feeds.headers import links, max_age, retry_after
from bot.feeds.hosts import GAP, Hosts
from bot.feeds.unpack import ACCEPT_ENCODING, PIECE, Broken, unpacker
from bot.model import Fetched

MAX_REDIRECTS = 5

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, text/html;q=0.7, */*;q=0.1"
)
_OK = frozenset({200, 203})
_NOT_MODIFIED, _GONE, _TOO_MANY, _UNAVAILABLE = 304, 410, 429, 503
_REDIRECTS = frozenset({301, 302, 303, 307, 308})  # 300 is a choice for people, who are not here
_PERMANENT = frozenset({301, 308})
_MAX_LINE, _MAX_FIELD, _MAX_FIELDS = 8 * 1024, 16 * 1024, 200  # bytes; some security policies pass 8 kB
_IDLE = 10  # seconds; a host's next feed comes at once or in minutes
_UNSTATED = timedelta(minutes=1)  # how long "too many requests" is taken to mean when the host doesn't say

# From the particular to the general: the first class that fits gives the reason.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ClientConnectorDNSError, "dns"),
    (aiohttp.ClientSSLError, "tls"),
    (aiohttp.ClientConnectorError, "connection"),
    (aiohttp.ServerDisconnectedError, "disconnected"),
    (aiohttp.ClientOSError, "disconnected"),
    (aiohttp.ClientPayloadError, "body"),
    (Broken, "body"),
    (aiohttp.ClientResponseError, "protocol"),
    (aiohttp.InvalidURL, "address"),
    (aiohttp.ClientError, "network"),
    (OSError, "network"),
)


class _Redirect(NamedTuple):
    status: int
    location: str


@dataclass(slots=True)
class _Trip:
    """A fetch under way: where it has got to and by which redirects, and how many seconds it has left."""

    at: Address
    conditions: dict[str, str]
    left: float
    passed: list[str] = field(default_factory=list)
    permanent: bool = True

    def follow(self, redirect: _Redirect, allow_hosts: frozenset[str]) -> None:
        """Go on to where a redirect points. Raises AddressRefused, and FetchFailed when there is no end to it."""
        self.passed.append(self.at.url)
        self.permanent = self.permanent and redirect.status in _PERMANENT
        to = read_address(_target(self.at.url, redirect.location), allow_hosts)
        if to.url in self.passed or len(self.passed) > MAX_REDIRECTS:
            raise FetchFailed(self.passed[0], "redirects")
        self.at = to


class HttpFetcher:
    """The HTTP client for feeds and pages (`bot.ports.Fetcher`); an async context manager that owns its connections.

    `timeout` is for a whole fetch with its redirects, waiting for the host's turn left out; `max_bytes` for the body,
    packed and unpacked; `allow_hosts` are private hosts (`host` or `host:port`) that may be fetched all the same, and
    without `gap`, the least time between two requests to a host. `concurrency` is how many requests run at once: those
    that wait for their host don't count. `clock` and `sleep` as in `Hosts`.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_hosts: Collection[str] = (),
        timeout: timedelta = timedelta(seconds=20),
        max_bytes: int = 10 * 1024 * 1024,
        concurrency: int = 20,
        gap: timedelta = GAP,
        resolver: AbstractResolver | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._user_agent = user_agent
        self._allow_hosts = frozenset(host.lower() for host in allow_hosts)
        self._timeout = timeout.total_seconds()
        self._max_bytes = max_bytes
        self._resolver = resolver
        self._deadlines = Deadlines(self._timeout)
        self._hosts = Hosts(concurrency=concurrency, gap=gap, clock=clock, sleep=sleep)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(self._allow_hosts, self._resolver),
            limit=0,  # there are never more than `concurrency`, and nobody's deadline runs while he waits for a slot
            ttl_dns_cache=60,
            keepalive_timeout=_IDLE,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPT_ENCODING},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            auto_decompress=False,
            max_line_size=_MAX_LINE,
            max_field_size=_MAX_FIELD,
            max_headers=_MAX_FIELDS,
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        then: Callable[[Fetched], Awaitable[None]] | None = None,
    ) -> Fetched:
        """A conditional GET behind the address guard. Raises FeedError.

        `then` is awaited with the answer in the slot of the request: as long as it runs, no other body is fetched in
        its place. While a host is on hold (it said 429, or 503 with Retry-After) the answer is that error, at once.
        """
        trip = _Trip(read_address(url, self._allow_hosts), _conditions(etag, last_modified), self._timeout)
        while (fetched := await self._visit(trip, then)) is None:
            pass
        return fetched

    def rest(self, host: str) -> float:
        """How many seconds the host (with its port unless that is the usual one) is to be left alone after the last
        request to it: a fetch before then waits for it, in the slot of another."""
        return self._hosts.rest(host)

    async def _visit(self, trip: _Trip, then: Callable[[Fetched], Awaitable[None]] | None) -> Fetched | None:
        """All that one host has to say in one turn: the document, or (None) the way to another host."""
        host = trip.at.host
        self._heed(trip.at)
        async with self._hosts.turn(host, paused=not trip.at.own):
            self._heed(trip.at)  # what those before us in the queue were told
            fetched = await self._answers(trip)
            if fetched and then:
                await then(fetched)
        return fetched

    async def _answers(self, trip: _Trip) -> Fetched | None:
        """What the host answers, and answers when it points to itself."""
        host = trip.at.host
        try:
            with self._deadlines.within(trip.left) as deadline:
                while trip.at.host == host:
                    answer = await self._get(trip)
                    if isinstance(answer, Fetched):
                        return answer._replace(moved_to=answer.url) if trip.passed and trip.permanent else answer
                    trip.follow(answer, self._allow_hosts)
        except (aiohttp.ClientError, OSError, Broken) as error:
            raise _translated(trip.at.url, error) from error
        trip.left = deadline.left()
        return None

    def _heed(self, at: Address) -> None:
        if hold := self._hosts.held(at.host):
            raise HttpError(at.url, hold.status, hold.left)

    async def _get(self, trip: _Trip) -> Fetched | _Redirect:
        if self._session is None:
            raise RuntimeError("HttpFetcher is used outside its context")
        try:
            async with self._session.get(trip.at.target, headers=trip.conditions, allow_redirects=False) as response:
                return await self._answer(trip, response)
        except AddressRefused as error:  # by the resolver, which knows only the host
            raise AddressRefused(trip.at.url, error.reason) from error

    async def _answer(self, trip: _Trip, response: aiohttp.ClientResponse) -> Fetched | _Redirect:
        url, status, headers = trip.at.url, response.status, response.headers
        if status == _NOT_MODIFIED and trip.conditions:
            return _fetched(url, status, b"", headers)
        if status in _OK:
            return _fetched(url, status, await self._read(url, response), headers)
        if status in _REDIRECTS and "Location" in headers:
            return _Redirect(status, headers["Location"])
        raise self._refusal(trip.at, status, headers)

    def _refusal(self, at: Address, status: int, headers: Mapping[str, str]) -> FeedError:
        """The error of a status that is no success, minding what the host says of its other addresses."""
        if status == _GONE:
            return FeedGone(at.url, "HTTP 410")
        wait = retry_after(headers)
        if status in {_TOO_MANY, _UNAVAILABLE}:
            unstated = _UNSTATED if status == _TOO_MANY and not at.own else timedelta()
            self._hosts.hold(at.host, unstated if wait is None else wait, status)
        return HttpError(at.url, status, wait)

    async def _read(self, url: str, response: aiohttp.ClientResponse) -> bytes:
        """The body, counted as it comes and as it is unpacked."""
        if (response.content_length or 0) > self._max_bytes:
            raise TooLarge(url, "body")
        encoding = response.headers.get("Content-Encoding")
        packing = unpacker(encoding) if encoding else None
        body, packed = bytearray(), 0
        while data := await response.content.readany():
            packed += len(data)
            for piece in packing.unpack(data) if packing else (data,):
                body += piece
                if len(body) > self._max_bytes:
                    raise TooLarge(url, "body")
                if len(piece) >= PIECE:  # a bomb; let others have their turn
                    await asyncio.sleep(0)
            if packed > self._max_bytes:
                raise TooLarge(url, "body")
        if packing and not packing.whole():
            raise Broken("cut off")
        return bytes(body)


def _translated(url: str, error: Exception) -> FeedError:
    """The client's errors as ours."""
    if isinstance(error, TimeoutError):
        return FetchTimeout(url, "timeout")
    return FetchFailed(url, next(reason for kind, reason in _REASONS if isinstance(error, kind)))


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    """RFC 9110 section 13.1: the validators of the last answer, as they came."""
    conditions = {}
    if etag and etag.isprintable():
        conditions["If-None-Match"] = etag
    if last_modified and last_modified.isprintable():
        conditions["If-Modified-Since"] = last_modified
    return conditions


def _fetched(url: str, status: int, body: bytes, headers: Mapping[str, str]) -> Fetched:
    return Fetched(
        url=url,
        status=_NOT_MODIFIED if status == _NOT_MODIFIED else 200,
        body=body,
        content_type=headers.get("Content-Type", ""),
        etag=headers.get("ETag", ""),
        last_modified=headers.get("Last-Modified", ""),
        max_age=max_age(headers),
        links=links(headers, url),
    )


def _target(at: str, location: str) -> str:
    try:
        return urljoin(at, location.strip())
    except ValueError:
        raise AddressRefused(at, "host") from None
