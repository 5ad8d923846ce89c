"""Addresses: the form that tells whether two links lead to the same page, and which links may be shown in a chat."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

MAX_LINK = 2048  # longer ones are refused by Telegram and browsers alike


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WEB = frozenset({"http", "https"})
_DEFAULT_PORTS = frozenset({80, 443})
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"<>^`{|}')
_PLAIN = re.compile(f"[{re.escape(_PRINTABLE)}]+")
_NOTHING_TO_DO = re.compile(r"[A-Za-z0-9._~/:=&?@!$'()*+,;-]*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_LINE_BREAKS = re.compile(r"[\t\r\n]")
# Control, bidirectional and invisible characters, which make a link look like another one.
_DECEPTIVE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)

_TRACKING_PREFIXES = (
    "utm_",
    "at_",
    "pk_",
    "mtm_",
    "piwik_",
    "matomo_",
    "ns_",
    "guce_",
    "hsa_",
    "__hs",
    "stm_",
    "wt.",
    "wt_",
)
_TRACKING = _words(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh mc_cid mc_eid _hsenc
    _hsmi hsctatracking mkt_tok vero_id vero_conv oly_enc_id oly_anon_id xtor cmpid cmp cmp_id s_cid icid ncid
    smid ito ftag guccounter __twitter_impression _ga _gl spm scm rb_clickid wickedid ml_subscriber
    ml_subscriber_hash sc_channel sc_campaign ocid echobox traffic_source rssfeed
    """
)
# Names that carry meaning on many sites; dropped only with a value that names a channel.
_SOURCE_NAMES = frozenset(
    {"ref", "src", "source", "from", "via", "partner", "feed", "medium", "origin", "output", "campaign"}
)
_SOURCE_VALUES = _words(
    """
    rss rss2 atom feed feeds rssfeed rss_feed rss-feed feedburner twitter facebook telegram newsletter email
    social share sharing partner-rss
    """
)


def canonical_url(url: str) -> str:
    """The form of an address that names the page: for comparing only, never for fetching or showing.

    `http` and `https`, a leading `www.`, default ports, the order of parameters, tracking parameters, the fragment
    (but for routes, `#!…` and `#/…`) and a trailing slash make no difference. A text that is no web address comes
    back stripped. Never raises.
    """
    text = _LINE_BREAKS.sub("", url.strip())
    parts, host, port = _split(text)
    if parts is None or parts.scheme not in _WEB or host.split() != [host]:
        return text
    path = _normal_escapes(parts.path).rstrip("/")
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit(("https", _canonical_host(host, port), path, _canonical_query(parts.query), fragment))


def safe_link(url: str) -> str:
    """The address, ready to be a link in a chat, or "" unless it is a well-formed http(s) one.

    Signs that would end a link early are percent-encoded; credentials, backslashes and invisible characters, which
    make a link look like another one, are refused.
    """
    text = _LINE_BREAKS.sub("", url.strip())
    parts, host, _ = _split(text)
    if parts is None or parts.scheme not in _WEB or not host or len(text) > MAX_LINK:
        return ""
    if "@" in parts.netloc or "\\" in text or len(parts.netloc.split()) != 1 or _DECEPTIVE.search(text):
        return ""
    text = parts.scheme + text[len(parts.scheme) :]  # in lower case: not every client takes `HTTP://` for a link
    if _PLAIN.fullmatch(text):
        return text
    link = "".join(sign if _may_stand(sign) else quote(sign, safe="") for sign in text)
    return link if len(link) <= MAX_LINK else ""


def _may_stand(sign: str) -> bool:
    return sign in _PRINTABLE or not (sign.isascii() or sign.isspace())


def _split(url: str) -> tuple[SplitResult | None, str, int | None]:
    """The parts of an address, its host and port, if it has a readable authority."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None, "", None
    return parts, host or "", port


def _canonical_host(host: str, port: int | None) -> str:
    host = host.rstrip(".").removeprefix("www.")
    if not host.isascii():
        with suppress(UnicodeError):  # a name that DNS does not have still identifies
            host = host.encode("idna").decode("ascii")
    if ":" in host:
        host = f"[{host}]"
    return host if port is None or port in _DEFAULT_PORTS else f"{host}:{port}"


def _canonical_query(query: str) -> str:
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    kept = [_normal_escapes(name + equals + value) for name, equals, value in pairs if not _is_tracking(name, value)]
    return "&".join(sorted(kept))


def _is_tracking(name: str, value: str) -> bool:
    name, value = name.lower(), value.lower()
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    return name in _SOURCE_NAMES and value in _SOURCE_VALUES


def _normal_escapes(text: str) -> str:
    """Percent-encoding as RFC 3986 section 6.2.2 has it: upper case, and only where it is needed."""
    if _NOTHING_TO_DO.fullmatch(text):
        return text
    encoded = quote(text, safe="%/:=&?@!$'()*+,;~", errors="replace")
    return _ESCAPE.sub(_normal_escape, encoded)


def _normal_escape(match: re.Match[str]) -> str:
    sign = chr(int(match[1], 16))
    return sign if sign in _UNRESERVED else match[0].upper()
