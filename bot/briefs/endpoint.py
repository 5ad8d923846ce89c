"""An OpenAI-compatible chat endpoint: one question, one answer, in whatever form of request the server can take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import IntEnum
from typing import Any

import openai
from openai import AsyncOpenAI

from bot.briefs.prompt import SCHEMA
from bot.errors import BriefRefused, WayUnavailable

_NO_KEY = "none"  # the SDK wants one even where the server does not
_MAX_TOKENS = 900
_RETRIES = 1
# Servers say with these that the request has a form they can't take; everything else is about the request's matter.
_NOT_UNDERSTOOD = (openai.BadRequestError, openai.UnprocessableEntityError)


class AnswerForm(IntEnum):
    """How the answer is asked for, the strictest first."""

    SCHEMA = 0
    JSON = 1
    TEXT = 2


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server can take. `limit` is its name for the most tokens of an answer; reasoning models have another."""

    form: AnswerForm = AnswerForm.SCHEMA
    limit: str = "max_tokens"
    temperature: bool = True

    def simpler(self, complaint: str) -> Dialect | None:
        """The dialect to try after a server complained, or None when there is no simpler one."""
        if "max_tokens" in complaint and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if "temperature" in complaint and self.temperature:
            return replace(self, temperature=False)
        return None if self.form is AnswerForm.TEXT else replace(self, form=AnswerForm(self.form + 1))

    def parameters(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The request parameters that say it."""
        forms: dict[AnswerForm, dict[str, Any]] = {
            AnswerForm.SCHEMA: {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": dict(schema)},
            },
            AnswerForm.JSON: {"type": "json_object"},
        }
        parameters: dict[str, Any] = {self.limit: _MAX_TOKENS}
        if self.form in forms:
            parameters["response_format"] = forms[self.form]
        return parameters | ({"temperature": 0} if self.temperature else {})


class Endpoint:
    """A model behind an endpoint. It opens an HTTP client of its own: `close` it."""

    def __init__(
        self, base_url: str, model: str, *, api_key: str = "", timeout: timedelta = timedelta(seconds=8)
    ) -> None:
        self._client = AsyncOpenAI(
            base_url=base_url, api_key=api_key or _NO_KEY, timeout=timeout.total_seconds(), max_retries=_RETRIES
        )
        self._model = model
        self._dialect = Dialect()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def answer(self, messages: Sequence[dict[str, str]], schema: Mapping[str, Any] = SCHEMA) -> str:
        """The model's answer as text, by a JSON schema where the server can. What it could take is remembered for the
        next question.

        Raises WayUnavailable when the server can't be used, BriefRefused when it answers with nothing.
        """
        dialect: Dialect | None = self._dialect
        complaint = ""
        while dialect is not None:
            try:
                text = await self._ask(messages, dialect.parameters(schema))
            except _NOT_UNDERSTOOD as error:
                complaint = f"HTTP {error.status_code}"
                dialect = dialect.simpler(str(error))
            else:
                self._dialect = dialect
                return text
        raise WayUnavailable(complaint)

    async def _ask(self, messages: Sequence[dict[str, str]], parameters: Mapping[str, Any]) -> str:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": list(messages),
            "stream": False,
            **parameters,
        }
        try:
            # `post` rather than `chat.completions.create`: servers differ from the SDK's types, and we read two fields.
            completion = await self._client.post("/chat/completions", body=body, cast_to=object)
        except _NOT_UNDERSTOOD:
            raise
        except openai.APIStatusError as error:
            raise WayUnavailable(f"HTTP {error.status_code}") from error
        except openai.APITimeoutError as error:
            raise WayUnavailable("timeout") from error
        except openai.OpenAIError as error:
            raise WayUnavailable(type(error).__name__) from error
        except ValueError as error:
            raise WayUnavailable("no JSON in the server's answer") from error
        return _content(completion)


def _content(completion: object) -> str:
    """The text of a chat completion's first choice. Raises BriefRefused when there is none."""
    try:
        content = completion["choices"][0]["message"]["content"]  # type: ignore[index]  # a foreign server's JSON
    except (KeyError, IndexError, TypeError) as error:
        raise BriefRefused("no answer in the completion") from error
    if not isinstance(content, str) or not content.strip():
        raise BriefRefused("empty answer")
    return content
