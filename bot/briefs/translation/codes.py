"""What translators call the languages, above all Chinese, and which of the directions they know lead somewhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.model import Language, Script
from bot.text.chinese import to_script

HANT, HANS = "zh-Hant", "zh-Hans"
ENGLISH = "en"

Pair = tuple[str, str]
"""A direction: the code translated from, and the code translated to."""

# Argos calls them zh and zt, and so did LibreTranslate until 1.6.2; since then it has zh-Hans and zh-Hant.
_HANS_CODES, _HANT_CODES = ("zh-Hans", "zh"), ("zh-Hant", "zt")


def origin_of(language: str, text: str) -> str:
    """The language of a text as a code; Chinese with its script."""
    if language != Language.ZH:
        return language
    return HANT if to_script(text, Script.HANS) != text else HANS


def origin_codes(origin: str) -> Sequence[str]:
    """The codes under which a translator may know an origin, best first."""
    return {HANT: (*_HANT_CODES, *_HANS_CODES), HANS: (*_HANS_CODES, *_HANT_CODES)}.get(origin, (origin,))


def chinese_codes(first: Script) -> Sequence[str]:
    """The codes of Chinese as a target, those of a script first."""
    return (*_HANT_CODES, *_HANS_CODES) if first is Script.HANT else (*_HANS_CODES, *_HANT_CODES)


def as_code_writes(text: str, code: str) -> str:
    """A Chinese text in the script that a code stands for: a model of one script hardly knows the other."""
    if code in _HANT_CODES:
        return to_script(text, Script.HANT)
    return to_script(text, Script.HANS) if code in _HANS_CODES else text


def find_route(pairs: Collection[Pair], origin: str, target: Language) -> tuple[Pair, ...]:
    """The directions to go from an origin to a target: one, or two by way of English; none where nothing leads there.

    繁體 is preferred as a target: making 简体 of it loses nothing, the other way round has to guess.
    """
    origins = origin_codes(origin)
    targets = chinese_codes(Script.HANT) if target is Language.ZH else (ENGLISH,)
    direct = ((one, two) for one in origins for two in targets)
    if found := next((pair for pair in direct if pair in pairs), None):
        return (found,)
    if ENGLISH in (origin, target):
        return ()
    first, second = find_route(pairs, origin, Language.EN), find_route(pairs, ENGLISH, target)
    return (*first, *second) if first and second else ()
