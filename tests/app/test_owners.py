"""OWNERS: who they are, what they are told, and what health checks say meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.app import posts as posts_of_app
from bot.app import program as programs
from bot.app.access import owners_of
from bot.app.owners import owner_loop, platform_checks
from bot.app.parts import open_core
from bot.app.program import Program
from bot.errors import SettingsError, TokenRefused
from bot.model import Owner, Platform
from tests.support.bot_api import FakeBotApi
from tests.support.sides import open_sides, running

OTHER_TOKEN = "7000000002:BBFakeFakeFakeFakeFakeFakeFakeFakeFakeB"


def test_owners_are_people_on_platforms(make_settings):
    settings = make_settings(owners=" telegram:12345 , Discord:678,")
    assert owners_of(settings) == [Owner(Platform.TELEGRAM, "12345"), Owner(Platform.DISCORD, "678")]


@pytest.mark.parametrize("owners", ["12345", "telegram:@me", "matrix:1", "telegram:-100", "telegram:1 discord:2"])
def test_what_names_no_person_is_refused_with_an_example(make_settings, owners):
    with pytest.raises(SettingsError, match=r"OWNERS: .* telegram:12345"):
        make_settings(owners=owners)


async def test_without_owners_there_is_no_loop_for_them(make_settings):
    async with open_core(make_settings()) as core:
        assert owner_loop(core, list) is None


async def test_health_names_what_is_wrong_with_each_platform_that_was_heard_of(make_settings):
    async with open_core(make_settings()) as core:
        core.troubles.ill(TokenRefused("unauthorized"), Platform.DISCORD)
        checks = platform_checks(core, [Platform.TELEGRAM])
    assert checks.pop("discord").startswith("token-refused since ")
    assert checks == {"telegram": "", "disk": ""}


class OtherSide:
    """A platform in memory, as the one that still works."""

    platform = Platform.CONSOLE

    def __init__(self) -> None:
        self.messenger = self

    async def run(self) -> None:
        await asyncio.Event().wait()


@pytest.fixture
async def api():
    async with FakeBotApi(any_chat=True) as api:
        yield api


@pytest.fixture
def telegram_settings(make_settings, api, monkeypatch):
    monkeypatch.setattr(programs, "TICK", timedelta(milliseconds=20))
    return make_settings(telegram_token=api.token, telegram_api_url=api.url, owners="telegram:12345")


async def test_an_owner_is_told_of_a_second_poller_in_private(telegram_settings, api):
    async with open_core(telegram_settings) as core, open_sides(core) as sides, running(core, sides) as program:
        api.fail_next("getUpdates", status=409, description="Conflict: terminated by other getUpdates request")
        await api.until(lambda: api.called("getUpdates"))
        api.say(7, "/help")  # ends the poll that waits, so that the next one meets the conflict
        await api.until(lambda: api.sent_to(12345))
        assert (await program.checks())["telegram"].startswith("second-poller since ")
    assert "Another process receives" in api.sent_to(12345)[0]


async def test_a_token_that_is_given_back_is_taken_up_again_and_meanwhile_the_others_go_on(
    telegram_settings, api, monkeypatch
):
    monkeypatch.setattr(posts_of_app, "TOKEN_BACKOFF", timedelta(milliseconds=20))
    async with (
        open_core(telegram_settings) as core,
        open_sides(core) as sides,
        running(core, [*sides, OtherSide()]) as program,
    ):
        await api.until(lambda: api.called("getUpdates"))
        good, api.token = api.token, OTHER_TOKEN
        api.say(7, "/help")
        await until_check(program, "token-refused")
        api.token = good
        await until_check(program, "")
        answered = len(api.sent_to(7))
        api.say(7, "/help")
        await api.until(lambda: len(api.sent_to(7)) > answered)


async def until_check(program: Program, kind: str) -> None:
    async with asyncio.timeout(10):
        while (await program.checks())["telegram"].partition(" ")[0] != kind:
            await asyncio.sleep(0.01)
