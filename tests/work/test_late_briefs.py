"""Briefs that take their time: others go on meanwhile, and one that comes late is shown in the message sent."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.errors import StorageError
from bot.model import Brief, Item, MadeBy, Mode
from bot.work import alert as alerts
from tests.support.alerting import ABU_DHABI, LEASE, URL, Scribe, Troubled, work_off


class Held(Scribe):
    """Answers when it is `ready`."""

    def __init__(self) -> None:
        super().__init__()
        self.ready = asyncio.Event()

    async def brief(self, item: Item, sought=(), later=None) -> Brief:
        await self.ready.wait()
        return await super().brief(item)


async def test_an_item_whose_brief_takes_long_holds_up_none_before_it(people, publish, make_alerter, storage, watch):
    ready = asyncio.Event()

    class Slow(Scribe):
        async def brief(self, item: Item, sought=(), later=None) -> Brief:
            if "slow" in item.title:
                await ready.wait()
            return await super().brief(item)

    await people.subscribe(URL)
    await people.add_keyword("ferry")
    await publish("A quick ferry", "A slow ferry")
    step = asyncio.create_task(work_off(make_alerter(briefer=Slow())))
    async with asyncio.timeout(5):
        while not await people.owed():
            await asyncio.sleep(0.001)
    assert not step.done()
    ready.set()
    await step


async def test_items_are_claimed_and_briefed_while_others_wait_for_their_briefs(people, publish, make_alerter):
    words = ["apple", "bridge", "candle", "desert", "engine", "falcon", "guitar", "harbour", "island", "jungle"]
    titles = [f"{one} {two}" for one in words for two in words[:5] if one != two]
    assert len(titles) > 2 * alerts.BATCH
    ready, scribe = asyncio.Event(), Scribe()

    class Slow(Scribe):
        async def brief(self, item: Item, sought=(), later=None) -> Brief:
            brief = await scribe.brief(item)
            await ready.wait()
            return brief

    await people.subscribe(URL, mode=Mode.EVERYTHING)
    await publish(*titles)
    working = asyncio.create_task(work_off(make_alerter(briefer=Slow())))
    async with asyncio.timeout(10):
        while len(scribe.asked) < len(titles):
            await asyncio.sleep(0.001)
        assert await people.owed() == []
        ready.set()
        await working
    assert await people.told() == titles


async def test_an_item_waits_for_none_that_is_for_other_chats(people, publish, make_alerter):
    briefer = Held()

    class Slow(Held):
        async def brief(self, item: Item, sought=(), later=None) -> Brief:
            return await (briefer if "ferry" in item.title else Scribe()).brief(item)

    for chat, keyword in ((1, "ferry"), (2, "tram"), (3, "ferry OR tram")):
        await people.subscribe(URL, chat=chat)
        await people.add_keyword(keyword, chat=chat)
    await publish("A ferry sails", "A tram stops")
    await people.subscribe(URL, chat=4)
    await people.add_keyword("ship", chat=4)
    await publish("A ship comes")
    alerter = make_alerter(briefer=Slow())
    for _ in range(3):
        await alerter.step()
    assert [due.chat.address.chat for due in await people.owed()] == ["4"]
    briefer.ready.set()
    await work_off(alerter)
    assert await people.told(3) == ["A ferry sails", "A tram stops"]


async def test_what_nobody_asked_for_waits_for_no_brief(people, publish, make_alerter, storage, watch):
    class Never(Scribe):
        async def brief(self, item: Item, sought=(), later=None) -> Brief:
            await asyncio.Event().wait()

    await people.subscribe(URL)
    await people.add_keyword("ferry")
    await publish("A ferry sails", "An art party")
    alerter = make_alerter(briefer=Never())
    for _ in range(3):
        assert await alerter.step() == timedelta()
    await alerter.cancel()
    watch.now += 2 * LEASE
    (left,) = await storage.items.claim_items(now=watch(), limit=9, lease=LEASE)
    assert left.item.title == "A ferry sails"


async def test_what_is_left_to_its_lease_while_it_is_committed_is_no_bug(people, publish, make_alerter, storage):
    begun, go_on = asyncio.Event(), asyncio.Event()

    class Slow(Troubled):
        async def _fail(self, *given, **named):
            begun.set()
            await go_on.wait()
            return await self._store.commit_alerts(*given, **named)

    await people.subscribe(URL)
    await people.add_keyword("ferry")
    await publish("A ferry sails")
    alerter = make_alerter(store=Slow(storage.items, "commit_alerts", AssertionError()))
    step = asyncio.create_task(work_off(alerter))
    await asyncio.wait_for(begun.wait(), 5)
    await alerter.cancel()
    go_on.set()
    await step
    assert await people.told() == ["A ferry sails"]


async def test_the_briefer_is_told_the_words_that_were_asked_for(people, publish, make_alerter):
    asked = []

    class Curious(Scribe):
        async def brief(self, item: Item, sought=(), later=None) -> Brief:
            asked.extend(sought)
            return await super().brief(item)

    for chat in (1, 2):
        await people.subscribe(URL, chat=chat)
    await people.add_keyword("trilateral talks", chat=1)
    await people.add_keyword('"Abu Dhabi" OR talks', chat=2)
    await publish(("Second round", ABU_DHABI))
    await work_off(make_alerter(briefer=Curious()))
    assert asked == ["trilateral", "talks", "Abu Dhabi"]


class Latecomer(Scribe):
    """Has a plain brief in time, and a translation when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.later = None

    async def brief(self, item: Item, sought=(), later=None) -> Brief:
        self.later = later
        return await super().brief(item)

    def translate(self, title_zh: str) -> None:
        self.later(
            Brief(title_zh=title_zh, title_en="A ferry sails", summary_zh="", summary_en="", made_by=MadeBy.MODEL)
        )


async def test_a_brief_that_comes_late_is_shown_in_the_message_that_was_sent(people, publish, make_alerter, bell):
    briefer = Latecomer()
    alerter = make_alerter(briefer=briefer)
    await people.subscribe(URL)
    await people.add_keyword("ferry")
    await publish("A ferry sails")
    await work_off(alerter)
    (due,) = await people.owed()
    assert due.content.brief.made_by is MadeBy.EXTRACT
    await people.sent(due)
    briefer.translate("渡輪啟航")
    assert bell.woken == ["alert"]
    await work_off(alerter)
    (edit,) = await people.edits()
    assert (edit.id, edit.content.brief.title_zh) == (due.id, "渡輪啟航")
    assert bell.rung == ["deliver on console", "deliver"]
    assert await people.owed() == []


async def test_keywords_in_the_language_of_a_late_translation_get_it_as_well(people, publish, make_alerter):
    briefer = Latecomer()
    alerter = make_alerter(briefer=briefer)
    for chat, keyword in ((1, "ferry"), (2, "渡輪")):
        await people.subscribe(URL, chat=chat)
        await people.add_keyword(keyword, chat=chat)
    await publish("A ferry sails")
    await work_off(alerter)
    assert await people.told(1) == ["A ferry sails"]
    briefer.translate("渡輪啟航")
    await work_off(alerter)
    (due,) = await people.owed()
    assert (due.chat.address.chat, due.content.why[0].translated) == ("2", ("渡輪",))


async def test_a_late_brief_that_comes_before_its_alert_is_committed_is_in_it(people, publish, make_alerter, storage):
    briefer = Latecomer()

    class Slow(Troubled):
        async def recent_stories(self, **asked):
            if briefer.later and self._error:
                self._error = None
                briefer.translate("渡輪啟航")
            return await storage.items.recent_stories(**asked)

    await people.subscribe(URL)
    await people.add_keyword("ferry")
    await publish("A ferry sails")
    await work_off(make_alerter(Slow(storage.items, "", StorageError()), briefer=briefer))
    (due,) = await people.owed()
    assert due.content.brief.title_zh == "渡輪啟航"


@pytest.mark.parametrize(("error", "shown"), [(StorageError("disk full"), True), (ZeroDivisionError(), False)])
async def test_trouble_with_a_late_brief_stops_nothing(people, publish, make_alerter, storage, error, shown):
    briefer = Latecomer()
    alerter = make_alerter(Troubled(storage.items, "improve_alerts", error), briefer=briefer)
    await people.subscribe(URL, mode=Mode.EVERYTHING)
    await publish("A ferry sails")
    await work_off(alerter)
    briefer.translate("渡輪啟航")
    with capture_logs():
        if shown:
            with pytest.raises(StorageError):
                await alerter.step()
        await work_off(alerter)
    await publish("Tram drivers win a prize")
    await work_off(alerter)
    (due,) = await people.owed()
    assert due.content.brief.title_zh == ("渡輪啟航" if shown else "")
    await people.sent(due)
    assert await people.told() == ["Tram drivers win a prize"]


async def test_what_is_in_hand_at_a_stop_is_finished_and_nothing_more_is_begun(people, publish, make_alerter):
    briefer = Held()
    await people.subscribe(URL, mode=Mode.EVERYTHING)
    await publish("A ferry sails")
    alerter = make_alerter(briefer=briefer)
    await alerter.step()
    await publish("Tram drivers win a prize")
    draining = asyncio.create_task(alerter.drain())
    await asyncio.sleep(0)
    briefer.ready.set()
    await draining
    assert await people.told() == ["A ferry sails"]


async def test_an_item_whose_lease_ran_out_while_it_waited_is_committed_by_the_new_one(
    people, publish, make_alerter, watch
):
    briefer = Held()
    await people.subscribe(URL, mode=Mode.EVERYTHING)
    await publish("A ferry sails")
    alerter = make_alerter(briefer=briefer)
    await alerter.step()
    watch.now += LEASE * 2
    await alerter.step()
    briefer.ready.set()
    await work_off(alerter)
    assert await people.told() == ["A ferry sails"]
