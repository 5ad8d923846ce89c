from __future__ import annotations

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat.discord.adapter import DiscordBot
from bot.chat.discord.messenger import DiscordMessenger
from bot.model import Chat, ChatAddress, ChatId, ChatKind, Platform
from tests.support.discord_api import DiscordApi
from tests.support.discord_messages import NOW, says


class FakeHandler:
    """Answers each command with what was set for it, and remembers the requests."""

    def __init__(self):
        self.requests = []
        self.completions = []
        self.answers = {}
        self.choices = []
        self.gate = None
        self.error = None

    async def handle(self, request):
        self.requests.append(request)
        if self.gate is not None:
            await self.gate()
        if self.error is not None:
            raise self.error
        return self.answers.get(request.command, says("Done."))

    async def may_change(self, request):
        return request.person.can_manage

    async def complete(self, request, option, typed):
        self.completions.append((request.command, request.arguments, option, typed))
        if self.gate is not None:
            await self.gate()
        return self.choices


class FakeBooks:
    """The chats we know, by their channel; as ChatBook and Outbox it needs no more here."""

    def __init__(self):
        self.known = {}
        self.stopped = []
        self.resumed = []

    def know(self, channel):
        address = ChatAddress(Platform.DISCORD, str(channel.id))
        self.known[address] = Chat(id=ChatId(len(self.known) + 1), address=address, kind=ChatKind.GROUP)
        return self.known[address].id

    async def find_chat(self, address):
        return self.known.get(address)

    async def open_chat(self, address, *, kind, title, hint, now):
        chat = Chat(id=ChatId(len(self.known) + 1), address=address, kind=kind, title=title)
        return self.known.setdefault(address, chat)

    async def resume(self, address):
        self.resumed.append(address)
        return address in self.known

    async def stop_chat(self, chat, *, state, reason, now):
        self.stopped.append((chat, state, reason, now))


def hello(locale, *, by="", elsewhere=""):
    return says(f"Hello in {locale}" + (f", {elsewhere}" if elsewhere else ""))


@pytest.fixture
def handler():
    return FakeHandler()


@pytest.fixture
def books():
    return FakeBooks()


@pytest.fixture
def make_bot(handler, books):
    def make(**options):
        settings = {"token": "a.token", "greeting": hello, "clock": lambda: NOW}
        return DiscordBot(handler=handler, chats=books, outbox=books, **{**settings, **options})

    return make


@pytest.fixture
def bot(make_bot):
    return make_bot()


@pytest.fixture
def simcord_bot(bot):
    return bot.client


@pytest.fixture
def env(simcord_env):
    return simcord_env


@pytest.fixture
def messenger(bot, env) -> DiscordMessenger:
    return bot.messenger


@pytest.fixture
def server(env):
    return env.create_guild("News desk")


@pytest.fixture
def channel(server):
    return server.create_text_channel("alerts")


@pytest.fixture
def admin(env, server):
    role = server.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    return server.add_member(env.create_user("ada"), roles=[role])


@pytest.fixture
def guest(env, server):
    return server.add_member(env.create_user("gil"))


@pytest.fixture
def sent(env):
    """The bodies of the messages that were posted to channels, in order."""

    def bodies():
        return [
            request.json
            for request in env.http_requests
            if request.method == "POST" and request.path.startswith("/channels/") and request.path.endswith("/messages")
        ]

    return bodies


@pytest.fixture
def speaking(env, monkeypatch):
    """Sets the language of the apps that give interactions."""

    emit, language = env.backend.emit, ["en-US"]

    def translated(event, payload, **options):
        if event == "INTERACTION_CREATE":
            payload["locale"] = language[0]
        return emit(event, payload, **options)

    monkeypatch.setattr(env.backend, "emit", translated)

    def speak(tag):
        language[0] = tag

    return speak


@pytest.fixture
async def api(monkeypatch):
    api = DiscordApi("good.token")
    await api.start()
    monkeypatch.setattr(Route, "BASE", f"{api.base}/api/v10")
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(api.base.replace("http", "ws") + "/gateway"))
    yield api
    await api.stop()
