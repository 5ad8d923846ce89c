"""The value that the readings of a text share: a number with its unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.briefs.numerals import ZH_LARGE, ZH_SMALL, chinese_number, english_number

ARABIC = r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
ZH_MAGNITUDE = "".join((*ZH_SMALL, *ZH_LARGE)).replace("十", "")


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


def value_of(numeral: str) -> Decimal:
    """The value of Arabic figures."""
    return Decimal(numeral.replace(",", ""))


def read_numeral(numeral: str) -> Decimal | None:
    """The value of figures, or of a numeral in either language."""
    if numeral[0].isdigit():
        return value_of(numeral)
    if numeral.isascii():
        return Decimal(1) if numeral.lower() in ("a", "an") else english_number(numeral)
    whole, _, decimals = numeral.replace("點", "点").partition("点")
    value, tail = chinese_number(whole), chinese_number(decimals)
    return value + Decimal(f"0.{tail}") if value is not None and tail is not None else value
