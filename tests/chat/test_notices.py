"""Chats hear of a feed that died, and of its return, in their language and with something to do about it."""

from __future__ import annotations

import pytest

from bot.chat.content import content_message
from bot.model import Announcement, ChatSettings, FeedId, FeedRef, Locale, Notice, NoticeKind
from tests.support.fakes import NOW, actions, plain
from tests.support.news import chat

FEED = FeedRef(id=FeedId(7), url="https://feed.example/rss", title="Daily Globe", site="https://globe.example/")


def shown(kind: NoticeKind, *, reason: str = "HTTP 404", feed: FeedRef = FEED, locale: Locale = Locale.EN):
    return content_message(Notice(kind=kind, feed=feed, reason=reason), chat(ChatSettings(locale=locale)), now=NOW)


def test_a_dead_feed_is_named_with_the_reason_and_what_can_be_done():
    message = shown(NoticeKind.FEED_DEAD)
    assert plain(message).splitlines() == [
        "⚠ Daily Globe can't be read any more (not there any more: look for its new address).",
        "I go on trying once a day and tell you when it works again. Nothing needs to be done.",
    ]
    assert actions(message) == ["/unsubscribe 7", "/feeds"]
    assert message.blocks[0].spans[1].url == "https://globe.example/"


def test_a_feed_that_ended_is_not_waited_for():
    assert "Look for its new address" in plain(shown(NoticeKind.FEED_DEAD, reason="HTTP 410"))


def test_its_return_is_told():
    assert plain(shown(NoticeKind.FEED_BACK)) == "Daily Globe can be read again: its news comes here as before."


@pytest.mark.parametrize(("locale", "words"), [(Locale.ZH_HANT, "讀不到"), (Locale.ZH_HANS, "读不到")])
def test_it_speaks_the_language_of_the_chat(locale, words):
    assert words in plain(shown(NoticeKind.FEED_DEAD, locale=locale))
    assert "Daily Globe" in plain(shown(NoticeKind.FEED_BACK, locale=locale))


def test_a_hostile_feed_gets_no_link_and_no_lines_of_its_own():
    feed = FeedRef(id=FeedId(7), url="https://feed.example/rss", title="A\n\n@everyone " * 50, site="javascript:x")
    message = shown(NoticeKind.FEED_DEAD, feed=feed, reason="<b>x</b>\n\nlook")
    assert len(plain(message).splitlines()) == 2
    assert not any("javascript" in span.url for block in message.blocks for span in block.spans)
    assert len(plain(message)) < 400


def test_a_feed_without_a_name_is_known_by_its_address():
    feed = FeedRef(id=FeedId(7), url="https://feed.example/rss")
    assert "https://feed.example/rss" in plain(shown(NoticeKind.FEED_BACK, feed=feed))


def test_a_word_of_the_owners_keeps_its_lines_and_says_whose_it_is():
    said = Announcement(text="  Back at noon.\nSorry!\n \n\nYours,\x00 \u202ethe desk ")
    message = content_message(said, chat(ChatSettings(locale=Locale.ZH_HANT)), now=NOW)
    assert plain(message).splitlines() == [
        "📣 管理這個機器人的人有話說",
        "Back at noon.",
        "Sorry!",
        "Yours,   the desk",
    ]
    assert actions(message) == []
