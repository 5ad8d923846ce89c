"""Items from before the index are filed a few at a time until none is left."""

from __future__ import annotations

from datetime import timedelta

from structlog.testing import capture_logs

from bot.errors import StorageError
from bot.work.filing import Filer


class Cabinet:
    def __init__(self, waiting: int, broken: bool = False) -> None:
        self.waiting = waiting
        self.broken = broken

    async def file_words(self) -> int:
        if self.broken and self.waiting < 3:
            raise StorageError("locked")
        filed = min(self.waiting, 2)
        self.waiting -= filed
        return filed


async def run(cabinet: Cabinet) -> list[tuple[str, int | None]]:
    with capture_logs() as logs:
        await Filer(cabinet, timedelta()).run()
    return [(entry["event"], entry.get("items")) for entry in logs]


async def test_all_are_filed_and_that_is_told_once():
    cabinet = Cabinet(5)
    assert await run(cabinet) == [("older items can be searched now", 5)]
    assert cabinet.waiting == 0
    assert await run(cabinet) == []


async def test_trouble_is_told_and_ends_nothing_else():
    assert (await run(Cabinet(4, broken=True)))[0] == ("could not file items for searching", None)
