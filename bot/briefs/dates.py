"""Reads the dates, times of day and weekdays of a text, in English and in Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from bot.briefs.numerals import EN_SMALL, chinese_number
from bot.briefs.passes import blank


@dataclass(slots=True)
class Calendar:
    """A date is (month, day), either None when not said; a time (hour of twelve, minute); Monday is 0."""

    dates: list[tuple[int | None, int | None]] = field(default_factory=list)
    times: list[tuple[int, int]] = field(default_factory=list)
    weekdays: set[int] = field(default_factory=set)
    years: list[int] = field(default_factory=list)


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS_TOO = frozenset(("March", "May", "Jan", "Jun", "Mar", "Dec"))  # and names: Liang Jun, Jan Lipavsky
_NEAR = 10  # characters before
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_AND_DAY = r"(?:\s?(?:-|–|—|and|to|or|,)\s?(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?(?![\d,.]*\d)(?!\s?[A-Za-z%]))?"
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(?:the\s)?{_DAY}(?![\d]|,\d|\.\d){_AND_DAY}")
_DAY_FIRST = re.compile(
    rf"\b(?:(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?\s?(?:-|–|—|and|to|or)\s?)?{_DAY}(?:\s|-)+(?:of\s+)?{_MONTH}"
)
_MONTH_ALONE = re.compile(rf"(?<![A-Za-z-]){_MONTH}")
# "May" and "March" are months where a preposition or a year says so.
_MONTH_SAID = re.compile(
    r"\b(?:in|since|by|until|till|last|this|next|of|from|to|early|late|mid|through|during|between|and)[\s-]$",
    re.IGNORECASE,
)
_DATE_GOES_ON = re.compile(rf",?\s[12]\d{{3}}\b|\s?(?:to|and|through|until|-|–|—)\s?{_MONTH}")
_ZH_CALENDAR = re.compile("[月日号號]")
_ZH_N = r"(?:\d{1,2}\s?|[一二三四五六七八九十]{1,3})"
_NO_NUMERAL = r"(?<![\d.一二三四五六七八九十])"
_ZH_DATE = re.compile(
    rf"{_NO_NUMERAL}(?P<month>{_ZH_N})月(?![球亮])(?:份?\s?(?P<day>{_ZH_N})(?:[日号號]|(?=\s?(?:-|–|—|~|至|到|和|、)))"
    rf"(?:\s?(?:-|–|—|~|至|到|和|、)\s?(?P<day2>{_ZH_N})[日号號])?)?"
)
# 7至10月: the month stands at the end of the range.
_ZH_MONTHS = re.compile(rf"{_NO_NUMERAL}(?P<month>{_ZH_N})月?\s?(?:-|–|—|~|至|到|和|、)\s?(?={_ZH_N}月(?!球))")
_ZH_DAYS = re.compile(rf"{_NO_NUMERAL}(?P<day>{_ZH_N})(?:-|–|—|~|至|到|和|、)\s?(?P<day2>{_ZH_N})日(?![本元圆圓线線])")
_ZH_DAY = re.compile(rf"{_NO_NUMERAL}(?<![\d一二三四五六七八九十]月)(?P<day>{_ZH_N})\)?日(?![本元圆圓线線])")
_EN_DAY = re.compile(r"\bthe\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)\b(?!\s?[A-Za-z-]|\s?[–—]\s?(?:the\s)?\d+th\scentur)")
_ISO = re.compile(r"\b(?P<year>[12]\d{3})[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]?\d)\b", re.ASCII)
_CLOCK = re.compile(
    r"\b(?P<hour>[0-2]?\d)(?:[:.](?P<minute>[0-5]\d))?\s?[ap]\.?m\b\.?|\b(?P<h>[0-2]?\d):(?P<m>[0-5]\d)\b"
    r"|\b(?P<o>\d{1,2}|[a-z]{3,6}) o['’]clock"
    r"|(?:[上下中]午|[早晚]上|凌晨|傍晚)\s?(?P<ho>\d{1,2})\.(?P<mi>[0-5]\d)",
    re.IGNORECASE | re.ASCII,
)
_ZH_CLOCK = re.compile(
    rf"{_NO_NUMERAL}(?:(?P<hour>\d{{1,2}})\s?[时時点點](?![代候名])\s?(?:(?P<minute>{_ZH_N})分|(?P<half>半))?"
    r"|(?P<h>[一二两兩三四五六七八九十]{1,3})[时時点點](?:(?P<m>[一二三四五六七八九十]{1,3})分|(?P<s>半)|[钟鐘整]))"
)
_TWELVE = re.compile(r"\b(?:noon|mid-?day|midnight)\b|[正中]午|午夜|零[时時点點]", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"\b(?P<en>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b"
    r"|(?:周|週|星期|礼拜|禮拜)(?P<zh>[一二三四五六日天](?:[一二三四五六日](?![一二三四五六七八九十日月年])|(?:至|到|、|和)[一二三四五六日](?![一二三四五六七八九十月年]))?)"
)
_WEEKDAYS = {"mon": 0, "tues": 1, "wednes": 2, "thurs": 3, "fri": 4, "satur": 5, "sun": 6} | {
    sign: day for day, sign in enumerate("一二三四五六日")
} | {"天": 6}  # fmt: skip


def take_calendar(text: str) -> tuple[Calendar, str]:
    """The dates, times and weekdays of a text (in NFKC), and the text with blanks in their place."""
    found = Calendar()
    for take in (_take_iso, _take_english_dates, _take_chinese_dates, _take_times, _take_weekdays):
        text = take(text, found)
    return found, text


def _small(numeral: str | None) -> int | None:
    if not numeral:
        return None
    numeral = numeral.strip()
    value = Decimal(numeral) if numeral.isdigit() else chinese_number(numeral)
    return int(value) if value is not None else None


def _take_iso(text: str, found: Calendar) -> str:
    def iso(match: re.Match[str]) -> None:
        found.dates.append((int(match["month"]), int(match["day"])))
        found.years.append(int(match["year"]))

    return blank(_ISO, text, iso)


def _take_english_dates(text: str, found: Calendar) -> str:
    def english(match: re.Match[str]) -> bool:
        groups = match.groupdict()
        month = _MONTHS.index(groups["month"][:3].lower()) + 1
        days = [_small(groups.get(name)) for name in ("day", "day2")]
        found.dates.extend((month, day) for day in days if day)
        if not any(days) and (groups["month"] not in _WORDS_TOO or _is_month(text, match)):
            found.dates.append((month, None))
        return bool(any(days) or found.dates)

    def day(match: re.Match[str]) -> None:
        found.dates.append((None, int(match["day"])))

    for pattern in (_DAY_FIRST, _MONTH_FIRST, _MONTH_ALONE):
        text = blank(pattern, text, english)
    return blank(_EN_DAY, text, day)


def _is_month(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _NEAR) : match.start()]
    return bool(_MONTH_SAID.search(before) or _DATE_GOES_ON.match(text, match.end()))


def _take_chinese_dates(text: str, found: Calendar) -> str:
    def chinese(match: re.Match[str]) -> None:
        month = _small(match["month"])
        days = [_small(match.groupdict().get(name)) for name in ("day", "day2")]
        found.dates.extend((month, day) for day in days if day)
        if not any(days):
            found.dates.append((month, None))

    def day_alone(match: re.Match[str]) -> None:
        days = (_small(match.groupdict().get(name)) for name in ("day", "day2"))
        found.dates.extend((None, day) for day in days if day)

    if not _ZH_CALENDAR.search(text):
        return text
    for pattern in (_ZH_MONTHS, _ZH_DATE):
        text = blank(pattern, text, chinese)
    for pattern in (_ZH_DAYS, _ZH_DAY):
        text = blank(pattern, text, day_alone)
    return text


def _take_times(text: str, found: Calendar) -> str:
    def english(match: re.Match[str]) -> bool:
        said = match["hour"] or match["h"] or match["o"] or match["ho"]
        minute = match["minute"] or match["m"] or match["mi"]
        hour = int(said) if said.isdigit() else EN_SMALL.get(said.lower())
        if hour is None:
            return False
        found.times.append((hour % 12, int(minute or 0)))
        return True

    def chinese(match: re.Match[str]) -> None:
        hour, minute = match["hour"] or match["h"], match["minute"] or match["m"]
        half = match["half"] or match["s"]
        found.times.append(((_small(hour) or 0) % 12, 30 if half else _small(minute) or 0))

    return blank(_ZH_CLOCK, blank(_CLOCK, text, english), chinese)


def says_twelve(text: str) -> bool:
    """Whether a text says noon or midnight in words."""
    return bool(_TWELVE.search(text))


def _take_weekdays(text: str, found: Calendar) -> str:
    def weekday(match: re.Match[str]) -> None:
        signs = [match["en"].lower()] if match["en"] else [sign for sign in match["zh"] if sign in _WEEKDAYS]
        found.weekdays.update(_WEEKDAYS[sign] for sign in signs)

    return blank(_WEEKDAY, text, weekday)
