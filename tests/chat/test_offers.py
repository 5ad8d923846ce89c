"""What a person may put into another chat: what their own feeds brought, and nothing that tells of their chat."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.clip import utf16_len
from bot.chat.commands.inline import MOST, PAGE
from bot.chat.telegram.markup import as_html
from bot.errors import QueryError, QueryProblem
from bot.model import Brief, Hit, ItemId, Locale, MadeBy, Offers, Why
from tests.support.fakes import FakeBriefs, plain, request
from tests.support.news import BRIEF, alert, crowded, stored

WHY = Why(keyword="my secret keyword", matched=("talks",))


def items(count: int):
    return [replace(stored(f"Story {n}"), id=ItemId(n)) for n in range(count, 0, -1)]


async def look(desk, query: str = "", offset: str = "", **who: object) -> Offers:
    return await desk.commands.look_up(replace(request("", **who), arguments=query), offset)


@pytest.fixture
async def known(make_desk):
    """A person who has a chat with the bot."""
    desk = make_desk(briefs=FakeBriefs())
    await desk.say("/start")
    return desk


def find(desk, *found) -> None:
    desk.search.found = [(item, Hit(canonical="talks", matched=("talks",))) for item in found]


async def test_who_has_no_chat_is_invited_and_shown_nothing(desk) -> None:
    desk.history.alerts = [alert()]
    find(desk, stored())
    assert await look(desk, "talks") == Offers(invitation="Choose feeds and words first")
    assert await look(desk, locale=Locale.ZH_HANS) == Offers(invitation="请先选择来源和关键词")
    assert desk.search.asked == []
    assert not desk.chats.by_address


async def test_without_words_the_newest_alerts_are_offered(known) -> None:
    known.history.alerts = [alert(item=item) for item in items(2)]
    offers = (await look(known)).offers
    assert [(offer.id, offer.title, offer.link) for offer in offers] == [
        ("2", BRIEF.title_zh, "https://globe.example/news/1"),
        ("1", BRIEF.title_zh, "https://globe.example/news/1"),
    ]
    assert offers[0].about == "Daily Globe · 5 minutes ago"


async def test_words_find_stored_items_of_the_persons_feeds(known) -> None:
    find(known, stored())
    known.briefs.known[ItemId(1)] = BRIEF
    (offer,) = (await look(known, "trilateral talks")).offers
    assert known.search.asked == [("trilateral talks", 1)]
    assert plain(offer.message).split("\n") == [
        BRIEF.title_zh,
        BRIEF.title_en,
        BRIEF.summary_zh,
        BRIEF.summary_en,
        "Daily Globe · 5 minutes ago",
        "https://globe.example/news/1",
    ]


@pytest.mark.parametrize(
    ("title", "language"), [("Talks end", "en"), ("會談結束", "zh-HK"), ("會談結束", ""), ("Ende", "de")]
)
async def test_an_item_that_nobody_asked_for_is_told_in_its_own_words(known, title: str, language: str) -> None:
    item = stored(title)
    find(known, replace(item, item=replace(item.item, language=language)))
    (offer,) = (await look(known, "talks")).offers
    assert offer.title == title
    assert plain(offer.message).split("\n")[0] == title


async def test_an_item_without_a_title_goes_by_its_feed(known) -> None:
    find(known, stored(""))
    (offer,) = (await look(known, "talks")).offers
    assert offer.title == "Daily Globe"


async def test_nothing_of_the_persons_keywords_is_put_into_the_other_chat(known) -> None:
    known.history.alerts = [replace(crowded(), why=(WHY,)), alert(why=(WHY,))]
    for offer in (await look(known)).offers:
        assert "secret" not in plain(offer.message)
        assert all(not button.action for row in offer.message.buttons for button in row)
        assert [button.label for row in offer.message.buttons for button in row] == ["Open"]


async def test_they_come_twenty_at_a_time_and_not_without_end(known) -> None:
    find(known, *items(MOST + 50))
    pages, offset = [], ""
    while True:
        page = await look(known, "story", offset)
        pages.append([offer.id for offer in page.offers])
        if not page.more:
            break
        offset = page.more
    assert [len(page) for page in pages] == [PAGE] * (len(pages) - 1) + [len(pages[-1])]
    assert len({name for page in pages for name in page}) == sum(map(len, pages)) <= MOST + PAGE
    assert (await look(known, "story", "nonsense")).offers[0].id == pages[0][0]
    assert (await look(known, "story", "9" * 15)).more == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ('"Trilateral ta', "trilateral ta"),
        ('"Trilateral ta OR', "trilateral ta"),
        ('"Trilateral NEAR/3 ta', "trilateral ta"),
    ],
)
async def test_a_query_that_is_half_typed_means_its_words(known, typed: str, meant: str) -> None:
    find(known, stored())
    asked, search = [], known.search.search

    async def strict(chat, query, **page):
        asked.append(query)
        if '"' in query:
            raise QueryError(QueryProblem.OPEN_QUOTE, query, 0, query)
        return await search(chat, query, **page)

    known.search.search = strict
    assert len((await look(known, typed)).offers) == 1
    assert asked == [typed, meant]


async def test_what_is_no_query_at_all_finds_nothing(known) -> None:
    known.search.refusal = QueryError(QueryProblem.EMPTY, "-", 0, "-")
    assert await look(known, "-") == Offers(invitation="Nothing found. Open our chat")
    assert await look(known, "-x") == Offers(invitation="Nothing found. Open our chat")


async def test_a_fault_shows_nothing(known) -> None:
    known.chats.broken = RuntimeError("bug")
    assert await look(known, "talks") == Offers()


async def test_whatever_an_item_says_the_offer_keeps_telegrams_limits(known) -> None:
    wild = Brief(title_zh="<b>" * 999, title_en="&" * 9999, summary_zh="字" * 9999, summary_en="", made_by=MadeBy.FEED)
    known.history.alerts = [alert(wild), crowded()]
    for offer in (await look(known)).offers:
        assert 0 < utf16_len(offer.title) <= 256
        assert len(offer.id.encode()) <= 64
        assert utf16_len(as_html(offer.message).text) <= 2 * 4096


async def test_it_speaks_the_language_of_the_chat(known) -> None:
    await known.say("/settings language zh-Hant")
    known.history.alerts = [alert()]
    (offer,) = (await look(known)).offers
    assert offer.about == "Daily Globe · 5 分鐘前"
