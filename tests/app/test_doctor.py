"""The doctor names what is wrong and how to mend it, and never says a secret."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.app.clock import utc_now
from bot.app.doctor import HealthError, _ago, _mend, ask_health, examine
from bot.briefs.translation.store import install
from bot.errors import FetchFailed
from bot.feeds.decide import change_after_failure
from bot.model import (
    ChatAddress,
    ChatKind,
    FeedChange,
    FeedId,
    FoundFeed,
    Item,
    Locale,
    Mode,
    NewItem,
    Platform,
    Spending,
)
from bot.storage import open_storage
from bot.web.metrics import PrometheusMeter
from bot.web.server import WebServer, web_app
from tests.support.argos_package import argos_package
from tests.support.bot_api import FakeBotApi
from tests.support.deepl_server import deepl_server
from tests.support.discord_api import DiscordApi
from tests.support.libretranslate_server import libretranslate_server
from tests.support.polls import record_poll
from tests.support.target_host import TargetHost

DISCORD_TOKEN = "M" + "x" * 25 + ".abcdef." + "y" * 38
WRONG_TOKEN = "7000000009:AAWrongWrongWrongWrongWrongWrongWron"
LISTED = {"data": [{"id": "small"}, {"id": "large"}]}


@asynccontextmanager
async def answering(path: str, document: object, status: int = 200):
    """A server that answers one path; what is no text is sent as JSON."""

    async def answer(_request: web.Request) -> web.Response:
        text = document if isinstance(document, str) else json.dumps(document)
        return web.Response(text=text, status=status, content_type="application/json")

    application = web.Application()
    application.router.add_get(path, answer)
    server = TestServer(application)
    server.skip_url_asserts = True
    await server.start_server(shutdown_timeout=0.01)
    try:
        yield str(server.make_url("")).rstrip("/")
    finally:
        await server.close()


@pytest.fixture
async def discord_api():
    api = DiscordApi(DISCORD_TOKEN)
    await api.start()
    yield api
    await api.stop()


@pytest.fixture
def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


async def found(settings, discord_api: str = "http://127.0.0.1:1") -> dict[str, dict[str, str]]:
    """The findings by what was checked."""
    findings = [finding async for finding in examine(settings, discord_api=discord_api)]
    said = json.dumps(findings)
    assert not [secret for secret in settings.secrets() if secret in said]
    assert all(finding["mend"] for finding in findings if finding["state"] in {"wrong", "warning"})
    return {finding["check"]: finding for finding in findings}


async def make_tables(settings) -> None:
    async with open_storage(settings.database_url) as storage:
        await storage.upgrade()


def own_glossary(folder, text: str = "Diting\t諦聽\t諦聽\t谛听\tbody\n"):
    path = folder / "glossary.tsv"
    path.write_text(text, encoding="utf-8")
    return path


async def test_each_wrong_line_of_the_own_glossary_is_named(make_settings, tmp_path):
    settings = make_settings(glossary_file=str(own_glossary(tmp_path, "Diting\n\nTehran\t德京\n")))
    findings = [finding async for finding in examine(settings) if finding["check"] == "glossary"]
    assert [(finding["state"], finding["detail"].split(":")[0]) for finding in findings] == [
        ("wrong", "glossary line 1"),
        ("wrong", "glossary line 3"),
    ]
    assert all("glossary.tsv" in finding["mend"] for finding in findings)


async def test_an_own_glossary_that_is_not_there_is_named(make_settings, tmp_path):
    settings = make_settings(glossary_file=str(tmp_path / "nowhere.tsv"))
    (finding,) = [finding async for finding in examine(settings) if finding["check"] == "glossary"]
    assert finding["state"] == "wrong"
    assert "nowhere.tsv" in finding["detail"]


def installed_model(tmp_path):
    """A folder of models with one in it."""
    archive = argos_package(tmp_path / "a.argosmodel", {"Envoys": "特使"})
    models = tmp_path / "models"
    install(archive, models, pair=("en", "zt"), source="test", now=utc_now(), try_out=lambda _package: None)
    return models


async def test_all_is_well_when_everything_answers(make_settings, discord_api, tmp_path):
    async with (
        FakeBotApi() as bot_api,
        answering("/v1/models", LISTED) as model,
        libretranslate_server() as translator,
        deepl_server() as deepl,
    ):
        settings = make_settings(
            telegram_token=bot_api.token,
            telegram_api_url=bot_api.url,
            discord_token=DISCORD_TOKEN,
            model_url=f"{model}/v1",
            model_name="small",
            model_key="sesame-key",
            deepl_key=deepl.key,
            deepl_url=deepl.url,
            libretranslate_url=translator.url,
            glossary_file=str(own_glossary(tmp_path)),
            models_dir=installed_model(tmp_path),
            owners="telegram:1",
            targets="hook=https://host.example/news",
            admin_token="abcdef1234567890",
            web_port=8080,
        )
        await make_tables(settings)
        findings = await found(settings, f"{discord_api.base}/api/v10")
    assert {check: finding["state"] for check, finding in findings.items()} == dict.fromkeys(
        (
            *("settings", "glossary", "database", "feeds", "budget", "telegram", "discord", "model", "deepl"),
            *("translator", "models", "targets", "admin pages"),
        ),
        "ok",
    )
    assert findings["deepl"]["detail"] == "180,118 of 500,000 characters used"
    assert findings["models"]["detail"] == "en-zt translate"
    assert "diting" in findings["discord"]["detail"]


async def test_what_is_not_set_is_off_and_without_any_token_that_is_wrong(make_settings):
    settings = make_settings()
    await make_tables(settings)
    findings = await found(settings)
    assert {check: finding["state"] for check, finding in findings.items()} == {
        "settings": "ok",
        "glossary": "off",
        "tokens": "wrong",
        "database": "ok",
        "feeds": "ok",
        "telegram": "off",
        "discord": "off",
        "model": "off",
        "deepl": "off",
        "translator": "off",
        "models": "off",
        "targets": "off",
        "admin pages": "off",
    }
    assert "TELEGRAM_TOKEN or DISCORD_TOKEN" in findings["tokens"]["mend"]


async def test_admin_pages_that_nothing_serves_are_named(make_settings):
    findings = await found(make_settings(admin_token="abcdef1234567890", web_port=0))
    assert findings["admin pages"]["state"] == "wrong"
    assert "set WEB_PORT" in findings["admin pages"]["mend"]


@pytest.mark.parametrize("token", [WRONG_TOKEN, "short-token"])
async def test_a_refused_token_is_named(make_settings, discord_api, token):
    async with FakeBotApi() as bot_api:
        settings = make_settings(
            telegram_token=token, telegram_api_url=bot_api.url, discord_token=DISCORD_TOKEN.replace("x", "z")
        )
        findings = await found(settings, f"{discord_api.base}/api/v10")
    assert "refused" in findings["telegram"]["detail"]
    assert findings["telegram"]["mend"] == "put the right token in TELEGRAM_TOKEN"
    assert "HTTP 401" in findings["discord"]["detail"]
    assert findings["discord"]["mend"] == "put the right token in DISCORD_TOKEN"


async def test_nobody_there_is_no_fault_of_the_token(make_settings, closed_port):
    nowhere = f"http://127.0.0.1:{closed_port}"
    settings = make_settings(
        telegram_token=WRONG_TOKEN,
        telegram_api_url=nowhere,
        discord_token=DISCORD_TOKEN,
        model_url=nowhere,
        model_name="small",
        libretranslate_url=nowhere,
    )
    findings = await found(settings, nowhere)
    for check in ("telegram", "discord", "model", "translator"):
        assert findings[check]["state"] == "wrong"
        assert "no answer" in findings[check]["detail"]
        assert "_TOKEN" not in findings[check]["mend"]


@pytest.mark.parametrize(("document", "status"), [("<html>proxy</html>", 200), ("{}", 502), ('{"x"', 200)])
async def test_a_server_that_is_something_else_is_no_crash(make_settings, document, status):
    async with answering("/{path:.*}", document, status) as url:
        settings = make_settings(
            telegram_token=WRONG_TOKEN,
            telegram_api_url=url,
            discord_token=DISCORD_TOKEN,
            model_url=url,
            model_name="small",
            libretranslate_url=url,
        )
        findings = await found(settings, url)
    assert {findings[check]["state"] for check in ("telegram", "discord", "model", "translator")} == {"wrong"}
    assert "refused" not in str(findings)


@pytest.mark.parametrize("document", ["[]", "null", "7", '{"result": 7, "data": null}', '{"data": [7]}', "[[], 7]"])
async def test_odd_answers_are_no_crash(make_settings, document):
    async with answering("/{path:.*}", document) as url:
        settings = make_settings(
            telegram_token=WRONG_TOKEN, telegram_api_url=url, model_url=url, model_name="x", libretranslate_url=url
        )
        findings = await found(settings, url)
    assert findings["model"]["state"] == "warning"
    assert findings["translator"]["state"] == "wrong"


async def test_a_model_that_is_not_there_is_named_with_those_that_are(make_settings):
    async with answering("/v1/models", LISTED) as url:
        findings = await found(make_settings(model_url=f"{url}/v1", model_name="huge"))
    assert findings["model"]["state"] == "warning"
    assert findings["model"]["detail"] == "huge is not listed; there is: small, large"


@pytest.fixture
def spent(make_settings):
    """The doctor's finding after so many tokens, and so much money in millionths, were spent today."""

    async def look(tokens: int, money: int = 0, **more: object) -> dict[str, str]:
        settings = make_settings(model_url="http://127.0.0.1:1/v1", model_name="small", **more)
        async with open_storage(settings.database_url) as storage:
            await storage.upgrade()
            await storage.spending.reserve(utc_now().date(), Spending(tokens, money), Spending())
        return (await found(settings))["budget"]

    return look


async def test_what_the_model_used_today_is_told_where_no_limit_is_set(spent):
    finding = await spent(12_345)
    assert (finding["state"], finding["detail"]) == ("ok", "12,345 tokens for the model today (UTC); no limit is set")


async def test_what_is_left_of_the_budget_is_told(spent):
    prices = {"model_price_in": 1, "model_price_out": 4}
    finding = await spent(12_345, 250_000, model_tokens_a_day=200_000, model_money_a_day=1.5, **prices)
    assert finding["state"] == "ok"
    assert finding["detail"] == (
        "12,345 tokens, 0.25 in money for the model today (UTC), of 200,000 tokens and 1.50 in money a day"
    )


async def test_a_spent_budget_is_a_warning_that_says_until_when(spent):
    finding = await spent(19_000, model_tokens_a_day=20_000)
    assert finding["state"] == "warning"
    assert re.search(
        r"of 20,000 tokens a day: briefs are made without it, and again with it in \d+ ", finding["detail"]
    )
    assert "MODEL_TOKENS_A_DAY" in finding["mend"]


async def test_without_a_model_there_is_no_budget_to_tell_of(make_settings):
    settings = make_settings()
    await make_tables(settings)
    assert "budget" not in await found(settings)


async def test_a_translator_without_chinese_is_wrong(make_settings):
    async with libretranslate_server() as translator:
        translator.codes = ["en", "fr"]
        findings = await found(make_settings(libretranslate_url=translator.url))
    assert findings["translator"]["state"] == "wrong"
    assert "LT_LOAD_ONLY" in findings["translator"]["mend"]


async def test_a_deepl_key_that_is_refused_is_wrong_and_unsaid(make_settings):
    async with deepl_server() as deepl:
        findings = await found(make_settings(deepl_key="wrong-wrong", deepl_url=deepl.url))
    assert findings["deepl"]["detail"] == "HTTP 403: the key is refused"
    assert "DEEPL_KEY" in findings["deepl"]["mend"]
    assert "wrong-wrong" not in str(findings)


async def test_a_spent_quota_of_deepl_is_a_warning_and_an_odd_answer_wrong(make_settings):
    async with deepl_server() as deepl:
        settings = make_settings(deepl_key=deepl.key, deepl_url=deepl.url)
        deepl.used = deepl.limit
        assert (await found(settings))["deepl"]["state"] == "warning"
        deepl.mode = "odd"
        assert (await found(settings))["deepl"]["state"] == "wrong"


async def test_deepl_out_of_reach_is_no_fault_of_the_key(make_settings, closed_port):
    findings = await found(make_settings(deepl_key="x", deepl_url=f"http://127.0.0.1:{closed_port}"))
    assert findings["deepl"]["state"] == "wrong"
    assert "network" in findings["deepl"]["mend"]


async def test_models_that_can_not_be_loaded_or_are_none_are_wrong(make_settings, tmp_path):
    models = installed_model(tmp_path)
    (models / "en-zt" / "model" / "model.bin").write_bytes(b"no model")
    findings = await found(make_settings(models_dir=models))
    assert findings["models"]["state"] == "wrong"
    assert "en-zt: can't be loaded" in findings["models"]["detail"]
    (models / "en-zt" / "metadata.json").unlink()
    findings = await found(make_settings(models_dir=models))
    assert "en-zt: no Argos package" in findings["models"]["detail"]


async def test_a_database_without_tables_is_to_be_upgraded(make_settings):
    findings = await found(make_settings())
    assert findings["database"]["state"] == "warning"
    assert "db upgrade" in findings["database"]["mend"]


async def test_a_database_that_cannot_be_reached_is_wrong_and_its_password_unsaid(make_settings, closed_port, tmp_path):
    url = f"postgresql://diting:hush-hush@127.0.0.1:{closed_port}/diting"
    findings = await found(make_settings(database_url=url))
    assert findings["database"]["state"] == "wrong"
    assert "hush-hush" not in str(findings)
    (tmp_path / "file").write_text("")
    findings = await found(make_settings(database_url=f"sqlite:///{tmp_path}/file/diting.db"))
    assert findings["database"]["state"] == "wrong"


async def test_a_failing_feed_is_named_with_its_reason(make_settings):
    settings = make_settings()
    async with open_storage(settings.database_url) as storage:
        await storage.upgrade()
        chat = await storage.chats.open_chat(
            ChatAddress(Platform.CONSOLE, "1"), kind=ChatKind.PRIVATE, title="", hint=Locale.EN, now=utc_now()
        )
        feed = FoundFeed(url="https://feed.example/rss", title="Wire")
        await storage.subscriptions.subscribe(chat.id, feed, mode=Mode.MATCHING, now=utc_now())
        (due,) = await storage.feeds.claim_feeds(now=utc_now(), limit=1, lease=settings.lease)
        failed = change_after_failure(due, FetchFailed(feed.url, "HTTP 500"), now=utc_now())
        await record_poll(storage.feeds, failed, now=utc_now())
    findings = await found(settings)
    assert findings["feed"]["state"] == "warning"
    detail = findings["feed"]["detail"]
    assert re.fullmatch(
        r"https://feed\.example/rss: HTTP 500; not read yet, next try in \d+ (?:seconds?|minutes?)", detail
    )
    assert findings["feed"]["mend"] == "nothing for now: it is tried again by itself"
    assert findings["feeds"]["detail"].startswith("1 followed, 1 failing, 0 given up; next in ")
    assert findings["feeds"]["state"] == "ok"


async def test_polls_that_are_late_are_told(make_settings):
    settings = make_settings()
    async with open_storage(settings.database_url) as storage:
        await storage.upgrade()
        chat = await storage.chats.open_chat(
            ChatAddress(Platform.CONSOLE, "1"), kind=ChatKind.PRIVATE, title="", hint=Locale.EN, now=utc_now()
        )
        feed = FoundFeed(url="https://feed.example/rss", title="Wire")
        earlier = utc_now() - timedelta(hours=2)
        await storage.subscriptions.subscribe(chat.id, feed, mode=Mode.MATCHING, now=earlier)
    findings = await found(settings)
    assert findings["feeds"]["state"] == "warning"
    assert "polls are 120 minutes late" in findings["feeds"]["detail"]


async def test_when_feeds_were_read_and_brought_news_is_told(make_settings):
    settings = make_settings()
    async with open_storage(settings.database_url) as storage:
        await storage.upgrade()
        chat = await storage.chats.open_chat(
            ChatAddress(Platform.CONSOLE, "1"), kind=ChatKind.PRIVATE, title="", hint=Locale.EN, now=utc_now()
        )
        feed = FoundFeed(url="https://feed.example/rss", title="Wire")
        await storage.subscriptions.subscribe(chat.id, feed, mode=Mode.MATCHING, now=utc_now())
        earlier, item = utc_now() - timedelta(hours=2), Item(guid="1", url="", title="News", published=None)
        for ago, error in ((earlier, None), (utc_now(), FetchFailed(feed.url, "timeout"))):
            due = await storage.feeds.take_feed(FeedId(1), now=utc_now(), lease=settings.lease)
            if error:
                change = change_after_failure(due, error, now=ago)
            else:
                new = (NewItem(item=item, keys=("g:1",)),)
                change = FeedChange(id=due.id, lease=due.lease, next_poll=ago, succeeded=True, items=new)
            await record_poll(storage.feeds, change, now=ago)
    findings = await found(settings)
    assert "last poll 2 hours ago; next in" in findings["feeds"]["detail"]
    assert findings["feeds"]["detail"].endswith("newest item 2 hours ago")
    assert "timeout; last read 2 hours ago, next try in" in findings["feed"]["detail"]
    assert findings["feed"]["detail"].endswith(", newest item 2 hours ago")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 seconds ago"), (1, "1 second ago"), (89, "1 minute ago"), (-7200, "in 2 hours"), (90_000, "1 day ago")],
)
def test_times_are_told_in_one_unit(seconds, told):
    now = utc_now()
    assert _ago(now - timedelta(seconds=seconds), now) == told


@pytest.mark.parametrize("error", ["HTTP 404", "HTTP 403", "dns", "timeout", "tls"])
def test_each_failure_of_a_feed_has_its_mend(error):
    assert _mend(error)


# --- the commands ----------------------------------------------------------------------------------------


async def test_the_command_fails_when_something_is_wrong_and_not_for_warnings(cli_beside, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/diting.db")
    ran = await cli_beside("doctor")
    assert ran.code == 1
    assert [one["check"] for one in ran.reports if one["state"] == "wrong"] == ["tokens"]
    async with FakeBotApi() as bot_api:
        monkeypatch.setenv("TELEGRAM_API_URL", bot_api.url)
        monkeypatch.setenv("TELEGRAM_TOKEN", bot_api.token)
        ran = await cli_beside("doctor")
        assert ran.code == 0
        assert [one["check"] for one in ran.reports if one["state"] == "warning"] == ["database"]
        monkeypatch.setenv("TELEGRAM_TOKEN", WRONG_TOKEN)
        ran = await cli_beside("doctor")
    assert ran.code == 1
    assert WRONG_TOKEN not in ran.out + ran.err


def test_settings_that_cannot_be_read_are_all_named(cli, monkeypatch):
    monkeypatch.setenv("POLL_INTERVAL", "soon")
    monkeypatch.setenv("WEB_PORT", "http")
    ran = cli("doctor")
    assert (ran.code, ran.err) == (1, "")
    found = [(one["check"], one["state"], one["detail"].partition(":")[0]) for one in ran.reports]
    assert found == [("settings", "wrong", "POLL_INTERVAL"), ("settings", "wrong", "WEB_PORT")]
    assert all(one["mend"] for one in ran.reports)


@asynccontextmanager
async def serving(checks: dict[str, str]):
    """The port of a web server of which the checks say this."""

    async def answer() -> dict[str, str]:
        return checks

    server = WebServer(web_app(PrometheusMeter(), answer), host="127.0.0.1", port=0)
    task = asyncio.create_task(server.run())
    try:
        yield server.port
    finally:
        server.stop()
        await asyncio.wait_for(task, 5)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
async def test_health_asks_the_running_bot(cli_beside, monkeypatch, host):
    checks = {"poll": "", "database": ""}
    async with serving(checks) as port:
        monkeypatch.setenv("WEB_HOST", host)
        monkeypatch.setenv("WEB_PORT", str(port))
        ran = await cli_beside("health")
        assert (ran.code, ran.reports) == (0, [{"poll": "ok", "database": "ok"}])
        checks["database"] = "disk full"
        ran = await cli_beside("health")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "error: not ready: poll: ok; database: disk full\n"


async def test_health_fails_when_nobody_answers_or_a_stranger_does(make_settings, closed_port):
    with pytest.raises(HealthError, match="is the bot running"):
        await ask_health(make_settings(web_port=closed_port))
    with pytest.raises(HealthError, match="is the bot running"):
        await ask_health(make_settings(web_port=closed_port, web_host="::"))
    with pytest.raises(HealthError, match="WEB_PORT is 0"):
        await ask_health(make_settings(web_port=0))
    async with answering("/readyz", "no json") as url:
        with pytest.raises(HealthError, match="is the bot running"):
            await ask_health(make_settings(web_port=int(url.rpartition(":")[2])))


async def targets_found(settings) -> list[dict[str, str]]:
    return [finding async for finding in examine(settings) if finding["check"] == "targets"]


async def test_targets_are_named_with_their_service_and_nothing_is_sent_there(make_settings):
    async with TargetHost() as host:
        settings = make_settings(owners="telegram:1", targets=f"phone={host.ntfy} hook={host.hook}")
        (finding,) = await targets_found(settings)
        assert host.calls == []
    assert finding["state"] == "ok"
    assert finding["detail"] == "phone (ntfy), hook (webhook); nothing was sent there"


async def test_targets_without_owners_are_of_no_use_to_anybody(make_settings):
    (finding,) = await targets_found(make_settings(targets="hook=https://host.example/secret9"))
    assert (finding["state"], "OWNERS" in finding["mend"]) == ("warning", True)
    assert "secret9" not in str(finding)


async def test_each_target_that_can_not_be_read_is_named(make_settings):
    findings = await targets_found(make_settings(targets="a=ntfyy://secret9 b=slack://secret9"))
    assert [finding["state"] for finding in findings] == ["wrong", "wrong"]
    assert "TARGETS: a: Apprise knows no ntfyy://" in findings[0]["detail"]
    assert "secret9" not in str(findings)
