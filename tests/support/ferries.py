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


_HAN = "天地人山水火木金土日月風雲雨雪花草鳥魚馬牛羊車船橋路門窗書筆紙墨琴棋茶酒米麥豆瓜果菜油鹽布衣帽鞋刀弓箭旗鼓"


def name(chance: random.Random) -> str:
    """A name that no other item has."""
    return "".join(chance.choices(_SYLLABLES, k=4)).capitalize()


def ferry(number: int, word: str = "") -> tuple[str, str, str]:
    """The guid, title and text of an item; `word` stands in it, for a keyword."""
    chance = random.Random(number)
    port, *names = (name(chance) for _ in range(9))
    title = f"Ferry {number} sails for {port} / 渡輪{number}號啟航前往{port}"
    english = (
        f"{names[0]} of {names[1]} told {names[2]} {word} at {names[3]} that the {names[4]} is {names[5].lower()}."
    )
    more = f"{names[6]} and {names[7].lower()} followed, with {chance.randrange(100, 999)} on board."
    han = ["".join(chance.choices(_HAN, k=5)) for _ in range(6)]
    return f"ferry-{number}", title, f"{english} {more}\n\n{'，'.join(han)}。"


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
