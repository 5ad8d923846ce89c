"""Items by number that are all different news, in both languages, and chats that ask for them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.matching.query import canonical, parse
from bot.model import Chat, ChatAddress, ChatKind, ChatSettings, FoundFeed, Locale, Mode, Platform, Reports
from bot.storage import Storage

_SYLLABLES = [
    "ba",
    "ke",
    "lo",
    "mi",
    "nu",
    "ra",
    "se",
    "ti",
    "vo",
    "za",
    "dor",
    "fel",
    "gan",
    "hul",
    "jen",
    "kar",
    "lin",
    "mor",
    "pel",
    "rus",
    "sol",
    "tan",
    "ver",
    "wil",
]


def name(chance: random.Random) -> str:
    """A name that no other item has."""
    return "".join(chance.choices(_SYLLABLES, k=4)).capitalize()


def ferry(number: int, word: str = "") -> tuple[str, str, str]:
    """The guid, title and text of an item; `word` stands in it, for a keyword."""
    chance = random.Random(number)
    port, ship, captain, harbour = (name(chance) for _ in range(4))
    title = f"Ferry {number} sails for {port} / 渡輪{number}號啟航前往{port}"
    english = (
        f"The {ship} left {harbour} {word} on its first voyage with captain {captain} at the helm, the port of {port}"
        f" said. It carries mail, fruit and {chance.randrange(100, 999)} people."
    )
    chinese = f"{port}港口表示，{ship}號由船長{captain}帶領，從{harbour}出發首航，載有郵件、水果和許多乘客。"
    return f"ferry-{number}", title, f"{english}\n\n{chinese}"


def addresses(platform: Platform, count: int) -> list[ChatAddress]:
    """So many chats on a platform."""
    first = {Platform.TELEGRAM: 1001, Platform.DISCORD: 500_000_000_000_001}[platform]
    return [ChatAddress(platform, str(first + number)) for number in range(count)]


async def ask(storage: Storage, address: ChatAddress, feeds: Sequence[str], query: str) -> Chat:
    """A private chat that follows these feeds and has one keyword; each report is an alert of its own."""
    now = datetime.now(UTC)
    chat = await storage.chats.open_chat(address, kind=ChatKind.PRIVATE, title="", hint=Locale.EN, now=now)
    await storage.chats.save_settings(chat.id, ChatSettings(reports=Reports.EACH))
    for url in feeds:
        await storage.subscriptions.subscribe(chat.id, FoundFeed(url=url, title=""), mode=Mode.MATCHING, now=now)
    await storage.keywords.add_keyword(chat.id, query=query, canonical=canonical(parse(query)), now=now)
    return chat
