"""Buttons that answer in the place of their message, and those that ask for what completes their line."""

from __future__ import annotations

import asyncio

import pytest

from bot.model import Block, BlockKind, Button, Message, Span
from tests.support.discord_messages import says

UNHURRIED = pytest.mark.simcord(settle_timeout=0.5)
PAGES = ((Button("More", "/feeds 2", in_place=True),),)
ASKS = ((Button("Add words", "/keyword add", ask="Which words?"),),)


def titled(name: str, **more) -> Message:
    return Message(blocks=(Block(BlockKind.TITLE, (Span(name),)),), **more)


async def test_a_page_takes_the_place_of_the_one_before(handler, channel, admin):
    handler.answers["feeds"] = titled("Page 1", buttons=PAGES)
    page = (await admin.slash(channel, "feeds")).response
    handler.answers["feeds"] = titled("Page 2")
    await admin.click(page, label="More")
    (now,) = channel.history()
    assert now.embeds[0].title == "Page 2"
    assert not now.components


@UNHURRIED
async def test_a_slow_page_takes_its_place_too(handler, env, channel, admin):
    handler.answers["feeds"] = titled("Page 1", buttons=PAGES)
    page = (await admin.slash(channel, "feeds")).response
    handler.answers["feeds"] = titled("Page 2")
    handler.gate = lambda: asyncio.sleep(10)
    await admin.click(page, label="More")
    await env.advance_time(12)
    (now,) = channel.history()
    assert now.embeds[0].title == "Page 2"


async def test_what_is_for_one_person_alone_leaves_the_page_as_it_is(handler, channel, admin, guest):
    handler.answers["feeds"] = titled("Page 1", buttons=PAGES)
    page = (await admin.slash(channel, "feeds")).response
    handler.answers["feeds"] = says("Only admins.", private=True)
    result = await guest.click(page, label="More")
    assert result.ephemeral
    assert channel.history(viewer=admin)[0].embeds[0].title == "Page 1"


async def test_a_page_that_would_hide_its_embed_is_sent(handler, channel, admin):
    handler.answers["feeds"] = says("Page 1", buttons=PAGES)
    page = (await admin.slash(channel, "feeds")).response
    handler.answers["feeds"] = titled("Page 2")
    result = await admin.click(page, label="More")
    assert result.response.embeds[0].title == "Page 2"
    assert len(channel.history()) == 2


async def test_what_is_typed_into_the_field_of_a_question_completes_its_line(handler, channel, admin):
    handler.answers["feeds"] = says("None yet.", buttons=ASKS)
    shown = await admin.slash(channel, "feeds")
    field = await admin.click(shown.response, label="Add words")
    assert field.modal["title"] == "Add words"
    result = await admin.submit_modal(field, {"typed": "三方會談\nAbu Dhabi"})
    assert (handler.requests[-1].command, handler.requests[-1].arguments) == ("keyword", "add 三方會談\nAbu Dhabi")
    assert result.response.content == "Done."


async def test_a_question_works_after_a_restart(handler, env, make_bot, channel, admin):
    handler.answers["feeds"] = says("None yet.", buttons=ASKS)
    shown = await admin.slash(channel, "feeds")
    await env.restart_bot(make_bot().client)
    field = await admin.click(shown.response, label="Add words")
    await admin.submit_modal(field, {"typed": "talks"})
    assert handler.requests[-1].arguments == "add talks"


async def test_who_may_not_answer_is_not_asked(handler, channel, admin, guest):
    handler.answers["feeds"] = says("None yet.", buttons=ASKS)
    shown = await admin.slash(channel, "feeds")
    handler.answers["keyword"] = says("Only admins.", private=True)
    result = await guest.click(shown.response, label="Add words")
    assert (result.ephemeral, result.response.content) == (True, "Only admins.")


async def test_a_question_is_asked_in_the_persons_language(handler, channel, admin, speaking):
    handler.answers["feeds"] = says("None yet.", buttons=ASKS)
    shown = await admin.slash(channel, "feeds")
    speaking("zh-TW")
    field = await admin.click(shown.response, label="Add words")
    assert "關鍵字" in str(field.modal)
