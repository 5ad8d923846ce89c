"""Faults as a Bot API server answers them, through the real adapter: each leads to what can be done about it."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.chat.blocks import text, title
from bot.chat.telegram import Patience, TelegramMessenger
from bot.errors import AnotherPoller, ChatGone, PlatformDown, RightsMissing, TokenRefused
from bot.model import Button, ChatAddress, ChatState, Message, Platform
from tests.support.meter import Counts

ALERT = Message(blocks=(title("Talks"), text("They began.")), buttons=((Button("Open", url="https://news.example/"),),))
OTHER_TOKEN = "7000000002:BBFakeFakeFakeFakeFakeFakeFakeFakeFakeB"


def at(chat: int, thread: str = "") -> ChatAddress:
    return ChatAddress(Platform.TELEGRAM, str(chat), thread)


@pytest.fixture
def meter():
    return Counts()


@pytest.fixture
async def counting(api, connect, meter):
    async with connect(api.token, api.url) as bot:
        yield TelegramMessenger(bot, meter=meter)


# --- bad markup -----------------------------------------------------------------------------------------


async def test_markup_that_telegram_can_not_read_is_reported_with_the_key_and_the_reason(api, counting, meter):
    api.place(7)
    api.fail_next(status=400, description="Bad Request: can't parse entities: secret words")
    with capture_logs() as logs:
        await counting.send(at(7), ALERT, key="key-1")
    (log,) = logs
    assert (log["log_level"], log["key"], log["reason"]) == ("error", "key-1", "can't parse entities")
    assert "secret" not in str(logs)
    assert meter.seen["plainer", "telegram"] == 1


async def test_buttons_that_telegram_does_not_take_are_left_out_and_the_alert_arrives(api, counting, meter):
    api.place(7)
    api.fail_next(status=400, description="Bad Request: BUTTON_URL_INVALID", times=2)
    with capture_logs() as logs:
        await counting.send(at(7), ALERT, key="key-1")
    (sent,) = api.sent
    assert (sent.reply_markup, logs[0]["reason"], meter.seen["plainer", "telegram"]) == (None, "button_url_invalid", 1)


async def test_an_edit_that_can_not_be_made_is_not_tried_in_other_forms(api, counting, meter):
    api.place(7)
    number = await counting.send(at(7), ALERT, key="k")
    api.fail_next("editMessageText", status=400, description="Bad Request: message can't be edited", times=9)
    with pytest.raises(Exception, match="can't be edited"):
        await counting.edit(at(7), number, ALERT)
    assert len(api.called("editMessageText")) == 1


# --- the token ------------------------------------------------------------------------------------------


async def test_a_token_that_was_revoked_is_refused(api, counting):
    api.place(7)
    api.token = OTHER_TOKEN
    with pytest.raises(TokenRefused):
        await counting.send(at(7), ALERT, key="k")


async def test_a_server_that_refuses_a_good_token_once_is_in_trouble_itself(api, counting):
    api.place(7)
    api.fail_next(status=401, description="Unauthorized")
    with pytest.raises(PlatformDown, match="though the token works"):
        await counting.send(at(7), ALERT, key="k")
    assert len(api.called("getMe")) == 1


# --- rights ---------------------------------------------------------------------------------------------


async def test_a_group_that_mutes_the_bot_names_the_private_chats_of_its_admins_the_owner_first(api, counting):
    api.place(-5).admins.update({11, 12})
    api.mute(-5)
    with pytest.raises(RightsMissing) as caught:
        await counting.send(at(-5), ALERT, key="k")
    assert caught.value.managers == (at(12), at(11))
    assert caught.value.reason == "not enough rights to send text messages to the chat"


async def test_where_the_admins_are_not_told_nobody_is_named(api, counting):
    api.place(-5)
    api.mute(-5)
    api.fail_next("getChatAdministrators", status=400, description="Bad Request: member list is inaccessible")
    with pytest.raises(RightsMissing) as caught:
        await counting.send(at(-5), ALERT, key="k")
    assert caught.value.managers == ()


async def test_an_answer_that_a_group_does_not_let_through_warns_its_admins_as_an_alert_would(stage):
    stage.api.place(-5).admins.add(7)
    chat = await stage.known(at(-5))
    stage.api.mute(-5)
    stage.api.say(-5, "/help")
    await stage.api.until(lambda: stage.outbox.stopped)
    assert stage.outbox.warned == [(chat, (at(7),))]
    assert stage.outbox.stopped[0][:2] == (chat, ChatState.BLOCKED)


# --- topics ---------------------------------------------------------------------------------------------


async def test_a_topic_that_was_closed_gets_alerts_again_when_it_is_reopened(stage):
    api, address = stage.api, at(-1005, "12")
    api.place(-1005, topics=(12,))
    await stage.known(address)
    stage.chats.by_address[address] = stage.chats.stopped(address, ChatState.GONE)
    api.close_topic(-1005, 12)
    messenger = TelegramMessenger(stage.bot)
    with pytest.raises(ChatGone, match="topic_closed"):
        await messenger.send(address, ALERT, key="k")
    api.reopen_topic(-1005, 12)
    await api.until(lambda: stage.chats.by_address[address].state is ChatState.ACTIVE)
    await messenger.send(address, ALERT, key="k")
    assert stage.handler.requests == []


# --- the way there --------------------------------------------------------------------------------------


async def test_a_second_poller_is_told_to_whoever_watches_and_polling_goes_on(api, perform):
    api.fail_next("getUpdates", status=409, description="Conflict: terminated by other getUpdates request", times=2)
    with capture_logs() as logs:
        async with perform(api) as stage:
            api.say(7, "/help")
            await api.until(lambda: api.sent_to(7))
    assert (AnotherPoller, Platform.TELEGRAM) in stage.watch.heard
    assert any("run one only" in log["event"] for log in logs)
    assert stage.watch.heard[-1] == Platform.TELEGRAM


async def test_a_poll_that_is_refused_once_goes_on_with_a_token_that_works(api, perform):
    api.fail_next("getUpdates", status=401, description="Unauthorized")
    async with perform(api) as stage:
        api.say(7, "/help")
        await api.until(lambda: api.sent_to(7))
        assert not stage.task.done()


async def test_a_bot_whose_token_was_refused_can_run_again(api, perform):
    async with perform(api) as stage:
        await api.until(lambda: api.called("getUpdates"))
        good, api.token = api.token, OTHER_TOKEN
        api.say(7, "/help")
        with pytest.raises(TokenRefused):
            await stage.task
        api.token = good
        stage.run_again()
        await api.until(lambda: api.sent_to(7))


@pytest.mark.parametrize("taken", [False, True])
async def test_a_connection_that_is_reset_may_have_carried_the_message(api, counting, taken):
    api.place(7)

    async def reset(request, method, params, proceed):
        if method == "sendMessage":
            if taken:
                await proceed()
            request.transport.abort()
        return await proceed()

    api.interfere = reset
    with pytest.raises(PlatformDown) as caught:
        await counting.send(at(7), ALERT, key="k")
    assert caught.value.maybe_sent


async def test_an_answer_that_is_late_may_be_that_of_a_message_that_arrived(api, connect):
    api.place(7)
    api.slow_next(1)
    async with connect(api.token, api.url, patience=Patience(answer=timedelta(milliseconds=50))) as bot:
        with pytest.raises(PlatformDown) as caught:
            await TelegramMessenger(bot).send(at(7), ALERT, key="k")
    assert caught.value.maybe_sent


async def test_a_name_that_is_gone_from_the_dns_is_an_outage_in_which_nothing_was_sent(api, connect, monkeypatch):
    def gone(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async with connect(api.token, "http://api.example:8081") as bot:
        monkeypatch.setattr(socket, "getaddrinfo", gone)
        with pytest.raises(PlatformDown) as caught:
            await TelegramMessenger(bot).send(at(7), ALERT, key="k")
    assert not caught.value.maybe_sent
