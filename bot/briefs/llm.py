"""Way 2: a language model writes the brief in both languages, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.briefs.answer import read_answer
from bot.briefs.glossary import Glossary
from bot.briefs.grounded import check_grounded
from bot.briefs.prompt import messages_for, schema_for
from bot.briefs.source import Source
from bot.model import Brief, MadeBy


class Answers(Protocol):
    """A chat model, as this way needs it."""

    async def answer(self, messages: Sequence[dict[str, str]], schema: Mapping[str, Any]) -> str:
        """The model's answer to a conversation, by a JSON schema. Raises BriefError."""


class LanguageModel:
    """Asks a model. What it answers is not trusted: it must be of the article, and the guard compares the facts."""

    name = "model"
    made_by = MadeBy.MODEL

    def __init__(self, endpoint: Answers, glossary: Glossary) -> None:
        self._endpoint = endpoint
        self._glossary = glossary

    async def make(self, source: Source) -> Brief:
        """The model's brief. Raises BriefError."""
        answer = await self._endpoint.answer(messages_for(source, self._glossary), schema_for(source))
        brief = read_answer(answer)
        check_grounded(brief, source)
        return brief
