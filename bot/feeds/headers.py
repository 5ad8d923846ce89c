"""HTTP headers that say when to come again, and where a feed's hub is.

Each of them is written by a stranger: all are read within a length, by patterns that take linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from multidict import MultiMapping

LONGEST_WAIT = timedelta(days=7)  # nobody means more, and hostile values overflow
MAX_LINKS = 10

_LONGEST_CONTROL = 1_000  # characters; quotes that never end would make longer ones quadratic
_LONGEST_LINK = 8_000
_LONGEST_ADDRESS = 2_000
_LONGEST_DATE = 100
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - RFC 9110 section 5.6.2
_DIRECTIVE = re.compile(rf'({_TOKEN})(?:\s*=\s*("[^"]*"|[^\s,;"]*))?')
_LINK = re.compile(rf'<([^<>"\s]*)>((?:\s*;\s*(?:{_TOKEN}(?:\s*=\s*(?:"[^"]*"|[^\s;,"<>]*))?)?)*)')
_PARAMETER = re.compile(rf';\s*({_TOKEN})\s*=\s*(?:"([^"]*)"|([^\s;,"<>]*))')
_SECONDS = re.compile(r"(\d{1,9})(?:\.\d{1,9})?", re.ASCII)
_NOTHING_SAID = timedelta.max
_RELATIONS = ("hub", "self")


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long the host asks to wait (RFC 9110 section 10.2.3): seconds, or a date, read by the host's own clock."""
    value = headers.get("Retry-After", "").strip()
    if match := _SECONDS.fullmatch(value):
        return min(timedelta(seconds=int(match[1])), LONGEST_WAIT)
    return _until(value, headers)


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """How long the answer stays fresh in a private cache (RFC 9111 section 4.2), less the time it spent in others.

    None when the host doesn't say, or wants to be asked each time. `s-maxage` is for shared caches; `max-age` goes
    before `Expires`, which is read by the host's own clock.
    """
    stated = _stated_freshness(headers)
    if stated is None:
        return None
    return min(max(stated - _age(headers), timedelta()), LONGEST_WAIT)


def links(headers: Mapping[str, str], base: str) -> tuple[tuple[str, str], ...]:
    """The hub and self links (RFC 8288; WebSub section 4) as (rel, absolute address), at most ten.

    `base` is the address of the document; links with an `anchor` speak of another one and are left out.
    """
    if "Link" not in headers:
        return ()
    return tuple(dict.fromkeys(_links(_whole(headers, "Link")[:_LONGEST_LINK], base)))[:MAX_LINKS]


def _stated_freshness(headers: Mapping[str, str]) -> timedelta | None:
    control = _whole(headers, "Cache-Control")[:_LONGEST_CONTROL] if "Cache-Control" in headers else ""
    stated = _read_control(control)
    return _until(headers.get("Expires", ""), headers) if stated is _NOTHING_SAID else stated


@lru_cache(maxsize=256)  # hosts have few ways to say it
def _read_control(control: str) -> timedelta | None:
    """What Cache-Control says; of two equal directives the first counts (RFC 9111 section 4.2.1)."""
    said = {name.lower(): value.strip('"') for name, value in reversed(_DIRECTIVE.findall(control))}
    # With names, as in no-cache="Set-Cookie", it is about those headers alone.
    if "no-store" in said or said.get("no-cache") == "":
        return None
    if "max-age" not in said:
        return _NOTHING_SAID
    match = _SECONDS.fullmatch(said["max-age"])
    return timedelta(seconds=int(match[1])) if match else None


def _age(headers: Mapping[str, str]) -> timedelta:
    match = _SECONDS.fullmatch(headers.get("Age", "").strip()) if "Age" in headers else None
    return timedelta(seconds=int(match[1])) if match else timedelta()


def _until(date: str, headers: Mapping[str, str]) -> timedelta | None:
    """The time from the host's clock to a date; None unless both are readable."""
    until, now = _http_date(date), _http_date(headers.get("Date", "")) if date else None
    return min(max(until - now, timedelta()), LONGEST_WAIT) if until and now else None


def _http_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value[:_LONGEST_DATE])
        return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _links(value: str, base: str) -> Iterator[tuple[str, str]]:
    for address, text in _LINK.findall(value):
        parameters = {name.lower(): quoted or plain for name, quoted, plain in reversed(_PARAMETER.findall(text))}
        relations = parameters.get("rel", "").lower().split()
        if "anchor" in parameters or set(_RELATIONS).isdisjoint(relations):
            continue
        if joined := _absolute(base, address):
            yield from ((relation, joined) for relation in _RELATIONS if relation in relations)


def _absolute(base: str, address: str) -> str:
    try:
        joined = urljoin(base, address)
        web = urlsplit(joined).scheme in {"http", "https"}
    except ValueError:
        return ""
    return joined if web and len(joined) <= _LONGEST_ADDRESS else ""


def _whole(headers: Mapping[str, str], name: str) -> str:
    """A list header, which may come in several lines (RFC 9110 section 5.3)."""
    if isinstance(headers, MultiMapping):
        return ", ".join(headers.getall(name, []))
    return headers.get(name, "")
