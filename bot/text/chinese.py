"""Chinese characters: whether a text has them, and the change between 繁 and 简 by OpenCC."""

from __future__ import annotations

import re
from functools import cache

import opencc

from bot.model import Script

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_CONFIGS = {Script.HANT: "s2t", Script.HANS: "t2s"}


@cache
def _converter(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


def to_script(text: str, script: Script) -> str:
    """The text in 繁體 (HANT) or 简体 (HANS); as it stands for SOURCE."""
    config = _CONFIGS.get(script)
    return _converter(config).convert(text) if config and HAN.search(text) else text


def han_share(text: str) -> float:
    """The share (0 to 1) of Han characters among the letters of a text; 0 for a text without letters."""
    letters = sum(1 for character in text if character.isalpha())
    return len(HAN.findall(text)) / letters if letters else 0.0
