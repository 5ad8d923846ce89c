"""Rows of what a chat chooses: `/settings`, `/pause` and `/resume`."""

from __future__ import annotations

from bot.chat.menu import MENU, OptionKind
from bot.model import Language, Locale, Reports, Script
from tests.commands.row import Row
from tests.commands.situations import chose, paused, speaks
from tests.commands.steps import after
from tests.support.driving import Role

SAVED = "Saved. It takes effect from the next message on."
LOCALE = {"en": Locale.EN, "zh-Hant": Locale.ZH_HANT, "zh-Hans": Locale.ZH_HANS}
ZH, EN = Language.ZH, Language.EN
LANGUAGES = {"zh,en": (ZH, EN), "en,zh": (EN, ZH), "zh": (ZH,), "en": (EN,)}
SCRIPTS = ("hk", "tw", "cn", "hant", "source")
NOT_HERE = {"managers"}  # a private chat has none but its person

SHOW = (
    Row(
        name="settings",
        line="/settings show",
        says=("Settings", "{name}: {value}", "Language", "Alerts in", "Time zone"),
        buttons=("/settings language", "/settings timezone"),
    ),
    Row(name="settings alone", line="/settings", press=True, says=("Settings",), covers=("settings",)),
    Row(
        name="settings without rights have no buttons",
        line="/settings show",
        who=Role.MEMBER,
        says=("Settings",),
        never=("Pause alerts",),
    ),
    Row(
        name="a setting there is none of",
        line="/settings colour",
        press=True,
        says=("There is no setting called {name}.",),
        within=("/settings language",),
    ),
    *(
        Row(
            name=f"settings {leaf.name}, without a value",
            line=f"/settings {leaf.name}",
            press=True,
            says=("Which one?",),
            buttons=("/settings",),
        )
        for command in MENU
        if command.name == "settings"
        for leaf in command.subcommands
        if leaf.options and leaf.options[0].kind is OptionKind.CHOICE and leaf.name not in NOT_HERE
    ),
    *(
        Row(
            name=f"settings {leaf.name}, a value there is none of",
            line=f"/settings {leaf.name} mauve",
            press=True,
            says=("{value} is none of the choices.",),
            buttons=("/settings",),
        )
        for command in MENU
        if command.name == "settings"
        for leaf in command.subcommands
        if leaf.options and leaf.options[0].kind is OptionKind.CHOICE and leaf.name not in NOT_HERE
    ),
)

CHOOSE = (
    *(
        Row(
            name=f"the language {tag}",
            line=f"/settings language {tag}",
            says=(SAVED, "Settings"),
            then={"locale": locale},
        )
        for tag, locale in LOCALE.items()
    ),
    Row(
        name="the language of each person's app",
        line="/settings language auto",
        given=(speaks(Locale.ZH_HANS),),
        says=(SAVED, "each person's app language"),
        then={"locale": None},
    ),
    *(
        Row(
            name=f"alerts in {value}",
            line=f"/settings languages {value}",
            says=(SAVED,),
            then={"languages": chosen},
        )
        for value, chosen in LANGUAGES.items()
    ),
    *(
        Row(
            name=f"Chinese as {value}",
            line=f"/settings script {value}",
            says=(SAVED,),
            then={"script": Script(value)},
        )
        for value in SCRIPTS
    ),
    Row(
        name="Chinese as in the messages",
        line="/settings script auto",
        given=(chose(script=Script.HK),),
        says=(SAVED, "as in my messages"),
        then={"script": None},
    ),
    Row(
        name="reports as alerts of their own",
        line="/settings reports each",
        says=(SAVED, "alerts of their own"),
        then={"reports": Reports.EACH},
    ),
    Row(
        name="reports named in the alert",
        line="/settings reports fold",
        given=(chose(reports=Reports.EACH),),
        says=(SAVED, "named in the alert"),
        then={"reports": Reports.FOLD},
    ),
)

TIMEZONE = (
    Row(
        name="the time zone, asked for",
        line="/settings timezone",
        press=True,
        given=(after("/settings timezone"),),
        asks=True,
        says=("Where do you live?",),
    ),
    Row(
        name="the time zone, answered",
        line="/settings timezone",
        given=(after("/settings timezone"),),
        answer="Taipei",
        says=("Saved. It is {time} there now.",),
        then={"timezone": "Asia/Taipei"},
    ),
    Row(
        name="the time zone, without saying which",
        alone=True,
        line="/settings timezone",
        press=True,
        says=("Type a place as in {example}.",),
        buttons=("/settings timezone Asia/Hong_Kong", "/settings"),
    ),
    Row(
        name="the time zone",
        line="/settings timezone Asia/Hong_Kong",
        says=("Saved. It is {time} there now.",),
        within=("20:00",),
        then={"timezone": "Asia/Hong_Kong"},
    ),
    Row(
        name="the time zone by a Chinese name",
        line="/settings timezone 台北",
        then={"timezone": "Asia/Taipei"},
    ),
    Row(
        name="a time zone there is none of",
        line="/settings timezone Hong Kongg",
        says=("I don't know a time zone called {name}.", "Type a place as in {example}."),
        buttons=("/settings timezone Asia/Hong_Kong",),
    ),
)

PAUSE = (
    Row(
        name="pause",
        line="/pause",
        says=(
            "Alerts are paused here: nothing comes until you start them again.",
            "{resume} starts them again. What comes meanwhile is not sent later; {mute} instead keeps it.",
        ),
        buttons=("/resume",),
        then={"state": "paused"},
    ),
    Row(
        name="resume",
        line="/resume",
        given=(paused,),
        says=("Alerts come here again.", "{latest} shows the newest ones."),
        then={"state": "active"},
    ),
    Row(name="pause by the setting", line="/settings pause on", then={"state": "paused"}),
    Row(name="resume by the setting", line="/settings pause off", given=(paused,), then={"state": "active"}),
)

ROWS = (*SHOW, *CHOOSE, *TIMEZONE, *PAUSE)
