"""A text that is no command is answered with what was probably meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Locale
from tests.support.fakes import actions, plain, request


async def said(desk, words: str, locale: Locale = Locale.EN):
    asked = request("/help")
    asked = replace(asked, command="", arguments=words, person=replace(asked.person, locale=locale))
    return await desk.commands.handle(asked)


async def test_words_can_become_a_keyword_by_a_tap(desk):
    reply = await said(desk, "trilateral talks")
    assert actions(reply) == ["/keyword add trilateral talks", "/keyword test trilateral talks", "/help"]


@pytest.mark.parametrize("address", ["https://example.org/news", "example.org", "news.example.org/a?b=1"])
async def test_an_address_can_be_watched_by_a_tap(desk, address):
    assert actions(await said(desk, address)) == [f"/subscribe {address}", "/help"]


async def test_a_name_of_the_catalogue_can_be_watched_by_a_tap(desk):
    assert actions(await said(desk, "Daily-Globe")) == ["/subscribe Daily-Globe", "/help"]


@pytest.mark.parametrize("words", ["long " * 40, "https://example.org/" + "a" * 80, "", "two\nlines"])
async def test_what_fits_no_button_is_answered_with_how_to_send_it(desk, words):
    reply = await said(desk, words)
    assert actions(reply) == ["/help"]
    assert "/subscribe" in plain(reply) or "/keyword add" in plain(reply)


async def test_it_is_answered_in_the_persons_language(desk):
    assert "指令" in plain(await said(desk, "三方會談", Locale.ZH_HANT))
    assert "命令" in plain(await said(desk, "三方会谈", Locale.ZH_HANS))
