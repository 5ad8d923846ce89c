"""HTTP headers that say how long an answer stays fresh, and where the hub is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from bot.feeds.headers import MAX_LINKS, links, max_age, retry_after

DATE = {"Date": "Tue, 03 Feb 2026 08:15:00 GMT"}
LATER = "Tue, 03 Feb 2026 08:20:00 GMT"
AT = "https://news.example/feeds/rss"


@pytest.mark.parametrize(
    ("headers", "age"),
    [
        ({"Cache-Control": 'max-age="300"'}, timedelta(minutes=5)),
        ({"Cache-Control": "private, max-age=300, must-revalidate"}, timedelta(minutes=5)),
        ({"Cache-Control": "s-maxage=9, max-age=300"}, timedelta(minutes=5)),
        ({"Cache-Control": "max-age=300, max-age=9"}, timedelta(minutes=5)),
        ({"Cache-Control": "max-age=0"}, timedelta()),
        ({"Cache-Control": "no-store, max-age=300"}, None),
        ({"Cache-Control": 'no-cache="Set-Cookie", max-age=300'}, timedelta(minutes=5)),
        ({"Cache-Control": "max-age=99999999999"}, None),
        ({"Cache-Control": "max-age=999999999"}, timedelta(days=7)),
        ({"Expires": LATER, **DATE}, timedelta(minutes=5)),
        ({"Expires": LATER, "Age": "60", **DATE}, timedelta(minutes=4)),
        ({"Expires": LATER, "Cache-Control": "max-age=60", **DATE}, timedelta(minutes=1)),
        ({"Expires": LATER, "Cache-Control": "no-cache", **DATE}, None),
        ({"Expires": LATER, "Cache-Control": "public", **DATE}, timedelta(minutes=5)),
        ({"Expires": "Tue, 03 Feb 2026 08:10:00 GMT", **DATE}, timedelta()),
        ({"Expires": "0", **DATE}, None),
        ({"Expires": LATER}, None),
        ({"Cache-Control": "max-age=300", "Age": "old"}, timedelta(minutes=5)),
    ],
)
def test_freshness_in_a_private_cache(headers, age):
    assert max_age(headers) == age


def test_headers_that_come_in_several_lines_are_one():
    headers = CIMultiDictProxy(CIMultiDict([("Cache-Control", "public"), ("cache-control", "max-age=60")]))
    assert max_age(headers) == timedelta(minutes=1)
    headers = CIMultiDictProxy(CIMultiDict([("Link", "</hub>; rel=hub"), ("link", "</me>; rel=self")]))
    assert links(headers, AT) == (("hub", "https://news.example/hub"), ("self", "https://news.example/me"))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('<https://hub.example/>; rel="hub"', [("hub", "https://hub.example/")]),
        ("</hub>;rel=HUB ; title=x", [("hub", "https://news.example/hub")]),
        ('<a>; title="x, y; rel=hub"; rel="self"', [("self", "https://news.example/feeds/a")]),
        ('<a>; rel="next self hub"', [("hub", "https://news.example/feeds/a"), ("self", "https://news.example/feeds/a")]),
        ("<a>; rel=self; rel=hub", [("self", "https://news.example/feeds/a")]),
        ("<a>; rel=next, <b>; rel=hub", [("hub", "https://news.example/feeds/b")]),
        ("<a>; rel=hub, <a>; rel=hub", [("hub", "https://news.example/feeds/a")]),
        ('<a>; rel=hub; anchor="/other"', []),
        ("<javascript:alert(1)>; rel=hub", []),
        ("<http://[broken>; rel=hub", []),
        (f"<{'a' * 3000}>; rel=hub", []),
        ("<a>", []),
        ("rel=hub", []),
        ("", []),
    ],
)  # fmt: skip
def test_hub_and_self_links(value, found):
    assert links({"Link": value}, AT) == tuple(found)


def test_links_are_few():
    value = ", ".join(f"<{number}>; rel=hub" for number in range(100))
    assert len(links({"Link": value}, AT)) == MAX_LINKS
    assert links({}, AT) == ()


@given(st.text(max_size=200) | st.from_regex(r"(<[a-z:/]{0,9}>?;? ?(rel|title)?=?\"?(hub|self)?\"?,?){0,9}"))
def test_any_header_is_read_without_error(value):
    headers = dict.fromkeys(("Link", "Cache-Control", "Expires", "Age", "Date", "Retry-After"), value)
    assert len(links(headers, AT)) <= MAX_LINKS
    assert max_age(headers) is None or max_age(headers) >= timedelta()
    assert retry_after(headers) is None or retry_after(headers) >= timedelta()
