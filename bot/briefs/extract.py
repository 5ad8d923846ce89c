"""The extract: an item's title and its most telling sentences in its own language, and glossary terms in the other."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from bot.briefs.bilingual import split_title
from bot.briefs.glossary import Glossary
from bot.briefs.scripts import count_han
from bot.briefs.sentences import join_sentences, split_sentences
from bot.briefs.shorten import LENGTHS, MOST_SENTENCES, shorten, shorten_title
from bot.briefs.source import Source
from bot.model import Brief, Language, MadeBy

_LOOKED_AT = 10  # sentences; news is told from the top
_MOST_TERMS = 12
_NAMED_WITHIN = 6_000  # characters; looking for names takes a millisecond for each hundred
_REPEATS_TITLE = 92.0
_REPEATS_SENTENCE = 85.0
_BROKEN_OFF = ("…", "...")  # as feeds do with what doesn't fit
_HEADING = {Language.EN: 60, Language.ZH: 20}
_LONG = 40
_SHORT = {Language.EN: 25, Language.ZH: 8}
_WORD = re.compile(r"[A-Za-z0-9\u00c0-\u024f]{3,}|[\u3400-\u9fff]{2}")
_BACKGROUND = re.compile(
    r"\b(?:last year|in a statement|it is (?:un)?clear|previously|earlier this year)\b|此前|早前|去年"
)


def extract_brief(source: Source, glossary: Glossary) -> Brief:
    """A brief without any translator: always possible, whatever the item holds."""
    language = source.side
    sentences = pick_sentences(source, language)
    title, other_title = _titles(source, sentences, language)
    summary = join_sentences(sentences)
    terms = _terms(source, glossary, Language.EN if language is Language.ZH else Language.ZH)
    zh, en = ((title, summary), (other_title, terms))[:: 1 if language is Language.ZH else -1]
    return Brief(
        title_zh=zh[0],
        summary_zh=zh[1],
        title_en=en[0],
        summary_en=en[1],
        made_by=MadeBy.EXTRACT,
        untranslated=True,
    )


def _titles(source: Source, sentences: list[str], language: Language) -> tuple[str, str]:
    """The title in the source's language and, where the title itself has both, in the other."""
    title = source.title or (sentences[0] if sentences else "")
    halves = split_title(title)
    own, other = (halves.zh, halves.en) if language is Language.ZH else (halves.en, halves.zh)
    if not own:
        own, other = title, ""
    return shorten_title(" ".join(own.split()), language), " ".join(other.split())


def pick_sentences(source: Source, language: Language) -> list[str]:
    """Two or three telling sentences in the order of the text, within the length of a summary."""
    sentences = _news_sentences(source, language)
    if not sentences:
        return []
    weights = {sentence: _weight(place, sentence, source.title) for place, sentence in enumerate(sentences)}
    by_weight = sorted(sentences, key=lambda sentence: -weights[sentence])
    chosen = _within(by_weight, language)
    return [shorten(sentence, LENGTHS[language].summary) for sentence in sentences if sentence in chosen]


def _news_sentences(source: Source, language: Language) -> list[str]:
    """The first sentences that say something which neither the title nor an earlier one says."""
    kept: list[str] = []
    title = source.title.lower()
    for sentence in filter(_says_something, split_sentences(source.text)):
        if len(kept) == _LOOKED_AT:
            break
        lowered = sentence.lower()
        repeats = len(sentence) <= 1.3 * len(title) and fuzz.ratio(lowered, title) >= _REPEATS_TITLE
        if not repeats and not any(_alike(lowered, other.lower()) for other in kept):
            kept.append(sentence)
    whole = [sentence for sentence in kept if _is_whole(sentence, language)] or kept
    return [sentence for sentence in whole if len(sentence) >= _SHORT[language]] or whole[:1]


def _alike(one: str, other: str) -> bool:
    """Whether two sentences say the same, or one says all of the other, as a standfirst does of the lead."""
    compare = fuzz.partial_ratio if min(len(one), len(other)) >= _LONG else fuzz.ratio
    return compare(one, other) >= _REPEATS_SENTENCE


def _is_whole(sentence: str, language: Language) -> bool:
    """Whether a sentence has its end: it is not broken off, and no heading or name of a link."""
    heading = sentence[-1].isalnum() and len(sentence) < _HEADING[language]
    return not heading and not sentence.endswith(_BROKEN_OFF)


def _says_something(sentence: str) -> bool:
    return any(character.isalnum() for character in sentence)


def _weight(place: int, sentence: str, title: str) -> float:
    """How telling a sentence is: its place above all, then what it shares with the title, figures, and its form."""
    title_words = set(_WORD.findall(title.lower()))
    shared = len(title_words & set(_WORD.findall(sentence.lower()))) / len(title_words) if title_words else 0.0
    figures = 0.1 if any(character.isdigit() for character in sentence) else 0.0
    question = 0.3 if sentence.rstrip('"”」').endswith(("?", "？")) else 0.0
    background = 0.15 if _BACKGROUND.search(sentence) else 0.0
    return 2.0 / (1 + place) + 0.5 * shared + figures - question - background


def _within(sentences: list[str], language: Language) -> set[str]:
    most, chosen, length = LENGTHS[language].summary, set[str](), 0
    for sentence in sentences:
        if chosen and length + len(sentence) > most:
            continue
        chosen.add(sentence)
        length += len(sentence)
        if len(chosen) == MOST_SENTENCES:
            break
    return chosen


def _terms(source: Source, glossary: Glossary, language: Language) -> str:
    """The glossary's terms of the source in the other language, in the order of the text."""
    named = [term.named(language) for term in glossary.find(source.whole[:_NAMED_WITHIN])]
    kept = list(dict.fromkeys(name for name in named if language is Language.EN or count_han(name)))
    longest = [name for name in kept if not any(name != other and name in other for other in kept)]
    return ("、" if language is Language.ZH else ", ").join(longest[:_MOST_TERMS])
