"""`/settings` with its subcommands, `/pause` and `/resume`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.asking import asks
from bot.chat.blocks import bold, buttons, code, entry, in_place, note, one_line, rows, text, title
from bot.chat.catalogue import Catalogue, catalogue_for, mark
from bot.chat.commands.call import Call, Parts
from bot.chat.commands.rights import who_may
from bot.chat.commands.schedule import keep_schedule
from bot.chat.menu import MENU, MenuOption
from bot.chat.schedule_words import place_words, schedule_lines
from bot.chat.zones import USUAL_ZONES, near_zones, zone_named
from bot.model import (
    Button,
    Chat,
    ChatKind,
    ChatSettings,
    ChatState,
    Language,
    Locale,
    Message,
    Pictures,
    Reports,
    Script,
    Span,
)

_SUBCOMMANDS = {each.name: each for command in MENU if command.name == "settings" for each in command.subcommands}

# As people call them; `hans` is from before there were regions.
_SCRIPT_WORDS = {
    **dict.fromkeys(("hans", "简体", "簡體", "中国", "中國", "大陆", "大陸"), "cn"),
    **dict.fromkeys(("香港", "澳門", "澳门", "macau"), "hk"),
    **dict.fromkeys(("台灣", "臺灣", "台湾", "taiwan"), "tw"),
    **dict.fromkeys(("繁體", "繁体"), "hant"),
}

_ON = frozenset({"on", "yes", "true", "1", "開", "开"})
_OFF = frozenset({"off", "no", "false", "0", "關", "关"})


async def show(_: Parts, call: Call) -> Message:
    """The settings, with buttons to change them."""
    return _settings(call, call.chat)


def _settings(call: Call, chat: Chat, *first: str) -> Message:
    """The settings of a chat, in the language they name; `first` says what was just done."""
    t = catalogue_for(chat.settings.locale or call.request.person.locale)
    value = _values(chat)
    lines = (
        (t("Language"), _label("language", value["language"], t)),
        (t("Alerts in"), _label("languages", value["languages"], t)),
        (t("Chinese"), _label("script", value["script"], t)),
        (t("Other sources of a story"), _label("reports", value["reports"], t)),
        (t("Pictures"), _label("pictures", value["pictures"], t)),
        (t("Time zone"), place_words(chat.settings.timezone, t)),
        (t("Alerts"), _label("pause", value["pause"], t)),
        *schedule_lines(chat.settings, t, call.now),
        *([(t("Who may change things"), who_may(chat.settings, t))] if chat.kind is not ChatKind.PRIVATE else []),
    )
    listed = (entry((*t.spans("{name}: {value}", name=name, value=bold(value)),)) for name, value in lines)
    changes = _buttons(chat, t) if call.can_manage else ()
    return Message(blocks=(*(text(line) for line in first), title(t("Settings")), *listed), buttons=changes)


def _values(chat: Chat) -> dict[str, str]:
    """What stands now for each setting that has choices, as one of them."""
    settings = chat.settings
    return {
        "language": settings.locale.value if settings.locale else "auto",
        "languages": ",".join(settings.languages),
        "script": settings.characters().value if settings.script else "auto",
        "reports": settings.reports.value,
        "pictures": settings.pictures.value,
        "pause": "on" if chat.state is ChatState.PAUSED else "off",
    }


def _label(name: str, value: str, t: Catalogue) -> str:
    return next((t(choice.label) for choice in _option(name).choices if choice.value == value), value)


def _option(name: str) -> MenuOption:
    return _SUBCOMMANDS[name].options[0]


def _buttons(chat: Chat, t: Catalogue) -> tuple[tuple[Button, ...], ...]:
    """A button for each setting; its choices come next, so that every label has room on a telephone."""
    paused, shared = chat.state is ChatState.PAUSED, chat.kind is not ChatKind.PRIVATE
    managers = buttons((t("Who may change things"), "/settings managers")) if shared else ()
    return (
        in_place((t("Language"), "/settings language"), (t("Alerts in"), "/settings languages")),
        in_place((t("Chinese"), "/settings script"), (t("Time zone"), "/settings timezone")),
        in_place((t("Pictures"), "/settings pictures"), (t("Other sources"), "/settings reports")),
        (*in_place((t("When alerts come"), "/settings schedule")), *managers),
        in_place(
            (t("Mute"), "/mute"), (t("Start alerts again"), "/resume") if paused else (t("Pause alerts"), "/pause")
        ),
    )


async def unknown(_: Parts, call: Call) -> Message:
    """`/settings` alone shows them; with a setting there is none of, it names those there are."""
    if not call.arguments:
        return _settings(call, call.chat)
    t = call.t
    named = t.spans("There is no setting called {name}.", name=code(one_line(call.arguments, 40)))
    lines = (
        entry((code(f"/settings {name}"), Span(f" · {t(each.description)}"))) for name, each in _SUBCOMMANDS.items()
    )
    return Message(blocks=(text(named), *lines))


async def language(parts: Parts, call: Call) -> Message:
    """The language of the bot's messages here."""
    return await _choose(
        parts,
        call,
        "language",
        {
            choice.value.casefold(): replace(
                call.chat.settings, locale=None if choice.value == "auto" else Locale(choice.value)
            )
            for choice in _option("language").choices
        },
    )


async def languages(parts: Parts, call: Call) -> Message:
    """The languages of alerts, in their order."""
    call = call.having(",".join(call.arguments.replace("，", ",").replace(",", " ").split()))
    return await _choose(
        parts,
        call,
        "languages",
        {
            choice.value: replace(
                call.chat.settings, languages=tuple(Language(each) for each in choice.value.split(","))
            )
            for choice in _option("languages").choices
        },
    )


async def script(parts: Parts, call: Call) -> Message:
    """The Chinese of alerts: whose characters, names and words."""
    typed = call.arguments.casefold()
    return await _choose(
        parts,
        call.having(_SCRIPT_WORDS.get(typed, typed)),
        "script",
        {
            choice.value: replace(call.chat.settings, script=None if choice.value == "auto" else Script(choice.value))
            for choice in _option("script").choices
        },
    )


async def reports(parts: Parts, call: Call) -> Message:
    """What becomes of further reports of a story."""
    choices = {each.value: replace(call.chat.settings, reports=each) for each in Reports}
    return await _choose(parts, call, "reports", choices)


async def pictures(parts: Parts, call: Call) -> Message:
    """How large pictures are in alerts."""
    choices = {each.value: replace(call.chat.settings, pictures=each) for each in Pictures}
    return await _choose(parts, call, "pictures", choices)


async def _choose(parts: Parts, call: Call, name: str, choices: Mapping[str, ChatSettings]) -> Message:
    """Keep the settings that the typed value stands for, or say which values there are."""
    chosen = choices.get(call.arguments.casefold())
    if chosen is None:
        return _no_such_value(call, name)
    return await _keep(parts, call, chosen)


async def _keep(parts: Parts, call: Call, settings: ChatSettings) -> Message:
    await parts.chats.save_settings(call.chat.id, settings)
    t = catalogue_for(settings.locale or call.request.person.locale)
    return _settings(call, replace(call.chat, settings=settings), t("Saved. It takes effect from the next message on."))


def _no_such_value(call: Call, name: str) -> Message:
    t = call.t
    choices = _option(name).choices
    said = (
        t.spans("{value} is none of the choices.", value=code(one_line(call.arguments, 40)))
        if call.arguments
        else t.spans("Which one?")
    )
    now = _values(call.chat)[name]
    lines = (
        entry(
            (
                code(f"/settings {name} {choice.value}"),
                Span(f" · {t(choice.label)}" + (" ✓" if choice.value == now else "")),
            )
        )
        for choice in choices
    )
    offered = in_place(*((t(choice.label), f"/settings {name} {choice.value}") for choice in choices))
    back = in_place((t("All settings"), "/settings"))
    heading = title(t(_SUBCOMMANDS[name].description))
    return Message(blocks=(heading, text(said), *lines), buttons=(*rows(offered, width=2), back))


async def timezone(parts: Parts, call: Call) -> Message:
    """The time zone of dates here."""
    t = call.t
    name = zone_named(call.arguments)
    if name:
        said = t("Saved. It is {time} there now.", time=_clock(call.now, name))
        settings = replace(call.chat.settings, timezone=name)
        await keep_schedule(parts, call, settings)
        return _settings(call, replace(call.chat, settings=settings), said)
    near = near_zones(call.arguments) or list(USUAL_ZONES)
    said_none = t.spans("I don't know a time zone called {name}.", name=code(one_line(call.arguments, 40)))
    hint = t.spans("Type a place as in {example}.", example=code("/settings timezone Asia/Hong_Kong"))
    blocks = (text(said_none),) if call.arguments else ()
    return Message(
        blocks=(*blocks, text(hint)),
        buttons=(
            *rows(in_place(*((zone, f"/settings timezone {zone}") for zone in near)), width=2),
            (*asks(t, t("✏️ Another place"), "/settings timezone"), *in_place((t("All settings"), "/settings"))),
        ),
    )


def _clock(now: datetime, zone: str) -> str:
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M}"


async def pause(parts: Parts, call: Call) -> Message:
    """`/pause`."""
    return await _set_paused(parts, call, paused=True)


async def resume(parts: Parts, call: Call) -> Message:
    """`/resume`."""
    return await _set_paused(parts, call, paused=False)


async def pause_setting(parts: Parts, call: Call) -> Message:
    """`/settings pause on|off`."""
    wanted = call.arguments.casefold()
    if wanted not in _ON | _OFF:
        return _no_such_value(call, "pause")
    return await _set_paused(parts, call, paused=wanted in _ON)


_PAUSED = mark("Alerts are paused here: nothing comes until you start them again.")
_RUNNING = mark("Alerts come here again.")


async def _set_paused(parts: Parts, call: Call, *, paused: bool) -> Message:
    t = call.t
    await parts.chats.set_paused(call.chat.id, paused=paused)
    if not paused and call.chat.settings.schedule.muted_until:
        schedule = replace(call.chat.settings.schedule, muted_until=None)
        await keep_schedule(parts, call, replace(call.chat.settings, schedule=schedule))
    other = (t("Start alerts again"), "/resume") if paused else (t("Pause alerts"), "/pause")
    said = t(_PAUSED if paused else _RUNNING)
    hint = (
        t.spans(
            "{resume} starts them again. What comes meanwhile is not sent later; {mute} instead keeps it.",
            resume=code("/resume"),
            mute=code("/mute"),
        )
        if paused
        else t.spans("{latest} shows the newest ones.", latest=code("/latest"))
    )
    return Message(blocks=(text(said), note(hint)), buttons=(buttons(other),))
