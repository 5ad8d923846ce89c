"""`/full`: what an alert says in full: its brief in the language that is asked for, and the item's own text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.chat.blocks import (
    LINK_LIMIT,
    MESSAGE_LIMIT,
    block_length,
    bold,
    buttons,
    in_place,
    note,
    one_line,
    paragraphs,
    quote,
)
from bot.chat.blocks import text as paragraph
from bot.chat.blocks import title as heading
from bot.chat.clip import utf16_len
from bot.chat.commands.about import item_asked, no_alert
from bot.chat.commands.call import Call, Parts
from bot.chat.handles import NAMES, summary_in, tells_more, title_in
from bot.chat.reader import Reader
from bot.chat.render import TITLE_LIMIT, made_by, source_of
from bot.model import Block, Brief, Button, Language, Message, Trail
from bot.text.urls import safe_link

SUMMARY = 1500  # units; briefs are far shorter, and a feed's own text may be longer
_ROOM = 80  # units left for what stands between blocks
_LEAST = 160  # of a text; less of it tells nothing


async def full(parts: Parts, call: Call) -> Message:
    """The item `[#number | link]`, or the alert replied to, or the newest, in `[zh | en]`, or as the chat reads."""
    *asked, last = call.arguments.split() or [""]
    language = next((one for one in Language if one == last.casefold()), None)
    found = await item_asked(parts, call, " ".join(asked if language else [*asked, last]), "full")
    if isinstance(found, Message):
        return found
    if found.trail is None:
        return no_alert(call, "full")
    wanted = (language,) if language else call.chat.settings.languages
    return Message(
        blocks=tuple(_in_full(found.trail, call.reader(parts), wanted)),
        buttons=_buttons(found.trail, call, wanted),
        private=True,
    )


def _in_full(trail: Trail, reader: Reader, wanted: Sequence[Language]) -> Iterator[Block]:
    first = [*_titles(trail, reader, wanted), *_summaries(trail.brief, reader, wanted)]
    last = tuple(_small_print(trail, reader))
    room = MESSAGE_LIMIT - sum(map(block_length, (*first, *last))) - _ROOM
    yield from first
    yield from _own_text(trail, reader, room)
    yield from last


def _titles(trail: Trail, reader: Reader, wanted: Iterable[Language]) -> Iterator[Block]:
    link = safe_link(trail.item.item.url)
    found = [title_in(trail.brief, language) for language in wanted] if trail.brief else []
    names = [one_line(reader.chinese(name), TITLE_LIMIT) for name in found or [trail.item.item.title]]
    first, *others = [name for name in names if name] or [_name(trail, reader)]
    yield heading((bold(first, link if utf16_len(link) <= LINK_LIMIT else ""),))
    yield from (paragraph((bold(other),)) for other in others)


def _name(trail: Trail, reader: Reader) -> str:
    """The item's own title, or for want of one its feed's name."""
    return one_line(reader.chinese(trail.item.item.title), TITLE_LIMIT) or source_of(trail.item)


def _summaries(brief: Brief | None, reader: Reader, wanted: Iterable[Language]) -> Iterator[Block]:
    for language in wanted:
        if brief and (summary := paragraphs(reader.chinese(summary_in(brief, language)), SUMMARY)):
            yield paragraph(summary)


def _own_text(trail: Trail, reader: Reader, room: int) -> Iterator[Block]:
    """The text that the feed brought, where it says more than the brief."""
    item = trail.item.item
    more = trail.brief is None or tells_more(item.text, item.language, trail.brief)
    label = note(reader.t("What the feed says:"))
    own = paragraphs(reader.chinese(item.text), room - block_length(label)) if more and room >= _LEAST else ""
    if own:
        yield from (label, quote(own))


def _small_print(trail: Trail, reader: Reader) -> Iterator[Block]:
    item = trail.item
    yield note(f"{source_of(item)} · {reader.when(item.item.published or item.seen)}")
    if trail.brief and trail.brief.untranslated:
        yield note(reader.t("No translator is set up, so this is in the language of the source."))
    elif trail.brief:
        yield note(made_by(trail.brief, reader.t))


def _buttons(trail: Trail, call: Call, wanted: Sequence[Language]) -> tuple[tuple[Button, ...], ...]:
    t, item, link = call.t, trail.item.id, safe_link(trail.item.item.url)
    opens = (Button(t("Open"), url=link),) if link and utf16_len(link) <= LINK_LIMIT else ()
    others = [one for one in Language if one not in wanted and trail.brief and title_in(trail.brief, one)]
    turns = in_place(*((NAMES[one], f"/full #{item} {one}") for one in others))
    return ((*opens, *turns, *buttons((t("Why?"), f"/why #{item}"))),)
