"""Sees to it that names come out of a machine translation as the glossary has them.

Translation ─▶ other spellings of a name ─▶ the glossary's
            └▶ names that are not there ─▶ their sentence once more, with the name put in beforehand

Placeholders would be surer in theory, but translators mangle them; a name in the target language is mostly copied.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from bot.briefs.glossary import Glossary, Term, TermKind
from bot.model import Language, Script
from bot.text.chinese import HAN, to_script

# What makes a mention of a country's one sign: 俄方, 以軍, 美國, 美媒.
_AFTER_SIGN = frozenset("方軍军國国媒")
_KINDS = frozenset("州省市縣县國国島岛")  # what ends short names of places
_SHORT = 2


class Piece(NamedTuple):
    """A part of a text to be translated; what is to be kept stands in the target language already."""

    text: str
    keep: bool = False


Passage = tuple[Piece, ...]


class Held(NamedTuple):
    """A translation with its names set right, and the terms of its source that it does not name."""

    text: str
    missing: tuple[Term, ...]


def passage(text: str) -> Passage:
    """A text with nothing in it to be kept."""
    return (Piece(text),)


def written(pieces: Passage) -> str:
    """A passage as plain text, for translators that know no marks."""
    return "".join(piece.text for piece in pieces)


def hold_names(source: str, translation: str, glossary: Glossary, target: Language) -> Held:
    """The translation with the names of its source as the glossary spells them, and those it lacks.

    English keeps any form that the glossary knows, since "Russian" can't be made "Russia" without harm.
    """
    named = [term for term in glossary.find(source) if term.kind is not TermKind.TERM]
    text = _respelt(translation, named, glossary) if target is Language.ZH else translation
    there = set(_named(text, named) if target is Language.ZH else _named_in_english(text, named))
    return Held(text, tuple(term for term in named if term not in there))


def with_names(source: str, missing: Collection[Term], glossary: Glossary, target: Language, *, like: str) -> Passage:
    """The source with the missing names in the target language, Chinese ones in the script of the text `like`."""
    pieces: list[Piece] = []
    done = 0
    for term, (start, end) in glossary.spans(source):
        if term in missing and not _is_short(source[start:end], term):
            name = term.named(target)
            pieces += [Piece(source[done:start]), Piece(_in_script_of(like, name), keep=True)]
            done = end
    pieces.append(Piece(source[done:]))
    return tuple(_spaced(pieces) if target is Language.EN else [piece for piece in pieces if piece.text])


def _spaced(pieces: list[Piece]) -> Iterator[Piece]:
    """Latin names in Chinese stand apart, or they would be read as part of what is next to them."""
    for piece in pieces:
        if piece.text:
            yield Piece(f" {piece.text} ", keep=True) if piece.keep else piece


def _respelt(text: str, named: Collection[Term], glossary: Glossary) -> str:
    if not any(form in text for term in named for form in term.forms() if _is_other_spelling(form, term)):
        return text  # nearly always; looking for all terms of the glossary takes longer
    respelt, done = "", 0
    for term, (start, end) in glossary.spans(text):
        if term in named and _is_other_spelling(text[start:end], term):
            respelt += text[done:start] + _in_script_of(text, term.named(Language.ZH))
            done = end
    return respelt + text[done:]


def _is_other_spelling(form: str, term: Term) -> bool:
    """Whether a form is another rendering of the name (澤倫斯基), and neither a longer or shorter one (加州) nor a
    mention (俄方): those are as good, and may be what the sentence needs."""
    if not HAN.search(form) or _is_short(form, term):
        return False
    one, other = (to_script(text, Script.HANS) for text in (form, term.named(Language.ZH)))
    return not (_shortens(one, other) or _shortens(other, one))


def _shortens(short: str, long: str) -> bool:
    """Whether a name is made of signs of another, in their order: 北約 of 北大西洋公約組織, 加州 of 加利福尼亞."""
    signs = iter(long)
    stem = short[:-1] if len(short) > 1 and short[-1] in _KINDS else short
    return all(sign in signs for sign in stem)


def _is_short(form: str, term: Term) -> bool:
    """Whether a form is a country's one sign with what is done for it: 俄方, 以軍."""
    return len(form) == _SHORT and form[1] in _AFTER_SIGN and form[0] in _signs(term)


def _signs(term: Term) -> set[str]:
    return {form for form in term.forms() if len(form) == 1}


def _named(text: str, terms: Collection[Term]) -> Iterator[Term]:
    """The terms that a Chinese text names, in any of their forms."""
    signs = set().union(*map(_signs, terms))
    for term in terms:
        whole = any(form in text for form in (*term.forms(), *term.ambiguous()) if len(form) > 1)
        if whole or any(_stands_for_name(text, sign, signs) for sign in _signs(term)):
            yield term


def _named_in_english(text: str, terms: Collection[Term]) -> Iterator[Term]:
    """The terms that an English text names as whole words, in any of their forms."""
    for term in terms:
        if any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text) for form in term.forms() if not HAN.search(form)):
            yield term


def _stands_for_name(text: str, sign: str, signs: set[str]) -> bool:
    """Whether a sign names a country, as in 俄烏 and 俄方, and is no part of another word, as 以 is in 以及."""
    others = signs - {sign}
    mentions = [*(sign + following for following in _AFTER_SIGN | others), *(before + sign for before in others)]
    return any(mention in text for mention in mentions)


def _in_script_of(text: str, name: str) -> str:
    """A name in the script that most of a text is in; 繁體 where the text shows none."""
    simplified, traditional = (_changed(text, script) for script in (Script.HANT, Script.HANS))
    return to_script(name, Script.HANS) if simplified > traditional else name


def _changed(text: str, script: Script) -> int:
    return sum(one != other for one, other in zip(text, to_script(text, script), strict=False))
