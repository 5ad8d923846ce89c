"""Splits paragraphs into sentences, in English and in Chinese."""

from __future__ import annotations

import re

from bot.briefs.scripts import word_set
from bot.text.chinese import HAN

_CLOSERS = "\"'”’」』）)》】\\]"
_END = re.compile(
    rf"(?P<zh>[。！？]+[{_CLOSERS}]*)|(?P<wide>[!?]{{1,20}}+[{_CLOSERS}]*(?=[\u3400-\u9fff]))"
    rf"|(?P<en>(?:[.!?！？]{{1,20}}+|…)(?: ?[”’]|[{_CLOSERS}])*)(?=\s|$)"
    rf"|(?P<glued>[.]{{1,20}}+[{_CLOSERS}]*)(?=[\u3400-\u9fff])"
    r"|(?P<unspaced>(?<=[a-z]{3})[.!?](?=[A-Z][a-z]+\s))"
)
_QUOTED = re.compile(
    r"「[^「」]{1,300}」|“[^“”]{1,300}”|『[^『』]{1,300}』|《[^《》]{1,100}》|（[^（）]{1,200}）|\([^()]{1,200}\)"
)
_LAST_WORD = re.compile(r"(?:^|[\s(\[“\"'‘\u3400-\u9fff])([^\s(\[“\"'‘\u3400-\u9fff]+)$")
# "im 21. Jahrhundert"; an article or preposition before a number in German tells it from one that ends a sentence.
_ORDINAL_DE = re.compile(r"\b(?:im|am|vom|zum|beim|der|dem|des|das|bis|seit dem) \d{1,2}$", re.IGNORECASE)
_DOTTED = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]$")
_STARTS_LOWER = re.compile(r"[\s\"'“‘(\[]*[a-z]")
_STARTS_NUMBER = re.compile(r"\s*\d")
_SPEAKER_ZH = re.compile(r"[^。！？，,]{0,8}(?:[说說问問道喊稱称]|表示|指出|寫道|写道)")
# After a quotation that a sentence begins with, or in its midst.
_GOES_ON_ZH = re.compile(r"[，、；：。「“『]|[并並而等的]|[之以]?[後后時时]")
_OPENING = ("「", "“", "『", '"')
_SPEAKER_EN = re.compile(r"\s*(?:[A-Z]\S*\s+){1,4}(?:said|says|told|asked|added|wrote)\b")

# Titles and the like, which a name follows; the sentence never ends there.
_BEFORE_NAME = word_set(
    "mr mrs ms mx dr prof sen rep gov gen col lt maj capt cmdr sgt adm rev hon pres amb st messrs mt ft supt det "
    "vs v cf eg ie e.g i.e approx ca fig"
)
# These end a sentence only when a capital follows, and not before a number.
_BEFORE_NUMBER = word_set("no nos p pp vol art sec ch jan feb mar apr jun jul aug sep sept oct nov dec")
_MAY_END = word_set("inc ltd co corp jr sr etc bros plc al")
_COUNTRIES = frozenset(("u.s", "u.k", "u.n", "e.u", "u.a.e", "d.c"))
# After a dotted abbreviation, these words begin a new sentence; other capitals mostly go on with a name.
_FIRMS = word_set("ltd inc plc llc corp limited")
_WEEKDAYS = word_set("mon tue tues wed thu thur thurs fri sat sun")
_DATE = re.compile(
    r"(?:\d|jan|feb|mar|apr|may\b|jun|jul|aug|sep|oct|nov|dec|mon|tues|wednes|thurs|fri|satur|sun)", re.IGNORECASE
)
_ZONE = re.compile(r"[A-Z]{1,3}T\b|GMT\b|UTC\b|local\b")
_OPENERS = word_set(
    "the a an it he she they we this that these those there in on at for from with by as if when while after before "
    "since during but and or however some many most all no not his her its their our what who why how"
)

_LONGEST_WORD = 40
_LONG_ZH = 90
_SEMICOLON = re.compile(r"[^；]+；?")


def split_sentences(text: str) -> list[str]:
    """The sentences of a text in order, each with its closing signs; line ends always end a sentence."""
    return [sentence for line in text.splitlines() for sentence in _split_line(line.strip())]


def _split_line(line: str) -> list[str]:
    sentences, start = [], 0
    protected = [(quote.start(), quote.end() - 1) for quote in _QUOTED.finditer(line)]
    for match in _END.finditer(line):
        if any(left < match.end() <= right for left, right in protected):
            continue  # the quotation or bracket goes on
        if _ends(line[start : match.start()], match, line[match.end() :]):
            sentences.append(line[start : match.end()].strip())
            start = match.end()
    sentences.append(line[start:].strip())
    return [part for sentence in sentences if sentence for part in _split_long(sentence)]


def _ends(before: str, match: re.Match[str], after: str) -> bool:
    """Whether the signs matched end a sentence, by what stands before and after them."""
    sign = match.group()
    if not after.strip():
        return True
    quoted = sign[-1] in "\"'”’」』"
    if match["zh"] or match["wide"]:
        closed = sign[-1] in "）)》" and (sign[-1] == "》" or after[0] in "。，、")
        return not (closed or (quoted and _quotation_goes_on(before, after)))
    if match["glued"]:
        return not before[-1:].isdigit() and sign[-1] not in ")）"
    if match["unspaced"]:
        return True
    if _STARTS_LOWER.match(after) or (quoted and sign[0] in "!?" and _SPEAKER_EN.match(after)):
        return False
    return sign[0] != "." or not _abbreviated(before, after)


def _quotation_goes_on(before: str, after: str) -> bool:
    """Whether a Chinese sentence goes on after a quotation that has an end of its own."""
    said_after = before.startswith(_OPENING) and _SPEAKER_ZH.match(after)
    return bool(said_after or _GOES_ON_ZH.match(after))


def _abbreviated(before: str, after: str) -> bool:
    """Whether a full stop belongs to an abbreviation or initial rather than to a sentence's end."""
    last = _LAST_WORD.search(before[-_LONGEST_WORD:])
    word = last[1].lower().rpartition("-")[2] if last else ""  # Jan. 7-Feb. 12
    if word in _BEFORE_NAME:
        return True
    if word in _BEFORE_NUMBER:
        return bool(_STARTS_NUMBER.match(after))
    if word in _WEEKDAYS:
        return bool(_DATE.match(after.lstrip()))
    if word in _MAY_END:
        return _next_word(after) in _FIRMS
    if len(word) == 1 and word.isalpha() and last and last[1].isupper() and word != "i":
        return True  # an initial: J. Edgar
    dotted = last and _DOTTED.search(last[1]) and not _opens(word, after)
    return bool(dotted or _ORDINAL_DE.search(before[-_LONGEST_WORD:]))


def _opens(word: str, after: str) -> bool:
    if word in ("a.m", "p.m"):
        return not (_ZONE.match(after.lstrip()) or _DATE.match(after.lstrip()))
    return _next_word(after) in _OPENERS if word in _COUNTRIES or len(word) > 1 else False


def _next_word(after: str) -> str:
    return after.split(maxsplit=1)[0].strip("\"'“‘(.,").lower()


def _split_long(sentence: str) -> list[str]:
    """A Chinese sentence of several clauses is split at 「；」 where it is too long to show whole."""
    if len(sentence) <= _LONG_ZH or "；" not in sentence:
        return [sentence]
    return [part.strip() for part in _SEMICOLON.findall(sentence) if part.strip()]


def join_sentences(sentences: list[str]) -> str:
    """Sentences as one text: a space between them, except after Chinese signs; a full stop after those without end."""
    joined = ""
    for sentence in sentences:
        if joined[-1:].isalnum():
            joined += "。" if HAN.match(joined[-1]) else "."
        glued = not joined or (joined[-1] in "。！？；」』”）…" and not sentence[0].isascii())
        joined += sentence if glued else f" {sentence}"
    return joined
