"""Reads numbers in words, in English and in Chinese: cardinals, ordinals, and mere orders of magnitude."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.briefs.number import ZH_MAGNITUDE, Number
from bot.briefs.numerals import (
    EN_NUMERAL,
    EN_ORDINALS,
    ZH_DIGITS,
    ZH_NUMERAL,
    chinese_number,
    chinese_numbers,
    english_number,
    is_list,
)
from bot.briefs.passes import blank
from bot.briefs.units import MEASURED, unit_around
from bot.text.chinese import HAN

_NEAR = 10  # characters before
_YEAR_DIGITS = 4
AND_A_HALF = re.compile(r"[\s-]and[\s-]a[\s-]half\b", re.IGNORECASE)
_ZH_WORDS = re.compile(
    rf"(?P<vague>[数數几幾上近])?(?P<numeral>[{ZH_NUMERAL}]+(?:[点點](?=[{ZH_NUMERAL}])[{ZH_NUMERAL}]+)?)(?P<more>[几幾])?"
)
# 十四五, 「十三五」規劃: China counts its five-year plans so.
_FIVE_YEAR_PLAN = re.compile(r"(?:十[一二三四五]?|九)五(?=\s?[”\"」』’'規规計计時时期])")
_ORDINAL = re.compile(
    rf"\b(?=[efnstEFNST])(?:(?P<tens>twenty|thirty|forty|fifty)-)?(?P<word>{'|'.join(EN_ORDINALS)})(?:ly)?\b",
    re.IGNORECASE,
)
# What is counted is told by its measure word; 三 alone stands in too many words (三明治, 再三).
_COUNTER = re.compile(
    r"[多余餘来來]?(?:[个個名位次年天家座架艘辆輛岁歲场場轮輪项項条條件部只隻所间間起层層倍种種块塊份支张張枚届屆匹头頭棟栋幅篇首集剂劑"
    r"颗顆套台臺门門杯瓶箱批排桩樁宗例股组組队隊强強元月周週秒]|人(?![民们們物])|[国國](?![家际際])|[级級](?!市)|[州省市县縣区區村镇鎮](?![场場])"
    r"|小[时時]|星期|[礼禮]拜|分[钟鐘])"
)
_PAIRED = re.compile(r"[国國人者地岸方党黨院会會侧側端边邊极極派军軍性国國]")
_THE_TWO = re.compile(r"\b(?:the|these|those|their|other|our|its|last|first|past)\s$", re.IGNORECASE)
_TITLE_WORD = re.compile(r"[\s-][A-Z][a-z]")
# 四周 are four weeks, or "all around" where a clause begins or after a thing; 零件 are parts, and 萬一 is "in case".
_SET_PHRASE = re.compile(
    r"[万萬]一|(?:^|(?<=[,，。、;:\s身右围圍城屋房]))四[周週](?![前后後内內来來的时時以之间間年])|零[件售食星碎散工部配钱錢花落]|一年(?:四季|到[头頭]|一度)|一天到晚|一[时時]"
    r"|[两兩]回事|三[文明]治|五花|[两兩][难難口]|四[处處海]|[百千][货貨姓]|[一二三]元[论論素件]"
)
_WHICH = re.compile("[这這那每某同另有哪早任該该]")  # 這一天, 早一天: the day itself, not how many
_NTH = re.compile(r"第\s?$")
_PAIR = 2
_COLD = re.compile("零[上下]|[摄攝]氏|[气氣][温溫].{0,6}$")
_SHORT_SPANS = frozenset(("second", "minute", "hour", "day", "week", "month"))
_ORDERS = {
    "ten": 10,
    "dozen": 10,
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_PLURAL = "(?:tens|dozens|hundreds|thousands|millions|billions|trillions)"
_EN_ORDER = re.compile(
    rf"\b(?:{_PLURAL}[\s-]of[\s-]){{0,3}}{_PLURAL}\b(?:\sof\s(?:thousand|million|billion)\b)?|\bmulti-?(?:million|billion)|\b(?:several|a\sfew)\s(?:dozen|hundred|thousand|million|billion)\b",
    re.IGNORECASE,
)
_ORDER_WORD = re.compile("|".join(_ORDERS), re.IGNORECASE)
_MAGNITUDE_ALONE = re.compile(rf"[十{ZH_MAGNITUDE}]+")


def take_orders(text: str, found: list[Number]) -> str:
    """Millions, 數百萬, a few dozen."""

    def order(match: re.Match[str]) -> None:
        product = 1
        for word in _ORDER_WORD.findall(match.group()):
            product *= _ORDERS[word.lower()]
        unit = unit_around(text, *match.span())
        found.append(Number(match.group(), (Decimal(product),), unit, place=match.start(), order=True))

    return blank(_EN_ORDER, text, order)


def take_english_words(text: str, found: list[Number]) -> str:
    """Twenty-three, two and a half, the third."""

    def cardinal(match: re.Match[str]) -> None:
        start, end = match.span()
        value = english_number(match.group())
        half = AND_A_HALF.match(text, end)
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


def take_chinese_words(text: str, found: list[Number]) -> str:
    """二十三萬, 第三, 兩人."""

    def chinese(match: re.Match[str]) -> None:
        start, end = match.span("numeral")
        numeral = match["numeral"]
        unit = unit_around(text, start, end)
        if unit == "degree" and text.startswith("度", end) and not _COLD.search(text[max(0, start - _NEAR) : start]):
            unit = ""  # 一度, 兩度: once, twice
        several = match["vague"] in ("数", "數", "几", "幾")
        vague = several or match["more"]
        if vague and _MAGNITUDE_ALONE.fullmatch(numeral):
            value = chinese_number(numeral) or Decimal(1)
            found.append(Number(match.group(), (value,), unit, place=start, order=True, claims=several))
            return
        claims = not vague and _claims(numeral, unit, text, start, end)
        nth = "第" if _NTH.search(text[max(0, start - 2) : start]) else ""
        if nth and not unit:
            unit = "nth"
        values = _chinese_values(numeral)
        found.extend(Number(nth + numeral, (value,), unit, claims=claims, place=start) for value in values)
        if _FIVE_YEAR_PLAN.match(text, start):
            found.append(Number(numeral, (Decimal(5),), "year", claims=False, place=start))

    return blank(_ZH_WORDS, text, chinese) if HAN.search(text) else text


def _claims(numeral: str, unit: str, text: str, start: int, end: int) -> bool:
    """Whether a Chinese numeral is said for its value: with 第, a measure word or a unit, or as several signs."""
    digits = [sign for sign in numeral if sign in ZH_DIGITS]
    if not digits and len(numeral.strip("十")) > 0:
        return unit in _SHORT_SPANS  # 百, 千万: as often "many"
    listed = 1 < len(digits) == len(numeral) and (len(numeral) < _YEAR_DIGITS or is_list(numeral))
    which = numeral == "一" and _WHICH.search(text[max(0, start - 1) : start])
    if listed or which or _SET_PHRASE.match(text, start):  # 一两, 三四: one or the other
        return False
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
    """The values that a Chinese numeral has, with its decimals."""
    whole, _, decimals = numeral.replace("點", "点").partition("点")
    values = chinese_numbers(whole)
    if decimals and len(values) == 1 and (tail := chinese_number(decimals)) is not None:
        return [values[0] + Decimal(f"0.{tail}")]
    return values
