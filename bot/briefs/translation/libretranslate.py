"""Translates by a LibreTranslate server (https://docs.libretranslate.com)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import aiohttp

from bot.briefs.translation.answers import TIMEOUT, ask_json
from bot.briefs.translation.codes import ENGLISH, Pair, as_code_writes, chinese_codes, origin_codes
from bot.briefs.translation.protect import Passage, written
from bot.errors import BriefError, BriefRefused, WayUnavailable
from bot.model import Language, Script


class LibreTranslate:
    """A LibreTranslate server. The session stays the caller's to close."""

    name = "libretranslate"

    def __init__(
        self, session: aiohttp.ClientSession, url: str, *, api_key: str = "", timeout: timedelta = TIMEOUT
    ) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._key = api_key
        self._timeout = timeout
        self._known: Mapping[str, frozenset[str]] | None = None

    async def translate(self, passages: Sequence[Passage], origin: str, target: Language) -> list[str] | None:
        """The texts in one request; None for languages that the server does not have. Raises BriefError."""
        pair = _pair(await self._languages(), origin, target)
        if pair is None:
            return None
        texts = [as_code_writes(written(one), pair[0]) for one in passages]
        try:
            return await self._translate(texts, pair)
        except BriefError:
            self._known = None  # it may have been started anew, with other languages
            raise

    async def _languages(self) -> Mapping[str, frozenset[str]]:
        """The targets of each language that the server knows; asked once, and again after trouble."""
        if self._known is None:
            listed = await ask_json(self._session, "GET", f"{self._url}/languages", patience=self._timeout)
            if not isinstance(listed, list):
                raise WayUnavailable("no list of languages")
            entries = [entry for entry in listed if isinstance(entry, dict)]
            # Servers of before 1.3.1 do not list the targets: all of them go with all.
            every = [str(entry.get("code")) for entry in entries]
            self._known = {str(entry.get("code")): _targets(entry, every) for entry in entries}
        return self._known

    async def _translate(self, texts: list[str], pair: Pair) -> list[str]:
        body = {"q": texts, "source": pair[0], "target": pair[1], "format": "text"}
        body |= {"api_key": self._key} if self._key else {}
        answer = await ask_json(self._session, "POST", f"{self._url}/translate", patience=self._timeout, body=body)
        translated = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(translated, list) or [type(text) for text in translated] != [str] * len(texts):
            raise BriefRefused("unreadable answer")
        return translated


def _targets(entry: Mapping[str, object], every: Sequence[str]) -> frozenset[str]:
    targets = entry.get("targets")
    return frozenset(map(str, targets if isinstance(targets, list) else every))


def _pair(known: Mapping[str, frozenset[str]], origin: str, target: Language) -> Pair | None:
    targets = chinese_codes(Script.HANS) if target is Language.ZH else (ENGLISH,)
    pairs = ((one, two) for one in origin_codes(origin) if one in known for two in targets if two in known[one])
    return next(pairs, None)
