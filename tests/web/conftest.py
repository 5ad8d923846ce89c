"""A house for the tests of what is served: furnished once, and copied for each."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.clock import utc_now
from bot.storage import open_storage
from tests.support.furnished import Furnished, furnish
from tests.support.house import House, open_house, settings_for


@pytest.fixture(scope="session")
def furnished_file(tmp_path_factory) -> tuple[Path, Furnished]:
    """An SQLite file with a day of news in it, and where what stands."""
    path = tmp_path_factory.mktemp("furnished") / "diting.db"

    async def fill() -> Furnished:
        async with open_storage(f"sqlite:///{path}") as storage:
            await storage.upgrade()
            return await furnish(storage, utc_now())

    return path, asyncio.run(fill())


@pytest.fixture
async def house(tmp_path, furnished_file) -> AsyncIterator[House]:
    path, rows = furnished_file
    shutil.copy(path, tmp_path / "diting.db")
    async with open_house(settings_for(tmp_path), rows) as there:
        yield there
