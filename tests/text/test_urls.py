"""Addresses compare by the page they name, and only web links are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.urls import canonical_url, safe_link

PAGE = "https://news.example/story/7?id=3"


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example/story/7?id=3",
        "HTTPS://WWW.News.Example:443/story/7/?id=3",
        "http://news.example.:80/story/7?id=3#comments",
        "https://news.example/story/7?utm_source=rss&id=3&UTM_Medium=feed&fbclid=x&gclid=y&mc_cid=z&at_medium=RSS",
        "https://news.example/story/7?id=3&ref=rss",
        "https://news.example/story/7?&id=3&&traffic_source=rss",
        " https://news.example/st\nory/7?id=%33 ",
        "https://news.example/%73tory/7?id=3",
    ],
)
def test_the_same_page_has_the_same_form(url):
    assert canonical_url(url) == PAGE


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/story/8?id=3",
        "https://news.example/story/7?id=4",
        "https://news.example/Story/7?id=3",
        "https://m.news.example/story/7?id=3",
        "https://news.example:8080/story/7?id=3",
        "https://news.example/story/7?id=3&ref=chapter2",
        "https://news.example/story/7?id=3&src=9",
        "https://news.example/story/7?id=3#!/page/2",
    ],
)
def test_other_pages_have_other_forms(url):
    assert canonical_url(url) != PAGE


def test_parameters_are_sorted_and_chinese_is_encoded():
    assert canonical_url("http://例子.hk/新聞?b=中&a=1") == canonical_url(
        "https://xn--fsqu00a.hk/%e6%96%b0%E8%81%9E?a=1&b=%E4%B8%AD"
    )


def test_the_front_page_has_one_form():
    assert canonical_url("https://news.example/") == canonical_url("http://www.news.example") == "https://news.example"


def test_ipv6_hosts_keep_their_brackets():
    assert canonical_url("http://[::1]:8080/a") == "https://[::1]:8080/a"


@pytest.mark.parametrize(
    "text", ["", "tag:news.example,2026:1", "http://[broken", "http://news.example:port/", "words"]
)
def test_what_is_no_web_address_comes_back(text):
    assert canonical_url(f" {text} ") == text


@given(st.text() | st.from_regex(r"https?://[^/]{0,20}(/.{0,20})?"))
def test_any_text_has_a_form_that_stays(text):
    form = canonical_url(text)
    assert canonical_url(form) == form or not form.startswith("https://")


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://news.example/a?b=c#d", "https://news.example/a?b=c#d"),
        (" http://news.example/a\n", "http://news.example/a"),
        ("HTTPS://News.Example/A", "https://News.Example/A"),
        ("https://例子.hk/新聞", "https://例子.hk/新聞"),
        ('https://news.example/a b<c>"d', "https://news.example/a%20b%3Cc%3E%22d"),
        ("https://news.example/a\u3000b\xa0c", "https://news.example/a%E3%80%80b%C2%A0c"),
        ("https://news.example/%E6%96%B0", "https://news.example/%E6%96%B0"),
    ],
)
def test_web_links_are_shown(url, link):
    assert safe_link(url) == link


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "//news.example/", "/a", "tg://resolve",
     "https://", "https://[broken/", "https://news.example:x/", "https://bank.example@evil.example/",
     "https://evil.example\\@bank.example/", "https://news .example/", "https://news\u3000.example/",
     "https://news.example/\u202egnp.exe",
     "https://news.example/\x00", "https://news.example/" + "a" * 3000, "https://news.example/" + " " * 1000],
)  # fmt: skip
def test_nothing_else_is(url):
    assert safe_link(f"{url}x" if url.endswith(" ") else url) == ""


@given(st.text() | st.from_regex(r"(?i:https?)://[^/]{0,20}(/.{0,20})?"))
def test_any_text_is_a_web_link_or_none(text):
    assert safe_link(text) == "" or safe_link(text).startswith(("http://", "https://"))
