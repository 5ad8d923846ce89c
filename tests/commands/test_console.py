"""The whole table in the console."""

from __future__ import annotations

import contextlib

import pytest
import pytest_asyncio

from tests.commands.crawl import STARTS, crawl, crowded
from tests.commands.stage import LOCALES, Stage, moved, open_stage
from tests.commands.table import TABLE
from tests.support.driving import Role
from tests.support.driving_console import ConsoleDriver

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROWS = [row for row in TABLE if row.is_for(ConsoleDriver)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory):
    folder = tmp_path_factory.mktemp("console")
    # There the console keeps files.
    with contextlib.chdir(folder):
        async with open_stage(folder) as opened:
            opened.driver = ConsoleDriver(
                opened.core.commands, move=lambda address, to: moved(opened, address, to), folder=folder
            )
            yield opened


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_in_the_console(stage: Stage, row):
    await stage.play(row, stage.driver)


async def test_every_button_of_an_answer_leads_on(stage: Stage):
    place = stage.driver.place(Role.PERSON, LOCALES[1])
    await crowded(stage, stage.driver, place)
    await crawl(stage.driver, place, STARTS, most=60, deep=1)
    await stage.driver.leave(place)
