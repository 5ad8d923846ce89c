"""The guard: refuses a machine-made brief that says what its source does not, or that is not in the right form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from bot.briefs.facts import Facts, Number, read_facts
from bot.briefs.glossary import Glossary
from bot.briefs.markup import domains, has_link, has_markup, mentions
from bot.briefs.names import SourceNames
from bot.briefs.scripts import KANA_OR_HANGUL, MOSTLY, chinese_share, count_han, latin_words
from bot.briefs.sentences import split_sentences
from bot.briefs.source import Source
from bot.briefs.units import mentions_unit
from bot.errors import BriefRefused
from bot.model import Brief, Language

_LONGEST = {"title_zh": 90, "title_en": 220, "summary_zh": 420, "summary_en": 1_000}
_FREE_IN_WORDS = 10  # two, 兩, 三方: words so small are grammar as often as figures
_MOST_REPEATS = 3
_YEARS = (1900, 2100)
_ROUNDED_FROM = Decimal(10_000)
_REPEATED_RUN = re.compile(r"(\S)\1{7,}|(\S{2,12}?)\2{4,}|(\b\S+\s)\3{3,}")
_REFUSAL = re.compile(
    r"\bas an? (?:AI|artificial|large|language)\b"
    r"|\bI(?: cannot| can['’]t| am (?:sorry|unable to|not able to)|['’]m (?:sorry|unable to|not able to))"
    r"[,.]? (?:but )?"
    r"(?:I |assist|help|provide|comply|fulfil|translat|summari|creat|generat|answer|process|writ)"
    r"|\blanguage model\b|\bI apologi[sz]e\b|作[为為](?:一[个個名])?(?:AI|人工智能|人工智慧|[语語]言模型)"
    r"|(?:抱歉|對不起|对不起)[，,]\s*我|我(?:无法|無法|不能)(?:提供|完成|回答|翻[译譯])",
    re.IGNORECASE,
)
_LEAK = re.compile(
    r"title_(?:zh|en)|summary_(?:zh|en)|system prompt|\bJSON\b.{0,20}(?:schema|format|object)|ARTICLE [0-9a-f]{6}"
    r"|(?:previous|prior|above|earlier) instructions|系[统統]提示|以上指令|之前的指令",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\s*(?:title|headline|summary|translation|标题|標題|摘要|翻译|翻譯)\s*[:：]", re.IGNORECASE)


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
        names = SourceNames(source.whole, self._glossary)
        facts = read_facts(source.whole)
        for field in _fields(brief):
            _check_form(field, source)
            _check_figures(field, facts, source.whole)
            unknown = names.unknown(field.text, field.language, same_language=field.language is source.side)
            if unknown:
                raise BriefRefused(f"{field.name}: name: {unknown[0]}")


def _fields(brief: Brief) -> Iterator[_Field]:
    yield _Field("title_zh", brief.title_zh, Language.ZH)
    yield _Field("title_en", brief.title_en, Language.EN)
    yield _Field("summary_zh", brief.summary_zh, Language.ZH)
    yield _Field("summary_en", brief.summary_en, Language.EN)


def _check_form(field: _Field, source: Source) -> None:
    if not field.text.strip():
        if field.name.startswith("title") or source.text:
            raise BriefRefused(f"{field.name}: empty")
        return
    for problem in _form_problems(field, source.whole):
        raise BriefRefused(f"{field.name}: {problem}")


def _form_problems(field: _Field, source: str) -> Iterator[str]:
    text = field.text
    if len(text) > _LONGEST[field.name]:
        yield "too long"
    if not _in_language(text, field.language):
        yield "language"
    if has_markup(text) or _LABEL.match(text):
        yield "markup"
    if has_link(text) or mentions(text):
        yield "link or mention"
    if any(domain not in source.lower() for domain in domains(text)):
        yield "domain"
    if _REFUSAL.search(text) and not _REFUSAL.search(source):
        yield "refusal"
    if _LEAK.search(text):
        yield "prompt"
    if _repeats(text):
        yield "repetition"


def _in_language(text: str, language: Language) -> bool:
    """A Chinese field may have foreign names in it, an English one hardly any Chinese."""
    if language is Language.ZH:
        return chinese_share(text) >= MOSTLY and not KANA_OR_HANGUL.search(text)
    return bool(latin_words(text)) and count_han(text) * 10 <= len(latin_words(text))


def _repeats(text: str) -> bool:
    sentences = [sentence.lower() for sentence in split_sentences(text)]
    if len(set(sentences)) < len(sentences) or _REPEATED_RUN.search(text):
        return True
    words = latin_words(text.lower())
    fours = Counter(zip(words, words[1:], words[2:], words[3:], strict=False))
    return any(count > _MOST_REPEATS for count in fours.values())


def _check_figures(field: _Field, source: Facts, text: str) -> None:
    facts = read_facts(field.text)
    for number in facts.numbers:
        if not _has_number(number, source, text):
            raise BriefRefused(f"{field.name}: number: {number.text}")
    for month, day in facts.dates:
        if not _has_date(month, day, source):
            raise BriefRefused(f"{field.name}: date: {month or ''}-{day or ''}")
    for hour, minute in facts.times:
        if (hour, minute) not in source.times and not (minute == 0 and _has_value(Decimal(hour), source)):
            raise BriefRefused(f"{field.name}: time: {hour}:{minute:02}")
    if added := facts.weekdays - source.weekdays:
        raise BriefRefused(f"{field.name}: weekday: {min(added)}")


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
