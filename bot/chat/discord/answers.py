"""Answers interactions: acknowledges each in time, hands it to the commands, and sends what they say."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import discord
import structlog

from bot.chat.blocks import code, text
from bot.chat.catalogue import catalogue_for, locale_from_tag
from bot.chat.clip import clip, utf16_len
from bot.chat.discord.asking import field, label_of, typed_in
from bot.chat.discord.errors import translated
from bot.chat.discord.files import attached, with_attachment
from bot.chat.discord.markup import NOTHING, Rendered, plain, render
from bot.chat.discord.places import locale_of, request_from
from bot.chat.pressing import Press
from bot.chat.trace import trace
from bot.errors import DeliveryError, MessageRefused
from bot.model import Message, Request
from bot.ports import CommandHandler

# Discord takes an interaction back after 3 s without a sign of life; half of it is left for the ways there and back.
_PATIENCE = timedelta(seconds=1.5)
_COMPLETION_DEADLINE = timedelta(seconds=2)

_MOST_CHOICES = 25
_CHOICE_LIMIT = 100


class Answers:
    """Turns interactions into requests, and the handler's messages into responses.

    A quick answer is the response itself, seen by all or by the asking person alone as the message wants it. A slow
    one is announced first ("thinking…"): alone for people who can't manage the chat, for all otherwise. Nothing that
    happens here ends the client: faults are logged with a reference that the person gets too.
    """

    def __init__(self, handler: CommandHandler, *, patience: timedelta = _PATIENCE) -> None:
        self._handler = handler
        self._patience = patience
        self._answering: set[asyncio.Task[None]] = set()
        self._log = structlog.get_logger("bot.discord")

    async def command(self, interaction: discord.Interaction, command: str, arguments: str) -> None:
        """Answer a command."""
        await self._kept(interaction, partial(request_from, interaction, command, arguments))

    async def about(self, interaction: discord.Interaction, command: str, message: discord.Message) -> None:
        """Answer a command about a message, to the asking person alone."""
        await self._kept(interaction, partial(request_from, interaction, command, reply_to=str(message.id)))

    async def _kept(
        self, interaction: discord.Interaction, request: Callable[[], Request], *, in_place: bool = False
    ) -> None:
        """Answer, as something that is waited for when the bot closes."""
        task = asyncio.create_task(self._guarded(interaction, request, in_place=in_place))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)
        await task

    async def finish(self, grace: timedelta) -> None:
        """Wait for the answers that are under way, for no longer than `grace`."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=grace.total_seconds())

    async def _guarded(
        self, interaction: discord.Interaction, request: Callable[[], Request], *, in_place: bool
    ) -> None:
        try:
            await (self._answer_in_place if in_place else self._answer)(interaction, request())
        except DeliveryError as error:
            self._log.warning("answer.lost", reason=error.reason)
        except Exception as error:  # noqa: BLE001 - the last line before the client; `fault` logs it
            await self.fault(interaction, error)

    async def press(self, interaction: discord.Interaction, press: Press) -> None:
        """Answer a button."""
        request = partial(request_from, interaction, press.command, press.arguments)
        await self._kept(interaction, request, in_place=press.in_place)

    async def ask(self, interaction: discord.Interaction, press: Press) -> None:
        """Ask for what completes the line of a button. Who may not give it is told so before they type."""
        request = request_from(interaction, press.command, press.arguments)
        refusal = None if request.person.can_manage else await self._handler.handle(request)
        t = catalogue_for(locale_of(interaction.locale))
        try:
            if refusal and refusal.private:
                await self._send(interaction, refusal)
                return
            with translated():
                await interaction.response.send_modal(field(press.line, label_of(interaction), t))
        except DeliveryError as error:
            self._log.warning("question.lost", reason=error.reason)

    async def typed(self, interaction: discord.Interaction, press: Press) -> None:
        """Answer what was typed into a field."""
        arguments = f"{press.arguments} {typed_in(interaction)}".strip()
        await self.command(interaction, press.command, arguments)

    async def complete(
        self, interaction: discord.Interaction, command: str, subcommand: str, option: str, typed: str
    ) -> list[tuple[str, str]]:
        """What an option could be: at most 25 pairs of distinct labels and values, none too long for Discord."""
        request = request_from(interaction, command, subcommand)
        work = asyncio.ensure_future(self._handler.complete(request, option, typed))
        # Too late it is left, but not cut short: a query that is cancelled half-way can keep SQLite's lock.
        await asyncio.wait({work}, timeout=_COMPLETION_DEADLINE.total_seconds())
        found = work.result() if work.done() else []
        choices = {clip(label, _CHOICE_LIMIT): value for label, value in reversed(found) if _is_choice(label, value)}
        return list(reversed(choices.items()))[:_MOST_CHOICES]

    async def fault(self, interaction: discord.Interaction, error: Exception) -> None:
        """Log a fault with a reference, and tell the person."""
        reference = secrets.token_hex(4)
        self._log.error("interaction.failed", reference=reference, traceback=trace(error))
        if interaction.type is discord.InteractionType.autocomplete:
            return
        try:
            await self._send(interaction, _fault_message(interaction, reference))
        except DeliveryError as trouble:
            self._log.warning("answer.lost", reference=reference, reason=trouble.reason)

    async def _answer(self, interaction: discord.Interaction, request: Request) -> None:
        work = asyncio.ensure_future(self._handled(interaction, request))
        await asyncio.wait({work}, timeout=self._patience.total_seconds())
        shown_to_all = request.person.can_manage and not request.reply_to
        deferred = not work.done() and await self._defer(interaction, ephemeral=not shown_to_all)
        message = await work
        if deferred and message.private and shown_to_all:
            await self._send_aside(interaction, message)
        else:
            await self._send(interaction, message)

    async def _answer_in_place(self, interaction: discord.Interaction, request: Request) -> None:
        """Show the answer in the message that the button stands under; elsewhere what is for one person, or a file."""
        work = asyncio.ensure_future(self._handled(interaction, request))
        await asyncio.wait({work}, timeout=self._patience.total_seconds())
        if not work.done():
            await self._acknowledge(interaction)
        message = await work
        if message.private or message.file or not await self._shown(interaction, message):
            await self._send(interaction, message)

    async def _shown(self, interaction: discord.Interaction, message: Message) -> bool:
        """Whether the message of a button shows this now."""
        try:
            await show(interaction, render(message))
        except (DeliveryError, MessageRefused) as error:
            self._log.info("answer not shown in its place", reason=error.reason)
            return False
        return True

    async def _handled(self, interaction: discord.Interaction, request: Request) -> Message:
        attachment = attached(interaction)
        if attachment is not None:
            request = await with_attachment(request, attachment)
        message = await self._handler.handle(request)
        # Who asks from the menu of a message has shown nobody that they did.
        return replace(message, private=True) if request.reply_to else message

    async def _send_aside(self, interaction: discord.Interaction, message: Message) -> None:
        """Send a private message although the announcement was public: what completes that is seen by all, too."""
        with translated():
            await interaction.edit_original_response(content=NOTHING)
        await self._send(interaction, message)
        with translated():
            await interaction.delete_original_response()

    async def _defer(self, interaction: discord.Interaction, *, ephemeral: bool) -> bool:
        """Announce that an answer will come. A failure must not stop the command that is being carried out."""
        try:
            with translated():
                await interaction.response.defer(ephemeral=ephemeral, thinking=True)
        except DeliveryError as error:
            self._log.warning("acknowledgement.lost", reason=error.reason)
            return False
        return True

    async def _acknowledge(self, interaction: discord.Interaction) -> None:
        """Say that the message will change, which nobody sees."""
        try:
            with translated():
                await interaction.response.defer()
        except DeliveryError as error:
            self._log.warning("acknowledgement.lost", reason=error.reason)

    async def _send(self, interaction: discord.Interaction, message: Message) -> None:
        try:
            await _respond(interaction, render(message), ephemeral=message.private)
        except MessageRefused:
            await _respond(interaction, plain(message), ephemeral=message.private)


def _fault_message(interaction: discord.Interaction, reference: str) -> Message:
    t = catalogue_for(locale_from_tag(interaction.locale.value))
    help_ = t.spans("If it happens again, tell whoever runs me this reference: {reference}", reference=code(reference))
    return Message(blocks=(text(t("Something went wrong on my side.")), text(help_)), private=True)


async def _respond(interaction: discord.Interaction, rendered: Rendered, *, ephemeral: bool) -> None:
    with translated():
        if interaction.response.is_done():
            await interaction.followup.send(ephemeral=ephemeral, **rendered.arguments())
        else:
            await interaction.response.send_message(ephemeral=ephemeral, **rendered.arguments())


async def show(interaction: discord.Interaction, rendered: Rendered) -> None:
    """Have the message of the pressed button show this. Raises DeliveryError."""
    # What was sent as text hides embeds, for good where we may not manage messages.
    hidden = interaction.message is not None and interaction.message.flags.suppress_embeds
    if hidden and rendered.embed is not None:
        raise MessageRefused("embeds are hidden there")
    with translated(editing=True):
        if interaction.response.is_done():
            await interaction.edit_original_response(**rendered.edits())
        else:
            await interaction.response.edit_message(**rendered.edits())


def _is_choice(label: str, value: str) -> bool:
    return bool(label.strip()) and 0 < utf16_len(value) <= _CHOICE_LIMIT
