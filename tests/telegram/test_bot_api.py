"""The server that the other tests lean on answers as Telegram does."""

import asyncio
import json
import sys

import pytest
from aiohttp import ClientSession

from tests.support.bot_api import TOKEN, FakeBotApi
from tests.support.bot_api_shapes import ApiFault, FloodControl
from tests.support.telegram_html import CantParse, read_html, read_plain


async def ask(api: FakeBotApi, method: str, *, get: bool = False, **params: object) -> dict:
    url = f"{api.url}/bot{api.token}/{method}"
    async with ClientSession() as http:
        call = http.get(url, params=params) if get else http.post(url, json=params)
        async with call as answer:
            body = await answer.json()
            assert body["ok"] == (answer.status == 200)
            assert body["ok"] or body["error_code"] == answer.status
            return body


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("é<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é<b>a</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("a < b", "Unclosed start tag at byte offset 2"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_html_that_can_not_be_read_is_refused_with_its_place(api, source, fault):
    with pytest.raises(CantParse, match=r".+") as caught:
        read_html(source)
    assert str(caught.value) == fault
    api.place(7)
    answer = await ask(api, "sendMessage", chat_id=7, text=source, parse_mode="HTML")
    assert answer["description"] == f"Bad Request: can't parse entities: {fault}"


def test_entities_count_in_utf16_units_and_references_are_read():
    read = read_html(' 😀<b>a&amp;&#x4e09;&nope;</b> <a href="https://a.example/?x=1&amp;y">go</a> ')
    assert read.text == "😀a&三&nope; go"
    assert read.entities == [
        {"type": "bold", "offset": 2, "length": 9},
        {"type": "text_link", "url": "https://a.example/?x=1&y", "offset": 12, "length": 2},
    ]


def test_links_come_about_by_themselves_but_not_in_code():
    read = read_plain("@durov /help https://a.example/b c.com")
    assert [one["type"] for one in read.entities] == ["mention", "bot_command", "url", "url"]
    assert [one["type"] for one in read_html("<code>@durov /help c.com</code>").entities] == ["code"]


async def test_limits_are_kept(api):
    api.place(7)
    whole = await ask(api, "sendMessage", chat_id=7, text="<b>" + "😀" * 2048 + "</b>", parse_mode="HTML")
    assert whole["ok"]
    too_long = await ask(api, "sendMessage", chat_id=7, text="😀" * 2049)
    assert too_long["description"] == "Bad Request: message is too long"
    empty = await ask(api, "sendMessage", chat_id=7, text="<b> </b>", parse_mode="HTML")
    assert empty["description"] == "Bad Request: message text is empty"
    for button, fault in (
        ({"text": "a", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "url": "javascript:1"}, "BUTTON_URL_INVALID"),
    ):
        answer = await ask(api, "sendMessage", chat_id=7, text="a", reply_markup={"inline_keyboard": [[button]]})
        assert answer["description"] == f"Bad Request: {fault}"


async def test_a_message_can_be_edited_once_it_was_sent(api):
    api.place(7)
    sent = (await ask(api, "sendMessage", chat_id=7, text="a"))["result"]
    same = {"chat_id": 7, "message_id": sent["message_id"]}
    assert (await ask(api, "editMessageText", **same, text="a"))["description"].endswith("message is not modified")
    assert (await ask(api, "editMessageText", **same, text="b"))["ok"]
    assert api.sent_to(7) == ["b"]
    missing = await ask(api, "editMessageText", chat_id=7, message_id=1, text="b")
    assert missing["description"] == "Bad Request: message to edit not found"


async def test_chats_members_webhook_and_commands_can_be_asked_for(api):
    api.place(-5, title="Group").admins.add(8)
    assert (await ask(api, "getChat", chat_id=-5))["result"]["title"] == "Group"
    statuses = [(await ask(api, "getChatMember", chat_id=-5, user_id=user))["result"]["status"] for user in (8, 9)]
    assert statuses == ["administrator", "member"]
    assert (await ask(api, "getWebhookInfo"))["result"] == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 0,
    }
    commands = [{"command": "help", "description": "Help"}]
    assert (await ask(api, "setMyCommands", commands=commands, language_code="zh"))["ok"]
    assert (await ask(api, "getMyCommands", language_code="zh"))["result"] == commands
    assert not (await ask(api, "setMyCommands", commands=[{"command": "No!", "description": "x"}]))["ok"]
    assert not (await ask(api, "setMyCommands", commands=commands, language_code="zh-hant"))["ok"]
    assert (await ask(api, "deleteChat"))["error_code"] == 404
    assert (await ask(api, "sendMessage", text="a"))["description"] == "Bad Request: chat_id is empty"


async def test_updates_stay_until_they_are_confirmed_and_only_the_kinds_asked_for_come(api):
    api.say(7, "/help")
    api.press(7, "/feeds")
    first = (await ask(api, "getUpdates", get=True))["result"]
    assert len((await ask(api, "getUpdates"))["result"]) == len(first) == 2
    pressed = (await ask(api, "getUpdates", allowed_updates=["callback_query"]))["result"]
    assert [one["update_id"] for one in pressed] == [first[1]["update_id"]]
    await ask(api, "getUpdates", offset=first[0]["update_id"] + 1, limit=1)
    assert api.pending == 1


async def test_the_poller_that_waits_is_sent_away_by_a_new_one_and_by_a_webhook(api):
    waiting = asyncio.create_task(ask(api, "getUpdates", timeout=5))
    await api.until(lambda: api.pollers)
    assert (await ask(api, "getUpdates"))["ok"]
    assert "terminated by other getUpdates" in (await waiting)["description"]
    await ask(api, "setWebhook", url="https://bot.example/hook")
    assert (await ask(api, "getUpdates"))["error_code"] == 409


async def test_troubles_end_after_their_number_of_calls(api):
    api.place(7), api.place(8)
    api.flood(7, retry_after=5, times=2)
    assert (await ask(api, "sendMessage", chat_id=8, text="a"))["ok"]
    for _ in range(2):
        answer = await ask(api, "sendMessage", chat_id=7, text="a")
        assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 5})
    assert (await ask(api, "sendMessage", chat_id=7, text="a"))["ok"]
    api.delete_chat(7)
    assert (await ask(api, "sendMessage", chat_id=7, text="a"))["description"] == "Bad Request: chat not found"


def refused(control: FloodControl, chat: int, now: float) -> int:
    """The wait in seconds, 0 for none."""
    try:
        control.check(chat, now)
    except ApiFault as fault:
        return fault.parameters["retry_after"]
    return 0


def test_flood_control_limits_a_chat_a_group_and_all_chats_together():
    control = FloodControl(group_per_minute=3, per_second=4)
    assert [refused(control, 7, now) for now in (0, 0.5, 1)] == [0, 1, 0]
    assert [refused(control, -5, now) for now in (10, 12, 14, 16, 71)] == [0, 0, 0, 54, 0]
    assert [refused(control, chat, 100) for chat in (1, 2, 3, 4, 5)] == [0, 0, 0, 0, 1]


async def test_who_sends_too_fast_is_told_to_wait():
    async with FakeBotApi(flood_control=FloodControl()) as api:
        api.place(7)
        first, second = [await ask(api, "sendMessage", chat_id=7, text="a") for _ in range(2)]
    assert first["ok"]
    assert second["parameters"] == {"retry_after": 1}


async def test_alone_it_serves_any_chat_and_logs_each_message_before_it_answers(tmp_path):
    log = tmp_path / "sent.jsonl"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.bot_api", "--port", "0", "--log", str(log), stdout=asyncio.subprocess.PIPE
    )
    try:
        base = json.loads(await process.stdout.readline())
        assert base["token"] == TOKEN
        async with ClientSession() as http:
            call = f"{base['url']}/bot{TOKEN}"
            async with http.post(f"{call}/sendMessage", data={"chat_id": "-5", "text": "[1] 會談"}) as answer:
                assert (await answer.json())["ok"]
            line = json.loads(log.read_text(encoding="utf-8"))
            assert (line["chat_id"], line["thread"], line["text"]) == (-5, None, "[1] 會談")
            await (await http.post(f"{base['url']}/say", json={"chat_id": 7, "text": "/help"})).release()
            async with http.get(f"{call}/getUpdates") as answer:
                assert (await answer.json())["result"][0]["message"]["text"] == "/help"
    finally:
        process.terminate()
        await process.wait()
