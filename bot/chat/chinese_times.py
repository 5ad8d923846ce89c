"""Chinese words for times as the English ones that are read: 每小時, 早上8點半, 週一至週五, 三天."""

from __future__ import annotations

import re

_DIGITS = {sign: str(number) for number, sign in enumerate("零一二三四五六七八九")} | {"兩": "2", "两": "2"}
_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_SIGNS = dict(zip("一二三四五六日1234567天", (*_DAY_NAMES, *_DAY_NAMES, "sun"), strict=True))
_WIDE = str.maketrans("０１２３４５６７８９：，、；－～　", "0123456789:,,;-- ")

_WEEK = r"(?:週|周|星期|禮拜|礼拜)"
_DAY_RANGE = re.compile(rf"{_WEEK}([一二三四五六日天1-7])\s*(?:至|到|-|~)\s*{_WEEK}?([一二三四五六日天1-7])")
_DAY = re.compile(rf"{_WEEK}([一二三四五六日天1-7])")
_NUMBER = re.compile(r"([一二三四五六七八九]?)(十)([一二三四五六七八九]?)")
_CLOCK = re.compile(
    r"(凌晨|清晨|早上|早晨|上午|朝早|中午|下午|傍晚|晚上|夜晚|夜間|夜间|晚)?\s*(\d{1,2})\s*[點点時时](?!\s*[間间])"
    r"(?:(半)|(\d{1,2})(?:分|(?![\d:])))?"
)
_LATER = frozenset({"下午", "傍晚", "晚上", "夜晚", "夜間", "夜间", "晚"})
_NOON_HOUR = 12

# Longer words first: each is replaced wherever it stands.
_WORDS = (
    (r"每個?小[時时]|每个小时|每[鐘钟][點点]|每小[時时]", " hourly "),
    (r"即[時时]|立即|馬上|马上|立刻", " instant "),
    (r"平日|工作日", " weekdays "),
    (r"週末|周末", " weekend "),
    (r"每[天日]", " daily "),
    (r"早上|早晨|早間|早间|朝早", " morning "),
    (r"中午", " noon "),
    (r"晚上|傍晚|晚間|晚间", " evening "),
    (r"個?小[時时]|个小时|鐘頭|钟头", "h "),
    (r"分[鐘钟]?", "m "),
    (r"[天日]", "d "),
    (r"個?[週周]|星期|禮拜|礼拜", "w "),
    (r"和|及|與|与", " "),
)


def chinese_times(typed: str) -> str:
    """The text with its Chinese words for times in English; other text is as it was, with full-width signs narrow."""
    text = typed.translate(_WIDE)
    text = _DAY_RANGE.sub(lambda it: f" {_DAY_SIGNS[it[1]]}-{_DAY_SIGNS[it[2]]} ", text)
    text = _DAY.sub(lambda it: f" {_DAY_SIGNS[it[1]]} ", text)
    text = _NUMBER.sub(_number, text)
    text = "".join(_DIGITS.get(sign, sign) for sign in text)
    text = _CLOCK.sub(_clock, text)
    for words, english in _WORDS:
        text = re.sub(words, english, text)
    return text.strip()


def _number(found: re.Match[str]) -> str:
    tens, _, ones = found.groups()
    return str(int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0")))


def _clock(found: re.Match[str]) -> str:
    part, hour, half, minutes = found[1], int(found[2]), found[3], found[4]
    if part in _LATER and hour < _NOON_HOUR:
        hour += _NOON_HOUR
    return f" {hour}:{30 if half else int(minutes or 0):02} "
