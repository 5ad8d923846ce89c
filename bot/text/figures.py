"""English dates, times and figures that a translator left standing in Chinese, in Chinese form and of equal value."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>1[89]\d\d|2[01]\d\d)"
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
# A run of English around it (a title, a name) is left alone, and so is a figure of which this would be but a part.
_BEGIN = r"(?<![A-Za-z\d.,:/–—-])(?<![A-Za-z]\s)"
_END = r"(?![A-Za-z\d])(?!\s+[A-Za-z])(?![.,:/–—-]\d)"

_DATES = [
    re.compile(_BEGIN + pattern + _END)
    for pattern in (
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"{_DAY}\s+{_MONTH},?\s+{_YEAR}",
        rf"{_MONTH}\s+{_DAY}",
        rf"{_DAY}\s+{_MONTH}",
        rf"{_MONTH}\s+{_YEAR}",
    )
]
_TIME = re.compile(
    rf"{_BEGIN}(?P<hour>1[0-2]|0?[1-9])(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>[ap])\.?m\b\.?{_END}(?:\s(?=[\u4e00-\u9fff]))?",
    re.IGNORECASE,
)
_POWERS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "bn": 9, "trillion": 12, "tn": 12}
_LARGE = re.compile(
    rf"(?<![A-Za-z\d.,:/–—-])(?:(?P<low>{_NUMBER})\s*(?:-|–|—|to|至|到)\s*)?(?P<high>{_NUMBER})[\s-]*"
    rf"(?P<unit>{'|'.join(_POWERS)}){_END}",
    re.IGNORECASE,
)
_POINTS = re.compile(rf"(?P<number>{_NUMBER})[\s-]*percentage\s+points?(?![A-Za-z])", re.IGNORECASE)
_PERCENT = re.compile(rf"(?P<number>{_NUMBER})\s*(?:per\s?cent|pct)(?![A-Za-z])", re.IGNORECASE)
_UNITS = ((12, "萬億"), (8, "億"), (4, "萬"))
_SIMPLIFIED = str.maketrans("萬億時個點", "万亿时个点")
_NOON = 12


def chinese_figures(text: str, *, simplified: bool = False) -> str:
    """The text with its English dates (1 Feb 2026), times (10 a.m.) and figures (1.2 million) in Chinese form.

    `simplified` is for text in 简体. Whatever stands in a run of English words is left as it is.
    """
    for pattern in _DATES:
        text = pattern.sub(_written(_date, simplified=simplified), text)
    for pattern, write in ((_TIME, _time), (_LARGE, _large), (_POINTS, _points), (_PERCENT, _percent)):
        text = pattern.sub(_written(write, simplified=simplified), text)
    return text


def _written(write: Callable[[re.Match[str]], str], *, simplified: bool) -> Callable[[re.Match[str]], str]:
    return lambda match: write(match).translate(_SIMPLIFIED) if simplified else write(match)


def _date(match: re.Match[str]) -> str:
    parts = match.groupdict()
    month = _MONTHS.index(match["month"][:3].lower()) + 1
    year = f"{parts['year']}年" if parts.get("year") else ""
    day = f"{int(match['day'])}日" if parts.get("day") else ""
    return f"{year}{month}月{day}"


def _time(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), match["minute"]
    minutes = f"{int(minute)}分" if minute and int(minute) else ""
    if hour == _NOON:  # 12 a.m. begins the day
        return f"凌晨0時{minutes}" if match["half"].lower() == "a" else f"中午12時{minutes}"
    return f"{'上午' if match['half'].lower() == 'a' else '下午'}{hour}時{minutes}"


def _large(match: re.Match[str]) -> str:
    power = _POWERS[match["unit"].lower()]
    low = f"{_with_unit(match['low'], power)}至" if match["low"] else ""
    return low + _with_unit(match["high"], power)


def _with_unit(number: str, power: int) -> str:
    """A figure times a power of ten: in 萬, 億 or 萬億 where it is that large, all its digits kept."""
    value = Decimal(number.replace(",", "")).scaleb(power)
    for size, unit in _UNITS:
        if value >= Decimal(10) ** size:
            return f"{_plain(value.scaleb(-size))}{unit}"
    return _plain(value)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _points(match: re.Match[str]) -> str:
    return f"{match['number']}個百分點"


def _percent(match: re.Match[str]) -> str:
    return f"{match['number']}%"
