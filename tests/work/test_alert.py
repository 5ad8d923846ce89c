"""New items become deliveries to the chats that asked for them, with the reason, and each story once a chat."""

from __future__ import annotations

from dataclasses import replace
from pkgutil import resolve_name

import pytest
from structlog.testing import capture_logs

from bot.errors import LeaseLost, StorageError
from bot.matching.evaluate import evaluate
from bot.matching.query import read
from bot.model import Brief, DeliveryDue, Item, MadeBy, Mode, Reports, StoryKind
from bot.work import alert as alerts
from bot.work.alert import AGAIN
from tests.support.alerting import ABU_DHABI, LEASE, URL, Troubled, work_off


async def test_a_match_is_owed_with_every_keyword_that_asked_and_the_words_found(people, publish, alerter, bell, meter):
    await people.subscribe(URL)
    for query in ("trilateral talks", '"Abu Dhabi"', "cricket"):
        await people.add_keyword(query)
    await publish(("Second round", ABU_DHABI), "An art party")
    await work_off(alerter)
    (due,) = await people.owed()
    assert due.content.item.item.title == "Second round"
    assert {why.keyword: why.matched for why in due.content.why} == {
        "trilateral talks": ("trilateral", "talks"),
        '"Abu Dhabi"': ("Abu Dhabi",),
    }
    assert due.content.brief.title_en == "Second round"
    assert bell.rung == ["deliver on console"]
    assert meter.seen["alerts", "due"] == 1


async def test_without_new_items_it_rests(people, alerter, bell):
    await people.subscribe(URL)
    assert await alerter.step() is None
    assert bell.rung == []


async def test_only_wanted_items_are_briefed(people, publish, alerter, scribe):
    await people.subscribe(URL)
    await people.add_keyword("ferry")
    await publish("A ferry sails", "An art party", "Cheese wins")
    await work_off(alerter)
    assert scribe.asked == ["A ferry sails"]


async def test_of_every_new_item_notice_is_taken(people, publish, make_alerter):
    heeded = []
    await people.subscribe(URL)
    await people.add_keyword("ferry")
    await publish("A ferry sails", "An art party")
    await work_off(make_alerter(heed=heeded.append))
    assert {item.title for item in heeded} == {"A ferry sails", "An art party"}


async def test_keywords_find_words_of_the_whole_article_but_the_item_stays_as_it_is(people, publish, make_alerter):
    class Pages:
        async def full_text(self, item: Item) -> Item:
            return replace(item, text="The ferry to Zanzibar sank.") if item.title == "A ferry" else item

    await people.subscribe(URL)
    await people.add_keyword("zanzibar")
    await publish(("A ferry", "It sank…"), "Zanzibar is far")
    await work_off(make_alerter(reader=Pages()))
    (due,) = await people.owed()
    assert (due.content.item.item.title, due.content.item.item.text) == ("A ferry", "It sank…")
    assert due.content.why[0].matched == ("Zanzibar",)


async def test_a_chat_that_takes_everything_gets_it_without_reason(people, publish, alerter):
    await people.subscribe(URL, mode=Mode.EVERYTHING)
    await publish("An art party")
    await work_off(alerter)
    (due,) = await people.owed()
    assert due.content.why == ()


async def test_keywords_count_for_the_feeds_of_their_chat_only(people, publish, alerter):
    await people.subscribe(URL, chat=1)
    await people.add_keyword("ferry", chat=1)
    await people.subscribe("https://other.example/rss", chat=2)
    await people.add_keyword("ferry", chat=2)
    await publish("A ferry sails")
    await work_off(alerter)
    assert await people.told(1) == ["A ferry sails"]
    assert await people.told(2) == []


async def test_a_chat_that_subscribed_after_the_item_came_gets_nothing_of_it(people, publish, alerter, watch):
    await people.subscribe(URL, chat=1, mode=Mode.EVERYTHING)
    await publish("A ferry sails")
    watch.forward(seconds=1)
    await people.subscribe(URL, chat=2, mode=Mode.EVERYTHING)
    await work_off(alerter)
    assert await people.told(1) == ["A ferry sails"]
    assert await people.told(2) == []
    await publish("A tram stops")
    await work_off(alerter)
    assert await people.told(2) == ["A tram stops"]


async def test_keywords_are_followed_as_they_come_and_go(people, publish, alerter):
    await people.subscribe(URL)
    ferry = await people.add_keyword("ferry")
    await publish("The first ferry sails to Aarhus")
    await work_off(alerter)
    await people.remove_keyword(ferry)
    await people.add_keyword("tram")
    await publish("Another ferry was painted green", "Tram drivers win a prize in Porto")
    await work_off(alerter)
    assert await people.told() == ["The first ferry sails to Aarhus", "Tram drivers win a prize in Porto"]


async def test_the_same_story_is_told_once_to_a_chat_from_whichever_feed(people, publish, alerter):
    other = "https://other.example/rss"
    for url in (URL, other):
        await people.subscribe(url, chat=1)
    await people.subscribe(other, chat=2)
    for chat in (1, 2):
        await people.add_keyword("Abu Dhabi", chat=chat)
    await publish(("Second round of trilateral talks opens in Abu Dhabi", ABU_DHABI))
    await publish(("SECOND round of trilateral talks opens in Abu Dhabi", ABU_DHABI), url=other)
    await work_off(alerter)
    assert await people.told(1) == ["Second round of trilateral talks opens in Abu Dhabi"]
    assert await people.told(2) == ["SECOND round of trilateral talks opens in Abu Dhabi"]


ROUND = ("Second round of trilateral talks opens in Abu Dhabi", ABU_DHABI)
SAME_ROUND = (
    "Abu Dhabi: second round of Russian-Ukrainian-US talks opens",
    "The trilateral talks opened in Abu Dhabi on Friday, the second round of Russian, Ukrainian and US envoys.",
)
NEXT_DAY = (
    "Abu Dhabi talks end with swap of 157 prisoners",
    "Russian, Ukrainian and US envoys ended the second round of trilateral talks in Abu Dhabi with a swap.",
)


@pytest.mark.parametrize(("other", "told"), [(SAME_ROUND, 1), (NEXT_DAY, 2)])
async def test_a_report_in_other_words_is_held_back_and_a_development_is_told(people, publish, alerter, other, told):
    other_url = "https://other.example/rss"
    for url in (URL, other_url):
        await people.subscribe(url)
    await people.add_keyword("Abu Dhabi")
    await publish(ROUND)
    await publish(other, url=other_url)
    with capture_logs() as logs:
        await work_off(alerter)
    assert await people.told() == [ROUND[0], other[0]][:told]
    (known,) = [log for log in logs if log["event"] == "story known"]
    assert (known["like"], known["kind"]) == (1, "event" if told == 1 else "development")


@pytest.fixture
def tell(people, publish, alerter):
    """A chat hears of the talks from one feed and is sent it, then another feed brings something."""

    async def tell(other: tuple[str, str], *, reports: Reports = Reports.FOLD) -> DeliveryDue:
        other_url = "https://other.example/rss"
        for url in (URL, other_url):
            await people.subscribe(url)
        await people.add_keyword("Abu Dhabi")
        await people.wants(reports)
        await publish(ROUND)
        await work_off(alerter)
        (first,) = await people.owed()
        await people.sent(first)
        await publish(other, url=other_url)
        await work_off(alerter)
        return first

    return tell


async def test_a_report_in_other_words_is_named_in_the_message_of_the_first_after_some_seconds(tell, people, watch):
    first = await tell(SAME_ROUND)
    assert await people.owed() == []
    assert await people.edits() == []
    watch.now += alerts.GATHER
    (edit,) = await people.edits()
    assert (edit.id, edit.message, len(edit.content.also)) == (first.id, "1", 1)


async def test_a_chat_that_wants_each_report_is_owed_it_as_such(tell, people):
    await tell(SAME_ROUND, reports=Reports.EACH)
    (due,) = await people.owed()
    assert (due.content.item.item.title, due.content.kind, due.reply_to) == (SAME_ROUND[0], StoryKind.EVENT, "1")
    assert due.content.why[0].keyword == "Abu Dhabi"


async def test_a_development_is_owed_as_an_update_with_what_is_new(tell, people):
    await tell(NEXT_DAY)
    (due,) = await people.owed()
    assert (due.content.kind, due.reply_to) == (StoryKind.DEVELOPMENT, "1")
    assert due.content.new == ("157",)


async def test_a_translated_brief_makes_one_story_of_two_languages(people, publish, make_alerter):
    english = "Passengers rescued by tugboat as ferry runs aground in Aarhus harbour"
    chinese = "渡輪在奧胡斯港口擱淺，拖船救起乘客"

    class Translator:
        async def brief(self, item: Item, sought=(), later=None) -> Brief:
            title = "Ferry runs aground in the harbour of Aarhus, passengers rescued by tugboat"
            return Brief(
                title_zh="奧胡斯渡輪擱淺", title_en=title, summary_zh="", summary_en="", made_by=MadeBy.TRANSLATION
            )

    await people.subscribe(URL, mode=Mode.EVERYTHING)
    await publish(english)
    await publish(chinese)
    await work_off(make_alerter(briefer=Translator()))
    assert await people.told() == [english]


async def test_what_another_process_told_is_known(people, publish, make_alerter):
    other_url = "https://other.example/rss"
    for url in (URL, other_url):
        await people.subscribe(url, mode=Mode.EVERYTHING)
    one, other = make_alerter(), make_alerter()
    await publish(("Trams stop in Porto as drivers strike", "Drivers walked out at dawn."))
    await work_off(one)
    await publish(("A ferry sails to Aarhus", "It left the pier at noon."))
    await work_off(other)
    await publish(("Trams stop in Porto as drivers strike", "Drivers walked out at dawn."), url=other_url)
    await publish(("A ferry sails to Aarhus", "It left the pier at noon."), url=other_url)
    await work_off(one)
    assert await people.told() == ["Trams stop in Porto as drivers strike", "A ferry sails to Aarhus"]


async def test_a_story_of_long_ago_may_be_told_again(people, publish, alerter, watch):
    await people.subscribe(URL)
    await people.subscribe("https://other.example/rss")
    await people.add_keyword("Abu Dhabi")
    await publish(("Talks open in Abu Dhabi", ABU_DHABI))
    await work_off(alerter)
    watch.forward(hours=80)
    await publish(("Talks open in Abu Dhabi again", ABU_DHABI), url="https://other.example/rss")
    await work_off(alerter)
    assert len(await people.told()) == 2


async def test_a_chat_hears_the_news_in_its_order_though_there_are_more_than_fit_a_batch(people, publish, alerter):
    words = ["apple", "bridge", "candle", "desert", "engine", "falcon", "guitar", "harbour", "island", "jungle"]
    titles = [f"{one} {two}" for one in words for two in words[:3] if one != two]
    assert len(titles) > alerts.BATCH
    await people.subscribe(URL, mode=Mode.EVERYTHING)
    await publish(*titles)
    await work_off(alerter)
    assert await people.told() == titles


@pytest.mark.parametrize(
    ("place", "event"),
    [("asking.Document", "item could not be matched"), ("alert.choose_story", "alerts could not be decided")],
)
async def test_a_bug_with_one_item_stops_no_other_and_it_is_tried_again(
    people, publish, alerter, watch, monkeypatch, place, event
):
    def bug(item, *_):
        if "bad egg" in str(item):
            raise ZeroDivisionError
        return original(item, *_)

    original = resolve_name(f"bot.work.{place}")
    monkeypatch.setattr(f"bot.work.{place}", bug)
    await people.subscribe(URL, mode=Mode.EVERYTHING)
    await publish("The bad egg of Bern", "A ferry sails to Aarhus")
    with capture_logs() as logs:
        await work_off(alerter)
    assert event in [log["event"] for log in logs if log["log_level"] == "error"]
    assert await people.told() == ["A ferry sails to Aarhus"]
    monkeypatch.undo()
    watch.now += LEASE * 2
    await work_off(alerter)
    assert await people.told() == ["The bad egg of Bern"]


async def test_a_bug_with_one_keyword_stops_no_item_without_it(people, publish, alerter, monkeypatch):
    def bug(query, document):
        if query == read("egg"):
            raise ZeroDivisionError
        return evaluate(query, document)

    monkeypatch.setattr("bot.work.asking.evaluate", bug)
    await people.subscribe(URL)
    for query in ("egg", "ferry"):
        await people.add_keyword(query)
    await publish("The bad egg of Bern", "A ferry sails to Aarhus")
    with capture_logs() as logs:
        await work_off(alerter)
    assert "item could not be matched" in [log["event"] for log in logs if log["log_level"] == "error"]
    assert await people.told() == ["A ferry sails to Aarhus"]


async def test_an_item_that_somebody_else_took_is_left_to_them(storage, people, publish, make_alerter, watch):
    await people.subscribe(URL, mode=Mode.EVERYTHING)
    await publish("A ferry sails to Aarhus", "Tram drivers win a prize")
    alerter = make_alerter(Troubled(storage.items, "commit_alerts", LeaseLost("item 1")))
    with capture_logs() as logs:
        await work_off(alerter)
    assert "warning" in [log["log_level"] for log in logs]
    assert await people.told() == ["Tram drivers win a prize"]
    watch.now += LEASE * 2
    await work_off(alerter)
    assert await people.told() == ["A ferry sails to Aarhus"]


async def test_what_could_not_be_committed_comes_first_at_the_next_step(storage, people, publish, make_alerter):
    await people.subscribe(URL, mode=Mode.EVERYTHING)
    await publish("A ferry sails to Aarhus", "Tram drivers win a prize")
    alerter = make_alerter(Troubled(storage.items, "commit_alerts", StorageError("disk full")))
    with capture_logs() as logs:
        assert await alerter.step() == AGAIN
    assert [log["log_level"] for log in logs] == ["error"]
    await work_off(alerter)
    assert await people.told() == ["A ferry sails to Aarhus", "Tram drivers win a prize"]


async def test_an_item_that_can_never_be_committed_does_not_stop_the_others(storage, people, publish, make_alerter):
    class Picky(Troubled):
        async def commit_alerts(self, decision, *, now):
            if decision.brief.title_en == "A bad egg":
                raise StorageError("too many SQL variables")
            return await storage.items.commit_alerts(decision, now=now)

    await people.subscribe(URL, mode=Mode.EVERYTHING)
    await publish("A bad egg", "Tram drivers win a prize")
    alerter = make_alerter(Picky(storage.items, "", StorageError()))
    with capture_logs():
        while await alerter.step() is not None:
            pass
    assert await people.told() == ["Tram drivers win a prize"]


async def test_trouble_of_the_database_before_any_decision_is_for_the_loop_to_wait_out(
    storage, people, publish, make_alerter
):
    await people.subscribe(URL, mode=Mode.EVERYTHING)
    await publish("A ferry sails")
    alerter = make_alerter(Troubled(storage.items, "recipients", StorageError("locked")))
    with pytest.raises(StorageError):
        await alerter.step()
    await work_off(alerter)
    assert await people.told() == ["A ferry sails"]
