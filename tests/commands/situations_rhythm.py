"""The situations of chats that do not get each alert at once."""

from __future__ import annotations

from datetime import time, timedelta

from bot.chat.catalogue import catalogue_for
from bot.model import Frequency, Hold, Quiet, Schedule
from tests.commands.row import Given, Scene, has
from tests.commands.situations import _alerted, _item, _sent, chose, keyword, watched
from tests.commands.stage import NOW

HOUR = timedelta(hours=1)
HONG_KONG = "Asia/Hong_Kong"
MORNINGS = Schedule(frequency=Frequency.DAILY, times=(time(8),))
AFTERNOON = Quiet(time(11), time(14))  # the tests' clock stands in it
MUTED = Schedule(muted_until=NOW + HOUR)


def scheduled(schedule: Schedule, zone: str = HONG_KONG) -> Given:
    """The chat chose when its alerts come."""
    return chose(schedule=schedule, timezone=zone)


def held(by: Hold) -> Given:
    """An alert waits for an hour, for this reason."""

    async def given(scene: Scene) -> None:
        await watched(scene)
        await keyword(scene)
        await _item(scene)
        await _alerted(scene, held_by=by, due_at=NOW + HOUR)

    return given


def came_together(by: Hold, heading: str) -> Given:
    """Two alerts waited for this reason and came in one message with that heading."""

    async def given(scene: Scene) -> None:
        await watched(scene)
        await keyword(scene)
        over = NOW - timedelta(minutes=4)
        for title in ("Trilateral talks begin", "Trilateral talks end"):
            await _item(scene, title)
            await _alerted(scene, held_by=by, due_at=over, ago=HOUR)
        await scene.room.storage.held.gather_held(now=over, limit=10)
        await _sent(scene)
        said = scene.driver.last(scene.place).text
        assert has(said, heading, catalogue_for(scene.chat.settings.spoken())), f"no {heading!r} in:\n{said}"

    return given
