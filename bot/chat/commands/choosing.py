"""When the alerts of one keyword or feed come: how that is typed, shown, offered by buttons and taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from babel.dates import format_timedelta

from bot.chat.blocks import code, entry, in_place, note, one_line, rows, text
from bot.chat.catalogue import Catalogue, mark
from bot.chat.commands.call import Call
from bot.chat.render import until, when
from bot.model import Block, Button, Choice, Message, Tally, Urgency

URGENCIES: Mapping[Urgency, str] = {
    Urgency.USUAL: mark("as in the settings of the chat"),
    Urgency.INSTANT: mark("at once"),
    Urgency.DIGEST: mark("in the digest"),
}
"""What the choices are called."""

_COME = {
    Urgency.USUAL: mark("Its alerts come as the settings of the chat say."),
    Urgency.INSTANT: mark("Its alerts come at once."),
    Urgency.DIGEST: mark("Its alerts wait for the digest."),
}
# As people call them, beside the values themselves.
_TYPED = {each.value: each for each in Urgency} | {
    **dict.fromkeys(("chat", "usual", "預設", "默认"), Urgency.USUAL),
    **dict.fromkeys(("now", "once", "即時", "即时", "立即"), Urgency.INSTANT),
    "摘要": Urgency.DIGEST,
}
_OFF = frozenset({"off", "no", "0", "關", "关"})
_OFFERED = ("1h", "8h", "1d", "7d")
_LONGEST = timedelta(days=366)
_DURATION = re.compile(
    r"(\d{1,5})\s*(?:(m|min|minutes?|分鐘|分钟)|(h|hours?|小時|小时)|(d|days?|天|日)|(w|weeks?|週|周|星期))"
)
_UNITS = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1))
_MOMENT = re.compile(r"@(\d{9,11})", re.ASCII)  # seconds of Unix time, as a way back writes it


class Unreadable(ValueError):
    """What was typed is none of the choices."""


def with_urgency(choice: Choice, typed: str) -> Choice:
    """The choice with what was typed for its mode. Raises Unreadable."""
    urgency = _TYPED.get(typed.strip().casefold())
    if urgency is None:
        raise Unreadable
    return replace(choice, urgency=urgency)


def with_mute(choice: Choice, typed: str, now: datetime) -> Choice:
    """The choice muted for what was typed: `8h`, `30 min`, `7d`, `off`. Raises Unreadable."""
    typed = typed.strip().casefold()
    if typed in _OFF:
        return replace(choice, muted_until=None)
    moment = _moment(typed, now)
    if not now < moment <= now + _LONGEST:
        raise Unreadable
    return replace(choice, muted_until=moment)


def _moment(typed: str, now: datetime) -> datetime:
    if found := _MOMENT.fullmatch(typed):
        return datetime.fromtimestamp(int(found[1]), UTC)
    found = _DURATION.fullmatch(typed)
    if found is None:
        raise Unreadable
    unit = next(unit for unit, name in zip(_UNITS, found.groups()[1:], strict=True) if name)
    return now + int(found[1]) * unit


def mute_again(choice: Choice, now: datetime) -> str:
    """What is typed to have the mute of a choice again."""
    until = choice.muted_until
    return f"@{int(until.timestamp())}" if until is not None and until > now else "off"


def is_muted(choice: Choice, now: datetime) -> bool:
    """Whether the alerts wait for the end of a mute."""
    return choice.muted_until is not None and choice.muted_until > now


def marks(choice: Choice, t: Catalogue, now: datetime) -> str:
    """What is not as usual in a few words, each after a dot; empty where all is."""
    urgency = "" if choice.urgency is Urgency.USUAL else f" · {t(URGENCIES[choice.urgency])}"
    muted = t("muted")
    return urgency + (f" · 🔕 {muted}" if is_muted(choice, now) else "")


def described(choice: Choice, t: Catalogue, now: datetime) -> Iterator[Block]:
    """When the alerts come, a line each."""
    yield entry(t(_COME[choice.urgency]))
    if choice.muted_until is not None and is_muted(choice, now):
        ends = until(choice.muted_until, t, now=now)
        yield entry(t("🔕 Muted: what it finds waits, and comes {when}.", when=ends))


def urgency_said(choice: Choice, t: Catalogue) -> str:
    """That the mode was chosen."""
    return t(_COME[choice.urgency])


def mute_said(choice: Choice, call: Call) -> str:
    """That the mute was chosen."""
    if choice.muted_until is None:
        return call.t("It is muted no more.")
    return call.t("Muted. It is heard again {when}.", when=until(choice.muted_until, call.t, now=call.now))


def lately(tally: Tally, call: Call) -> str:
    """What came of it in the last 7 days."""
    t = call.t
    if tally.last is None:
        return t("It brought no alert yet.")
    newest = when(tally.last, call.chat.settings, t, now=call.now)
    return t.n(
        "{n} alert in the last 7 days; the newest came {when}.",
        "{n} alerts in the last 7 days; the newest came {when}.",
        tally.alerts,
        when=newest,
    )


def mode_question(
    call: Call, choice: Choice, heading: Sequence[Block], line: str, back: tuple[Button, ...], *more: tuple[Button, ...]
) -> Message:
    """Ask when its alerts shall come; `line` is the command that takes it."""
    t = call.t
    offered = ((t(name), f"{line} {each.value}") for each, name in URGENCIES.items() if each is not choice.urgency)
    times = in_place(*((label[:1].upper() + label[1:], action) for label, action in offered))
    blocks = (*heading, text(t("When shall its alerts come?")), *described(choice, t, call.now))
    return Message(blocks=blocks, buttons=(*rows(times, width=2), *more, back))


def mute_question(call: Call, choice: Choice, heading: Sequence[Block], line: str, back: tuple[Button, ...]) -> Message:
    """Ask for how long; `line` is the command that takes it."""
    t = call.t
    offered = in_place(*((_duration(each, call), f"{line} {each}") for each in _OFFERED))
    off = in_place((t("Mute no more"), f"{line} off")) if is_muted(choice, call.now) else ()
    return Message(
        blocks=(
            *heading,
            text(t("For how long shall its alerts wait? They come together at the end.")),
            note(t.spans("Or type it: {example}", example=code(f"{line} 3d"))),
        ),
        buttons=(*rows(offered, width=2), off, back),
    )


def unreadable(call: Call, typed: str) -> Block:
    """That there is no such choice."""
    return text(call.t.spans("{value} is none of the choices.", value=code(one_line(typed, 40))))


def _duration(typed: str, call: Call) -> str:
    return format_timedelta(_moment(typed, call.now) - call.now, locale=call.t.babel, threshold=1)
