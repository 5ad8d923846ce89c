"""Completions for the options of commands, as Discord and the console offer them while one types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from bot.chat.blocks import one_line
from bot.chat.catalogue import Catalogue
from bot.chat.commands.call import Parts
from bot.chat.commands.topics import topic_label
from bot.chat.render import tellings
from bot.chat.schedule_words import schedule_words, span_words
from bot.chat.timetable import USUAL_MUTES, read_schedule, typed_schedule
from bot.chat.zones import near_zones
from bot.model import Chat
from bot.model.schedule import AT_ONCE

MOST = 25
LONGEST = 100

_SCHEDULES = ("instant", "hourly", "08:00", "08:00 18:00", "08:00 mon-fri", "hourly mon-fri")

Pair = tuple[str, str]


async def _addresses(parts: Parts, _: Chat | None, t: Catalogue, typed: str) -> Iterable[Pair]:
    entries = ((f"{each.title} ({topic_label(each.topic, t)})", each.name) for each in parts.finder.catalogue())
    return _containing(entries, typed)


async def _feeds(parts: Parts, chat: Chat | None, _: Catalogue, typed: str) -> Iterable[Pair]:
    watched = await parts.subscriptions.subscriptions(chat.id) if chat else []
    return _containing(((each.feed.title or each.feed.url, str(each.feed.id)) for each in watched), typed)


async def _keywords(parts: Parts, chat: Chat | None, _: Catalogue, typed: str) -> Iterable[Pair]:
    had = await parts.keywords.keywords(chat.id) if chat else []
    return _containing(((each.query, str(each.id)) for each in had), typed)


async def _zones(_: Parts, chat: Chat | None, __: Catalogue, typed: str) -> Iterable[Pair]:
    usual = "Asia" if chat is None or chat.settings.timezone == "UTC" else chat.settings.timezone
    return ((zone, zone) for zone in near_zones(typed or usual, MOST))


async def _schedules(_: Parts, __: Chat | None, t: Catalogue, typed: str) -> Iterable[Pair]:
    usual = (read_schedule(line, AT_ONCE) for line in _SCHEDULES)
    known = [(schedule_words(each, t), typed_schedule(each)) for each in usual if each]
    return list(_containing(known, typed)) or [(typed, typed)]


async def _mutes(_: Parts, __: Chat | None, t: Catalogue, typed: str) -> Iterable[Pair]:
    spans = ((span_words(span, t), line) for line, span in USUAL_MUTES)
    return list(_containing([*spans, (t("End the mute"), "off")], typed)) or [(typed, typed)]


async def _links(parts: Parts, chat: Chat | None, _: Catalogue, typed: str) -> Iterable[Pair]:
    """The newest alerts; those whose link is too long for a value go by their number."""
    alerts = await parts.history.latest_alerts(chat.id, limit=MOST) if chat else []
    links = {f"#{alert.item.id}": alert.item.item.url for alert in alerts}
    titles = (tellings(alert, chat.settings, parts.wording)[0].title for alert in alerts) if chat else ()
    values = (link if 0 < len(link) <= LONGEST else number for number, link in links.items())
    return _containing(zip(titles, values, strict=True), typed)


def _containing(pairs: Iterable[Pair], typed: str) -> Iterable[Pair]:
    wanted = typed.strip().casefold()
    return (pair for pair in pairs if any(wanted in part.casefold() for part in pair))


COMPLETERS: dict[str, Callable[[Parts, Chat | None, Catalogue, str], Awaitable[Iterable[Pair]]]] = {
    "address": _addresses,
    "feed": _feeds,
    "keyword": _keywords,
    "link": _links,
    "time": _mutes,
    "when": _schedules,
    "zone": _zones,
}


async def completions(parts: Parts, chat: Chat | None, t: Catalogue, option: str, typed: str) -> list[Pair]:
    """Up to 25 pairs of label and value, each of at most 100 units; none for an option that nothing is known of."""
    completer = COMPLETERS.get(option)
    if completer is None:
        return []
    pairs = [(one_line(label, LONGEST), value) for label, value in await completer(parts, chat, t, typed[:LONGEST])]
    return [(label or value, value) for label, value in pairs if 0 < len(value) <= LONGEST][:MOST]
