"""Reads the numbers of a text with their units, in English and in Chinese: figures, words, fractions and ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.briefs.dates import blank
from bot.briefs.implied import implied
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
from bot.briefs.units import MEASURED, unit_around


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written; `readings` are its possible values ("5m" is five million, or five metres).

    What is said in passing ("one of", 十分, 數十萬) bears out a figure but makes no `claim`. A share is in percent:
    half, 三成 and one in five read as 50, 30 and 20. What only says an `order` of magnitude (millions, 數百萬) has that
    for its value.
    """

    text: str
    readings: tuple[Decimal, ...]
    unit: str = ""
    claims: bool = True
    place: int = 0
    order: bool = False


_ARABIC = r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_ZH_MAGNITUDE = "".join((*ZH_SMALL, *ZH_LARGE)).replace("十", "")
_MAGNITUDE = "|".join(sorted(MAGNITUDES, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?=\d)(?:(?P<zh>(?:(?:{_ARABIC})\s?[多余餘几幾]?\s?[{_ZH_MAGNITUDE}]+)+(?:{_ARABIC})?)"
    rf"|(?P<en>{_ARABIC})[\s-]?(?P<magnitude>{_MAGNITUDE})\b|(?P<plain>{_ARABIC}))",
    re.IGNORECASE,
)
_ZH_PART = re.compile(rf"(?P<number>{_ARABIC})\s?[多余餘几幾]?\s?(?P<magnitude>[{_ZH_MAGNITUDE}]*)")
_TO = r"\s?(?:-|–|—|~|to|and|or|至|到|和|或|、)\s?"
_RANGE = re.compile(
    rf"\s?%?{_TO}[$€£¥]?(?P<number>{_ARABIC})[\s-]?(?:(?P<en>(?:{_MAGNITUDE})\b)|(?P<zh>[{_ZH_MAGNITUDE}]+))?",
    re.IGNORECASE,
)
_IN_NAME = re.compile(r"(?<![A-Za-z])(?!(?:RMB|CNY|USD|EUR|GBP|HKD|US|No|A|I)$)[A-Z][A-Za-z]*-?$|(?<![A-Za-z])[a-z]{1,3}$")
_NEAR = 10
_YEAR_DIGITS = 4
_DECADE = re.compile(r"['’]?s\b|\s?年代")
_FIRST_YEAR = 1000
_SHORT_YEAR = re.compile(r"\s?[-–/]\s?(?P<year>\d\d)(?!\d)")
_TEN = 10
_ROC = re.compile(r"民[国國]\s?$")
_ROC_YEARS = 1911
_CENTURY_DECADE = re.compile(
    r"(?:(?P<century>\d{1,2}|上|[一二]?十[一二三四五六七八九]?)\s?[个個]?世[纪紀]\s?)(?P<decade>\d0|[一二三四五六七八九]{1,2}十)\s?年代"
)
_TENTHS = re.compile(r"(?P<number>[一二两兩三四五六七八九\d])成(?P<half>半)?(?![为為立功员員果长長都年本分绩績就人])")
_DISCOUNT = re.compile(r"(?P<number>\d(?:\.\d)?|[一二三四五六七八九]{1,2})折(?![叠疊磨腾騰射返])")
_N = rf"(?:{_ARABIC}|[{ZH_NUMERAL}]+(?:[点點][{ZH_NUMERAL}]+)?)"
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
_ZH_HALF = re.compile(rf"(?P<number>[一二两兩三四五六七八九十\d]{{1,3}})(?P<counter>[个個]|[年天倍岁歲])半(?![年月天小]?[开開])")
_AND_A_HALF = re.compile(r"[\s-]and[\s-]a[\s-]half\b", re.IGNORECASE)
_ZH_WORDS = re.compile(
    rf"(?P<vague>[数數几幾上近])?(?P<numeral>[{ZH_NUMERAL}]+(?:[点點](?=[{ZH_NUMERAL}])[{ZH_NUMERAL}]+)?)(?P<more>[几幾])?"
)
_ADJACENT = re.compile(r"(?<=[十百千万萬亿億][一二三四五六七八九])(?=[一二三四五六七八九])")
_ORDINAL = re.compile(rf"\b(?=[efnstEFNST])(?:(?P<tens>twenty|thirty|forty|fifty)-)?(?P<word>{'|'.join(EN_ORDINALS)})\b", re.IGNORECASE)
# What is counted is told by its measure word; 三 alone stands in too many words (三明治, 再三).
_COUNTER = re.compile(
    r"[多余餘来來]?(?:[个個名位次年天家座架艘辆輛岁歲场場轮輪项項条條件部只隻所间間起层層倍种種块塊份支张張枚届屆匹头頭棟栋幅篇首集剂劑"
    r"颗顆套台臺门門杯瓶箱批排桩樁宗例股组組队隊强強元月周週秒]|人(?![民们們物])|[国國](?![家际際])|[级級](?!市)|[州省市县縣区區村镇鎮](?![场場])"
    r"|小[时時]|星期|[礼禮]拜|分[钟鐘])"
)
_PAIRED = re.compile(r"[国國人者地岸方党黨院会會侧側端边邊极極派军軍性国國]")
_THE_TWO = re.compile(r"\b(?:the|these|those|their|other|our|its|last|first|past)\s$", re.IGNORECASE)
_TITLE_WORD = re.compile(r"[\s-][A-Z][a-z]")
_NTH = re.compile(r"第\s?$")
_PAIR = 2
_SHORT_SPANS = frozenset(("second", "minute", "hour", "day", "week", "month"))
_ORDERS = {"ten": 10, "dozen": 10, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_PLURAL = "(?:tens|dozens|hundreds|thousands|millions|billions|trillions)"
_EN_ORDER = re.compile(
    rf"\b(?:{_PLURAL}\sof\s){{0,3}}{_PLURAL}\b|\bmulti-?(?:million|billion)|\b(?:several|a\sfew)\s(?:dozen|hundred|thousand|million|billion)\b",
    re.IGNORECASE,
)
_ORDER_WORD = re.compile("|".join(_ORDERS), re.IGNORECASE)
_MAGNITUDE_ALONE = re.compile(rf"[十{_ZH_MAGNITUDE}]+")


def take_numbers(text: str) -> list[Number]:
    """The numbers of a text in NFKC from which dates and times are taken out."""
    found: list[Number] = []
    for take in (_take_shares, _take_halves, _take_figures, _take_orders, _take_english_words, _take_chinese_words):
        text = take(text, found)
    return found + [Number(*word[:3], claims=False, place=word.place) for word in implied(text)]


def _read(numeral: str) -> Decimal | None:
    """The value of figures, or of a numeral in either language."""
    if numeral[0].isdigit():
        return Decimal(numeral.replace(",", ""))
    if numeral.isascii():
        return Decimal(1) if numeral.lower() in ("a", "an") else english_number(numeral)
    whole, _, decimals = numeral.replace("點", "点").partition("点")
    value, tail = chinese_number(whole), chinese_number(decimals)
    return value + Decimal(f"0.{tail}") if value is not None and tail is not None else value


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (100 * part / whole).quantize(Decimal("0.01")) if whole else Decimal(0)


def _take_shares(text: str, found: list[Number]) -> str:
    def share(match: re.Match[str]) -> bool:
        return _add_share(match, text, found)

    def tenths(match: re.Match[str]) -> None:
        value = 10 * (_read(match["number"]) or Decimal(0)) + (5 if match["half"] else 0)
        found.append(Number(match.group(), (value,), "percent", place=match.start()))

    def discount(match: re.Match[str]) -> None:
        value = _read(match["number"]) or Decimal(0)
        kept = value if value >= 10 else 10 * value  # noqa: PLR2004 - 八五折 is 85 percent
        found.append(Number(match.group(), (kept, 100 - kept), "percent", place=match.start()))

    def decade(match: re.Match[str]) -> None:
        century = Decimal(20) if match["century"] == "上" else _read(match["century"]) or Decimal(0)
        for numeral in [match["decade"]] if match["decade"][0].isdigit() else match["decade"][:-1]:
            tens = _read(numeral) or Decimal(0)
            found.extend(_decade(match, 100 * (century - 1) + (tens if tens >= _TEN else 10 * tens)))

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
    whole = Decimal(_SHARE_WORDS.get(words, 2)) if match.re is _EN_FRACTION else _read(words)
    for name in ("part", "to"):
        part = _read(groups[name].lower()) if groups.get(name) else None
        if part is not None and whole:
            unsure = match.re is _SLASHED or match.re is _IN_SO_MANY
            parts = (part, whole) if unsure else ()
            unit = "percent" if words[0] == "百" else "share"
            found.append(
                Number(match.group(), (_percent(part, whole), *parts), unit, claims=not unsure, place=match.start())
            )
    return True


def _is_fraction(groups: dict[str, str | None], whole: str, following: str) -> bool:
    """A third of; two-thirds; but no third person, and no second half."""
    if whole in ("quarter", "half", "hal", "halve"):
        return bool(groups["of"] or (groups["part"] or "").lower() not in ("a", "an") or following in ".,;")
    return bool(groups["many"] or groups["of"] or (groups["part"] or "").lower() == "one")


def _take_halves(text: str, found: list[Number]) -> str:
    def half(match: re.Match[str]) -> None:
        value = (_read(match["number"]) or Decimal(0)) + Decimal("0.5")
        unit = unit_around(text, match.start(), match.end()) or unit_around(text, match.start(), match.end("number"))
        found.append(Number(match.group(), (value,), unit, place=match.start()))

    return blank(_ZH_HALF, text, half) if "半" in text else text


def _take_figures(text: str, found: list[Number]) -> str:
    def number(match: re.Match[str]) -> None:
        start, end = match.span()
        named = _IN_NAME.search(text[max(0, start - _NEAR) : start]) and len(match.group()) < _YEAR_DIGITS
        readings = _readings(match, text)
        unit = unit_around(text, start, end) or _unit_of_range(text, end)
        if match["plain"] and _DECADE.match(text, end):
            found.extend(_decade(match, readings[0]))
        else:
            found.append(Number(match.group(), readings, unit, claims=not named, place=start))
        if match["plain"] and (short := _SHORT_YEAR.match(text, end)) and readings[0] >= _FIRST_YEAR:
            found.append(Number(short.group(), (readings[0] // 100 * 100 + Decimal(short["year"]),), claims=False))
            found.append(Number(short.group(), (Decimal(short["year"]),), "year", claims=False))

    return blank(_NUMBER, text, number)


def _decade(match: re.Match[str], value: Decimal) -> list[Number]:
    """1980s: also 80年代 and 20世纪; 80年代 alone: also the 1980s."""
    words, place = match.group(), match.start()
    others = (value % 100, value // 100 + 1) if value >= _FIRST_YEAR else (1900 + value,)
    return [Number(words, (value,), place=place), Number(words, others, claims=False, place=place)]


def _unit_of_range(text: str, end: int) -> str:
    """5 至 10 公里: what the last number of a range has for a unit, the first has too."""
    following = _RANGE.match(text, end)
    return unit_around(text, following.start("number"), following.end()) if following else ""


def _readings(match: re.Match[str], text: str) -> tuple[Decimal, ...]:
    if match["zh"]:
        return (sum((_zh_part(part) for part in _ZH_PART.finditer(match["zh"])), Decimal(0)),)
    if match["en"]:
        value, magnitude = _value(match["en"]), match["magnitude"].lower()
        sure = magnitude in ("hundred", "thousand", "million", "billion", "trillion")
        return (value * MAGNITUDES[magnitude], *(() if sure else (value,)))
    value = _value(match["plain"])
    if _ROC.search(text[max(0, match.start() - _NEAR) : match.start()]):
        return (value, value + _ROC_YEARS)
    if _AND_A_HALF.match(text, match.end()):
        return (value + Decimal("0.5"),)
    return _in_range(value, match, text)


def _in_range(value: Decimal, match: re.Match[str], text: str) -> tuple[Decimal, ...]:
    following = _RANGE.match(text, match.end())  # "1-1.2 million": the first may be a million too
    if not following:
        return (value,)
    if following["en"]:
        return (value, value * MAGNITUDES[following["en"].lower()])
    return (value, value * _magnitude(following["zh"])) if following["zh"] else (value,)


def _value(numeral: str) -> Decimal:
    return Decimal(numeral.replace(",", ""))


def _magnitude(signs: str) -> Decimal:
    product = 1
    for sign in signs:
        product *= ZH_LARGE.get(sign) or ZH_SMALL[sign]
    return Decimal(product)


def _zh_part(part: re.Match[str]) -> Decimal:
    return _value(part["number"]) * _magnitude(part["magnitude"])


def _take_orders(text: str, found: list[Number]) -> str:
    def order(match: re.Match[str]) -> None:
        product = 1
        for word in _ORDER_WORD.findall(match.group()):
            product *= _ORDERS[word.lower()]
        unit = unit_around(text, *match.span())
        found.append(Number(match.group(), (Decimal(product),), unit, place=match.start(), order=True))

    return blank(_EN_ORDER, text, order)


def _take_english_words(text: str, found: list[Number]) -> str:
    def cardinal(match: re.Match[str]) -> None:
        start, end = match.span()
        value = english_number(match.group())
        half = _AND_A_HALF.match(text, end)
        end = half.end() if half else end
        unit = unit_around(text, start, end)
        before = text[max(0, start - _NEAR) : start]
        named = match.group()[0].isupper() and bool(before.strip()) and _TITLE_WORD.match(text, end)
        free = named or (value == 1 and unit not in MEASURED) or (value == _PAIR and _THE_TWO.search(before))
        value += Decimal("0.5") if half else 0
        found.append(Number(match.group(), (value,), unit, claims=not free, place=start))

    def ordinal(match: re.Match[str]) -> None:
        value = Decimal(EN_ORDINALS[match["word"].lower()])
        value += english_number(match["tens"]) if match["tens"] else 0
        unit = unit_around(text, *match.span()) or "nth"
        found.append(Number(match.group(), (value,), unit, claims=value > 1, place=match.start()))

    return blank(_ORDINAL, blank(EN_NUMERAL, text, cardinal), ordinal)


def _take_chinese_words(text: str, found: list[Number]) -> str:
    def chinese(match: re.Match[str]) -> None:
        start, end = match.span("numeral")
        numeral = match["numeral"]
        unit = unit_around(text, start, end)
        several = match["vague"] in ("数", "數", "几", "幾")
        vague = several or match["more"]
        if vague and _MAGNITUDE_ALONE.fullmatch(numeral):
            value = chinese_number(numeral) or Decimal(1)
            found.append(Number(match.group(), (value,), unit, place=start, order=True, claims=several))
            return
        claims = not vague and _claims(numeral, unit, text, start, end)
        if not unit and _NTH.search(text[max(0, start - 2) : start]):
            unit = "nth"
        for value in _chinese_values(numeral):
            found.append(Number(numeral, (value,), unit, claims=claims, place=start))

    return blank(_ZH_WORDS, text, chinese)


def _claims(numeral: str, unit: str, text: str, start: int, end: int) -> bool:
    """Whether a Chinese numeral is said for its value: with 第, a measure word or a unit, or as several signs."""
    digits = [sign for sign in numeral if sign in ZH_DIGITS]
    if not digits and len(numeral.strip("十")) > 0:
        return unit in _SHORT_SPANS  # 百, 千万: as often "many"
    if 1 < len(digits) == len(numeral) < _YEAR_DIGITS:
        return False  # 一两, 三四: one or the other
    value = chinese_number(numeral)
    nth = bool(_NTH.search(text[max(0, start - 2) : start]))
    if value == 1:
        return bool(nth and _COUNTER.match(text, end)) or (not nth and unit in MEASURED)
    if nth:
        return True
    if value == _PAIR and _PAIRED.match(text, end):
        return False
    return bool(unit or _COUNTER.match(text, end) or (len(numeral) > 1 and value != 10))  # noqa: PLR2004


def _chinese_values(numeral: str) -> list[Decimal]:
    """The value of a Chinese numeral; several where signs only stand side by side, as in 十四五 and 三四."""
    whole, _, decimals = numeral.replace("點", "点").partition("点")
    parts = list(whole) if _is_pair(whole) else _ADJACENT.sub(" ", whole).split()
    values = [value for part in parts if (value := chinese_number(part)) is not None]
    if decimals and len(values) == 1 and (tail := chinese_number(decimals)) is not None:
        return [values[0] + Decimal(f"0.{tail}")]
    return values


def _is_pair(numeral: str) -> bool:
    return len(numeral) == _PAIR and all(sign in ZH_DIGITS for sign in numeral)
