"""Keywords find an item by its translation, too: that only adds alerts, and exclusions hold over both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.briefs.glossary import load_glossary
from bot.briefs.source import source_of
from bot.briefs.ways import FeedText
from bot.errors import StorageError
from bot.model import Brief, FeedChange, Item, MadeBy, Mode, NewItem
from bot.work.alert import AGAIN, Alerter
from bot.work.translation import translations_of
from tests.support.polls import record_poll

URL = "https://feed.example/rss"
ENGLISH = Item(
    guid="en", url="", title="Second round", text="Envoys met for the talks in Abu Dhabi, without Iran.", language="en"
)
CHINESE = Item(guid="zh", url="", title="第二輪會談", text="三方代表在阿布扎比會面，伊朗沒有派人。", language="zh")
BOTH = Brief(
    title_zh="第二輪三方會談在阿布扎比舉行",
    title_en="Second round of trilateral talks in Abu Dhabi",
    summary_zh="各方代表會面。",
    summary_en="Delegates met.",
    made_by=MadeBy.MODEL,
)
EXTRACT = Brief(
    title_zh="",
    title_en="Second round",
    summary_zh="三方會談",
    summary_en="",
    made_by=MadeBy.EXTRACT,
    untranslated=True,
)


class Translator:
    """A Briefer that gives every item the same brief."""

    def __init__(self, brief: Brief = BOTH) -> None:
        self._brief = brief
        self.asked: list[str] = []

    async def brief(self, item: Item, sought=(), later=None) -> Brief:
        self.asked.append(item.guid)
        return self._brief


@pytest.fixture
def make_alerter(storage, bell, meter, watch):
    def make(briefer=None, store=None) -> Alerter:
        return Alerter(
            store=store or storage.items,
            keywords=storage.keywords,
            briefer=briefer or Translator(),
            names=load_glossary(),
            bell=bell,
            meter=meter,
            clock=watch,
            lease=timedelta(minutes=1),
        )

    return make


@pytest.fixture
def publish(storage, watch):
    """Have a poll bring an item."""

    async def publish(item: Item) -> None:
        watch.forward(minutes=1)
        (feed,) = await storage.feeds.claim_feeds(now=watch(), limit=9, lease=timedelta(days=9))
        new = (NewItem(item=item, keys=(item.guid,)),)
        change = FeedChange(id=feed.id, lease=feed.lease, next_poll=watch(), succeeded=True, items=new)
        await record_poll(storage.feeds, change, now=watch())

    return publish


@pytest.fixture
def reasons(people, publish, make_alerter):
    """What the chats are told of an item, by number of the chat: keyword, words, words of the translation."""

    async def reasons(item: Item, *, briefer=None) -> dict[str, list[tuple[str, tuple[str, ...], tuple[str, ...]]]]:
        await publish(item)
        alerter = make_alerter(briefer)
        while await alerter.step() is not None:
            pass
        return {
            due.chat.address.chat: [(why.keyword, why.matched, why.translated) for why in due.content.why]
            for due in await people.owed()
        }

    return reasons


@pytest.fixture
async def subscribed(people) -> None:
    """One chat takes everything, so that each item is briefed; the other one waits for its keywords."""
    await people.subscribe(URL, chat=1, mode=Mode.EVERYTHING)
    await people.subscribe(URL, chat=2)


@pytest.mark.usefixtures("subscribed")
async def test_a_chat_whose_keyword_stands_in_the_translation_alone_is_told_so(people, reasons):
    await people.add_keyword("三方會談", chat=2)
    assert await reasons(ENGLISH) == {"1": [], "2": [("三方會談", (), ("三方會談",))]}


@pytest.mark.usefixtures("subscribed")
async def test_a_chinese_item_is_found_by_its_english_translation(people, reasons):
    await people.add_keyword("trilateral talk", chat=2)
    assert (await reasons(CHINESE))["2"] == [("trilateral talk", (), ("trilateral", "talks"))]


@pytest.mark.usefixtures("subscribed")
async def test_words_of_the_item_and_of_its_translation_are_told_apart(people, reasons):
    await people.add_keyword("envoys AND 三方會談", chat=2)
    assert (await reasons(ENGLISH))["2"] == [("envoys AND 三方會談", ("Envoys",), ("三方會談",))]


@pytest.mark.usefixtures("subscribed")
async def test_reasons_by_the_translation_stand_behind_those_by_the_item(people, reasons):
    for query in ("三方會談", "Abu Dhabi"):
        await people.add_keyword(query, chat=2)
    assert (await reasons(ENGLISH))["2"] == [("Abu Dhabi", ("Abu", "Dhabi"), ()), ("三方會談", (), ("三方會談",))]


@pytest.mark.usefixtures("subscribed")
async def test_who_takes_everything_is_told_of_keywords_in_the_translation(people, reasons):
    await people.add_keyword("三方會談", chat=1)
    assert await reasons(ENGLISH) == {"1": [("三方會談", (), ("三方會談",))]}


@pytest.mark.usefixtures("subscribed")
@pytest.mark.parametrize(
    ("item", "query", "found"),
    [
        (ENGLISH, "三方會談 -iran", False),  # the item's own words are excluded
        (
            ENGLISH,
            "三方會談 -伊朗",
            False,
        ),  # and what they are called in the other language, though the summary is silent
        (CHINESE, "trilateral -iran", False),
        (CHINESE, "trilateral -伊朗", False),
        (CHINESE, "trilateral -iranian", False),
        (CHINESE, "trilateral -delegates", False),
        (CHINESE, "trilateral -(iran geneva)", True),
        (CHINESE, "trilateral -russia", True),
        (ENGLISH, "三方會談 OR (和談 -伊朗)", True),
    ],
)
async def test_what_a_keyword_excludes_must_stand_in_neither(people, reasons, item, query, found):
    await people.add_keyword(query, chat=2)
    assert ("2" in await reasons(item)) is found


@pytest.mark.usefixtures("subscribed")
async def test_the_translation_takes_no_alert_away(people, reasons):
    await people.add_keyword("talks -三方會談", chat=2)
    assert (await reasons(ENGLISH))["2"] == [("talks -三方會談", ("talks",), ())]


@pytest.mark.usefixtures("subscribed")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("title:三方會談", True),
        ("title:代表", False),
        ("lang:en 三方會談", True),  # the item is in English, whatever it was translated into
        ("lang:zh 三方會談", False),
        ("feed:wire 三方會談", True),
    ],
)
async def test_filters_look_at_the_item_and_its_translation(people, reasons, query, found):
    await people.add_keyword(query, chat=2)
    assert ("2" in await reasons(ENGLISH)) is found


@pytest.mark.usefixtures("subscribed")
async def test_a_brief_that_nobody_translated_finds_nothing(people, reasons):
    await people.add_keyword("三方會談", chat=2)
    assert await reasons(ENGLISH, briefer=Translator(EXTRACT)) == {"1": []}


async def test_an_item_that_nobody_asked_for_is_not_translated_to_have_a_look(people, reasons):
    await people.subscribe(URL)
    await people.add_keyword("三方會談")
    briefer = Translator()
    assert await reasons(ENGLISH, briefer=briefer) == {}
    assert briefer.asked == []


async def test_an_item_in_two_languages_is_found_by_either_without_any_translator(people, reasons):
    class Feed:
        async def brief(self, item: Item, sought=(), later=None) -> Brief:
            return await FeedText().make(source_of(item))

    both = Item(
        guid="both",
        url="",
        title="Envoys open second round of talks / 三方會談第二輪開始",
        text="Delegates of the sides met in Abu Dhabi on Wednesday for hours.\n\n三方代表星期三在阿布扎比會面。",
        language="en",
    )
    await people.subscribe(URL)
    await people.add_keyword("三方會談")
    assert await reasons(both, briefer=Feed()) == {"1": [("三方會談", ("三方會談",), ())]}


async def test_trouble_with_the_database_is_tried_again_with_the_translation(storage, people, publish, make_alerter):
    class Troubled:
        """A store that fails when it is asked for recipients a second time."""

        def __init__(self) -> None:
            self.left = 2

        def __getattr__(self, name: str):
            return getattr(storage.items, name)

        async def recipients(self, feed, queries):
            self.left -= 1
            if self.left == 0:
                raise StorageError("locked")
            return await storage.items.recipients(feed, queries)

    await people.subscribe(URL, mode=Mode.EVERYTHING)
    await people.add_keyword("三方會談")
    await publish(ENGLISH)
    alerter = make_alerter(store=Troubled())
    assert await alerter.step() == AGAIN
    await alerter.step()
    (due,) = await people.owed()
    assert [why.translated for why in due.content.why] == [("三方會談",)]


@pytest.mark.parametrize(
    ("title", "declared", "languages"),
    [
        ("Talks open", "en", ["zh"]),
        ("三方會談", "zh", ["en"]),
        ("三方會談", "", ["en"]),
        ("Talks open", "", ["zh"]),
        ("三方會談開始", "en", ["en"]),  # the script is believed rather than the feed
        ("Gespräche beginnen", "de", ["zh", "en"]),
        ("首脳会談", "ja", ["zh", "en"]),
    ],
)
def test_the_languages_that_an_item_is_not_in_are_its_translations(title, declared, languages):
    item = Item(guid="1", url="", title=title, language=declared)
    assert [each.language for each in translations_of(item, BOTH)] == languages
