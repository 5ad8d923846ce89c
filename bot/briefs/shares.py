"""Reads shares and parts: fractions, tenths (成), discounts (折), halves, and the decades of a century."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.briefs.number import ARABIC, Number, read_numeral
from bot.briefs.numerals import EN_ORDINALS, MAGNITUDES, ZH_NUMERAL, chinese_numbers
from bot.briefs.passes import blank
from bot.briefs.units import unit_around

_FIRST_YEAR = 1000
_TEN = 10
_CENTURY_DECADE = re.compile(
    r"(?:(?P<century>\d{1,2}|上|[一二]?十[一二三四五六七八九]?)\s?[个個]?世[纪紀]\s?)?(?P<decade>\d0|[一二三四五六七八九]{1,2}十)\s?年代"
)
_TENTHS = re.compile(r"(?P<number>[一二两兩三四五六七八九\d])成(?P<half>半)?(?![为為立功员員果长長都年本分绩績就人])")
_DISCOUNT = re.compile(r"(?P<number>\d(?:\.\d)?|[一二三四五六七八九]{1,2})折(?![叠疊磨腾騰射返])")
_N = rf"(?:{ARABIC}|[{ZH_NUMERAL}]+(?:[点點][{ZH_NUMERAL}]+)?)"
_FRACTION = re.compile(rf"(?P<whole>{_N})分之\s?(?P<part>{_N})(?:至|到|-)?(?P<to>{_N})?")
_SHARE_WORDS = {"half": 2, "halve": 2, "quarter": 4} | {word: value for word, value in EN_ORDINALS.items() if value > 2}  # noqa: PLR2004
_EN_FRACTION = re.compile(
    r"\b(?=[aotfsenAOTFSEN\d])(?P<part>an?|one|two|three|four|five|six|seven|eight|nine|\d{1,2})[\s-]"
    rf"(?P<whole>{'|'.join(_SHARE_WORDS)}|hal(?=ves))(?P<many>s|ves)?\b(?P<of>\s(?:of|the)\b|-)?",
    re.IGNORECASE,
)
_IN_SO_MANY = re.compile(
    r"\b(?=[otfOTF\d])(?P<part>one|two|three|four|five|\d{1,2})\s(?:in|out\sof)\s(?:every\s)?(?P<whole>\d{1,3}|three|four|five|six|seven|eight|nine|ten)\b(?!\s?(?:years|months|weeks|days|hours))",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"(?<![\d/])(?P<part>\d)/(?P<whole>\d{1,2})(?![\d/])")
_ZH_HALF = re.compile(
    r"(?P<number>[一二两兩三四五六七八九十\d]{1,3})(?P<counter>[个個]|[年天倍岁歲])半(?![年月天小]?[开開])"
)
_HALF_OF = re.compile(r"\bhalf[\s-]an?[\s-](?P<magnitude>million|billion|trillion)\b", re.IGNORECASE)
_AND_A_HALF = re.compile(
    r"\b(?P<number>an?|one)\s(?P<unit>hour|day|week|month|year|million|billion)s?\sand\sa\shalf\b", re.IGNORECASE
)


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (100 * part / whole).quantize(Decimal("0.01")) if whole else Decimal(0)


def take_shares(text: str, found: list[Number]) -> str:
    """三分之一, two-thirds, one in five, 三成, 七折, and 20世纪80年代."""

    def share(match: re.Match[str]) -> bool:
        return _add_share(match, text, found)

    def tenths(match: re.Match[str]) -> None:
        value = 10 * (read_numeral(match["number"]) or Decimal(0)) + (5 if match["half"] else 0)
        found.append(Number(match.group(), (value,), "percent", place=match.start()))

    def discount(match: re.Match[str]) -> None:
        value = read_numeral(match["number"]) or Decimal(0)
        kept = value if value >= 10 else 10 * value  # noqa: PLR2004 - 八五折 is 85 percent
        found.append(Number(match.group(), (kept, 100 - kept), "percent", place=match.start()))

    def decade(match: re.Match[str]) -> None:
        said = match["century"]
        century = Decimal(20) if said == "上" else (said and read_numeral(said)) or Decimal(1)
        for numeral in [match["decade"]] if match["decade"][0].isdigit() else match["decade"][:-1]:
            tens = read_numeral(numeral) or Decimal(0)
            found.extend(decades_of(match, 100 * (century - 1) + (tens if tens >= _TEN else 10 * tens)))

    # Each is looked for only where a text has the sign of it: most have none.
    readings = ((_CENTURY_DECADE, "年代", decade), (_TENTHS, "成", tenths), (_DISCOUNT, "折", discount))
    for pattern, sign, take in (*readings, (_FRACTION, "分之", share), (_SLASHED, "/", share)):
        text = blank(pattern, text, take) if sign in text else text
    for pattern in (_EN_FRACTION, _IN_SO_MANY):
        text = blank(pattern, text, share)
    return text


def _add_share(match: re.Match[str], text: str, found: list[Number]) -> bool:
    groups = match.groupdict()
    words = groups["whole"].lower()
    if match.re is _EN_FRACTION and not _is_fraction(groups, words, text[match.end() : match.end() + 1]):
        return False
    whole = Decimal(_SHARE_WORDS.get(words, 2)) if match.re is _EN_FRACTION else read_numeral(words)
    if not whole:
        return True
    for name in ("part", "to"):
        for part in _values(groups.get(name) or ""):
            unsure = match.re is _SLASHED or match.re is _IN_SO_MANY
            parts = (part, whole) if unsure else ()
            unit = "percent" if words[0] == "百" else "share"
            found.append(
                Number(match.group(), (_percent(part, whole), *parts), unit, claims=not unsure, place=match.start())
            )
    return True


def _values(numeral: str) -> list[Decimal]:
    """七八十 are two."""
    if numeral and numeral[0] in ZH_NUMERAL and not any(point in numeral for point in "点點"):
        return chinese_numbers(numeral)
    value = read_numeral(numeral.lower()) if numeral else None
    return [] if value is None else [value]


def _is_fraction(groups: dict[str, str | None], whole: str, following: str) -> bool:
    """A third of; two-thirds; but no third person, and no second half."""
    if whole in ("quarter", "half", "hal", "halve"):
        return bool(groups["of"] or (groups["part"] or "").lower() not in ("a", "an") or following in ".,;")
    return bool(groups["many"] or groups["of"] or (groups["part"] or "").lower() == "one")


def take_halves(text: str, found: list[Number]) -> str:
    """一個半小時, an hour and a half."""

    def half(match: re.Match[str]) -> None:
        value = (read_numeral(match["number"]) or Decimal(0)) + Decimal("0.5")
        unit = unit_around(text, match.start(), match.end()) or unit_around(text, match.start(), match.end("number"))
        found.append(Number(match.group(), (value,), unit, place=match.start()))

    def one_and_a_half(match: re.Match[str]) -> None:
        magnitude, unit = MAGNITUDES.get(match["unit"].lower()), match["unit"].lower()
        value = Decimal("1.5") * (magnitude or 1)
        found.append(Number(match.group(), (value,), "" if magnitude else unit, place=match.start()))

    def half_of(match: re.Match[str]) -> None:
        value = Decimal(MAGNITUDES[match["magnitude"].lower()]) / 2
        found.append(Number(match.group(), (value,), unit_around(text, *match.span()), place=match.start()))

    text = blank(_ZH_HALF, text, half) if "半" in text else text
    if "half" not in text.lower():
        return text
    return blank(_HALF_OF, blank(_AND_A_HALF, text, one_and_a_half), half_of)


def decades_of(match: re.Match[str], value: Decimal) -> list[Number]:
    """1980s: also 80年代 and 20世纪; 80年代 alone: also the 1980s."""
    words, place = match.group(), match.start()
    if value < _FIRST_YEAR:
        return [Number(words, (value,), place=place), Number(words, (1900 + value, 2000 + value), claims=False)]
    said = Number(words, (value,), place=place), Number(words, (value % 100,), claims=False, place=place)
    return [*said, Number(words, (value // 100 + 1,), "century", claims=False, place=place)]
