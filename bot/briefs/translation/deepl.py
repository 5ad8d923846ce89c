"""Translates by DeepL (https://developers.deepl.com/docs/api-reference/translate)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from html import escape
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.briefs.translation.answers import TIMEOUT, ask_json
from bot.briefs.translation.protect import Passage, written
from bot.errors import BriefRefused
from bot.model import Language

FREE, PAID = "https://api-free.deepl.com", "https://api.deepl.com"
_TARGETS = {Language.ZH: "ZH-HANT", Language.EN: "EN-US"}
_REFUSALS = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)  # 400: a language that it does not know
_KEPT = re.compile(r"</?keep>")


def api_address(key: str, url: str = "") -> str:
    """Where the API of a key is: those of the free plan end in `:fx` and have a host of their own."""
    return url or (FREE if key.endswith(":fx") else PAID)


def authorization(key: str) -> dict[str, str]:
    """The header that every request needs."""
    return {"Authorization": f"DeepL-Auth-Key {key}"}


class DeepL:
    """The DeepL API. The session stays the caller's to close."""

    name = "deepl"

    def __init__(
        self, session: aiohttp.ClientSession, key: str, *, url: str = "", timeout: timedelta = TIMEOUT
    ) -> None:
        """`url` is for a server other than that of the key."""
        self._session = session
        self._headers = authorization(key)
        self._url = f"{api_address(key, url)}/v2/translate"
        self._timeout = timeout

    async def translate(self, passages: Sequence[Passage], origin: str, target: Language) -> list[str]:
        """The texts in one request. Raises BriefError; a language that it does not know is refused."""
        body = {
            "source_lang": origin.partition("-")[0].upper(),
            "target_lang": _TARGETS[target],
            "split_sentences": "0",  # they come one by one
            "preserve_formatting": True,
            # Neither translated nor billed: what a sentence's neighbours say about its pronouns.
            "context": "\n".join(map(written, passages)),
        }
        answer = await ask_json(
            self._session,
            "POST",
            self._url,
            patience=self._timeout,
            body=body | _texts(passages),
            headers=self._headers,
            refusals=_REFUSALS,
        )
        return [_KEPT.sub("", text) for text in _translations(answer, len(passages))]


def _texts(passages: Sequence[Passage]) -> dict[str, Any]:
    """The texts as plain ones, or as XML where something in them is to be kept."""
    if not any(piece.keep for one in passages for piece in one):
        return {"text": [written(one) for one in passages]}
    return {"text": [_as_xml(one) for one in passages], "tag_handling": "xml", "ignore_tags": ["keep"]}


def _as_xml(pieces: Passage) -> str:
    marked = (
        f"<keep>{escape(piece.text, quote=False)}</keep>" if piece.keep else escape(piece.text, quote=False)
        for piece in pieces
    )
    return "".join(marked)


def _translations(answer: object, expected: int) -> list[str]:
    listed = answer.get("translations") if isinstance(answer, dict) else None
    texts = [one.get("text") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if [type(text) for text in texts] != [str] * expected:
        raise BriefRefused("unreadable answer")
    return [str(text) for text in texts]
