"""What the quick reader finds, and what it leaves to feedparser."""

from datetime import timedelta

import pytest

from bot.feeds.fields import entry_of
from bot.feeds.heading import heading_of
from bot.feeds.prolog import MAX_ITEMS, prepare
from bot.feeds.quickxml import HandOver, read_or_hand_over, read_quickly
from bot.feeds.xmlfeed import MAX_ELEMENTS, read_xml_feed

URL = "https://feeds.example/news/rss.xml"

RSS = """<?xml version="1.0" encoding="gb2312"?><!DOCTYPE rss>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel>
 <title>News</title><link>/home</link><language>en-gb</language><ttl>30</ttl>
 <image><title>Logo</title><url>/logo.png</url><link>/</link></image>
 <atom:link rel="self" href="/rss.xml"/><atom:link rel="hub" href="https://hub.example/"/>
 <skipHours><hour>24</hour><hour>3</hour><hour>31</hour></skipHours><skipDays><day>Sunday</day></skipDays>
 <item><title>One &amp; only</title><link>/1?a=1&amp;b=2</link><guid isPermaLink="false">g1</guid>
  <pubDate>Mon, 06 Sep 2021 12:00:00 GMT</pubDate><dc:creator>Ann</dc:creator><category>World</category>
  <description><![CDATA[<p>Teaser</p>]]></description><content:encoded><![CDATA[<p>Text</p>]]></content:encoded>
  <media:group><media:title>Picture</media:title><media:content url="/p.jpg"/></media:group></item>
 <item><guid>https://feeds.example/2</guid><description>Two</description><enclosure url="/2.mp3"/></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de_AT" xml:base="/base/"><title type="xhtml">
 <div xmlns="http://www.w3.org/1999/xhtml">Ne<b>w</b>s</div></title><link href="home"/><link rel="hub" href="hub"/>
 <entry><id>e1</id><title type="html">One &amp;amp; only</title><link rel="alternate" href="1"/>
  <updated>2021-09-06T12:00:00Z</updated><author><name>Ann</name><email>ann@a.example</email></author>
  <category term="w" label="World"/><source><title>Elsewhere</title><id>x</id></source>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Text</p></div></content></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="c"><title>News</title><link>/home</link>
 <items><rdf:Seq><rdf:li rdf:resource="/1"/></rdf:Seq></items></channel>
 <image><title>Logo</title></image>
 <item rdf:about="/1"><title>One</title><link>/1</link><dc:date>2021-09-06</dc:date></item></rdf:RDF>"""


def by_feedparser(text):
    _, feed, found = read_xml_feed(text, URL)
    return heading_of(feed, url=URL, text=text), [entry_of(entry, URL) for entry in found]


def rss(item="", channel="", root=""):
    return f'<rss version="2.0" {root}><channel>{channel}<item>{item}</item></channel></rss>'


@pytest.mark.parametrize("document", [RSS, ATOM, RDF], ids=["rss", "atom", "rdf"])
def test_usual_documents_are_read_as_feedparser_reads_them(document):
    text = prepare(document)
    heading, entries = read_or_hand_over(text, URL)
    slow_heading, slow_entries = by_feedparser(text)
    assert heading == slow_heading
    assert len(entries) == len(slow_entries)
    for quick, slow in zip(entries, slow_entries, strict=True):
        assert (quick.guid, quick.url, quick.title, set(quick.texts)) == (
            *(slow.guid, slow.url, slow.title),
            set(slow.texts),
        )
        assert (quick.dates, quick.authors, quick.categories) == (slow.dates, slow.authors, slow.categories)
        assert (quick.language, quick.plain_title, quick.plain_texts) == (
            slow.language,
            slow.plain_title,
            slow.plain_texts,
        )


def test_rss_heading_says_when_to_ask_again_and_who_tells():
    heading, _ = read_or_hand_over(prepare(RSS), URL)
    assert (heading.title, heading.site, heading.language) == ("News", "https://feeds.example/home", "en-gb")
    assert heading.ttl == timedelta(minutes=30)
    assert (heading.skip_hours, heading.skip_days) == ({0, 3}, {6})
    assert (heading.hubs, heading.self_url) == (("https://hub.example/",), "https://feeds.example/rss.xml")


def test_rss_entry_has_its_own_title_both_texts_and_its_link():
    _, [first, second] = read_or_hand_over(prepare(RSS), URL)
    assert (first.title, first.url, first.guid) == ("One & only", "https://feeds.example/1?a=1&b=2", "g1")
    assert (first.texts, first.authors, first.categories) == (("<p>Text</p>", "<p>Teaser</p>"), ("Ann",), ("World",))
    assert (second.guid, second.url) == ("https://feeds.example/2", "https://feeds.example/2")


def test_atom_links_are_seen_from_xml_base():
    heading, [entry] = read_or_hand_over(prepare(ATOM), URL)
    assert heading.site == "https://feeds.example/base/home"
    assert heading.hubs == ("https://feeds.example/base/hub",)
    assert (entry.url, entry.language) == ("https://feeds.example/base/1", "de-AT")


ODD = {
    "malformed": "<rss><channel><item><title>a</item></channel></rss>",
    "root": "<channel><title>t</title></channel>",
    "channel": '<rss version="2.0"><item><title>a</title></item></rss>',
    "doctype": "<!DOCTYPE rss [<!ELEMENT rss ANY>]>" + rss("<title>a</title>"),
    "namespace": rss("<title>a</title>", root='xmlns:dc="urn:a"').replace("<item>", '<item xmlns:dc="urn:b">'),
    "name": rss("<título>a</título>"),
    "markup": rss("<description>a <b>b</b></description>"),
    "type": rss('<description type="image/png">AAAA</description>'),
    "element:body": rss("<body>a</body>"),
    "element:date": rss("<date>2021-09-06</date>"),
    "date": rss("<pubDate>soon</pubDate>"),
    "attribute": rss('<link href="/a" HREF="/b"/>'),
    "base": rss('<link xml:base="/a/" href="b"/>'),
    "image:b": rss(channel="<image><b>t</b></image>"),
    "author": rss("<author>Ann <name>Ann</name></author>"),
    "depth": rss("<a>" * 150 + "</a>" * 150),
}


@pytest.mark.parametrize("reason", ODD)
def test_what_is_unusual_is_left_to_feedparser(reason):
    text = prepare(ODD[reason]) if reason != "root" else ODD[reason]
    with pytest.raises(HandOver) as raised:
        read_or_hand_over(text, URL)
    assert str(raised.value) == reason
    assert read_quickly(text, URL) is None


def test_more_elements_than_feedparser_may_read_are_left_to_it():
    assert read_quickly(prepare(rss("<a/>" * (MAX_ELEMENTS + 1))), URL) is None


def test_more_items_than_we_keep_are_left_to_feedparser():
    items = "<item/>" * (MAX_ITEMS + 1)
    assert read_quickly(f"<rss><channel>{items}</channel></rss>", URL) is None


@pytest.mark.parametrize(
    "document",
    [
        "<rss>" + "<a>" * 100_000,
        rss('<title a="' + "x" * 5_000_000 + '">t</title>'),
        rss("<category>" + "&amp;" * 200_000 + "</category>"),
        rss("<author>" + "a@" * 200_000 + "</author>"),
        rss("".join(f'<a xmlns:n{n}="urn:{n}"/>' for n in range(20_000))),
        '<rss xmlns="http://a b"><channel/></rss>',
        '<!DOCTYPE rss SYSTEM "file:///etc/passwd">' + rss("<title>a</title>"),
    ],
    ids=["nesting", "attribute", "category", "author", "namespaces", "bad namespace", "external"],
)
def test_hostile_documents_end(document):
    found = read_quickly(document, URL)
    assert found is None or len(found[1]) <= 1
