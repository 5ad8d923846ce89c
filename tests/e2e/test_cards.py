"""Keywords and feeds managed by buttons alone, and a chat carried over as a file: real adapter, real storage."""

from __future__ import annotations

import pytest

from tests.support.sides import open_sides

PERSON, FRIEND = 7, 8


@pytest.fixture
async def bot(settings, run_core, run_program):
    async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
        yield core


async def ask(api, chat: int, line: str):
    """Say something; answers the message that comes back."""
    before = len(api.sent)
    api.say(chat, line, user=chat)
    await api.until(lambda: len(api.sent) > before)
    return api.sent[-1]


async def press(api, chat: int, under, label: str) -> None:
    """Press the button of that label, and wait until its answer stands in the place of the message."""
    buttons = [button for row in under.reply_markup["inline_keyboard"] for button in row]
    data = next(button["callback_data"] for button in buttons if label in button["text"])
    before = under.text
    api.press(chat, data, user=chat, under=under)
    await api.until(lambda: under.text != before)


async def test_a_keyword_is_muted_removed_and_brought_back_in_one_message(api, bot):
    for word in ("talks", "peace"):
        await ask(api, PERSON, f"/add {word}")
    page = await ask(api, PERSON, "/keywords")
    sent = len(api.sent)
    for label, said in (
        ("talks", "It brought no alert yet."),
        ("Mute", "For how long"),
        ("8 hours", "🔕 Muted"),
        ("Undo", "It is muted no more."),
        ("Timing", "When shall its alerts come?"),
        ("In the digest", "Its alerts wait for the digest."),
        ("Remove", "Keyword talks removed."),
        ("Undo", "Keyword talks is back."),
        ("All keywords", "2 keywords"),
        ("Remove all", "Remove all 2 keywords"),
        ("Yes, remove all", "2 keywords were removed."),
        ("Undo", "2 keywords are back."),
    ):
        await press(api, PERSON, page, label)
        assert said in page.text, label
    assert "in the digest" in page.text
    assert len(api.sent) == sent


async def test_a_feed_is_let_go_and_comes_back_as_it_was_and_all_goes_to_another_chat_as_a_file(api, feed, bot):
    await ask(api, PERSON, f"/subscribe {feed.url}")
    await ask(api, PERSON, "/add talks")
    page = await ask(api, PERSON, "/feeds")
    for label, said in (
        ("Wire", "What matches a keyword comes."),
        ("Send everything", "Everything in it comes."),
        ("Stop watching", "Stopped watching"),
        ("Undo", "is watched again."),
    ):
        await press(api, PERSON, page, label)
        assert said in page.text, label
    assert "Everything in it comes." in page.text
    name, content = (await ask(api, PERSON, "/export all")).file
    before = len(api.sent)
    api.send_file(FRIEND, name, content)
    await api.until(lambda: len(api.sent_to(FRIEND)) > 0 and len(api.sent) > before)
    assert "1 feed was added" in api.sent[-1].text
    assert "1 keyword was added" in api.sent[-1].text
    assert "everything" in (await ask(api, FRIEND, "/feeds")).text
