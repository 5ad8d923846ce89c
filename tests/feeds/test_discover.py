"""From names, pages and addresses to feeds, over a real server."""

import re

import pytest

from bot.errors import AddressRefused, FetchFailed, HttpError, NotAFeed
from bot.feeds.address import check_url
from bot.feeds.catalogue import load_catalogue, look_up
from bot.feeds.discover import Finder
from bot.model import CatalogueEntry, Fetched
from bot.text.language import primary_subtag


def rss(title: str) -> str:
    return f"<rss version='2.0'><channel><title>{title}</title><link>https://news.example/</link></channel></rss>"


CATALOGUE = (
    CatalogueEntry(name="bbc-world", title="BBC News: World", url="https://a.example/", language="en", topic="world"),
    CatalogueEntry(name="bbc-zh", title="BBC News 中文", url="https://b.example/", language="zh", topic="world"),
    CatalogueEntry(name="rthk", title="香港電台：本地新聞", url="https://c.example/", language="zh", topic="hongkong"),
)


@pytest.fixture
def finder(fetcher):
    return Finder(fetcher, CATALOGUE)


async def test_a_feed_address_is_the_feed_with_its_title(host, finder):
    url = host.give("/rss", rss("Daily"))
    (found,) = await finder.find(f"  <{url}> ")
    assert (found.url, found.title, found.site) == (url, "Daily", "https://news.example/")
    assert host.paths() == ["/rss"]


async def test_the_feed_scheme_is_http(host, finder):
    url = host.give("/rss", rss("Daily"))
    assert (await finder.find(url.replace("http:", "feed:")))[0].url == url
    assert (await finder.find(f"feed:{url}"))[0].url == url


async def test_a_permanent_redirect_gives_the_new_address_and_a_temporary_one_the_typed(host, finder):
    there = host.give("/new", rss("Daily"))
    moved = host.give("/moved", status=301, Location="/new")
    passing = host.give("/passing", status=302, Location="/new")
    assert (await finder.find(moved))[0].url == there
    assert (await finder.find(passing))[0].url == passing


async def test_a_feed_without_title_is_called_by_its_host(host, finder):
    assert (await finder.find(host.give("/rss", rss(""))))[0].title == "127.0.0.1"


async def test_a_page_leads_to_the_feeds_its_head_names(host, finder):
    host.give("/blog/news.xml", rss("News"))
    host.give("/sport", rss("Sport"))
    page = """<html><head><base href="/blog/"><link rel="ALTERNATE nofollow" type="application/rss+xml" href="news.xml">
        <link rel="alternate" type="application/atom+xml; charset=utf-8" href="/sport" title="Sport">
        <link rel="alternate" type="application/rss+xml" href="/comments/feed" title="Comments">
        <link rel="alternate" type="application/rss+xml" href="/dead">
        <link rel="alternate" hreflang="zh" href="/zh"><link rel="stylesheet" href="/s.css">
        <link rel="alternate" type="application/rss+xml" href="javascript:x"></head></html>"""
    found = await finder.find(host.give("/", page, Content_Type="text/html"))
    assert [feed.title for feed in found] == ["News", "Sport"]
    assert [feed.url.removeprefix(host.url) for feed in found] == ["/blog/news.xml", "/sport"]
    assert host.paths() == ["/", "/blog/news.xml", "/sport", "/dead"]


async def test_a_page_that_names_none_is_searched_for_links_then_for_common_places(host, finder):
    host.give("/feeds/top.rss", rss("Top"))
    page = '<html><a href="https://other.example/rss">x</a><a href="/feeds/top.rss">RSS</a></html>'
    assert [feed.title for feed in await finder.find(host.give("/", page))] == ["Top"]
    host.give("/atom.xml", rss("Atom"))
    assert [feed.title for feed in await finder.find(host.give("/plain", "<html>Hello</html>"))] == ["Atom"]
    assert host.paths()[-6:] == ["/plain", "/plain/feed", "/feed", "/rss", "/rss.xml", "/atom.xml"]


async def test_a_page_of_a_hundred_thousand_tags_is_read_in_a_moment(host, fetcher, finder):
    page = "<html>" + "<div>" * 15_000 + '<link rel="alternate" type="application/rss+xml" href="/rss">'
    host.give("/rss", rss("Deep"))
    assert (await finder.find(host.give("/deep", page)))[0].title == "Deep"


async def test_a_page_without_any_feed_is_no_feed(host, finder):
    with pytest.raises(NotAFeed) as failed:
        await finder.find(host.give("/", "<html>Hello</html>"))
    assert failed.value.reason == "no feed found"


async def test_errors_of_the_address_itself_are_told(host, finder):
    with pytest.raises(HttpError):
        await finder.find(host.url + "/missing")
    with pytest.raises(AddressRefused):
        await finder.find("http://10.0.0.1/rss")
    with pytest.raises(AddressRefused):
        await finder.find("ftp://news.example/rss")
    with pytest.raises(NotAFeed) as failed:
        await finder.find("no such name")
    assert failed.value.reason == "unknown name"
    with pytest.raises(NotAFeed):
        await finder.find("defaced")


class Scripted:
    """A fetcher that answers by address, and notes what was asked."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []

    async def fetch(self, url, *, etag="", last_modified=""):
        self.asked.append(url)
        answer = self.answers.get(url, HttpError(url, 404))
        if isinstance(answer, Exception):
            raise answer
        return Fetched(url=url, status=200, body=answer.encode())


async def test_a_bare_domain_is_asked_by_https_and_then_by_http():
    fetcher = Scripted({"https://news.example": rss("Safe")})
    assert (await Finder(fetcher, ()).find("news.example"))[0].title == "Safe"
    fetcher = Scripted(
        {"https://old.example/rss": FetchFailed("u", "connection"), "http://old.example/rss": rss("Old")}
    )
    assert (await Finder(fetcher, ()).find("old.example/rss"))[0].url == "http://old.example/rss"
    assert fetcher.asked == ["https://old.example/rss", "http://old.example/rss"]


@pytest.mark.parametrize("error", [HttpError("u", 403), FetchFailed("u", "dns")])
async def test_a_bare_domain_that_answers_is_not_asked_again(error):
    fetcher = Scripted({"https://news.example": error})
    with pytest.raises(FetchFailed):
        await Finder(fetcher, ()).find("news.example")
    assert fetcher.asked == ["https://news.example"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("BBC-World", ["bbc-world"]),
        (" bbc news: world ", ["bbc-world"]),
        ("World", ["bbc-world", "bbc-zh"]),
        ("bbc", ["bbc-world", "bbc-zh"]),
        ("news bbc wor", ["bbc-world"]),
        ("本地新聞", ["rthk"]),
        ("", []),
        ("bc", []),
        ("???", []),
    ],
)
def test_the_catalogue_is_looked_up_by_name_title_topic_and_words(text, names):
    assert [entry.name for entry in look_up(CATALOGUE, text)] == names


async def test_a_catalogue_name_needs_no_request(host, finder):
    found = await finder.find("hongkong")
    assert [(feed.url, feed.title, feed.language) for feed in found] == [
        ("https://c.example/", "香港電台：本地新聞", "zh")
    ]
    assert host.requests == []
    assert finder.catalogue() is CATALOGUE


def test_the_catalogue_is_sound():
    catalogue = load_catalogue()
    assert len(catalogue) >= 40
    assert len({entry.name for entry in catalogue}) == len({entry.url for entry in catalogue}) == len(catalogue)
    assert {entry.topic for entry in catalogue} == {"world", "china", "taiwan", "hongkong", "tech", "finance"}
    for entry in catalogue:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.name)
        assert entry.title
        assert entry.url == check_url(entry.url)
        assert entry.url.startswith("https://")
        assert entry.language == primary_subtag(entry.language)
        assert look_up(catalogue, entry.name) == [entry]
