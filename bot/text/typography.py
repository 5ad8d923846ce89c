"""Sets machine-made Chinese as newspapers do: full-width signs, quotation marks, spaces, dates and figures."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.model import Script
from bot.text.chinese import HAN, leaning
from bot.text.figures import chinese_figures

_H = HAN.pattern[1:-1]
_WIDE = "，。；：？！（）、《》〈〉「」『』【】"
_SPACE = "[ \t\u00a0\u2002-\u200a\u202f]"
_MOST_PASSES = 6  # one rule can open the way for another, as a bracket does for the comma behind it

_TO_WIDE = str.maketrans(",;:?!", "，；：？！")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+|[\w.+-]+@[\w-]+\.[\w.-]+")

_SPACES = re.compile(rf"{_SPACE}{{2,}}")
_SPACE_AT_SIGN = re.compile(rf"(?<=[{_WIDE}]){_SPACE}+|{_SPACE}+(?=[{_WIDE}])")
# Newspapers of all three regions print 於3月12日與Google簽約, without the thin space that screens of late put between.
_SPACE_AT_LATIN = re.compile(
    rf"(?<=[{_H}]){_SPACE}(?=[A-Za-z“‘$€£¥])|(?<=[A-Za-z0-9%”’]){_SPACE}(?=[{_H}])"
    rf"|(?<=[{_H}])(?<![〇零一二三四五六七八九十百千萬万億亿兆點点]){_SPACE}(?=\d)"
)
_SIGNS_AFTER = re.compile(rf"(?<=[{_H}{_WIDE}]){_SPACE}?([,;:?!]+)")
_SIGNS_BEFORE = re.compile(rf"(?<=[A-Za-z0-9%)\]”’])([,;:?!]+){_SPACE}?(?=[{_H}《〈「『【（])")
_STOP = re.compile(
    rf"(?<=[{_H}）」』》】])\.(?![\w.])|(?<=[a-z\d]{{2}}|.%|.[”’)])(?<!\.)\.(?={_SPACE}*$|{_SPACE}+[{_H}])",
    re.MULTILINE,
)
_ABBREVIATED = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Jr|Sr|Dr|Mr|Mrs|Ms|St|vs|etc|No)$")
_BEHIND, _AHEAD = f"(?<=[{_H}{_WIDE}”’]){_SPACE}?", f"{_SPACE}?(?=[{_H}{_WIDE}“‘])"
_ELLIPSIS = re.compile(rf"{_BEHIND}(?:\.{{3,}}|…+)|(?:\.{{3,}}|…+){_AHEAD}")
_DASH = re.compile(rf"{_BEHIND}(?:-{{2,}}|—+){_SPACE}?|{_SPACE}?(?:-{{2,}}|—+){_AHEAD}")
_BRACKETS = re.compile(r"\(([^()\n]*)\)")
_STRAIGHT = re.compile(r'"([^"\n]*)"')
_SINGLE = re.compile(rf"(?<![A-Za-z\d])'([^'\n]*[{_H}][^'\n]*)'(?![A-Za-z])")
_CHINESE = re.compile(f"[{_H}{_WIDE}]")

_DOUBLE_CURLY = re.compile(r"“([^“”\n]*)”")
_SINGLE_CURLY = re.compile(r"‘([^‘’\n]*)’")
_CORNERS = str.maketrans("「」『』", "“”‘’")
_WITH_CORNERS = frozenset({Script.HANT, Script.HK, Script.TW})


def typeset(text: str) -> str:
    """Machine-made Chinese as newspapers set it; lines without Chinese, addresses and runs of English stay.

    All values stay: 1.2 million becomes 120萬. Quotation marks become “ ”, which `with_quotes` puts into those of the
    reader's region. Doing it twice changes nothing more.
    """
    return "\n".join(_line(line) if HAN.search(line) else line for line in text.split("\n"))


def _line(line: str) -> str:
    simplified = leaning(line) > 0
    for _ in range(_MOST_PASSES):
        before = line
        line = _outside_addresses(line, lambda part: _set(part, simplified=simplified))
        if line == before:
            break
    return line


def _outside_addresses(line: str, change: Callable[[str], str]) -> str:
    parts, done = list[str](), 0
    for address in _ADDRESS.finditer(line):
        parts += [change(line[done : address.start()]), address.group()]
        done = address.end()
    return "".join([*parts, change(line[done:])])


def _set(text: str, *, simplified: bool) -> str:
    text = _SPACE_AT_LATIN.sub("", _SPACES.sub(" ", text))
    text = chinese_figures(text, simplified=simplified)
    text = _ELLIPSIS.sub("……", text)
    text = _DASH.sub("——", text)
    text = _BRACKETS.sub(_around("（", "）"), text)
    text = _STRAIGHT.sub(_around("“", "”"), text)
    text = _SINGLE.sub(r"‘\1’", text)
    for signs in (_SIGNS_AFTER, _SIGNS_BEFORE):
        text = signs.sub(lambda match: match[1].translate(_TO_WIDE), text)
    text = _STOP.sub(_stop, text)
    return _SPACE_AT_LATIN.sub("", _SPACE_AT_SIGN.sub("", text))


def _around(opening: str, closing: str) -> Callable[[re.Match[str]], str]:
    """Replaces the signs around something that is in Chinese, or stands in Chinese."""

    def put(match: re.Match[str]) -> str:
        return f"{opening}{match[1]}{closing}" if _in_chinese(match) else match[0]

    return put


def _in_chinese(match: re.Match[str]) -> bool:
    before, after = match.string[: match.start()].rstrip()[-1:], match.string[match.end() :].lstrip()[:1]
    return bool(HAN.search(match[1]) or _CHINESE.match(before) or _CHINESE.match(after))


def _stop(match: re.Match[str]) -> str:
    return "." if _ABBREVIATED.search(match.string[: match.start()]) else "。"


def with_quotes(text: str, script: Script) -> str:
    """A text with the quotation marks of a script: 「」 and 『』 in 繁, “” and ‘’ in 简; as they stand for SOURCE."""
    if script is Script.SOURCE or not HAN.search(text):
        return text
    if script not in _WITH_CORNERS:
        return text.translate(_CORNERS)
    return _DOUBLE_CURLY.sub(_around("「", "」"), _SINGLE_CURLY.sub(_around("『", "』"), text))
