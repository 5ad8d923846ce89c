"""Asks a translation server over HTTP: its JSON, or why there is none, for the briefer to act on."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.errors import BriefRefused, WayUnavailable
from bot.text.html import clean_text

HOUR = timedelta(hours=1)  # until a person has mended a key, or a quota has been filled up again
TIMEOUT = timedelta(seconds=8)
QUOTA_SPENT = 456  # DeepL's own
_MOST = 200_000  # bytes of an answer
_MOST_OF_REASON = 120


async def ask_json(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    patience: timedelta = TIMEOUT,
    body: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
    refusals: Collection[int] = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE,),
) -> Any:  # noqa: ANN401 - JSON
    """The JSON that a server answers with. Redirects are not followed: they would carry the key elsewhere.

    `refusals` are the statuses by which the server says that it is this text that it can't do.
    Raises WayUnavailable, with a rest where the status tells how long; BriefRefused for the refusals.
    """
    try:
        async with session.request(
            method,
            url,
            json=body,
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=patience.total_seconds()),
            allow_redirects=False,
        ) as response:
            content = await _content(response)
            if response.status != HTTPStatus.OK:
                raise _trouble(response, content, refusals)
            return json.loads(content)
    except TimeoutError as error:
        raise WayUnavailable("timeout") from error
    except (aiohttp.ClientError, ValueError, RecursionError) as error:
        raise WayUnavailable(type(error).__name__) from error


async def _content(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > _MOST:
            raise WayUnavailable("answer too large")
    return bytes(content)


def _trouble(
    response: aiohttp.ClientResponse, content: bytes, refusals: Collection[int]
) -> WayUnavailable | BriefRefused:
    reason = f"HTTP {response.status}" + (f": {said}" if (said := _said(content)) else "")
    if response.status in refusals:
        return BriefRefused(reason)
    if response.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, QUOTA_SPENT):
        return WayUnavailable(reason, rest=HOUR)
    return WayUnavailable(reason, rest=_asked_rest(response))


def _said(content: bytes) -> str:
    """The server's own reason: LibreTranslate's `error`, DeepL's `message`."""
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    said = (fields.get("error") or fields.get("message")) if isinstance(fields, dict) else ""
    return clean_text(said).strip()[:_MOST_OF_REASON] if isinstance(said, str) else ""


def _asked_rest(response: aiohttp.ClientResponse) -> timedelta | None:
    """What `Retry-After` asks for (RFC 9110, section 10.2.3), at most an hour."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        return min(timedelta(seconds=int(asked[:6])), HOUR)
    try:
        # By the server's own clock, which need not be ours.
        rest = parsedate_to_datetime(asked) - parsedate_to_datetime(response.headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return min(max(rest, timedelta()), HOUR)
