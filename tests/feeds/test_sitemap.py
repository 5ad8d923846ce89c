"""News sitemaps are read as feeds; what is no news in them is left out."""

import pytest

from bot.errors import NotAFeed
from bot.feeds.parse import parse

URL = "https://news.example/sitemap-news.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)


def page(number: int, *, title: str | None = "Talks", date: str = "2026-02-01T10:00:00+08:00", more: str = "") -> str:
    news = (
        f"<news:news><news:publication><news:name>The Example</news:name><news:language>zh-tw</news:language>"
        f"</news:publication><news:publication_date>{date}</news:publication_date><news:title>{title}</news:title>"
        f"<news:keywords>Abu Dhabi, talks</news:keywords></news:news>"
        if title is not None
        else ""
    )
    return f"<url><loc>https://news.example/{number}</loc>{news}{more}</url>"


def parsed(*pages: str, head: str = HEAD):
    return parse(f"{head}{''.join(pages)}</urlset>".encode(), url=URL)


def test_a_news_sitemap_is_a_feed():
    image = (
        "<image:image><image:loc>https://news.example/a.jpg</image:loc><image:title>Photo</image:title></image:image>"
    )
    feed = parsed(page(1, title="三方會談 A&amp;B", more=image), page(2))
    assert (feed.title, feed.site, feed.language) == ("The Example", "https://news.example/", "zh")
    first = feed.items[0]
    assert (first.guid, first.url) == ("https://news.example/1",) * 2
    assert (first.title, first.language, first.categories) == ("三方會談 A&B", "zh", ("Abu Dhabi", "talks"))
    assert first.published.isoformat() == "2026-02-01T02:00:00+00:00"


def test_addresses_without_a_title_are_left_out():
    assert [item.url for item in parsed(page(1, title=None), page(2)).items] == ["https://news.example/2"]


def test_of_many_addresses_the_newest_are_kept_in_their_order():
    old = [page(number, date="2026-01-01") for number in range(400)]
    new = [page(number, date="2026-02-01") for number in range(400, 800)]
    items = parsed(*old, *new).items
    assert len(items) == 500
    assert [item.url for item in items[-400:]] == [f"https://news.example/{number}" for number in range(400, 800)]


def test_a_sitemap_that_breaks_off_gives_what_it_has():
    assert len(parse(f"{HEAD}{page(1)}{page(2)}<url><loc>https://n".encode(), url=URL).items) == 2


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (f"{HEAD}{page(1, title=None)}</urlset>", "sitemap without titles"),
        ("<sitemapindex><sitemap><loc>https://news.example/1.xml</loc></sitemap></sitemapindex>", "sitemap index"),
        ("<urlset", "unknown format"),
        (f'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>{HEAD}</urlset>', "sitemap without titles"),
    ],
    ids=["plain", "index", "cut off", "entities"],
)
def test_other_sitemaps_are_no_feeds(document, reason):
    with pytest.raises(NotAFeed) as refused:
        parse(document.encode(), url=URL)
    assert refused.value.reason == reason


def test_a_bomb_and_a_deep_sitemap_end_soon():
    bomb = "<!DOCTYPE u [" + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12)) + "]>"
    with pytest.raises(NotAFeed):
        parse(f"{bomb}<urlset><url><loc>&e11;</loc></url></urlset>".encode(), url=URL)
    with pytest.raises(NotAFeed):
        parse(f"<urlset>{'<url>' * 100_000}".encode(), url=URL)


def test_prefixes_may_be_undeclared_and_pictures_stand_first():
    picture = (
        "<image:image><image:loc>https://news.example/a.jpg</image:loc><image:title>Photo</image:title></image:image>"
    )
    found = "<url>" + picture + page(1).removeprefix("<url>")
    assert [item.title for item in parsed(found, head="<urlset>").items] == ["Talks"]


def test_a_title_of_half_characters_is_none():
    assert [item.title for item in parsed(page(1, title="&#xD800;" * 3), page(2)).items] == ["Talks"]
