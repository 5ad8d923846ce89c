"""The model's budget in the running program: in the database, for briefs and for offers of names alike."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.app.briefing import briefs_for
from bot.app.clock import utc_now
from bot.app.parts import open_core
from bot.model import Item, MadeBy
from bot.storage import open_storage
from tests.support.meter import Counts
from tests.support.model_server import model_server

ITEM = Item(
    guid="1",
    url="https://news.example/1",
    title="Flood closes 12 schools in Ashford",
    text="A flood closed 12 schools in Ashford on 3 March, the town council said.",
    language="en",
)
BRIEF = {
    "title_en": "Flood closes 12 schools in Ashford",
    "summary_en": "A flood closed 12 schools in Ashford on 3 March, the town council said.",
    "title_zh": "Ashford水災，12所學校停課",
    "summary_zh": "Ashford鎮議會說，3月3日的水災使12所學校停課。",
}


@pytest.fixture
async def server():
    async with model_server() as running:
        running.brief = BRIEF
        yield running


async def test_briefs_and_offers_of_names_share_one_budget_that_outlives_the_program(make_settings, server):
    settings = make_settings(model_url=server.url, model_name="m", model_tokens_a_day=2_500, full_text="off")
    server.more = {"usage": {"prompt_tokens": 400, "completion_tokens": 100}}
    async with open_core(settings) as core:
        assert (await core.alerter._briefer.brief(ITEM)).made_by is MadeBy.MODEL
        server.text = json.dumps({"names": ["量子糾纏"]})
        counterparts = core.commands._parts.counterparts
        assert await counterparts.counterparts("zorbing competition") == ["量子糾纏"]
        assert (await core.storage.spending.spent(utc_now().date())).tokens == 1_000
        server.text = None
    async with open_core(settings) as core:
        items = [replace(ITEM, text=f"{ITEM.text} {more}") for more in ("It rains.", "It snows.", "It thaws.")]
        briefs = [await core.alerter._briefer.brief(item) for item in items]
        spent = await core.storage.spending.spent(utc_now().date())
    assert [brief.made_by for brief in briefs] == [MadeBy.MODEL, MadeBy.EXTRACT, MadeBy.EXTRACT]
    assert spent.tokens == 1_500
    assert len(server.requests) == 3
    assert b'diting_model_budget_refusals_total{reason="budget spent"} 1.0' in core.meter.page()


async def test_the_command_line_counts_in_memory_and_needs_no_database(make_settings, server):
    settings = make_settings(model_url=server.url, model_name="m", model_tokens_a_day=100, full_text="off")
    async with briefs_for(settings, Counts()) as briefs:
        assert (await briefs.brief(ITEM)).made_by is MadeBy.EXTRACT
    assert server.requests == []
    async with briefs_for(make_settings(model_url=server.url, model_name="m"), Counts()) as briefs:
        assert (await briefs.brief(ITEM)).made_by is MadeBy.MODEL
    async with open_storage(settings.database_url) as storage:
        assert (await storage.revision())[0] == ""
