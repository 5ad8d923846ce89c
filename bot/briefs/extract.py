"""The extract: an item's title and its most telling sentences in its own language, and glossary terms in the other."""

from __future__ import annotations

from bot.briefs.bilingual import split_title
from bot.briefs.candidates import news_sentences
from bot.briefs.glossary import Glossary
from bot.briefs.scripts import count_han
from bot.briefs.selection import answering, choose
from bot.briefs.sentences import join_sentences
from bot.briefs.shorten import LENGTHS, MOST_SENTENCES, shorten, shorten_title
from bot.briefs.source import Source
from bot.model import Brief, Language, MadeBy

_MOST_TERMS = 12
_NAMED_WITHIN = 6_000  # characters; looking for names takes a millisecond for each hundred


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
    """Two or three telling sentences in the order of the text, within the length of a summary; one of them has what
    was sought, where the text says it and there is room."""
    from bot.briefs.ranking import rank  # brings numpy and rustworkx: 15 MB that nobody needs who has no news yet

    sentences, room = news_sentences(source, language), LENGTHS[language].summary
    answers = answering(sentences, source.sought, source.language)
    ranking = rank(sentences, source.title, source.language, sorted({place for found in answers for place in found}))
    chosen = choose(sentences, ranking, room=room, most=MOST_SENTENCES, answers=answers)
    return [shorten(sentences[place], room) for place in chosen]


def _terms(source: Source, glossary: Glossary, language: Language) -> str:
    """The glossary's terms of the source in the other language, in the order of the text."""
    named = [term.named(language) for term in glossary.find(source.whole[:_NAMED_WITHIN])]
    kept = list(dict.fromkeys(name for name in named if language is Language.EN or count_han(name)))
    longest = [name for name in kept if not any(name != other and name in other for other in kept)]
    return ("、" if language is Language.ZH else ", ").join(longest[:_MOST_TERMS])
