"""Items from before the index are filed a few at a time, and then it is looked for others now and then."""

from __future__ import annotations

from datetime import timedelta

from structlog.testing import capture_logs

from bot.work.filing import Filer


class Cabinet:
    def __init__(self, waiting: int) -> None:
        self.waiting = waiting

    async def file_words(self) -> int:
        filed = min(self.waiting, 2)
        self.waiting -= filed
        return filed


async def test_all_are_filed_with_a_breath_between_and_the_end_is_told_once():
    filer, pauses = Filer(Cabinet(3)), []
    with capture_logs() as logs:
        pauses = [await filer.step() for _ in range(4)]
    assert pauses[0] == pauses[1] < timedelta(seconds=1) < pauses[2] == pauses[3]
    assert [(entry["event"], entry["items"]) for entry in logs] == [("older items can be searched now", 3)]
