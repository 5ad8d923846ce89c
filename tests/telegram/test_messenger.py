import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.chat.blocks import code, note, text, title
from bot.chat.telegram import Pace, Patience, TelegramMessenger
from bot.chat.telegram.faults import translation
from bot.errors import (
    ChatBlocked,
    ChatGone,
    ChatMoved,
    MessageRefused,
    PlatformDown,
    RateLimited,
    RightsMissing,
    TokenRefused,
)
from bot.model import Button, ChatAddress, Message, Pictures, Platform, Span, Style
from tests.support.bot_api import FakeBotApi

LINK = "https://news.example/talks"
ALERT = Message(
    blocks=(title((Span("Talks", Style.BOLD, LINK),)), text("They began."), note((code("talks"),))),
    buttons=((Button("Open", url=LINK),),),
)
HELLO = Message(blocks=(text("hello"),))


def at(chat: int | str, thread: str = "") -> ChatAddress:
    return ChatAddress(Platform.TELEGRAM, str(chat), thread)


async def test_an_alert_arrives_with_its_text_link_button_and_preview(api, messenger):
    api.place(7)
    number = await messenger.send(at(7), ALERT, key="k")
    (sent,) = api.sent
    assert number == str(sent.message_id)
    assert sent.text == "Talks\nThey began.\n\ntalks"
    assert sent.entity_texts("text_link") == ["Talks"]
    assert sent.reply_markup == {"inline_keyboard": [[{"text": "Open", "url": LINK}]]}
    assert sent.preview == {"is_disabled": False, "url": LINK, "prefer_small_media": True}


async def test_the_picture_of_a_preview_is_as_large_as_the_chat_wants_it(api, messenger):
    api.place(7)
    for size in (Pictures.OFF, Pictures.LARGE):
        number = await messenger.send(at(7), replace(ALERT, pictures=size), key="k")
    assert [sent.preview for sent in api.sent] == [
        {"is_disabled": True},
        {"is_disabled": False, "url": LINK, "prefer_large_media": True},
    ]
    await messenger.edit(at(7), number, LONGER)
    assert api.called("editMessageText")[-1]["link_preview_options"]["prefer_small_media"]


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: WEBPAGE_MEDIA_EMPTY",
        "Bad Request: WEBPAGE_CURL_FAILED",
        "Bad Request: wrong type of the web page content",
        "Bad Request: failed to get HTTP URL content",
    ],
)
async def test_a_page_that_telegram_can_not_preview_costs_the_preview_and_not_the_markup(api, messenger, description):
    api.place(7)
    api.fail_next(status=400, description=description)
    await messenger.send(at(7), ALERT, key="k")
    (sent,) = api.sent
    assert (sent.parse_mode, sent.preview) == ("HTML", {"is_disabled": True})
    api.fail_next(status=400, description=description, times=2)
    await messenger.send(at(7), ALERT, key="k")
    assert api.sent[-1].parse_mode == ""


async def test_a_topic_gets_its_messages(api, messenger):
    api.place(-1005, topics=(12,))
    await messenger.send(at(-1005, "12"), HELLO, key="k")
    assert (api.sent[0].chat_id, api.sent[0].thread, api.sent[0].preview) == (-1005, 12, {"is_disabled": True})


@pytest.mark.parametrize("chat", [7, -5, -1006])
async def test_a_chat_that_blocks_or_kicks_the_bot_is_blocked(api, messenger, chat):
    api.block(chat, announce=False)
    with pytest.raises(ChatBlocked, match=r"blocked|kicked"):
        await messenger.send(at(chat), HELLO, key="k")


@pytest.mark.parametrize(
    ("status", "description", "error"),
    [
        (403, "Forbidden: user is deactivated", ChatBlocked),
        (403, "Forbidden: bot is not a member of the channel chat", ChatBlocked),
        (403, "Forbidden: the group chat was deleted", ChatGone),
        (400, "Bad Request: not enough rights to send text messages to the chat", RightsMissing),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", RightsMissing),
        (400, "Bad Request: need administrator rights in the channel chat", RightsMissing),
        (400, "Bad Request: PEER_ID_INVALID", ChatGone),
        (400, "Bad Request: TOPIC_DELETED", ChatGone),
        (400, "Bad Request: BUTTON_DATA_INVALID", MessageRefused),
        (401, "Unauthorized", PlatformDown),  # of a token that works
        (500, "Internal Server Error", PlatformDown),
        (409, "Conflict: something else", PlatformDown),
    ],
)
async def test_each_refusal_is_the_error_that_names_it(api, messenger, status, description, error):
    api.place(7)
    api.fail_next(status=status, description=description, times=2)
    with pytest.raises(error) as caught:
        await messenger.send(at(7), HELLO, key="k")
    assert type(caught.value) is error or error is PlatformDown


async def test_a_chat_nobody_knows_a_missing_topic_and_a_closed_one_are_gone(api, messenger):
    api.place(-1005, topics=(12,))
    api.close_topic(-1005, 12)
    for address in (at(404), at(-1005, "99"), at(-1005, "12")):
        with pytest.raises(ChatGone):
            await messenger.send(address, HELLO, key="k")


async def test_a_group_that_became_a_supergroup_tells_its_new_id(api, messenger):
    api.migrate(-5, -1005, announce=False)
    with pytest.raises(ChatMoved) as caught:
        await messenger.send(at(-5), HELLO, key="k")
    assert caught.value.to == "-1005"
    await messenger.send(at(caught.value.to), HELLO, key="k")
    assert api.sent_to(-1005) == ["hello"]


async def test_a_wait_reaches_us_with_its_length_and_holds_up_no_other_chat(api, messenger):
    api.place(7), api.place(8)
    api.flood(7, retry_after=17)
    with pytest.raises(RateLimited) as caught:
        await messenger.send(at(7), HELLO, key="k")
    assert caught.value.retry_after == timedelta(seconds=17)
    assert not caught.value.everywhere
    await messenger.send(at(8), HELLO, key="k")
    assert api.sent_to(8) == ["hello"]


async def test_a_full_group_is_told_to_come_back_and_others_go_on(api, connect):
    api.place(-5), api.place(-6)
    async with connect(api.token, api.url, pace=Pace(group_per_minute=2)) as bot:
        messenger = TelegramMessenger(bot)
        for _ in range(2):
            await messenger.send(at(-5), HELLO, key="k")
        with pytest.raises(RateLimited) as caught:
            await messenger.send(at(-5), HELLO, key="k")
        assert caught.value.retry_after == timedelta(seconds=30)
        await messenger.send(at(-6), HELLO, key="k")
    assert len(api.sent_to(-5)) == 2


async def test_markup_that_telegram_can_not_read_goes_out_plain(api, messenger):
    api.place(7)
    api.fail_next(status=400, description='Bad Request: can\'t parse entities: Unsupported start tag "x"')
    await messenger.send(at(7), ALERT, key="k")
    (sent,) = api.sent
    assert sent.parse_mode == ""
    assert sent.text.startswith(f"Talks ({LINK})\nThey began.")
    assert sent.reply_markup


async def test_what_can_not_be_read_even_plain_is_refused_without_a_quotation(api, messenger):
    api.place(7)
    api.fail_next(status=400, description="Bad Request: can't parse entities: secret words", times=2)
    with pytest.raises(MessageRefused) as caught:
        await messenger.send(at(7), HELLO, key="k")
    assert caught.value.reason == "can't parse entities"
    assert len(api.called("sendMessage")) == 2


async def test_a_reply_shows_what_it_replies_to_and_is_sent_although_that_was_deleted(api, messenger):
    api.place(7)
    first = await messenger.send(at(7), HELLO, key="k")
    await messenger.send(at(7), ALERT, key="l", reply_to=first)
    await messenger.send(at(7), ALERT, key="m", reply_to="999")
    assert [sent.reply_to for sent in api.sent] == [None, int(first), None]


LONGER = Message(blocks=(*ALERT.blocks, note((Span("Also: "), Span("Wire", url=LINK)))), buttons=ALERT.buttons)


async def test_an_edited_message_shows_the_new_text_with_its_links_buttons_and_preview(api, messenger):
    api.place(-1005, topics=(12,))
    number = await messenger.send(at(-1005, "12"), ALERT, key="k")
    await messenger.edit(at(-1005, "12"), number, LONGER)
    (sent,) = api.sent
    assert sent.text == "Talks\nThey began.\n\ntalks\nAlso: Wire"
    assert sent.entity_texts("text_link") == ["Talks", "Wire"]
    assert sent.reply_markup == {"inline_keyboard": [[{"text": "Open", "url": LINK}]]}
    edited = api.called("editMessageText")[0]["link_preview_options"]
    assert edited == {"is_disabled": False, "url": LINK, "prefer_small_media": True}


async def test_an_edit_that_was_made_already_is_well(api, messenger):
    api.place(7)
    number = await messenger.send(at(7), ALERT, key="k")
    for _ in range(2):
        await messenger.edit(at(7), number, LONGER)
    assert len(api.called("editMessageText")) == 2


async def test_an_edit_that_telegram_can_not_read_is_made_plain(api, messenger):
    api.place(7)
    number = await messenger.send(at(7), ALERT, key="k")
    api.fail_next("editMessageText", status=400, description="Bad Request: can't parse entities: x")
    await messenger.edit(at(7), number, LONGER)
    assert api.sent_to(7) == [f"Talks ({LINK})\nThey began.\n\ntalks\nAlso: Wire ({LINK})"]


@pytest.mark.parametrize(
    ("status", "description", "error"),
    [
        (400, "Bad Request: message to edit not found", MessageRefused),
        (400, "Bad Request: message can't be edited", MessageRefused),
        (400, "Bad Request: MESSAGE_ID_INVALID", MessageRefused),
        (400, "Bad Request: CHAT_ADMIN_REQUIRED", MessageRefused),
        (400, "Bad Request: chat not found", ChatGone),
        (403, "Forbidden: bot was kicked from the supergroup chat", ChatBlocked),
        (401, "Unauthorized", PlatformDown),
        (500, "Internal Server Error", PlatformDown),
    ],
)
async def test_a_refused_edit_says_no_more_of_the_chat_than_is_told(api, messenger, status, description, error):
    api.place(7)
    number = await messenger.send(at(7), ALERT, key="k")
    api.fail_next("editMessageText", status=status, description=description)
    with pytest.raises(error):
        await messenger.edit(at(7), number, LONGER)


async def test_edits_share_the_limits_of_sends(api, connect):
    api.place(-5)
    api.flood(-5, retry_after=17, method="editMessageText")
    async with connect(api.token, api.url, pace=Pace(group_per_minute=2)) as bot:
        messenger = TelegramMessenger(bot)
        number = await messenger.send(at(-5), ALERT, key="k")
        for wait in (17, 30):
            with pytest.raises(RateLimited) as caught:
                await messenger.edit(at(-5), number, LONGER)
            assert caught.value.retry_after == timedelta(seconds=wait)


async def test_a_message_without_any_text_is_refused(api, messenger):
    api.place(7)
    with pytest.raises(MessageRefused):
        await messenger.send(at(7), Message(blocks=()), key="k")


async def test_the_page_of_a_proxy_is_an_outage(api, messenger):
    api.place(7)
    api.fail_next(status=502, description="Bad Gateway", html=True)
    with pytest.raises(PlatformDown, match=r"bad gateway \(502\)"):
        await messenger.send(at(7), HELLO, key="k")


async def test_a_late_answer_is_an_outage(api, connect):
    api.place(7)
    api.slow_next(1)
    async with connect(api.token, api.url, patience=Patience(answer=timedelta(milliseconds=50))) as bot:
        with pytest.raises(PlatformDown, match="Timeout"):
            await TelegramMessenger(bot).send(at(7), HELLO, key="k")


async def test_no_server_is_an_outage_and_no_error_holds_the_token(connect):
    async with FakeBotApi() as api:
        url, token = api.url, api.token
    async with connect(token, url) as bot:
        with pytest.raises(PlatformDown) as caught:
            await TelegramMessenger(bot).send(at(7), HELLO, key="k")
    assert token not in f"{caught.value!r}{caught.value.reason}{bot!r}"
    assert caught.value.__suppress_context__


async def test_a_wrong_token_is_refused(api, connect):
    for token in ("7000000001:BBFakeFakeFakeFakeFakeFakeFakeFakeFakeB", "nonsense"):
        async with connect(token, api.url) as bot:
            with pytest.raises(TokenRefused):
                await TelegramMessenger(bot).send(at(7), HELLO, key="k")


async def test_waits_and_outages_leave_no_traces_in_the_logs_of_libraries(api, messenger, caplog):
    caplog.set_level(logging.WARNING)
    api.place(7)
    api.flood(7)
    api.fail_next(status=502, description="Bad Gateway", html=True)
    for error in (RateLimited, PlatformDown):
        with pytest.raises(error):
            await messenger.send(at(7), HELLO, key="k")
    assert caplog.records == []


def test_an_unknown_error_of_the_library_is_an_outage():
    assert isinstance(translation(TelegramError("Invalid server response")), PlatformDown)
    assert isinstance(translation(Forbidden("Forbidden: something new")), ChatBlocked)
    assert isinstance(translation(BadRequest("Bad Request: something new")), MessageRefused)
