"""The whole table on Telegram: over HTTP, through the Bot API."""

from __future__ import annotations

import asyncio

import pytest
import pytest_asyncio

from bot.app.platforms import posts_for
from tests.commands.crawl import STARTS, crawl, crowded
from tests.commands.stage import LOCALES, Stage, open_stage
from tests.commands.table import TABLE
from tests.support.bot_api import FakeBotApi
from tests.support.driving import Role
from tests.support.driving_telegram import TelegramDriver

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROWS = [row for row in TABLE if row.is_for(TelegramDriver)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory):
    folder = tmp_path_factory.mktemp("telegram")
    async with FakeBotApi() as api, open_stage(folder, telegram_token=api.token, telegram_api_url=api.url) as opened:
        [post] = posts_for(opened.core)
        async with post.open() as side:
            opened.driver = TelegramDriver(api, side)
            answering = asyncio.create_task(side.run())
            yield opened
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_on_telegram(stage: Stage, row):
    await stage.play(row, stage.driver)


async def test_every_button_of_an_answer_leads_on(stage: Stage):
    place = stage.driver.place(Role.PERSON, LOCALES[1])
    await crowded(stage, stage.driver, place)
    await crawl(stage.driver, place, STARTS, most=60, deep=1)
    await stage.driver.leave(place)
