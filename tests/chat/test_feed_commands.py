"""Watching feeds from a chat: by address, page, catalogue name or topic; and letting go of them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.catalogue import catalogue_for
from bot.chat.commands import Limits
from bot.chat.explain import explain_reason
from bot.errors import AddressRefused, FetchTimeout
from bot.feeds.catalogue import load_catalogue
from bot.model import ChatId, FeedId, FoundFeed, Locale, Mode
from tests.support.fakes import NOW, actions, plain

CHAT = ChatId(1)
PAGE = "https://site.example"
LONG = "https://site.example/" + "long-" * 20


def watched(desk) -> list[tuple[str, Mode]]:
    return [(each.feed.url, each.mode) for each in desk.subscriptions.by_chat.get(CHAT, {}).values()]


async def test_a_catalogue_name_is_watched_and_polled_at_once(desk) -> None:
    reply = await desk.say("/subscribe daily-globe")
    assert watched(desk) == [("https://globe.example/rss", Mode.MATCHING)]
    assert desk.bell.rung == ["poll"]
    assert "Now watching Daily Globe." in plain(reply)
    assert "/keyword add" in plain(reply)
    assert "/unsubscribe 1" in actions(reply)


@pytest.mark.parametrize("word", ["everything", "Everything", "全部"])
async def test_everything_of_a_feed_can_be_asked_for(desk, word: str) -> None:
    reply = await desk.say(f"/subscribe daily-globe {word}")
    assert watched(desk) == [("https://globe.example/rss", Mode.EVERYTHING)]
    assert "Every new item" in plain(reply)
    assert "/subscribe daily-globe" in actions(reply)


async def test_with_keywords_the_reply_says_what_comes_next(desk) -> None:
    await desk.say("/keyword add talks")
    assert "match your 1 keyword come" in plain(await desk.say("/subscribe daily-globe"))
    await desk.say("/keyword add Abu Dhabi")
    again = plain(await desk.say("/subscribe daily-globe"))
    assert "Daily Globe is already watched." in again
    assert "one of your 2 keywords" in again


async def test_a_pause_is_remembered_when_watching(desk) -> None:
    await desk.say("/pause")
    assert "Alerts are paused" in plain(await desk.say("/subscribe daily-globe"))


async def test_without_an_address_the_catalogue_is_shown_by_topic(desk) -> None:
    reply = await desk.say("/subscribe")
    assert "World: Daily Globe, 港灣日報" in plain(reply)
    assert actions(reply) == ["/subscribe world", "/subscribe science", "/subscribe"]
    assert reply.buttons[-1][0].ask == "Which site or feed? Its address, or a name."
    topic = await desk.say("/subscribe World")
    singles = ["/subscribe daily-globe", "/subscribe harbour-post"]
    assert actions(topic) == [*singles, "/subscribe world all", "/subscribe"]


@pytest.mark.parametrize("word", ["國際", "国际", "WORLD"])
async def test_a_topic_is_known_by_its_name_in_every_language(desk, word: str) -> None:
    assert "/subscribe harbour-post" in actions(await desk.say(f"/subscribe {word}"))


async def test_a_topic_asked_for_with_everything_offers_everything(desk) -> None:
    assert "/subscribe lab-notes everything" in actions(await desk.say("/subscribe science everything"))


async def test_every_feed_of_a_topic_has_a_button_and_all_fit_into_five_rows(desk) -> None:
    desk.finder.entries = load_catalogue()
    offered = []
    for topic in dict.fromkeys(each.topic for each in load_catalogue()):
        for page in range(1, 4):
            reply = await desk.say(f"/subscribe {topic} #{page}")
            offered += [line.removeprefix("/subscribe ") for line in actions(reply)]
            assert len(reply.buttons) <= 5
    assert {each.name for each in load_catalogue()} <= set(offered)


async def test_a_misspelled_word_of_a_name_brings_the_feeds_of_the_right_one(desk) -> None:
    desk.finder.entries = load_catalogue()
    assert "/subscribe bbc-world" in actions(await desk.say("/subscribe bcc"))


async def test_feeds_of_the_same_title_are_told_apart_by_their_addresses(desk) -> None:
    desk.finder.pages[PAGE] = [FoundFeed(url=f"{PAGE}/{name}.xml", title="News") for name in ("a", "b")]
    assert f"2. News ({PAGE}/b.xml)" in plain(await desk.say(f"/subscribe {PAGE}"))
    await desk.say(f"/subscribe {PAGE} #1")
    await desk.say(f"/subscribe {PAGE} #2")
    assert f"2. News ({PAGE}/b.xml)" in plain(await desk.say("/unsubscribe news"))


async def test_the_mode_of_a_feed_can_be_changed_although_its_address_is_too_long_for_a_button(desk) -> None:
    desk.finder.pages[PAGE] = [FoundFeed(url=LONG, title="Long")]
    everything, *_ = actions(await desk.say(f"/subscribe {PAGE}"))
    matching, *_ = actions(await desk.say(everything))
    assert watched(desk) == [(LONG, Mode.EVERYTHING)]
    await desk.say(matching)
    assert watched(desk) == [(LONG, Mode.MATCHING)]


async def test_a_number_that_is_no_feed_of_the_chat_is_an_unknown_name(desk) -> None:
    assert "no feed called #7" in plain(await desk.say("/subscribe #7"))


async def test_a_topic_without_a_translation_keeps_its_name(desk) -> None:
    desk.finder.entries = (replace(desk.finder.entries[0], topic="chess"),)
    assert "chess" in plain(await desk.say("/subscribe"))


async def test_a_name_wins_over_a_topic(desk) -> None:
    desk.finder.entries = (replace(desk.finder.entries[0], name="world"),)
    await desk.say("/subscribe world")
    assert watched(desk)


async def test_an_unknown_name_brings_the_near_ones(desk) -> None:
    reply = await desk.say("/subscribe daily glob")
    assert "no feed called daily glob" in plain(reply)
    assert "/subscribe daily-globe" in actions(reply)


@pytest.mark.parametrize(
    ("error", "said"),
    [(AddressRefused(PAGE, "private"), "private network"), (FetchTimeout(PAGE), "too long to answer")],
)
async def test_an_address_that_fails_is_explained(desk, error: Exception, said: str) -> None:
    desk.finder.pages[PAGE] = error
    reply = plain(await desk.say(f"/subscribe {PAGE}"))
    assert said in reply
    assert PAGE in reply
    assert not watched(desk)


async def test_several_feeds_of_a_page_are_offered(desk) -> None:
    desk.finder.pages[PAGE] = [
        FoundFeed(url="https://site.example/en.xml", title="English"),
        FoundFeed(url=LONG, title="中文"),
    ]
    reply = await desk.say(f"/subscribe {PAGE} everything")
    assert actions(reply) == ["/subscribe https://site.example/en.xml everything", f"/subscribe {PAGE} #2 everything"]
    assert not watched(desk)
    await desk.say(actions(reply)[1])
    assert watched(desk) == [(LONG, Mode.EVERYTHING)]


async def test_where_every_address_is_too_long_for_a_button_the_line_is_written_out(desk) -> None:
    page = LONG + "page"
    desk.finder.pages[page] = [FoundFeed(url=LONG + "a" * 50, title=""), FoundFeed(url=LONG + "b" * 50, title="B")]
    reply = await desk.say(f"/subscribe {page}")
    assert not actions(reply)
    assert f"/subscribe {page} #2" in plain(reply)


async def test_a_number_that_no_feed_has_asks_again(desk) -> None:
    desk.finder.pages[PAGE] = [FoundFeed(url="https://site.example/en.xml", title="English")]
    assert "Which one?" in plain(await desk.say(f"/subscribe {PAGE} #4"))


async def test_a_page_without_feeds_says_so(desk) -> None:
    desk.finder.pages[PAGE] = []
    assert "no feed" in plain(await desk.say(f"/subscribe {PAGE}"))


async def test_the_limit_is_named_and_holds_only_for_new_feeds(make_desk) -> None:
    desk = make_desk(limits=Limits(feeds=1))
    await desk.say("/subscribe daily-globe")
    assert "has 1 feed, the most" in plain(await desk.say("/subscribe lab-notes"))
    assert "Every new item" in plain(await desk.say("/subscribe daily-globe everything"))
    assert len(watched(desk)) == 1


@pytest.mark.parametrize("typed", ["1", "#1", "https://globe.example/rss", "daily globe", "GLOBE"])
async def test_a_feed_is_let_go_by_number_address_or_title(desk, typed: str) -> None:
    await desk.say("/subscribe daily-globe everything")
    await desk.say("/subscribe lab-notes")
    reply = await desk.say(f"/unsubscribe {typed}")
    assert "Stopped watching Daily Globe." in plain(reply)
    assert watched(desk) == [("https://lab.example/atom", Mode.MATCHING)]
    await desk.say(actions(reply)[0])
    assert ("https://globe.example/rss", Mode.EVERYTHING) in watched(desk)


async def test_letting_go_asks_where_several_or_none_fit(desk) -> None:
    assert "No feed is watched" in plain(await desk.say("/unsubscribe 1"))
    await desk.say("/subscribe daily-globe")
    await desk.say("/subscribe lab-notes")
    assert "Which feed should I stop" in plain(await desk.say("/unsubscribe"))
    assert "Several feeds match" in plain(await desk.say("/unsubscribe example"))
    near = await desk.say("/unsubscribe Daily Glbe")
    assert "No feed here matches" in plain(near)
    assert actions(near) == ["/unsubscribe 1"]
    assert len(watched(desk)) == 2


async def test_the_list_says_how_each_feed_is(desk) -> None:
    for n, state in enumerate(
        [
            {},
            {"polled": NOW - timedelta(minutes=3)},
            {
                "polled": NOW - timedelta(minutes=3),
                "last_item": NOW - timedelta(hours=2),
                "next_poll": NOW + timedelta(minutes=5, seconds=40),
            },
            {"error": "HTTP 404", "next_poll": NOW + timedelta(hours=20)},
            {"error": "tls"},
            {"error": "HTTP 410", "next_poll": NOW + timedelta(days=3650)},
            {"error": "HTTP 503"},
        ]
    ):
        found = FoundFeed(url=f"https://{n}.example/rss", title=f"Feed {n}")
        await desk.say("/help")
        subscription, _ = await desk.subscriptions.subscribe(CHAT, found, mode=Mode.MATCHING, now=NOW)
        desk.subscriptions.by_chat[CHAT][subscription.feed.id] = replace(subscription, **state)
    lines = plain(await desk.say("/feeds")).splitlines()
    assert lines[0] == "7 feeds are watched here"
    assert lines[1] == "1. Feed 0 · not read yet"
    assert lines[2].endswith(" · nothing in it yet")
    assert lines[3].endswith(" · newest 2 hours ago")
    assert lines[4].endswith("not there any more: look for its new address · tried again in 20 hours")
    assert lines[5].endswith("can't be read now: its certificate is not valid · tried again at once")
    assert lines[6].endswith("⚠ it has ended and is read no more")
    assert lines[7].endswith("the site has trouble (HTTP 503) · tried again at once")


_KEPT_REASONS = [
    "timeout",
    "dns",
    "connection",
    "disconnected",
    "tls",
    "redirects",
    "network",
    "body",
    "protocol",
    "private",
    "host",
    "scheme",
    "credentials",
    "port",
    "json",
    "html",
    "doctype",
    "entities",
    "members",
    "HTTP_401",
    "HTTP_403",
    "HTTP_404",
    "HTTP_410",
    "HTTP_429",
    "HTTP_500",
    "HTTP_503",
    "unknown_format",
    "no_feed_found",
    "unknown_name",
    "needs_rsshub",
    "sitemap_index",
    "sitemap_without_titles",
    "cut_off",
]


@pytest.mark.parametrize("reason", [reason.replace("_", " ") for reason in _KEPT_REASONS])
@pytest.mark.parametrize("locale", [Locale.ZH_HANT, Locale.ZH_HANS])
def test_each_reason_of_a_failure_has_words_in_each_language(reason, locale) -> None:
    said, english = explain_reason(reason, catalogue_for(locale)), explain_reason(reason, catalogue_for(Locale.EN))
    assert english != reason
    assert said != english


async def test_a_long_list_has_pages(desk) -> None:
    await desk.say("/help")
    for n in range(25):
        found = FoundFeed(url=f"https://{n}.example/rss", title=f"Feed {n}")
        await desk.subscriptions.subscribe(CHAT, found, mode=Mode.MATCHING, now=NOW)
    first = await desk.say("/feeds")
    assert actions(first) == [*(f"/feed show {n}" for n in range(1, 9)), "/feeds 2", "/subscribe"]
    last = await desk.say("/feeds 99")
    assert "25. Feed 24" in plain(last)
    assert actions(last) == ["/feed show 25", "/feeds 3", "/subscribe", "/feed clear"]
    assert FeedId(25) in desk.subscriptions.by_chat[CHAT]


async def test_every_topic_of_the_catalogue_has_a_name_in_chinese(desk) -> None:
    desk.finder.entries = load_catalogue()
    reply = await desk.say("/subscribe", locale=Locale.ZH_HANT)
    labels = [button.label for row in reply.buttons for button in row if not button.ask]
    assert len(labels) == len({entry.topic for entry in desk.finder.entries})
    assert all(re.fullmatch("[\u4e00-\u9fff]+", label) for label in labels)
