"""Strategies for what feeds, people and platforms may put before us, at its worst: items, briefs, alerts, chats."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import strategies as st

from bot.model import (
    Alert,
    Brief,
    Chat,
    ChatAddress,
    ChatId,
    ChatKind,
    ChatSettings,
    DeliveryId,
    Digest,
    FeedId,
    FeedRef,
    Item,
    ItemId,
    Language,
    Locale,
    MadeBy,
    Notice,
    NoticeKind,
    Pictures,
    Platform,
    Report,
    RightsNotice,
    Script,
    StoredItem,
    StoryKind,
    Why,
)
from tests.support.fakes import NOW

SHARE = 0.75  # of the pieces that are one of these
FRAGMENTS = (
    "talks in Abu Dhabi",
    "三方會談在阿布扎比舉行",
    "トランプ",
    "ประชุมสามฝ่าย",
    "محادثات",
    "переговоры",
    "word",
    " ",
    "\n",
    "\n\n",
    "…",
    "@everyone",
    "@here",
    "@durov",
    "/pause",
    "/less #1",
    "<@123456789012345678>",
    "<@!1>",
    "<@&1>",
    "<#1>",
    "<t:0>",
    "<t:1700000000:R>",
    "<:emoji:1>",
    "<a:wave:12>",
    "</settings show:12>",
    "<id:browse>",
    ":smile:",
    "[x](y)",
    "[x](https://evil.example)",
    "[",
    "]",
    "](",
    ")",
    "https://evil.example/x?a=1&b=2",
    "HTTP://EVIL.example",
    "javascript:alert(1)",
    "tg://resolve?domain=x",
    "t.me/evil",
    "evil.com",
    "www.🤙.tk",
    "例子.中国",
    "тест.москва",
    "127.0.0.1",
    "a@b.com",
    "discord.gg/abc",
    "# ",
    "## x",
    "-# ",
    "- ",
    "* ",
    "1. ",
    "2) ",
    "> ",
    ">>> ",
    "||",
    "~~",
    "__",
    "**",
    "*",
    "_",
    "`",
    "```",
    "\\",
    "\\\\",
    "|",
    "<b>",
    "</b>",
    "<a href='https://evil.example'>",
    "<blockquote>",
    "&lt;",
    "&amp;amp;",
    "&#60;",
    "&",
    "<",
    ">",
    '"',
    "'",
    "{evil}",
    "{0}",
    "%s",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u200b",
    "\u2060",
    "\u200d",
    "\ufeff",
    "\u2028",
    "\x00",
    "\x1b[31m",
    "\x85",
    "\ud800",
    "\udfff",
    "😀",
    "👩‍👩‍👧‍👦",
    "🇭🇰",
    "👍🏽",
    "é́́́́",
    "Z̸̢̛̺a̷̱͘l̵̢g̶͓o̷",
    "𠮷野家",
    "ﷺ",
    "한국어",
    "Донау" * 20,
    "w" * 700,
    "會" * 700,
    "long words here " * 60,
)


def _written(seed: int, most: int) -> str:
    """Fragments, and signs of all of Unicode, in an order that the seed decides: ten times as fast as by strategies."""
    chance = Random(seed)
    pieces = [
        chance.choice(FRAGMENTS) if chance.random() < SHARE else _any_signs(chance)
        for _ in range(chance.randint(0, most))
    ]
    return "".join(pieces)


def _any_signs(chance: Random) -> str:
    reach = chance.choice((0x80, 0x100, 0x3000, 0x10000, 0x110000))
    return "".join(chr(chance.randrange(reach)) for _ in range(chance.randint(0, 8)))


def _texts(most: int) -> st.SearchStrategy[str]:
    return st.one_of(*[st.integers(0, 2**40).map(lambda seed: _written(seed, most))] * 4, st.text(max_size=8))


WORDS = _texts(9)
SHORT = _texts(4)
LONG = st.one_of(WORDS, WORDS, st.builds(lambda text, times: text * times, WORDS, st.integers(1, 40)))
LINKS = st.one_of(
    st.just("https://news.example/a?b=1&c=2"),
    st.just("https://news.example/a_(b)_*c*[d]~~e~~"),
    st.just("http://新聞.例子/會談"),
    st.just("https://news.example/" + "a" * 600),
    st.sampled_from(["", "javascript:alert(1)", "https://u:p@evil.example/", "tg://user?id=1", "ftp://a.example/"]),
    SHORT.map(lambda text: f"https://news.example/{text}"),
    SHORT,
)
MOMENTS = st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(hours=2)).map(lambda age: NOW + age)

FEEDS = st.builds(FeedRef, id=st.integers(1, 6).map(FeedId), url=LINKS, title=SHORT, site=LINKS)
ITEMS = st.builds(
    Item,
    guid=SHORT,
    url=LINKS,
    title=WORDS,
    text=LONG,
    language=st.sampled_from(["en", "zh", "", "ja"]),
    published=st.none() | MOMENTS,
    picture=LINKS,
)
STORED = st.builds(StoredItem, id=st.integers(1, 2**62).map(ItemId), feed=FEEDS, item=ITEMS, seen=MOMENTS)
BRIEFS = st.builds(
    Brief,
    title_zh=WORDS,
    title_en=WORDS,
    summary_zh=LONG,
    summary_en=LONG,
    made_by=st.sampled_from(MadeBy),
    untranslated=st.booleans(),
)
WHYS = st.builds(
    Why,
    keyword=SHORT,
    matched=st.lists(SHORT, max_size=4).map(tuple),
    translated=st.lists(SHORT, max_size=2).map(tuple),
)
ALERTS = st.builds(
    Alert,
    item=STORED,
    brief=BRIEFS,
    why=st.lists(WHYS, max_size=5).map(tuple),
    kind=st.none() | st.sampled_from(StoryKind),
    new=st.lists(SHORT, max_size=4).map(tuple),
    also=st.lists(st.builds(Report, feed=FEEDS, url=LINKS), max_size=10).map(tuple),
)
DIGESTS = st.builds(
    Digest, delivery=st.integers(1, 2**62).map(DeliveryId), alerts=st.lists(ALERTS, min_size=2, max_size=6).map(tuple)
)
NOTICES = st.builds(Notice, kind=st.sampled_from(NoticeKind), feed=FEEDS, reason=SHORT)
RIGHTS = st.builds(RightsNotice, chat=st.just(ChatId(1)), title=SHORT, reason=SHORT)
CONTENTS = st.one_of(ALERTS, ALERTS, ALERTS, DIGESTS, NOTICES, RIGHTS)

SETTINGS = st.builds(
    ChatSettings,
    locale=st.none() | st.sampled_from(Locale),
    hint=st.sampled_from(Locale),
    languages=st.sampled_from([(Language.ZH, Language.EN), (Language.EN, Language.ZH), (Language.ZH,), (Language.EN,)]),
    script=st.none() | st.sampled_from(Script),
    timezone=st.sampled_from(["UTC", "Asia/Hong_Kong", "America/New_York", "../etc/passwd"]),
    pictures=st.sampled_from(Pictures),
)


def chats(platform: Platform) -> st.SearchStrategy[Chat]:
    """Chats of a platform with any settings."""
    return st.builds(
        Chat,
        id=st.just(ChatId(1)),
        address=st.just(ChatAddress(platform, "1")),
        kind=st.sampled_from(ChatKind),
        settings=SETTINGS,
    )
