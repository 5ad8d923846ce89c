"""The guard: refuses a machine-made brief that says what its source does not, or that is not in the right form."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from bot.briefs.facts import Facts, Number, read_facts
from bot.briefs.form import form_problems
from bot.briefs.glossary import Glossary
from bot.briefs.names import SourceNames
from bot.briefs.source import Source
from bot.briefs.units import mentions_unit
from bot.errors import BriefRefused
from bot.model import Brief, Language

FACTS = frozenset(("number", "date", "time", "weekday", "name", "negation", "modality"))
_FREE_IN_WORDS = 10  # two, 兩, 三方: words so small are grammar as often as figures
_YEARS = (1900, 2100)
_ROUNDED_FROM = Decimal(10_000)


class Problem(NamedTuple):
    """What is wrong with a field: the kind of fault, and the words it stands on ("" where it is the whole)."""

    field: str
    kind: str
    words: str = ""

    def __str__(self) -> str:
        return ": ".join(filter(None, self))


class _Field(NamedTuple):
    name: str
    text: str
    language: Language


class Guard:
    """Compares briefs with their sources. Pure: the same brief and source always fare the same."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary

    def check(self, brief: Brief, source: Source) -> None:
        """Nothing when the brief is faithful. Raises BriefRefused with the reason and what it stands on."""
        for problem in self.problems(brief, source):
            raise BriefRefused(str(problem))

    def problems(self, brief: Brief, source: Source) -> Iterator[Problem]:
        """All that is wrong with a brief, field by field; nothing when it is faithful and in form."""
        names = SourceNames(source.whole, self._glossary)
        facts = read_facts(source.whole)
        for field in _fields(brief):
            if not field.text.strip():
                if field.name.startswith("title") or source.text:
                    yield Problem(field.name, "empty")
                continue
            for kind, words in form_problems(field.name, field.text, field.language, source.whole):
                yield Problem(field.name, kind, words)
            for kind, words in _figure_problems(field, facts, source.whole):
                yield Problem(field.name, kind, words)
            for name in names.unknown(field.text, field.language, same_language=field.language is source.side):
                yield Problem(field.name, "name", name)


def _fields(brief: Brief) -> Iterator[_Field]:
    yield _Field("title_zh", brief.title_zh, Language.ZH)
    yield _Field("title_en", brief.title_en, Language.EN)
    yield _Field("summary_zh", brief.summary_zh, Language.ZH)
    yield _Field("summary_en", brief.summary_en, Language.EN)


def _figure_problems(field: _Field, source: Facts, text: str) -> Iterator[tuple[str, str]]:
    facts = read_facts(field.text)
    for number in facts.numbers:
        if not _has_number(number, source, text):
            yield "number", f"{number.text}"
    for month, day in facts.dates:
        if not _has_date(month, day, source):
            yield "date", f"{month or ''}-{day or ''}"
    for hour, minute in facts.times:
        if (hour, minute) not in source.times and not (minute == 0 and _has_value(Decimal(hour), source)):
            yield "time", f"{hour}:{minute:02}"
    if added := facts.weekdays - source.weekdays:
        yield "weekday", f"{min(added)}"


def _has_number(number: Number, source: Facts, text: str) -> bool:
    """Whether the source has a number in this sense: its value, with the same unit where one is said."""
    small = number.in_words and all(value <= _FREE_IN_WORDS for value in number.readings)
    if small or number.vague:
        return True
    same = [other for other in source.numbers if _same_value(number, other)]
    if not same:
        return _of_a_date(number, source)
    unit = "" if number.unit == "year" and _YEARS[0] <= number.readings[0] <= _YEARS[1] else number.unit
    if not unit or any(other.unit == unit for other in same):
        return True
    return any(not other.unit for other in same) and mentions_unit(text, unit)


def _same_value(number: Number, other: Number) -> bool:
    return any(one == two or _rounds_to(two, one) for one in number.readings for two in other.readings)


def _rounds_to(exact: Decimal, rounded: Decimal) -> bool:
    """Whether a large number is another, said with fewer digits but at least two: 1,234,567 as 1.2 million."""
    digits, exponent = rounded.normalize().as_tuple()[1:]
    if rounded < _ROUNDED_FROM or len(digits) < 2 or not isinstance(exponent, int):  # noqa: PLR2004
        return False
    unit = Decimal(1).scaleb(exponent)
    return (
        len(exact.normalize().as_tuple().digits) > len(digits) and (exact / unit).to_integral_value() * unit == rounded
    )


def _of_a_date(number: Number, source: Facts) -> bool:
    """A day or month that the source has as part of a date ("the 22nd", 22日)."""
    parts = {part for date in source.dates for part in date if part} | {hour for hour, _ in source.times}
    return any(value in parts for value in number.readings)


def _has_value(value: Decimal, source: Facts) -> bool:
    return any(value in number.readings for number in source.numbers) or any(value == hour for hour, _ in source.times)


def _has_date(month: int | None, day: int | None, source: Facts) -> bool:
    if month and day:
        said = any(month == other for other, _ in source.dates)  # "1 February … on the 10th"
        return (month, day) in source.dates or (said and (None, day) in source.dates)
    if month:
        return any(month == other for other, _ in source.dates)
    return any(day == other for _, other in source.dates) or (day is not None and _has_value(Decimal(day), source))
