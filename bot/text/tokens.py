"""Tokens: the words of a text with their places in it."""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.text.fold import fold

TOUCHING, SPACED, BROKEN, PARAGRAPH = 0, 1, 2, 3

# Scripts written without spaces (Thai, Lao, Myanmar, Khmer, kana, Han), Hangul, whose particles join their
# nouns, and emoji: each character is a token, so a phrase in them needs no segmentation.
_UNSPACED = (
    "\u0e00-\u0e4f\u0e5a-\u0ecf\u0eda-\u0eff\u1000-\u103f\u104a-\u108f\u109a-\u109f\u1780-\u17df\u17ea-\u17ff"
    "\u3005-\u3007\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\uac00-\ud7a3"
    "\u2600-\u2767\u2794-\u27bf\u2b00-\u2bff\U0001f000-\U0001f0ff\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff"
    "\U00020000-\U0003ffff"
)
_LETTER = rf"[^\W_{_UNSPACED}\u02b9\u02bc\u0374\u1100-\u11ff\u2e80-\u33ff\uff9e-\uffdc\U0001f100-\U0001f2ff]"


def _marks() -> str:
    spaced_scripts = (*range(0x0300, 0x0E00), *range(0x0F00, 0x1000), *range(0x10A0, 0x1780), *range(0x1800, 0x2000))
    return "".join(chr(point) for point in spaced_scripts if unicodedata.category(chr(point)) in {"Mn", "Mc"})


_WORD = rf"{_LETTER}+(?:[{_marks()}]+{_LETTER}*)*"
_ABBREVIATIONS = (
    "mr", "mrs", "ms", "dr", "st", "gov", "sen", "rep", "gen", "prof", "lt", "col", "capt", "sgt", "jr", "sr", "vs",
    "no",
)  # fmt: skip
_ABBREVIATED = frozenset(_ABBREVIATIONS)
_TOKEN = re.compile(
    rf"""
    ([{_UNSPACED}]+)
    | ([$€£¥#@＄￥＃＠])?
    (
        (?<!{_LETTER})(?<!\.)(?:{_LETTER}\.)+{_LETTER}(?!{_LETTER})\.?        # U.S., e.g.
      | (?i:{"|".join(_ABBREVIATIONS)})\.(?=\s+{_LETTER})
      | [0-9]+(?:[.,:][0-9]+)+{_LETTER}*                                      # 3.5bn, 1,000, 10:30
      | (?:(?!\d){_LETTER}){{1,3}}[&＆](?:(?!\d){_LETTER}){{1,3}}(?!(?!\d){_LETTER})  # R&D, S&P500
      | [CFcf]\#(?!{_LETTER})
      | {_WORD}(?:\+\+|['’ʼ＇](?i:t|re|ve|ll|d|m)(?!{_LETTER}))?              # C++, don't
    )
    (?:['’ʼ＇][sS](?!{_LETTER}))?                                             # a possessive is no part of the word
    """,
    re.VERBOSE,
)
_RUN, _SIGN, _WORD_WRITTEN = 1, 2, 3  # groups of the pattern
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,:])")
_TRANSPARENT = re.compile(
    "[\"'“”„‟‘’ʼ＇＂«»「」『』《》〈〉·・‧•*\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff\uff9e\uff9f]+"
)
_JOINER = re.compile(r"[-‐‑‒–－−/.:_&+@#$%=~\\?]+")
_CHARACTER = re.compile(f"[{_UNSPACED}]")
_RUNS = re.compile(f"([{_UNSPACED}]+)")
_LETTER_FIRST = re.compile(_LETTER)
_LETTERS = re.compile(rf"{_LETTER}+")
_PIECE = re.compile(r"\S+")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")
_PARAGRAPH_BREAK = re.compile(rf"{_EMPTY_LINE.pattern}|\u2029")


class Token(NamedTuple):
    """A word, or one character of a script without spaces.

    `text` is folded; `start` and `end` are character offsets into the source text. `cjk` tells characters from
    words. `gap` says what stands between this token and the one before: TOUCHING (nothing, or quotes), SPACED
    (a space, or a hyphen, slash or dot without spaces), BROKEN (other punctuation), PARAGRAPH (an empty line).
    `sign` is one of $ € £ ¥ # @ right before the word.
    """

    text: str
    start: int
    end: int
    cjk: bool = False
    gap: int = TOUCHING
    sign: str = ""


@lru_cache(maxsize=1_024)
def _gap(between: str) -> int:
    """What a text is when it stands between two tokens."""
    visible = _TRANSPARENT.sub("", between)
    if not visible:
        return TOUCHING
    return SPACED if visible.isspace() or _JOINER.fullmatch(visible) else BROKEN


@lru_cache(maxsize=65_536)
def _word_text(word: str) -> str:
    text = fold(word).replace(" ", "").strip("'")
    if text.isalnum():
        return text
    if text[:1].isdigit():
        return text.replace(",", "") if _THOUSANDS.match(text) else text
    return text.replace(".", "")


def is_character(text: str) -> bool:
    """Whether a folded term begins with a character of a script without spaces: then it is all of the term."""
    return _CHARACTER.match(text) is not None


class Columns(NamedTuple):
    """The tokens of a text as columns, one row a token: what they say, and what stands before them (see `Token`); and
    some rows of note. `runs` are rows of characters with nothing between them, each with the row of its first; `signs`
    are before these rows.
    """

    terms: list[str]
    gaps: bytearray
    runs: list[tuple[int, str]]
    signs: list[tuple[int, str]]


def columns(text: str) -> Columns:
    """The tokens of a text, in order. Apply NFC first where the text may hold decomposed Hangul or kana.

    Possessives lose their 's; C++, C#, R&D, U.S., 3.5, 10:30 and don't are one token each; hyphens part words.
    """
    found = Columns([], bytearray(), [], [])
    for paragraph in _paragraphs(text.replace("İ", "i")):  # the one letter that would become two
        pieces = paragraph.lower().split()  # case is nothing to terms
        if len(paragraph) > _LONG * len(pieces):
            _append_unspaced(found, paragraph)
            continue
        gap = PARAGRAPH
        for start in range(0, len(pieces), _SLICE):
            gap = _append(found, pieces[start : start + _SLICE], gap, pieces[start + _SLICE : start + _SLICE + 1])
    if found.gaps:
        found.gaps[0] = TOUCHING
    return found


def _paragraphs(text: str) -> Sequence[str]:
    if "\u2029" in text:
        return _PARAGRAPH_BREAK.split(text)
    return _EMPTY_LINE.split(text) if "\n" in text else (text,)


def _append(columns: Columns, terms: list[str], gap: int, following: Sequence[str]) -> int:
    """Add what stands between spaces, in small letters, the first after that gap, the last before what follows; answer
    the gap before that."""
    gaps = bytearray([gap]) + _SPACED * len(terms)
    # Most words need no looking at, nor any looking up, which memory is slow at.
    others = [place for place, term in enumerate(terms) if not (term.isalnum() and term.isascii())]
    begun, shift = len(columns.terms), 0
    for place in others:
        row = place + shift
        term = terms[row]
        word = term.strip(_EDGES)
        if word.isascii():
            simple = word if word.isalnum() else ""
        else:
            simple = _FOLDED[word] if word[0] < _FIRST_UNSPACED else ""
        if simple:
            terms[row] = simple
            if len(word) == len(term):
                continue
            before, _, after = term.partition(word)
            if before:
                gaps[row] = max(gaps[row], _GAPS[before])
            gap, abbreviates = _GAPS[after], after == "." and word in _ABBREVIATED
        else:
            piece = _known_piece(term) if len(term) <= _LONGEST_KNOWN else _piece(term)
            found, inner, lead, gap, abbreviates, runs, signs = piece
            gaps[row] = max(gaps[row], lead)
            terms[row : row + 1] = found
            if not found:
                del gaps[row + 1]
                shift -= 1
                continue
            if inner:
                gaps[row + 1 : row + 1] = inner
                shift += len(inner)
            if runs or signs:
                _note(columns, begun + row, runs, signs)
            row += len(inner)
        if abbreviates and any(map(_LETTER_FIRST.match, terms[row + 1 : row + 2] or following)):
            gap = SPACED
        gaps[row + 1] = gap
    columns.terms.extend(terms)
    columns.gaps.extend(gaps)
    return columns.gaps.pop()


def _note(columns: Columns, row: int, runs: Iterable[tuple[int, str]], signs: Iterable[tuple[int, str]]) -> None:
    """Add the runs and signs of what begins at a row."""
    columns.runs.extend([(row + each, run) for each, run in runs])
    columns.signs.extend([(row + each, sign) for each, sign in signs])


def _append_unspaced(columns: Columns, paragraph: str) -> None:
    """Add a paragraph with few spaces in it."""
    terms, gaps, runs, signs, _, _ = _scanned(paragraph)
    if not terms:
        return
    begun = len(columns.terms)
    columns.terms.extend(terms)
    gaps[0] = PARAGRAPH
    columns.gaps.extend(gaps)
    _note(columns, begun, runs, signs)


def tokenize(text: str, width: float = math.inf) -> list[Token]:
    """The tokens of a text with their places in it; where those are not needed, `columns` is quicker.

    `width` limits how many are read from its beginning: a word is two wide, a character of a script without spaces one.
    The last ones may reach beyond.
    """
    tokens: list[Token] = []
    gap, abbreviated, ended = TOUCHING, False, 0
    for piece in _PIECE.finditer(text):
        written, (start, end) = piece[0], piece.span()
        if (start > ended + 1 or text[start - 1] == "\u2029") and _PARAGRAPH_BREAK.search(text, ended, start):
            gap, abbreviated = PARAGRAPH, False
        elif abbreviated and _LETTER_FIRST.match(written):
            gap = SPACED
        ended = end
        # Most words are all of what stands between two spaces; but an abbreviation may have its dot.
        word = written[:-1] if written[-1] in _STOPS else written
        if word.isascii() and word.isalnum():
            term = word.lower()
        else:
            term = _word_text(word) if _LETTERS.fullmatch(word) else ""
        if term and term not in _ABBREVIATED:
            tokens.append(Token(term, start, start + len(word), False, gap))
            gap, abbreviated = SPACED if len(word) == len(written) else BROKEN, False
            width -= 2
        else:
            known = _known_piece(written) if len(written) <= _LONGEST_KNOWN else _piece(written)
            found = _placed(text, start, end, (max(gap, known.lead), *known.gaps))
            gap, abbreviated = known.tail if found else max(gap, known.lead), known.abbreviates
            tokens += found
            width -= sum(1 if token.cjk else 2 for token in found)
        if width <= 0:
            break
    if tokens:
        tokens[0] = tokens[0]._replace(gap=TOUCHING)
    return tokens


def _placed(text: str, start: int, end: int, before: Iterable[int]) -> list[Token]:
    """The tokens between two spaces of a text, with what stands before each."""
    tokens, gaps = list[Token](), iter(before)
    for word, found, is_run in _words(text, start, end):
        first = found.start()
        if is_run:
            tokens += [Token(sign, place, place + 1, True, next(gaps)) for place, sign in enumerate(word, first)]
        else:
            tokens.append(Token(word, first, found.end(_WORD_WRITTEN), False, next(gaps), fold(found[_SIGN] or "")))
    return tokens


def _words(text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[tuple[str, re.Match[str], bool]]:
    """The words of a text and its runs of characters (these are marked) that begin there, folded, and where they
    are."""
    for found in _TOKEN.finditer(text, start):
        if found.start() >= end:
            break
        if found.lastindex == _RUN:
            yield fold(found[_RUN]), found, True
        elif word := _word_text(found[_WORD_WRITTEN]):
            yield word, found, False


class _Piece(NamedTuple):
    """The tokens between two spaces of a text, as Columns have them, but without the gap before the first.

    `lead` and `tail` stand for what is before the first and after the last token; without tokens, `lead` for all. An
    abbreviation at the end takes the dot after it for its own where a word follows.
    """

    terms: tuple[str, ...]
    gaps: bytes
    lead: int
    tail: int
    abbreviates: bool
    runs: tuple[tuple[int, str], ...]
    signs: tuple[tuple[int, str], ...]


class _Gaps(dict[str, int]):
    """What signs are between a word and a space; by the signs, found when first asked for."""

    def __missing__(self, signs: str) -> int:
        gap = _beside_space(_gap(signs))
        if len(signs) <= _LONGEST_KNOWN and len(self) < _MOST_FOLDED:
            self[signs] = gap
        return gap


_GAPS = _Gaps()


class _Folded(dict[str, str]):
    """Words in small letters and nothing else, folded; "" for all other texts. Found when first asked for."""

    def __missing__(self, written: str) -> str:
        folded = _word_text(written) if _LETTERS.fullmatch(written) else ""
        if len(written) <= _LONGEST_KNOWN:
            if len(self) >= _MOST_FOLDED:
                self.clear()
            self[written] = folded
        return folded


_FOLDED = _Folded()
_MOST_FOLDED = 32_768
_LONGEST_KNOWN = 32  # characters; texts without spaces are long pieces that never come again
_STOPS = ",.;:?!"
_EDGES = _STOPS + "\"'“”„‘’«»()[]*-–—…%،؛؟"  # which are part of no token where they stand before or after one
_FIRST_UNSPACED = "\u0e00"
_POSSESSIVES = tuple(f"{mark}{letter}" for mark in "'’ʼ＇" for letter in "sS")
_SPACED = bytes((SPACED,))
_LONG = 12  # characters between two spaces, with one of these: more than the words of any language have
_SLICE = 256  # pieces that are put together at once: to make room in a long list takes time


def _piece(written: str) -> _Piece:
    word = written.strip(_EDGES)
    if "" < word[:1] < _FIRST_UNSPACED:
        owned = word.endswith(_POSSESSIVES)
        parts = (word[:-2] if owned else word).lower().split("-")
        folded = [part if part.isascii() and part.isalnum() else _FOLDED[part] for part in parts]
        if all(folded):
            before, _, after = written.partition(word)
            abbreviates = after == "." and not owned and parts[-1] in _ABBREVIATED
            inner = bytes((SPACED,)) * (len(folded) - 1)
            return _Piece(tuple(folded), inner, _GAPS[before], _GAPS[after], abbreviates, (), ())
    terms, gaps, runs, signs, last, after = _scanned(written)
    tail = _gap(after)
    return _Piece(
        tuple(terms),
        bytes(gaps[1:]),
        _beside_space(gaps[0] if gaps else tail),
        _beside_space(tail),
        last.lower() in _ABBREVIATED and after == ".",
        tuple(runs),
        tuple(signs),
    )


def _scanned(text: str) -> tuple[list[str], bytearray, list[tuple[int, str]], list[tuple[int, str]], str, str]:
    """The tokens of a text as Columns have them, with the last one as it is written, and what stands after it."""
    terms: list[str] = []
    gaps = bytearray()
    runs: list[tuple[int, str]] = []
    signs: list[tuple[int, str]] = []
    # Characters in one go, what stands between them one after the other: no token is made of both.
    between, *rest = _RUNS.split(text)
    folded = fold("\n".join(rest[::2])).split("\n") if rest else ()
    last = ""
    for run, following in zip(("", *folded), (between, *rest[1::2]), strict=True):
        if run:
            runs.append((len(terms), run))
            gaps.append(_gap(between))
            gaps += bytes(len(run) - 1)  # TOUCHING
            terms += run
            last = run
        words, before, sign_rows, written, between = (
            _known_between(following) if len(following) <= _LONGEST_KNOWN else _between(following)
        )
        if words:
            signs += [(len(terms) + row, sign) for row, sign in sign_rows]
            gaps += before
            terms += words
            last = written
    return terms, gaps, runs, signs, last, between


def _between(text: str) -> tuple[tuple[str, ...], bytes, tuple[tuple[int, str], ...], str, str]:
    """The words of a text that has no characters: as Columns have them, with the last one as it is written, and what
    stands after it."""
    terms, gaps, signs = list[str](), bytearray(), list[tuple[int, str]]()
    last, ended = "", 0
    for found in _TOKEN.finditer(text):
        if word := _word_text(found[_WORD_WRITTEN]):
            if found[_SIGN]:
                signs.append((len(terms), fold(found[_SIGN])))
            gaps.append(_gap(text[ended : found.start()]))
            terms.append(word)
            ended = found.end()
            last = text[found.start(_WORD_WRITTEN) : ended]
    return tuple(terms), bytes(gaps), tuple(signs), last, text[ended:]


def count_tokens(written: str) -> int:
    """How many tokens there are in something that stands between spaces."""
    return len((_known_piece(written) if len(written) <= _LONGEST_KNOWN else _piece(written)).terms)


_known_between = lru_cache(maxsize=8_192)(_between)
_known_piece = lru_cache(maxsize=32_768)(_piece)


def _beside_space(gap: int) -> int:
    """What a gap is with a space before or after it."""
    return SPACED if gap == TOUCHING else BROKEN
