"""An OpenAI-compatible chat endpoint: one question, one answer, in whatever form of request the server can take.

budget ─▶ ask by schema, or as the server could before ─▶ its complaint? a simpler form ─▶ read ─▶ what it used
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import openai
from openai import AsyncOpenAI

from bot.briefs.budget import NOTHING, Budget, Call
from bot.briefs.completion import Completion, read_completion
from bot.briefs.dialect import AnswerForm, Dialect
from bot.briefs.failures import costs_nothing, failure, is_of_the_form
from bot.briefs.tokens import estimate_tokens
from bot.errors import WayUnavailable
from bot.model import Usage
from bot.ports import NO_TRACER, Tracer

ROOM = 900  # tokens of an answer: the longest brief that the guard takes, in both languages
TIMEOUT = timedelta(seconds=8)
RELEARN = timedelta(hours=1)
_NO_KEY = "none"  # the SDK wants one even where the server does not
_CONNECT = 3.0  # seconds; who can't be reached so long can't be reached
_AROUND = 40  # tokens that a chat template puts around messages


@dataclass(frozen=True, slots=True)
class _Question:
    messages: Sequence[dict[str, str]]
    schema: Mapping[str, Any]
    room: int

    @property
    def tokens(self) -> int:
        said = "".join(message["content"] for message in self.messages)
        return estimate_tokens(f"{said}{dict(self.schema)}") + _AROUND


@dataclass(slots=True)
class _Learned:
    """The dialect that a server was last met in; `proven` once it answered in it."""

    dialect: Dialect = field(default_factory=Dialect)
    proven: bool = False
    since: float = 0.0


class Endpoint:
    """A model behind an endpoint. It opens an HTTP client of its own: `close` it."""

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        budget: Budget,
        api_key: str = "",
        timeout: timedelta = TIMEOUT,
        clock: Callable[[], float] = time.monotonic,
        tracer: Tracer = NO_TRACER,
    ) -> None:
        """`clock` gives seconds that only grow."""
        self._timeout = timeout.total_seconds()
        # The SDK would wait out a Retry-After of up to two minutes before its own second try.
        self._client = AsyncOpenAI(
            base_url=base_url,
            api_key=api_key or _NO_KEY,
            timeout=openai.Timeout(self._timeout, connect=min(_CONNECT, self._timeout)),
            max_retries=0,
        )
        self._model = model
        self._base_url = base_url
        self._tracer = tracer
        self._budget = budget
        self._clock = clock
        self._learned = _Learned()

    @property
    def dialect(self) -> Dialect:
        """How the server was last asked with success."""
        return self._learned.dialect

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def answer(self, messages: Sequence[dict[str, str]], schema: Mapping[str, Any], room: int = ROOM) -> str:
        """The model's answer as text, of up to `room` tokens, by a JSON schema where the server can.

        Raises WayUnavailable when the server can't be used or the budget is spent, BriefRefused when it takes the
        question but does not answer it.
        """
        with self._tracer.span(
            "chat", operation="chat", provider="openai", model=self._model, server=self._base_url
        ) as span:
            completion = await self._asked(_Question(messages, schema, room))
            if used := completion.usage:
                span.note(tokens_in=used.asked, tokens_out=used.answered)
        if completion.thought and completion.cut:
            self._learned.dialect = self.dialect.thinking()
        return completion.answer()

    async def _asked(self, question: _Question) -> Completion:
        """What the server answers within the time and the budget. Raises WayUnavailable, BriefRefused."""
        dialect = self._first_choice()
        async with self._budget.call(Usage(question.tokens, dialect.most(question.room))) as call:
            try:
                async with asyncio.timeout(self._timeout):  # the client's own is for each wait, not for them all
                    completion = await self._in_some_form(question, dialect, call)
            except TimeoutError as error:
                raise WayUnavailable("timeout") from error
            if completion.usage:
                call.used = completion.usage
        return completion

    def _first_choice(self) -> Dialect:
        """What the server took last; from time to time its strictest form again, as servers and proxies change."""
        learned = self._learned
        stale = self._clock() - learned.since >= RELEARN.total_seconds()
        if learned.dialect.form is AnswerForm.SCHEMA or not stale:
            return learned.dialect
        learned.since = self._clock()
        return learned.dialect.strictest()

    async def _in_some_form(self, question: _Question, first: Dialect, call: Call) -> Completion:
        """The completion, in the first form that the server takes; what was learned stands until another one works.

        A server that answered in a form is asked in no more than the next simpler one: what it refuses then, too, is
        rather the question.
        """
        known = self._learned.proven and first == self.dialect
        simplest = min(first.form + 1, AnswerForm.TEXT) if known else AnswerForm.TEXT
        most, dialect = call.used, first
        while True:
            call.used = most
            try:
                completion = await self._completion(question, dialect)
            except openai.OpenAIError as error:
                if costs_nothing(error):
                    call.used = NOTHING
                simpler = dialect.simpler(str(error)) if is_of_the_form(error) else None
                if simpler is None or simpler.form > simplest:
                    raise failure(error) from error
                dialect = simpler
            except WayUnavailable:
                call.used = NOTHING
                raise
            else:
                self._learn(dialect)
                return completion

    def _learn(self, dialect: Dialect) -> None:
        if dialect != self.dialect or not self._learned.proven:
            self._learned = _Learned(dialect, proven=True, since=self._clock())

    async def _completion(self, question: _Question, dialect: Dialect) -> Completion:
        body = {
            "model": self._model,
            "messages": list(question.messages),
            "stream": False,
            **dialect.parameters(question.schema, question.room),
        }
        try:
            return await self._post(body)
        except openai.APITimeoutError:
            raise
        except openai.APIConnectionError:  # a connection kept open may have been closed at the other end meanwhile
            return await self._post(body)

    async def _post(self, body: Mapping[str, Any]) -> Completion:
        # `post` rather than `chat.completions.create`: servers differ from the SDK's types, and we read a few fields.
        try:
            answer = await self._client.post("/chat/completions", body=dict(body), cast_to=object)
        except ValueError as error:
            raise WayUnavailable("no JSON in the server's answer") from error
        return read_completion(answer)
