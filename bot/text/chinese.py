"""Chinese characters: whether a text has them, and the change between 繁 and 简 and their regions by OpenCC."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from threading import Event, Lock

import opencc

from bot.model import Script

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")

# Characters alone. OpenCC's phrase books (s2twp, tw2sp) were made for software: they turn 支持 (support) into 支援
# (aid), 和平進程 (peace process) into 和平程序 and 對象 (target) into 物件. News would say what its source does not;
# the words of a region come from the glossary instead, where each can be read.
_PLAIN = {Script.HANT: ("s2t",), Script.HANS: ("t2s",)}
# Of an unknown region. Not by way of tw2t, which takes 參 for ginseng (蔘) wherever no phrase tells otherwise.
_OF_TRADITIONAL = {Script.HK: ("t2hk",), Script.TW: ("hk2t", "t2tw"), Script.CN: ("hk2t", "tw2s")}
_OF_SIMPLIFIED = {
    Script.HK: ("s2t", *_OF_TRADITIONAL[Script.HK]),
    Script.TW: ("s2t", *_OF_TRADITIONAL[Script.TW]),
    Script.CN: ("t2s",),
}
# Where newspapers print another form than the standard that OpenCC follows.
_PRINTED = {
    Script.HK: str.maketrans("羣峯牀麪啓衆裡説温脱税悦閲鋭敍户兑卧蜕藴", "群峰床麵啟眾裏說溫脫稅悅閱銳敘戶兌臥蛻蘊"),
    Script.TW: str.maketrans("臺汙溼", "台污濕"),
}


_LARGE = "s2t"
_converters: dict[str, opencc.OpenCC] = {}
_loading, _used = Lock(), Event()


def to_script(text: str, script: Script) -> str:
    """The text in 繁體 (HANT), 简体 (HANS) or the characters of a region (HK, TW, CN); as it stands for SOURCE."""
    return writer(text, script)(text)


def writer(sample: str, script: Script) -> Callable[[str], str]:
    """What `to_script` does to texts like the sample, for its pieces: where they are from is told by the whole."""
    if script is Script.SOURCE or not HAN.search(sample):
        return _as_it_stands
    if script in _PLAIN:
        return _chain(_PLAIN[script], script)
    return _chain((_OF_SIMPLIFIED if is_simplified(sample) else _OF_TRADITIONAL)[script], script)


def is_simplified(text: str) -> bool:
    """Whether a text is in 简体 rather than in 繁體; so is one that would look the same in both."""
    return leaning(text) >= 0


def leaning(text: str) -> int:
    """Above 0 for a text in 简体, below 0 for one in 繁體, told by which change alters more of it; 0 for neither."""
    traditional = _altered(text, "t2s")
    # Nearly always it is plain from the characters alone, and s2t, which takes much memory, need not be there.
    always, sometimes = _altered_by_s2t()
    least = sum(map(always.__contains__, text))
    most = least + sum(map(sometimes.__contains__, text))
    if least == most or least > traditional or most < traditional:
        return least - traditional
    return _altered(text, "s2t") - traditional


@cache
def _altered_by_s2t() -> tuple[frozenset[str], frozenset[str]]:
    lines = files("bot.text").joinpath("altered.tsv").read_text(encoding="utf-8").splitlines()
    always, sometimes = (frozenset(line) for line in lines if not line.startswith("#"))
    return always, sometimes


def as_printed(name: str, region: Script) -> str:
    """A name in a region's own spelling with the characters printed there: 衛 or 衞. A name alone tells not where it is
    from; it is taken for 繁體 in Hong Kong and Taiwan, for 简体 in the mainland."""
    return name if region is Script.CN else _chain(_OF_TRADITIONAL[region], region)(name)


def spellings(word: str) -> tuple[str, ...]:
    """A word as it stands, in 简, in 繁, and in the characters that Hong Kong and Taiwan print, each once."""
    if not HAN.search(word):
        return (word,)
    hant = to_script(word, Script.HANT)
    printed = (as_printed(hant, region) for region in (Script.HK, Script.TW))
    return tuple(dict.fromkeys((word, to_script(word, Script.HANS), hant, *printed)))


def _altered(text: str, config: str) -> int:
    changed = _converter(config).convert(text)
    return 0 if changed == text else sum(before != after for before, after in zip(text, changed, strict=False))


def _as_it_stands(text: str) -> str:
    return text


@cache
def _chain(configs: tuple[str, ...], script: Script) -> Callable[[str], str]:
    printed = _PRINTED.get(script, {})

    def convert(text: str) -> str:
        if not HAN.search(text):
            return text
        for config in configs:
            text = _converter(config).convert(text)
        return (_with_aspect(text) if script is Script.HK else text).translate(printed)

    return convert


def _with_aspect(text: str) -> str:
    """The text with 着 where Taiwan prints 著 for it, as in 看著; OpenCC tells that from 著名 on its way to 简体."""
    if "著" not in text:
        return text
    pairs = zip(text, _converter("tw2s").convert(text), strict=False)
    return "".join("着" if (before, after) == ("著", "着") else before for before, after in pairs)


def _converter(config: str) -> opencc.OpenCC:
    found = _converters.get(config)
    if found is None:
        with _loading:  # a thread that comes second shall not load it once more
            found = _converters.setdefault(config, _converters.get(config) or opencc.OpenCC(config))
    if config == _LARGE:
        _used.set()
    return found


def put_away_unused() -> bool:
    """Put away what takes much memory, if nobody used it since this was asked last; answer whether it was.

    OpenCC holds each of 50,000 phrases that tell 发 (hair) from 发 (send) as objects of its own: 26 MB, loaded again in
    a tenth of a second.
    """
    if _used.is_set():
        _used.clear()
        return False
    return _converters.pop(_LARGE, None) is not None


def han_share(text: str) -> float:
    """The share (0 to 1) of Han characters among the letters of a text; 0 for a text without letters."""
    letters = sum(1 for character in text if character.isalpha())
    return len(HAN.findall(text)) / letters if letters else 0.0
