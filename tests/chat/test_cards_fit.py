"""Lists and cards keep all their buttons on both platforms, however long what people typed."""

import pytest

from bot.chat.clip import utf16_len
from bot.chat.discord.markup import render
from bot.chat.telegram.markup import as_html
from bot.model import ChatId, ChatKind, FoundFeed, KeywordId, Locale, Message, Mode
from tests.support.fakes import ADDRESS, NOW, actions
from tests.support.telegram_html import read_html

CHAT = ChatId(1)
LINES = (
    "/keyword list",
    "/keyword list 2",
    "/keyword show {n}",
    "/keyword mode {n}",
    "/keyword mute {n}",
    "/keyword mode {n} digest",
    "/keyword mute {n} 7d",
    "/keyword clear",
    "/feeds",
    "/feeds 2",
    "/feed show 9",
    "/feed mode 9",
    "/feed mute 9",
    "/feed mode 9 everything",
    "/feed clear",
    "/keyword remove {n}",
    "/unsubscribe 9",
    "/export",
)


async def crowded(desk) -> int:
    """A chat whose keywords and feeds are as long and as many as can be, with large numbers; answers one of those."""
    await desk.chats.open_chat(ADDRESS, kind=ChatKind.PRIVATE, title="", hint=Locale.EN, now=NOW)
    desk.keywords.made = first = 10**9
    for n in range(20):
        query = f"{n} " + "會談😀 <b>*_`" * 90
        await desk.keywords.add_keyword(CHAT, query=query[:1000], canonical=f"{n}", now=NOW)
        found = FoundFeed(
            url=f"https://{n}.example/{'x' * 1500}", title="新聞 *News* <b> 😀 " * 20, site="https://a.example/"
        )
        await desk.subscriptions.subscribe(CHAT, found, mode=Mode.MATCHING, now=NOW)
    return int(KeywordId(first + 9))


def shown(message: Message) -> int:
    return sum(len(row) for row in message.buttons)


@pytest.mark.parametrize("locale", [Locale.EN, Locale.ZH_HANT])
async def test_nothing_of_a_list_or_card_is_lost_on_its_way_to_people(desk, locale: Locale) -> None:
    number = await crowded(desk)
    for line in LINES:
        message = await desk.say(line.format(n=number), locale=locale)
        assert len(set(actions(message))) == shown(message), line
        assert len(message.buttons) <= 5, line
        telegram = as_html(message)
        assert utf16_len(read_html(telegram.text).text) <= 4096
        assert sum(map(len, telegram.buttons.inline_keyboard)) == shown(message), line
        view = render(message).arguments()["view"]
        assert len(view.children) == shown(message), line
