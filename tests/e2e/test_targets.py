"""Alerts that reach places that only receive, chosen by an owner from a private chat."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from bot.app.targets import seat_targets
from bot.model import NO_TARGET, ChatAddress, ChatState, Platform
from tests.support.sides import open_sides
from tests.support.target_host import TargetHost

OWNER, STRANGER, GROUP = 1, 8, -100
SECRET = "a-secret-that-is-long"


@pytest.fixture
async def host():
    async with TargetHost() as server:
        yield server


@pytest.fixture
def settings_with(make_settings, api, host):
    def made(targets: str = "phone={ntfy}\nhook={hook}", **more):
        return make_settings(
            telegram_token=api.token,
            telegram_api_url=api.url,
            owners=f"telegram:{OWNER}",
            targets=targets.format(ntfy=host.ntfy, hook=host.hook) or None,
            webhook_secret=SECRET,
            **more,
        )

    return made


@pytest.fixture
async def bot(settings_with, run_core, run_program):
    async with run_core(settings_with()) as core, open_sides(core) as sides, run_program(core, sides):
        yield core


async def ask(api, line: str, *, chat: int = OWNER, user: int | None = None) -> str:
    before = len(api.sent_to(chat))
    api.say(chat, line, user=user or chat)
    await api.until(lambda: len(api.sent_to(chat)) > before)
    return api.sent_to(chat)[-1]


async def follow(api, feed, name: str) -> None:
    assert f"📢 {name}" in await ask(api, f"/manage {name}")
    assert f"📢 {name}" in await ask(api, f"/subscribe {feed.url}")
    assert "added" in await ask(api, "/keyword add talks")
    await ask(api, "/manage off")


async def tell(api, feed) -> None:
    """Something to tell, once the feed was read."""
    polls = feed.not_modified
    await api.until(lambda: feed.not_modified > polls)
    feed.add("talks", "Envoys meet for talks <!channel> @everyone", "The third round of talks begins.")


async def test_a_feed_item_reaches_a_service_and_a_webhook_and_not_the_chat_it_was_chosen_in(api, feed, host, bot):
    for name in ("phone", "hook"):
        await follow(api, feed, name)
    await tell(api, feed)
    await host.until(lambda: host.noted() and host.hooked())
    (noted,), (call,) = host.noted(), host.hooked()
    assert noted["topic"] == "secret-topic-9"
    assert noted["title"].startswith("Envoys meet for talks")
    assert feed.link("talks") in noted["message"]
    assert "Keyword talks" in noted["message"]
    assert "<!channel>" not in json.dumps(noted)
    assert "@everyone" not in json.dumps(noted, ensure_ascii=False)
    assert call.is_signed_with(SECRET)
    assert not call.is_signed_with("another secret")
    said = call.json
    assert (said["version"], said["chat"], said["kind"], said["update"]) == (1, "hook", "alert", False)
    assert call.headers["X-Diting-Delivery"] == said["id"]
    (alert,) = said["alerts"]
    assert alert["item"]["title"] == "Envoys meet for talks <!channel> @everyone"
    assert alert["item"]["url"] == feed.link("talks")
    assert alert["item"]["feed"]["title"] == "Wire"
    assert alert["keywords"] == [{"keyword": "talks", "matched": ["talks"], "translated": []}]
    assert alert["brief"]["title_en"].startswith("Envoys meet")
    assert feed.url not in call.body.decode()
    assert not any("Envoys meet" in text for text in api.sent_to(OWNER))


async def test_commands_about_a_target_work_as_on_any_chat(api, feed, host, bot):
    await follow(api, feed, "phone")
    await ask(api, "/manage phone")
    for line, words in {
        "/feeds": "Wire",
        "/keyword list": "talks",
        "/settings": "📢 phone",
        "/settings managers": "📢 phone",
        "/status": "📢 phone",
        "/import": "as its caption",
        "/pause": "📢 phone",
    }.items():
        assert words in await ask(api, line), line
    chat = await bot.storage.chats.find_chat(ChatAddress(Platform.TARGET, "phone"))
    assert chat.state is ChatState.PAUSED
    await ask(api, "/manage off")
    for line in (f"/subscribe {feed.url}", "/keyword add talks"):
        await ask(api, line)
    await tell(api, feed)
    await api.until(lambda: any("Envoys meet" in text for text in api.sent_to(OWNER)))
    assert host.calls == []
    await ask(api, "/manage phone")
    assert "📢 phone" in await ask(api, "/resume")
    assert (await bot.storage.chats.find_chat(chat.address)).state is ChatState.ACTIVE


async def test_targets_are_shown_to_owners_alone_and_only_in_private(api, bot):
    offered = await ask(api, "/manage")
    assert "phone" in offered
    assert "hook" in offered
    assert "phone" not in await ask(api, "/manage", chat=STRANGER)
    assert "I see no place called phone" in await ask(api, "/manage phone", chat=STRANGER)
    chat = await bot.storage.chats.find_chat(ChatAddress(Platform.TARGET, "phone"))
    unknown = await ask(api, "/manage #99999", chat=STRANGER)
    assert (await ask(api, f"/manage #{chat.id}", chat=STRANGER)) == unknown.replace("#99999", f"#{chat.id}")
    api.place(GROUP).admins.add(OWNER)
    assert "phone" not in await ask(api, "/manage", chat=GROUP, user=OWNER)
    assert "Write this to me in private" in await ask(api, "/manage phone", chat=GROUP, user=OWNER)
    assert "There is no command" in await ask(api, "/admin chats", chat=STRANGER)


async def test_who_is_no_owner_any_more_loses_the_target(api, bot):
    await ask(api, "/manage phone")
    home = await bot.storage.chats.find_chat(ChatAddress(Platform.TELEGRAM, str(OWNER)))
    stranger = ChatAddress(Platform.TELEGRAM, str(STRANGER))
    await ask(api, "/start", chat=STRANGER)
    other = await bot.storage.chats.find_chat(stranger)
    await bot.storage.places.manage(other.id, home.managing)
    assert "I am not in phone any more" in await ask(api, "/keyword add talks", chat=STRANGER)
    assert await bot.storage.keywords.keywords(home.managing) == []


async def test_a_keyword_moves_to_a_target_and_back(api, feed, bot):
    await ask(api, f"/subscribe {feed.url}")
    await ask(api, "/keyword add talks")
    assert "is a keyword of phone now" in await ask(api, "/keyword move talks phone")
    chat = await bot.storage.chats.find_chat(ChatAddress(Platform.TARGET, "phone"))
    assert [one.query for one in await bot.storage.keywords.keywords(chat.id)] == ["talks"]
    await ask(api, "/manage phone")
    assert "no longer of this chat" in await ask(api, "/keyword move talks here")
    assert await bot.storage.keywords.keywords(chat.id) == []


async def test_a_target_that_left_the_settings_is_gone_and_comes_back_with_all_it_had(
    api, feed, host, settings_with, run_core, run_program
):
    address = ChatAddress(Platform.TARGET, "phone")
    async with run_core(settings_with()) as core, open_sides(core) as sides, run_program(core, sides):
        await follow(api, feed, "phone")
    for targets in ("hook={hook}", ""):
        async with run_core(settings_with(targets)) as core, open_sides(core) as sides, run_program(core, sides):
            assert "I see no place called phone" in await ask(api, "/manage phone")
            assert "phone" not in await ask(api, "/manage")
            chat = await core.storage.chats.find_chat(address)
            assert (chat.state, chat.reason) == (ChatState.GONE, NO_TARGET)
    async with run_core(settings_with()) as core, open_sides(core) as sides, run_program(core, sides):
        await tell(api, feed)
        chat = await core.storage.chats.find_chat(address)
        assert (chat.state, chat.reason) == (ChatState.ACTIVE, "")
        await host.until(host.noted)


async def test_who_was_expelled_is_not_let_in_by_the_settings(settings_with, run_core):
    async with run_core(settings_with()) as core:
        await seat_targets(core)
        chat = await core.storage.chats.find_chat(ChatAddress(Platform.TARGET, "phone"))
        await core.storage.places.expel(chat.id, now=core.clock())
        await seat_targets(core)
        assert not (await core.storage.chats.find_chat(chat.address)).admitted


async def test_a_private_bot_lets_targets_in(settings_with, run_core):
    async with run_core(settings_with(access="list")) as core:
        await seat_targets(core)
        assert (await core.storage.chats.find_chat(ChatAddress(Platform.TARGET, "phone"))).admitted


async def test_what_fails_is_sent_again_under_the_same_key_and_shows_no_address(api, feed, host, bot, caplog, capfd):
    caplog.set_level(logging.DEBUG, "bot")
    caplog.set_level(logging.WARNING)
    await follow(api, feed, "hook")
    await follow(api, feed, "phone")
    host.answers.extend([(500, {}), (503, {"Retry-After": "1"})])
    await tell(api, feed)
    await host.until(lambda: len(host.calls) == 4, within=20)
    assert len(host.hooked()) >= 1
    assert len({call.json["id"] for call in host.hooked()}) == 1
    shown = [await ask(api, line) for line in ("/admin", "/admin chats", "/manage", "/manage phone", "/status")]
    out, err = capfd.readouterr()
    assert "delivery put off" in out
    # What Apprise says goes to nobody but us; pytest listens beside.
    assert not logging.getLogger("apprise").propagate
    logged = [record.getMessage() for record in caplog.records if record.name != "apprise"]
    for text in (*logged, out, err, *shown, *api.sent_to(OWNER)):
        for secret in ("secret-topic-9", "secret-path-7", host.ntfy, host.hook, SECRET):
            assert secret not in text


async def test_a_webhook_that_is_gone_stops_its_chat_until_an_owner_manages_it_again(api, feed, host, bot):
    await follow(api, feed, "hook")
    host.answers.append((410, {}))
    await tell(api, feed)
    await host.until(host.hooked)
    address = ChatAddress(Platform.TARGET, "hook")

    async def state() -> ChatState:
        return (await bot.storage.chats.find_chat(address)).state

    async with asyncio.timeout(10):
        while await state() is not ChatState.GONE:
            await asyncio.sleep(0.02)
    assert "📢 hook" in await ask(api, "/manage hook")
    assert await state() is ChatState.ACTIVE
