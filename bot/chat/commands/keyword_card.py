"""`/keyword show|mode|mute`: a card for each keyword, whose buttons change it in place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.chat.asking import asks
from bot.chat.blocks import buttons, code, entry, in_place, one_line, text, title
from bot.chat.commands.call import Call, Parts, first_word, number
from bot.chat.commands.choosing import (
    Unreadable,
    described,
    lately,
    mode_question,
    mute_again,
    mute_question,
    mute_said,
    unreadable,
    urgency_said,
    with_mute,
    with_urgency,
)
from bot.chat.commands.keywords import TEST_DAYS, WHOLE, find_keyword, none_yet, reading, which
from bot.model import Block, Button, Choice, Keyword, Message

PAGE = 8
"""Keywords on a page of their list: with their buttons in twos, and those below, as many rows as Discord shows."""


async def show(parts: Parts, call: Call) -> Message:
    """The card of a keyword, named by its number or its text."""
    had = await parts.keywords.keywords(call.chat.id)
    if not had:
        return none_yet(call)
    chosen = find_keyword(had, call.arguments)
    if chosen is None:
        return which(call, call.t("Which keyword do you mean?"), had, "show")
    return await card(parts, call, chosen, had)


async def card(
    parts: Parts, call: Call, keyword: Keyword, had: Sequence[Keyword], *said: Block, undo: str = ""
) -> Message:
    """All of a keyword, with what was just done; `undo` is the line that takes that back."""
    t = call.t
    tally = await parts.tallies.of_keyword(call.chat.id, keyword.query, since=call.now - timedelta(days=TEST_DAYS))
    return Message(
        blocks=(
            # First, since Discord can put what begins with a title in the place of any message of that kind.
            _heading(call, keyword),
            *said,
            text((code(one_line(keyword.query, WHOLE)),)),
            *reading(call, keyword),
            entry(lately(tally, call)),
            *described(keyword.choice, t, call.now),
        ),
        buttons=(in_place((t("Undo"), undo)) if undo else (), *_buttons(call, keyword, had)),
    )


def _heading(call: Call, keyword: Keyword) -> Block:
    return title(call.t("Keyword {number}", number=keyword.id))


def _buttons(call: Call, keyword: Keyword, had: Sequence[Keyword]) -> tuple[tuple[Button, ...], ...]:
    t, named = call.t, keyword.id
    test = buttons((t("What it finds"), f"/keyword test #{named}"))
    page = next((at for at, each in enumerate(had) if each.id == named), 0) // PAGE + 1
    back = in_place((t("All keywords"), f"/keyword list {page}" if page > 1 else "/keyword list"))
    if not call.can_manage:
        return test, back
    edit = asks(t, t("Edit"), f"/keyword edit {named}")
    choices = in_place((t("Timing"), f"/keyword mode {named}"), (t("Mute"), f"/keyword mute {named}"))
    remove = in_place((t("Remove"), f"/keyword remove {named}"))
    return (*edit, *choices), test, (*remove, *back)


def _back(call: Call, keyword: Keyword) -> tuple[Button, ...]:
    return in_place((call.t("Cancel"), f"/keyword show {keyword.id}"))


async def mode(parts: Parts, call: Call) -> Message:
    """When the alerts of a keyword come: `N [default|instant|digest]`."""
    had, chosen, typed = await _named(parts, call)
    if chosen is None:
        return _asked(call, had, "mode")
    line = f"/keyword mode {chosen.id}"
    try:
        choice = with_urgency(chosen.choice, typed)
    except Unreadable:
        wrong = [unreadable(call, typed)] if typed else []
        return mode_question(call, chosen.choice, [*wrong, _heading(call, chosen)], line, _back(call, chosen))
    undo = f"{line} {chosen.choice.urgency}"
    return await _chosen(parts, call, chosen, choice, text(urgency_said(choice, call.t)), undo=undo)


async def mute(parts: Parts, call: Call) -> Message:
    """Have the alerts of a keyword wait: `N [8h|7d|…|off]`."""
    had, chosen, typed = await _named(parts, call)
    if chosen is None:
        return _asked(call, had, "mute")
    line = f"/keyword mute {chosen.id}"
    try:
        choice = with_mute(chosen.choice, typed, call.now)
    except Unreadable:
        wrong = [unreadable(call, typed)] if typed else []
        return mute_question(call, chosen.choice, [*wrong, _heading(call, chosen)], line, _back(call, chosen))
    undo = f"{line} {mute_again(chosen.choice, call.now)}"
    return await _chosen(parts, call, chosen, choice, text(mute_said(choice, call)), undo=undo)


async def _named(parts: Parts, call: Call) -> tuple[list[Keyword], Keyword | None, str]:
    """The chat's keywords, the one whose number comes first, and what comes after it."""
    had = await parts.keywords.keywords(call.chat.id)
    first, rest = first_word(call.arguments)
    return had, next((each for each in had if each.id == number(first)), None), rest


def _asked(call: Call, had: Sequence[Keyword], subcommand: str) -> Message:
    return which(call, call.t("Which keyword do you mean?"), had, subcommand) if had else none_yet(call)


async def _chosen(parts: Parts, call: Call, keyword: Keyword, choice: Choice, said: Block, *, undo: str) -> Message:
    """Keep a choice; the card as it is from now on."""
    kept = await parts.keywords.set_keyword_choice(call.chat.id, keyword.id, choice) or keyword
    had = await parts.keywords.keywords(call.chat.id)
    return await card(parts, call, kept, had, said, undo="" if choice == keyword.choice else undo)
