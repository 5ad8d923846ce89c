"""A model that is slow: the plain alert goes out in time, and its message is edited when the brief arrives."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.support.model_server import model_server
from tests.support.sides import open_sides

PERSON = 7
TITLE = "Ferry to Aarhus runs aground"
TEXT = "The ferry to Aarhus ran aground on Friday with 157 passengers on board. Tugboats freed it in the evening."
BRIEF = {
    "title_en": TITLE,
    "title_zh": "開往奧胡斯的渡輪擱淺",
    "summary_en": "The ferry to Aarhus ran aground on Friday with 157 passengers on board.",
    "summary_zh": "開往奧胡斯的渡輪週五擱淺，船上有157名乘客。",
}


@pytest.fixture
async def model():
    async with model_server() as server:
        server.brief = BRIEF
        server.gate = asyncio.Event()
        yield server


@pytest.fixture
async def bot(make_settings, api, model, run_core, run_program, monkeypatch):
    monkeypatch.setattr("bot.app.program.TICK", timedelta(milliseconds=50))
    settings = make_settings(
        telegram_token=api.token,
        telegram_api_url=api.url,
        model_url=model.url,
        model_name="slow",
        brief_timeout=0.5,
        full_text="off",
    )
    async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
        yield core


async def ask(api, line: str) -> None:
    before = len(api.sent_to(PERSON))
    api.say(PERSON, line)
    await api.until(lambda: len(api.sent_to(PERSON)) > before)


async def test_an_alert_goes_out_plain_and_is_edited_when_the_model_has_answered(api, feed, model, bot):
    await ask(api, f"/subscribe {feed.url}")
    await ask(api, "/keyword add ferry")
    polls = feed.not_modified
    await api.until(lambda: feed.not_modified > polls)
    feed.add("ferry", TITLE, TEXT)
    await api.until(lambda: [text for text in api.sent_to(PERSON) if TITLE in text])
    (alert,) = [sent for sent in api.sent if TITLE in sent.text]
    assert "擱淺" not in alert.text
    model.gate.set()
    await api.until(lambda: api.called("editMessageText"))
    (edit,) = api.called("editMessageText")
    assert int(edit["message_id"]) == alert.message_id
    assert "開往奧胡斯的渡輪擱淺" in edit["text"]
    assert "Summary by a language model" in edit["text"]
    assert len(model.requests) == 1
