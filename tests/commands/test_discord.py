"""The whole table on Discord: through the real client, on a backend without any network."""

from __future__ import annotations

import pytest
import pytest_asyncio
from simcord.env import Env

from bot.chat.discord.rights import DiscordRights
from bot.model import Platform
from tests.commands.crawl import STARTS, crawl, crowded
from tests.commands.stage import LOCALES, Stage, open_stage
from tests.commands.table import TABLE
from tests.support.driving import Role
from tests.support.driving_discord import DiscordDriver
from tests.support.offline_discord import discord_bot

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROWS = [row for row in TABLE if row.is_for(DiscordDriver)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory):
    async with open_stage(tmp_path_factory.mktemp("discord")) as opened:
        core = opened.core
        bot = discord_bot(core, owned=True)
        env = Env(bot.client)
        await env.start()
        opened.driver = DiscordDriver(env, bot)
        with core.rights.known_by(Platform.DISCORD, DiscordRights(lambda: bot.client)):
            yield opened
        await env.shutdown()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_on_discord(stage: Stage, row):
    await stage.play(row, stage.driver)


async def test_every_button_of_an_answer_leads_on(stage: Stage):
    place = stage.driver.place(Role.PERSON, LOCALES[1])
    await crowded(stage, stage.driver, place)
    await crawl(stage.driver, place, STARTS, most=60, deep=1)
    await stage.driver.leave(place)
