"""The setting TARGETS: places that only receive, as `NAME=ADDRESS`, parted by spaces or line breaks.

Addresses hold tokens. What is said of a wrong one names it by its name or its place in the list, and shows none of it.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.model import Target

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://.+")
_TAKEN = frozenset({"off", "done", "stop", "here"})  # words of /manage
_REMARK = re.compile(r"(?m)^\s*#.*$")
# Parts of an address that stand for secrets in the log. Shorter ones, and words, would take ordinary texts with them.
_LEAST_PART = 8
_LEAST_WORD = 16
_NO_SECRETS = frozenset({"markdown", "truncate", "upstream"})


def read_targets(text: str) -> tuple[Target, ...]:
    """The targets that a text names. Raises ValueError, which names all that are wrong and shows no address."""
    parts = [_read(part) for part in _REMARK.sub("", text).split()]
    problems = [
        f"{_called(target, place)} {wrong}" for place, target in enumerate(parts, 1) if (wrong := _wrong(target))
    ]
    named = Counter(target.name for target in parts if _NAME.fullmatch(target.name))
    problems += [f"{name} stands there {count} times: name each once" for name, count in named.items() if count > 1]
    if problems:
        raise ValueError("; ".join(problems))
    return tuple(parts)


def secrets_of(text: str) -> list[str]:
    """What the log is to hide of the setting: all of it, each address, and the parts of each that can be secrets."""
    found = dict.fromkeys([text])
    for part in _REMARK.sub("", text).split():
        url = part.partition("=")[2] or part
        found |= dict.fromkeys([url, url.partition("://")[2], *filter(_is_secret, _parts(url))])
    return [one for one in found if one]


def _read(part: str) -> Target:
    """One entry, whatever it is. A name that is none may be part of an address, so it is not kept."""
    name, equals, url = part.partition("=")
    if not equals or "://" in name:
        return Target("", part)
    return Target(name.lower(), url)


def _called(target: Target, place: int) -> str:
    return target.name if _NAME.fullmatch(target.name) else f"target {place}"


def _wrong(target: Target) -> str:
    """What is wrong with an entry, and its mend; empty for a right one."""
    if not target.name:
        return "has no name: write NAME=ADDRESS, such as phone=ntfy://ntfy.sh/my-topic"
    if not _NAME.fullmatch(target.name):
        return "has a name of other signs: begin with a letter, then letters a-z, digits, _ and -, 32 at most"
    if target.name in _TAKEN:
        return "is a word of /manage: choose another name"
    if not _ADDRESS.match(target.url):
        return "has no address: write NAME=ADDRESS, such as phone=ntfy://ntfy.sh/my-topic"
    if target.is_webhook and not _has_host(target.url):
        return "is no web address: write it as https://host.example/path"
    return ""


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _parts(url: str) -> list[str]:
    """The parts of an address that may be secrets. A host with a dot is one that everybody knows."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2].partition(":")[0]
        user = [parts.username or "", parts.password or ""]
    except ValueError:
        return []
    whole = [*user, *([] if "." in host or host == "localhost" else [host]), *parts.path.split("/"), parts.fragment]
    whole += [value for _, value in parse_qsl(parts.query)]
    return [*whole, *map(unquote, whole)]


def _is_secret(part: str) -> bool:
    word = part.isascii() and part.isalpha() and part.islower()
    return len(part) >= (_LEAST_WORD if word else _LEAST_PART) and part not in _NO_SECRETS
