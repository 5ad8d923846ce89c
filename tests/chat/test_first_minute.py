"""The first minute: topics, words, and at once what the last day would have brought."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.blocks import MESSAGE_LIMIT, block_length
from bot.chat.commands import Limits
from bot.feeds.catalogue import load_catalogue
from bot.model import CatalogueEntry, ChatKind, Locale, Message, Mode, Why
from tests.support.fakes import NOW, actions, plain, request
from tests.support.news import BRIEF, alert, crowded, stored


def labels(message: Message) -> dict[str, str]:
    return {button.label: button.action for row in message.buttons for button in row}


async def typed(desk, words: str, **who: object) -> Message:
    asked = request("/help", **who)
    return await desk.commands.handle(replace(asked, command="", arguments=words))


def mine(desk) -> list[str]:
    return [each.query for chat in desk.keywords.by_chat.values() for each in chat.values()]


def watched(desk) -> list[str]:
    return [each.feed.title for chat in desk.subscriptions.by_chat.values() for each in chat.values()]


def news(*titles: str):
    return [
        alert(replace(BRIEF, title_en=title), item=stored(title, url=f"https://globe.example/{n}"))
        for n, title in enumerate(titles)
    ]


# --- topics -----------------------------------------------------------------------------------------------


async def test_each_topic_says_how_many_feeds_it_has_and_a_tap_in_place_watches_them_all(desk):
    page = await desk.say("/start")
    assert labels(page)["World · 2"] == "/subscribe world all"
    assert all(button.in_place for button in page.buttons[0])
    taken = await desk.say("/subscribe world all")
    assert watched(desk) == ["Daily Globe", "港灣日報"]
    assert "Now watching 2 feeds: World" in plain(taken)
    assert labels(taken)["✓ World · 2"] == "/subscribe world"
    assert labels(taken)["Next: words"] == "/start words"
    assert desk.bell.rung == ["poll"]


async def test_a_topic_that_was_taken_is_given_back_by_undo_and_what_was_there_before_stays(desk):
    await desk.say("/subscribe daily-globe")
    desk.subscriptions.by_chat[1][1] = replace(desk.subscriptions.by_chat[1][1], created=NOW.replace(year=2025))
    taken = await desk.say("/subscribe world all")
    await desk.say(labels(taken)["Undo"])
    assert watched(desk) == ["Daily Globe"]


async def test_a_watched_topic_opens_and_offers_to_stop_it_whole(desk):
    await desk.say("/subscribe world all")
    page = await desk.say("/subscribe world")
    assert "✓ Daily Globe" in plain(page)
    left = await desk.say(labels(page)["Stop all 2"])
    assert watched(desk) == []
    assert "2 feeds are watched no more." in plain(left)


async def test_the_limit_of_feeds_holds_for_whole_topics_too(make_desk):
    desk = make_desk(limits=Limits(feeds=1))
    taken = await desk.say("/subscribe world all")
    assert watched(desk) == ["Daily Globe"]
    assert "1 was one too many. A chat may have 1 feed." in plain(taken)


async def test_a_topic_can_be_watched_whole_with_everything(desk):
    await desk.say("/subscribe world all everything")
    assert {each.mode for each in desk.subscriptions.by_chat[1].values()} == {Mode.EVERYTHING}


@pytest.mark.parametrize("line", ["/subscribe 國際 所有", "/subscribe WORLD ALL"])
async def test_a_whole_topic_can_be_typed_in_every_language(desk, line: str):
    await desk.say(line)
    assert len(watched(desk)) == 2


async def test_all_pages_of_the_first_minute_fit_into_five_rows_of_the_real_catalogue(desk):
    desk.finder.entries = load_catalogue()
    desk.outlook.names = ["Abu Dhabi", "Tehran", "Kyiv", "Riyadh", "Geneva", "Hong Kong"]
    for line in ("/start", "/subscribe world all", "/start words", "/subscribe", "/subscribe world"):
        for locale in Locale:
            page = await desk.say(line, locale=locale)
            assert len(page.buttons) <= 5, line
            assert all(len(row) <= 5 for row in page.buttons)
            # On Discord an embed can't take the place of a text.
            assert page.blocks[0].kind == "title", line


# --- words ------------------------------------------------------------------------------------------------


async def test_names_in_the_news_of_the_chats_feeds_are_offered_before_words_for_everybody(desk):
    await desk.say("/subscribe world all")
    desk.outlook.names = ["Abu Dhabi", "Tehran"]
    page = await desk.say("/start words")
    offered = [label for label, action in labels(page).items() if action.startswith("/keyword add ")]
    assert offered[:3] == ["Abu Dhabi", "Tehran", "artificial intelligence"]
    assert len(offered) == 6
    asking = next(button for row in page.buttons for button in row if button.ask)
    assert (asking.action, asking.ask) == ("/keyword add", "Which words? One keyword a line.")


async def test_what_is_a_keyword_already_is_not_offered(desk):
    desk.outlook.names = ["Abu Dhabi"]
    await desk.say("/keyword add abu dhabi")
    assert "Abu Dhabi" not in labels(await desk.say("/start words"))


@pytest.mark.parametrize(("locale", "name"), [(Locale.ZH_HANT, "氣候"), (Locale.ZH_HANS, "气候")])
async def test_words_are_offered_in_the_persons_language(desk, locale: Locale, name: str):
    assert name in labels(await desk.say("/start words", locale=locale))


# --- what the last day would have brought -------------------------------------------------------------------


async def test_the_first_keyword_shows_at_once_what_the_last_day_would_have_brought_as_alerts(desk):
    await desk.say("/subscribe world all")
    why = Why(keyword="talks", matched=("talks",))
    desk.outlook.alerts = [replace(each, why=(why,)) for each in news("One", "Two", "Three", "Four")]
    reply = await desk.say("/keyword add talks")
    said = plain(reply)
    assert "In the last 24 hours 4 alerts would have come:" in said
    for title in ("One", "Two", "Three"):
        assert f"{title}" in said
    assert "Four" not in said
    assert said.count(BRIEF.title_zh) == 3
    assert "Envoys of three countries met for two hours." in said
    assert "Daily Globe · 5 minutes ago" in said
    assert "I watch from now on" in said
    assert "/keyword remove 1" in actions(reply)
    links = {span.url for block in reply.blocks for span in block.spans if span.url}
    assert links == {f"https://globe.example/{n}" for n in range(3)}


async def test_of_more_alerts_than_are_counted_it_is_said_so(desk):
    await desk.say("/subscribe world all")
    desk.outlook.alerts, desk.outlook.more = news("One", "Two", "Three"), True
    assert "In the last 24 hours at least 3 alerts would have come:" in plain(await desk.say("/keyword add talks"))


async def test_a_second_keyword_is_added_without_all_that(desk):
    await desk.say("/subscribe world all")
    desk.outlook.alerts = news("One")
    await desk.say("/keyword add talks")
    assert "24 hours" not in plain(await desk.say("/keyword add chess"))


async def test_when_the_last_day_had_nothing_the_last_week_speaks(desk):
    await desk.say("/subscribe world all")
    desk.outlook.older = news("Old")
    said = plain(await desk.say("/keyword add talks"))
    assert "nothing would have come, in the last 7 days 1 alert:" in said
    assert "Old" in said


async def test_when_nothing_matches_that_is_said(desk):
    await desk.say("/subscribe world all")
    assert "Fewer words find more." in plain(await desk.say("/keyword add talks"))


async def test_feeds_that_were_not_read_in_time_are_said_to_come_in(desk):
    await desk.say("/subscribe world all")
    desk.outlook.read = False
    assert "for the first time" in plain(await desk.say("/keyword add talks"))


async def test_long_alerts_leave_room_for_the_rest_of_the_message(desk):
    await desk.say("/subscribe world all")
    desk.outlook.alerts = [crowded(), crowded(), crowded()]
    reply = await desk.say("/keyword add talks")
    assert sum(map(block_length, reply.blocks)) <= MESSAGE_LIMIT
    assert "I watch from now on" in plain(reply)


async def test_a_word_without_a_feed_leads_to_the_topics_and_those_to_what_would_have_come(desk):
    added = await desk.say("/keyword add talks")
    assert labels(added)["Choose topics"] == "/start"
    taken = await desk.say("/subscribe world all")
    desk.outlook.alerts = news("One")
    assert "One" in plain(await desk.say(labels(taken)["Last 24 hours"]))


# --- text and lines ---------------------------------------------------------------------------------------


async def test_who_has_feeds_and_no_word_yet_may_just_type_them_in_private(desk):
    await desk.say("/subscribe world all")
    reply = await typed(desk, "三方會談")
    assert mine(desk) == ["三方會談"]
    assert "/keyword remove 1" in actions(reply)
    await typed(desk, "chess")
    assert mine(desk) == ["三方會談"]  # from then on a text is asked about


async def test_a_text_in_a_group_is_no_word_to_add(desk):
    await desk.say("/subscribe world all", kind=ChatKind.GROUP)
    await typed(desk, "good morning", kind=ChatKind.GROUP)
    assert mine(desk) == []


async def test_an_address_typed_instead_of_words_is_offered_to_be_watched(desk):
    await desk.say("/subscribe world all")
    assert "/subscribe example.org" in actions(await typed(desk, "example.org"))


async def test_lines_become_a_keyword_each_and_one_tap_takes_all_of_them_back(desk):
    await desk.say("/keyword add chess")
    desk.keywords.by_chat[1][1] = replace(desk.keywords.by_chat[1][1], created=NOW.replace(year=2025))
    reply = await desk.say('/keyword add 三方會談\n  Abu   Dhabi \n\nchess\n-football\n"open')
    assert mine(desk) == ["chess", "三方會談", "Abu Dhabi"]
    said = plain(reply)
    assert "2 keywords added" in said
    assert "1 was here already." in said
    assert "2 can't be read by me:" in said
    assert '"open · ' in said
    await desk.say(labels(reply)["Undo"])
    assert mine(desk) == ["chess"]


async def test_lines_over_the_limit_are_named(make_desk):
    desk = make_desk(limits=Limits(keywords=2, regexes=0))
    said = plain(await desk.say("/keyword add one\n/two/\nthree\nfour"))
    assert mine(desk) == ["one", "three"]
    assert "2 were too many. A chat may have 2 keywords." in said
    assert "four" in said


async def test_a_query_broken_into_lines_stays_one(desk):
    await desk.say("/keyword add talks OR\nsummit")
    assert mine(desk) == ["talks OR summit"]


async def test_the_first_lines_show_what_they_would_have_brought(desk):
    await desk.say("/subscribe world all")
    desk.outlook.alerts = news("One")
    assert "One" in plain(await desk.say("/keyword add talks\nsummit"))


# --- undo -------------------------------------------------------------------------------------------------


async def test_undo_alone_takes_back_what_came_last(desk):
    await desk.say("/subscribe daily-globe")
    desk.subscriptions.by_chat[1][1] = replace(desk.subscriptions.by_chat[1][1], created=NOW.replace(year=2025))
    await desk.say("/keyword add talks")
    await desk.say("/undo")
    assert (mine(desk), watched(desk)) == ([], ["Daily Globe"])


async def test_there_may_be_nothing_to_take_back(desk):
    assert "nothing to take back" in plain(await desk.say("/undo"))
    assert "nothing to take back" in plain(await desk.say("/undo 17"))


async def test_a_topic_of_the_catalogue_with_one_address_twice_is_counted_once(desk):
    entry = desk.finder.entries[0]
    desk.finder.entries = (entry, replace(entry, name="again"), CatalogueEntry(**_other(entry)))
    assert "World · 2" in labels(await desk.say("/start"))


def _other(entry: CatalogueEntry) -> dict:
    return {"name": "o", "title": "Other", "url": "https://o.example/", "language": "en", "topic": entry.topic}
