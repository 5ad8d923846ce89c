"""Reads the figures of a text: numbers with their units, dates, times and weekdays, in English and in Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from bot.briefs.numerals import (
    EN_NUMERAL,
    EN_ORDINALS,
    MAGNITUDES,
    ZH_DIGITS,
    ZH_LARGE,
    ZH_NUMERAL,
    ZH_SMALL,
    chinese_number,
    english_number,
)
from bot.briefs.units import unit_around


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written; `readings` are its possible values ("5m" is five million, or five metres).

    數十萬 and 千 in 近千 are `vague`: they bear out a figure, and claim none.
    """

    text: str
    readings: tuple[Decimal, ...]
    unit: str = ""
    in_words: bool = False
    vague: bool = False


@dataclass(slots=True)
class Facts:
    """The figures of a text. A date is (month, day), either None when not said; a time (hour of twelve, minute)."""

    numbers: list[Number] = field(default_factory=list)
    dates: list[tuple[int | None, int | None]] = field(default_factory=list)
    times: list[tuple[int, int]] = field(default_factory=list)
    weekdays: set[int] = field(default_factory=set)


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS_TOO = (3, 5)  # March, May
_NEAR = 10  # characters before
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_AND_DAY = r"(?:\s?(?:-|–|—|and|to|or|,)\s?(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?(?![\d,.]*\d))?"
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+{_DAY}(?![\d]){_AND_DAY}")
_DAY_FIRST = re.compile(
    rf"\b(?:(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?\s?(?:-|–|—|and|to|or)\s?)?{_DAY}\s+(?:of\s+)?{_MONTH}"
)
_MONTH_ALONE = re.compile(rf"(?<![A-Za-z-]){_MONTH}")
# "May" and "March" are months where a preposition or a year says so.
_MONTH_SAID = re.compile(
    r"\b(?:in|since|by|until|till|last|this|next|of|from|to|early|late|mid|through|during)[\s-]$", re.IGNORECASE
)
_YEAR_FOLLOWS = re.compile(r",?\s[12]\d{3}\b")
_ZH_N = r"(?:\d{1,2}\s?|[一二三四五六七八九十]{1,3})"
_NO_NUMERAL = r"(?<![\d.一二三四五六七八九十])"
_ZH_DATE = re.compile(rf"{_NO_NUMERAL}(?P<month>{_ZH_N})月(?!球)(?:份?\s?(?P<day>{_ZH_N})[日号號])?")
_ZH_DAY = re.compile(rf"{_NO_NUMERAL}(?<!月)(?P<day>{_ZH_N})[日号號](?![本元圆圓线線])")
_ISO = re.compile(r"\b(?P<year>[12]\d{3})[-/](?P<month>[01]?\d)[-/](?P<day>[0-3]?\d)\b")
_CLOCK = re.compile(
    r"\b(?P<hour>[0-2]?\d)(?:[:.](?P<minute>[0-5]\d))?\s?[ap]\.?m\b\.?|\b(?P<h>[0-2]?\d):(?P<m>[0-5]\d)\b",
    re.IGNORECASE,
)
_ZH_CLOCK = re.compile(
    rf"{_NO_NUMERAL}(?:(?P<hour>\d{{1,2}})\s?[时時点點](?![代候名])\s?(?:(?P<minute>{_ZH_N})分|(?P<half>半))?"
    r"|(?P<h>[一二三四五六七八九十]{1,3})[时時点點](?:(?P<m>[一二三四五六七八九十]{1,3})分|(?P<s>半)|[钟鐘整]))"
)
_WEEKDAY = re.compile(
    r"\b(?P<en>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b|(?:周|週|星期|礼拜|禮拜)(?P<zh>[一二三四五六日天])"
)
_WEEKDAYS = {"mon": 0, "tues": 1, "wednes": 2, "thurs": 3, "fri": 4, "satur": 5, "sun": 6} | {
    sign: day for day, sign in enumerate("一二三四五六日")
} | {"天": 6}  # fmt: skip

_ARABIC = r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_ZH_MAGNITUDE = "".join((*ZH_SMALL, *ZH_LARGE)).replace("十", "")
_MAGNITUDE = "|".join(sorted(MAGNITUDES, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<zh>(?:(?:{_ARABIC})\s?[多余餘]?\s?[{_ZH_MAGNITUDE}]+)+(?:{_ARABIC})?)"
    rf"|(?P<en>{_ARABIC})[\s-]?(?P<magnitude>{_MAGNITUDE})\b|(?P<plain>{_ARABIC})",
    re.IGNORECASE,
)
_ZH_PART = re.compile(rf"(?P<number>{_ARABIC})\s?[多余餘]?\s?(?P<magnitude>[{_ZH_MAGNITUDE}]*)")
_RANGE = re.compile(
    rf"\s?(?:-|–|—|~|to|and|or|至|到)\s?[$€£¥]?(?:{_ARABIC})[\s-]?(?P<en>(?:{_MAGNITUDE})\b)?(?P<zh>[{_ZH_MAGNITUDE}]+)?",
    re.IGNORECASE,
)
_IN_NAME = re.compile(r"(?<![A-Za-z])(?!(?:RMB|CNY|USD|EUR|GBP|HKD|US|No)$)[A-Z][A-Za-z]*-?$")
_YEAR_DIGITS = 4
_DECADE = re.compile(r"['’]?s\b|\s?年代")
_FIRST_YEAR = 1000
_CENTURY_DECADE = re.compile(r"(?P<century>\d{1,2}|上)\s?[个個]?世[纪紀]\s?(?P<decade>\d0)\s?年代")
_TENTHS = re.compile(r"(?P<number>[一二两兩三四五六七八九\d])成(?![为為立功员員果长長都年本分绩績就])")
_FRACTION = re.compile(rf"(?![百千]分之)[{ZH_NUMERAL}]+分之[{ZH_NUMERAL}]+")
_ZH_WORDS = re.compile(
    rf"(?P<vague>[数數几幾上近])?(?P<numeral>[{ZH_NUMERAL}]+(?:点[{ZH_NUMERAL}]+|點[{ZH_NUMERAL}]+)?)(?!分[之点點])"
)
_ADJACENT = re.compile(r"(?<=[十百千万萬亿億][一二三四五六七八九])(?=[一二三四五六七八九])")
_ORDINAL_WORDS = re.compile(rf"\b(?:{'|'.join(EN_ORDINALS)})\b", re.IGNORECASE)


def read_facts(text: str) -> Facts:
    """The figures of a text. What is part of a date or time is no number besides."""
    text = unicodedata.normalize("NFKC", text)
    facts = Facts()
    for take in (_take_dates, _take_times, _take_weekdays, _take_arabic, _take_words):
        text = take(text, facts)
    return facts


def _blank(pattern: re.Pattern[str], text: str, handle: Callable[[re.Match[str]], None]) -> str:
    """Handle each match, and leave blanks in its place so that no other reading takes it."""

    def replace(match: re.Match[str]) -> str:
        handle(match)
        return " " * len(match.group())

    return pattern.sub(replace, text)


def _small(numeral: str | None) -> int | None:
    if not numeral:
        return None
    numeral = numeral.strip()
    value = Decimal(numeral) if numeral.isdigit() else chinese_number(numeral)
    return int(value) if value is not None else None


def _take_dates(text: str, facts: Facts) -> str:
    def english(match: re.Match[str]) -> None:
        groups = match.groupdict()
        month = _MONTHS.index(groups["month"][:3].lower()) + 1
        days = [_small(groups.get(name)) for name in ("day", "day2")]
        facts.dates.extend((month, day) for day in days if day)
        if not any(days) and (month not in _WORDS_TOO or _is_month(text, match)):
            facts.dates.append((month, None))

    def chinese(match: re.Match[str]) -> None:
        facts.dates.append((_small(match["month"]), _small(match["day"])))

    def day_alone(match: re.Match[str]) -> None:
        facts.dates.append((None, _small(match["day"])))

    def iso(match: re.Match[str]) -> None:
        chinese(match)
        facts.numbers.append(Number(match["year"], (Decimal(match["year"]),)))

    text = _blank(_ISO, text, iso)
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _MONTH_ALONE):
        text = _blank(pattern, text, english)
    text = _blank(_ZH_DATE, text, chinese)
    return _blank(_ZH_DAY, text, day_alone)


def _is_month(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _NEAR) : match.start()]
    return bool(_MONTH_SAID.search(before) or _YEAR_FOLLOWS.match(text, match.end()))


def _take_times(text: str, facts: Facts) -> str:
    def english(match: re.Match[str]) -> None:
        hour, minute = match["hour"] or match["h"], match["minute"] or match["m"]
        facts.times.append((int(hour) % 12, int(minute or 0)))

    def chinese(match: re.Match[str]) -> None:
        hour, minute = match["hour"] or match["h"], match["minute"] or match["m"]
        half = match["half"] or match["s"]
        facts.times.append(((_small(hour) or 0) % 12, 30 if half else _small(minute) or 0))

    return _blank(_ZH_CLOCK, _blank(_CLOCK, text, english), chinese)


def _take_weekdays(text: str, facts: Facts) -> str:
    def weekday(match: re.Match[str]) -> None:
        facts.weekdays.add(_WEEKDAYS[(match["en"] or match["zh"]).lower()])

    return _blank(_WEEKDAY, text, weekday)


def _take_arabic(text: str, facts: Facts) -> str:
    def tenths(match: re.Match[str]) -> None:
        facts.numbers.append(Number(match.group(), (Decimal((_small(match["number"]) or 0) * 10),), "percent"))

    def decade(match: re.Match[str]) -> None:
        century = 20 if match["century"] == "上" else int(match["century"])
        values = (100 * (century - 1) + int(match["decade"]), int(match["decade"]), century)
        facts.numbers.append(Number(match.group(), tuple(map(Decimal, values))))

    def number(match: re.Match[str]) -> None:
        if _IN_NAME.search(text[max(0, match.start() - _NEAR) : match.start()]) and len(match.group()) < _YEAR_DIGITS:
            return  # COVID-19, F-16: a name, and compared as one
        unit = unit_around(text, *match.span())
        facts.numbers.append(Number(match.group(), _readings(match, text), unit))

    text = _blank(_TENTHS, _blank(_CENTURY_DECADE, text, decade), tenths)
    return _blank(_NUMBER, text, number)


def _value(numeral: str) -> Decimal:
    return Decimal(numeral.replace(",", ""))


def _readings(match: re.Match[str], text: str) -> tuple[Decimal, ...]:
    if match["zh"]:
        return (sum((_zh_part(part) for part in _ZH_PART.finditer(match["zh"])), Decimal(0)),)
    if match["en"]:
        value = _value(match["en"])
        sure = match["magnitude"].lower() in ("hundred", "thousand", "million", "billion", "trillion")
        return (value * MAGNITUDES[match["magnitude"].lower()], *(() if sure else (value,)))
    value = _value(match["plain"])
    if _DECADE.match(text, match.end()) and value >= _FIRST_YEAR:  # 1980s: 80年代, 20世纪80年代
        return (value, value % 100, value // 100 + 1)
    following = _RANGE.match(text, match.end())  # "1-1.2 million": the first may be a million too
    if following and following["en"]:
        return (value, value * MAGNITUDES[following["en"].lower()])
    return (value, value * _magnitude(following["zh"])) if following and following["zh"] else (value,)


def _magnitude(signs: str) -> Decimal:
    product = 1
    for sign in signs:
        product *= ZH_LARGE.get(sign) or ZH_SMALL[sign]
    return Decimal(product)


def _zh_part(part: re.Match[str]) -> Decimal:
    return _value(part["number"]) * _magnitude(part["magnitude"])


def _take_words(text: str, facts: Facts) -> str:
    def english(match: re.Match[str]) -> None:
        facts.numbers.append(
            Number(match.group(), (english_number(match.group()),), unit_around(text, *match.span()), in_words=True)
        )

    def ordinal(match: re.Match[str]) -> None:
        facts.numbers.append(Number(match.group(), (Decimal(EN_ORDINALS[match.group().lower()]),), in_words=True))

    def chinese(match: re.Match[str]) -> None:
        start, end = match.span("numeral")
        numeral = match["numeral"]
        pair = 1 < len(numeral) < _YEAR_DIGITS and all(sign in ZH_DIGITS for sign in numeral)  # 一两, 六四
        vague = bool(match["vague"]) or pair or numeral in tuple("百千万萬亿億兆")
        for value in _chinese_values(numeral):
            unit = unit_around(text, start, end)
            facts.numbers.append(Number(numeral, (value,), unit, in_words=True, vague=vague))

    text = _blank(_ORDINAL_WORDS, _blank(EN_NUMERAL, text, english), ordinal)
    return _blank(_ZH_WORDS, _FRACTION.sub(" ", text), chinese)


def _chinese_values(numeral: str) -> list[Decimal]:
    """The value of a Chinese numeral; several where signs only stand side by side, as in 十四五."""
    whole, _, decimals = numeral.replace("點", "点").partition("点")
    values = [value for part in _ADJACENT.sub(" ", whole).split() if (value := chinese_number(part)) is not None]
    if decimals and len(values) == 1 and (tail := chinese_number(decimals)) is not None:
        return [values[0] + Decimal(f"0.{tail}")]
    return values
