"""The single signs that stand for places in Chinese news: 俄方, 美軍, 粵港澳, 亞裔."""

from __future__ import annotations

import re

from bot.briefs.glossary import Glossary
from bot.briefs.terms import Term
from bot.text.chinese import spellings

# The official short names of provinces and cities, which stand in 粵港澳, 京滬 and 藏族.
_SHORT_NAMES = {
    "Beijing": "京", "Shanghai": "滬", "Tianjin": "津", "Chongqing": "渝", "Hong Kong": "港", "Macau": "澳",
    "Tibet": "藏", "Guangdong": "粵", "Xinjiang": "疆", "Fujian": "閩", "Sichuan": "川蜀", "Zhejiang": "浙",
    "Taiwan": "台臺",
}  # fmt: skip
# What follows a country's sign, or comes before it, where the sign stands for the country: 俄方, 美軍, 訪華.
_AFTER = (
    "大医醫药藥文式方国國军軍媒企股总總首外防警驻駐财財商央籍裔德语語族人官两兩双雙三关關間间元债債制对對選选洲"
    "系剧劇片队隊货貨产產车車超甲校府网網独獨侨僑区區版音"
)
_BEFORE = "对對赴访訪驻駐援抗涉反亲親旅留与與和及、跟向从從遭被至往离離抵返来來西东東南北"

# These stand for nothing else.
_ALONE = "湘鄂皖赣贛黔滇琼瓊粤粵渝沪滬闽閩冀豫陇隴"
_THERE = "美华華京港沪滬俄韩韓澳英"  # 在美 is a place, 在日常 is none


class Signs:
    """Which signs stand for which terms of a glossary, and where they do so in a text. Pure."""

    def __init__(self, glossary: Glossary) -> None:
        of_terms = {term.en: _signs_of(term) for term in glossary.terms}
        self._of = {name: signs for name, signs in of_terms.items() if signs}
        self._pattern = _pattern("".join(sorted(set[str]().union(*self._of.values()))))

    def found(self, rest: str) -> frozenset[str]:
        """The signs that stand for places in a text from which longer names are taken out."""
        return frozenset(self._pattern.findall(rest))

    def of(self, term: Term) -> frozenset[str]:
        """The signs that stand for a term."""
        return self._of.get(term.en, frozenset())


def _signs_of(term: Term) -> frozenset[str]:
    short = (spelling for sign in _SHORT_NAMES.get(term.en, "") for spelling in spellings(sign))
    return frozenset((*(form for form in term.forms() if len(form) == 1), *short))


def _pattern(signs: str) -> re.Pattern[str]:
    if not signs:
        return re.compile("(?!)")
    # 中波兩國; and in headlines the sign comes first: 美三航母 (but 以 is more often a preposition there).
    return re.compile(
        rf"[{_ALONE}]|(?<=在)[{_THERE}]|(?<=[(（\[【〔])[{signs}](?=[)）\]】〕])|[{signs}](?=[{_AFTER}{signs}_]|.[两兩二双雙关關])|(?<=[{_BEFORE}{signs}_])[{signs}]"
        rf"|(?:^|(?<=[\s，。：；、「『（(“]))(?!以)[{signs}]"
    )
