"""robots.txt as RFC 9309 has it, from strangers who may mean no good."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import AddressRefused, FeedGone, FetchFailed, FetchTimeout, HttpError, TooLarge
from bot.feeds.robots import KEPT, MAX_BYTES, MAX_HOSTS, UNREACHABLE, Robots, read_rules
from bot.model import Fetched
from tests.support.seconds import Seconds

SITE = "https://news.example"


def allowed(text: str, *paths: str) -> list[bool]:
    rules = read_rules(text.encode(), "Diting")
    return [rules.allow(SITE + path) for path in paths]


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("", "/", ""),
        ("User-agent: *\nDisallow:", "/a", ""),
        ("User-agent: *\nDisallow: /", "/robots.txt", "/ /a"),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/ /a/b/c /A /ba", "/a /ab /a/c /a?b"),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", ""),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x /pdf", "/a.pdf /b/c.pdf"),
        ("User-agent: *\nDisallow: /$", "/a", "/"),
        ("User-agent: *\nDisallow: /a*b*c", "/acb /ab", "/abc /axxbxxcxx"),
        ("User-agent: *\nDisallow: /a*a$", "/a /aab", "/aa /axa"),
        ("User-agent: *\nDisallow: *print=", "/a", "/a?print=1"),
        ("User-agent: *\nDisallow: /a$b", "/a", "/a$b"),
        ("User-agent: *\nDisallow: /新聞", "/", "/新聞/1 /%E6%96%B0%E8%81%9E/1"),
        ("User-agent: *\nDisallow: /%7Ejoe", "/", "/~joe /%7ejoe"),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", "/a%2fb"),
        ("User-agent: *\nDisallow: /100%", "/", "/100%25"),
        ("user-agent : DITING\r\nDISALLOW:/a # for us\r\n", "/b", "/a"),
        ("\ufeffUser-agent: *\rDisallow: /a", "/b", "/a"),
        ("User-agent: Diting/0.1\nDisallow: /a", "/b", "/a"),
        ("User-agent: *\nDisallow: /\nUser-agent: Diting\nDisallow: /a", "/b", "/a"),
        ("User-agent: Diting\nUser-agent: y\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", "/a"),
        ("User-agent: Diting\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: diting\nDisallow:/b", "", "/a /b"),
        ("User-agent: Ditingbot\nDisallow: /", "/a", ""),
        ("User-agent: Diting\n\nUser-agent: *\nDisallow: /a", "/b", "/a"),
        ("User-agent: Diting\nSitemap: https://a.example/x\nCrawl-delay: 9\nDisallow: /a", "/b", "/a"),
        ("Disallow: /", "/a", ""),
        ("User-agent: *\nDisallow: a", "/a", ""),
        ("User-agent: *\nDisallow /a\nNonsense\n:::", "/a", ""),
        ("<!doctype html><title>Not found</title>", "/a", ""),
    ],
)  # fmt: skip
def test_rules(text, yes, no):
    assert allowed(text, *yes.split()) == [True] * len(yes.split())
    assert allowed(text, *no.split()) == [False] * len(no.split())


def test_only_the_beginning_of_a_long_file_counts():
    head = "User-agent: *\nDisallow: /a\n"
    assert allowed(head + "#" * MAX_BYTES + "\nDisallow: /b\n", "/a", "/b") == [False, True]


def test_patterns_made_to_take_ages_do_not():
    text = "User-agent: *\n" + ("Disallow: /" + "*a" * 15 + "*b\n") * 2_000
    assert allowed(text, "/" + "a" * 4_000) == [True]
    assert allowed("User-agent: *\nDisallow: /" + "*a" * 500, "/" + "a" * 600) == [True]  # nobody means that


def test_a_crowd_of_agents_and_rules_takes_no_room():
    text = "".join(f"User-agent: a{n}\n" for n in range(10_000)) + "".join(f"Disallow: /{n}\n" for n in range(20_000))
    assert len(read_rules(text.encode(), "Diting")._rules) == 0
    assert len(read_rules(b"User-agent: *\n" + text.split("\n", 10_000)[-1].encode(), "Diting")._rules) == 2_000


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_file_and_address_has_an_answer(body, path):
    assert read_rules(b"User-agent: *\nDisallow: /" + body, "Diting").allow(f"{SITE}/{path}") in {True, False}


class Site:
    """A fetcher that has one answer for all, and remembers what it was asked for."""

    def __init__(self, answer: bytes | Exception) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def fetch(self, url, *, etag="", last_modified=""):
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        return Fetched(url=url, status=200, body=self.answer)


async def test_a_hosts_file_is_asked_for_once_a_day():
    time, site = Seconds(), Site(b"User-agent: *\nDisallow: /a")
    robots = Robots(site, "Diting", clock=time)
    assert [await robots.allowed(SITE + path) for path in ("/a", "/b", "/c")] == [False, True, True]
    assert site.asked == [f"{SITE}/robots.txt"]
    time.now += KEPT
    assert not await robots.allowed(SITE + "/a")
    assert len(site.asked) == 2


async def test_many_who_ask_at_once_ask_once(host, fetcher):
    host.give("/robots.txt", "User-agent: *\nDisallow: /a")
    robots = Robots(fetcher, "Diting")
    answers = await asyncio.gather(*(robots.allowed(f"{host.url}/{path}") for path in "abcab"))
    assert answers == [False, True, True, False, True]
    assert host.paths() == ["/robots.txt"]


async def test_each_host_scheme_and_port_has_its_own_file():
    site = Site(b"")
    robots = Robots(site, "Diting")
    for url in ("https://A.example/x", "http://a.example/x", "https://a.example:8443/x", "https://a.example/y"):
        assert await robots.allowed(url)
    assert site.asked == [
        "https://a.example/robots.txt", "http://a.example/robots.txt", "https://a.example:8443/robots.txt",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "error", [HttpError(SITE, 404), HttpError(SITE, 401), HttpError(SITE, 403), FeedGone(SITE, "HTTP 410")]
)
async def test_without_a_file_all_is_allowed(error):
    assert await Robots(Site(error), "Diting").allowed(SITE + "/a")


@pytest.mark.parametrize(
    "error",
    [
        HttpError(SITE, 500),
        HttpError(SITE, 503, timedelta(seconds=9)),
        HttpError(SITE, 429),
        FetchTimeout(SITE, "timeout"),
        FetchFailed(SITE, "redirects"),
        TooLarge(SITE, "body"),
    ],
)
async def test_a_file_that_cannot_be_had_now_forbids_all_for_an_hour(error):
    time, site = Seconds(), Site(error)
    robots = Robots(site, "Diting", clock=time)
    assert not await robots.allowed(SITE + "/a")
    site.answer = b""
    assert not await robots.allowed(SITE + "/a")
    time.now += UNREACHABLE
    assert await robots.allowed(SITE + "/a")


async def test_what_the_guard_refuses_is_not_allowed():
    assert not await Robots(Site(AddressRefused(SITE, "private")), "Diting").allowed(SITE)
    assert not await Robots(Site(b""), "Diting").allowed("http://[broken")


async def test_the_hosts_that_are_remembered_are_few():
    site = Site(b"")
    robots = Robots(site, "Diting")
    for number in range(MAX_HOSTS + 1):
        await robots.allowed(f"https://{number}.example/")
    assert len(robots._kept) == MAX_HOSTS
    await robots.allowed("https://0.example/")
    assert len(site.asked) == MAX_HOSTS + 2


async def test_with_the_real_fetcher_redirects_are_followed(host, fetcher):
    host.give("/rules", "User-agent: *\nDisallow: /a")
    host.give("/robots.txt", status=301, Location="/rules")
    robots = Robots(fetcher, "Diting")
    assert [await robots.allowed(host.url + path) for path in ("/a", "/b")] == [False, True]
    assert host.paths() == ["/robots.txt", "/rules"]
