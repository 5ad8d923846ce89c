"""What places answer, and what becomes of it."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.chat.content import content_message
from bot.chat.targets import TargetMessenger
from bot.chat.targets.answers import USUAL_WAIT, error_of, wait_in
from bot.chat.targets.services import ServicePlace
from bot.chat.targets.webhook import WebhookPlace, signature
from bot.chat.targets.writing import Form
from bot.errors import ChatBlocked, ChatGone, MessageRefused, PlaceDown, RateLimited
from bot.model import Announcement, ChatAddress, Digest, Platform, Target, Why
from tests.support.fakes import NOW
from tests.support.news import alert, chat, stored
from tests.support.target_host import TargetHost

SECRET = "a-secret-that-is-long"
MESSAGE = content_message(alert(why=(Why(keyword="talks", matched=("talks",)),)), chat(), now=NOW)


@pytest.fixture
async def host():
    async with TargetHost() as server:
        yield server


@pytest.fixture
async def hook(host):
    async with aiohttp.ClientSession() as session:
        yield WebhookPlace(
            Target("hook", host.hook),
            session,
            clock=lambda: NOW,
            secret=SECRET,
            timeout=aiohttp.ClientTimeout(total=0.3),
        )


@pytest.fixture
def phone(host):
    return ServicePlace(Target("phone", f"{host.ntfy}?rto=0.5"), deadline=5)


@pytest.fixture(params=["hook", "phone"])
def place(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (410, ChatGone),
        (429, RateLimited),
        (400, MessageRefused),
        (401, MessageRefused),
        (403, MessageRefused),
        (404, MessageRefused),
        (413, MessageRefused),
        (302, MessageRefused),
        (408, PlaceDown),
        (500, PlaceDown),
        (502, PlaceDown),
        (503, PlaceDown),
    ],
)
async def test_each_answer_is_an_error_that_says_what_to_do_and_shows_no_address(host, place, status, error):
    host.answers.append((status, {"Location": f"http://127.0.0.1:{host.port}/elsewhere"}))
    with pytest.raises(error) as raised:
        await place.send(MESSAGE, "k1")
    assert type(raised.value) is error
    assert "secret" not in f"{raised.value!r} {raised.value.reason}"
    assert len(host.calls) == 1, "a redirect was followed, or a try repeated"


async def test_what_is_taken_raises_nothing(host, place):
    host.answers.extend([(200, {}), (204, {}) if isinstance(place, WebhookPlace) else (200, {})])
    await place.send(MESSAGE, "k1")
    await place.send(MESSAGE, "k2")
    assert len(host.calls) == 2


@pytest.mark.parametrize("status", [429, 503])
async def test_a_webhook_says_how_long_to_wait(host, hook, status):
    host.answers.append((status, {"Retry-After": "7"}))
    with pytest.raises(RateLimited) as raised:
        await hook.send(MESSAGE, "k1")
    assert raised.value.retry_after == timedelta(seconds=7)
    assert not raised.value.everywhere


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("0", timedelta()),
        ("Sat, 14 Mar 2026 12:01:00 GMT", timedelta(minutes=1)),
        ("Sat, 14 Mar 2026 11:00:00 GMT", timedelta()),
        ("9" * 400, timedelta(seconds=10**8)),
        ("soon", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_how_long_to_wait_is_read_from_seconds_or_a_date(header, wait):
    assert wait_in(header, datetime(2026, 3, 14, 12, tzinfo=UTC)) == wait


def test_without_a_time_the_usual_one_is_waited():
    error = error_of(429)
    assert isinstance(error, RateLimited)
    assert error.retry_after == USUAL_WAIT


async def test_a_place_that_hangs_is_left_and_the_loop_goes_on(host, place):
    host.slow = True
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.01)
            beats += 1

    beating = asyncio.create_task(beat())
    with pytest.raises(PlaceDown):
        await place.send(MESSAGE, "k1")
    host.slow = False
    beating.cancel()
    assert beats > 10


async def test_a_thread_that_hangs_is_not_joined_by_another(host):
    host.slow = True
    phone = ServicePlace(Target("phone", f"{host.ntfy}?rto=2"), deadline=0.1)
    for reason in ("timeout", "still on its way"):
        with pytest.raises(PlaceDown, match=reason):
            await phone.send(MESSAGE, "k1")
    assert len(host.calls) <= 1
    host.slow = False
    await asyncio.sleep(0.3)
    await phone.send(MESSAGE, "k1")


async def test_nobody_there_is_trouble_that_passes(host, place):
    await host.runner.cleanup()
    with pytest.raises(PlaceDown) as raised:
        await place.send(MESSAGE, "k1")
    assert "127.0.0.1" not in raised.value.reason
    host.runner = type("Gone", (), {"cleanup": lambda self: asyncio.sleep(0)})()


async def test_a_repetition_has_the_same_id_and_delivery(host, hook):
    host.answers.append((500, {}))
    with pytest.raises(PlaceDown):
        await hook.send(MESSAGE, "k1")
    await hook.send(MESSAGE, "k1")
    first, second = host.calls
    assert first.body == second.body
    assert first.headers["X-Diting-Delivery"] == second.headers["X-Diting-Delivery"] == "k1"


async def test_an_update_has_the_id_of_what_it_is_of_and_a_delivery_of_its_own(host, hook):
    other = content_message(alert(item=stored("Another title")), chat(), now=NOW)
    for message in (MESSAGE, MESSAGE, other):
        await hook.update(message, "k1")
    assert [call.json["update"] for call in host.calls] == [True] * 3
    assert {call.json["id"] for call in host.calls} == {"k1"}
    one, again, two = (call.headers["X-Diting-Delivery"] for call in host.calls)
    assert one == again
    assert len({"k1", one, two}) == 3


async def test_services_show_what_they_got(phone):
    with pytest.raises(MessageRefused):
        await phone.update(MESSAGE, "k1")


async def test_the_body_is_signed_and_without_a_secret_is_not(host, hook):
    await hook.send(MESSAGE, "k1")
    (call,) = host.calls
    assert call.is_signed_with(SECRET)
    assert call.headers["X-Diting-Signature"] == signature(call.body, SECRET.encode())
    async with aiohttp.ClientSession() as session:
        await WebhookPlace(Target("hook", host.hook), session, clock=lambda: NOW).send(MESSAGE, "k1")
    assert "X-Diting-Signature" not in host.calls[-1].headers


async def test_a_webhook_gets_every_field_that_is_documented(host, hook):
    await hook.send(MESSAGE, "k1")
    assert host.calls[0].json == {
        "version": 1,
        "id": "k1",
        "chat": "hook",
        "kind": "alert",
        "title": "三方會談在阿布扎比舉行",
        "text": host.calls[0].json["text"],
        "alerts": [
            {
                "item": {
                    "title": "Trilateral talks held in Abu Dhabi",
                    "url": "https://globe.example/news/1",
                    "feed": {"title": "Daily Globe", "site": "https://globe.example"},
                    "published": "2026-03-14T11:55:00+00:00",
                    "seen": "2026-03-14T12:00:00+00:00",
                    "picture": "",
                },
                "brief": {
                    "title_zh": "三方會談在阿布扎比舉行",
                    "title_en": "Trilateral talks held in Abu Dhabi",
                    "summary_zh": "三國代表會面兩小時。",
                    "summary_en": "Envoys of three countries met for two hours.",
                    "made_by": "feed",
                },
                "keywords": [{"keyword": "talks", "matched": ["talks"], "translated": []}],
                "story": None,
                "new": [],
                "also": [],
            }
        ],
        "sent": "2026-03-14T12:00:00+00:00",
        "update": False,
    }
    assert "https://globe.example/news/1" in host.calls[0].json["text"]


async def test_digests_and_words_of_the_owners_say_what_they_are(host, hook):
    both = Digest(delivery=1, alerts=(alert(), alert(item=stored(url="https://globe.example/news/2"))))
    for content in (both, Announcement(text="Back at noon.")):
        await hook.send(content_message(content, chat(), now=NOW), "k1")
    digest, said = (call.json for call in host.calls)
    assert (digest["kind"], len(digest["alerts"])) == ("digest", 2)
    assert (said["kind"], said["alerts"]) == ("announcement", [])
    assert "Back at noon" in said["text"]


async def test_a_service_gets_title_and_text_as_it_takes_them(host, phone):
    assert (phone.service, phone.takes.form, phone.takes.in_bytes) == ("ntfy", Form.TEXT, True)
    await phone.send(MESSAGE, "k1")
    (noted,) = host.noted()
    assert noted["topic"] == "secret-topic-9"
    assert noted["title"] == "三方會談在阿布扎比舉行"
    assert "https://globe.example/news/1" in noted["message"]


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("ntfy://127.0.0.1:9/topic?format=markdown", Form.MARKDOWN),
        ("mailtos://user:password@mail.example?to=me@mail.example", Form.HTML),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", Form.TEXT),
        ("dingtalk://abcdefgh1234", Form.TEXT),
        ("wecombot://abcdefgh-1234", Form.TEXT),
        ("feishu://abcdefgh1234abcd", Form.TEXT),
        ("barks://push.example/devicekey1", Form.TEXT),
        ("json://127.0.0.1:9/x", Form.TEXT),
        ("rocket://user:password@chat.example/#news", Form.MARKDOWN),
    ],
)
def test_services_that_the_documentation_names_can_be_read(url, form):
    assert ServicePlace(Target("x", url)).takes.form is form


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ntfyy://secret-topic-9", "Apprise knows no ntfyy://"),
        ("slack://secret-topic-9", "this is no address for slack://"),
    ],
)
def test_an_address_that_apprise_can_not_read_is_named_by_its_service_alone(url, said):
    with pytest.raises(ValueError, match=said) as raised:
        ServicePlace(Target("x", url))
    assert "secret-topic-9" not in str(raised.value)


async def test_what_apprise_logs_reaches_no_other_log(host, phone, capfd):
    host.answers.append((500, {}))
    with pytest.raises(PlaceDown):
        await phone.send(MESSAGE, "k1")
    assert not logging.getLogger("apprise").propagate
    assert "secret-topic-9" not in "".join(capfd.readouterr())


async def test_a_target_of_newer_settings_is_left_to_who_has_them():
    messenger = TargetMessenger({})
    with pytest.raises(PlaceDown):
        await messenger.send(ChatAddress(Platform.TARGET, "phone"), MESSAGE, key="k1")
    with pytest.raises(ChatBlocked):
        await messenger.private_chat("7")


async def test_the_messages_id_is_its_key(host, hook):
    messenger = TargetMessenger({"hook": hook})
    address = ChatAddress(Platform.TARGET, "hook")
    assert await messenger.send(address, MESSAGE, key="k1") == "k1"
    await messenger.edit(address, "k1", MESSAGE)
    assert [call.json["update"] for call in host.calls] == [False, True]


async def test_trouble_says_which_place_it_is(host, hook):
    host.answers.append((404, {}))
    with pytest.raises(MessageRefused) as raised:
        await TargetMessenger({"hook": hook}).send(ChatAddress(Platform.TARGET, "hook"), MESSAGE, key="k1")
    assert raised.value.reason == "hook: HTTP 404"
