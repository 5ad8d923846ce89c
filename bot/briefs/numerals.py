"""Numbers written in words: 二十三萬, 二〇二六, twenty-three, two hundred thousand."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

_ZH_SIGNS = ("〇零", "一壹", "二两兩貳贰", "三叁參", "四肆", "五伍", "六陸陆", "七柒", "八捌", "九玖")
ZH_DIGITS = {sign: value for value, signs in enumerate(_ZH_SIGNS) for sign in signs}
ZH_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
ZH_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
ZH_NUMERAL = "".join((*ZH_DIGITS, *ZH_SMALL, *ZH_LARGE))

_ONES = (
    "zero one two three four five six seven eight nine ten "
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
EN_SMALL = {word: value for value, word in enumerate(_ONES.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), start=2)
}
EN_LARGE = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
MAGNITUDES = EN_LARGE | {
    "k": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "bln": 10**9,
    "tn": 10**12,
}

_PAIR = 2
_ADJACENT = re.compile(r"(?<=[十百千万萬亿億][一二三四五六七八九])(?=[一二三四五六七八九])")
_ONE_OR_THE_OTHER = re.compile(
    r"(?P<one>[一二两兩三四五六七八])(?P<other>[二两兩三四五六七八九])(?P<of>[十百千万萬亿億]{1,2})"
)
_WORD = "|".join(sorted((*EN_SMALL, *EN_LARGE), key=len, reverse=True))
EN_NUMERAL = re.compile(rf"\b(?=[befhmnostzBEFHMNOSTZ])(?:{_WORD})(?:(?:\s+and\s+|\s+|-)(?:{_WORD}))*\b", re.IGNORECASE)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
)
EN_ORDINALS = {word: value for value, word in enumerate(_ORDINALS.split(), start=1)}


def chinese_number(numeral: str) -> Decimal | None:
    """The value of a Chinese numeral; None when the signs make no number."""
    if all(sign in ZH_DIGITS for sign in numeral):
        return Decimal("".join(str(ZH_DIGITS[sign]) for sign in numeral)) if numeral else None
    total = section = digit = 0
    for sign in numeral:
        if sign in ZH_DIGITS:
            digit = ZH_DIGITS[sign]
        elif sign in ZH_SMALL:
            section += (digit or 1) * ZH_SMALL[sign]
            digit = 0
        elif sign in ZH_LARGE:
            # 一万亿 is ten thousand times a hundred million; 一亿两千万 is a sum.
            section, large = section + digit, ZH_LARGE[sign]
            total = (total + section) * large if total < large else total + section * large
            total, section, digit = total or large, 0, 0
        else:
            return None
    return Decimal(total + section + digit)


def chinese_numbers(numeral: str) -> list[Decimal]:
    """The value of a Chinese numeral; several where its signs only stand side by side.

    So they do in 十四五, 三四, 七八十 and 三四五年級.
    """
    if both := _ONE_OR_THE_OTHER.fullmatch(numeral):
        parts = [both["one"] + both["of"], both["other"] + both["of"]]
    else:
        parts = list(numeral) if is_list(numeral) else _ADJACENT.sub(" ", numeral).split()
    return [value for part in parts if (value := chinese_number(part)) is not None]


def is_list(numeral: str) -> bool:
    """Whether the digits of a numeral are named one after the other: 三四, 三四五."""
    digits = [ZH_DIGITS.get(sign, -1) for sign in numeral]
    if len(digits) <= _PAIR:
        return len(digits) == _PAIR and min(digits) >= 0
    return digits[0] > 0 and all(one < two for one, two in pairwise(digits))


def english_number(words: str) -> Decimal:
    """The value of English number words, as EN_NUMERAL finds them."""
    total = group = 0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in EN_SMALL:
            group += EN_SMALL[word]
        elif word == "hundred":
            group = (group or 1) * 100
        elif word in EN_LARGE:
            total += (group or 1) * EN_LARGE[word]
            group = 0
    return Decimal(total + group)
