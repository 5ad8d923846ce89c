"""Inline mode of the Bot API on loopback: what people type behind the bot's name, and what it answers.

Limits: https://core.telegram.org/bots/api#answerinlinequery and #inlinequeryresultarticle.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from tests.support.bot_api_shapes import ApiFault, Json, check_buttons, person, readable

MOST_RESULTS = 50
MOST_ID = 64  # bytes
MOST_OFFSET = 64  # bytes
MOST_QUERY = 256


class BotApiInline:
    """The part of the server that serves inline queries. `inline_answers`: the answers, by the query's id."""

    _numbers: Iterator[int]
    _queries: set[str]

    def __init__(self) -> None:
        self.inline_answers: dict[str, Json] = {}
        super().__init__()

    @abstractmethod
    def update(self, content: Json) -> None: ...

    def inline(self, query: str, *, user: int = 7, language: str | None = "en", offset: str = "") -> str:
        """Someone types behind the bot's name, in whatever chat; answers the query's id."""
        number = str(next(self._numbers))
        self._queries.add(number)
        asked = {"id": number, "from": person(user, language), "query": query[:MOST_QUERY], "offset": offset}
        self.update({"inline_query": {**asked, "chat_type": "supergroup"}})
        return number

    async def _do_answerinlinequery(self, params: Json) -> bool:
        query = str(params["inline_query_id"])
        if query not in self._queries:
            raise ApiFault(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        results = params["results"]
        ids = [str(one["id"]) for one in results]
        if len(results) > MOST_RESULTS:
            raise ApiFault(400, "Bad Request: too much inline query results specified")
        if len(set(ids)) != len(ids):
            raise ApiFault(400, "Bad Request: RESULT_ID_DUPLICATE")
        if any(not 1 <= len(one.encode()) <= MOST_ID for one in ids):
            raise ApiFault(400, "Bad Request: RESULT_ID_INVALID")
        if len(str(params.get("next_offset", "")).encode()) > MOST_OFFSET:
            raise ApiFault(400, "Bad Request: NEXT_OFFSET_INVALID")
        read = [_read(one) for one in results]
        _check_button(params.get("button"))
        self._queries.discard(query)
        self.inline_answers[query] = {**params, "results": read}
        return True


def _read(result: Json) -> Json:
    """An article, with the text that people see of its message. Raises ApiFault."""
    if result["type"] != "article" or not str(result.get("title", "")).strip():
        raise ApiFault(400, "Bad Request: ARTICLE_TITLE_EMPTY")
    content: Json = result["input_message_content"]
    shown = readable({"text": content["message_text"], "parse_mode": content.get("parse_mode", "")})
    check_buttons(result.get("reply_markup"))
    return {**result, "text": shown.text}


def _check_button(button: Any) -> None:
    if button is not None and not (1 <= len(button["text"]) <= 64 and 1 <= len(button["start_parameter"]) <= 64):
        raise ApiFault(400, "Bad Request: BUTTON_INVALID")
