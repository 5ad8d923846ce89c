"""Finds the names in a brief that its source does not have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from bot.briefs.glossary import Glossary, Term, TermKind
from bot.briefs.scripts import LATIN_WORD, is_function_word, latin_words, word_set
from bot.briefs.sentences import split_sentences
from bot.briefs.signs import Signs
from bot.briefs.told import Told
from bot.model import Language, Script
from bot.text.chinese import HAN, to_script

_STEM = 4  # Ukraine and Ukrainian share more than this; Iran and Iraq do not
_TELLING = 3
_REMEMBERED = 4_000  # words
_POSSESSIVE = re.compile(r"['’]s?$")
_SPOKEN_OF = re.compile(r"[\"“‘'(:—–]\s*$")
_CALENDAR = word_set(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon "
    "tue wed thu fri sat sun am pm"
)
# Forms of address and the like, which a translation may add or spell out.
_FREE = word_set("i ok mr mrs ms dr president prime minister foreign secretary state king queen pope sir st")


_HOME = re.compile(
    "我[国國]|全[国國]|[国國]務院|国务院|[国國][内內]|[党黨]中央|(?<![国國])[国國]家[^，。、的]{1,8}[局委院]"
)
_OF_HOME = frozenset(("China", "Taiwan", "Singapore", "Malaysia"))  # where Chinese news says "our country"
_POINT = "·•・‧"
_HAN_RUN = r"[\u3400-\u9fff]"
_SURELY_NAMES = re.compile(
    rf"《(?P<title>[^《》]{{1,60}})》|(?P<name>{_HAN_RUN}{{1,8}}(?:[{_POINT}]{_HAN_RUN}{{1,8}}){{1,3}})"
)
_SPELLED_ALIKE, _LONG = 85, 5
_SHORTEST_GIVEN = 2
_STEM_SIGNS = 2
_GENERIC = "社网網报報国國省市州郡县縣府会會院军軍党黨岛島"
# A word goes on with these, and none begins with them: what stands before them is part of a longer name (索尼婭).
_GOES_ON = frozenset("婭娅爾尔")
# Nor do these follow a short name but within a longer one: Mali is not in 馬里科帕.
_GOES_ON_SHORT = re.compile("[斯茲兹頓顿諾诺茨萊莱帕蒂]|[科克拉奧奥特比卡][斯帕茲兹頓顿諾诺萊莱蒂爾尔]")
_SHORT, _COUNTRY = 2, "國国"
# Where something is, comes from or goes to, is the place itself; its name elsewhere may stand for who governs there.
_PLACED = re.compile(
    r"\b(?:in|at|near|outside|around|from|to|of|through|across|into|toward|towards|via|greater|central|downtown|visit\w*"
    r"|reach\w*|leav\w+|left)\s$|[在于於抵赴到访訪从從往离離至]$",
    re.IGNORECASE,
)
_PLACED_AFTER = re.compile("[市城街机機首郊港地区區]")
_DASHES = str.maketrans("\u2010\u2011\u2012\u2212", "----")
_PRICE = re.compile(r"(?:RM|HK|NT|US|MOP)\d+")

# Whose name has a point is a person: neither Mali nor Amman is in 馬里奧·德拉吉 and 丹尼·阿曼多拉.
_NAME_AFTER, _NAME_BEFORE = re.compile(rf"{_HAN_RUN}{{0,3}}[{_POINT}]"), re.compile(rf"[{_POINT}]{_HAN_RUN}{{0,3}}$")
_REACH, _REACH_OF_PLACE = 4, 12


class NameRules:
    """What a glossary knows of names, made ready for any number of sources."""

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary
        self.signs = Signs(glossary)
        self.told = Told(glossary)


class SourceNames:
    """What a source knows by name."""

    def __init__(self, text: str, rules: NameRules) -> None:
        text = text.translate(_DASHES)
        self._text = text
        self._told = rules.told
        self._glossary = rules.glossary
        self._signs_of = rules.signs.of
        spans = list(self._glossary.spans(text))
        terms = {term.en: term for term, _ in spans}
        rest = _blanked(text, [span for _, span in spans])
        self._terms = terms.keys() | rules.told.of(terms.values(), rest)
        self._signs = rules.signs.found(rest)
        self._home = bool(_HOME.search(text))
        words = dict.fromkeys(latin_words(text))
        self._words = {_fold(word) for word in words}
        self._parts = {part for word in self._words for part in re.split(r"[-&]", word)}
        self._designations = {_letters(word) for word in self._words if any(sign.isdigit() for sign in word)}
        self._capitalised = {_POSSESSIVE.sub("", word) for word in words if word[0].isupper()}
        self._names = {_fold(word) for word in self._capitalised if len(word) >= _LONG}
        self._initials = "".join(word[0].lower() for word in latin_words(text) if word[0].isupper())

    def unknown(self, text: str, language: Language, *, same_language: bool) -> list[str]:
        """The names in a text of the brief that the source does not have, as far as can be told.

        Across languages, a name that the glossary does not know can't be compared with the other spelling of it.
        """
        text = text.translate(_DASHES)
        known_spans, unknown = [], []
        for term, span in self._glossary.spans(text):
            known_spans.append(span)
            if term.kind is TermKind.TERM or self._has_term(term):
                continue
            if not _is_inside(term, text, span) and not self._has_country(term, text, span):
                unknown.append(text[slice(*span)])
        rest = _blanked(text, known_spans)
        if language is Language.ZH and same_language:
            unknown += self._new_in_chinese(text)
        if language is Language.ZH:
            unknown += [word for word in latin_words(rest) if self._is_new(word) and _is_name(word)]
        elif same_language:
            unknown += [word for sentence in split_sentences(text) for word in self._new_in(sentence)]
        else:
            unknown += [word for word in latin_words(rest) if self._is_renumbered(word)]
        return unknown

    def _has_term(self, term: Term) -> bool:
        """Whether the source has a term in any form, also as a sign, or in a spelling of its own."""
        if term.en in self._terms or (self._home and term.en in _OF_HOME):
            return True
        if not self._signs.isdisjoint(self._signs_of(term)) or any(name in self._text for name in term.ambiguous()):
            return True
        if term.kind is TermKind.PERSON and self._has_family_name(term.en):
            return True
        written = (term.en, term.zh_hant, term.zh_hans, *term.aliases)
        if len(term.en) >= _LONG and term.en.lower() in self._words:
            return True  # "google it"
        return any(self._is_spelled(form) or self._has_stem(form) for form in written)

    def _has_country(self, term: Term, text: str, span: tuple[int, int]) -> bool:
        """Whether a capital stands for a country that the source has: "a charge that Tehran rejects"."""
        start, end = span
        placed = _PLACED.search(text[max(0, start - _REACH_OF_PLACE) : start]) or _PLACED_AFTER.match(text, end)
        return not placed and self._told.speaks_for(term) in self._terms

    def _has_family_name(self, name: str) -> bool:
        """Johnson for Boris Johnson, Xi for Xi Jinping; the given name tells nothing."""
        parts = name.split()
        family = parts[0] if len(parts[0]) <= _SHORTEST_GIVEN else parts[-1]
        return len(parts) > 1 and family in self._capitalised

    def _has_stem(self, form: str) -> bool:
        """新华网 has the name of 新华社, 得州 not that of 德州: the stem has two signs at least."""
        return len(form) > _STEM_SIGNS and form[-1] in _GENERIC and form[:-1] in self._text

    def _is_spelled(self, form: str) -> bool:
        """Teheran is Tehran, Xinhuanet Xinhua's, and #SouthChinaSea the South China Sea."""
        folded = form.replace(" ", "").lower()
        if len(form) < _LONG or not folded.isalpha() or not folded.isascii() or form.isupper():
            return False
        return any(word.startswith(folded) or ratio(word, folded) >= _SPELLED_ALIKE for word in self._names)

    def _new_in(self, sentence: str) -> list[str]:
        rest = _blanked(sentence, [span for _, span in self._glossary.spans(sentence)])
        return [word for word in _capitalised(rest, headline=_in_headline_style(sentence)) if self._is_new(word)]

    def _new_in_chinese(self, text: str) -> list[str]:
        """Titles in 《》 and foreign names with a point (弗拉基米尔·普京) are surely names."""
        found = [match["title"] or match["name"] for match in _SURELY_NAMES.finditer(text)]
        if not found:
            return []
        known = to_script(self._text, Script.HANS)
        return [name for name in found if not all(part in known for part in _parts(name))]

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


def _is_inside(term: Term, text: str, span: tuple[int, int]) -> bool:
    """Whether a form only stands within a longer name, which is another's."""
    start, end = span
    # 重慶 stands in 隆重慶祝.
    if text[end : end + 1] in _GOES_ON or text[max(0, start - 1) : end + 1] in ("隆重庆祝", "隆重慶祝"):
        return True
    short = end - start == _SHORT and text[end - 1] not in _COUNTRY and term.kind is TermKind.PLACE
    if short and HAN.match(text[start]) and _GOES_ON_SHORT.match(text, end):
        return True
    named = _NAME_AFTER.match(text, end) or _NAME_BEFORE.search(text[max(0, start - _REACH) : start])
    return term.kind is TermKind.PLACE and bool(HAN.search(text[start:end]) and named)


def _parts(name: str) -> list[str]:
    """The parts of a name between its points; words run on to its ends, so of its outer parts the inner signs count."""
    plain = to_script(name, Script.HANS)
    if not any(point in plain for point in _POINT):
        return [plain]
    parts = re.split(f"[{_POINT}]", plain)
    return [parts[0][-2:], *parts[1:-1], parts[-1][:2]]


@lru_cache(maxsize=_REMEMBERED)
def _fold(word: str) -> str:
    """Small letters without accents, points and the possessive."""
    plain = word.casefold()
    if not plain.isascii():
        plain = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return _POSSESSIVE.sub("", plain).replace(".", "").replace("’", "'")


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
    return len(word) > 1 and any(letter.isupper() for letter in word) and not _PRICE.fullmatch(word)


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with a line in place of each span; they stand in order and do not overlap."""
    parts, done = list[str](), 0
    for start, end in spans:
        parts += [text[done:start], "_" * (end - start)]
        done = end
    return "".join([*parts, text[done:]])


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
