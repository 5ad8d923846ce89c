"""`/undo`: takes back what was added at one go, be it feeds, keywords or settings that came with them."""

from __future__ import annotations

from datetime import datetime

from bot.chat.blocks import buttons, text
from bot.chat.commands.call import Call, Parts, first_word, number
from bot.chat.commands.schedule import keep_schedule
from bot.model import Button, Keyword, Message, Subscription


def stamp(moment: datetime) -> int:
    """The name of what was added at one instant."""
    return round(moment.timestamp() * 1000)


def undo_button(call: Call, *, before: str = "") -> tuple[Button, ...]:
    """The way back from what this call added; `before` is the token of the settings that it replaced."""
    return buttons((call.t("Undo"), f"/undo {stamp(call.now)} {before}".strip()))


async def undo(parts: Parts, call: Call) -> Message:
    """Take back what was added at the instant that a button names, else what was added last: `[N] [token]`."""
    typed, token = first_word(call.arguments)
    keywords = await parts.keywords.keywords(call.chat.id)
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    added = [each.created for each in keywords] + [each.created for each in watched]
    newest = max(map(stamp, added), default=0)
    named = number(typed) if typed else newest
    words = [each for each in keywords if stamp(each.created) == named]
    feeds = [each for each in watched if stamp(each.created) == named]
    restored = await _restored(parts, call, token)
    if not (words or feeds or restored):
        return Message(blocks=(text(call.t("There is nothing to take back.")),))
    return await _taken_back(parts, call, words, feeds, restored=restored)


async def _restored(parts: Parts, call: Call, token: str) -> bool:
    """Whether the settings from before are in force again."""
    before = await parts.shares.find_share(token) if token else None
    if before is None or before.settings is None:
        return False
    await keep_schedule(parts, call, call.chat.settings.taking(before.settings))
    return True


async def _taken_back(
    parts: Parts, call: Call, words: list[Keyword], feeds: list[Subscription], *, restored: bool
) -> Message:
    t = call.t
    for keyword in words:
        await parts.keywords.remove_keyword(call.chat.id, keyword.id)
    for feed in feeds:
        await parts.subscriptions.unsubscribe(call.chat.id, feed.feed.id)
    said = [
        *([t.n("{n} keyword is gone again.", "{n} keywords are gone again.", len(words))] if words else []),
        *([t.n("{n} feed is watched no more.", "{n} feeds are watched no more.", len(feeds))] if feeds else []),
        *([t("The settings are as they were.")] if restored else []),
    ]
    ways = buttons((t("All keywords"), "/keyword list"), (t("All feeds"), "/feeds"))
    return Message(blocks=tuple(text(one) for one in said), buttons=(ways,))
