"""Way 3: an extract of the item, translated by machine, with the glossary's names."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from bot.briefs.bilingual import split_title
from bot.briefs.extract import pick_sentences
from bot.briefs.glossary import Glossary
from bot.briefs.markup import strip_markup
from bot.briefs.scripts import count_han, is_chinese
from bot.briefs.sentences import join_sentences
from bot.briefs.shorten import shorten_title
from bot.briefs.source import Source
from bot.briefs.translation.codes import origin_of
from bot.briefs.translation.protect import Held, Passage, hold_names, passage, with_names
from bot.errors import BriefError, BriefRefused
from bot.model import Brief, Language, MadeBy

SECOND_TRY = timedelta(seconds=2)  # of the ten that a brief may take: a name is not worth the brief
# A Chinese sign makes three or four letters of English; what grows far beyond that has run wild.
_MOST_GROWTH, _ALWAYS_FINE = 8, 80


class Translator(Protocol):
    """What turns texts into another language. `name` is for logs and health."""

    name: str

    async def translate(self, passages: Sequence[Passage], origin: str, target: Language) -> list[str] | None:
        """One text for each passage, in its order; None when there is no way from the origin to the target.

        `origin` is a language code, `zh-Hant` or `zh-Hans` for Chinese. Raises BriefError.
        """


class MachineTranslation:
    """Makes briefs by a translator. It neither opens nor closes what the translator talks through."""

    made_by = MadeBy.TRANSLATION

    def __init__(self, translator: Translator, glossary: Glossary, *, second_try: timedelta = SECOND_TRY) -> None:
        self.name = translator.name
        self._translator = translator
        self._glossary = glossary
        self._second_try = second_try.total_seconds()

    async def make(self, source: Source) -> Brief | None:
        """The extract in its own language, and translated; from a third language, translated into both.

        None when the translator has no way from the source's language. Raises BriefError.
        """
        sentences = pick_sentences(source, source.side)
        texts = (_title(source, sentences), *sentences)
        language = Language.ZH if source.side is Language.ZH else source.language
        (zh, en) = [await self.texts_in(target, texts, language) for target in (Language.ZH, Language.EN)]
        if zh is None or en is None:
            return None
        return Brief(
            title_zh=shorten_title(zh[0], Language.ZH),
            title_en=shorten_title(en[0], Language.EN),
            summary_zh=join_sentences(zh[1:]),
            summary_en=join_sentences(en[1:]),
            made_by=MadeBy.TRANSLATION,
        )

    async def texts_in(self, target: Language, texts: Sequence[str], language: str) -> list[str] | None:
        """The texts in a language, with the glossary's names; None where there is no way from theirs. Raises
        BriefError."""
        if language == target:
            return list(texts)
        different = list(dict.fromkeys(filter(None, texts)))
        origin = origin_of(language, "".join(different))
        first = await self._ask([passage(text) for text in different], origin, target)
        if first is None:
            return None
        held = {
            text: hold_names(text, translation, self._glossary, target)
            for text, translation in zip(different, first, strict=True)
        }
        held |= await self._once_more(held, origin, target)
        return [held[text].text if text else "" for text in texts]

    async def _once_more(self, held: Mapping[str, Held], origin: str, target: Language) -> dict[str, Held]:
        """Texts that lack names, translated again with the names put in; only what came out better."""
        lacking = [text for text, one in held.items() if one.missing]
        put_in = [
            with_names(text, held[text].missing, self._glossary, target, like=held[text].text) for text in lacking
        ]
        again = await self._quickly([one for one in put_in if any(piece.keep for piece in one)], origin, target)
        tried = [text for text, one in zip(lacking, put_in, strict=True) if any(piece.keep for piece in one)]
        second = {text: hold_names(text, one, self._glossary, target) for text, one in zip(tried, again, strict=False)}
        return {text: one for text, one in second.items() if _is_better(one, held[text], target)}

    async def _quickly(self, passages: Sequence[Passage], origin: str, target: Language) -> list[str]:
        """The translations, or none where there was trouble: the first ones are there already."""
        if not passages:
            return []
        try:
            async with asyncio.timeout(self._second_try):
                return await self._ask(passages, origin, target) or []
        except (BriefError, TimeoutError):
            return []

    async def _ask(self, passages: Sequence[Passage], origin: str, target: Language) -> list[str] | None:
        if not passages:
            return []
        answer = await self._translator.translate(passages, origin, target)
        if answer is None:
            return None
        if len(answer) != len(passages):
            raise BriefRefused("unreadable answer")
        return [_cleaned(text, one) for text, one in zip(answer, passages, strict=True)]


def _cleaned(text: str, origin: Passage) -> str:
    """A translation as one line of plain text. Raises BriefRefused where it is empty or has run wild."""
    length = sum(len(piece.text) for piece in origin)
    if len(text) > _MOST_GROWTH * length + _ALWAYS_FINE:
        raise BriefRefused("translation far longer than its source")
    if not (cleaned := strip_markup(text)):
        raise BriefRefused("empty translation")
    return cleaned


def _is_better(second: Held, first: Held, target: Language) -> bool:
    """Whether a second translation names more, and is one: a name put in can make a model copy all of a sentence."""
    foreign = not is_chinese(second.text) if target is Language.ZH else bool(count_han(second.text))
    return len(second.missing) < len(first.missing) and not foreign


def _title(source: Source, sentences: list[str]) -> str:
    """The title in the source's own language alone."""
    halves = split_title(source.title)
    own = halves.zh if source.side is Language.ZH else halves.en
    return shorten_title(" ".join((own or source.title or next(iter(sentences), "")).split()), source.side)
