"""Tells whether an item carries both its languages, and takes each side's title and summary from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.briefs.scripts import (
    HAN_PER_WORD,
    KANA_OR_HANGUL,
    MOSTLY,
    chinese_share,
    count_han,
    has_english,
    is_chinese,
    latin_words,
)
from bot.briefs.sentences import join_sentences, split_sentences
from bot.briefs.shorten import lead_sentences, shorten_title
from bot.briefs.source import Source
from bot.model import Brief, Language, MadeBy
from bot.text.chinese import HAN

_SEPARATOR = re.compile(r"\n+|\s*(?://|[/／|｜])\s*|\s+(?:-|–|—|——|·|•|:)\s+|\s*(?:——|：)\s*")
_BRACKETED = re.compile(r"^(?P<outer>[^()（）【】\[\]]+?)\s*[(（【\[](?P<inner>[^()（）【】\[\]]+)[)）】\]]$")
_LATIN_RUN = re.compile(r"[^\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]+")
_OPENS = "「『“\"'‘（(《【["
_ENDS = tuple("。！？…」』”）/／|｜.!?")
_QUOTATION = re.compile(r"\"[^\"]{1,400}\"|“[^“”]{1,400}”|「[^「」]{1,400}」|\([^()]{1,400}\)|（[^（）]{1,400}）")
_EDGES = " \t\n/／|｜-–—·•:："
_NAME = "(?:中文?|[繁简簡][體体]?中?文?|英文?|EN|ENG|ZH|CN|TC|SC|English|Chinese)"
_LABEL = re.compile(
    rf"^\s*(?:[(（]{_NAME}[)）]|{_NAME}(?:版|摘要| summary)?\s?[:：]|[\U0001f1e6-\U0001f1ff]{{2}})\s*", re.IGNORECASE
)
_LABEL_WITHIN = re.compile(rf"[【\[]{_NAME}[】\]]\s?[:：]?", re.IGNORECASE)
# A run of Latin words inside a Chinese text is a text of its own, not a name, from this length on.
_RUN_WORDS = 4
_FULL_HAN, _FULL_WORDS = 15, 8  # so much of a language is a text, whatever the length of the other
_SCARCE_HAN, _SCARCE_WORDS = 6, 4  # less is never one
_MINOR_SHARE, _MINOR_ENOUGH = 0.1, 40.0
_TITLE_HAN = 4
_TITLE_RATIO = (0.35, 1.5)  # English words for one Chinese character, in titles that translate each other
_LOOSE_RATIO = (0.2, 2.5)


@dataclass(frozen=True, slots=True)
class Halves:
    """A text apart by language; either may be empty."""

    zh: str = ""
    en: str = ""


def bilingual_brief(source: Source) -> Brief | None:
    """A brief in the feed's own words, or None when the item does not carry both languages."""
    body = split_text(source.text)
    if not source.text:
        title = split_title(source.title)
        return _brief(title, Halves()) if title.zh and title.en else None
    if not _comparable(body):
        return None
    title = split_title(source.title, sure=True)
    return _brief(title, body)


def split_title(title: str, *, sure: bool = False) -> Halves:
    """The Chinese and the English half of a title; with one language alone, the other half is empty.

    `sure` says that the item is known to be bilingual, so a weaker sign is enough.
    """
    title = title.strip()
    for left, right in _cuts(title, sure=sure):
        for zh, en in ((left, right), (right, left)):
            if _translate_each_other(zh, en, sure=sure):
                return Halves(_unlabelled(zh), _unlabelled(en))
    names_only = HAN.search(title) and not any(word.islower() for word in latin_words(title))
    return Halves(zh=title) if is_chinese(title) or names_only else Halves(en=title)


def _cuts(title: str, *, sure: bool) -> Iterator[tuple[str, str]]:
    for separator in _SEPARATOR.finditer(title):
        yield title[: separator.start()], title[separator.end() :]
    if bracketed := _BRACKETED.match(title):
        yield bracketed["outer"], bracketed["inner"]
    if sure or has_english(title, words=5):
        yield from _script_cuts(title)


def _script_cuts(title: str) -> Iterator[tuple[str, str]]:
    """Where Chinese gives way to a last run of English, or a first run of English to Chinese."""
    places = [match.span() for match in HAN.finditer(title)]
    if places:
        yield title[: places[-1][1]], title[places[-1][1] :].lstrip("！？。」』”）")
        yield title[: places[0][0]].rstrip(_OPENS), title[places[0][0] :]


def _translate_each_other(zh: str, en: str, *, sure: bool) -> bool:
    han, words = count_han(zh), len(latin_words(en))
    if (
        count_han(en)
        or han < _TITLE_HAN
        or words < (2 if sure else 3)
        or chinese_share(zh) < MOSTLY
        or KANA_OR_HANGUL.search(zh)
    ):
        return False
    low, high = _LOOSE_RATIO if sure else _TITLE_RATIO
    return low <= words / han <= high


def _unlabelled(text: str) -> str:
    """A half without separators around it, and without the name of its language."""
    return _LABEL.sub("", _LABEL_WITHIN.sub("", text).strip(_EDGES))


def split_text(text: str) -> Halves:
    """The Chinese and the English sentences of a text. Names and quotations stay in the text that holds them."""
    zh: list[str] = []
    en: list[str] = []
    for line in _LABEL_WITHIN.sub("\n", text).splitlines():
        for part in (piece for half in _unbracketed(line) for piece in _pieces(half)):
            (zh if is_chinese(_QUOTATION.sub("", part) or part) else en).append(part)
    return Halves("\n".join(zh), "\n".join(en))


def _unbracketed(line: str) -> tuple[str, ...]:
    """A line, and apart from it the text in the other language that stands in brackets at its end.

    It ends as sentences do; what doesn't is a name or motto in the language that it was coined in.
    """
    start = max(line.rfind("("), line.rfind("（"))
    if start <= 0 or not line.endswith((")", "）")):
        return (line,)
    outer, inner = line[:start].rstrip(), line[start + 1 : -1]
    zh, en = (outer, inner) if is_chinese(outer) else (inner, outer)
    apart = inner.endswith(_ENDS) and not count_han(en) and chinese_share(zh) > MOSTLY and _comparable(Halves(zh, en))
    return (outer, inner) if apart else (line,)


def _pieces(line: str) -> list[str]:
    """A line, cut where one language ends and a text in the other begins."""
    pieces, start = [], 0
    if HAN.search(line):
        for run in _LATIN_RUN.finditer(line):
            if _stands_alone(line, run):
                pieces += [line[start : run.start()], run.group()]
                start = run.end()
    pieces = [_unlabelled(piece) for piece in [*pieces, line[start:]]]
    return _joined([piece for piece in pieces if HAN.search(piece) or latin_words(piece)])


def _stands_alone(line: str, run: re.Match[str]) -> bool:
    """Whether a run of Latin words is a text and not a name or a quotation within a Chinese one."""
    before, after = line[: run.start()].rstrip(), line[run.end() :].lstrip()
    text = run.group().strip()
    quoted = before[-1:] in tuple(_OPENS) or text[:1] in tuple("\"“‘'(（")
    embedded = quoted and bool(count_han(before)) and chinese_share(before + after) > MOSTLY
    within = bool(before and after) and not before.endswith(_ENDS) and not text.endswith(_ENDS)
    holds = text.endswith(tuple(_OPENS))  # the Chinese that follows is a quotation or name in it
    return has_english(text, words=_RUN_WORDS) and not (embedded or within or holds)


def _joined(pieces: list[str]) -> list[str]:
    """A few Chinese characters between English runs are a name in an English sentence."""
    joined: list[str] = []
    for index, piece in enumerate(pieces):
        small = 0 < count_han(piece) < _SCARCE_HAN and len(pieces) > 1
        follows_small = index > 0 and 0 < count_han(pieces[index - 1]) < _SCARCE_HAN
        if joined and (small or follows_small) and latin_words(joined[-1]):
            joined[-1] += f" {piece}"
        else:
            joined.append(piece)
    return joined


def _comparable(body: Halves) -> bool:
    """Whether both halves are texts that could say the same."""
    han, words = count_han(body.zh), len(latin_words(body.en))
    if han < _SCARCE_HAN or not has_english(body.en, words=_SCARCE_WORDS):
        return False
    minor, major = sorted((han / HAN_PER_WORD, float(words)))
    if han >= _FULL_HAN and words >= _FULL_WORDS:
        return minor >= min(_MINOR_SHARE * major, _MINOR_ENOUGH)
    return major <= 3 * minor


def _brief(title: Halves, body: Halves) -> Brief:
    title_zh, summary_zh = _side(title.zh, split_sentences(body.zh), Language.ZH)
    title_en, summary_en = _side(title.en, split_sentences(body.en), Language.EN)
    return Brief(
        title_zh=title_zh,
        title_en=title_en,
        summary_zh=summary_zh,
        summary_en=summary_en,
        made_by=MadeBy.FEED,
    )


def _bare(text: str) -> str:
    """A title or sentence without the differences that make no other one of it."""
    return " ".join(text.casefold().split()).rstrip(".。")


def _side(title: str, sentences: list[str], language: Language) -> tuple[str, str]:
    """Title and summary in one language; without a title, the first sentence is it and the rest the summary."""
    if not title and sentences:
        title = shorten_title(sentences[0], language)
        whole = title == sentences[0].rstrip("。.")
        sentences = sentences[1:] if whole and len(sentences) > 1 else sentences
    elif len(sentences) > 1 and _bare(sentences[0]) == _bare(title):  # the page's heading
        sentences = sentences[1:]
    return title, join_sentences(lead_sentences(sentences, language))
