"""The sentences of a text that can stand in a summary: whole ones that say something by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from rapidfuzz import fuzz

from bot.briefs.boilerplate import captions_apart, is_boilerplate
from bot.briefs.datelines import without_datelines
from bot.briefs.sentences import split_sentences
from bot.briefs.source import Source
from bot.model import Language

_LOOKED_AT = 40  # sentences; news is told from the top, but reviews and announcements come to the point later
_REPEATS_TITLE = 92.0
_LONGER = 1.3  # times the title; a sentence that goes on says more than it
_BROKEN_OFF = ("…", "...")  # as feeds do with what doesn't fit
_EXCLAIMS, _EXCLAIMED = ("!", "！"), {Language.EN: 60, Language.ZH: 20}  # news does not; greetings and shops do
_LEADS_ON = (":", "：")  # to what stands below it
_ENDS = tuple(".!?。！？；;\"'”’」』")
_BRACKETS = ")）"
_HEADING = {Language.EN: 60, Language.ZH: 20}
_SHORT = {Language.EN: 25, Language.ZH: 8}
_PROSE = 3  # sentences with an end; beside them, a line without one is a heading, the name of a link, or an entry
_LABEL = re.compile(r"[A-Za-zÀ-ÿ]+")  # the section of a paper
_ADDRESS = re.compile(r"https?://|\S@[\w-]+\.\w|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)[.]?|（[^（）]*）。?|\[[^\[\]]*\]|【[^【】]*】")
_CODE = re.compile(r"^\$ \w|[{}<>=\\|]|\(\)|\$[A-Za-z_(]|\w\(['\"]|\);|\w\.\w+\(|::|->|&&")
_MOST_CODE = 0.025  # of all characters
_BULLET = re.compile(r"^\s*(?:[•‣▪◦·]|[*–—-]\s)\s*")
_HASHTAG = re.compile(r"[#＃]\w")
_SHOUTED = 0.7  # the share of capitals among the letters


class _Sentence(NamedTuple):
    text: str
    alone: bool  # in its line

    @property
    def ended(self) -> bool:
        return self.text.rstrip(_BRACKETS).endswith(_ENDS)


def news_sentences(source: Source, language: Language) -> list[str]:
    """The first sentences that say something which the title does not say; the best of them that there are.

    Where there is nothing but notices, none; without a title, these rather than nothing.
    """
    kept = list(islice(_telling(source), _LOOKED_AT))
    prose = sum(sentence.ended for sentence in kept) >= _PROSE
    fit = [each.text for each in kept if _stands_alone(each, language) and (each.ended or not (prose and each.alone))]
    fit = fit or [each.text for each in kept if not (source.title and is_boilerplate(each.text))]
    alone = [each for each in fit[:1] if not (source.title and _LABEL.fullmatch(each))]
    return [sentence for sentence in fit if len(sentence) >= _SHORT[language]] or alone


def _telling(source: Source) -> Iterator[_Sentence]:
    title = source.title.lower()
    for line in without_datelines([_BULLET.sub("", line) for line in source.text.splitlines()]):
        sentences = split_sentences(captions_apart(line))
        for sentence in sentences:
            if any(map(str.isalnum, sentence)) and not _repeats(sentence.lower(), title):
                yield _Sentence(sentence, len(sentences) == 1)


def _repeats(sentence: str, title: str) -> bool:
    return len(sentence) <= _LONGER * len(title) and fuzz.ratio(sentence, title) >= _REPEATS_TITLE


def _stands_alone(sentence: _Sentence, language: Language) -> bool:
    """Whether a sentence has its end, and is no heading, list's beginning, address, aside, code, shout or notice."""
    text = sentence.text
    heading = text[-1].isalnum() and len(text) < _HEADING[language]
    return not (
        heading
        or (text.endswith(_EXCLAIMS) and len(text) < _EXCLAIMED[language])
        or text.endswith((*_BROKEN_OFF, *_LEADS_ON))
        or (("/" in text or "@" in text) and _ADDRESS.search(text))
        or _ASIDE.fullmatch(text)
        or _is_code(text)
        or _HASHTAG.match(text)
        or sum(map(str.isupper, text)) > _SHOUTED * sum(map(str.isalpha, text))
        or is_boilerplate(text)
    )


def _is_code(text: str) -> bool:
    signs = len(_CODE.findall(text))
    return signs > 1 and signs > _MOST_CODE * len(text)
