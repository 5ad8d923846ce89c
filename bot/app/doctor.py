"""Looks at settings, database, tokens, feeds, model and translator, and says what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from pydantic import SecretStr

from bot.errors import DitingError, StorageError
from bot.settings import Settings
from bot.storage import open_storage

DISCORD_API: Final = "https://discord.com/api/v10"
TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
MOST_FEEDS: Final = 50

Finding = dict[str, Any]
Answer = tuple[int, Any]


class HealthError(DitingError):
    """A running bot that is not fit for work, or none at all."""


def _finding(check: str, state: str, detail: str, mend: str = "") -> Finding:
    return {"check": check, "state": state, "detail": detail, "mend": mend}


async def examine(settings: Settings, *, discord_api: str = DISCORD_API) -> AsyncIterator[Finding]:
    """One finding at a time: check, state (ok, warning, wrong, off), detail and mend."""
    yield _finding("settings", "ok", "all variables can be read")
    if not (settings.telegram_token or settings.discord_token):
        yield _finding(
            "tokens", "wrong", "no platform is set up", "set TELEGRAM_TOKEN or DISCORD_TOKEN in the environment or .env"
        )
    async for finding in _database(settings):
        yield finding
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        for check in (_telegram, _discord, _model, _translator):
            yield await check(session, settings, discord_api)


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        async with open_storage(settings.database_url) as storage:
            await storage.check()
            current, newest = await storage.revision()
            if current != newest:
                yield _finding(
                    "database",
                    "warning",
                    f"tables at revision {current or 'none'}, this version has {newest}",
                    "run `python -m bot db upgrade` (`run` does it by itself)",
                )
                return
            yield _finding("database", "ok", f"tables at revision {current}")
            for feed, error in await storage.feeds.failing(limit=MOST_FEEDS):
                yield _finding(
                    "feed",
                    "warning",
                    f"{feed.url}: {error}",
                    "open the address in a browser; unsubscribe if it is gone",
                )
    except StorageError as error:
        yield _finding("database", "wrong", str(error), "check DATABASE_URL, and that its folder or server is there")


async def _telegram(session: aiohttp.ClientSession, settings: Settings, _api: str) -> Finding:
    if not settings.telegram_token:
        return _finding("telegram", "off", "TELEGRAM_TOKEN is not set")
    url = f"{settings.telegram_api_url}/bot{settings.telegram_token.get_secret_value()}/getMe"
    return await _token("telegram", lambda: _ask(session, url), settings.telegram_api_url)


async def _discord(session: aiohttp.ClientSession, settings: Settings, api: str) -> Finding:
    if not settings.discord_token:
        return _finding("discord", "off", "DISCORD_TOKEN is not set")
    headers = {"Authorization": f"Bot {settings.discord_token.get_secret_value()}"}
    return await _token("discord", lambda: _ask(session, f"{api}/users/@me", headers), api)


async def _token(platform: str, ask: Callable[[], Awaitable[Answer]], where: str) -> Finding:
    try:
        status, answer = await ask()
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return _finding(platform, "wrong", f"no answer from {where} ({_kind(error)})", "check the network and firewall")
    variable = f"{platform.upper()}_TOKEN"
    if status != HTTPStatus.OK:
        return _finding(platform, "wrong", f"HTTP {status}: the token is refused", f"put the right token in {variable}")
    user = answer.get("result", answer) if isinstance(answer, dict) else {}
    return _finding(platform, "ok", f"logged in as {user.get('username', 'unknown')}")


async def _model(session: aiohttp.ClientSession, settings: Settings, _api: str) -> Finding:
    if not settings.model_url:
        return _finding("model", "off", "MODEL_URL is not set; briefs are made without a language model")
    headers = _bearer(settings.model_key)
    found = await _service(session, "model", f"{settings.model_url}/models", headers, "MODEL_URL and MODEL_KEY")
    if isinstance(found, dict):
        return found
    _, answer = found
    models = [one.get("id") for one in answer.get("data", [])] if isinstance(answer, dict) else []
    if settings.model_name in models:
        return _finding("model", "ok", f"{settings.model_name} is there")
    listed = ", ".join(str(model) for model in models[:5]) or "none"
    return _finding("model", "warning", f"{settings.model_name} is not listed; there is: {listed}", "check MODEL_NAME")


async def _translator(session: aiohttp.ClientSession, settings: Settings, _api: str) -> Finding:
    if not settings.libretranslate_url:
        return _finding("translator", "off", "LIBRETRANSLATE_URL is not set; nothing is translated by machine")
    url = f"{settings.libretranslate_url}/languages"
    found = await _service(session, "translator", url, {}, "LIBRETRANSLATE_URL")
    if isinstance(found, dict):
        return found
    _, answer = found
    codes = {str(one.get("code")) for one in answer} if isinstance(answer, list) else set()
    if "en" in codes and any(code.startswith("zh") for code in codes):
        return _finding("translator", "ok", "English and Chinese are there")
    return _finding("translator", "wrong", "it lacks English or Chinese", "start it with LT_LOAD_ONLY=en,zh,zt")


async def _service(
    session: aiohttp.ClientSession, name: str, url: str, headers: dict[str, str], variables: str
) -> Answer | Finding:
    try:
        status, answer = await _ask(session, url, headers)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return _finding(name, "wrong", f"no answer ({_kind(error)})", f"check {variables}, and that it runs")
    if status != HTTPStatus.OK:
        return _finding(name, "wrong", f"HTTP {status}", f"check {variables}")
    return status, answer


async def _ask(session: aiohttp.ClientSession, url: str, headers: dict[str, str] | None = None) -> Answer:
    async with session.get(url, headers=headers) as response:
        return response.status, await response.json(content_type=None) if response.status == HTTPStatus.OK else None


def _bearer(key: SecretStr | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}


def _kind(error: BaseException) -> str:
    # Never the error's text: it holds the address, and the address holds the token.
    return type(error).__name__


async def ask_health(settings: Settings) -> Finding:
    """What /readyz of the bot running here says. Raises HealthError when it is not fit for work."""
    if not settings.web_port:
        raise HealthError("WEB_PORT is 0, so there is nobody to ask")
    host = "127.0.0.1" if settings.web_host in {"0.0.0.0", "::"} else settings.web_host  # noqa: S104 - compared, not bound
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.get(f"http://{host}:{settings.web_port}/readyz") as response,
        ):
            answer: Finding = await response.json()
            status = response.status
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise HealthError(f"no answer on port {settings.web_port} ({_kind(error)}): is the bot running?") from None
    if status != HTTPStatus.OK:
        raise HealthError("not ready: " + "; ".join(f"{part}: {state}" for part, state in answer.items()))
    return answer
