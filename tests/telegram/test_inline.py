"""Inline mode: what people type behind the bot's name is looked up for them alone, and the newest is what counts."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat.blocks import text, title
from bot.chat.telegram.adapter import ALLOWED
from bot.model import Button, ChatAddress, ChatKind, Locale, Message, Offer, Offers, Platform, Span
from tests.support.bot_api import FakeBotApi

LINK = "https://globe.example/1"


def offer(number: int = 1, name: str = "Talks end") -> Offer:
    message = Message(
        blocks=(title((Span(name, url=LINK),)), text("They <ended> @everyone.")), buttons=((Button("Open", url=LINK),),)
    )
    return Offer(id=str(number), title=name, about="Globe · just now", link=LINK, message=message)


@pytest.fixture
def looked(stage):
    """What was looked up, and what is found."""

    class Looking:
        def __init__(self) -> None:
            self.requests = []
            self.found = Offers()
            self.gate: asyncio.Event | None = None

        async def look_up(self, request, offset):
            self.requests.append((request, offset))
            if self.gate:
                await self.gate.wait()
            return self.found

    looking = Looking()
    stage.handler.look_up = looking.look_up
    return looking


async def answer(stage, query: str) -> dict:
    await stage.api.until(lambda: query in stage.api.inline_answers)
    return stage.api.inline_answers[query]


async def test_a_query_is_that_of_the_persons_own_chat(stage, looked):
    await answer(stage, stage.api.inline("trilateral talks", user=8, language="zh-hant", offset="20"))
    ((request, offset),) = looked.requests
    assert request.address == ChatAddress(Platform.TELEGRAM, "8")
    assert (request.kind, request.command, request.arguments) == (ChatKind.PRIVATE, "", "trilateral talks")
    assert (request.person.id, request.person.locale, request.person.can_manage) == ("8", Locale.ZH_HANT, False)
    assert offset == "20"
    assert stage.handler.requests == []


async def test_offers_are_articles_with_the_alert_as_their_message(stage, looked):
    looked.found = Offers(offers=(offer(1), offer(2)), more="20")
    told = await answer(stage, stage.api.inline("talks"))
    first, _ = told["results"]
    assert (first["title"], first["description"], first["url"]) == ("Talks end", "Globe · just now", LINK)
    assert first["text"].startswith("Talks end")
    assert "@\u2060everyone" in first["text"]
    assert first["input_message_content"]["link_preview_options"]["url"] == LINK
    assert first["reply_markup"]["inline_keyboard"] == [[{"text": "Open", "url": LINK}]]
    assert told["next_offset"] == "20"
    assert "button" not in told


async def test_answers_are_for_the_asking_person_and_not_kept_for_long(stage, looked):
    told = await answer(stage, stage.api.inline("talks"))
    assert told["is_personal"] in {True, "true"}
    assert int(told["cache_time"]) <= 10


async def test_who_has_something_to_do_first_gets_a_way_to_it(stage, looked):
    looked.found = Offers(invitation="Choose feeds and words first")
    told = await answer(stage, stage.api.inline("talks"))
    assert told["button"] == {"text": "Choose feeds and words first", "start_parameter": "inline"}
    assert told["results"] == []


async def test_only_the_newest_of_what_a_person_types_is_looked_up(stage, looked):
    looked.gate = asyncio.Event()
    first = stage.api.inline("t")
    await stage.api.until(lambda: looked.requests)
    stage.api.inline("ta")
    stage.api.inline("tal")
    last = stage.api.inline("talk")
    await stage.api.until(lambda: stage.api.pending == 0)
    looked.gate.set()
    await answer(stage, last)
    assert [request.arguments for request, _ in looked.requests] == ["t", "talk"]
    assert set(stage.api.inline_answers) == {first, last}


async def test_nobody_waits_for_another_person(stage, looked):
    looked.gate = asyncio.Event()
    stage.api.inline("slow", user=8)
    await stage.api.until(lambda: looked.requests)
    looked.gate, waiting = None, looked.gate
    await answer(stage, stage.api.inline("quick", user=9))
    stage.api.say(8, "/feeds", user=8)
    await stage.api.until(lambda: stage.api.sent_to(8))
    waiting.set()


async def test_a_query_that_is_too_old_is_let_be(stage, looked):
    stage.api.fail_next("answerInlineQuery", status=400, description="Bad Request: query is too old")
    stage.api.inline("old")
    await stage.api.until(lambda: stage.api.called("answerInlineQuery"))
    await answer(stage, stage.api.inline("new"))


async def test_telegram_is_asked_for_inline_queries(api: FakeBotApi, stage, looked):
    assert "inline_query" in ALLOWED
    await answer(stage, stage.api.inline("talks"))
