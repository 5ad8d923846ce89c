"""Way 3: an extract of the item, translated by a LibreTranslate server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import aiohttp

from bot.briefs.bilingual import split_title
from bot.briefs.extract import pick_sentences
from bot.briefs.markup import strip_markup
from bot.briefs.sentences import join_sentences
from bot.briefs.shorten import shorten_title
from bot.briefs.source import Source
from bot.errors import BriefRefused, WayUnavailable
from bot.model import Brief, Language, MadeBy, Script
from bot.text.chinese import to_script

_OK = 200
_MAX_ANSWER = 200_000  # bytes
# LibreTranslate called them zh and zt until 1.6.2, zh-Hans and zh-Hant since.
_SIMPLIFIED = ("zh-Hans", "zh", "zh-Hant", "zt")
_TRADITIONAL = ("zh-Hant", "zt", "zh-Hans", "zh")


class LibreTranslate:
    """Asks a LibreTranslate server (https://docs.libretranslate.com). The session stays the caller's to close."""

    name = "libretranslate"
    made_by = MadeBy.TRANSLATION

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        *,
        api_key: str = "",
        timeout: timedelta = timedelta(seconds=8),
    ) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._key = api_key
        self._timeout = aiohttp.ClientTimeout(total=timeout.total_seconds())
        self._codes: frozenset[str] | None = None

    async def make(self, source: Source) -> Brief:
        """The extract in its own language, and translated; from a third language, translated into both.

        Raises BriefError.
        """
        own = source.side
        sentences = pick_sentences(source, own)
        texts = (_title(source, sentences), join_sentences(sentences))
        sides = {language: await self._in(language, texts, source) for language in Language}
        (title_zh, summary_zh), (title_en, summary_en) = sides[Language.ZH], sides[Language.EN]
        return Brief(
            title_zh=shorten_title(title_zh, Language.ZH),
            title_en=shorten_title(title_en, Language.EN),
            summary_zh=summary_zh,
            summary_en=summary_en,
            made_by=MadeBy.TRANSLATION,
        )

    async def _in(self, language: Language, texts: tuple[str, str], source: Source) -> tuple[str, str]:
        if source.language == language:
            return texts
        codes = await self._languages()
        written = {"zh": _script_order("".join(texts))}.get(source.language, (source.language,))
        origin = _first_known(written, codes)
        target = _first_known(_SIMPLIFIED if language is Language.ZH else ("en",), codes)
        filled = [text for text in texts if text]
        answers = iter(await self._translate(filled, origin, target))
        title, summary = (next(answers) if text else "" for text in texts)
        return title, summary

    async def _languages(self) -> frozenset[str]:
        """The language codes that the server knows; asked once."""
        if self._codes is None:
            listed = await self._request("GET", "/languages")
            if not isinstance(listed, list):
                raise WayUnavailable("no list of languages")
            self._codes = frozenset(str(entry.get("code")) for entry in listed if isinstance(entry, dict))
        return self._codes

    async def _translate(self, texts: Sequence[str], origin: str, target: str) -> list[str]:
        body = {"q": list(texts), "source": origin, "target": target, "format": "text"}
        answer = await self._request("POST", "/translate", body | ({"api_key": self._key} if self._key else {}))
        translated = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(translated, list) or [type(text) for text in translated] != [str] * len(texts):
            raise BriefRefused("unreadable answer")
        return [strip_markup(text) for text in translated]

    async def _request(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        try:
            async with self._session.request(
                method, self._url + path, json=body, timeout=self._timeout, allow_redirects=False
            ) as response:
                if response.status != _OK:
                    raise WayUnavailable(f"HTTP {response.status}")
                return json.loads(await _body(response))
        except TimeoutError as error:
            raise WayUnavailable("timeout") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise WayUnavailable(type(error).__name__) from error


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _MAX_ANSWER:
            raise WayUnavailable("answer too large")
    return bytes(body)


def _title(source: Source, sentences: list[str]) -> str:
    """The title in the source's own language alone."""
    halves = split_title(source.title)
    own = halves.zh if source.side is Language.ZH else halves.en
    return shorten_title(" ".join((own or source.title or next(iter(sentences), "")).split()), source.side)


def _script_order(text: str) -> tuple[str, ...]:
    """The server's codes for Chinese, that of the text's script first."""
    return _TRADITIONAL if to_script(text, Script.HANS) != text else _SIMPLIFIED


def _first_known(codes: Sequence[str], known: frozenset[str]) -> str:
    found = next((code for code in codes if code in known), "")
    if not found:
        raise BriefRefused(f"the server does not know {codes[0]}")
    return found
