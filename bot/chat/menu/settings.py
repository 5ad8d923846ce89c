"""`/settings` with its subcommands, and what stops and starts alerts."""

from __future__ import annotations

from bot.chat.catalogue import interface_locales, mark, own_name
from bot.chat.menu.shape import MenuChoice, MenuCommand, MenuOption, OptionKind

SETTINGS: tuple[MenuCommand, ...] = (
    MenuCommand(
        name="settings",
        description=mark("Languages, characters, other sources, time zone, pause"),
        subcommands=(
            MenuCommand(name="show", description=mark("Show the settings")),
            MenuCommand(
                name="language",
                description=mark("The language I speak here"),
                admin=True,
                options=(
                    MenuOption(
                        name="value",
                        description=mark("The language I speak here"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(
                            *(MenuChoice(locale.value, own_name(locale)) for locale in interface_locales()),
                            MenuChoice("auto", mark("each person's app language")),
                        ),
                    ),
                ),
            ),
            MenuCommand(
                name="languages",
                description=mark("The languages of alerts, and their order"),
                admin=True,
                options=(
                    MenuOption(
                        name="value",
                        description=mark("The languages of alerts, and their order"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(
                            MenuChoice("zh,en", mark("Chinese, then English")),
                            MenuChoice("en,zh", mark("English, then Chinese")),
                            MenuChoice("zh", mark("Chinese only")),
                            MenuChoice("en", mark("English only")),
                        ),
                    ),
                ),
            ),
            MenuCommand(
                name="script",
                description=mark("The Chinese of alerts: characters, names and words"),
                admin=True,
                options=(
                    MenuOption(
                        name="value",
                        description=mark("The Chinese of alerts: characters, names and words"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(
                            MenuChoice("hk", mark("traditional, Hong Kong")),
                            MenuChoice("tw", mark("traditional, Taiwan")),
                            MenuChoice("cn", mark("simplified, mainland China")),
                            MenuChoice("hant", mark("traditional characters only")),
                            MenuChoice("source", mark("as the source writes")),
                            MenuChoice("auto", mark("as in my messages")),
                        ),
                    ),
                ),
            ),
            MenuCommand(
                name="reports",
                description=mark("Other sources of a story that was told"),
                admin=True,
                options=(
                    MenuOption(
                        name="value",
                        description=mark("What becomes of further reports of a story"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(
                            MenuChoice("fold", mark("named in the alert")),
                            MenuChoice("each", mark("alerts of their own")),
                        ),
                    ),
                ),
            ),
            MenuCommand(
                name="pictures",
                description=mark("Pictures and link previews in alerts"),
                admin=True,
                options=(
                    MenuOption(
                        name="value",
                        description=mark("How large they are"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(
                            MenuChoice("off", mark("none")),
                            MenuChoice("small", mark("small")),
                            MenuChoice("large", mark("large")),
                        ),
                    ),
                ),
            ),
            MenuCommand(
                name="timezone",
                description=mark("The time zone of dates here"),
                admin=True,
                options=(
                    MenuOption(
                        name="zone",
                        description=mark("A place, such as Asia/Hong_Kong"),
                        required=True,
                        autocomplete=True,
                    ),
                ),
            ),
            MenuCommand(
                name="schedule",
                description=mark("When alerts come: at once or in digests"),
                admin=True,
                options=(
                    MenuOption(
                        name="when",
                        description=mark("instant, hourly, or times and days: 08:00 18:30 mon-fri"),
                        autocomplete=True,
                    ),
                ),
            ),
            MenuCommand(
                name="quiet",
                description=mark("Hours in which nothing comes"),
                admin=True,
                options=(MenuOption(name="hours", description=mark("From when to when, as 23:00-07:00; or off")),),
            ),
            MenuCommand(
                name="cap",
                description=mark("The most alerts in an hour"),
                admin=True,
                options=(MenuOption(name="alerts", description=mark("How many, or off")),),
            ),
            MenuCommand(
                name="managers",
                description=mark("Who may change things here, beside admins"),
                admin=True,
                options=(
                    MenuOption(
                        name="who",
                        description=mark("Who may change things here, beside admins"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(
                            MenuChoice("admins", mark("admins")),
                            MenuChoice("everyone", mark("everyone who may write here")),
                            MenuChoice("role", mark("admins, and who has a role")),
                        ),
                    ),
                    MenuOption(name="role", description=mark("Which role, on Discord"), kind=OptionKind.ROLE),
                ),
            ),
            MenuCommand(
                name="pause",
                description=mark("Stop or start alerts"),
                admin=True,
                options=(
                    MenuOption(
                        name="value",
                        description=mark("Whether alerts are paused"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(MenuChoice("on", mark("paused")), MenuChoice("off", mark("running"))),
                    ),
                ),
            ),
        ),
    ),
    MenuCommand(
        name="manage",
        description=mark("Manage a channel or group from here"),
        options=(
            MenuOption(
                name="place",
                description=mark("The channel; on Telegram @name, a link or a number, or off"),
                kind=OptionKind.CHANNEL,
            ),
        ),
    ),
    MenuCommand(name="pause", description=mark("Stop alerts for now"), admin=True),
    MenuCommand(name="resume", description=mark("Start alerts again"), admin=True),
    MenuCommand(
        name="mute",
        description=mark("Hold alerts for a time; nothing is lost"),
        admin=True,
        options=(MenuOption(name="time", description=mark("For how long, as 8h or 2d; or off"), autocomplete=True),),
    ),
)
