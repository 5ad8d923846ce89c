"""Parsing bounds what it takes in, and raises nothing but NotAFeed."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import NotAFeed
from bot.feeds.entry import first_sentence
from bot.feeds.parse import parse

URL = "https://feeds.example/rss"


def rss(inner: str, head: str = "") -> bytes:
    return f'<rss version="2.0"><channel><title>T</title>{head}{inner}</channel></rss>'.encode()


def item(**fields: str) -> str:
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</item>"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "unknown format"),
        (b"plain words", "unknown format"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "unknown format"),
        (b"<!doctype html><html><body>About RSS</body></html>", "html"),
        (b'{"items": []}', "json"),
        (b'{"items": 3, "version": "https://jsonfeed.org/version/1"}', "json"),
        (b'{"broken', "json"),
        (b'{"a":' * 50_000, "json"),
        (b"<!DOCTYPE rss [ <!ENTITY a 'b' <rss>", "doctype"),
        (b"<!-- <!ENTITY a 'b'> x --> <!DOCTYP <!ENTITY b 'c'> <rss></rss>", "entities"),
        (b"<channelish><rss-like/></channelish>", "unknown format"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(body, reason):
    with pytest.raises(NotAFeed) as refused:
        parse(body, url=URL)
    assert (refused.value.url, refused.value.reason) == (URL, reason)


def test_items_keep_the_order_of_the_document():
    parsed = parse(rss("".join(item(title=f"Story {n}") for n in range(5))), url=URL)
    assert [found.title for found in parsed.items] == [f"Story {n}" for n in range(5)]


@pytest.mark.parametrize("closed", [True, False], ids=["well-formed", "broken"])
def test_no_more_than_five_hundred_items_are_read(closed):
    body = rss("".join(item(title=f"Story {n}") for n in range(700)))
    parsed = parse(body if closed else body.replace(b"<channel>", b"<channel a=b>"), url=URL)
    assert len(parsed.items) == 500
    assert parsed.items[-1].title == "Story 499"


def test_items_of_an_atom_and_an_rdf_document_are_bounded_too():
    entries = "".join(f"<entry><id>{n}</id><title>Story {n}</title></entry>" for n in range(600))
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{entries}</feed>'
    assert len(parse(atom.encode(), url=URL).items) == 500


def test_titles_and_texts_are_bounded():
    found = parse(rss(item(title="word " * 400, description="text " * 20_000)), url=URL).items[0]
    assert len(found.title) <= 500
    assert found.title.endswith("word…")
    assert 19_000 < len(found.text) <= 20_000


def test_more_categories_and_authors_than_a_person_reads_are_dropped():
    many = "".join(f"<category>c{n}</category>" for n in range(5000))
    assert len(parse(rss(f"<item><title>T</title>{many}</item>"), url=URL).items[0].categories) == 20


def test_an_author_of_a_megabyte_does_not_hold_up_the_parser():
    found = parse(rss(item(title="T", author="a" * 1_000_000 + "@")), url=URL).items[0]
    assert all(len(author) <= 500 for author in found.authors)


def test_deep_nesting_ends_the_reading_and_keeps_what_came_before():
    body = rss(item(title="Before") + "<item><title>" + "<b>" * 100_000)
    assert [found.title for found in parse(body, url=URL).items] == ["Before"]


def test_entity_bombs_are_not_expanded():
    entities = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    body = f"<?xml version='1.0'?><!DOCTYPE rss [{entities}]>".encode() + rss(item(title="Bomb &a9;"))
    assert len(parse(body, url=URL).items[0].title) < 100


def test_a_declaration_hidden_in_a_quoted_element_is_found():
    body = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x "<a>"><!ENTITY y "&x;&x;">]>' + rss(item(title="A &y; b"))
    assert parse(body, url=URL).items[0].title.startswith("A ")


@pytest.mark.parametrize(
    ("head", "ttl"),
    [
        ("<ttl>15</ttl>", timedelta(minutes=15)),
        ("<ttl>0</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>99999999</ttl>", timedelta(days=7)),
        (
            '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily</sy:updatePeriod>',
            timedelta(1),
        ),
    ],
)
def test_ttl_is_read_within_bounds(head, ttl):
    assert parse(rss("", head), url=URL).ttl == ttl


def test_an_item_without_guid_and_link_is_known_by_its_content():
    one, other = (parse(rss(item(title="T", description=text)), url=URL).items[0].guid for text in ("a", "b"))
    assert one.startswith("sha256:")
    assert one != other


def test_guids_are_not_resolved_so_that_a_moved_feed_keeps_them():
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>7</id><title>x</title></entry></feed>'
    assert parse(atom, url="https://one.example/").items[0].guid == "7"
    assert parse(rss(item(title="T", guid="/p/7")), url=URL).items[0].url == "https://feeds.example/p/7"


def test_a_link_that_can_not_be_read_is_none():
    assert parse(rss(item(title="T", link="http://[broken")), url=URL).items[0].url == ""


def test_lone_surrogates_of_json_escapes_are_dropped():
    body = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"id": "\ud800x", "title": "a\udfff"}]})
    found = parse(body.encode(), url=URL).items[0]
    assert (found.guid, found.title) == ("x", "a")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("One. Two.", "One."),
        ("第一句。第二句。", "第一句。"),
        ("Version 3.11 is out! More", "Version 3.11 is out!"),
        ("", ""),
        ("word " * 50, "word " * 18 + "word…"),
        ("字" * 150, "字" * 99 + "…"),
    ],
)
def test_a_missing_title_is_made_of_the_first_sentence(text, title):
    assert first_sentence(text) == title


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_parse_or_are_no_feed(body):
    for start in (b"", b"<rss><channel><item>", b'<?xml version="1.0" encoding="gbk"?><feed><entry>', b"{"):
        try:
            parse(start + body, url=URL)
        except NotAFeed:
            continue


PIECES = [
    "<item>",
    "</item>",
    "<title>",
    "</title>",
    "<link>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&amp;",
    "&",
    "<",
    ">",
    '<link href="',
    '"/>',
    "<guid>",
    "<pubDate>",
    "<content type='xhtml'>",
    "<div>",
    "</div>",
    "xml:base='http://[",
    "'",
    "<author>",
    "a@b (",
    "<image>",
    "<source>",
    "<!DOCTYPE x [",
    "<!ENTITY",
    "]>",
    "三方",
    "text ",
    "&#0;",
    "&#xD800;",
    "<media:content url='x'>",
    "<georss:point>1 b</georss:point>",
    "<itunes:duration>x:y</itunes:duration>",
    "<enclosure url='http://[' length='x'/>",
    "<psc:chapter start='x'/>",
    "<x:y xmlns:x=''>",
    "<expirationdate>1",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25))
@settings(max_examples=200, deadline=None)
def test_any_heap_of_feed_pieces_parses_or_is_no_feed(pieces):
    for start in ('<rss version="2.0"><channel>', '<feed xmlns="http://www.w3.org/2005/Atom"><entry>', ""):
        try:
            parse((start + "".join(pieces)).encode(), url=URL)
        except NotAFeed:
            continue


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "id", "url", "tags"]), inner),
    max_leaves=6,
)
FIELDS = [
    "id",
    "url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "date_published",
    "authors",
    "author",
    "tags",
]


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6) | VALUES, max_size=4), VALUES)
@settings(max_examples=100, deadline=None)
def test_any_json_feed_parses(items, anything):
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": anything, "items": items})
    assert len(parse(body.encode(), url=URL).items) <= len(items)
