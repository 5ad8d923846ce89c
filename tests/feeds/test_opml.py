"""Lists of feeds as OPML: what other programs write is read, whatever state it is in, and ours can be read by them."""

import contextlib
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FeedListError
from bot.feeds.opml import MAX_BYTES, MAX_FEEDS, Opml, OpmlFeed, read_opml, write_opml

NESTED = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>My &amp; your feeds</title></head><body>
  <outline text="News"><outline title="Asia" text="Asia">
    <outline type="rss" text="Harbour" title="Harbour &quot;Post&quot;" xmlUrl="https://harbour.example/rss?a=1&amp;b=2"
      htmlUrl="https://harbour.example/" category="/a/b, c"/>
  </outline><outline type="rss" text="Globe" xmlUrl="https://globe.example/feed"></outline></outline>
  <outline type="link" text="A page" url="https://page.example/"/>
  <outline type="rss" text="Lab" xmlUrl="https://lab.example/atom"/>
</body></opml>"""


def urls(opml: Opml) -> list[str]:
    return [feed.url for feed in opml.feeds]


def body(outlines: str) -> bytes:
    return f'<opml version="1.0"><head/><body>{outlines}</body></opml>'.encode()


def test_feeds_are_read_with_their_folders_names_sites_and_labels() -> None:
    opml = read_opml(NESTED.encode())
    assert opml == Opml(
        title="My & your feeds",
        feeds=(
            OpmlFeed(
                url="https://harbour.example/rss?a=1&b=2",
                title='Harbour "Post"',
                site="https://harbour.example/",
                folder=("News", "Asia"),
                categories=("/a/b", "c"),
            ),
            OpmlFeed(url="https://globe.example/feed", title="Globe", folder=("News",)),
            OpmlFeed(url="https://lab.example/atom", title="Lab"),
        ),
    )


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encoding_is_found_out(codec: str) -> None:
    text = '<?xml version="1.0" encoding="CODEC"?><opml><body><outline text="港口日报的新闻" xmlUrl="https://a.example/"/></body></opml>'
    (feed,) = read_opml(text.replace("CODEC", codec).encode(codec)).feeds
    assert feed.title == "港口日报的新闻"


def test_a_feed_named_twice_comes_once_where_it_stood_first() -> None:
    one, two = '<outline text="1" xmlUrl="http://a.example/rss/"/>', '<outline text="2" xmlUrl="https://b.example/"/>'
    again = '<outline text="x"><outline text="3" xmlUrl="https://www.a.example/rss"/></outline>'
    opml = read_opml(body(one + two + again))
    assert (urls(opml), opml.duplicates) == (["http://a.example/rss/", "https://b.example/"], 1)
    assert opml.feeds[0].title == "1"


@pytest.mark.parametrize(
    ("outlines", "expected"),
    [
        ('<OUTLINE TEXT="x" XMLURL="https://a.example/"/>', ["https://a.example/"]),
        ("<outline text='x' xmlUrl='https://a.example/'/>", ["https://a.example/"]),
        ("<outline text=x xmlUrl=https://a.example/rss />", ["https://a.example/rss"]),
        ('<outline type="rss" url="https://a.example/"/>', ["https://a.example/"]),
        ('<outline text="x"\n\txmlUrl = "https://a.example/"\n/>', ["https://a.example/"]),
        ('<outline text="x" xmlUrl="https://a.example/"/><!-- <outline xmlUrl="https://b.example/"/> -->', None),
    ],
)
def test_unusual_forms_are_read(outlines: str, expected: list[str] | None) -> None:
    opml = read_opml(body(outlines))
    assert urls(opml) == (expected or ["https://a.example/"])
    assert not opml.damaged


def test_a_bare_ampersand_belongs_to_the_address() -> None:
    opml = read_opml(body('<outline text="a & b" xmlUrl="https://a.example/?x=1&copy=2&lt=3"/>'))
    assert (opml.feeds[0].title, opml.feeds[0].url) == ("a & b", "https://a.example/?x=1&copy=2&lt=3")


GOOD = '<outline text="good" xmlUrl="https://good.example/"/>'


@pytest.mark.parametrize(
    "broken",
    [
        f'{GOOD}<outline text="cut',
        f'{GOOD}<outline text="open">',
        f'<outline text="no end xmlUrl="https://bad.example/"/>{GOOD}',
        f'<outline text="x" xmlUrl="\n{GOOD}',
        f"<outline text=x <outline>{GOOD}",
        f"{GOOD}</outline></outline>",
        f"{GOOD}<!-- never ends",
    ],
)
def test_a_broken_file_gives_all_that_can_be_read(broken: str) -> None:
    opml = read_opml(f"<opml><body>{broken}".encode())
    assert "https://good.example/" in urls(opml)
    assert opml.damaged


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\x00\xff\x00", "not-opml"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not-opml"),
        (b"<html><title>A page</title><a href='/x'>x</a></html>", "not-opml"),
        (b"<rss><channel><title>x</title></channel></rss>", "not-opml"),
        (b"<opml><body></body></opml>", "no-feeds"),
        (body('<outline text="only a folder"/>'), "no-feeds"),
        (b" " * (MAX_BYTES + 1), "too-large"),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(FeedListError) as refused:
        read_opml(data)
    assert refused.value.reason == reason


def test_no_entity_of_the_file_means_anything() -> None:
    bomb = (
        '<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    )
    opml = read_opml(bomb.encode() + body('<outline text="&b;&f;" xmlUrl="https://a.example/"/>'))
    assert opml.feeds[0].title == "&b;&f;"


def test_no_more_feeds_are_read_than_the_cap() -> None:
    many = "".join(f'<outline xmlUrl="https://a.example/{number}"/>' for number in range(MAX_FEEDS + 7))
    opml = read_opml(body(many))
    assert (len(opml.feeds), opml.left_off) == (MAX_FEEDS, 7)


def test_folders_without_end_are_no_trouble() -> None:
    opml = read_opml(body('<outline text="deeper">' * 20_000 + GOOD))
    assert len(opml.feeds[0].folder) <= 50


@pytest.mark.parametrize("name", ["\x00\x1b[31mred", "right\u202eleft", " two\n lines "])
def test_names_are_one_harmless_line(name: str) -> None:
    opml = read_opml(body(f'<outline text="{name}" xmlUrl="https://a.example/"/>'))
    assert opml.feeds[0].title.isprintable()
    assert opml.feeds[0].title == opml.feeds[0].title.strip()


@given(st.binary(max_size=400) | st.text(alphabet="<outline/>xmlUrl=\"' &;!-[]", max_size=400).map(str.encode))
def test_any_bytes_are_a_list_or_refused(data: bytes) -> None:
    with contextlib.suppress(FeedListError):
        assert read_opml(data).feeds


WRITTEN = (
    OpmlFeed(url="https://a.example/?x=1&y=2", title='A "quoted" <name> & more', site="https://a.example/"),
    OpmlFeed(url="https://b.example/", title="港灣日報", folder=("新聞", "Asia"), categories=("/x/y", "z")),
    OpmlFeed(url="https://c.example/", title="C", folder=("新聞",)),
)


def test_what_is_written_is_opml_for_any_xml_parser() -> None:
    written = write_opml("Feeds of <me>", WRITTEN, created=datetime(2026, 3, 14, 12, tzinfo=UTC))
    root = ET.fromstring(written)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/title") == "Feeds of <me>"
    assert root.findtext("head/dateCreated") == "Sat, 14 Mar 2026 12:00:00 +0000"
    assert [child.tag for child in root] == ["head", "body"]
    outlines = list(root.iter("outline"))
    assert all(outline.get("text") for outline in outlines)
    assert [outline.get("type") for outline in outlines if outline.get("xmlUrl")] == ["rss"] * 3
    assert [path.get("text") for path in root.findall("body/outline/outline/outline")] == ["港灣日報"]


def test_what_is_written_is_read_back() -> None:
    opml = read_opml(write_opml("Feeds", WRITTEN))
    assert opml.title == "Feeds"
    assert not opml.damaged
    assert sorted(opml.feeds, key=lambda feed: feed.url) == list(WRITTEN)


def test_a_feed_without_a_title_is_written_with_its_host() -> None:
    assert read_opml(write_opml("", [OpmlFeed(url="https://a.example/rss")])).feeds[0].title == "a.example"


@given(st.lists(st.text(max_size=30), max_size=3), st.text(max_size=60))
def test_any_names_survive_as_one_line(folder: list[str], title: str) -> None:
    feed = OpmlFeed(url="https://a.example/", title=title, folder=tuple(folder))
    data = write_opml(title, [feed])
    ET.fromstring(data)
    assert read_opml(data).feeds[0].url == feed.url
