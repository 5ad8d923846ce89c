"""Looks at settings, database, tokens, feeds, model and translators, and says what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, NamedTuple

import aiohttp
from pydantic import SecretStr

from bot.briefs.budget import MICROS, is_spent, terms_of
from bot.briefs.glossary import read_own
from bot.briefs.translation.deepl import api_address, authorization
from bot.briefs.translation.packages import PackageError, read_installed
from bot.errors import DitingError, SettingsError, StorageError
from bot.model import FeedHealth, Spending
from bot.settings import Settings, misspelt, named_variables
from bot.storage import open_storage

DISCORD_API: Final = "https://discord.com/api/v10"
TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
MOST_FEEDS: Final = 50
LATE: Final = timedelta(minutes=10)

# Telegram answers a token of the wrong shape with 404.
REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})

_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))

Finding = dict[str, Any]


class Answer(NamedTuple):
    """What a service said: `body` is its JSON, `trouble` why there is none."""

    status: int
    trouble: str = ""
    body: object = None


class HealthError(DitingError):
    """A running bot that is not fit for work, or none at all."""


def _finding(check: str, state: str, detail: str, mend: str = "") -> Finding:
    return {"check": check, "state": state, "detail": detail, "mend": mend}


async def unreadable(error: SettingsError) -> AsyncIterator[Finding]:
    """The findings where the settings can't be read: nothing else can be looked at."""
    for problem in error.problems:
        yield _finding("settings", "wrong", problem, "correct it in the environment or in .env")


async def examine(settings: Settings, *, discord_api: str = DISCORD_API) -> AsyncIterator[Finding]:
    """One finding at a time: check, state (ok, warning, wrong, off), detail and mend."""
    yield _finding("settings", "ok", "all variables can be read")
    for name, meant in misspelt(named_variables()).items():
        yield _finding("settings", "warning", f"{name} is no setting", f"write {meant}, if that is what you mean")
    if not (settings.telegram_token or settings.discord_token):
        yield _finding(
            "tokens", "wrong", "no platform is set up", "set TELEGRAM_TOKEN or DISCORD_TOKEN in the environment or .env"
        )
    for finding in (_pages(settings), *_targets(settings), *_glossary(settings)):
        yield finding
    async for finding in _database(settings):
        yield finding
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        for check in (_telegram, _discord, _model, _deepl, _translator):
            yield await check(session, settings, discord_api)
    for finding in _models(settings):
        yield finding


def _pages(settings: Settings) -> Finding:
    """Whether there are admin pages, and where."""
    if not settings.admin_token:
        return _finding("admin pages", "off", "ADMIN_TOKEN is not set")
    if not settings.web_port:
        return _finding(
            "admin pages", "wrong", "WEB_PORT is 0: nothing is served", "set WEB_PORT, or clear ADMIN_TOKEN"
        )
    return _finding("admin pages", "ok", f"at /admin/ on port {settings.web_port} of {settings.web_host}")


def _targets(settings: Settings) -> Iterator[Finding]:
    """Whether the targets can be read; nothing is sent to them."""
    if not (targets := settings.places()):
        yield _finding("targets", "off", "TARGETS is not set")
        return
    from bot.app.targets import services_of

    try:
        services_of(targets)
    except SettingsError as error:
        for problem in error.problems:
            yield _finding("targets", "wrong", problem, "correct it in TARGETS")
        return
    named = ", ".join(f"{each.name} ({'webhook' if each.is_webhook else each.scheme})" for each in targets)
    if settings.owners:
        yield _finding("targets", "ok", f"{named}; nothing was sent there")
    else:
        who = "set OWNERS: they choose what comes there, with /manage"
        yield _finding("targets", "warning", f"{named}; nobody can manage them", who)


def _glossary(settings: Settings) -> Iterator[Finding]:
    if not settings.glossary_file:
        yield _finding("glossary", "off", "GLOSSARY_FILE is not set; only the names that come along are known")
        return
    try:
        own = read_own(Path(settings.glossary_file))
    except SettingsError as error:
        for problem in error.problems:
            yield _finding(
                "glossary", "wrong", problem, f"correct it in {settings.glossary_file}, or clear GLOSSARY_FILE"
            )
    else:
        yield _finding("glossary", "ok", f"{len(own)} names of your own")


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        async with open_storage(settings.database_url) as storage:
            await storage.check()
            current, newest = await storage.revision()
            if current > newest:
                yield _finding(
                    "database",
                    "wrong",
                    f"tables at revision {current}, this version knows none after {newest}",
                    "run the newer version of Diting that made them, or restore a backup from before",
                )
                return
            if current != newest:
                yield _finding(
                    "database",
                    "warning",
                    f"tables at revision {current or 'none'}, this version has {newest}",
                    "run `python -m bot db upgrade` (`run` does it by itself)",
                )
                return
            yield _finding("database", "ok", f"tables at revision {current}")
            now = datetime.now(UTC)
            yield _feeds(await storage.feeds.health(now=now), now)
            if settings.model_url:
                yield _budget(terms_of(settings).limit, await storage.spending.spent(now.date()), now)
            for trouble in await storage.feeds.failing(limit=MOST_FEEDS):
                read = "not read yet" if trouble.polled is None else f"last read {_ago(trouble.polled, now)}"
                when = f"{read}, next try {_ago(trouble.next_poll, now)}"
                newest = f", newest item {_ago(trouble.last_item, now)}" if trouble.last_item else ""
                detail = f"{trouble.feed.url}: {trouble.error}; {when}{newest}"
                yield _finding("feed", "warning", detail, _mend(trouble.error))
    except (SettingsError, StorageError) as error:
        yield _finding("database", "wrong", str(error), "check DATABASE_URL, and that its folder or server is there")


def _feeds(health: FeedHealth, now: datetime) -> Finding:
    waiting = now - health.oldest_due if health.oldest_due else timedelta()
    detail = f"{health.followed} followed, {health.failing} failing, {health.dead} given up"
    told = (("last poll", health.polled), ("next", health.next_poll), ("newest item", health.last_item))
    detail += "".join(f"; {name} {_ago(moment, now)}" for name, moment in told if moment)
    if waiting > LATE:
        late = f"{detail}; polls are {waiting // timedelta(minutes=1)} minutes late"
        return _finding("feeds", "warning", late, "start `run`, or raise POLL_CONCURRENCY if it is running")
    return _finding("feeds", "ok", detail)


def _budget(limit: Spending, spent: Spending, now: datetime) -> Finding:
    used = f"{spent.tokens:,} tokens" + (f", {spent.money / MICROS:,.2f} in money" if spent.money else "")
    limits = [f"{limit.tokens:,} tokens"] if limit.tokens else []
    limits += [f"{limit.money / MICROS:,.2f} in money"] if limit.money else []
    if not limits:
        return _finding("budget", "ok", f"{used} for the model today (UTC); no limit is set")
    detail = f"{used} for the model today (UTC), of {' and '.join(limits)} a day"
    if is_spent(spent, limit):
        until = _ago(datetime.combine(now.date() + timedelta(days=1), time(), UTC), now)
        mend = "wait, or raise MODEL_TOKENS_A_DAY or MODEL_MONEY_A_DAY"
        return _finding("budget", "warning", f"{detail}: briefs are made without it, and again with it {until}", mend)
    return _finding("budget", "ok", detail)


def _ago(moment: datetime, now: datetime) -> str:
    """The time since, or until, in the one unit that tells most: `5 minutes ago`, `in 2 hours`."""
    seconds = round(abs((now - moment).total_seconds()))
    unit, size = next((unit for unit in _UNITS if seconds >= unit[1]), _UNITS[-1])
    count = seconds // size
    text = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{text} ago" if moment <= now else f"in {text}"


def _mend(error: str) -> str:
    """What to do about the kept reason of a feed's last failure."""
    if error in {"HTTP 404", "HTTP 410", "html", "unknown format", "no feed found"}:
        return "look for the feed's new address on its site, and unsubscribe from this one"
    if error in {"HTTP 403", "HTTP 429"}:
        return "the host wants fewer visits or none: set USER_AGENT_CONTACT, raise POLL_INTERVAL, or leave the feed"
    if error in {"private", "port", "host", "dns"}:
        return "check the address; hosts of your own network are for ALLOW_HOSTS"
    if error.startswith("HTTP 5") or error in {"timeout", "connection", "disconnected", "network"}:
        return "nothing for now: it is tried again by itself"
    return "open the address in a browser; unsubscribe if it is gone"


async def _telegram(session: aiohttp.ClientSession, settings: Settings, _api: str) -> Finding:
    if not settings.telegram_token:
        return _finding("telegram", "off", "TELEGRAM_TOKEN is not set")
    url = f"{settings.telegram_api_url}/bot{settings.telegram_token.get_secret_value()}/getMe"
    answer = await _ask(session, url)
    found = _platform("telegram", answer, settings.telegram_api_url)
    no_inline = _fields(_fields(answer.body).get("result")).get("supports_inline_queries") is False
    return found | {"detail": f"{found['detail']}; inline mode is off (BotFather: /setinline)"} if no_inline else found


async def _discord(session: aiohttp.ClientSession, settings: Settings, api: str) -> Finding:
    if not settings.discord_token:
        return _finding("discord", "off", "DISCORD_TOKEN is not set")
    headers = {"Authorization": f"Bot {settings.discord_token.get_secret_value()}"}
    return _platform("discord", await _ask(session, f"{api}/users/@me", headers), api)


def _platform(platform: str, answer: Answer, where: str) -> Finding:
    variable = f"{platform.upper()}_TOKEN"
    if answer.status in REFUSED:
        detail = f"HTTP {answer.status}: the token is refused"
        return _finding(platform, "wrong", detail, f"put the right token in {variable}")
    if answer.trouble:
        return _finding(platform, "wrong", f"{where}: {answer.trouble}", "check the network and firewall")
    user = _fields(_fields(answer.body).get("result", answer.body))
    return _finding(platform, "ok", f"logged in as {user.get('username', 'unknown')}")


async def _model(session: aiohttp.ClientSession, settings: Settings, _api: str) -> Finding:
    if not settings.model_url:
        return _finding("model", "off", "MODEL_URL is not set; briefs are made without a language model")
    answer = await _ask(session, f"{settings.model_url}/models", _bearer(settings.model_key))
    if answer.trouble:
        return _finding("model", "wrong", answer.trouble, "check MODEL_URL and MODEL_KEY, and that it runs")
    models = [str(_fields(one).get("id")) for one in _list(_fields(answer.body).get("data"))]
    if settings.model_name in models:
        return _finding("model", "ok", f"{settings.model_name} is there")
    listed = ", ".join(models[:5]) or "none"
    return _finding("model", "warning", f"{settings.model_name} is not listed; there is: {listed}", "check MODEL_NAME")


async def _deepl(session: aiohttp.ClientSession, settings: Settings, _api: str) -> Finding:
    if not settings.deepl_key:
        return _finding("deepl", "off", "DEEPL_KEY is not set")
    key = settings.deepl_key.get_secret_value()
    answer = await _ask(session, f"{api_address(key, settings.deepl_url)}/v2/usage", authorization(key))
    if answer.status in REFUSED:
        return _finding("deepl", "wrong", f"HTTP {answer.status}: the key is refused", "put the right key in DEEPL_KEY")
    if answer.trouble:
        return _finding("deepl", "wrong", answer.trouble, "check the network, and DEEPL_URL if it is set")
    used, most = (_fields(answer.body).get(name) for name in ("character_count", "character_limit"))
    if not isinstance(used, int) or not isinstance(most, int):
        return _finding("deepl", "wrong", "its answer can't be read", "check DEEPL_URL")
    detail = f"{used:,} of {most:,} characters used"
    if used >= most:
        return _finding("deepl", "warning", detail, "wait for the next month, or take a larger plan")
    return _finding("deepl", "ok", detail)


def _models(settings: Settings) -> Iterator[Finding]:
    """The models for translating in this process, each loaded once to see that it can be."""
    packages, troubles = read_installed(settings.models_dir)
    if not (packages or troubles):
        yield _finding("models", "off", f"none in {settings.models_dir}; `python -m bot models install en-zt` gets one")
        return
    from bot.briefs.translation.argos import try_out

    fit: list[str] = []
    for package in packages:
        try:
            try_out(package)
            fit.append(package.name)
        except PackageError as trouble:
            troubles.append(trouble)
    for unfit in troubles:
        yield _finding("models", "wrong", str(unfit), "install it again, or `python -m bot models remove` it")
    if fit:
        yield _finding("models", "ok", f"{', '.join(fit)} translate")


async def _translator(session: aiohttp.ClientSession, settings: Settings, _api: str) -> Finding:
    if not settings.libretranslate_url:
        return _finding("translator", "off", "LIBRETRANSLATE_URL is not set")
    answer = await _ask(session, f"{settings.libretranslate_url}/languages")
    if answer.trouble:
        return _finding("translator", "wrong", answer.trouble, "check LIBRETRANSLATE_URL, and that it runs")
    codes = {str(_fields(one).get("code")) for one in _list(answer.body)}
    if "en" in codes and any(code.startswith("zh") for code in codes):
        return _finding("translator", "ok", "English and Chinese are there")
    return _finding("translator", "wrong", "it lacks English or Chinese", "start it with LT_LOAD_ONLY=en,zh,zt")


async def _ask(session: aiohttp.ClientSession, url: str, headers: dict[str, str] | None = None) -> Answer:
    try:
        async with session.get(url, headers=headers) as response:
            if response.status != HTTPStatus.OK:
                return Answer(response.status, f"HTTP {response.status}")
            return Answer(response.status, body=await response.json(content_type=None))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return Answer(0, f"no answer that can be read ({_kind(error)})")


def _fields(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _bearer(key: SecretStr | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}


def _kind(error: BaseException) -> str:
    # Never the error's text: it holds the address, and the address holds the token.
    return type(error).__name__


async def ask_health(settings: Settings) -> Finding:
    """What /readyz of the bot running here says. Raises HealthError when it is not fit for work."""
    if not settings.web_port:
        raise HealthError("WEB_PORT is 0, so there is nobody to ask")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.web_host, settings.web_host)  # noqa: S104 - not bound
    url = f"http://{f'[{host}]' if ':' in host else host}:{settings.web_port}/readyz"
    try:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session, session.get(url) as response:
            answer = _fields(await response.json())
            status = response.status
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise HealthError(f"no answer on port {settings.web_port} ({_kind(error)}): is the bot running?") from None
    if status != HTTPStatus.OK:
        raise HealthError("not ready: " + "; ".join(f"{part}: {state}" for part, state in answer.items()))
    return answer
