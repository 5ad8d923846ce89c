"""Words that look like another one: US and us, 中国 in 发展中国家.

They are told apart where the keyword is typed without quotation marks. Both tables are short on purpose: each row is a
keyword that people have, and a look-alike that news is full of.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# By the name of the Snowball algorithm: small words of a language that are spelled like an acronym of the news.
_SMALL: dict[str, frozenset[str]] = {
    "english": _words("us it who is he am an as at in or me so no do if we all can aid aids ice fed cop doe dot era"),
    "french": _words("ai un us eu la le de en on or ce es et est sa ou si vu"),
    "german": _words("am im mit um es er so da ob wo"),
    "italian": _words("ai un la il di si da"),
    "portuguese": _words("eu um as os em"),
    "spanish": _words("un la el es en se si su"),
}
_ANY_SMALL = frozenset(chain.from_iterable(_SMALL.values()))

_DAYS_BEGIN = "今昨明当即翌周期"
_DAYS = frozenset(map(str, range(1, 32)))
_EVERY = ""
# A word in simplified characters; where one of the first column stands before it and one of the second after it
# (nothing: whatever there is), its characters belong to two other words.
_SEAMS: Mapping[str, tuple[tuple[frozenset[str], str], ...]] = {
    "中国": ((frozenset("展"), "家"),),
    "日本": ((frozenset(_DAYS_BEGIN) | _DAYS, "港报地台市院刊"),),
    "日圆": ((frozenset(), "寂满"),),
    "日经": ((frozenset("每今昨近连"), _EVERY),),
    "京东": ((frozenset("北南"), _EVERY),),
    "泰国": ((frozenset("国"), "际"),),
    "印度": ((frozenset(), "尼洋支"),),
    "马里": ((frozenset(), "兰奥乌"),),
    "海南": ((frozenset("上"), "京站"),),
    "江西": ((frozenset("浙"), _EVERY),),
    "西安": ((frozenset("山江广"), _EVERY),),
    "南海": ((frozenset("海湖越"), _EVERY),),
    "东海": ((frozenset("山广"), _EVERY),),
    "台海": ((frozenset("平舞电后"), _EVERY),),
    "新冠": ((frozenset(), "军名"),),
} | dict.fromkeys(
    ("中共", "中美", "中日", "中俄", "中印", "中韩", "中欧", "中英", "中法", "中德", "中澳", "中加", "中越"),
    ((frozenset("其"), _EVERY),),
)


def small_words(algorithm: str) -> frozenset[str]:
    """The folded small words, in a language, that an acronym could be taken for."""
    return _SMALL.get(algorithm, frozenset())


def is_acronym(written: str, folded: str) -> bool:
    """Whether a word, as typed and folded, is an acronym that some language has a small word for."""
    return folded in _ANY_SMALL and written.isupper()


def may_be_seam(word: str) -> bool:
    """Whether some place of a folded word could be no word at all (see `is_seam`)."""
    return word in _SEAMS


def is_seam(word: str, before: str, after: str) -> bool:
    """Whether a folded word, between the terms that touch it ("" for none), is made of the ends of two others."""
    for befores, afters in _SEAMS.get(word, ()):
        if (not befores or before in befores) and (not afters or (after != "" and after in afters)):
            return True
    return False
