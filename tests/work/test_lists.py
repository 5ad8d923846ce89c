"""Lists of feeds into a chat and out of it, over the ports alone."""

import pytest

from bot.errors import FeedListError
from bot.feeds.opml import OpmlFeed, read_opml, write_opml
from bot.model import ChatId, FoundFeed, ImportedFeed, ImportOutcome, Mode
from bot.work.lists import FeedListService
from tests.support.fakes import NOW, FakeSubscriptions

CHAT = ChatId(1)


@pytest.fixture
def book() -> FakeSubscriptions:
    return FakeSubscriptions()


def listed(*urls: str) -> bytes:
    return write_opml("", [OpmlFeed(url=url, title="A title", site="https://site.example/") for url in urls])


async def imported(book, data: bytes, *, limit: int = 100, **more) -> list[tuple[str, str]]:
    service = FeedListService(book, limit=limit, **more)
    report = await service.import_list(CHAT, data, mode=Mode.MATCHING, now=NOW)
    return [(feed.outcome.value, feed.reason) for feed in report.feeds]


async def test_feeds_take_their_titles_and_sites_along(book) -> None:
    assert await imported(book, listed("https://a.example/rss")) == [("subscribed", "")]
    (subscription,) = await book.subscriptions(CHAT)
    assert (subscription.feed.title, subscription.feed.site) == ("A title", "https://site.example/")
    assert (subscription.created, subscription.mode) == (NOW, Mode.MATCHING)


async def test_an_import_that_was_broken_off_is_finished_by_the_next(book) -> None:
    data = listed(*(f"https://a.example/{number}" for number in range(6)))
    service = FeedListService(book, limit=5)
    started = service.import_each(CHAT, read_opml(data), mode=Mode.MATCHING, now=NOW)
    for _ in range(3):
        told = await anext(started)
        assert told.url in {each.feed.url for each in await book.subscriptions(CHAT)}
    await started.aclose()
    assert [outcome for outcome, _ in await imported(book, data, limit=5)] == [
        *["already"] * 3,
        *["subscribed"] * 2,
        "over-limit",
    ]


async def test_what_is_here_needs_no_room(book) -> None:
    await book.subscribe(CHAT, FoundFeed(url="http://www.a.example/rss", title=""), mode=Mode.EVERYTHING, now=NOW)
    outcomes = await imported(book, listed("https://b.example/", "https://a.example/rss/"), limit=1)
    assert outcomes == [("over-limit", ""), ("already", "")]
    assert [each.mode for each in await book.subscriptions(CHAT)] == [Mode.EVERYTHING]


@pytest.mark.parametrize(
    ("url", "more", "outcome"),
    [
        ("feed://a.example/rss", {}, ("subscribed", "")),
        ("rsshub://zhihu/hot", {}, ("refused", "needs rsshub")),
        ("rsshub://zhihu/hot", {"rsshub": "https://hub.example"}, ("subscribed", "")),
        ("rsshub://zhihu/hot", {"rsshub": "http://rsshub:1200"}, ("refused", "private")),
        ("rsshub://zhihu/hot", {"rsshub": "http://rsshub:1200", "allow_hosts": ("rsshub:1200",)}, ("subscribed", "")),
        ("http://192.168.0.1/rss", {}, ("refused", "private")),
        ("http://192.168.0.1/rss", {"allow_hosts": ("192.168.0.1",)}, ("subscribed", "")),
        ("http://[", {}, ("refused", "host")),
        ("javascript:alert(1)", {}, ("refused", "scheme")),
    ],
)
async def test_addresses_are_checked_as_those_that_people_type(book, url: str, more, outcome) -> None:
    assert await imported(book, listed(url), **more) == [outcome]


async def test_figures_of_the_file_are_reported(book) -> None:
    data = listed("https://a.example/", "https://a.example/").replace(b"</body>", b"<outline></body>")
    report = await FeedListService(book, limit=9).import_list(CHAT, data, mode=Mode.MATCHING, now=NOW)
    assert (report.duplicates, report.damaged, report.left_off) == (1, True, 0)
    assert report.of(ImportOutcome.SUBSCRIBED) == [
        ImportedFeed(url="https://a.example/", title="A title", outcome=ImportOutcome.SUBSCRIBED)
    ]


async def test_a_file_that_is_no_list_subscribes_to_nothing(book) -> None:
    with pytest.raises(FeedListError):
        await imported(book, b"no list")
    assert await book.subscriptions(CHAT) == []


async def test_a_list_keeps_which_feeds_send_everything(book) -> None:
    service = FeedListService(book, limit=9)
    for url, mode in (("https://a.example/", Mode.EVERYTHING), ("https://b.example/", Mode.MATCHING)):
        await book.subscribe(CHAT, FoundFeed(url=url, title=url), mode=mode, now=NOW)
    name, data = await service.export_list(CHAT, title="Mine", now=NOW)
    assert name == "diting-2026-03-14.opml"
    assert b"14 Mar 2026 12:00:00" in data
    await service.import_list(ChatId(2), data, mode=Mode.MATCHING, now=NOW)
    assert [each.mode for each in await book.subscriptions(ChatId(2))] == [Mode.EVERYTHING, Mode.MATCHING]
