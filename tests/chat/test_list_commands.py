"""Feeds from a file and back: `/import` and `/export`."""

from dataclasses import replace

import pytest

from bot.chat.commands import Limits
from bot.chat.files import MAX_FILE
from bot.errors import NotAFeed
from bot.feeds.opml import OpmlFeed, read_opml, write_opml
from bot.model import ChatAddress, ChatId, ChatKind, FeedId, Locale, Message, Mode, Platform
from tests.support.fakes import NOW, actions, plain, request

CHAT = ChatId(1)


def opml(*urls: str, **more: object) -> bytes:
    return write_opml("", [OpmlFeed(url=url, title=f"Feed {number}", **more) for number, url in enumerate(urls, 1)])


def many(count: int) -> list[str]:
    return [f"https://host{number}.example/rss" for number in range(count)]


async def give(desk, data: bytes, line: str = "/import", **who: object) -> Message:
    sent = replace(request(line, **who), file=data, file_name="feeds.opml", file_size=len(data))
    return await desk.commands.handle(sent)


def watched(desk) -> list[tuple[str, Mode]]:
    return [(each.feed.url, each.mode) for each in desk.subscriptions.by_chat.get(CHAT, {}).values()]


async def test_the_feeds_of_a_file_are_watched_and_polled_at_once(desk) -> None:
    reply = await give(desk, opml("https://a.example/rss", "https://b.example/rss"))
    assert watched(desk) == [("https://a.example/rss", Mode.MATCHING), ("https://b.example/rss", Mode.MATCHING)]
    assert plain(reply).startswith("2 feeds were added\n")
    assert "no keyword here yet" in plain(reply)
    assert desk.bell.rung == ["poll"]


async def test_everything_can_be_asked_for(desk) -> None:
    reply = await give(desk, opml("https://a.example/rss"), "/import everything")
    assert watched(desk) == [("https://a.example/rss", Mode.EVERYTHING)]
    assert "keyword" not in plain(reply)


async def test_what_is_here_stays_as_it_is(desk) -> None:
    await give(desk, opml("https://a.example/rss"), "/import everything")
    desk.bell.rung.clear()
    reply = await give(desk, opml("https://www.a.example/rss/"))
    assert watched(desk) == [("https://a.example/rss", Mode.EVERYTHING)]
    assert plain(reply) == "0 feeds were added\n1 was here already."
    assert actions(reply) == ["/feeds"]
    assert desk.bell.rung == []


async def test_what_was_not_taken_is_told_with_its_reason(desk) -> None:
    bad = [
        "ftp://a.example/",
        "http://10.0.0.1/",
        "https://u:secret@a.example/",
        "rsshub://x/y",
        "http://a.example:25/",
    ]
    reply = plain(await give(desk, opml(*bad, "http://127.0.0.1/", "https://ok.example/")))
    assert "1 feed was added" in reply
    assert "6 can't be read by me:" in reply
    assert "ftp://a.example/ · no address of the web" in reply
    assert "http://10.0.0.1/ · its host is in a private network" in reply
    assert "https://a.example/ · with a name or password in it" in reply
    assert "rsshub://x/y · it needs an RSSHub" in reply
    assert "http://a.example:25/ · at an unusual port" in reply
    assert reply.count(" · ") == 5  # then an ellipsis
    assert "secret" not in reply


async def test_a_chat_gets_no_more_feeds_than_it_may_have(make_desk) -> None:
    desk = make_desk(limits=Limits(feeds=3))
    reply = await give(desk, opml(*many(5)))
    assert len(watched(desk)) == 3
    assert "2 were too many. A chat may have 3 feeds." in plain(reply)


async def test_what_is_wrong_with_the_file_itself_is_told(desk) -> None:
    cut = opml(*many(3))[:-60] + b'<outline text="'
    twice = opml("https://a.example/") + b"<outline>"
    assert "The file is damaged" in plain(await give(desk, cut))
    assert "The file is damaged" in plain(await give(desk, twice))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"  ", "That file is empty."),
        (b"%PDF-1.7", "That file is no list of feeds"),
        (b"<opml><body/></opml>", "That file names no feed."),
    ],
)
async def test_a_file_that_is_no_list_changes_nothing(desk, data: bytes, said: str) -> None:
    reply = await give(desk, data)
    assert plain(reply).startswith(said)
    assert "Nothing was changed." in plain(reply)
    assert watched(desk) == []


@pytest.mark.parametrize(
    ("size", "said"), [(MAX_FILE + 1, "too large: at most 1 MB"), (100, "could not be had"), (0, "could not be had")]
)
async def test_a_file_that_did_not_come_is_told(desk, size: int, said: str) -> None:
    sent = replace(request("/import"), file_name="feeds.opml", file_size=size)
    assert said in plain(await desk.commands.handle(sent))


@pytest.mark.parametrize(
    ("platform", "said"),
    [
        (Platform.TELEGRAM, "with /import as its caption"),
        (Platform.DISCORD, "in its option"),
        (Platform.CONSOLE, "the path of the file"),
    ],
)
async def test_without_a_file_the_way_to_give_one_is_told(desk, platform: Platform, said: str) -> None:
    assert said in plain(await desk.say("/import", address=ChatAddress(platform, "1")))


async def test_an_import_can_be_undone_and_takes_nothing_else_along(desk) -> None:
    await desk.say("/subscribe daily-globe")
    subscription = desk.subscriptions.by_chat[CHAT][FeedId(1)]
    desk.subscriptions.by_chat[CHAT][FeedId(1)] = replace(subscription, created=NOW.replace(year=2025))
    undo, *_ = actions(await give(desk, opml(*many(12))))
    assert len(undo.encode()) <= 64
    assert plain(await desk.say(undo)) == "12 feeds are watched no more."
    assert [url for url, _ in watched(desk)] == ["https://globe.example/rss"]
    assert plain(await desk.say(undo)) == "Nothing of that file is watched here."


@pytest.mark.parametrize("line", ["/import undo x", "/import undo 99999999999999999999", "/import undo"])
async def test_no_other_undo_takes_anything_away(desk, line: str) -> None:
    await give(desk, opml(*many(2)))
    await desk.say(line)
    assert len(watched(desk)) == 2


async def test_only_admins_of_a_group_import(desk) -> None:
    reply = await give(desk, opml(*many(1)), kind=ChatKind.GROUP, can_manage=False)
    assert "Only admins" in plain(reply)
    assert watched(desk) == []


async def test_the_feeds_of_a_chat_go_out_as_a_file_and_come_in_again(desk, make_desk) -> None:
    await give(desk, opml("https://a.example/rss"), "/import everything")
    await give(desk, opml("https://b.example/rss"))
    reply = await desk.say("/export")
    name, data = reply.file
    assert (name, plain(reply).split("\n")[0]) == ("diting-2026-03-14.opml", "2 feeds are in this file.")
    assert read_opml(data).title == "Diting: A chat"
    other = make_desk()
    await give(other, data)
    assert watched(other) == watched(desk)


async def test_a_chat_without_feeds_has_no_file(desk) -> None:
    reply = await desk.say("/export")
    assert reply.file is None
    assert "No feed is watched here yet." in plain(reply)


@pytest.mark.parametrize("locale", [Locale.ZH_HANT, Locale.ZH_HANS])
async def test_it_is_all_said_in_chinese(desk, locale: Locale) -> None:
    reply = plain(await give(desk, opml("https://a.example/rss", "ftp://b.example/"), locale=locale))
    assert ("加入了 1 個來源" if locale is Locale.ZH_HANT else "加入了 1 个来源") in reply
    assert "feed" not in reply.replace("/feeds", "")


async def test_topics_of_many_feeds_have_pages(desk) -> None:
    entry = desk.finder.entries[0]
    desk.finder.entries = tuple(
        replace(entry, name=f"feed-{number}", url=f"https://{number}.example/", topic_names=("國際",))
        for number in range(30)
    )
    first, second, last = [await desk.say(f"/subscribe {line}") for line in ("国际", "world #2 everything", "world #9")]
    assert actions(first)[-2:] == ["/subscribe world #2", "/subscribe"]
    assert actions(second)[-3:] == ["/subscribe world #1 everything", "/subscribe world #3 everything", "/subscribe"]
    assert actions(last) == [
        *(f"/subscribe feed-{number}" for number in range(24, 30)),
        "/subscribe world all",
        "/subscribe world #2",
        "/subscribe",
    ]
    assert all(len(reply.buttons) <= 5 for reply in (first, second, last))
    assert "25. Daily Globe" in plain(last)


async def test_a_site_that_needs_an_rsshub_is_told_so(desk) -> None:
    desk.finder.pages["https://t.me/harbour"] = NotAFeed("https://t.me/harbour", "needs rsshub")
    assert "RSSHUB_URL" in plain(await desk.say("/subscribe https://t.me/harbour"))
