"""Discord's markdown as HTML, as far as the bot writes it: https://support.discord.com/hc/en-us/articles/210298617."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

_INLINE = re.compile(
    r"\\(?P<literal>[^\w\s])"
    r"|`(?P<code>[^`]+)`"
    r"|\[(?P<label>(?:\\.|[^\]\\])*)\]\(<?(?P<link>[^)>\s]+)>?\)"
    r"|\*\*(?P<bold>(?:\\.|[^\\])+?)\*\*"
    r"|__(?P<under>(?:\\.|[^\\])+?)__"
    r"|\*(?P<star>(?:\\.|[^*\\])+?)\*"
    r"|_(?P<italic>(?:\\.|[^_\\])+?)_(?!\w)",
    re.DOTALL,
)
_STARTS = (
    (re.compile(r"(#{1,3}) "), "h"),
    (re.compile(r"-# "), "small"),
    (re.compile(r"> ?"), "quote"),
    (re.compile(r"[-*] "), "item"),
)


def as_html(source: str) -> str:
    """The text as blocks of HTML; what is no markup is escaped."""
    parts, quoted = [], []
    for kind, line in _lines(source):
        if kind != "quote" and quoted:
            parts.append(_quote(quoted))
            quoted = []
        if kind == "quote":
            quoted.append(inline(line))
        elif kind == "text":
            parts.append(f"<div class=line>{inline(line) or '&nbsp;'}</div>")
        else:
            parts.append(f"<div class={kind}>{inline(line)}</div>")
    return "".join([*parts, *([_quote(quoted)] if quoted else [])])


def _lines(source: str) -> Iterator[tuple[str, str]]:
    for line in source.split("\n"):
        for start, kind in _STARTS:
            if found := start.match(line):
                yield (f"h{len(found[1])}" if kind == "h" else kind), line[found.end() :]
                break
        else:
            yield "text", line


def _quote(lines: list[str]) -> str:
    return f"<blockquote>{'<br>'.join(lines)}</blockquote>"


def inline(source: str) -> str:
    """The runs of a line."""
    parts, place = [], 0
    for found in _INLINE.finditer(source):
        parts += [escape(source[place : found.start()]), _run(found)]
        place = found.end()
    return "".join([*parts, escape(source[place:])])


def _run(found: re.Match[str]) -> str:
    if found["literal"]:
        return escape(found["literal"])
    if found["code"]:
        return f"<code>{escape(found['code'])}</code>"
    if found["link"]:
        return f"<a>{inline(found['label'])}</a>"
    for name, tag in (("bold", "b"), ("under", "u"), ("star", "i"), ("italic", "i")):
        if found[name]:
            return f"<{tag}>{inline(found[name])}</{tag}>"
    return escape(found[0])
