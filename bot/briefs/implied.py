"""Numbers that words imply ("both", 雙方, "a decade"): they bear out a figure of the other language, and claim none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple


class _Word(NamedTuple):
    pattern: str
    values: tuple[str, ...]
    unit: str = ""


# One line for each sense. Closed classes of both languages: duals, collectives, multiples, parts and spans of time.
_WORDS = (
    _Word(r"\b(?:both|pairs?|couples?|twins?|twice|doubl\w+|duos?|dual|bi(?:lateral|annual|partisan)\w*|either|neither)\b", ("2", "1", "100")),
    _Word(r"[双雙俩倆二]|(?<=[一每这那])[对對]|夫[妇婦妻]|翻番|翻了?一番", ("2", "1", "100")),
    _Word(r"\b(?:three|tripl\w+|thrice|trios?|trilateral\w*|hat-tricks?)\b|仨|帽子[戏戲]法", ("3", "2")),
    _Word(r"\b(?:quadrupl\w+|quartets?|quad\w*)\b", ("4", "3")),
    _Word(r"\b(?:half|halv\w+|semi\w*)\b|半", ("50",), "share"),
    _Word(r"\bhalf[\s-](?:an?[\s-])?hour\b|半[个個]?小[时時]|半[个個]?[钟鐘][头頭]", ("30",), "minute"),
    _Word(r"\b(?:half|six)[\s-](?:an?[\s-])?year\b|半年", ("6",), "month"),
    _Word(r"\bhalf[\s-]a[\s-]day\b|半天", ("12",), "hour"),
    _Word(r"\bhalf[\s-]a[\s-]million\b", ("500000",)),
    _Word(r"\bhalf[\s-]a[\s-]billion\b", ("500000000",)),
    _Word(r"\b(?:quarters?|fourth)\b|季", ("25",), "share"),
    _Word(r"\bquarters?\b|季度?", ("3",), "month"),
    _Word(r"\bquarters?\b|刻[钟鐘]", ("15",), "minute"),
    _Word(r"\b(?:third|thirds)\b", ("33.33",), "share"),
    _Word(r"\bdozens?\b|一打", ("12",)),
    _Word(r"\bfortnight\w*\b", ("2",), "week"),
    _Word(r"\bdecades?\b", ("1", "10"), "decade"),
    _Word(r"\bdecades?\b", ("10",), "year"),
    _Word(r"\bcentur(?:y|ies)\b|百年", ("100",), "year"),
    _Word(r"\b(?:once|single|sole\w*|lone|only|initial\w*|debut\w*|maiden|inaugural\w*|opening|opener|top|premier\w*|primary|beginning)\b|[首初头頭]", ("1",)),
    _Word(r"\b(?:secondly|runners?-up|secondary)\b|其次|再次|[亚亞][军軍]", ("2",)),
    _Word(r"[再又另下次]", ("2",), "rank"),
    _Word(r"\bweekly\b", ("1",), "week"),
    _Word(r"\bzero|nil|none\b|零", ("0",)),
)  # fmt: skip
_PATTERNS = [(re.compile(word.pattern, re.IGNORECASE), tuple(map(Decimal, word.values)), word.unit) for word in _WORDS]


def implied(text: str) -> Iterator[tuple[str, tuple[Decimal, ...], str, int]]:
    """The words of a text that imply a number, each with the values it may have, its unit and its place."""
    for pattern, values, unit in _PATTERNS:
        for match in pattern.finditer(text):
            yield match.group(), values, unit, match.start()
