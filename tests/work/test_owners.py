"""Owners hear in private of what is wrong, by the platforms that work."""

from __future__ import annotations

import pytest

from bot.errors import ChatBlocked, PlatformDown, StorageError, StorageFull, TokenRefused
from bot.model import ChatAddress, ChatKind, Locale, Owner, Platform
from bot.work.owners import OwnerCalls
from bot.work.troubles import TOLD_FOR, Troubles
from tests.support.fakes import FakeChats, plain

TELEGRAM, DISCORD = Platform.TELEGRAM, Platform.DISCORD


class Line:
    """A messenger of a platform, by which a person's private chat has another id than the person."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.sent: list[tuple[str, str]] = []
        self.fault: Exception | None = None

    async def private_chat(self, person: str) -> ChatAddress:
        return ChatAddress(self.platform, f"private-{person}")

    async def send(self, address, message, *, key, reply_to=""):
        if self.fault:
            raise self.fault
        self.sent.append((address.chat, plain(message)))
        return "1"


class Scene:
    def __init__(self, watch) -> None:
        self.telegram, self.discord = Line(TELEGRAM), Line(DISCORD)
        self.chats = FakeChats()
        self.troubles = Troubles(watch)
        self.calls = OwnerCalls(
            owners=[Owner(TELEGRAM, "1"), Owner(DISCORD, "2")],
            messengers=lambda: [self.telegram, self.discord],
            chats=self.chats,
            troubles=self.troubles,
            clock=watch,
        )


@pytest.fixture
def scene(watch):
    return Scene(watch)


async def test_all_owners_hear_of_a_full_disk_once_an_hour(scene, watch):
    for _ in range(3):
        scene.troubles.ill(StorageFull("database or disk is full"))
        assert await scene.calls.step() is None
    assert [chat for chat, _ in scene.telegram.sent + scene.discord.sent] == ["private-1", "private-2"]
    assert "disk of the database is full" in scene.telegram.sent[0][1]
    watch.forward(seconds=TOLD_FOR.total_seconds())
    scene.troubles.ill(StorageFull("database or disk is full"))
    await scene.calls.step()
    assert len(scene.telegram.sent) == 2


async def test_of_a_dead_platform_the_owners_on_the_other_hear(scene):
    scene.troubles.ill(TokenRefused("unauthorized"), TELEGRAM)
    await scene.calls.step()
    assert scene.telegram.sent == []
    ((_, words),) = scene.discord.sent
    assert words.startswith("⚠ Telegram refuses my token")


async def test_who_can_not_be_reached_keeps_nobody_else_from_hearing(scene):
    scene.telegram.fault = ChatBlocked("bot was blocked by the user")
    scene.troubles.ill(StorageFull("full"))
    await scene.calls.step()
    assert len(scene.discord.sent) == 1


async def test_when_nobody_could_be_reached_it_is_tried_again(scene, watch):
    scene.telegram.fault = scene.discord.fault = PlatformDown("ConnectError")
    scene.troubles.ill(TokenRefused("unauthorized"), TELEGRAM)
    await scene.calls.step()
    scene.discord.fault = None
    await scene.calls.step()
    assert scene.discord.sent == []
    watch.forward(minutes=1)
    await scene.calls.step()
    assert len(scene.discord.sent) == 1


async def test_an_owner_is_told_in_the_language_of_their_chat_and_in_english_while_the_database_is_away(scene, watch):
    address = ChatAddress(TELEGRAM, "private-1")
    await scene.chats.open_chat(address, kind=ChatKind.PRIVATE, title="", hint=Locale.ZH_HANT, now=watch())
    scene.troubles.ill(StorageFull("full"))
    await scene.calls.step()
    scene.chats.broken = StorageError("disk I/O error")
    watch.forward(seconds=TOLD_FOR.total_seconds())
    scene.troubles.ill(StorageFull("full"))
    await scene.calls.step()
    assert ["磁碟滿了" in words for _, words in scene.telegram.sent] == [True, False]
