"""Reads the numbers of a text with their units, in English and in Chinese: figures, words, fractions and ranges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.briefs.implied import implied
from bot.briefs.number import ARABIC, ZH_MAGNITUDE, Number, value_of
from bot.briefs.numerals import MAGNITUDES, ZH_LARGE, ZH_SMALL
from bot.briefs.passes import blank
from bot.briefs.shares import decades_of, take_halves, take_shares
from bot.briefs.spelled import AND_A_HALF, take_chinese_words, take_english_words, take_orders
from bot.briefs.units import unit_around

_MAGNITUDE = "".join((*ZH_SMALL, *ZH_LARGE)).replace("十", "")
_MAGNITUDE = "|".join(sorted(MAGNITUDES, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?=\d)(?:(?P<zh>(?:(?:{ARABIC})\s?[多余餘几幾]?\s?[{ZH_MAGNITUDE}]+)+(?:{ARABIC})?)"
    rf"|(?P<en>{ARABIC})[\s-]?(?P<magnitude>{_MAGNITUDE})\b|(?P<plain>{ARABIC}))",
    re.IGNORECASE | re.ASCII,
)
_ZH_PART = re.compile(rf"(?P<number>{ARABIC})\s?[多余餘几幾]?\s?(?P<magnitude>[{ZH_MAGNITUDE}]*)")
_TO = r"\s?(?:-|–|—|~|to|and|or|至|到|和|或|、)\s?"
_RANGE = re.compile(
    rf"(?:st|nd|rd|th)?\s?%?{_TO}(?:the\s)?[$€£¥]?(?P<number>{ARABIC})[\s-]?(?:(?P<en>(?:{_MAGNITUDE})\b)|(?P<zh>[{ZH_MAGNITUDE}]+))?",
    re.IGNORECASE | re.ASCII,
)
_IN_NAME = re.compile(
    r"(?<![A-Za-z])(?!(?:RMB|CNY|USD|EUR|GBP|HKD|US|No|A|I)$)[A-Z][A-Za-z]*-?$|(?<![A-Za-z])[a-z]{1,3}$"
)
_NEAR = 10
_YEAR_DIGITS = 4
_DECADE, _TENS = re.compile(r"['’]?s\b|\s?年代", re.ASCII), re.compile(r"(?:\d\d)?\d0")
_BORN_IN = re.compile(r"[后後](?![来來天年面，。、])")  # 95後: who was born from 1995 on
_FIRST_YEAR = 1000
_SHORT_YEAR = re.compile(r"\s?[-–/]\s?(?P<year>\d\d)(?!\d)")
_ROC = re.compile(r"民[国國]\s?$")
_ROC_YEARS = 1911


def take_numbers(text: str) -> list[Number]:
    """The numbers of a text in NFKC from which dates and times are taken out."""
    found: list[Number] = []
    for take in (take_halves, take_shares, _take_figures, take_orders, take_english_words, take_chinese_words):
        text = take(text, found)
    found += [years for number in found if number.unit == "century" for years in _hundreds(number)]
    return found + [Number(*word[:3], claims=False, place=word.place) for word in implied(text)]


def _hundreds(century: Number) -> Iterator[Number]:
    """The 19th century is the 1800s."""
    for value in century.readings:
        yield Number(century.text, ((value - 1) * 100,), claims=False, place=century.place)


def _take_figures(text: str, found: list[Number]) -> str:
    def number(match: re.Match[str]) -> None:
        start, end = match.span()
        named = _IN_NAME.search(text[max(0, start - _NEAR) : start]) and len(match.group()) < _YEAR_DIGITS
        readings = _readings(match, text)
        unit = unit_around(text, start, end) or _unit_of_range(text, end)
        if _TENS.fullmatch(match.group()) and _DECADE.match(text, end):
            found.extend(decades_of(match, readings[0]))
        else:
            found.append(Number(match.group(), readings, unit, claims=not named, place=start))
        if (match["magnitude"] or "").lower() == "m":  # "a drop of 30m"
            found.append(Number(match.group(), readings[1:], "m", claims=False, place=start))
        if re.fullmatch(r"\d[05]", match.group()) and _BORN_IN.match(text, end):
            found[-1:] = decades_of(match, readings[0])
        if match["plain"] and (short := _SHORT_YEAR.match(text, end)) and readings[0] >= _FIRST_YEAR:
            found.append(Number(short.group(), (readings[0] // 100 * 100 + Decimal(short["year"]),), claims=False))
            found.append(Number(short.group(), (Decimal(short["year"]),), "year", claims=False))

    return blank(_NUMBER, text, number)


def _unit_of_range(text: str, end: int) -> str:
    """5 至 10 公里: what the last number of a range has for a unit, the first has too."""
    following = _RANGE.match(text, end)
    return unit_around(text, following.start("number"), following.end()) if following else ""


def _readings(match: re.Match[str], text: str) -> tuple[Decimal, ...]:
    if match["zh"]:
        return (sum((_zh_part(part) for part in _ZH_PART.finditer(match["zh"])), Decimal(0)),)
    if match["en"]:
        value, magnitude = value_of(match["en"]), match["magnitude"].lower()
        sure = magnitude in ("hundred", "thousand", "million", "billion", "trillion")
        return (value * MAGNITUDES[magnitude], *(() if sure else (value,)))
    value = value_of(match["plain"])
    if _ROC.search(text[max(0, match.start() - _NEAR) : match.start()]):
        return (value, value + _ROC_YEARS)
    if AND_A_HALF.match(text, match.end()):
        return (value + Decimal("0.5"),)
    return _in_range(value, match, text)


def _in_range(value: Decimal, match: re.Match[str], text: str) -> tuple[Decimal, ...]:
    following = _RANGE.match(text, match.end())  # "1-1.2 million": the first may be a million too
    if not following:
        return (value,)
    if following["en"]:
        return (value, value * MAGNITUDES[following["en"].lower()])
    return (value, value * _magnitude(following["zh"])) if following["zh"] else (value,)


def _magnitude(signs: str) -> Decimal:
    product = 1
    for sign in signs:
        product *= ZH_LARGE.get(sign) or ZH_SMALL[sign]
    return Decimal(product)


def _zh_part(part: re.Match[str]) -> Decimal:
    return value_of(part["number"]) * _magnitude(part["magnitude"])
