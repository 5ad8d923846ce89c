"""From a slash command on Telegram to the alert in the chat, through the real adapter and a real HTTP server."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.model import ChatAddress, ChatState, Platform
from tests.support.feed_host import FeedHost
from tests.support.sides import open_sides

PERSON, GROUP, CHANNEL = 7, -100, -1000000000500
TRILATERAL = "the trilateral Russian-Ukrainian-US talks in Abu Dhabi"


@pytest.fixture
async def bot(settings, run_core, run_program):
    async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
        yield core


async def ask(api, chat: int, line: str, **more) -> str:
    """Say something and wait for the answer."""
    before = len(api.sent_to(chat))
    api.say(chat, line, **more)
    await api.until(lambda: len(api.sent_to(chat)) > before)
    return api.sent_to(chat)[-1]


async def watch(api, feed, chat: int, *keywords: str, **more) -> None:
    """Subscribe a chat and give it keywords; then let the first, silent poll pass."""
    assert "Wire" in await ask(api, chat, f"/subscribe {feed.url}", **more)
    for keyword in keywords:
        await ask(api, chat, f"/keyword add {keyword}", **more)
    polls = feed.not_modified
    await api.until(lambda: feed.not_modified > polls)


async def until_stopped(core, chat: int) -> None:
    async with asyncio.timeout(5):
        while (await core.storage.chats.find_chat(address(chat))).state is not ChatState.BLOCKED:
            await asyncio.sleep(0.01)


def address(chat: int) -> ChatAddress:
    return ChatAddress(Platform.TELEGRAM, str(chat))


def alerts(api, chat: int, title: str) -> list[str]:
    return [text for text in api.sent_to(chat) if title in text]


async def test_a_new_item_reaches_the_chat_that_asked_with_reason_and_link(api, feed, bot):
    await watch(api, feed, PERSON, "trilateral talks", '"Abu Dhabi"')
    feed.add("talks", "Envoys meet again", f"Envoys meet for {TRILATERAL}. The third round begins on 1 March.")
    feed.add("party", "An art party", "No one spoke about anything else.")
    await api.until(lambda: alerts(api, PERSON, "Envoys meet again"))
    (alert,) = [sent for sent in api.sent if "Envoys meet again" in sent.text]
    assert "trilateral talks" in alert.text
    assert "Wire" in alert.text
    assert "阿布扎比" in alert.text
    assert feed.link("talks") in str(alert.reply_markup) + str(alert.entities)
    assert not alerts(api, PERSON, "An art party")
    assert not alerts(api, PERSON, "last year")


async def test_an_alert_is_explained_by_a_reply_and_what_did_not_come_by_its_link(api, feed, bot):
    await watch(api, feed, PERSON, "trilateral talks")
    feed.add("party", "An art party", "No one spoke of the talks.")
    feed.add("talks", "Envoys meet again", f"Envoys meet for {TRILATERAL}.")
    await api.until(lambda: alerts(api, PERSON, "Envoys meet again"))
    (alert,) = [sent for sent in api.sent if "Envoys meet again" in sent.text]
    chat = (await bot.storage.chats.find_chat(address(PERSON))).id
    async with asyncio.timeout(5):
        while await bot.storage.trails.find_message(chat, str(alert.message_id)) is None:
            await asyncio.sleep(0.01)
    reply = {"reply_to_message": {"message_id": alert.message_id, "date": 1, "chat": {"id": PERSON, "type": "private"}}}
    why = await ask(api, PERSON, "/why", extra=reply)
    assert "Why this alert came" in why
    assert "in the text: Envoys meet for the trilateral Russian-Ukrainian-US talks in Abu Dhabi" in why
    why_not = await ask(api, PERSON, f"/why {feed.link('party')}?utm_source=telegram")
    assert "trilateral talks: found talks, but not there: trilateral" in why_not


async def test_an_item_is_told_once_although_the_feed_changes_its_date_and_link_parameters(api, feed, bot):
    await watch(api, feed, PERSON, "ferry")
    feed.add("ferry", "A ferry sails", "At dawn.")
    await api.until(lambda: alerts(api, PERSON, "A ferry sails"))
    feed.entries = [(f"{guid}?utm_source=rss", title, text) for guid, title, text in feed.entries]
    feed.add("next", "Another ferry comes", "At dusk.")
    await api.until(lambda: alerts(api, PERSON, "Another ferry comes"))
    assert len(alerts(api, PERSON, "A ferry sails")) == 1


TALKS = ("Second round of trilateral talks opens in Abu Dhabi", f"Envoys met for {TRILATERAL}.")
SAME_TALKS = (
    "Abu Dhabi: second round of Russian-Ukrainian-US talks opens",
    f"{TRILATERAL} opened on Friday, the second round of Russian, Ukrainian and US envoys.",
)
SWAP = (
    "Abu Dhabi talks end with swap of 157 prisoners",
    "Russian, Ukrainian and US envoys ended the second round of trilateral talks in Abu Dhabi with a swap.",
)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("bot.app.program.TICK", timedelta(milliseconds=50))
    monkeypatch.setattr("bot.work.alert.GATHER", timedelta())


async def test_a_story_is_told_once_then_its_other_sources_are_named_and_an_update_replies_to_it(api, feed, quick, bot):
    async with FeedHost(title="The Other") as other:
        await watch(api, feed, PERSON, "Abu Dhabi")
        await ask(api, PERSON, f"/subscribe {other.url}")
        polls = other.not_modified
        await api.until(lambda: other.not_modified > polls)
        feed.add("talks", *TALKS)
        await api.until(lambda: alerts(api, PERSON, TALKS[0]))
        other.add("same", *SAME_TALKS)
        (alert,) = [sent for sent in api.sent if TALKS[0] in sent.text]
        await api.until(lambda: "Also: The Other" in alert.text)
        assert other.link("same") in str(alert.entities)
        other.add("swap", *SWAP)
        await api.until(lambda: alerts(api, PERSON, SWAP[0]))
    (update,) = [sent for sent in api.sent if SWAP[0] in sent.text]
    assert update.text.startswith(f"Update: {SWAP[0]}\nNew: 157")
    assert update.reply_to == alert.message_id
    assert not alerts(api, PERSON, SAME_TALKS[0])


async def test_groups_topics_and_channels_get_their_own_alerts(api, feed, bot):
    api.place(GROUP, "supergroup", topics=(5,)).admins.add(PERSON)
    api.place(CHANNEL, "channel")
    await watch(api, feed, GROUP, "ferry", thread=5)
    await watch(api, feed, CHANNEL, "ferry")
    feed.add("ferry", "A ferry sails", "At dawn.")
    await api.until(lambda: alerts(api, GROUP, "A ferry sails") and alerts(api, CHANNEL, "A ferry sails"))
    (in_topic,) = [sent for sent in api.sent if sent.chat_id == GROUP and "A ferry sails" in sent.text]
    assert in_topic.thread == 5


async def test_in_a_group_only_admins_change_things(api, feed, bot):
    api.place(GROUP, "supergroup").admins.add(PERSON)
    assert "admin" in await ask(api, GROUP, f"/subscribe {feed.url}", user=8)
    assert "Wire" in await ask(api, GROUP, f"/subscribe {feed.url}", user=PERSON)


async def test_a_button_does_what_its_command_would(api, feed, bot):
    await watch(api, feed, PERSON, "ferry")
    added = [sent for sent in api.sent if "ferry" in sent.text and sent.reply_markup][-1]
    actions = [button["callback_data"] for row in added.reply_markup["inline_keyboard"] for button in row]
    (remove,) = [action for action in actions if "remove" in action]
    before = len(api.sent)
    api.press(PERSON, remove)
    await api.until(lambda: len(api.sent) > before)
    keywords = await bot.storage.keywords.keywords((await bot.storage.chats.find_chat(address(PERSON))).id)
    assert keywords == []


async def test_a_keyword_finds_what_its_words_are_called_in_chinese_once_a_button_is_pressed(api, feed, bot):
    await watch(api, feed, PERSON, "Abu Dhabi")
    (offer,) = (sent for sent in api.sent if sent.reply_markup and "阿布達比" in str(sent.reply_markup))
    everything = offer.reply_markup["inline_keyboard"][0][0]
    before = len(api.sent)
    api.press(PERSON, everything["callback_data"])
    await api.until(lambda: len(api.sent) > before)
    feed.add("talks", "三方會談在阿布扎比開始", "各方代表星期三會面。")
    await api.until(lambda: alerts(api, PERSON, "三方會談在阿布扎比開始"))


async def test_a_flood_limit_is_waited_out_and_the_alert_arrives(api, feed, bot):
    await watch(api, feed, PERSON, "ferry")
    api.flood(PERSON, retry_after=1)
    feed.add("ferry", "A ferry sails", "At dawn.")
    await api.until(lambda: alerts(api, PERSON, "A ferry sails"), within=8)
    assert len(alerts(api, PERSON, "A ferry sails")) == 1


async def test_a_chat_that_blocked_us_is_stopped_and_holds_up_no_other(api, feed, bot):
    await watch(api, feed, PERSON, "ferry")
    await watch(api, feed, 8, "ferry", user=8)
    api.block(PERSON, announce=False)
    feed.add("ferry", "A ferry sails", "At dawn.")
    await api.until(lambda: alerts(api, 8, "A ferry sails"))
    await until_stopped(bot, PERSON)
    api.unblock(PERSON)
    await ask(api, PERSON, "/start")
    feed.add("second", "A second ferry sails", "At noon.")
    await api.until(lambda: alerts(api, PERSON, "A second ferry sails"))
    assert not alerts(api, PERSON, "A ferry sails")


@pytest.mark.parametrize("announced", [True, False])
async def test_a_group_that_becomes_a_supergroup_keeps_its_alerts(api, feed, bot, announced):
    api.place(GROUP, "group").admins.add(PERSON)
    await watch(api, feed, GROUP, "ferry")
    new = -1000000000100
    api.migrate(GROUP, new, announce=announced)
    feed.add("ferry", "A ferry sails", "At dawn.")
    await api.until(lambda: alerts(api, new, "A ferry sails"))
    assert len(alerts(api, new, "A ferry sails")) == 1


async def test_server_trouble_is_retried_until_the_alert_arrives(api, feed, bot, monkeypatch):
    monkeypatch.setattr("bot.work.outcomes.FIRST_BACKOFF", timedelta(milliseconds=20))
    await watch(api, feed, PERSON, "ferry")
    api.fail_next(status=502, html=True, chat_id=PERSON, times=3)
    feed.add("ferry", "A ferry sails", "At dawn.")
    await api.until(lambda: alerts(api, PERSON, "A ferry sails"))
    assert len(alerts(api, PERSON, "A ferry sails")) == 1


async def test_nothing_a_person_types_stops_the_bot(api, feed, bot):
    for line in (
        "/keyword add ((((",
        '/keyword add "open',
        "/subscribe javascript:alert(1)",
        "/settings 🦊",
        "/latest -1",
    ):
        assert await ask(api, PERSON, line)
    assert "Wire" in await ask(api, PERSON, f"/subscribe {feed.url}")
