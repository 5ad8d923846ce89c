"""Numbers that words imply ("both", 雙方, "a decade"): they bear out a figure of the other language, and claim none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple


class _Sense(NamedTuple):
    """Closed classes of both languages: duals, collectives, multiples, parts and spans of time."""

    english: str
    chinese: str
    values: str
    unit: str = ""


class Implied(NamedTuple):
    """A word that implies a number, the values it may have with their unit, and its place in the text."""

    text: str
    readings: tuple[Decimal, ...]
    unit: str
    place: int


_SENSES = (
    _Sense(
        "both pair pairs couple couples twin twins twice double doubles doubled doubling duo dual bilateral "
        "bilaterally "
        "biannual bipartisan either neither",
        "双 雙 俩 倆 二 一对 一對 每对 每對 夫妇 夫婦 夫妻 翻番 翻一番 翻了一番",
        "2 1 100",
    ),
    _Sense("triple triples tripled tripling thrice trio trilateral hat-trick", "仨 帽子戏法 帽子戲法", "3 2"),
    _Sense("quadruple quadrupled quadrupling quartet quad", "", "4 3"),
    _Sense("half halves halve halved halving semi", "半", "50", "share"),
    _Sense("quarter quarters fourth", "季", "25", "share"),
    _Sense("quarter quarters quarterly", "季", "3", "month"),
    _Sense("quarter", "刻钟 刻鐘", "15", "minute"),
    _Sense("third thirds", "", "33.33", "share"),
    _Sense("", "半小时 半小時 半个小时 半個小時 半个钟 半個鐘", "30", "minute"),
    _Sense("", "半年", "6", "month"),
    _Sense("", "半天", "12", "hour"),
    _Sense("dozen dozens", "一打", "12"),
    _Sense("dozens", "", "10 20 30 40 50 60 70 80 90"),
    _Sense("fortnight fortnightly", "", "2", "week"),
    _Sense("decade decades", "", "10", "year"),
    _Sense("century centuries centenary centennial", "百年 百周年 百週年", "100", "year"),
    _Sense(
        "once single sole solely lone only initial initially debut maiden inaugural opening opener top "
        "premier primary "
        "beginning number-one leading",
        "首 初 头 頭",
        "1",
    ),
    _Sense("secondly runner-up runners-up secondary", "其次 再次 亚军 亞軍 后半 後半 下半", "2"),
    _Sense("next following another again", "再 又 另 下 次 翌", "2", "rank"),
    _Sense("weekly", "", "1", "week"),
    _Sense("", "百分百", "100", "percent"),
    _Sense("", "全天候", "24 7"),
    _Sense("zero nil none", "零", "0"),
)
_PHRASES = (
    (re.compile(r"half[\s-](?:an?[\s-])?hour"), Decimal(30), "minute"),
    (re.compile(r"half[\s-](?:an?[\s-])?year"), Decimal(6), "month"),
    (re.compile(r"half[\s-]a[\s-]day"), Decimal(12), "hour"),
)
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
_ROMAN = re.compile(
    r"\b(?:(?:Part|Phase|Chapter|War|Volume|Book|Act|Stage|Type|Title|Article|Group|Class|Level)\s(?P<one>[IVX])"
    r"|(?P<many>[IVX]{2,6}))\b"
)
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")
_Reading = tuple[tuple[Decimal, ...], str]


def _table(words: Iterator[tuple[str, _Sense]]) -> dict[str, list[_Reading]]:
    table: dict[str, list[_Reading]] = {}
    for word, sense in words:
        table.setdefault(word, []).append((tuple(map(Decimal, sense.values.split())), sense.unit))
    return table


_ENGLISH = _table((word, sense) for sense in _SENSES for word in sense.english.split())
_CHINESE = _table((word, sense) for sense in _SENSES for word in sense.chinese.split())


def implied(text: str) -> Iterator[Implied]:
    """The words of a text that imply a number, and its Roman numerals."""
    for match in _ROMAN.finditer(text):
        yield Implied(match.group(), (Decimal(_roman(match["one"] or match["many"])),), "", match.start())
    lowered = text.lower()
    for match in _WORD.finditer(lowered):
        for readings, unit in _ENGLISH.get(match.group(), ()):
            yield Implied(match.group(), readings, unit, match.start())
    for word, senses in _CHINESE.items():
        for place in _places(word, text):
            yield from (Implied(word, readings, unit, place) for readings, unit in senses)
    for pattern, value, unit in _PHRASES if "half" in lowered else ():
        yield from (Implied(match.group(), (value,), unit, match.start()) for match in pattern.finditer(lowered))


def _roman(numeral: str) -> int:
    values = [_ROMAN_DIGITS[sign] for sign in numeral]
    return sum(-one if one < two else one for one, two in zip(values, [*values[1:], 0], strict=True))


def _places(word: str, text: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)
