"""Speaks to WebSub hubs: one form, posted behind the same address guard as feeds are fetched.

    hub ─▶ guard ─▶ POST by TLS, with the secret ─▶ 2xx
                      └─ hub without TLS ─▶ POST without the secret ─▶ 2xx

What a hub answers is not read: its status says enough, and whether it agrees it says by calling back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.errors import AddressRefused, FetchFailed, FetchTimeout, HttpError
from bot.feeds.address import GuardedResolver, check_url
from bot.feeds.headers import retry_after
from bot.feeds.websub import may_hear_secret

_SUCCESS = range(200, 300)
_REDIRECTS = frozenset({307, 308})  # section 5.1: those that keep the method
_CONNECTIONS = 20


class HubClient:
    """The HTTP client for hubs (`bot.ports.Hub`); an async context manager that owns its connections.

    `timeout` is for a whole request with its redirect; `allow_hosts` are private hosts (`host` or `host:port`) that may
    be asked all the same, and told secrets without TLS.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_hosts: Collection[str] = (),
        timeout: timedelta = timedelta(seconds=30),
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._allow_hosts = frozenset(host.lower() for host in allow_hosts)
        self._timeout = timeout.total_seconds()
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=GuardedResolver(self._allow_hosts, self._resolver), limit=_CONNECTIONS
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._user_agent},
            timeout=aiohttp.ClientTimeout(total=None),
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def ask(self, hub: str, fields: Mapping[str, str]) -> None:
        """See `bot.ports.Hub`.

        Many feeds give their hub's address without TLS although it has it: that is tried first, since only then can
        the hub be told the secret.
        """
        address = check_url(hub, self._allow_hosts)
        if "hub.secret" not in fields or may_hear_secret(address, self._allow_hosts):
            return await self._send(address, fields)
        try:
            return await self._send(_with_tls(address), fields)
        except FetchFailed:
            public = {name: value for name, value in fields.items() if name != "hub.secret"}
            return await self._send(address, public)

    async def _send(self, address: str, fields: Mapping[str, str]) -> None:
        """One request within the deadline, and one more where the hub sends us on."""
        with _translated(address):
            async with asyncio.timeout(self._timeout):
                there = await self._post(address, fields)
                if there and "hub.secret" in fields and not may_hear_secret(there, self._allow_hosts):
                    raise AddressRefused(there, "scheme")
                if there and await self._post(there, fields):
                    raise FetchFailed(address, "redirects")

    async def _post(self, address: str, fields: Mapping[str, str]) -> str:
        """Where the hub sends us on to, if it does."""
        if self._session is None:
            raise RuntimeError("HubClient is used outside its context")
        target = URL(address, encoded=True)
        async with self._session.post(target, data=dict(fields), allow_redirects=False) as response:
            if response.status in _REDIRECTS and "Location" in response.headers:
                return check_url(_joined(address, response.headers["Location"]), self._allow_hosts)
            if response.status not in _SUCCESS:
                raise HttpError(address, response.status, retry_after(response.headers))
            return ""


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """The client's errors as ours."""
    try:
        yield
    except AddressRefused as error:
        raise AddressRefused(url, error.reason) from error
    except TimeoutError as error:
        raise FetchTimeout(url, "timeout") from error
    except aiohttp.ClientSSLError as error:
        raise FetchFailed(url, "tls") from error
    except aiohttp.ClientConnectorError as error:
        raise FetchFailed(url, "connection") from error
    except (aiohttp.ClientError, OSError) as error:
        raise FetchFailed(url, "network") from error


def _with_tls(address: str) -> str:
    """The same place by https; a port that was named is kept, since nothing says which other one it would be."""
    return "https" + address.removeprefix(urlsplit(address).scheme)


def _joined(address: str, location: str) -> str:
    try:
        return urljoin(address, location.strip())
    except ValueError:
        raise AddressRefused(address, "host") from None
