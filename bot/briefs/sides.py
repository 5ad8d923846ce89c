"""Whether both halves of a brief can be about the same: of what one tells, the other has something."""

from __future__ import annotations

from bot.briefs.facts import read_facts
from bot.briefs.glossary import Glossary
from bot.briefs.scripts import latin_words

_TELLING = 3  # figures and names; a half with fewer may share none with its translation


def tell_apart(own: str, other: str, glossary: Glossary) -> bool:
    """Whether a half tells several figures and known names, and the half in the other language none of them.

    Then the other half is about something else, whatever it says: what it adds in words can't be compared.
    """
    told = _comparable(own, glossary)
    if len(told) < _TELLING or not told.isdisjoint(_comparable(other, glossary)):
        return False
    return _in_capitals(own).isdisjoint(_in_capitals(other))  # most names are spelled anew, some are kept


def _comparable(text: str, glossary: Glossary) -> set[object]:
    """What reads the same in both languages: values of figures and dates, and terms."""
    facts = read_facts(text)
    figures = {value for number in facts.numbers if number.claims for value in number.readings}
    days = {part for date in facts.calendar.dates for part in date if part}
    return {*figures, *days, *glossary.find(text)}


def _in_capitals(text: str) -> set[str]:
    return {word for word in latin_words(text) if word[0].isupper()}
