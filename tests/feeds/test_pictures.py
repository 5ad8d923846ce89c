"""The picture of an item: which of those that a feed names or shows is taken, and which are none."""

import json

import pytest

from bot.feeds.parse import parse

URL = "https://feeds.example/news/rss"
SPACES = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'


def picture(*fields: str, text: str = "Words.") -> str:
    """The picture of an RSS item with these elements."""
    item = f"<title>T</title><link>https://news.example/a/1</link><description><![CDATA[{text}]]></description>"
    document = f'<rss version="2.0" {SPACES}><channel><item>{item}{"".join(fields)}</item></channel></rss>'
    [found] = parse(document.encode(), url=URL).items
    return found.picture


@pytest.mark.parametrize(
    "field",
    [
        '<media:content url="https://i.example/a.jpg" medium="image"/>',
        '<media:content url="https://i.example/a.jpg" type="image/jpeg" width="1200"/>',
        '<media:content url="https://i.example/a.jpg" width="460"/>',
        '<media:group><media:content url="https://i.example/a.jpg" medium="image"/></media:group>',
        '<media:content url="/film.mp4" type="video/mp4"><media:thumbnail url="https://i.example/a.jpg"/></media:content>',
        '<media:thumbnail url="https://i.example/a.jpg" width="240" height="135"/>',
        '<enclosure url="https://i.example/a.jpg" type="image/jpeg" length="1"/>',
        '<itunes:image href="https://i.example/a.jpg"/>',
    ],
)
def test_a_picture_that_the_feed_names_is_the_items(field: str) -> None:
    assert picture(field) == "https://i.example/a.jpg"


def test_the_widest_rendition_counts_and_content_before_a_thumbnail() -> None:
    small = '<media:thumbnail url="https://i.example/thumb.jpg" width="2000"/>'
    renditions = "".join(
        f'<media:content url="https://i.example/{width}.jpg" width="{width}"/>' for width in (140, 700, 460)
    )
    assert picture(small, renditions) == "https://i.example/700.jpg"


def test_the_first_picture_of_the_text_is_the_last_resort() -> None:
    text = '<p><img alt="" src="/pics/b.png?x=1&amp;y=2" width="640"> Words <img src="/c.png"></p>'
    assert picture(text=text) == "https://news.example/pics/b.png?x=1&y=2"
    assert picture('<enclosure url="https://i.example/a.png" type="image/png"/>', text=text).endswith("/a.png")


@pytest.mark.parametrize(
    "text",
    [
        '<img src="https://i.example/t.gif" width="1" height="1">',
        "<img height=1 src=https://i.example/t.gif>",
        '<img src="https://i.example/icon.png" width="64px">',
        '<img src="https://i.example/pixel.gif?id=7">',
        '<img src="https://i.example/img/1x1.png">',
        '<img src="https://s.w.org/images/core/emoji/72x72/1f600.png">',
        '<img src="https://feeds.feedburner.com/~r/x/~4/1">',
        '<img src="https://i.example/logo.svg">',
        '<img src="data:image/png;base64,AAAA">',
        '<img src="javascript:alert(1)">',
        '<img src="http://[broken">',
        '<img src="https://user:pw@i.example/a.jpg">',
        f'<img src="https://i.example/{"a" * 2000}.jpg">',
        "<img alt='no address'>",
        "an <imgsrc='https://i.example/a.jpg'> and &lt;img",
    ],
)
def test_what_counts_readers_or_cannot_be_shown_is_no_picture(text: str) -> None:
    assert picture(text=text) == ""
    assert picture(text=text + '<img src="https://i.example/real.jpg">') == "https://i.example/real.jpg"


@pytest.mark.parametrize(
    "field",
    [
        '<media:content url="https://i.example/a.mp4" type="video/mp4"/>',
        '<media:content url="https://i.example/a" medium="video"/>',
        '<enclosure url="https://i.example/a.mp3" type="audio/mpeg"/>',
        '<media:thumbnail url="https://i.example/a.jpg" width="66" height="49"/>',
        "<media:thumbnail/>",
    ],
)
def test_films_sounds_and_icons_are_no_pictures(field: str) -> None:
    assert picture(field) == ""


def test_a_feed_that_only_feedparser_can_read_has_its_pictures_too() -> None:
    broken = "<unclosed>"
    assert picture('<media:content url="/a.jpg" medium="image"/>', broken) == "https://feeds.example/a.jpg"


def test_atom_json_and_news_sitemaps_name_pictures_as_well() -> None:
    link = '<link rel="enclosure" type="image/webp" href="https://i.example/a.webp"/>'
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>T</title>{link}</entry></feed>'
    assert parse(atom.encode(), url=URL).items[0].picture == "https://i.example/a.webp"
    item = {"id": "1", "title": "T", "content_text": "x", "banner_image": "/wide.jpg"}
    for picked in ({}, {"image": "https://i.example/main.jpg"}):
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": [item | picked]}
        [found] = parse(json.dumps(feed).encode(), url=URL).items
        assert found.picture == picked.get("image", "https://feeds.example/wide.jpg")
    sitemap = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>https://news.example/1</loc>'
        "<news:news><news:title>T</news:title></news:news>"
        "<image:image><image:loc>https://i.example/s.jpg</image:loc></image:image></url></urlset>"
    )
    assert parse(sitemap.encode(), url=URL).items[0].picture == "https://i.example/s.jpg"
