"""The address guard: only web addresses of public hosts are fetched, whatever people, feeds or redirects ask for.

An address is checked twice. `check_url` reads it before a request, at every hop of a redirect; `GuardedResolver`
checks the numbers that a name resolves to and hands exactly those to the connection, so a name can't be public for
the check and private for the connection (DNS rebinding).
"""

from __future__ import annotations

import re
import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit, urlunsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

from bot.errors import AddressRefused

MAX_URL = 4096

_DEFAULT_PORTS = {"http": 80, "https": 443}
_FIRST_FREE_PORT = 1024  # below it only the two web ports: the rest are mail, files, directories
_NOT_URL = re.compile(r"[\x00-\x20\x7f\\\ud800-\udfff]")
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
_LOW_32_BITS = 0xFFFFFFFF


def check_url(url: str, allow_hosts: Collection[str] = ()) -> str:
    """The address in normal form, if it is one we fetch: http(s), a public host, a web port, no credentials.

    `allow_hosts` lists `host` or `host:port` that are fetched though they are private. Raises AddressRefused with
    the reason scheme, credentials, host, private or port.
    """
    text = url.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        raise _refused(text, "host") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise _refused(text, "scheme")
    if len(text) > MAX_URL or _NOT_URL.search(text.replace(" ", "")) or " " in parts.netloc:
        raise _refused(text, "host")
    if "@" in parts.netloc:
        raise _refused(text, "credentials")
    host, port = _read_host(text, parts.netloc), _read_port(text, parts.netloc)
    if not is_allowed(host, port or _DEFAULT_PORTS[parts.scheme], allow_hosts):
        _check_public(text, host, port)
    return _normal(parts.scheme, host, port, parts.path, parts.query)


def is_allowed(host: str, port: int, allow_hosts: Collection[str]) -> bool:
    """Whether a host (without brackets) is on the list, at any port or at this one."""
    named = f"[{host}]" if ":" in host else host
    return not {host, named, f"{named}:{port}"}.isdisjoint(allow_hosts)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is somebody's on the open internet, seen through the forms that wrap IPv4 in IPv6."""
    if isinstance(address, IPv4Address):
        return address.is_global and not (address.is_multicast or address.is_reserved)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:  # how IPv6-only hosts reach the rest of the world
        return is_public(IPv4Address(int(address) & _LOW_32_BITS))
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


def _read_host(url: str, netloc: str) -> str:
    """The host in lower case and ASCII, without brackets."""
    if netloc.startswith("["):
        host, bracket, rest = netloc[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise _refused(url, "host")
        return _read_ipv6(url, host)
    host = netloc.partition(":")[0].rstrip(".").lower()
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise _refused(url, "host") from None
    if not _NAME.match(host):
        raise _refused(url, "host")
    return _read_ipv4(url, host) if _NUMBER.match(host.rpartition(".")[2]) else host


def _read_ipv4(url: str, host: str) -> str:
    """A dotted quad; decimal, octal, hexadecimal and short forms, which libraries read differently, are refused."""
    try:
        return str(IPv4Address(host))
    except ValueError:
        raise _refused(url, "host") from None


def _read_ipv6(url: str, host: str) -> str:
    try:
        address = IPv6Address(host)
    except ValueError:
        raise _refused(url, "host") from None
    if address.scope_id is not None:
        raise _refused(url, "host")
    if address.ipv4_mapped is not None:  # which Python 3.13 writes another way than those before it
        return "::ffff:{:x}:{:x}".format(*divmod(int(address.ipv4_mapped), 1 << 16))
    return str(address)


def _read_port(url: str, netloc: str) -> int | None:
    text = netloc.rpartition("]")[2].partition(":")[2]
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:6]) <= 0xFFFF:  # noqa: PLR2004 - the last port
        raise _refused(url, "port")
    return int(text)


def _check_public(url: str, host: str, port: int | None) -> None:
    if port is not None and port < _FIRST_FREE_PORT and port not in _DEFAULT_PORTS.values():
        raise _refused(url, "port")
    try:
        address = ip_address(host)
    except ValueError:
        # A name without a dot is a neighbour: a container, a router, a search domain.
        if "." not in host or host.endswith(tuple(f".{name}" for name in _PRIVATE_NAMES)):
            raise _refused(url, "private") from None
        return
    if not is_public(address):
        raise _refused(url, "private")


def _is_public_text(host: str) -> bool:
    try:
        return is_public(ip_address(host.partition("%")[0]))
    except ValueError:
        return False


def _normal(scheme: str, host: str, port: int | None, path: str, query: str) -> str:
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        netloc = f"{netloc}:{port}"
    path = quote(path or "/", safe="%/:=&?@!$'()*+,;~[]|")
    return urlunsplit((scheme, netloc, path, quote(query, safe="%/:=&?@!$'()*+,;~[]|{}"), ""))
