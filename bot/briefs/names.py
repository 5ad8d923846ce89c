"""Finds the names in a brief that its source does not have."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.fuzz import ratio

from bot.briefs.glossary import Glossary, Term, TermKind
from bot.briefs.scripts import LATIN_WORD, is_function_word, latin_words, word_set
from bot.briefs.sentences import split_sentences
from bot.model import Language

_STEM = 4  # Ukraine and Ukrainian share more than this; Iran and Iraq do not
_TELLING = 3
_SPOKEN_OF = re.compile(r"[\"“‘'(:—–]\s*$")
_CALENDAR = word_set(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon "
    "tue wed thu fri sat sun am pm"
)
# Forms of address and the like, which a translation may add or spell out.
_FREE = word_set("i mr mrs ms dr president prime minister foreign secretary state king queen pope sir st")


_HOME = re.compile("我[国國]|全[国國]|[国國]務院|国务院")
_OF_HOME = frozenset(("China", "Taiwan", "Singapore", "Malaysia"))  # where Chinese news says "our country"
_SPELLED_ALIKE, _LONG = 85, 5
# What follows a country's sign, or comes before it, where the sign stands for the country: 俄方, 美軍, 訪華.
_AFTER_SIGN = "医醫药藥文式方国國军軍媒企股总總首外防警驻駐财財商央籍裔德语語族人官两兩双雙三关關间間元债債制对對选選洲"
_BEFORE_SIGN = "对對赴访訪驻駐援抗涉反亲親旅留与與和及、跟向从從遭被至往离離西东東南北"


class SourceNames:
    """What a source knows by name."""

    def __init__(self, text: str, glossary: Glossary) -> None:
        self._text = text
        self._glossary = glossary
        spans = list(glossary.spans(text))
        self._terms = {term for term, _ in spans}
        self._signs = _signs_of(_blanked(text, [span for _, span in spans]), glossary)
        self._home = bool(_HOME.search(text))
        self._words = {_fold(word) for word in latin_words(text)}
        self._parts = {part for word in self._words for part in re.split(r"[-&]", word)}
        self._designations = {_letters(word) for word in self._words if any(sign.isdigit() for sign in word)}
        self._names = {_fold(word) for word in latin_words(text) if word[0].isupper() and len(word) >= _LONG}
        self._initials = "".join(word[0].lower() for word in latin_words(text) if word[0].isupper())

    def unknown(self, text: str, language: Language, *, same_language: bool) -> list[str]:
        """The names in a text of the brief that the source does not have, as far as can be told.

        Across languages, a name that the glossary does not know can't be compared with the other spelling of it.
        """
        known_spans, unknown = [], []
        for term, span in self._glossary.spans(text):
            known_spans.append(span)
            if term.kind is not TermKind.TERM and not self._has_term(term):
                unknown.append(text[slice(*span)])
        rest = _blanked(text, known_spans)
        if language is Language.ZH:
            unknown += [word for word in latin_words(rest) if self._is_new(word) and _is_name(word)]
        elif same_language:
            unknown += [word for sentence in split_sentences(text) for word in self._new_in(sentence)]
        else:
            unknown += [word for word in latin_words(rest) if self._is_renumbered(word)]
        return unknown

    def _has_term(self, term: Term) -> bool:
        """Whether the source has a term in any form, also as a sign, or in a spelling of its own."""
        if term in self._terms or (self._home and term.en in _OF_HOME):
            return True
        forms = term.forms()
        return any(form in self._signs for form in forms if len(form) == 1) or any(map(self._is_spelled, forms))

    def _is_spelled(self, form: str) -> bool:
        """Teheran is Tehran, and Xinhuanet Xinhua's."""
        if len(form) < _LONG or not form.isalpha() or not form.isascii() or form.isupper():
            return False
        folded = form.lower()
        return any(word.startswith(folded) or ratio(word, folded) >= _SPELLED_ALIKE for word in self._names)

    def _new_in(self, sentence: str) -> list[str]:
        rest = _blanked(sentence, [span for _, span in self._glossary.spans(sentence)])
        return [word for word in _capitalised(rest, headline=_in_headline_style(sentence)) if self._is_new(word)]

    def _is_renumbered(self, word: str) -> bool:
        """Whether a designation has the source's letters with other digits: F-39C for F-35C."""
        return any(sign.isdigit() for sign in word) and self._is_new(word) and _letters(word) in self._designations

    def _is_new(self, word: str) -> bool:
        folded = _fold(word)
        if folded in self._words or folded in _CALENDAR or folded in _FREE:
            return False
        if word.isupper() and len(word) > 1 and folded in self._initials:
            return False
        return not all(self._has_part(part) for part in re.split(r"[-&]", folded) if part)

    def _has_part(self, part: str) -> bool:
        return part in self._parts or part in _FREE or any(_same_stem(part, other) for other in self._parts)


def _signs_of(text: str, glossary: Glossary) -> frozenset[str]:
    """The signs that stand for countries in a text from which longer names are taken out."""
    signs = {form for term in glossary.terms for form in (term.zh_hant, term.zh_hans, *term.aliases) if len(form) == 1}
    if not signs:
        return frozenset()
    any_sign = "".join(signs)
    # 中波兩國; and in headlines the sign comes first: 美三航母 (but 以 is more often a preposition there).
    pattern = (
        rf"[{any_sign}](?=[{_AFTER_SIGN}{any_sign}_]|.[两兩二双雙关關])|(?<=[{_BEFORE_SIGN}{any_sign}_])[{any_sign}]"
        rf"|(?:^|(?<=[\s，。：；、「『（(“]))(?!以)[{any_sign}]"
    )
    return frozenset(re.findall(pattern, text))


def _fold(word: str) -> str:
    """Small letters without accents, points and the possessive."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(sign))
    return re.sub(r"['’]s?$", "", plain).replace(".", "").replace("’", "'")


def _letters(word: str) -> str:
    return "".join(sign for sign in _fold(word) if sign.isalpha())


def _same_stem(one: str, other: str) -> bool:
    """Ukraine, Ukrainian, Ukraines: the same beginning, and little that differs after it."""
    if f"{other}s" == one or f"{one}s" == other:
        return True
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared >= _STEM and max(len(one), len(other)) - shared <= min(_STEM, shared - 1)


def _is_name(word: str) -> bool:
    return len(word) > 1 and any(letter.isupper() for letter in word)


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "_" * (end - start) + text[end:]
    return text


def _in_headline_style(sentence: str) -> bool:
    """Whether all words but the small ones begin with capitals, so that a capital marks no name."""
    telling = [word for word in latin_words(sentence) if len(word) >= _TELLING and not is_function_word(word)]
    return len(telling) >= _TELLING and all(word[0].isupper() for word in telling)


def _capitalised(sentence: str, *, headline: bool) -> list[str]:
    """The words that a capital marks as names: not the first of a sentence, and in headline style acronyms only."""
    found = []
    for match in LATIN_WORD.finditer(sentence):
        word, before = match.group(), sentence[: match.start()]
        named = word[0].isupper() and before.strip() and not _SPOKEN_OF.search(before)
        if (word.isupper() and len(word) > 1) or (named and not headline):
            found.append(word)
    return found
