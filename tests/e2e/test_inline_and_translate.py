"""On Telegram, through the real adapter: alerts put into other chats, and a message in the other language."""

from __future__ import annotations

import pytest

from tests.support.libretranslate_server import libretranslate_server
from tests.support.sides import open_sides

PERSON, STRANGER = 7, 8


@pytest.fixture
async def libre():
    async with libretranslate_server() as server:
        server.phrases = {
            "Envoys meet again": "特使再次會面",
            "The third round begins on 1 March.": "第三輪於3月1日開始。",
        }
        yield server


@pytest.fixture
async def bot(libre, api, make_settings, run_core, run_program):
    settings = make_settings(telegram_token=api.token, telegram_api_url=api.url, libretranslate_url=libre.url)
    async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
        yield core


async def ask(api, line: str, **more) -> str:
    before = len(api.sent_to(PERSON))
    api.say(PERSON, line, **more)
    await api.until(lambda: len(api.sent_to(PERSON)) > before)
    return api.sent_to(PERSON)[-1]


async def look(api, words: str, *, user: int = PERSON) -> dict:
    query = api.inline(words, user=user)
    await api.until(lambda: query in api.inline_answers)
    return api.inline_answers[query]


async def test_an_alert_is_found_by_who_has_it_in_both_languages_and_by_nobody_else(api, feed, bot):
    await ask(api, f"/subscribe {feed.url}")
    await ask(api, '/keyword add "Envoys meet"')
    polls = feed.not_modified
    await api.until(lambda: feed.not_modified > polls)
    feed.add("talks", "Envoys meet again", "The third round begins on 1 March.")
    feed.add("party", "An art party", "No one spoke about anything else.")
    await api.until(lambda: any("Envoys meet again" in text for text in api.sent_to(PERSON)))
    (alert,) = (await look(api, "envoys"))["results"]
    assert {"Envoys meet again", "特使再次會面"} <= set(alert["text"].split("\n"))
    assert "Keyword" not in alert["text"]
    assert [one["title"] for one in (await look(api, ""))["results"]] == [alert["title"]]
    (other,) = (await look(api, "art party"))["results"]
    assert other["text"].startswith("An art party")
    stranger = await look(api, "envoys", user=STRANGER)
    assert stranger["results"] == []
    assert stranger["button"]["text"] == "Choose feeds and words first"


async def test_a_message_is_translated_for_who_answers_it(api, bot):
    answered = {"message_id": 5, "date": 0, "chat": {"id": PERSON, "type": "private"}, "text": "Envoys meet again"}
    reply = await ask(api, "/translate", extra={"reply_to_message": answered})
    assert reply.split("\n")[0] == "特使再次會面"
    assert "Machine translation" in reply
