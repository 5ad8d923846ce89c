"""A term of the glossary: how it is called in English and in each region's Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.model import Language, Script
from bot.text.chinese import HAN, spellings

_LATIN = re.compile(r"[A-Za-z]+[a-z]")
_REMEMBERED = 20_000  # several glossaries' worth of forms


class TermKind(StrEnum):
    """What a term names. Terms proper are common words: a text may say them in other ways."""

    PERSON = "person"
    PLACE = "place"
    BODY = "body"
    TERM = "term"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One line of the glossary: `zh_hant` is what Hong Kong writes, `zh_hans` the mainland, `tw` Taiwan (empty: as Hong
    Kong does); `aliases` are further forms in any script.

    A form of one sign (美, 俄) is too ambiguous to be looked for; it only counts as a mention of the term. So are the
    regional names that are other words elsewhere, `written`: they are written, but not looked for. `same` are the
    aliases that mean the very same, so that a reader's region may have its own name in their place. `told_by` are names
    of other terms (its capital, who leads it) and words that say as much of it without naming it, in either language.
    """

    en: str
    zh_hant: str
    zh_hans: str
    kind: TermKind
    aliases: tuple[str, ...] = ()
    tw: str = ""
    written: frozenset[str] = frozenset()
    same: frozenset[str] = frozenset()
    told_by: tuple[str, ...] = ()

    def forms(self) -> tuple[str, ...]:
        """All forms the term is known by, each Chinese one in 繁 and 简."""
        return _forms(self)

    def sought(self) -> tuple[str, ...]:
        """The regions' names as they are looked for: without those that are other words elsewhere."""
        return _sought(self)

    def names(self) -> tuple[str, ...]:
        """The Chinese forms that mean just the same, each in 繁 and 简: the regions' names and their like."""
        return _names(self)

    def hinted(self, text: str) -> bool:
        """Whether a text has a form of the term that is too ambiguous to be looked for: one of one sign, as in 美俄 for
        the United States and Russia, or a name that is another word elsewhere."""
        one_sign = (form for form in self.forms() if len(form) == 1)
        return any(form in text for form in (*one_sign, *self.ambiguous()))

    def ambiguous(self) -> tuple[str, ...]:
        """The regional names that are other words elsewhere, each in 繁 and 简."""
        return _ambiguous(self)

    def named(self, language: Language) -> str:
        """The term in a language; Chinese as in Hong Kong, as chats have it changed to what they read."""
        return self.en if language is Language.EN else self.zh_hant

    def regional(self, script: Script) -> str:
        """What a region calls it; "" where the script is of no region."""
        return {Script.HK: self.zh_hant, Script.TW: self.tw or self.zh_hant, Script.CN: self.zh_hans}.get(script, "")


@lru_cache(maxsize=_REMEMBERED)
def _sought(term: Term) -> tuple[str, ...]:
    regions = dict.fromkeys((term.zh_hant, term.tw, term.zh_hans))
    return tuple(name for name in regions if name and name not in _ambiguous(term))


@lru_cache(maxsize=_REMEMBERED)
def _ambiguous(term: Term) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spelling for name in sorted(term.written) for spelling in spellings(name)))


@lru_cache(maxsize=_REMEMBERED)
def _forms(term: Term) -> tuple[str, ...]:
    place = term.kind is TermKind.PLACE
    people = [f"{alias}s" for alias in term.aliases if place and _LATIN.fullmatch(alias)]
    given = (term.en, *term.sought(), *term.aliases, *people)
    typed = (form for text in given for form in spellings(text))
    # Some keyboards, and all newspapers, make the apostrophe of People's Daily a curly one.
    return tuple(dict.fromkeys(form for text in typed for form in (text, text.replace("'", "’"))))


@lru_cache(maxsize=_REMEMBERED)
def _names(term: Term) -> tuple[str, ...]:
    chinese = (each for each in (*term.sought(), *term.same) if HAN.search(each))
    return tuple(dict.fromkeys(form for text in chinese for form in spellings(text)))
