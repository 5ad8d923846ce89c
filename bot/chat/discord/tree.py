"""Builds Discord's application commands from the menu, with their names and descriptions in every language."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import discord
from discord import app_commands

from bot.chat.catalogue import catalogue_for, locale_from_tag, mark
from bot.chat.menu import MENU, MenuCommand, MenuOption, OptionKind, argument_line
from bot.chat.menu.owners import OWNER_MENU
from bot.model import Locale

Answer = Callable[[discord.Interaction, str, str], Awaitable[None]]
"""Answers an interaction that gave a command with arguments."""
Ask = Callable[[discord.Interaction, str, discord.Message], Awaitable[None]]
"""Answers an interaction that gave a command about a message."""
Complete = Callable[[discord.Interaction, str, str, str, str], Awaitable[list[tuple[str, str]]]]
"""Completes: the interaction, command, subcommand (or ""), option, and what was typed → (label, value) pairs."""
Fault = Callable[[discord.Interaction, Exception], Awaitable[None]]
"""Reports what should not have happened, to the log and to the person."""
Completer = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]

_GIVEN = discord.InteractionType.application_command

ABOUT_MESSAGES = {"why": mark("Why this alert?"), "translate": mark("Translate this")}
"""Commands in the menu of a message, and what they are called there."""

_NAMES = frozenset(
    {
        app_commands.TranslationContextLocation.command_name,
        app_commands.TranslationContextLocation.group_name,
        app_commands.TranslationContextLocation.parameter_name,
    }
)
_TYPES: dict[OptionKind, Any] = {
    OptionKind.FLAG: bool,
    OptionKind.FILE: discord.Attachment,
    OptionKind.CHANNEL: app_commands.AppCommandChannel | app_commands.AppCommandThread,
    OptionKind.ROLE: discord.Role,
}
_SENTENCES = frozenset(ABOUT_MESSAGES.values())
_NAME = re.compile(r"[-_\w]{1,32}")


class MenuTree(app_commands.CommandTree[discord.Client]):
    """The menu as application commands, for servers and direct messages. Where the bot is `owned` on Discord, the
    owners' are among them, in direct messages alone: Discord shows them to everybody there, and owners
    alone are answered."""

    def __init__(
        self,
        client: discord.Client,
        *,
        answer: Answer,
        ask: Ask,
        complete: Complete,
        fault: Fault,
        owned: bool = False,
    ) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self._answer = answer
        self._ask = ask
        self._complete = complete
        self._fault = fault
        for command in MENU:
            self.add_command(self._group(command) if command.subcommands else self._command(command))
        for command in OWNER_MENU if owned else ():
            group = self._group(command)
            group.allowed_contexts = app_commands.AppCommandContext(guild=False, dm_channel=True)
            self.add_command(group)
        for name, label in ABOUT_MESSAGES.items():
            self.add_command(self._about_messages(name, label))

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError, /) -> None:
        """Answer a command that Discord still lists but we no longer have, as any unknown one; report the rest."""
        if isinstance(error, app_commands.CommandNotFound) and interaction.type is _GIVEN:
            await self._answer(interaction, " ".join([*error.parents, error.name]), "")
        else:
            await self._fault(interaction, error)

    def _group(self, menu: MenuCommand) -> app_commands.Group:
        group = app_commands.Group(name=menu.name, description=menu.description)
        for subcommand in menu.subcommands:
            group.add_command(self._command(subcommand, group))
        return group

    def _command(
        self, menu: MenuCommand, group: app_commands.Group | None = None
    ) -> app_commands.Command[Any, ..., None]:
        command: app_commands.Command[Any, ..., None] = app_commands.Command(
            name=menu.name,
            description=menu.description,
            callback=self._callback(menu, group.name if group else ""),
            parent=group,
        )
        for option in menu.options:
            if option.autocomplete:
                command.autocomplete(option.name)(self._completer(menu, group, option))
        return command

    def _about_messages(self, command: str, label: str) -> app_commands.ContextMenu:
        async def callback(interaction: discord.Interaction, message: discord.Message) -> None:
            await self._ask(interaction, command, message)

        return app_commands.ContextMenu(name=label, callback=callback)

    def _callback(self, menu: MenuCommand, group: str) -> Any:  # noqa: ANN401 - its parameters are the menu's options
        async def callback(interaction: discord.Interaction, **values: object) -> None:
            words = [menu.name] if group else []
            arguments = " ".join([*words, argument_line(menu, values)]).strip()
            await self._answer(interaction, group or menu.name, arguments)

        given: Any = callback
        given.__signature__ = _signature(menu)
        app_commands.describe(**{option.name: option.description for option in menu.options})(given)
        app_commands.choices(**{option.name: _choices(option) for option in menu.options if option.choices})(given)
        return given

    def _completer(self, menu: MenuCommand, group: app_commands.Group | None, option: MenuOption) -> Completer:
        command, subcommand = (group.name, menu.name) if group else (menu.name, "")

        async def completer(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            pairs = await self._complete(interaction, command, subcommand, option.name, typed)
            return [app_commands.Choice(name=label, value=value) for label, value in pairs]

        return completer


def _signature(menu: MenuCommand) -> inspect.Signature:
    """What discord.py reads the options from: a parameter for each, with its type and whether it is needed."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter("interaction", kind, annotation=discord.Interaction)]
    for option in sorted(menu.options, key=lambda option: not option.required):
        taken = _TYPES.get(option.kind, str)
        default = inspect.Parameter.empty if option.required else None
        annotation: Any = taken if option.required else taken | None
        parameters.append(inspect.Parameter(option.name, kind, default=default, annotation=annotation))
    return inspect.Signature(parameters)


def _choices(option: MenuOption) -> list[app_commands.Choice[str | int | float]]:
    return [
        app_commands.Choice(name=app_commands.locale_str(choice.label), value=choice.value) for choice in option.choices
    ]


class MenuTranslator(app_commands.Translator):
    """Gives Discord the texts of the menu in every language that there is a catalogue for."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in the language, or None where it would be no other (or, for a name, none that Discord takes)."""
        spoken = locale_from_tag(locale.value)
        if spoken is Locale.EN:
            return None
        text = catalogue_for(spoken)(string.message)
        # In the menu of a message a name may be a sentence.
        if context.location in _NAMES and string.message not in _SENTENCES and not _NAME.fullmatch(text):
            return None
        return text if text != string.message else None
