"""Fetches feeds and pages politely and within bounds: conditional GET, one request at a time for each host.

    address ─▶ guard ─▶ host's turn ─▶ GET ─▶ redirect? ─▶ guard ─▶ … ─▶ capped body ─▶ Fetched

It does not retry, parse or decide when to come again, and it remembers nothing between two calls but open connections.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self
from urllib.parse import urljoin, urlsplit
from weakref import WeakValueDictionary

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDictProxy
from yarl import URL

from bot.errors import AddressRefused, FeedGone, FetchFailed, FetchTimeout, HttpError, TooLarge
from bot.feeds.address import GuardedResolver, check_url
from bot.feeds.headers import max_age, retry_after
from bot.model import Fetched

MAX_REDIRECTS = 5

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, text/html;q=0.7, */*;q=0.1"
)
_OK = frozenset({200, 203})
_NOT_MODIFIED, _GONE = 304, 410
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_CHUNK = 64 * 1024  # bytes
_CONNECTIONS = 100

# From the particular to the general: the first class that fits gives the reason.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ClientConnectorDNSError, "dns"),
    (aiohttp.ClientSSLError, "tls"),
    (aiohttp.ClientConnectorError, "connection"),
    (aiohttp.ServerDisconnectedError, "disconnected"),
    (aiohttp.ClientOSError, "disconnected"),
    (aiohttp.ClientPayloadError, "body"),
    (aiohttp.ClientResponseError, "protocol"),
    (aiohttp.InvalidURL, "address"),
    (aiohttp.ClientError, "network"),
    (OSError, "network"),
)


@dataclass(frozen=True, slots=True)
class _Answer:
    """One hop: where it leads to, or the document."""

    status: int
    location: str = ""
    fetched: Fetched | None = None


class HttpFetcher:
    """The HTTP client for feeds and pages (`bot.ports.Fetcher`); an async context manager that owns its connections.

    `timeout` is for a whole fetch with its redirects, waiting for the host's turn left out; `max_bytes` for the
    decoded body; `allow_hosts` are private hosts (`host` or `host:port`) that may be fetched all the same.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_hosts: Collection[str] = (),
        timeout: timedelta = timedelta(seconds=20),
        max_bytes: int = 10 * 1024 * 1024,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._allow_hosts = frozenset(host.lower() for host in allow_hosts)
        self._timeout = timeout.total_seconds()
        self._max_bytes = max_bytes
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None
        # Weak, so that a host's lock is gone when nobody holds or awaits it.
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(self._allow_hosts, self._resolver), limit=_CONNECTIONS, ttl_dns_cache=60
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._user_agent, "Accept": _ACCEPT},
            timeout=aiohttp.ClientTimeout(total=None),
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """A conditional GET behind the address guard. Raises FeedError."""
        at = check_url(url, self._allow_hosts)
        left = self._timeout
        permanent = True
        for hop in range(MAX_REDIRECTS + 1):
            answer, took = await self._hop(at, _conditions(etag, last_modified), left)
            if answer.fetched is not None:
                return _moved(answer.fetched) if hop and permanent else answer.fetched
            left -= took
            permanent = permanent and answer.status in _PERMANENT
            at = check_url(_target(at, answer.location), self._allow_hosts)
        raise FetchFailed(url, "redirects")

    async def _hop(self, url: str, conditions: dict[str, str], seconds: float) -> tuple[_Answer, float]:
        """One request in the host's turn, and how many seconds it took."""
        clock = asyncio.get_running_loop().time
        async with self._turn(url):
            start = clock()
            with _translated(url):
                async with asyncio.timeout(seconds):
                    answer = await self._get(url, conditions)
            return answer, clock() - start

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[None]:
        """Hold the host to ourselves: feeds of one host wait for each other."""
        turn = self._turns.setdefault(urlsplit(url).netloc, asyncio.Lock())
        async with turn:
            yield

    async def _get(self, url: str, conditions: dict[str, str]) -> _Answer:
        if self._session is None:
            raise RuntimeError("HttpFetcher is used outside its context")
        target = URL(url, encoded=True)
        async with self._session.get(target, headers=conditions, allow_redirects=False) as response:
            status, headers = response.status, response.headers
            if status in _REDIRECTS and "Location" in headers:
                return _Answer(status, location=headers["Location"])
            if status == _NOT_MODIFIED and conditions:
                return _Answer(status, fetched=_fetched(url, status, b"", headers))
            _check_status(url, status, headers)
            return _Answer(status, fetched=_fetched(url, status, await self._read(url, response), headers))

    async def _read(self, url: str, response: aiohttp.ClientResponse) -> bytes:
        """The body, counted as it is decoded: a bomb is dropped when it passes the cap, not when it is done."""
        if (response.content_length or 0) > self._max_bytes:
            raise TooLarge(url, "body")
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > self._max_bytes:
                raise TooLarge(url, "body")
        return bytes(body)


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """The client's errors as ours."""
    try:
        yield
    except AddressRefused as error:
        raise AddressRefused(url, error.reason) from error
    except TimeoutError as error:
        raise FetchTimeout(url, "timeout") from error
    except (aiohttp.ClientError, OSError) as error:
        reason = next(reason for kind, reason in _REASONS if isinstance(error, kind))
        raise FetchFailed(url, reason) from error


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    """RFC 9110 section 13.1: the validators of the last answer, as they came."""
    named = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in named.items() if value and value.isprintable()}


def _check_status(url: str, status: int, headers: CIMultiDictProxy[str]) -> None:
    if status == _GONE:
        raise FeedGone(url, "HTTP 410")
    if status not in _OK:
        raise HttpError(url, status, retry_after(headers))


def _fetched(url: str, status: int, body: bytes, headers: CIMultiDictProxy[str]) -> Fetched:
    return Fetched(
        url=url,
        status=_NOT_MODIFIED if status == _NOT_MODIFIED else 200,
        body=body,
        content_type=headers.get("Content-Type", ""),
        etag=headers.get("ETag", ""),
        last_modified=headers.get("Last-Modified", ""),
        max_age=max_age(headers),
    )


def _moved(fetched: Fetched) -> Fetched:
    return replace(fetched, moved_to=fetched.url)


def _target(at: str, location: str) -> str:
    try:
        return urljoin(at, location.strip())
    except ValueError:
        raise AddressRefused(at, "host") from None
