import asyncio
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from bot.chat.menu import ALIASES, MENU
from bot.chat.telegram import TelegramBot, Webhook, connected
from bot.errors import SettingsError, TokenRefused
from bot.model import ChatAddress, ChatKind, ChatSettings, ChatState, Locale, Platform

GROUP, FORUM, CHANNEL = -5, -1005, -1009
_NOT_MUTED_ABOUT = ["change_info", "invite_users", "pin_messages", "manage_topics", "edit_tag", "react_to_messages"]
_NO_MESSAGES = ["messages", "polls", "other_messages", "audios", "documents", "photos", "videos", "video_notes"]
MUTED = {
    "status": "restricted",
    "until_date": 0,
    "can_add_web_page_previews": False,
    **{f"can_{right}": True for right in _NOT_MUTED_ABOUT},
    **{f"can_send_{right}": False for right in [*_NO_MESSAGES, "voice_notes"]},
}


def at(chat: int, thread: str = "") -> ChatAddress:
    return ChatAddress(Platform.TELEGRAM, str(chat), thread)


async def said(stage, chat: int, count: int = 1) -> list[str]:
    await stage.api.until(lambda: len(stage.api.sent_to(chat)) >= count)
    return stage.api.sent_to(chat)


# --- commands ---------------------------------------------------------------------------------------------


async def test_a_command_in_a_private_chat_is_answered_there(stage):
    stage.api.say(7, "/Keyword  add trilateral talks ", user=7, language="zh-hant")
    assert await said(stage, 7) == ["got keyword [add trilateral talks]"]
    (request,) = stage.handler.requests
    assert request.address == at(7)
    assert request.kind is ChatKind.PRIVATE
    assert (request.person.id, request.person.locale, request.person.can_manage) == ("7", Locale.ZH_HANT, True)
    assert request.title == "Chat 7"


async def test_lines_of_a_command_stay_lines(stage):
    stage.api.say(7, "/add\ntrilateral\ntalks")
    await said(stage, 7)
    assert stage.handler.requests[0].arguments == "trilateral\ntalks"


async def test_text_copied_from_an_answer_loses_its_invisible_signs(stage):
    stage.api.say(7, "/subscribe https:\u2060//news.\u2060example/rss")
    await said(stage, 7)
    assert stage.handler.requests[0].arguments == "https://news.example/rss"


async def test_text_without_a_command_gets_a_hint_in_private_and_nothing_in_groups(stage):
    stage.api.say(GROUP, "good morning")
    stage.api.say(7, "hello there")
    assert await said(stage, 7) == ["got  [hello there]"]
    assert [request.command for request in stage.handler.requests] == [""]


async def test_an_unknown_command_is_answered_in_private_or_when_addressed_but_is_left_to_other_bots_in_groups(stage):
    stage.api.say(GROUP, "/roll 2d6")
    stage.api.say(GROUP, "/help@other_bot")
    stage.api.say(7, "/help@other_bot")
    stage.api.say(GROUP, "/roll@Diting_Test_Bot x")
    stage.api.say(7, "/roll")
    assert await said(stage, GROUP) == ["got roll [x]"]
    assert await said(stage, 7) == ["got roll []"]


async def test_an_edited_message_is_not_answered_again(stage):
    stage.api.say(7, "/status", edited=True)
    stage.api.say(7, "/help")
    assert await said(stage, 7) == ["got help []"]


async def test_a_forum_topic_is_a_place_of_its_own(stage):
    stage.api.say(FORUM, "/feeds", thread=12)
    await said(stage, FORUM)
    assert stage.api.sent[0].thread == 12
    assert stage.handler.requests[0].address == at(FORUM, "12")


def answering(message: int, **more: object) -> dict[str, object]:
    return {"reply_to_message": {"message_id": message, "date": 1, "chat": {"id": 7, "type": "private"}, **more}}


async def test_a_command_that_answers_a_message_names_it(stage):
    stage.api.say(7, "/why", extra=answering(55))
    stage.api.say(7, "/why")
    await said(stage, 7, 2)
    assert [request.reply_to for request in stage.handler.requests] == ["55", ""]


async def test_the_notice_of_a_topic_is_no_message_that_a_command_answers(stage):
    stage.api.say(FORUM, "/why", thread=12, extra=answering(12, forum_topic_created={"name": "x", "icon_color": 1}))
    await said(stage, FORUM)
    assert stage.handler.requests[0].reply_to == ""


async def test_in_groups_only_admins_may_manage(stage):
    stage.api.place(GROUP).admins.add(8)
    stage.api.say(GROUP, "/pause", user=8)
    stage.api.say(GROUP, "/pause", user=9)
    stage.api.say(GROUP, "/pause", anonymous=True)
    await said(stage, GROUP, 3)
    assert [request.person.can_manage for request in stage.handler.requests] == [True, False, True]
    assert {request.kind for request in stage.handler.requests} == {ChatKind.GROUP}


async def test_who_is_admin_counts_as_no_when_it_can_not_be_asked(stage):
    stage.api.place(GROUP).admins.add(8)
    stage.api.fail_next("getChatMember", status=400, description="Bad Request: member list is inaccessible")
    stage.api.say(GROUP, "/pause", user=8)
    await said(stage, GROUP)
    assert not stage.handler.requests[0].person.can_manage


async def test_a_post_that_a_group_copies_from_its_channel_is_not_a_command_twice(stage):
    copied = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": GROUP, "type": "supergroup", "title": "Talk"},
        "sender_chat": {"id": CHANNEL, "type": "channel", "title": "News"},
        "is_automatic_forward": True,
        "text": "/feeds",
    }
    stage.api.update({"message": copied})
    stage.api.place(GROUP)
    stage.api.update({"message": {**copied, "text": "/status", "is_automatic_forward": False}})
    assert await said(stage, GROUP) == ["got status []"]
    assert not stage.handler.requests[0].person.can_manage


async def test_a_post_in_a_channel_is_a_command_of_its_admins(stage):
    stage.api.place(CHANNEL, "channel", title="News")
    stage.api.say(CHANNEL, "/feeds")
    await said(stage, CHANNEL)
    (request,) = stage.handler.requests
    assert (request.kind, request.title, request.person.can_manage) == (ChatKind.CHANNEL, "News", True)


async def test_a_channel_and_an_anonymous_admin_speak_the_language_of_their_chat(stage):
    stage.api.place(CHANNEL, "channel")
    for chat in (CHANNEL, GROUP):
        await stage.known(at(chat), Locale.ZH_HANT)
        stage.api.say(chat, "/feeds", language=None, anonymous=True)
        await said(stage, chat)
    assert {request.person.locale for request in stage.handler.requests} == {Locale.ZH_HANT}


async def test_a_button_gives_its_command_and_is_confirmed(stage):
    query = stage.api.press(7, "/keyword remove 1", language="zh-hans")
    assert await said(stage, 7) == ["got keyword [remove 1]"]
    assert stage.api.answered == [query]
    assert stage.handler.requests[0].person.locale is Locale.ZH_HANS


async def test_a_button_in_a_group_topic_answers_there_and_asks_who_presses(stage):
    stage.api.place(FORUM, topics=(12,)).admins.add(8)
    stage.api.press(FORUM, "unsubscribe 3", user=8, thread=12)
    await said(stage, FORUM)
    stage.api.press(FORUM, "/unsubscribe 3", user=9, thread=12)
    await said(stage, FORUM, 2)
    assert [one.thread for one in stage.api.sent] == [12, 12]
    assert [request.person.can_manage for request in stage.handler.requests] == [True, False]


async def test_a_refusal_to_who_pressed_a_button_in_a_group_is_shown_to_them_alone(stage):
    stage.handler.private = True
    stage.api.place(GROUP)
    stage.api.press(GROUP, "/pause", user=9)
    await stage.api.until(lambda: stage.api.called("answerCallbackQuery"))
    (shown,) = stage.api.called("answerCallbackQuery")
    assert shown["text"] == "got pause []"
    assert str(shown["show_alert"]).lower() == "true"
    await stage.api.until(lambda: stage.api.answered)
    assert not stage.api.sent


async def test_a_refusal_that_can_not_be_shown_to_them_alone_is_sent(stage):
    stage.handler.private = True
    stage.api.place(GROUP)
    stage.api.fail_next("answerCallbackQuery", status=400, description="Bad Request: query is too old")
    stage.api.press(GROUP, "/pause", user=9)
    assert await said(stage, GROUP) == ["got pause []"]


async def test_a_button_too_old_to_be_confirmed_still_does_its_work(stage):
    stage.api.fail_next("answerCallbackQuery", status=400, description="Bad Request: query is too old")
    stage.api.press(7, "/status")
    assert await said(stage, 7) == ["got status []"]


async def test_a_slow_command_delays_its_own_chat_only_and_keeps_its_order(stage):
    gate = stage.handler.gates["slow"] = asyncio.Event()
    stage.api.say(7, "/subscribe slow")
    stage.api.say(7, "/feeds")
    stage.api.say(8, "/feeds")
    assert await said(stage, 8) == ["got feeds []"]
    assert stage.api.sent_to(7) == []
    gate.set()
    assert await said(stage, 7, 2) == ["got subscribe [slow]", "got feeds []"]


# --- answers that fail ------------------------------------------------------------------------------------


async def test_an_answer_is_sent_again_after_outages_and_a_wait(stage):
    stage.api.fail_next(status=502, description="Bad Gateway", html=True, times=2)
    stage.api.flood(7, retry_after=0.01)
    stage.api.say(7, "/help")
    assert await said(stage, 7) == ["got help []"]
    assert len(stage.api.called("sendMessage")) == 4


async def test_an_answer_that_would_come_too_late_is_dropped(stage):
    stage.api.flood(7, retry_after=3600)
    with capture_logs() as logs:
        stage.api.say(7, "/help")
        await stage.api.until(lambda: any(one["event"] == "answer could not be sent" for one in logs))
    stage.api.say(7, "/feeds")
    assert await said(stage, 7) == ["got feeds []"]


async def test_an_answer_follows_a_group_to_its_new_id(stage):
    stage.api.say(GROUP, "/help")
    await said(stage, GROUP)
    stage.api.fail_next(
        status=400, description="Bad Request: group chat was upgraded", parameters={"migrate_to_chat_id": FORUM}
    )
    stage.api.place(FORUM)
    stage.api.say(GROUP, "/feeds")
    assert await said(stage, FORUM) == ["got feeds []"]
    assert stage.outbox.moved == [(str(GROUP), str(FORUM))]


@pytest.mark.parametrize(
    ("status", "description", "state"),
    [
        (403, "Forbidden: bot was blocked by the user", ChatState.BLOCKED),
        (400, "Bad Request: TOPIC_CLOSED", ChatState.GONE),
    ],
)
async def test_a_chat_that_can_not_be_answered_is_stopped(stage, status, description, state):
    number = await stage.known(at(7))
    stage.api.fail_next(status=status, description=description)
    stage.api.say(7, "/help")
    await stage.api.until(lambda: stage.outbox.stopped)
    assert stage.outbox.stopped[0][:2] == (number, state)


async def test_a_refused_answer_is_logged_without_its_text(stage):
    stage.api.fail_next(status=400, description="Bad Request: BUTTON_DATA_INVALID", times=3)
    with capture_logs() as logs:
        stage.api.say(7, "/latest private words")
        await stage.api.until(lambda: any(one["event"] == "answer was refused" for one in logs))
    assert "private words" not in str(logs)


async def test_a_fault_is_logged_with_a_reference_and_without_what_was_typed_and_the_bot_goes_on(stage):
    stage.handler.fault = RuntimeError("a bug near private words")
    with capture_logs() as logs:
        stage.api.say(7, "/latest private words")
        await stage.api.until(lambda: any(one["event"] == "update failed" for one in logs))
    (fault,) = [one for one in logs if one["event"] == "update failed"]
    assert fault["reference"]
    assert "RuntimeError" in fault["traceback"]
    assert "private words" not in str(logs)
    stage.handler.fault = None
    stage.api.say(7, "/help")
    assert await said(stage, 7) == ["got help []"]


# --- the bot's standing -----------------------------------------------------------------------------------


async def test_a_known_chat_that_blocks_the_bot_is_stopped_at_once(stage):
    number = await stage.known(at(7))
    stage.api.block(7)
    await stage.api.until(lambda: stage.outbox.stopped)
    assert stage.outbox.stopped == [(number, ChatState.BLOCKED, "kicked")]


async def test_a_chat_that_unblocks_the_bot_is_opened_again_and_an_unknown_one_is_not(stage):
    await stage.known(at(7))
    before = stage.chats.by_address[at(7)]
    stage.api.place(8)
    stage.api.unblock(8)
    stage.api.place(7)
    stage.api.unblock(7)
    await stage.api.until(lambda: stage.chats.by_address[at(7)] is not before)
    assert at(8) not in stage.chats.by_address
    assert stage.api.sent == []


async def test_a_group_that_adds_the_bot_is_greeted_in_the_language_of_who_did(stage):
    stage.api.membership(GROUP, "left", "member", language="zh-hans")
    assert await said(stage, GROUP) == ["hello in zh-Hans, Person 7"]
    assert stage.chats.by_address[at(GROUP)].settings.hint is Locale.ZH_HANS
    stage.api.membership(GROUP, "member", "administrator")
    stage.api.say(GROUP, "/help")
    assert len(await said(stage, GROUP, 2)) == 2


async def test_a_group_that_adds_the_bot_again_is_not_greeted_again(stage):
    stage.api.membership(GROUP, "left", "member")
    await said(stage, GROUP)
    stage.api.membership(GROUP, "member", "kicked")
    stage.api.membership(GROUP, "kicked", "member")
    stage.api.say(GROUP, "/help")
    assert (await said(stage, GROUP, 2))[1:] == ["got help []"]


async def test_of_a_channel_its_admin_is_greeted_in_private_where_they_spoke_before_and_not_its_readers(stage):
    stage.api.place(CHANNEL, "channel", title="Wire")
    stage.api.place(7)
    await stage.known(at(7))
    stage.api.membership(CHANNEL, "left", {"status": "administrator", "can_post_messages": True})
    assert await said(stage, 7) == ["hello in en: Wire"]
    assert stage.api.sent_to(CHANNEL) == []


async def test_a_muted_bot_is_stopped_and_when_it_may_speak_again_it_is_opened_without_a_greeting(stage):
    number = await stage.known(at(GROUP))
    muted = {**MUTED, "is_member": True}
    stage.api.membership(GROUP, "member", muted)
    await stage.api.until(lambda: stage.outbox.stopped)
    assert stage.outbox.stopped == [(number, ChatState.BLOCKED, "restricted")]
    before = stage.chats.by_address[at(GROUP)]
    stage.api.membership(GROUP, muted, "member")
    await stage.api.until(lambda: stage.chats.by_address[at(GROUP)] is not before)
    assert stage.api.sent == []


async def test_in_a_channel_only_an_admin_that_may_post_can_speak(stage):
    stage.api.place(CHANNEL, "channel")
    may = {"status": "administrator", "can_post_messages": True}
    stage.api.membership(CHANNEL, "left", may)
    await stage.api.until(lambda: at(CHANNEL) in stage.chats.by_address)
    stage.api.membership(CHANNEL, may, {**may, "can_post_messages": False})
    await stage.api.until(lambda: stage.outbox.stopped)


async def test_a_group_that_becomes_a_supergroup_is_moved(stage):
    stage.api.migrate(GROUP, FORUM)
    await stage.api.until(lambda: len(stage.outbox.moved) == 2)
    assert set(stage.outbox.moved) == {(str(GROUP), str(FORUM))}


# --- lifetime ---------------------------------------------------------------------------------------------


async def test_the_menus_are_set_in_english_and_chinese_with_short_forms(stage):
    await stage.api.until(lambda: len(stage.api.commands) == 2)
    names = [one["command"] for one in stage.api.commands[""]]
    assert names == [one["command"] for one in stage.api.commands["zh"]]
    assert set(names) == {command.name for command in MENU} | set(ALIASES)
    assert {one["description"] for one in stage.api.commands[""]} & {command.description for command in MENU}


async def test_a_private_chat_that_reads_another_language_than_its_app_has_the_menu_in_it(stage):
    stage.api.say(8, "/help", language="zh-hans", user=8)
    stage.api.say(GROUP, "/help", language="zh-hant")
    stage.api.say(7, "/help", language="zh-hant")
    await stage.api.until(lambda: "7" in stage.api.commands)
    assert "所有指令，以及關鍵字的寫法" in {one["description"] for one in stage.api.commands["7"]}
    await stage.known(at(7))
    stage.chats.by_address[at(7)] = replace(stage.chats.by_address[at(7)], settings=ChatSettings(locale=Locale.ZH_HANS))
    stage.api.say(7, "/help", language="zh-hant")
    await stage.api.until(lambda: "7" not in stage.api.commands)
    assert set(stage.api.commands) == {"", "zh"}


async def test_a_menu_that_can_not_be_set_holds_up_no_answer(stage):
    stage.api.fail_next("setMyCommands", status=400, description="Bad Request: chat not found", times=9)
    stage.api.say(7, "/help", language="zh-hant")
    stage.api.say(7, "/feeds", language="zh-hant")
    assert await said(stage, 7, 2) == ["got help []", "got feeds []"]


async def test_updates_are_confirmed_and_not_seen_again_by_the_next_start(api, perform):
    async with perform(api) as stage:
        api.say(7, "/help")
        await said(stage, 7)
    assert api.pending == 0
    async with perform(api) as stage:
        api.say(7, "/feeds")
        assert await said(stage, 7, 2) == ["got help []", "got feeds []"]


async def test_what_was_said_while_the_bot_was_away_is_answered(api, perform):
    api.say(7, "/help")
    async with perform(api) as stage:
        assert await said(stage, 7) == ["got help []"]


async def test_a_wrong_token_is_refused_at_the_start(api, perform):
    with pytest.raises(TokenRefused):
        async with perform(api, token="7000000001:BBFakeFakeFakeFakeFakeFakeFakeFakeFakeB"):
            pytest.fail("it entered")


async def test_a_token_taken_away_ends_the_run(stage):
    await stage.api.until(lambda: stage.api.pollers)
    stage.api.token = "7000000001:CCFakeFakeFakeFakeFakeFakeFakeFakeFakeC"
    stage.api.say(7, "/help")
    with pytest.raises(TokenRefused):
        async with asyncio.timeout(5):
            await stage.task


async def test_telegram_may_be_away_at_the_start_and_later(api, perform):
    api.fail_next("getMe", status=502, description="Bad Gateway", html=True, times=2)
    api.flood(method="setMyCommands", retry_after=3600)
    api.fail_next("deleteWebhook", status=500)
    api.fail_next("getUpdates", status=502, description="Bad Gateway", html=True, times=2)
    with capture_logs() as logs:
        async with perform(api) as stage:
            api.say(7, "/help")
            assert await said(stage, 7) == ["got help []"]
    events = {one["event"] for one in logs}
    assert {"telegram can't be reached yet", "the menus of commands could not be set"} <= events


async def test_a_second_poller_is_named_as_the_trouble(stage):
    await stage.api.until(lambda: stage.api.pollers)
    with capture_logs() as logs:
        async with ClientSession() as http:
            await http.get(f"{stage.api.url}/bot{stage.api.token}/getUpdates")
        await stage.api.until(lambda: logs)
    assert "another process receives this bot's Telegram updates" in logs[0]["event"]
    stage.api.say(7, "/help")
    assert await said(stage, 7) == ["got help []"]


async def test_an_update_that_can_not_be_read_is_left_out_and_not_printed(stage, caplog):
    with capture_logs() as logs:
        stage.api.update({"message": {"text": "private words"}})
        stage.api.say(7, "/help")
        assert await said(stage, 7) == ["got help []"]
    assert logs[0]["kind"] == ["message"]
    assert "private words" not in f"{logs}{caplog.text}"


async def test_a_wait_asked_of_the_poller_is_kept(stage):
    await stage.api.until(lambda: stage.api.pollers)
    stage.api.flood(method="getUpdates", retry_after=3600)
    with capture_logs() as logs:
        stage.api.say(7, "/help")
        await stage.api.until(lambda: logs)
    assert logs[0]["reason"] == "rate limited"
    polls = len(stage.api.called("getUpdates"))
    await said(stage, 7)
    assert len(stage.api.called("getUpdates")) == polls


async def test_a_command_in_hand_is_given_up_after_a_grace_at_the_end(api, perform):
    with capture_logs() as logs:
        async with perform(api) as stage:
            stage.handler.gates["slow"] = asyncio.Event()
            api.say(7, "/subscribe slow")
            await api.until(lambda: stage.handler.requests)
    assert [one["event"] for one in logs] == ["stopped before every command was answered"]


# --- webhook ----------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def test_updates_come_by_webhook_with_its_secret_and_no_other_way(api, perform):
    port = free_port()
    webhook = Webhook(url=f"http://127.0.0.1:{port}/telegram/hook", host="127.0.0.1", port=port)
    api.fail_next("setWebhook", status=502, description="Bad Gateway", html=True)
    async with perform(api, webhook=webhook) as stage:
        await api.until(lambda: api.webhook["url"])
        api.say(7, "/help")
        assert await said(stage, 7) == ["got help []"]
        async with ClientSession() as http:
            forged = await http.post(
                webhook.url, json={"update_id": 1}, headers={"X-Telegram-Bot-Api-Secret-Token": "x"}
            )
        assert forged.status == 403
    assert api.called("getUpdates") == []
    assert webhook.secret not in repr(webhook)
    assert replace(webhook).secret == webhook.secret
    assert Webhook(url=webhook.url).secret != webhook.secret


async def test_a_port_that_is_taken_is_named_with_its_variable(api, perform):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with perform(api, webhook=Webhook(url="http://127.0.0.1/hook", host="127.0.0.1", port=port)) as stage:
            with pytest.raises(SettingsError, match=f"TELEGRAM_WEBHOOK_LISTEN: can't listen on 127.0.0.1:{port}"):
                await asyncio.wait_for(stage.task, 10)


def test_a_bot_can_be_built_without_a_server():
    async def build() -> TelegramBot:
        async with connected("1:x") as bot:
            return TelegramBot(
                bot,
                handler=None,
                chats=None,
                outbox=None,
                greeting=None,
                clock=None,
                poll_timeout=timedelta(seconds=1),
            )

    assert isinstance(asyncio.run(build()), TelegramBot)


# --- what a command is about -----------------------------------------------------------------------------


async def test_a_command_that_answers_a_message_says_what_that_says(stage):
    answered = {"message_id": 5, "date": 0, "chat": {"id": 7, "type": "private"}, "text": "They met. They left."}
    stage.api.say(7, "/translate", extra={"reply_to_message": answered})
    stage.api.say(7, "/translate", extra={"reply_to_message": {**answered, "text": "", "caption": "A picture"}})
    quote = {"text": "They left.", "position": 10}
    stage.api.say(7, "/translate", extra={"reply_to_message": answered, "quote": quote})
    stage.api.say(7, "/translate")
    await stage.api.until(lambda: len(stage.handler.requests) == 4)
    assert [request.about for request in stage.handler.requests] == [
        "They met. They left.",
        "A picture",
        "They left.",
        "",
    ]
