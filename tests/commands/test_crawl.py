"""Every button leads on: pressed from answer to answer, in each language, by admins and by members."""

from __future__ import annotations

import pytest
import pytest_asyncio

from bot.model import Owner
from tests.commands.crawl import STARTS, crawl, crowded
from tests.commands.stage import LOCALES, Stage, open_stage
from tests.support.driving import Role
from tests.support.driving_bare import BareDriver

pytestmark = pytest.mark.asyncio(loop_scope="module")
MOST, DEEP = 250, 4


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory):
    async with open_stage(tmp_path_factory.mktemp("crawl")) as opened:
        opened.driver = BareDriver(opened.core.commands)
        yield opened


@pytest.mark.parametrize(
    ("role", "locale"), [(Role.PERSON, LOCALES[0]), (Role.ADMIN, LOCALES[1]), (Role.MEMBER, LOCALES[2])]
)
async def test_no_button_leads_nowhere(stage: Stage, role, locale):
    driver = stage.driver
    place = driver.place(role, locale)
    values = await crowded(stage, driver, place)
    starts = (*STARTS, f"/latest #{values['delivery']}", f"/why {values['link']}")
    given = await crawl(driver, place, starts, most=MOST, deep=DEEP)
    assert len(given) > len(starts) * 2


async def test_no_button_of_who_runs_the_bot_leads_nowhere(stage: Stage):
    driver = stage.driver
    place = driver.place(Role.OWNER, LOCALES[1])
    stage.owners.add(Owner(place.address.platform, place.person))
    await crowded(stage, driver, place)
    given = await crawl(driver, place, ("/admin", "/admin broadcast Hello"), most=30, deep=3)
    assert {"/admin chats", "/admin feeds"} <= given
    assert any(line.startswith("/admin stop") for line in given)


async def test_what_leads_nowhere_is_found(stage: Stage):
    driver = stage.driver
    with pytest.raises(AssertionError, match="leads nowhere"):
        await crawl(driver, driver.place(Role.PERSON, LOCALES[0]), ("/nonsense",), most=1, deep=0)
