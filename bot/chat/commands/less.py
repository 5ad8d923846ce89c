"""`/less`: fewer alerts like one: its story is muted, or what brought it is narrowed or goes, each with a way back."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chat.blocks import in_place, note, one_line, text, title
from bot.chat.commands import editing
from bot.chat.commands.about import item_asked, no_alert
from bot.chat.commands.call import Call, Parts, first_word, number
from bot.chat.render import source_of
from bot.errors import QueryError
from bot.matching.query import parse
from bot.model import Button, Finding, Keyword, Message, Mode, Trail

STORY, UNMUTE, TITLES = "story", "unmute", "title"
_NAME = 25
_SOURCE = 30
_KEYWORDS = 2


async def less(parts: Parts, call: Call) -> Message:
    """What could be done about the item `[#number | link]`, the alert replied to, or the newest; or one of it:
    `story` mutes its story, `unmute` undoes that, `title` and a keyword's number has that look at titles alone."""
    asked, wish = first_word(call.arguments)
    if asked in {STORY, UNMUTE}:
        asked, wish = "", call.arguments
    found = await item_asked(parts, call, asked, "less")
    if isinstance(found, Message):
        return found
    if found.trail is None:
        return no_alert(call, "less")
    match wish.split():
        case ["story"]:
            return await _mute(parts, call, found.trail)
        case ["unmute"]:
            return await _unmute(parts, call, found.trail)
        case ["title", typed]:
            return await _only_titles(parts, call, found, typed)
        case _:
            return _choices(parts, call, found, found.trail)


def _choices(parts: Parts, call: Call, found: Finding, trail: Trail) -> Message:
    t = call.t
    rows = (
        (*_of_story(call, trail),),
        *_of_keywords(call, trail, _keywords(found)),
        (*_of_feed(call, trail),),
    )
    return Message(
        blocks=(
            title(t("Less of this")),
            text(call.reader(parts).item(trail.item).spans),
            note(t("Choose what should go. Each of these can be undone.")),
        ),
        buttons=rows,
    )


def _of_story(call: Call, trail: Trail) -> tuple[Button, ...]:
    t, item = call.t, trail.item.id
    if trail.muted:
        return in_place((t("Unmute this story"), f"/less #{item} {UNMUTE}"))
    return in_place((t("Mute this story"), f"/less #{item} {STORY}"))


def _keywords(found: Finding) -> list[Keyword]:
    """The keywords that brought it and that the chat still has."""
    return [cause.keyword for cause in found.causes if cause.keyword][:_KEYWORDS]


def _of_keywords(call: Call, trail: Trail, keywords: list[Keyword]) -> list[tuple[Button, ...]]:
    """The buttons of one keyword below each other, for a telephone shows them in full; of two, a row for each, since
    Discord shows five in all."""
    made = [tuple(_of_keyword(call, trail, each)) for each in keywords]
    return [(button,) for button in made[0]] if len(made) == 1 else made


def _of_keyword(call: Call, trail: Trail, keyword: Keyword) -> Iterator[Button]:
    t, name = call.t, one_line(keyword.query, _NAME)
    yield from in_place((t("Remove {query}", query=name), f"/keyword remove {keyword.id}"))
    if _in_titles(keyword):
        line = f"/less #{trail.item.id} {TITLES} {keyword.id}"
        yield from in_place((t("{query} in titles only", query=name), line))


def _of_feed(call: Call, trail: Trail) -> Iterator[Button]:
    t, feed = call.t, trail.item.feed.id
    if trail.mode is Mode.EVERYTHING:
        yield from in_place((t("Only what matches"), f"/subscribe #{feed}"))
    if trail.mode:
        name = one_line(source_of(trail.item), _SOURCE)
        yield from in_place((t("Stop watching {feed}", feed=name), f"/unsubscribe {feed}"))


def _in_titles(keyword: Keyword) -> str:
    """The keyword for titles alone; "" where it looks at titles already, or would be none that can be read."""
    query = f"{TITLES}:({keyword.query})"
    if "title:" in keyword.canonical:
        return ""
    try:
        parse(query)
    except QueryError:
        return ""
    return query


async def _mute(parts: Parts, call: Call, trail: Trail) -> Message:
    t, item = call.t, trail.item.id
    if not await parts.mutes.mute_story(call.chat.id, item, now=call.now):
        return Message(blocks=(text(t("It belongs to no story that could be muted.")),))
    return Message(
        blocks=(
            text(t("This story is muted here: no further report of it comes.")),
            call.reader(parts).item(trail.item),
        ),
        buttons=(in_place((t("Undo"), f"/less #{item} {UNMUTE}")),),
    )


async def _unmute(parts: Parts, call: Call, trail: Trail) -> Message:
    t = call.t
    if not await parts.mutes.unmute_story(call.chat.id, trail.item.id):
        return Message(blocks=(text(t("This story is not muted here.")),))
    return Message(
        blocks=(
            text(t("This story is not muted any more.")),
            note(t("What came meanwhile is not sent later.")),
        )
    )


async def _only_titles(parts: Parts, call: Call, found: Finding, typed: str) -> Message:
    keyword = next((each for each in _keywords(found) if each.id == number(typed)), None)
    query = _in_titles(keyword) if keyword else ""
    if keyword is None or not query:
        return Message(blocks=(text(call.t("That keyword is gone, or looks at titles only already.")),))
    return await editing.edit(parts, call.having(f"{keyword.id} {query}"))
