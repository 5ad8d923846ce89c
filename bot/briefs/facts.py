"""Reads the figures of a text: numbers with their units, dates, times and weekdays, in English and in Chinese."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.briefs.dates import Calendar, says_twelve, take_calendar
from bot.briefs.number import Number
from bot.briefs.quantities import take_numbers


@dataclass(frozen=True, slots=True)
class Facts:
    """The figures of a text, which is kept in the form that they were read from, and the day it is of if known."""

    text: str
    numbers: list[Number]
    calendar: Calendar
    day: date | None = None


def read_facts(text: str, day: date | None = None) -> Facts:
    """The figures of a text. What is part of a date or time is no number besides."""
    text = unicodedata.normalize("NFKC", text)
    calendar, rest = take_calendar(text)
    if says_twelve(text):
        calendar.times.append((0, 0))
    years = [Number(str(year), (Decimal(year),)) for year in calendar.years]
    return Facts(text, years + take_numbers(rest), calendar, day)
