"""The answers that come seldom pass the catalogues as well: limits, files, other platforms, half-set-up programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.chat.catalogue import catalogue_for
from bot.chat.commands import Limits
from bot.chat.commands.topics import topic_label
from bot.chat.fates import explain_fate
from bot.chat.files import MAX_FILE
from bot.chat.readings import language_name, reading
from bot.feeds.catalogue import load_catalogue
from bot.matching.query import parse
from bot.model import ChatAddress, ChatStatus, End, Locale, Message, Platform
from tests.support.fakes import FakeTranslation, plain, request
from tests.support.pseudo import bypassing, speak_pseudo
from tests.support.situations import CATALOGUE, fill, finding

OPML = """<opml version="2.0"><head><title>港</title></head><body>
<outline type="rss" text="環球" xmlUrl="https://a.example/rss"/><outline type="rss" text="港灣" xmlUrl="ftp://b.example/"/>
<outline type="rss" text="港灣" xmlUrl="https://c.example/rss"/>{more}</body></opml>"""
MANY = "".join(f'<outline type="rss" text="港" xmlUrl="https://{n}.example/rss"/>' for n in range(99))


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locale]:
    with pytest.MonkeyPatch.context() as patch:
        yield from speak_pseudo(tmp_path_factory.mktemp("pseudo"), patch)


@pytest.fixture
def narrow(make_desk, spoken: Locale):
    """A program that allows little and translates nothing."""
    made = make_desk(limits=Limits(feeds=2, keywords=2, regexes=0))
    made.finder.entries = CATALOGUE
    return made


def check(message: Message) -> None:
    assert bypassing(message) == [], plain(message)


@pytest.mark.parametrize(
    "line",
    [
        "/subscribe lab",
        "/keyword add 三方",
        "/keyword add /會+談/",
        "/keyword edit 1 /會+談/",
        "/keyword edit 1 停火",
        "/keyword also 1 停火",
        "/translate 會談",
        "/unsubscribe 環球",
        "/keyword remove 會談",
        "/keyword test 會談 OR 停火",
    ],
)
async def test_limits(narrow, spoken: Locale, line: str) -> None:
    await fill(narrow, spoken)
    check(await narrow.say(line, locale=spoken))


@pytest.mark.parametrize("platform", list(Platform))
@pytest.mark.parametrize("line", ["/import", "/translate", "/start", "/status"])
async def test_every_platform(make_desk, spoken: Locale, line: str, platform: Platform) -> None:
    desk = make_desk(translation=FakeTranslation())
    check(await desk.say(line, locale=spoken, address=ChatAddress(platform, "1")))


@pytest.mark.parametrize(
    "file",
    [
        {"file": OPML.format(more="").encode(), "file_name": "港.opml"},
        {"file": OPML.format(more=MANY).encode(), "file_name": "港.opml"},
        {"file": OPML.format(more="<").encode(), "file_name": "港.opml"},
        {"file": b"<opml/>", "file_name": "港.opml"},
        {"file": b"\x00", "file_name": "港.opml"},
        {"file": b" ", "file_name": "港.opml"},
        {"file_name": "港.opml", "file_size": MAX_FILE + 1},
        {"file_name": "港.opml", "file_size": 5},
    ],
    ids=lambda file: str(file)[:40],
)
async def test_files(narrow, spoken: Locale, file: dict) -> None:
    for mode in ("", "everything"):
        check(await narrow.commands.handle(replace(request(f"/import {mode}", locale=spoken), **file)))


async def test_texts_that_are_no_command(narrow, spoken: Locale) -> None:
    for line in ("會談", "globe", "https://globe.example/rss", "globe.example"):
        check(await narrow.commands.handle(replace(request("", locale=spoken), arguments=line)))


async def test_a_message_that_holds_several_alerts(narrow, spoken: Locale) -> None:
    await fill(narrow, spoken)
    narrow.history.digests["77"] = narrow.history.alerts
    check(await narrow.say("/why", locale=spoken, reply_to="77"))
    narrow.inquiry.messages["78"] = finding(End.SENT)
    check(await narrow.say("/why", locale=spoken, reply_to="78"))


async def test_what_is_looked_up_elsewhere(narrow, spoken: Locale) -> None:
    for _ in range(2):
        for query in ("", "會談"):
            found = await narrow.commands.look_up(replace(request("", locale=spoken), arguments=query), "")
            assert not [word for word in found.invitation.split() if word.isascii()]
            for offer in found.offers:
                check(offer.message)
        await fill(narrow, spoken)


async def test_a_translation_that_failed(make_desk, spoken: Locale) -> None:
    desk = make_desk(translation=FakeTranslation())
    check(await desk.say("/translate 會談", locale=spoken))


async def test_the_state_of_a_chat_with_little_in_it(narrow, spoken: Locale) -> None:
    figures = ChatStatus(feeds=1, failing=0, keywords=0, items_day=0, sent_day=0, waiting=0)
    for line in ("/subscribe globe", "/keyword add 會談", "/pause", "/resume"):
        narrow.history.figures = figures
        check(await narrow.say("/status", locale=spoken))
        check(await narrow.say("/latest", locale=spoken))
        await narrow.say(line, locale=spoken)


@pytest.mark.parametrize(
    "query",
    [
        "會談 停火",
        '"停火協議"',
        "title:停火",
        "feed:港灣 會談",
        "lang:zh 會談",
        "停火 OR 協議",
        "會談 -足球",
        "/會+談/",
        "會談 NEAR/3 停火",
    ],
)
def test_readings(spoken: Locale, query: str) -> None:
    words = reading(parse(query), catalogue_for(spoken))
    assert not [word for word in words.replace("NEAR", "").split() if word.isascii() and word.isalpha()], words


def test_names_of_topics_and_languages(spoken: Locale) -> None:
    t = catalogue_for(spoken)
    for each in load_catalogue():
        for name in (topic_label(each.topic, t), language_name(each.language, t)):
            assert not name.isascii(), name


@pytest.mark.parametrize("reason", ["moved", "rate limited", "token refused", "timeout", "not logged in", "gone: …"])
def test_words_for_what_held_a_delivery_up(spoken: Locale, reason: str) -> None:
    assert not explain_fate(reason, catalogue_for(spoken)).isascii()
