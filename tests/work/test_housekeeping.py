"""Old items are cleaned away, and a clean-up that fails stops nothing."""

from __future__ import annotations

from datetime import timedelta

from structlog.testing import capture_logs

from bot.errors import StorageError
from bot.model import FeedChange, Item, NewItem
from bot.work.housekeeping import Housekeeper
from tests.support.polls import record_poll


async def test_what_is_past_keeping_goes_and_the_rest_stays(storage, people, watch):
    await people.subscribe("https://feed.example/rss")
    for age in (40, 1):
        watch.forward(days=-age)
        (due,) = await storage.feeds.claim_feeds(now=watch() + timedelta(days=80), limit=1, lease=timedelta(days=1))
        new = NewItem(item=Item(guid=f"{age}", url="", title=f"{age} days old"), keys=(f"{age}",), backlog=True)
        change = FeedChange(id=due.id, lease=due.lease, next_poll=watch(), succeeded=True, items=(new,))
        await record_poll(storage.feeds, change, now=watch())
        watch.forward(days=age)
    with capture_logs() as logs:
        await Housekeeper(attic=storage, keep=timedelta(days=30), clock=watch).run()
    assert [(log["event"], log["items"]) for log in logs] == [("clean-up done", 1)]
    items = await storage.history.recent_items((await people.chat()).id, since=watch() - timedelta(days=99), limit=9)
    assert [one.item.title for one in items] == ["1 days old"]


async def test_trouble_is_logged_and_waits_for_the_next_day(watch):
    class Broken:
        async def expire(self, now, keep_items):
            return 0

        async def purge(self, now, keep_items):
            raise StorageError("disk full")

    with capture_logs() as logs:
        await Housekeeper(attic=Broken(), keep=timedelta(days=30), clock=watch).run()
    assert [(log["event"], log["reason"]) for log in logs] == [("clean-up failed", "disk full")]
