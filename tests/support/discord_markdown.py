"""Reads Discord's markdown as its clients do: to visible text, and to all in it that looks or acts otherwise.

The rules are those of the clients' parser, of which https://support.discord.com/hc/articles/210298617 and
https://docs.discord.com/developers/reference#message-formatting describe what people write. Where clients differ, the
reading that finds more is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Seen:
    """`text` is what people read; `found` are (kind, detail) of what is more than text, in order."""

    text: str = ""
    found: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: Seen) -> None:
        self.text += other.text
        self.found += other.found

    @property
    def kinds(self) -> set[str]:
        return {kind for kind, _ in self.found}

    def of(self, *kinds: str) -> list[str]:
        return [detail for kind, detail in self.found if kind in kinds]


def read(source: str) -> Seen:
    """A message's content, or an embed's title or description."""
    return _read(source, at_start=True)


def _read(source: str, *, at_start: bool) -> Seen:
    seen, at = Seen(), 0
    while at < len(source):
        starts_line = (at_start and at == 0) or (at > 0 and source[at - 1] == "\n")
        rules = (*_LINE_RULES, *_RULES) if starts_line else _RULES
        for pattern, made in rules:
            if found := pattern.match(source, at):
                seen.add(made(found))
                at = found.end()
                break
        else:
            end = _TEXT.match(source, at).end()
            seen.text += source[at:end]
            at = end
    return seen


def _inner(kind: str) -> Callable[[re.Match[str]], Seen]:
    def made(found: re.Match[str]) -> Seen:
        content = next(group for group in found.groups() if group is not None)
        inside = _read(content, at_start=kind in {"heading", "subtext", "quote", "list"})
        return Seen(inside.text, [(kind, inside.text), *inside.found])

    return made


def _whole(kind: str) -> Callable[[re.Match[str]], Seen]:
    return lambda found: Seen(found[0], [(kind, found[0])])


def _quote(found: re.Match[str]) -> Seen:
    lines = re.sub(r"(?m)^ *> ?", "", found[0])
    inside = _read(lines, at_start=True)
    return Seen(inside.text, [("quote", inside.text), *inside.found])


def _link(found: re.Match[str]) -> Seen:
    inside = _read(found[1], at_start=False)
    return Seen(inside.text, [("link", found[2]), *inside.found])


def _code(found: re.Match[str]) -> Seen:
    return Seen(found[2].strip(), [("code", found[2].strip())])


_Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], Seen]]
_LINE_RULES: tuple[_Rule, ...] = (
    (re.compile(r" *>>> ?([\s\S]*)"), _quote),
    (re.compile(r"(?: *> [^\n]*(?:\n|\Z))+| *>(?:\n|\Z)"), _quote),
    (re.compile(r" *#{1,3}[ \t]+([^\n]+)"), _inner("heading")),
    (re.compile(r" *-#[ \t]+([^\n]+)"), _inner("subtext")),
    (re.compile(r" *(?:[*-]|\d+[.)]) +([^\n]*)"), _inner("list")),
)
_ANY = r"(?:\\[\s\S]|[^\\])+?"
_RULES: tuple[_Rule, ...] = (
    (re.compile(r"```([\s\S]+?)```"), _whole("codeblock")),
    (re.compile(r"\\([^0-9A-Za-z\s])"), lambda found: Seen(found[1])),
    (re.compile(r"<(https?:/[^ >]+)>", re.IGNORECASE), lambda found: Seen(found[1], [("autolink", found[1])])),
    (re.compile(r"<(?:mailto:|tel:|sms:|\+\d|[\w.+-]+@)[^ >]*>", re.IGNORECASE), _whole("autolink")),
    (re.compile(r"<@[!&]?\d+>|<#\d+>|<id:\w+>"), _whole("mention")),
    (re.compile(r"@(?:everyone|here)"), _whole("everyone")),
    (re.compile(r"<a?:\w{2,}:\d+>"), _whole("emoji")),
    (re.compile(r":[a-zA-Z0-9_+-]{2,}(?:::skin-tone-\d)?:"), _whole("shortcode")),
    (re.compile(r"<t:-?\d+(?::[tTdDfFRsS])?>"), _whole("timestamp")),
    (re.compile(r"</[^>]+:\d+>"), _whole("command")),
    (re.compile(r"(?:https?|steam|discord)://[^\s<]+", re.IGNORECASE), _whole("url")),
    (re.compile(r"discord(?:app)?\.(?:gg|com)/\w", re.IGNORECASE), _whole("invite")),
    (
        re.compile(
            r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]"
            r"\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['\"]([\s\S]*?)['\"])?\s*\)"
        ),
        _link,
    ),
    (re.compile(rf"\*\*({_ANY})\*\*(?!\*)"), _inner("bold")),
    (re.compile(rf"__({_ANY})__(?!_)"), _inner("underline")),
    (re.compile(r"\b_((?:__|\\[\s\S]|[^\\_])+?)_\b"), _inner("italic")),
    (
        re.compile(r"\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"),
        _inner("italic"),
    ),
    (re.compile(r"~~([\s\S]+?)~~(?!_)"), _inner("strike")),
    (re.compile(r"\|\|([\s\S]+?)\|\|"), _inner("spoiler")),
    (re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)"), _code),
)
# As far as no rule can begin: addresses and invitations begin with a letter.
_TEXT = re.compile(r"[\s\S]+?(?=[^0-9A-Za-z\s]|\n|(?<![0-9A-Za-z])(?:https?|steam|discord)|\b_|\Z)", re.IGNORECASE)
