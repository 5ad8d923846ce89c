"""Reads a chat completion as servers give it: the answer, how it ended, and what it used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import BriefRefused, WayUnavailable
from bot.model import Usage

# Servers disagree about the field that the thinking of a model stands in.
_THOUGHTS = ("reasoning_content", "reasoning")
_OPEN_THOUGHTS = ("<think", "◁think▷", "[THINK]", "<|channel|>analysis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What a model answered. `usage` is None where the server does not say; `cut` when it ran into the limit of tokens;
    `thought` when it thought before, as far as that shows."""

    text: str
    usage: Usage | None
    ended: str
    refusal: bool
    thought: bool

    @property
    def cut(self) -> bool:
        """Whether the limit of tokens ended it, and not the model."""
        return self.ended == "length"

    def answer(self) -> str:
        """The whole answer. Raises BriefRefused when there is none, or but a part of one."""
        if self.refusal:
            raise BriefRefused("the model refuses")
        if self.ended == "content_filter":
            raise BriefRefused("content filter")
        if self.cut:
            raise BriefRefused("answer cut off")
        if not self.text.strip():
            raise BriefRefused("empty answer")
        return self.text


def read_completion(body: object) -> Completion:
    """The first choice of a chat completion. Raises WayUnavailable when it is none."""
    fields = _fields(_parsed(body))
    choices = fields.get("choices")
    if not isinstance(choices, list) or not choices:
        raise WayUnavailable("error in the server's answer" if fields.get("error") else "no choices in the answer")
    choice = _fields(choices[0])
    message = _fields(choice.get("message"))
    text = _text(message.get("content")) or _arguments(message) or _text(choice.get("text"))
    thoughts = next((found for name in _THOUGHTS if (found := _text(message.get(name)))), "")
    usage = _fields(fields.get("usage"))
    return Completion(
        # Where all of the answer was taken for thinking, it stands there.
        text=text or thoughts,
        usage=_usage(usage),
        ended=str(choice.get("finish_reason") or ""),
        refusal=bool(_text(message.get("refusal"))),
        # Who said nothing at all until the limit was reached thought where nobody sees it.
        thought=bool(thoughts) or not text or text.lstrip().startswith(_OPEN_THOUGHTS) or _reasoned(usage),
    )


def _parsed(body: object) -> object:
    """JSON that came under the name of text."""
    if not isinstance(body, str):
        return body
    try:
        return json.loads(body.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise WayUnavailable("no JSON in the server's answer") from error


def _text(content: object) -> str:
    """A text, or the texts of a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(_text(_fields(part).get("text")) for part in parts)


def _arguments(message: Mapping[str, Any]) -> str:
    """What stands in the call of a tool: some servers answer a schema in that way."""
    calls = message.get("tool_calls")
    first = _fields(calls[0]).get("function") if isinstance(calls, list) and calls else message.get("function_call")
    arguments = _fields(first).get("arguments")
    return json.dumps(arguments) if isinstance(arguments, dict) else _text(arguments)


def _usage(usage: Mapping[str, Any]) -> Usage | None:
    asked, answered = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    return Usage(asked, answered) if asked else None


def _reasoned(usage: Mapping[str, Any]) -> bool:
    return _count(_fields(usage.get("completion_tokens_details")).get("reasoning_tokens")) > 0


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _fields(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
