"""Whether the figures of a brief are borne out by those of its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.briefs.facts import Facts
from bot.briefs.near import near_months, near_years, says_this_month
from bot.briefs.number import Number
from bot.briefs.scripts import count_han
from bot.briefs.units import MEASURED, in_base, mentions_unit, says_one

_YEARS = (1900, 2100)
_ROUNDED_FROM = Decimal(10_000)
_OF_A_DATE = frozenset(("", "nth", "day", "hour", "month"))
_NEAR = 40  # characters around a number
_SIGNS = "〇一二三四五六七八九"
_SUM = re.compile("[费費款资資钱錢价價薪]")  # Chinese news leaves its own currency out


def figure_problems(brief: Facts, source: Facts) -> Iterator[tuple[str, str]]:
    """The figures of a brief that its source does not have: the kind of each, and how the brief says it."""
    numbers = (number for number in brief.numbers if number.claims and not _has_number(number, source))
    yield from (("number", number.text) for number in numbers)
    for month, day in brief.calendar.dates:
        if not _has_date(month, day, source):
            yield "date", f"{month or ''}-{day or ''}"
    for hour, minute in brief.calendar.times:
        if (hour, minute) not in source.calendar.times and not (minute == 0 and _has_value(hour, "", source)):
            yield "time", f"{hour}:{minute:02}"
    if added := brief.calendar.weekdays - source.calendar.weekdays:
        yield "weekday", str(min(added))


def _has_number(number: Number, source: Facts) -> bool:
    """Whether the source has a number in this sense: its value, with the same unit where one is said."""
    same = [other for other in source.numbers if _same_value(number, other)]
    if any(_same_unit(number, other, source.text) for other in same):
        return True
    if not same and (_of_a_date(number, source) or _is_near_year(number, source)):
        return True
    return number.readings == (Decimal(1),) and says_one(source.text, number.unit)


def _same_value(number: Number, other: Number) -> bool:
    if number.order:
        return _same_order(number.readings[0], other)
    for one in number.readings:
        for two in other.readings:
            if one == two or in_base(one, number.unit)[0] == in_base(two, other.unit)[0] or _rounds_to(two, one):
                return True
    return False


def _same_order(order: Decimal, other: Number) -> bool:
    """Whether a figure is of an order of magnitude; what only says an order itself may be the next (成千上萬)."""
    if other.order:
        return order <= other.readings[0] * 10 and other.readings[0] <= order * 10
    return any(order <= value <= order * 10 for value in other.readings)


def _same_unit(number: Number, other: Number, text: str) -> bool:
    unit, others = _sense(number), _sense(other)
    if unit == others:
        return True
    if unit and others and in_base(Decimal(1), unit)[1] == in_base(Decimal(1), others)[1]:
        return any(in_base(one, unit) == in_base(two, others) for one in number.readings for two in other.readings)
    if "nth" in (unit, others) or (others == "rank" and number.text.startswith("第")):
        return True  # "day four" is 第四天, "the next day" 第二天
    if unit not in MEASURED:
        return others not in MEASURED or (not unit and others not in ("share", "percent"))
    if other.order and other.text.lower().startswith("multi"):
        return True  # a multibillion deal: English leaves out of what
    return others not in MEASURED and _is_near(unit, other, text)


def _is_near(unit: str, other: Number, text: str) -> bool:
    """Whether a unit stands near a number that has none of its own: "a sum of 5, in euros"."""
    near = text[max(0, other.place - _NEAR) : other.place + len(other.text) + _NEAR]
    if unit == "cny" and _SUM.search(near):
        return True
    if unit == "age":  # "aged 85", "was just 18"; Chinese says 歲
        return not count_han(near)
    return mentions_unit(near, unit)


def _sense(number: Number) -> str:
    """The unit, but none for the number of a year."""
    is_year = number.unit in ("year", "age") and _YEARS[0] <= number.readings[0] <= _YEARS[1]
    return "" if is_year else number.unit


def _rounds_to(exact: Decimal, rounded: Decimal) -> bool:
    """Whether a large number is another, said with fewer digits but at least two: 1,234,567 as 1.2 million."""
    if rounded < _ROUNDED_FROM or exact < _ROUNDED_FROM:
        return False
    digits, exponent = rounded.normalize().as_tuple()[1:]
    if len(digits) < 2 or not isinstance(exponent, int):  # noqa: PLR2004
        return False
    unit = Decimal(1).scaleb(exponent)
    return (
        len(exact.normalize().as_tuple().digits) > len(digits) and (exact / unit).to_integral_value() * unit == rounded
    )


def _of_a_date(number: Number, source: Facts) -> bool:
    """A day or month that the source has as part of a date ("the 22nd", 22日)."""
    if number.unit not in _OF_A_DATE or (not number.unit and number.text.isascii() and number.text.isalpha()):
        return False  # "ten cases" are no 10th
    parts = {part for date in source.calendar.dates for part in date if part}
    parts |= {hour for hour, _ in source.calendar.times}
    return any(value in parts for value in number.readings)


def _is_near_year(number: Number, source: Facts) -> bool:
    """Whether a number is the year of the source's day, or one that the source tells from there."""
    if source.day is None or number.unit not in ("", "year"):
        return False
    return any(value in near_years(source.text, source.day) for value in number.readings)


def _has_value(value: int, unit: str, source: Facts) -> bool:
    return any(value in number.readings and number.unit in ("", unit) for number in source.numbers)


def _has_date(month: int | None, day: int | None, source: Facts) -> bool:
    dates = source.calendar.dates
    if month and day and _is_known_as(month, day, source.text):
        return True
    if month and day:
        said = any(month == other for other, _ in dates)  # "1 February … on the 10th"
        alone = (None, day) in dates or _has_nth(day, source)
        return (month, day) in dates or (alone and (said or _is_near_month(month, day, source)))
    if month:
        return any(month == other for other, _ in dates) or _is_this_month(month, source)
    if any(day == other for _, other in dates):
        return True
    return day is not None and _has_nth(day, source)


def _is_known_as(month: int, day: int, text: str) -> bool:
    """Whether a text calls a day by its figures: 六四, 三一五, 9·11."""
    figures = str(month), str(day)
    signs = ["".join(_SIGNS[int(digit)] for digit in figure) for figure in figures]
    pairs = ["".join(signs), *(point.join(pair) for point in "·•" for pair in (figures, signs))]
    return any(pair in text for pair in pairs)


def _is_near_month(month: int, day: int, source: Facts) -> bool:
    return source.day is not None and month in near_months(source.text, day, source.day)


def _is_this_month(month: int, source: Facts) -> bool:
    return source.day is not None and month == source.day.month and says_this_month(source.text)


def _has_nth(day: int, source: Facts) -> bool:
    return any(day in number.readings and number.unit in ("nth", "day") for number in source.numbers)
