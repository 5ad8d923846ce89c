"""Estimates how many tokens a text is to a language model, rather too many than too few."""

from __future__ import annotations

import math
import re

# Newer models have about 4.5 ASCII characters a token and 0.9 tokens a Han character, older ones 4 and 1.5; many cut
# numbers into digits.
_DIGIT = re.compile(r"[0-9]")
_LETTERS_A_TOKEN = 3.5
_TOKENS_A_SIGN = 1.2


def estimate_tokens(text: str) -> int:
    """The tokens of a text."""
    ascii_signs = len(text.encode("ascii", "ignore"))
    digits = len(_DIGIT.findall(text))
    return math.ceil(digits + (ascii_signs - digits) / _LETTERS_A_TOKEN + (len(text) - ascii_signs) * _TOKENS_A_SIGN)
