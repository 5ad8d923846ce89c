"""Random feeds, usual and unusual: what the quick reader reads, it reads as feedparser does."""

from itertools import islice

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.feeds.entry import Heading, to_item
from bot.feeds.fields import entry_of
from bot.feeds.heading import heading_of
from bot.feeds.prolog import MAX_ITEMS, prepare
from bot.feeds.quickxml import read_quickly
from bot.feeds.xmlfeed import read_xml_feed
from bot.text.html import one_line

URL = "https://feeds.example/news/rss.xml"


def words(text):
    return text.split()


PREFIXES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "odd": "urn:example:odd",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "georss": "http://www.georss.org/georss",
}
NAMES = words(
    """
title title title link link guid guid id description description pubDate updated published author category category
content summary enclosure language ttl image comments rights subtitle generator contributor created
modified lastBuildDate managingEditor webMaster keywords issued cloud copyright
dc:title dc:creator dc:creator dc:date dc:description dc:subject dc:language dc:publisher dc:author dc:rights
dc:contributor dc:identifier dcterms:created dcterms:modified dcterms:issued content:encoded
itunes:author itunes:summary itunes:subtitle itunes:keywords itunes:image itunes:category itunes:explicit
itunes:title itunes:duration media:title media:description media:keywords media:category media:thumbnail media:content
media:group media:credit media:rating media:player media:text atom:link atom:link atom:updated atom:id atom:author
atom:title atom:content atom:summary sy:updatePeriod sy:updateFrequency feedburner:origLink odd:title odd:thing odd:link
georss:point xhtml:div rdf:value
    """
)
CHILDREN = words("date links item xhtml:body name uri email title link url id updated b p media:title odd:x")

TEXTS = st.sampled_from(
    [
        "",
        " ",
        "A title",
        "  spaced \n out ",
        "one, two , three",
        "http://www.example.org/a?b=1&amp;c=2",
        "http://www.example.org/a;b?c=1&amp;amp;d=2",
        "http:////www.example.org//x",
        "/relative/page",
        "page two",
        "?q=1",
        "http://[broken",
        "mailto:a@b.example",
        "urn:uuid:1",
        "Tom Thumb",
        "tom@thumb.example",
        "tom@thumb.example (Tom Thumb)",
        "Tom Thumb &lt;tom@thumb.co.uk&gt;",
        "&lt;b>bold&lt;/b> and plain",
        "&lt;p>one&lt;p>two &amp;amp; three",
        "<![CDATA[<p>one</p><p>two &amp; three</p>]]>",
        "<![CDATA[a < b & c > d]]>",
        "AT&amp;amp;T &amp;copy; &amp;lt;x&amp;gt;",
        '<![CDATA[<p><img src="/a.jpg?x=1&amp;y=2" width=640>Words.</p>]]>',
        "Mon, 06 Sep 2021 12:00:00 GMT",
        "2021-09-06T12:00:00Z",
        "2021-09-06",
        "Sept 6th",
        "1989-01-01T00:00:00Z",
        "60",
        "hourly",
        "2",
        "诸葛亮 出师表",
        "caf\u00c3\u00a9",
        "\u0093quoted\u0094",
        "na\u00efve \u2014",
        "x<!-- a comment -->y<?php z?>z",
        "de-DE",
        "zh_CN",
    ]
)
VALUES = st.sampled_from(["", "text", "html", "xhtml", "text/html", "text/plain", "TEXT/HTML", "application/xhtml+xml"])
LINKS = st.sampled_from(
    ["http://www.example.org/x", "/y", "/big.jpg", "", "z z", "http://a.example/?a=1&amp;amp;b=2", "#f", "//h/p"]
)
PICTURED = st.fixed_dictionaries(
    {"url": LINKS},
    optional={
        "type": st.sampled_from(["image/jpeg", "IMAGE/PNG", "video/mp4"]),
        "medium": st.sampled_from(["image", "video"]),
        "width": st.sampled_from(["60", "640", "1200", "big"]),
    },
)
ATTRIBUTES = st.one_of(
    st.just({}),
    st.just({}),
    st.fixed_dictionaries({"type": VALUES}),
    st.fixed_dictionaries(
        {"href": LINKS}, optional={"rel": st.sampled_from(["alternate", "self", "hub", "SELF", "enclosure"])}
    ),
    st.fixed_dictionaries({"url": LINKS}, optional={"type": VALUES, "length": st.just("1")}),
    PICTURED,
    st.fixed_dictionaries({"isPermaLink": st.sampled_from(["true", "false", "False", ""])}),
    st.fixed_dictionaries(
        {"term": st.sampled_from(["", "tag"])}, optional={"label": st.just("Label"), "scheme": st.just("s")}
    ),
    st.fixed_dictionaries({"domain": st.just("d")}),
    st.fixed_dictionaries({"text": st.just("Arts")}),
    st.fixed_dictionaries({"xml:lang": st.sampled_from(["", "de", "zh_TW"])}),
    st.fixed_dictionaries({"lang": st.sampled_from(["", "de", "zh_TW"])}),
    st.fixed_dictionaries({"xml:base": st.sampled_from(["", "/b/", "http://base.example/c/d?e"])}),
    st.fixed_dictionaries({"odd:href": LINKS}),
    st.fixed_dictionaries({"atom:type": VALUES}),
    st.fixed_dictionaries({"mode": st.sampled_from(["xml", "escaped"])}),
    st.fixed_dictionaries({"uri": LINKS}),
    st.fixed_dictionaries({"rdf:about": LINKS}),
)
GOOD_XHTML = st.sampled_from(
    [
        '<div xmlns="http://www.w3.org/1999/xhtml"><p class="a">one</p> two<br/></div>',
        '<div xmlns="http://www.w3.org/1999/xhtml">a &lt;b> c</div>',
        '<div xmlns="http://www.w3.org/1999/xhtml">one</div><div xmlns="http://www.w3.org/1999/xhtml">two</div>',
        "<xhtml:div>one <xhtml:i>two</xhtml:i> &amp;lt;</xhtml:div>",
        "  <div><p>x</p></div><div>y</div> ",
        "<p title='&quot;a&quot;'>one</p>",
        "text <b>bold</b> text",
    ]
)
ODD_XHTML = st.sampled_from(
    [
        "<a href='/x'>link</a><title>t</title>",
        '<div xmlns="http://www.w3.org/1999/xhtml"><svg xmlns="http://www.w3.org/2000/svg"><title>t</title></svg></div>',
    ]
)
XHTML = st.one_of(*[GOOD_XHTML] * 20, ODD_XHTML)


def written(name, attributes, inner):
    given = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{given}>{inner}</{name.split()[0]}>" if inner else f"<{name}{given}/>"


def several(fields):
    return st.lists(fields, max_size=3).map("".join)


PERSONS = several(st.builds(written, st.sampled_from(["name", "name", "email", "uri", "odd:x"]), st.just({}), TEXTS))
MEDIA = st.sampled_from(
    words("media:title media:title media:description media:keywords media:category media:thumbnail odd:x")
)
CHANNEL_PARTS = st.sampled_from(words("title title link description"))
SOURCE_PARTS = st.sampled_from(words("title title id updated link"))
ODD_INNERS = st.one_of(several(st.builds(written, st.sampled_from(CHILDREN), ATTRIBUTES, TEXTS)), XHTML)
ODD_FIELDS = st.one_of(
    st.builds(written, st.sampled_from(NAMES), ATTRIBUTES, ODD_INNERS),
    st.builds(written, st.sampled_from(words("image textInput source itunes:owner odd:box")), ATTRIBUTES, ODD_INNERS),
)
PLAIN_FIELDS = st.builds(written, st.sampled_from(NAMES), st.just({}), TEXTS)
FIELDS = st.one_of(
    PLAIN_FIELDS,
    PLAIN_FIELDS,
    PLAIN_FIELDS,
    st.builds(written, st.sampled_from(NAMES), ATTRIBUTES, TEXTS),
    st.builds(written, st.sampled_from(NAMES), ATTRIBUTES, TEXTS),
    st.builds(written, st.sampled_from(words("title content summary atom:content")), st.just({"type": "xhtml"}), XHTML),
    st.builds(written, st.sampled_from(words("link atom:link")), st.fixed_dictionaries({"href": LINKS}), st.just("")),
    st.builds(
        written,
        st.sampled_from(words("media:content media:thumbnail itunes:image enclosure atom:link")),
        PICTURED,
        st.just(""),
    ),
    st.builds(
        written,
        st.sampled_from(words("link atom:link")),
        st.fixed_dictionaries({"href": LINKS, "rel": st.just("enclosure"), "type": st.just("image/png")}),
        st.just(""),
    ),
    st.builds(written, st.sampled_from(words("author contributor")), st.just({}), PERSONS),
    st.builds(
        written,
        st.sampled_from(words("media:group media:content")),
        ATTRIBUTES,
        several(st.builds(written, MEDIA, ATTRIBUTES, TEXTS)),
    ),
    st.builds(
        written,
        st.just("image"),
        st.just({}),
        several(st.builds(written, CHANNEL_PARTS, st.just({}), TEXTS)),
    ),
    st.builds(written, st.just("source"), st.just({}), several(st.builds(written, SOURCE_PARTS, st.just({}), TEXTS))),
)
USUAL_FIELDS = st.lists(FIELDS, max_size=6).map("".join)
ODD_TOO = st.lists(st.one_of(*[FIELDS] * 12, ODD_FIELDS), max_size=6).map("".join)
ITEM_ATTRIBUTES = st.one_of(
    *[st.just({})] * 5,
    st.fixed_dictionaries({"xml:lang": st.sampled_from(["", "de", "zh_TW"])}),
    st.fixed_dictionaries({"xml:base": st.sampled_from(["", "/b/", "http://base.example/c/d?e"])}),
    st.fixed_dictionaries({"rdf:about": LINKS}),
)
SPACES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items())
HEADS = st.sampled_from(
    ["", '<?xml version="1.0" encoding="gbk"?>\n', "<?xml version='1.0' standalone='yes'?><!DOCTYPE rss>", "<!-- x -->"]
)


@st.composite
def feeds(draw):
    """An RSS 2.0, RSS 1.0 or Atom document."""
    form = draw(st.sampled_from(["rss", "rss", "rdf", "atom", "atom03"]))
    fields = draw(st.sampled_from([USUAL_FIELDS, USUAL_FIELDS, USUAL_FIELDS, ODD_TOO]))
    item = "entry" if form.startswith("atom") else "item"
    items = "".join(
        written(item, draw(ITEM_ATTRIBUTES), draw(fields)) for _ in range(draw(st.integers(min_value=0, max_value=3)))
    )
    before, after, root = draw(fields), draw(fields), draw(ITEM_ATTRIBUTES)
    if form == "rss":
        given, inner = {"version": "2.0"} | root, written("channel", draw(ITEM_ATTRIBUTES), before + items + after)
        return draw(HEADS) + written(f"rss {SPACES}", given, inner)
    if form == "rdf":
        spaces = draw(st.permutations([SPACES, 'xmlns="http://purl.org/rss/1.0/"']))
        return draw(HEADS) + written(f"rdf:RDF {' '.join(spaces)}", root, written("channel", {}, before) + items)
    space = "http://www.w3.org/2005/Atom" if form == "atom" else "http://purl.org/atom/ns#"
    return draw(HEADS) + written(f'feed xmlns="{space}" {SPACES}', root, before + items + after)


def outcome(heading, entries):
    fields = {name: getattr(heading, name) for name in Heading.__slots__}
    fields["title"] = one_line(heading.title)
    return fields, [to_item(entry, language=heading.language) for entry in islice(entries, MAX_ITEMS)]


def by_feedparser(text):
    _, feed, found = read_xml_feed(text, URL)
    return outcome(heading_of(feed, url=URL, text=text), [entry_of(entry, URL) for entry in found])


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(feeds())
def test_what_is_read_quickly_is_what_feedparser_reads(document):
    text = prepare(document)
    quick = read_quickly(text, URL)
    if quick is not None:
        assert outcome(*quick) == by_feedparser(text)
