"""The address guard: only web addresses of public hosts are fetched, whatever people, feeds or redirects ask for.

An address is checked twice. `check_url` reads it before a request, at every hop of a redirect; `GuardedResolver`
checks the numbers that a name resolves to and hands exactly those to the connection, so a name can't be public for
the check and private for the connection (DNS rebinding).
"""

from __future__ import annotations

import re
import socket
from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from yarl import URL

from bot.errors import AddressRefused

MAX_URL = 4096

_DEFAULT_PORTS = {"http": 80, "https": 443}
_FIRST_FREE_PORT = 1024  # below it only the two web ports: the rest are mail, files, directories
_NOT_URL = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
_SAFE_IN_PATH = "%/:=&?@!$'()*+,;~[]|"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "{}"
# What nearly all addresses look like: nothing to quote, nothing to refuse but perhaps the host.
_PLAIN_URL = re.compile(
    rf"(https?)://([A-Za-z0-9.:_-]+)(/[\w.\-{re.escape(_SAFE_IN_PATH.replace('?', ''))}]*)?"
    rf"(?:\?([\w.\-{re.escape(_SAFE_IN_QUERY)}]*))?",
    re.ASCII,
)
_NAME = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\Z")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z")
# Names that stand for this machine or its neighbours (RFC 6761, RFC 6762, RFC 8375, and common practice).
_PRIVATE_NAMES = (
    "localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa", "test",
    "invalid", "onion", "alt",
)  # fmt: skip
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# Inside global unicast, but tunnels to IPv4 (Teredo, 6to4), protocol assignments or documentation.
_NOT_PUBLIC_V6 = tuple(IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
# Python's own list grows from version to version. After what IANA reserves: old 6to4 relays (RFC 7526), and the address
# at which Azure's machines find their host.
_NOT_PUBLIC_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4", "192.88.99.0/24", "168.63.129.16/32",
    )
)  # fmt: skip
# The interface part of an address whose packets ISATAP (RFC 5214 section 6.1) hands to the IPv4 address at its end.
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})
_LOW_32_BITS = 0xFFFFFFFF


class Address(NamedTuple):
    """An address in normal form, its host with the port unless that is the usual one, whether that is on the list, and
    the address again as the client takes it."""

    url: str
    host: str
    own: bool
    target: URL


def check_url(url: str, allow_hosts: Collection[str] = ()) -> str:
    """The address in normal form, if it is one we fetch: http(s), a public host, a web port, no credentials.

    `allow_hosts` lists `host` or `host:port` that are fetched though they are private. Raises AddressRefused with
    the reason scheme, credentials, host, private or port.
    """
    return read_address(url, frozenset(allow_hosts)).url


# A feed's address is read at every poll, and the client keeps what it makes of one with it: a seventh of the cost of a
# request. One takes about 2 kB. What a name resolves to is never kept here.
@lru_cache(maxsize=8_192)
def read_address(url: str, allow_hosts: frozenset[str] = frozenset()) -> Address:
    """As `check_url`, with what the fetcher wants to know besides."""
    text = url.strip()
    plain = _PLAIN_URL.fullmatch(text)
    scheme, netloc, path, query = plain.groups("") if plain else _split(text)
    if len(text) > MAX_URL:
        raise _refused(text, "host")
    try:
        host, own = _checked_host(scheme, netloc, allow_hosts)
    except AddressRefused as error:
        raise _refused(text, error.reason) from None
    normal = f"{scheme}://{host}{path or '/'}"
    if query:
        normal = f"{normal}?{query}"
    return Address(normal, host, own, URL(normal, encoded=True))


def is_allowed(host: str, port: int, allow_hosts: Collection[str]) -> bool:
    """Whether a host (without brackets) is on the list, at any port or at this one."""
    named = f"[{host}]" if ":" in host else host
    return not {host, named, f"{named}:{port}"}.isdisjoint(allow_hosts)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is somebody's on the open internet, seen through the forms that wrap IPv4 in IPv6."""
    if isinstance(address, IPv4Address):
        return not any(address in net for net in _NOT_PUBLIC_V4)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:  # how IPv6-only hosts reach the rest of the world
        return is_public(IPv4Address(int(address) & _LOW_32_BITS))
    if int(address) >> 32 & _LOW_32_BITS in _ISATAP and not is_public(IPv4Address(int(address) & _LOW_32_BITS)):
        return False
    return address in _GLOBAL_UNICAST and not any(address in net for net in _NOT_PUBLIC_V6)


class GuardedResolver(AbstractResolver):
    """Resolves names as `inner` does, and lets only public addresses (or allowed hosts) through.

    Raises AddressRefused, with the host in place of the address, when nothing public is left.
    """

    def __init__(self, allow_hosts: Collection[str] = (), inner: AbstractResolver | None = None) -> None:
        self._allow_hosts = allow_hosts
        self._inner = inner or DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a name that may be connected to."""
        found = await self._inner.resolve(host, port, family)
        if is_allowed(host.lower(), port, self._allow_hosts):
            return found
        public = [result for result in found if _is_public_text(result["host"])]
        if not public:
            raise AddressRefused(host, "private")
        return public

    async def close(self) -> None:
        """Close the inner resolver."""
        await self._inner.close()


def _refused(url: str, reason: str) -> AddressRefused:
    """The error, which must not carry a password into logs."""
    return AddressRefused(re.sub(r"//[^/?#]*@", "//", url[:MAX_URL]), reason)


def _split(text: str) -> tuple[str, str, str, str]:
    """Scheme, host with port, path and query, the last two quoted where they need it. Raises AddressRefused."""
    try:
        scheme, netloc, path, query, _ = urlsplit(text)
    except ValueError:
        raise _refused(text, "host") from None
    if scheme not in _DEFAULT_PORTS:
        raise _refused(text, "scheme")
    if _NOT_URL.search(text) or " " in netloc:
        raise _refused(text, "host")
    return scheme, netloc, quote(path, safe=_SAFE_IN_PATH), quote(query, safe=_SAFE_IN_QUERY)


def _checked_host(scheme: str, netloc: str, allow_hosts: frozenset[str]) -> tuple[str, bool]:
    """The host and port in normal form, and whether they are allowed by name. Raises AddressRefused, to be raised
    again with the address."""
    if "@" in netloc:
        raise AddressRefused("", "credentials")
    host, port = _read_host(netloc), _read_port(netloc)
    own = is_allowed(host, port or _DEFAULT_PORTS[scheme], allow_hosts)
    if not own:
        _check_public(host, port)
    named = f"[{host}]" if ":" in host else host
    return (named if port in {None, _DEFAULT_PORTS[scheme]} else f"{named}:{port}"), own


def _read_host(netloc: str) -> str:
    """The host in lower case and ASCII, without brackets."""
    if netloc.startswith("["):
        host, bracket, rest = netloc[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise AddressRefused("", "host")
        return _read_ipv6(host)
    host = netloc.partition(":")[0].rstrip(".").lower()
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise AddressRefused("", "host") from None
    if not _NAME.match(host):
        raise AddressRefused("", "host")
    return _read_ipv4(host) if _NUMBER.match(host.rpartition(".")[2]) else host


def _read_ipv4(host: str) -> str:
    """A dotted quad; decimal, octal, hexadecimal and short forms, which libraries read differently, are refused."""
    try:
        return str(IPv4Address(host))
    except ValueError:
        raise AddressRefused("", "host") from None


def _read_ipv6(host: str) -> str:
    try:
        address = IPv6Address(host)
    except ValueError:
        raise AddressRefused("", "host") from None
    if address.scope_id is not None:
        raise AddressRefused("", "host")
    if address.ipv4_mapped is not None:  # which Python 3.13 writes another way than those before it
        return "::ffff:{:x}:{:x}".format(*divmod(int(address.ipv4_mapped), 1 << 16))
    return str(address)


def _read_port(netloc: str) -> int | None:
    text = netloc.rpartition("]")[2].partition(":")[2]
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:6]) <= 0xFFFF:  # noqa: PLR2004 - the last port
        raise AddressRefused("", "port")
    return int(text)


def _check_public(host: str, port: int | None) -> None:
    if port is not None and port < _FIRST_FREE_PORT and port not in _DEFAULT_PORTS.values():
        raise AddressRefused("", "port")
    try:
        address = ip_address(host)
    except ValueError:
        # A name without a dot is a neighbour: a container, a router, a search domain.
        if "." not in host or host.endswith(tuple(f".{name}" for name in _PRIVATE_NAMES)):
            raise AddressRefused("", "private") from None
        return
    if not is_public(address):
        raise AddressRefused("", "private")


def _is_public_text(host: str) -> bool:
    try:
        return is_public(ip_address(host.partition("%")[0]))
    except ValueError:
        return False
