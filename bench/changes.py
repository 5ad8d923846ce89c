"""One change of a fact at a time: what the bench of the guard does to a true text, by kind of fact."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from bot.briefs.glossary import Glossary, TermKind
from bot.model import Language

_DIGITS = "0123456789"
_UNIT_AFTER = r"(?!\s?(?:%|％|per\s?cent|percent|个?百分点|月|日|号|號|年|时|時|点|點|st\b|nd\b|rd\b|th\b))"
_NUMBER = re.compile(rf"(?<![\d.,:/-])(?<![A-Za-z]-)(?<![A-Za-z])\d[\d,]*(?:\.\d+)?(?![\d:/-]|,\d|\.\d){_UNIT_AFTER}")
_PERCENT = re.compile(r"\d[\d,]*(?:\.\d+)?(?=\s?(?:%|％|per\s?cent|percent|个?百分点))|(?<=百分之)\d[\d.]*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=\s?年)|(?<=[a-z] )(?:19|20)\d\d(?=[ .,;)]|$)(?!\s(?:people|km|miles))")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = re.compile(
    rf"\b(?:{'|'.join(_MONTHS)})\b(?= \d)|(?<=\d )(?:{'|'.join(_MONTHS)})\b|(?<=in )(?:{'|'.join(_MONTHS)})\b"
)
_ZH_MONTH = re.compile(r"(?<!\d)\d{1,2}(?=\s?月)(?!\s?月球)")
_DAY = re.compile(rf"\b(?:{'|'.join(_MONTHS)}) (?P<part>\d{{1,2}})(?!\d)|\b\d{{1,2}}(?= (?:{'|'.join(_MONTHS)}))")
_ZH_DAY = re.compile(r"(?<!\d)\d{1,2}(?=\s?[日号號](?![本元]))")
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_WEEKDAY = re.compile("|".join(_WEEKDAYS))
_ZH_WEEKDAY = re.compile(r"(?<=周|週|期|拜)[一二三四五六日](?!报|報|刊)(?<!周[一二三四五六日](?=年))")
_MAGNITUDES = {"thousand": "million", "million": "billion", "billion": "trillion", "trillion": "billion"}
_MAGNITUDE = re.compile(
    r"(?<=\d )(?:thousand|million|billion|trillion)\b|(?<=[a-z] )(?:million|billion|trillion)\b(?!s)"
)
_ZH_MAGNITUDES = {"万": "亿", "亿": "万", "萬": "億", "億": "萬", "千": "万", "百": "千"}
_ZH_MAGNITUDE = re.compile(r"(?<=[\d一二两三四五六七八九十])[万亿萬億千百](?![万亿萬億])")
_WORDS = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
]
_WORD = re.compile(rf"(?<![A-Za-z-])(?:{'|'.join(_WORDS)})(?![A-Za-z-])", re.IGNORECASE)
_COUNTERS = (
    "个個名人位年天次家座架艘辆輛岁歲场場轮輪项項条條件部只隻所间間起级層层倍种種国國周週小块塊份支张張枚架艘队隊届屆"
)
_ZH_WORD = re.compile(
    rf"(?<![\d十百千万亿一二两三四五六七八九几数第零分之.点])[两三四五六七八九十](?=[{_COUNTERS}])(?!年[代级])(?!部[门委])(?!家[庭人])(?!国[际家])"
)
_ORDINALS = ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b(?! (?:half|quarter|World))")
_ZH_ORDINAL = re.compile(r"(?<=第)[一二三四五六七八九](?![十百千方])")
_UNITS = [
    ("US dollars", "euros"), ("dollars", "euros"), ("euros", "dollars"), ("pounds", "dollars"), ("yuan", "dollars"),
    ("US$", "€"), ("$", "€"),
    ("£", "$"), ("€", "£"), ("kilometers", "miles"), ("kilometres", "miles"), ("km", "miles"), ("miles", "km"),
    ("hours", "days"), ("minutes", "hours"), ("days", "weeks"), ("weeks", "months"), ("months", "years"),
    ("years", "months"), ("tonnes", "kilograms"), ("tons", "kilograms"), ("metres", "feet"), ("meters", "feet"),
    ("kg", "tonnes"), ("percent", "million"), ("degrees", "percent"),
    ("美元", "欧元"), ("欧元", "英镑"), ("英镑", "美元"), ("人民币", "美元"), ("亿元", "亿美元"), ("万元", "万美元"),
    ("公里", "英里"), ("英里", "公里"),
    ("小时", "天"), ("分钟", "小时"), ("天", "周"), ("周", "个月"), ("个月", "年"), ("年", "个月"), ("吨", "公斤"),
    ("米", "英尺"), ("公斤", "吨"), ("欧元", "美元"),
]  # fmt: skip
_AFTER = r"(?![A-Za-z])"


def _unit_pattern(unit: str) -> re.Pattern[str]:
    if unit in ("$", "£", "€", "US$"):
        return re.compile(rf"(?<![A-Za-z]){re.escape(unit)}(?=\d)")
    if unit.isascii():
        return re.compile(rf"(?:\d[ -]|\b(?:million|billion|{'|'.join(_WORDS)})[ -])(?P<part>{unit}){_AFTER}")
    if unit in ("天", "周", "米", "年"):  # no digits before a year, no 三周年
        return re.compile(
            rf"(?<=[\d两三四五六七八九十百千万亿]){unit}(?![年代兰初底末前期度])(?<!\d\d\d\d年)(?<!\d\d年)"
        )
    return re.compile(rf"(?<=[\d两三四五六七八九十百千万亿]){unit}")


_UNIT_PATTERNS = [(_unit_pattern(old), new) for old, new in _UNITS]
_EN_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|should|did|does)\b(?! not|n['’]t|\s*[,.?])"
)
_EN_NOT = re.compile(r"\s(?:not|never)\b(?! only)|n['’]t\b")
_ZH_AFFIRMED = re.compile(
    r"(?<![不未没是只还才都就])(?=(?:是|会|能|可以|应该|允许|同意|支持|计划|需要))(?!是否)(?<![可只才机社大协议委年都但或正若凡于不要学智性功万官总])"
)
_ZH_NOT = re.compile(r"没有|并未|未能|未|不(?=会|能|是|再|想|愿|准|允许|得|应|可|需)(?!得不)(?!能不)(?!仅)(?<!不)")
_EN_MAY = re.compile(r"\b(?:may|might|could)\s(?=be\b|have\b|[a-z]{3,})|\b(?:reportedly|allegedly|possibly|probably)\s")
_ZH_MAY = re.compile(r"可能(?!性)会?|或将|或许|据报道，?|涉嫌|据称，?")
Change = Callable[[str, random.Random], str | None]


def _part(match: re.Match[str]) -> str | int:
    return "part" if match.groupdict().get("part") else 0


def _at(text: str, match: re.Match[str], new: str) -> str:
    start, end = match.span(_part(match))
    return text[:start] + new + text[end:]


def _pick(pattern: re.Pattern[str], text: str, dice: random.Random) -> re.Match[str] | None:
    matches = [match for match in pattern.finditer(text) if match.group() or pattern is _ZH_AFFIRMED]
    return dice.choice(matches) if matches else None


def _replaced(pattern: re.Pattern[str], new: Callable[[str, random.Random], str | None]) -> Change:
    def change(text: str, dice: random.Random) -> str | None:
        match = _pick(pattern, text, dice)
        other = new(match[_part(match)], dice) if match else None
        return _at(text, match, other) if match and other is not None else None

    return change


def _other_digits(number: str, dice: random.Random) -> str:
    places = [place for place, sign in enumerate(number) if sign.isdigit()]
    place = dice.choice(places)
    lowest = 1 if place == 0 else 0
    digit = dice.choice([sign for sign in _DIGITS[lowest:] if sign != number[place]])
    return number[:place] + digit + number[place + 1 :]


def _other_of(words: list[str]) -> Callable[[str, random.Random], str | None]:
    def other(word: str, dice: random.Random) -> str:
        new = dice.choice([choice for choice in words if choice != word.lower() and choice != word])
        return new.capitalize() if word[0].isupper() and new[0].isascii() else new

    return other


def _other_day(most: int) -> Callable[[str, random.Random], str | None]:
    return lambda day, dice: str(dice.choice([other for other in range(1, most + 1) if other != int(day)]))


def _mapped(words: dict[str, str]) -> Callable[[str, random.Random], str | None]:
    return lambda word, _dice: words.get(word)


def _unit(text: str, dice: random.Random) -> str | None:
    found = [(match, new) for pattern, new in _UNIT_PATTERNS for match in pattern.finditer(text)]
    if not found:
        return None
    match, new = dice.choice(found)
    return _at(text, match, new)


def _dropped(pattern: re.Pattern[str]) -> Change:
    return _replaced(pattern, lambda _word, _dice: "")


EN: dict[str, Change] = {
    "number: digits": _replaced(_NUMBER, _other_digits),
    "number: magnitude": _replaced(_MAGNITUDE, _mapped(_MAGNITUDES)),
    "number: word": _replaced(_WORD, _other_of(_WORDS)),
    "number: ordinal": _replaced(_ORDINAL, _other_of(_ORDINALS)),
    "date: day": _replaced(_DAY, _other_day(28)),
    "date: month": _replaced(_MONTH, _other_of(_MONTHS)),
    "date: weekday": _replaced(_WEEKDAY, _other_of(_WEEKDAYS)),
    "date: year": _replaced(_YEAR, lambda year, dice: str(int(year) + dice.choice((-7, -2, -1, 1, 3)))),
    "percent": _replaced(_PERCENT, _other_digits),
    "unit": _unit,
    "negation: added": _replaced(_EN_AUXILIARY, lambda word, _dice: f"{word} not"),
    "negation: dropped": _dropped(_EN_NOT),
    "modality: dropped": _dropped(_EN_MAY),
}
ZH: dict[str, Change] = {
    "number: digits": _replaced(_NUMBER, _other_digits),
    "number: magnitude": _replaced(_ZH_MAGNITUDE, _mapped(_ZH_MAGNITUDES)),
    "number: word": _replaced(_ZH_WORD, _other_of(list("两三四五六七八九十"))),
    "number: ordinal": _replaced(_ZH_ORDINAL, _other_of(list("一二三四五六七八九"))),
    "date: day": _replaced(_ZH_DAY, _other_day(28)),
    "date: month": _replaced(_ZH_MONTH, _other_day(12)),
    "date: weekday": _replaced(_ZH_WEEKDAY, _other_of(list("一二三四五六日"))),
    "date: year": _replaced(_YEAR, lambda year, dice: str(int(year) + dice.choice((-7, -2, -1, 1, 3)))),
    "percent": _replaced(_PERCENT, _other_digits),
    "unit": _unit,
    "negation: added": _replaced(_ZH_AFFIRMED, lambda _word, _dice: "不"),
    "negation: dropped": _dropped(_ZH_NOT),
    "modality: dropped": _dropped(_ZH_MAY),
}


class Names:
    """Changes a glossary name for another of the same kind that the source does not have."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._by_kind = {
            kind: [term for term in glossary.terms if term.kind is kind]
            for kind in (TermKind.PERSON, TermKind.PLACE, TermKind.BODY)
        }

    def change(self, text: str, language: Language, source: str, dice: random.Random) -> str | None:
        spans = [(term, span) for term, span in self._glossary.spans(text) if term.kind in self._by_kind]
        if not spans:
            return None
        term, (start, end) = dice.choice(spans)
        known = set(self._glossary.find(source))
        others = [other for other in self._by_kind[term.kind] if other not in known and other != term]
        new = dice.choice(others)
        name = new.en if language is Language.EN else new.zh_hans
        return text[:start] + name + text[end:]


def changes(text: str, language: Language, source: str, names: Names, dice: random.Random) -> Iterator[tuple[str, str]]:
    """Each kind of change that the text has a place for, with the text so changed."""
    for kind, change in (EN if language is Language.EN else ZH).items():
        changed = change(text, dice)
        if changed is not None and changed != text:
            yield kind, changed
    if (renamed := names.change(text, language, source, dice)) is not None:
        yield "name", renamed
