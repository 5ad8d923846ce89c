"""What an OpenAI-compatible server can take: how an answer is asked for, and the simpler form after a complaint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

_FOR_THOUGHT = 3_000  # tokens that a model may think for, where it does so before it answers


class AnswerForm(IntEnum):
    """How the answer is asked for, the strictest first."""

    SCHEMA = 0
    JSON = 1
    TEXT = 2


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server can take. `limit` is its name for the most tokens of an answer; OpenAI's reasoning models have
    another, and no temperature. `thinks` says that the model was seen to think before it answers; `effort`, that it
    can be asked to do so briefly.
    """

    form: AnswerForm = AnswerForm.SCHEMA
    limit: str = "max_tokens"
    temperature: bool = True
    thinks: bool = False
    effort: bool = True

    def simpler(self, complaint: str) -> Dialect | None:
        """The dialect to try after a server complained, or None when there is no simpler one."""
        if "max_tokens" in complaint and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if "temperature" in complaint and self.temperature:
            return replace(self, temperature=False)
        if "reasoning_effort" in complaint and self.thinks and self.effort:
            return replace(self, effort=False)
        return None if self.form is AnswerForm.TEXT else replace(self, form=AnswerForm(self.form + 1))

    def strictest(self) -> Dialect:
        """The same, asking by schema."""
        return replace(self, form=AnswerForm.SCHEMA)

    def thinking(self) -> Dialect:
        """The same, with room for thought before the answer."""
        return replace(self, thinks=True)

    def most(self, room: int) -> int:
        """The most tokens of an answer that itself takes up to `room`."""
        return room + _FOR_THOUGHT if self.thinks else room

    def parameters(self, schema: Mapping[str, Any], room: int) -> dict[str, Any]:
        """The request parameters that say it, for an answer of up to `room` tokens."""
        forms: dict[AnswerForm, dict[str, Any]] = {
            AnswerForm.SCHEMA: {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": dict(schema)},
            },
            AnswerForm.JSON: {"type": "json_object"},
        }
        parameters: dict[str, Any] = {self.limit: self.most(room)}
        if self.form in forms:
            parameters["response_format"] = forms[self.form]
        if self.temperature:
            parameters["temperature"] = 0
        if self.thinks and self.effort:
            parameters["reasoning_effort"] = "low"
        return parameters
