"""`/full`: an alert's whole text, in the language that is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.blocks import MESSAGE_LIMIT
from bot.chat.clip import utf16_len
from bot.model import BlockKind, Brief, ChatKind, DeliveryState, End, Fate, Finding, Locale, MadeBy, Mode, Trail
from bot.model.trails import ItemState
from tests.support.fakes import NOW, actions, plain
from tests.support.news import BRIEF, alert, stored

TEXT = "Envoys of three countries met for two hours.\n\n" + "They will meet again on Monday. " * 9


def finding(brief: Brief | None = BRIEF, text: str = TEXT) -> Finding:
    item = stored()
    item = replace(item, item=replace(item.item, text=text))
    fate = Fate(state=DeliveryState.SENT, why=(), created=NOW, finished=NOW)
    trail = Trail(item=item, state=ItemState.DONE, mode=Mode.MATCHING, subscribed=NOW, brief=brief, fate=fate)
    return Finding(end=End.SENT, trail=trail)


async def test_a_button_shows_the_other_language_and_what_the_feed_says(desk) -> None:
    desk.inquiry.items[1] = finding()
    reply = await desk.say("/full #1 en")
    lines = plain(reply).splitlines()
    assert lines[:3] == [BRIEF.title_en, BRIEF.summary_en, "What the feed says:"]
    assert "They will meet again on Monday." in plain(reply)
    assert BRIEF.title_zh not in plain(reply)
    assert [block.kind for block in reply.blocks].count(BlockKind.QUOTE) == 1
    assert actions(reply) == ["/full #1 zh", "/why #1"]
    assert reply.buttons[0][0].url == "https://globe.example/news/1"
    assert reply.buttons[0][1].in_place
    assert reply.private


async def test_without_a_language_it_is_told_as_the_chat_reads(desk) -> None:
    desk.inquiry.items[1] = finding()
    lines = plain(await desk.say("/full #1")).splitlines()
    assert lines[:4] == [BRIEF.title_zh, BRIEF.title_en, BRIEF.summary_zh, BRIEF.summary_en]


async def test_anybody_may_read_and_asks_by_reply_or_link_as_well(desk) -> None:
    desk.inquiry.messages["77"] = desk.inquiry.links["https://globe.example/news/1"] = finding()
    desk.history.alerts, desk.inquiry.items[1] = [alert()], finding()
    for line, more in (
        ("/full zh", {"reply_to": "77"}),
        ("/full https://globe.example/news/1 ZH", {}),
        ("/full zh", {}),
    ):
        reply = await desk.say(line, kind=ChatKind.GROUP, can_manage=False, **more)
        assert plain(reply).startswith(BRIEF.title_zh)


async def test_a_text_that_says_no_more_is_not_repeated(desk) -> None:
    desk.inquiry.items[1] = finding(text="Envoys met.")
    assert "What the feed says:" not in plain(await desk.say("/full #1"))


async def test_what_was_never_translated_says_so(desk) -> None:
    brief = replace(BRIEF, title_zh="", summary_zh="", made_by=MadeBy.EXTRACT, untranslated=True)
    desk.inquiry.items[1] = finding(brief)
    reply = plain(await desk.say("/full #1 zh"))
    assert reply.startswith("Trilateral talks held in Abu Dhabi")
    assert "No translator is set up" in reply


async def test_an_item_without_an_alert_is_shown_by_its_own_text(desk) -> None:
    desk.inquiry.items[1] = finding(None, "Envoys met.")
    lines = plain(await desk.say("/full #1")).splitlines()
    assert lines[:3] == ["Trilateral talks held in Abu Dhabi", "What the feed says:", "Envoys met."]


@pytest.mark.parametrize("locale", list(Locale))
async def test_the_longest_text_fits_with_its_source_below(desk, locale: Locale) -> None:
    long = replace(BRIEF, title_zh="會談" * 400, summary_zh="三國代表會面。" * 900, summary_en="They met. " * 900)
    desk.inquiry.items[1] = finding(long, "word " * 4000)
    reply = await desk.say("/full #1", locale=locale)
    assert utf16_len(plain(reply)) <= MESSAGE_LIMIT
    assert "Daily Globe · " in plain(reply)


async def test_what_is_no_alert_is_answered_with_how_to_ask(desk) -> None:
    for line in ("/full #9", "/full nonsense", "/full"):
        reply = plain(await desk.say(line))
        assert "alert" in reply
    assert "/full https://…" in plain(await desk.say("/full #9"))
