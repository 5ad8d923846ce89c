"""From names, pages and addresses to feeds, over a real server."""

import pytest

from bot.errors import AddressRefused, FetchFailed, FetchTimeout, HttpError, NotAFeed, TooLarge
from bot.feeds.discover import Finder
from bot.model import CatalogueEntry, Fetched


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
        self.links = ()

    async def fetch(self, url, *, etag="", last_modified=""):
        self.asked.append(url)
        answer = self.answers.get(url, HttpError(url, 404))
        if isinstance(answer, Exception):
            raise answer
        return Fetched(url=url, status=200, body=answer.encode(), links=self.links)


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


async def test_a_catalogue_name_needs_no_request(host, finder):
    found = await finder.find("hongkong")
    assert [(feed.url, feed.title, feed.language) for feed in found] == [
        ("https://c.example/", "香港電台：本地新聞", "zh")
    ]
    assert host.requests == []
    assert finder.catalogue() is CATALOGUE


# --- conventions of sites ----------------------------------------------------------------------------------


async def test_a_convention_spares_the_page():
    feed = "https://bsky.app/profile/ada.example/rss"
    fetcher = Scripted({feed: rss("@ada.example")})
    (found,) = await Finder(fetcher, ()).find("bsky.app/profile/ada.example")
    assert (found.url, found.title) == (feed, "@ada.example")
    assert fetcher.asked == [feed]


async def test_where_the_convention_fails_the_page_is_asked():
    page = '<link rel="alternate" type="application/rss+xml" href="/own.xml">'
    fetcher = Scripted({"https://social.example/@ada": page, "https://social.example/own.xml": rss("Own")})
    assert (await Finder(fetcher, ()).find("https://social.example/@ada"))[0].title == "Own"
    assert fetcher.asked == ["https://social.example/@ada.rss", *fetcher.answers]


async def test_a_repository_has_several_feeds_to_choose_from():
    base = "https://github.com/ada/engine"
    fetcher = Scripted(
        {f"{base}/releases.atom": rss("Release notes from engine"), f"{base}/commits.atom": rss("Recent commits")}
    )
    found = await Finder(fetcher, ()).find("github.com/ada/engine")
    assert [feed.title for feed in found] == ["Release notes from engine", "Recent commits"]


async def test_a_fediverse_account_is_found_by_its_handle():
    fetcher = Scripted({"https://social.example/@ada.rss": rss("Ada")})
    assert (await Finder(fetcher, ()).find("@ada@social.example"))[0].title == "Ada"


async def test_a_channel_by_its_handle_is_found_through_its_page():
    channel = "UC" + "a" * 22
    feed = f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}"
    page = f'<a href="/channel/UC{"b" * 22}">other</a><script>{{"externalId":"{channel}"}}</script>'
    fetcher = Scripted({"https://www.youtube.com/@ada": page, feed: rss("Ada")})
    assert [found.url for found in await Finder(fetcher, ()).find("https://www.youtube.com/@ada")] == [feed]


async def test_a_site_without_feeds_is_read_through_an_rsshub():
    feed = "http://rsshub:1200/telegram/channel/harbour_news"
    fetcher = Scripted({feed: rss("Harbour - Telegram")})
    finder = Finder(fetcher, (), rsshub="http://rsshub:1200/")
    for typed in ("https://t.me/s/harbour_news", "t.me/harbour_news/77", "rsshub://telegram/channel/harbour_news"):
        assert [found.url for found in await finder.find(typed)] == [feed]
    assert set(fetcher.asked) == {feed}


async def test_an_rsshub_that_fails_is_told_as_it_is():
    with pytest.raises(HttpError):
        await Finder(Scripted({}), (), rsshub="http://rsshub:1200").find("t.me/harbour_news")


@pytest.mark.parametrize("typed", ["https://t.me/harbour_news", "rsshub://zhihu/hot", "space.bilibili.com/12345"])
async def test_without_an_rsshub_such_sites_are_told_to_need_one(typed):
    fetcher = Scripted({})
    with pytest.raises(NotAFeed) as failed:
        await Finder(fetcher, ()).find(typed)
    assert failed.value.reason == "needs rsshub"
    assert fetcher.asked == []


# --- what pages name ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        "<LINK REL=ALTERNATE TYPE=APPLICATION/RSS+XML HREF=/x>",
        "<link rel='alternate' type='application/atom+xml' href='x'>",
        '<link rel="alternate" type="application/rdf+xml" href="https://news.example/x">',
        '<link rel="alternate" type="application/feed+json" href="//news.example/x">',
        '<link rel="alternate home" type="text/xml; charset=utf-8" href="&#47;x">',
        '<link rel="feed" href="/x">',
        '<base href="https://news.example/"><link rel="alternate" type="application/rss+xml" href="x">',
    ],
)
async def test_feed_links_are_read_in_every_form(link):
    fetcher = Scripted({"https://news.example/": f"<html><head>{link}</head>", "https://news.example/x": rss("X")})
    assert [feed.title for feed in await Finder(fetcher, ()).find("https://news.example/")] == ["X"]


@pytest.mark.parametrize(("href", "asked"), [("/wp-json/wp/v2/posts/1", False), ("/feed.json", True)])
async def test_of_json_only_feeds_are_asked(href, asked):
    page = f'<link rel="alternate" type="application/json" href="{href}"><link rel="alternate" href="http://[">'
    fetcher = Scripted({"https://news.example/": page, "https://news.example/feed": rss("X")})
    await Finder(fetcher, ()).find("https://news.example/")
    assert (fetcher.asked[1] == f"https://news.example{href}") is asked


async def test_the_link_header_counts_too():
    feed = "https://news.example/by-header"
    fetcher = Scripted({"https://news.example/": "<html>Hello</html>", feed: rss("Header")})
    fetcher.links = (
        ("alternate", feed),
        ("alternate", "https://news.example/wp-json/"),
        ("hub", "https://hub.example/"),
    )
    assert [found.url for found in await Finder(fetcher, ()).find("https://news.example/")] == [feed]
    assert "https://news.example/wp-json/" not in fetcher.asked


async def test_a_page_can_name_an_rsshub_route():
    page = '<meta name="rsshub" content="/lab/notes"><a href="rsshub://lab/notes">subscribe</a>'
    feed = "http://rsshub:1200/lab/notes"
    fetcher = Scripted({"https://lab.example/": page, feed: rss("Notes")})
    assert [found.url for found in await Finder(fetcher, (), rsshub="http://rsshub:1200").find("lab.example/")] == [
        feed
    ]


def items(*pages):
    listed = "".join(f"<item><title>{page}</title><link>https://news.example/{page}</link></item>" for page in pages)
    return f"<rss version='2.0'><channel><title>News</title>{listed}</channel></rss>"


async def test_the_same_news_in_two_formats_is_one_feed():
    page = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{name}">' for name in ("a", "b", "c"))
    fetcher = Scripted(
        {
            "https://news.example/": page,
            "https://news.example/a": items("one", "two", "three"),
            "https://news.example/b": items("one", "two", "three"),
            "https://news.example/c": items("one", "four", "five"),
        }
    )
    found = await Finder(fetcher, ()).find("https://news.example/")
    assert [feed.url[-1] for feed in found] == ["a", "c"]


async def test_addresses_that_differ_by_nothing_are_one_feed():
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{scheme}://{host}news.example/x{end}">'
        for scheme, host, end in (("https", "", ""), ("http", "www.", ""), ("https", "", "/"))
    )
    fetcher = Scripted(
        {"https://news.example/": links, "https://news.example/x": rss("X")}
        | {"http://www.news.example/x": rss("X"), "https://news.example/x/": rss("X")}
    )
    assert [feed.url for feed in await Finder(fetcher, ()).find("https://news.example/")] == ["https://news.example/x"]


async def test_comments_are_no_feed_to_choose_unless_there_is_no_other():
    page = '<link rel="alternate" type="application/rss+xml" href="/c"><link rel="feed" href="/posts">'
    answers = {"https://news.example/": page, "https://news.example/c": rss("Comments on: A ferry")}
    assert [feed.title for feed in await Finder(Scripted(answers), ()).find("https://news.example/")] == [
        "Comments on: A ferry"
    ]
    answers["https://news.example/posts"] = rss("Posts")
    assert [feed.title for feed in await Finder(Scripted(answers), ()).find("https://news.example/")] == ["Posts"]


@pytest.mark.parametrize("refusal", [HttpError("u", 429), HttpError("u", 503), FetchTimeout("u"), TooLarge("u")])
async def test_guessing_ends_when_the_host_has_had_enough(refusal):
    fetcher = Scripted({"https://news.example/": "<html>Hello</html>", "https://news.example/feed": refusal})
    with pytest.raises(NotAFeed):
        await Finder(fetcher, ()).find("https://news.example/")
    assert fetcher.asked == ["https://news.example/", "https://news.example/feed"]


async def test_guesses_are_few():
    links = "".join(f'<a href="/{number}/feed">x</a>' for number in range(20))
    fetcher = Scripted({"https://news.example/blog/page": links})
    with pytest.raises(NotAFeed):
        await Finder(fetcher, ()).find("https://news.example/blog/page")
    assert len(fetcher.asked) <= 10
