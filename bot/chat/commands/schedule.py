"""`/settings schedule|quiet|cap` and `/mute`: when alerts come, by few taps and with a way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time

from bot.chat.blocks import LABEL_LIMIT, bold, code, entry, in_place, note, one_line, rows, text, title
from bot.chat.commands.call import Call, Parts
from bot.chat.schedule import due_of, next_digest
from bot.chat.schedule_words import cap_words, mute_words, place_words, quiet_words, schedule_words, span_words
from bot.chat.timetable import (
    EVENING,
    OFF_WORDS,
    USUAL_MUTES,
    read_cap,
    read_mute,
    read_quiet,
    read_schedule,
    typed_mute,
    typed_quiet,
    typed_schedule,
)
from bot.chat.zones import USUAL_ZONES
from bot.model import (
    Block,
    Button,
    ChatSettings,
    Frequency,
    Hold,
    Message,
    Quiet,
    Schedule,
    Wishes,
)

_CAPS = (5, 10, 20)
_NIGHTS = (Quiet(time(22), time(7)), Quiet(time(23), time(7)), Quiet(time(0), time(8)))

Row = tuple[Button, ...]
Line = tuple[str, str]


async def schedule(parts: Parts, call: Call) -> Message:
    """How often alerts come: at once, or in digests at the times that are typed."""
    had = call.chat.settings.schedule
    if not call.arguments:
        return _schedule_page(call, call.chat.settings)
    new = read_schedule(call.arguments, had)
    if new is None:
        return _not_read(call, "/settings schedule 08:00 18:30 mon-fri", _schedule_page(call, call.chat.settings))
    return await _keep(parts, call, new, f"/settings schedule {typed_schedule(had)}")


async def quiet(parts: Parts, call: Call) -> Message:
    """The hours in which nothing comes."""
    had = call.chat.settings.schedule
    if not call.arguments:
        return _quiet_page(call, call.chat.settings)
    off = call.arguments.casefold() in OFF_WORDS
    hours = None if off else read_quiet(call.arguments)
    if hours is None and not off:
        return _not_read(call, "/settings quiet 23:00-07:00", _quiet_page(call, call.chat.settings))
    return await _keep(parts, call, replace(had, quiet=hours), f"/settings quiet {typed_quiet(had.quiet)}")


async def cap(parts: Parts, call: Call) -> Message:
    """The most alerts in an hour."""
    had = call.chat.settings.schedule
    if not call.arguments:
        return _cap_page(call, call.chat.settings)
    most = 0 if call.arguments.casefold() in OFF_WORDS else read_cap(call.arguments)
    if most is None:
        return _not_read(call, "/settings cap 10", _cap_page(call, call.chat.settings))
    return await _keep(parts, call, replace(had, cap=most), f"/settings cap {had.cap or 'off'}")


async def mute(parts: Parts, call: Call) -> Message:
    """Hold all alerts for a time; what comes meanwhile is sent together then."""
    had = call.chat.settings.schedule
    if not call.arguments:
        return _mute_page(call, call.chat.settings)
    off = call.arguments.casefold() in OFF_WORDS
    until = None if off else read_mute(call.arguments, call.now)
    if until is None and not off:
        return _not_read(call, "/mute 8h", _mute_page(call, call.chat.settings))
    settings = replace(call.chat.settings, schedule=replace(had, muted_until=until))
    moved = await keep_schedule(parts, call, settings)
    before = had.muted_until if had.muted_until and had.muted_until > call.now else None
    back = in_place((call.t("Undo"), f"/mute {typed_mute(before)}")) if until or before else ()
    return Message(
        blocks=tuple(_muted(call, settings, moved)),
        buttons=(back, in_place((call.t("When alerts come"), "/settings schedule"))),
    )


def _muted(call: Call, settings: ChatSettings, moved: int) -> Iterator[Block]:
    t = call.t
    if until := mute_words(settings, t, call.now):
        yield text(t("Muted {until}.", until=until))
        yield note(t("Nothing is lost: what comes meanwhile is sent together then."))
        return
    yield text(t("Not muted: alerts come again."))
    if moved:
        yield note(t.n("{n} alert that waited comes now.", "{n} alerts that waited come now.", moved))


async def keep_schedule(parts: Parts, call: Call, settings: ChatSettings) -> int:
    """Keep the settings, and have what is held already come as they say; answer how many alerts that concerns."""
    await parts.chats.save_settings(call.chat.id, settings)
    return await time_anew(parts, call, settings)


async def time_anew(parts: Parts, call: Call, settings: ChatSettings) -> int:
    """Have what is held already come as settings say that were kept just now; answer how many alerts that concerns."""
    moved = await parts.held.reschedule_held(call.chat.id, _times(call.chat.settings, settings, call.now))
    if moved:
        parts.bell.ring("digest")
    return moved


def _times(had: ChatSettings, new: ChatSettings, now: datetime) -> dict[Hold, datetime]:
    """When that comes which waits for the chat's own reasons. What a keyword or feed wants in a digest stays there."""
    at = due_of(Wishes(schedule=new.schedule, timezone=new.timezone), (), now).at
    instant = {had.schedule.frequency, new.schedule.frequency} == {Frequency.INSTANT}
    digest = next_digest(new.schedule, new.timezone, now) if instant else at
    return {Hold.DIGEST: digest, Hold.QUIET: at, Hold.MUTE: at, Hold.CAP: at}


async def _keep(parts: Parts, call: Call, new: Schedule, back: str) -> Message:
    settings = replace(call.chat.settings, schedule=new)
    await keep_schedule(parts, call, settings)
    said = text(call.t("Saved."))
    undo = in_place((call.t("Undo"), back))
    if settings.timezone == "UTC" and (new.frequency is Frequency.DAILY or new.quiet):
        return _ask_zone(call, settings, said, undo)
    page = _schedule_page(call, settings)
    *choices, last = page.buttons
    return replace(page, blocks=(said, *page.blocks), buttons=(*choices, (*undo, *last)))


def _ask_zone(call: Call, settings: ChatSettings, said: Block, undo: Row) -> Message:
    """The times are in UTC as long as nobody said where the chat is."""
    t = call.t
    zones = [_button(place_words(zone, t), f"/settings timezone {zone}") for zone in USUAL_ZONES]
    other = _asking(t("Another place"), "/settings timezone ", t("Which city or time zone?"))
    question = t("These times are in UTC, where it is {time}. Which clock do you go by?", time=f"{call.now:%H:%M}")
    return Message(
        blocks=(said, *_lines(call, settings), text(question)),
        buttons=(*rows(zones, width=2), (other, _button(t("UTC is right"), "/settings schedule")), undo),
    )


def _schedule_page(call: Call, settings: ChatSettings) -> Message:
    t = call.t
    evening, now = f"08:00 {EVENING:%H:%M}", f"/settings schedule {typed_schedule(settings.schedule)}"
    return Message(
        blocks=(title(t("When alerts come")), *_lines(call, settings)),
        buttons=(
            _choices(now, (t("At once"), "/settings schedule instant"), (t("Every hour"), "/settings schedule hourly")),
            _choices(
                now,
                (t("Each morning"), "/settings schedule 08:00"),
                (t("Morning and evening"), f"/settings schedule {evening}"),
            ),
            (
                _asking(t("Other times"), "/settings schedule ", t("Which times and days? As in: 08:00 18:30 mon-fri")),
                _button(t("Quiet hours"), "/settings quiet"),
            ),
            in_place((t("Most an hour"), "/settings cap"), (t("Mute"), "/mute")),
            in_place((t("All settings"), "/settings")),
        ),
    )


def _lines(call: Call, settings: ChatSettings) -> Iterator[Block]:
    t, now = call.t, settings.schedule
    values = (
        (t("Alerts"), schedule_words(now, t)),
        (t("Quiet hours"), quiet_words(now.quiet, t)),
        (t("Most alerts"), cap_words(now.cap, t)),
        (t("Muted"), mute_words(settings, t, call.now) or t("no")),
        (t("Time zone"), place_words(settings.timezone, t)),
    )
    yield from (entry(t.spans("{name}: {value}", name=name, value=bold(value))) for name, value in values)


def _quiet_page(call: Call, settings: ChatSettings) -> Message:
    t = call.t
    nights = [(quiet_words(each, t), f"/settings quiet {typed_quiet(each)}") for each in _NIGHTS]
    now = f"/settings quiet {typed_quiet(settings.schedule.quiet)}"
    other = _asking(t("Other hours"), "/settings quiet ", t("From when to when? As in: 23:00-07:00"))
    return Message(
        blocks=(
            title(t("Quiet hours")),
            text(t.spans("{name}: {value}", name=t("Now"), value=bold(quiet_words(settings.schedule.quiet, t)))),
            note(t("Nothing comes in these hours; when they end, all of it is sent together.")),
        ),
        buttons=(
            _choices(now, *nights[:2]),
            (*_choices(now, *nights[2:]), other),
            _choices(now, (t("No quiet hours"), "/settings quiet off")),
            in_place((t("Back"), "/settings schedule")),
        ),
    )


def _cap_page(call: Call, settings: ChatSettings) -> Message:
    t = call.t
    few, some, many = ((cap_words(each, t), f"/settings cap {each}") for each in _CAPS)
    now = f"/settings cap {settings.schedule.cap or 'off'}"
    other = _asking(t("Another number"), "/settings cap ", t("How many alerts an hour at most?"))
    return Message(
        blocks=(
            title(t("Most alerts")),
            text(t.spans("{name}: {value}", name=t("Now"), value=bold(cap_words(settings.schedule.cap, t)))),
            note(t("What is more comes together with the next full hour.")),
        ),
        buttons=(
            _choices(now, few, some),
            (*_choices(now, many), other),
            _choices(now, (t("Any number"), "/settings cap off")),
            in_place((t("Back"), "/settings schedule")),
        ),
    )


def _mute_page(call: Call, settings: ChatSettings) -> Message:
    t = call.t
    now = mute_words(settings, t, call.now)
    off = in_place((t("End the mute"), "/mute off")) if now else ()
    return Message(
        blocks=(
            title(t("Mute")),
            text(t("Muted {until}.", until=now) if now else t("For how long?")),
            note(t("Nothing is lost: what comes meanwhile is sent together then.")),
        ),
        buttons=(
            *rows((_button(span_words(span, t), f"/mute {line}") for line, span in USUAL_MUTES), width=2),
            off,
            in_place((t("Back"), "/settings schedule")),
        ),
    )


def _not_read(call: Call, example: str, page: Message) -> Message:
    t = call.t
    said = t.spans("I can't read {typed}.", typed=code(one_line(call.arguments, 40)))
    hint = t.spans("Type it as in {example}.", example=code(example))
    return replace(page, blocks=(text(said), text(hint), *page.blocks))


def _button(label: str, line: str) -> Button:
    return Button(one_line(label, LABEL_LIMIT), line, in_place=True)


def _asking(label: str, line: str, ask: str) -> Button:
    return replace(_button(label, line), ask=ask)


def _choices(now: str, *choices: Line) -> Row:
    """Buttons of which the one that stands now is ticked."""
    return in_place(*((f"{label} ✓" if line == now else label, line) for label, line in choices))
