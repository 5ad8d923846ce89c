"""The numbers of a text, written alike whatever the language: 2.6 billion and 26亿, twelve and 十二."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from bot.text.fold import fold

_UNITS = (
    {"hundred": 10**2, "thousand": 10**3, "k": 10**3, "million": 10**6, "mn": 10**6, "m": 10**6}
    | {"billion": 10**9, "bn": 10**9, "trillion": 10**12, "tn": 10**12}
    | {"百": 10**2, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12}
)
_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ROMAN = "ii iii iv vi vii viii ix xi xii"  # but for those that are letters, too
_SPELLED = (
    {word: value for value, word in enumerate(_WORDS.split(), start=1)}
    | {word: value for value, word in enumerate(_ORDINALS.split(), start=1)}
    | dict(zip(_ROMAN.split(), (2, 3, 4, 6, 7, 8, 9, 11, 12), strict=True))
    | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
)
_DIGITS = {sign: value for value, sign in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
# A lone 一 or 三 is mostly part of a word (统一, 再三): it counts after 第, or before what is counted.
_COUNTED = "人名日天月年轮次场起死伤岁届期号成强家国方架艘枚"
# At most places no number begins, which the first look ahead tells.
_FIRST = "".join({word[0]: None for word in _SPELLED}) + "第一二三四五六七八九十百千两"
_NUMBER = re.compile(
    rf"(?=[\d{_FIRST}])(?:"
    rf"(?<![\w.])(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?P<decimals>\.\d+)?(?:[\s-]?(?P<unit>{_UNIT})(?![a-z]))?"
    rf"|(?<=[^\W\da-z_])(?P<zh_digits>\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?P<zh_decimals>\.\d+)?(?P<zh_unit>{_UNIT})?"
    rf"|\b(?P<word>{'|'.join(sorted(_SPELLED, key=len, reverse=True))})\b"
    rf"|第(?P<ordinal>[一二三四五六七八九十百]+)"
    rf"|(?P<numeral>[一二三四五六七八九十百千两]{{2,}}|[二三四五六七八九十两](?=[{_COUNTED}]))(?P<large>万亿|亿|万)?)"
)
_YEARS = range(1900, 2100)
_LONGEST = 15  # digits; longer ones are no quantities


class Number(NamedTuple):
    """A number's value as text (`2600000000`), where it stands in the folded text, and whether it stands in words."""

    value: str
    start: int
    in_words: bool


def read_numbers(text: str) -> Iterator[Number]:
    """The numbers of a text, in order; offsets are those of its folded form."""
    for found in _NUMBER.finditer(fold(text)):
        value = _value(found)
        if value is not None:
            yield Number(f"{value.normalize():f}", found.start(), not (found["digits"] or found["zh_digits"]))


def is_year(number: str) -> bool:
    """Whether a number is most likely a year, which tells little of what happened."""
    return number.isdecimal() and int(number) in _YEARS


def _value(found: re.Match[str]) -> Decimal | None:
    digits = found["digits"] or found["zh_digits"]
    if digits:
        if len(digits) > _LONGEST:
            return None
        decimals = found["decimals"] or found["zh_decimals"] or ""
        unit = _UNITS.get(found["unit"] or found["zh_unit"] or "", 1)
        return Decimal(digits.replace(",", "") + decimals) * unit
    if found["word"]:
        return Decimal(_SPELLED[found["word"]])
    value = _chinese(found["ordinal"] or found["numeral"])
    return value * _UNITS.get(found["large"] or "", 1) if value is not None else None


def _chinese(numeral: str) -> Decimal | None:
    """The value of a numeral below ten thousand; None for digits side by side (三四 is three or four)."""
    total, digit = 0, 0
    for sign in numeral:
        if sign in _TENS:
            total += (digit or 1) * _TENS[sign]
            digit = 0
        elif digit:
            return None
        else:
            digit = _DIGITS[sign]
    return Decimal(total + digit)
