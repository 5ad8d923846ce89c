"""`/settings` with its subcommands, and what stops and starts alerts."""

from __future__ import annotations

from bot.chat.catalogue import interface_locales, mark, own_name
from bot.chat.menu.shape import MenuChoice, MenuCommand, MenuOption, OptionKind


def _setting(name: str, description: str, *choices: MenuChoice, what: str = "") -> MenuCommand:
    """A subcommand that takes one of the choices; `what` says what they are, where the description does not."""
    option = MenuOption(
        name="value", description=what or description, kind=OptionKind.CHOICE, required=True, choices=choices
    )
    return MenuCommand(name=name, description=description, admin=True, options=(option,))


SETTINGS: tuple[MenuCommand, ...] = (
    MenuCommand(
        name="settings",
        description=mark("Languages, characters, other sources, time zone, pause"),
        subcommands=(
            MenuCommand(name="show", description=mark("Show the settings")),
            _setting(
                "language",
                mark("The language I speak here"),
                *(MenuChoice(locale.value, own_name(locale)) for locale in interface_locales()),
                MenuChoice("auto", mark("each person's app language")),
            ),
            _setting(
                "languages",
                mark("The languages of alerts, and their order"),
                MenuChoice("zh,en", mark("Chinese, then English")),
                MenuChoice("en,zh", mark("English, then Chinese")),
                MenuChoice("zh", mark("Chinese only")),
                MenuChoice("en", mark("English only")),
            ),
            _setting(
                "script",
                mark("The Chinese of alerts: characters, names and words"),
                MenuChoice("hk", mark("traditional, Hong Kong")),
                MenuChoice("tw", mark("traditional, Taiwan")),
                MenuChoice("cn", mark("simplified, mainland China")),
                MenuChoice("hant", mark("traditional characters only")),
                MenuChoice("source", mark("as the source writes")),
                MenuChoice("auto", mark("as in my messages")),
            ),
            _setting(
                "reports",
                mark("Other sources of a story that was told"),
                MenuChoice("fold", mark("named in the alert")),
                MenuChoice("each", mark("alerts of their own")),
                what=mark("What becomes of further reports of a story"),
            ),
            _setting(
                "pictures",
                mark("Pictures and link previews in alerts"),
                MenuChoice("off", mark("none")),
                MenuChoice("small", mark("small")),
                MenuChoice("large", mark("large")),
                what=mark("How large they are"),
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
            _setting(
                "pause",
                mark("Stop or start alerts"),
                MenuChoice("on", mark("paused")),
                MenuChoice("off", mark("running")),
                what=mark("Whether alerts are paused"),
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
