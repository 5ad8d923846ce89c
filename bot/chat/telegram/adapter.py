"""The Telegram bot: updates in, commands to their handler, answers out.

long polling or webhook ─▶ queue ─▶ a turn for each chat ─▶ Request ─▶ CommandHandler ─▶ Message ─▶ the same chat
                                                        ├▶ blocked, kicked, added: the chat's state, a greeting
                                                        └▶ group became a supergroup: its new id
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

import structlog
from telegram import CallbackQuery, Chat, ChatMemberUpdated, Document, Update, User
from telegram import Message as TelegramMessage
from telegram.constants import ChatMemberStatus, UpdateType
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    MessageHandler,
    filters,
)

from bot.chat.catalogue import catalogue_for, locale_from_tag
from bot.chat.clip import clip
from bot.chat.pressing import read_press
from bot.chat.telegram.asking import ask, asked_line
from bot.chat.telegram.connection import Client
from bot.chat.telegram.faults import translated
from bot.chat.telegram.files import document_for, read_document, with_document
from bot.chat.telegram.markup import as_plain
from bot.chat.telegram.menus import Menus
from bot.chat.telegram.messenger import TelegramMessenger
from bot.chat.telegram.polling import Poller, patiently
from bot.chat.telegram.replies import Replies
from bot.chat.telegram.turns import ChatTurns
from bot.chat.telegram.updates import (
    Typed,
    address_of,
    can_speak,
    is_in,
    kind_of,
    read_action,
    read_line,
    replied_to,
)
from bot.chat.telegram.webhook import Webhook, listen
from bot.chat.trace import trace
from bot.errors import DeliveryError, TokenRefused
from bot.model import ChatAddress, ChatKind, ChatState, Locale, Message, Person, Platform, Request
from bot.ports import ChatBook, CommandHandler, Meter, Outbox, Watch

ALLOWED = (UpdateType.MESSAGE, UpdateType.CHANNEL_POST, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER)
_MOST_ASIDE = 200  # https://core.telegram.org/bots/api#answercallbackquery
_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
log = structlog.get_logger("bot.telegram")


class TelegramBot:
    """Answers people on Telegram. `async with` it, then `run()` it.

    `bot` is the connection, which it doesn't close. Entering raises TokenRefused when the token is wrong; while
    Telegram can't be reached, `run()` waits for it. What people type is never logged. `messenger` sends alerts, `paid`
    for as fast as Stars allow.
    """

    def __init__(
        self,
        bot: Client,
        *,
        handler: CommandHandler,
        chats: ChatBook,
        outbox: Outbox,
        greeting: Callable[[Locale], Message],
        clock: Callable[[], datetime],
        webhook: Webhook | None = None,
        meter: Meter | None = None,
        watch: Watch | None = None,
        paid: bool = False,
        poll_timeout: timedelta = timedelta(seconds=30),
        first_wait: timedelta = timedelta(seconds=1),
        grace: timedelta = timedelta(seconds=10),
    ) -> None:
        self._bot = bot
        self._handler = handler
        self._chats = chats
        self._outbox = outbox
        self._greeting = greeting
        self._clock = clock
        self._webhook = webhook
        self._poll_timeout = poll_timeout
        self._first_wait = first_wait
        self._grace = grace
        self._watch = watch
        self.messenger = TelegramMessenger(bot, meter=meter, paid=paid)
        self._menus = Menus(bot)
        self._replies = Replies(
            messenger=self.messenger, chats=chats, outbox=outbox, clock=clock, first_wait=first_wait
        )
        self._application = self._built()

    # --- lifetime ---------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        try:
            await self._introduce()
        except TokenRefused:
            raise
        except DeliveryError as error:
            log.warning("telegram can't be reached yet", reason=error.reason)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._application.running:
            try:
                async with asyncio.timeout(self._grace.total_seconds()):
                    await self._application.stop()
            except TimeoutError:
                log.warning("stopped before every command was answered")

    async def run(self) -> None:
        """Receive and answer until cancelled. Raises TokenRefused when the token is taken away, and may then be run
        again, in case that it is given back."""
        await patiently(self._introduce, first_wait=self._first_wait, watch=self._watch)
        await self._menus.show()
        if not self._application.running:
            await self._application.initialize()
            await self._application.start()
        await self._receive()

    def _built(self) -> Application[Any, Any, Any, Any, Any, Any]:
        application = (
            ApplicationBuilder().bot(self._bot).updater(None).concurrent_updates(ChatTurns()).job_queue(None).build()
        )
        new = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
        application.add_handler(MessageHandler(new & filters.StatusUpdate.MIGRATE, self._on_migration))
        opened = filters.StatusUpdate.FORUM_TOPIC_REOPENED | filters.StatusUpdate.GENERAL_FORUM_TOPIC_UNHIDDEN
        application.add_handler(MessageHandler(new & opened, self._on_reopened))
        application.add_handler(MessageHandler(new & (filters.TEXT | filters.Document.ALL), self._on_message))
        application.add_handler(CallbackQueryHandler(self._on_button))
        application.add_handler(ChatMemberHandler(self._on_standing, ChatMemberHandler.MY_CHAT_MEMBER))
        application.add_error_handler(self._on_fault)
        return application

    async def _introduce(self) -> None:
        """Learn the bot's own name; the first call that needs a valid token."""
        with translated(chat=False):
            await self._bot.initialize()

    async def _receive(self) -> None:
        queue = self._application.update_queue
        if self._webhook:
            await listen(self._bot, queue, self._webhook, allowed=ALLOWED, first_wait=self._first_wait)
            return
        await patiently(self._leave_webhook, first_wait=self._first_wait, watch=self._watch)
        poller = Poller(
            self._bot,
            queue,
            allowed=ALLOWED,
            timeout=self._poll_timeout,
            first_wait=self._first_wait,
            watch=self._watch,
        )
        await poller.run()

    async def _leave_webhook(self) -> None:
        await self._bot.delete_webhook()

    # --- updates ----------------------------------------------------------------------------------------

    async def _on_message(self, update: Update, _: object) -> None:
        message = update.effective_message
        # A channel's post, copied to its discussion group, was given in the channel already.
        if message is None or message.is_automatic_forward:
            return
        line = asked_line(message, self._bot.id)
        typed = self._read(message, line)
        if typed:
            typed = replace(typed, reply_to="" if line else replied_to(message))
            file, may = document_for(message, typed), await self._author_can_manage(message)
            await self._answer(address_of(message), message.chat, message.from_user, typed, can_manage=may, file=file)

    def _read(self, message: TelegramMessage, line: str) -> Typed | None:
        """What a message asks, where it may complete a line that we asked for."""
        if not message.text:
            return read_document(message, self._bot)
        text = message.text if message.text.startswith("/") else f"{line} {message.text}"
        return read_line(text, username=self._bot.username, private=message.chat.type == Chat.PRIVATE)

    async def _on_button(self, update: Update, _: object) -> None:
        query = update.callback_query
        if query is None:
            return
        press = read_press(query.data or "")
        typed = read_action(press.line)
        if typed is None or query.message is None:
            await self._confirm(query)
            return
        chat, address = query.message.chat, address_of(query.message)
        shown = str(query.message.message_id) if press.in_place else ""
        if chat.type == Chat.PRIVATE or await self._is_admin(chat.id, query.from_user.id):
            await self._confirm(query)
            if press.ask:
                await self._ask(query, press.line, address)
            else:
                await self._answer(address, chat, query.from_user, typed, can_manage=True, shown=shown)
            return
        # Who may only look is answered soon, and told alone what they may not.
        reply = await self._asked(address, chat, query.from_user, typed, can_manage=False)
        aside = clip(as_plain(reply).text, _MOST_ASIDE) if reply.private else ""
        if await self._confirm(query, aside) and aside:
            return
        if press.ask and not aside:
            await self._ask(query, press.line, address)
        else:
            await self._send(address, reply, shown)

    async def _ask(self, query: CallbackQuery, line: str, address: ChatAddress) -> None:
        known = await self._chats.find_chat(address)
        spoken = (known.settings.locale if known else None) or await self._locale(query.from_user, address)
        await ask(self._bot, query, line, catalogue_for(spoken))

    async def _send(self, address: ChatAddress, reply: Message, shown: str) -> None:
        """Answer, in the place of the message `shown` where there is one."""
        if shown:
            await self._replies.show(address, shown, reply)
        else:
            await self._replies.send(address, reply)

    async def _confirm(self, query: CallbackQuery, aside: str = "") -> bool:
        """End the waiting of who pressed a button; `aside` is shown to them alone."""
        try:
            with translated(chat=False):
                return await query.answer(text=aside or None, show_alert=bool(aside))
        except DeliveryError as error:
            log.info("button could not be confirmed", reason=error.reason)  # too old; its work is done all the same
            return False

    async def _asked(
        self,
        address: ChatAddress,
        chat: Chat,
        person: User | None,
        typed: Typed,
        *,
        can_manage: bool,
        file: Document | None = None,
    ) -> Message:
        request = Request(
            address=address,
            kind=kind_of(chat),
            person=Person(
                id=str(person.id if person else chat.id),
                locale=await self._locale(person, address),
                can_manage=can_manage,
            ),
            command=typed.command,
            arguments=typed.arguments,
            title=chat.effective_name or "",
            reply_to=typed.reply_to,
        )
        return await self._handler.handle(await with_document(request, file, self._bot) if file else request)

    async def _answer(
        self,
        address: ChatAddress,
        chat: Chat,
        person: User | None,
        typed: Typed,
        *,
        can_manage: bool,
        file: Document | None = None,
        shown: str = "",
    ) -> None:
        reply = await self._asked(address, chat, person, typed, can_manage=can_manage, file=file)
        await self._send(address, reply, shown)
        if chat.type == Chat.PRIVATE and person:
            await self._follow_menu(chat, person, address)

    async def _follow_menu(self, chat: Chat, person: User, address: ChatAddress) -> None:
        """A person who reads traditional characters, or chose a language for the bot, gets the menu in it as well."""
        known = await self._chats.find_chat(address)
        spoken = (known.settings.locale if known else None) or locale_from_tag(person.language_code)
        await self._menus.follow(chat.id, app=person.language_code, spoken=spoken)

    async def _locale(self, person: User | None, address: ChatAddress) -> Locale:
        """The language of a person's app; that of the chat for channels and anonymous admins, who have none."""
        if person and person.language_code:
            return locale_from_tag(person.language_code)
        chat = await self._chats.find_chat(address)
        return chat.settings.spoken() if chat else Locale.EN

    async def _author_can_manage(self, message: TelegramMessage) -> bool:
        """Only admins post in channels; an admin who stays anonymous in a group speaks as the group."""
        if message.chat.type in (Chat.PRIVATE, Chat.CHANNEL):
            return True
        if message.sender_chat:
            return message.sender_chat.id == message.chat.id
        return message.from_user is not None and await self._is_admin(message.chat.id, message.from_user.id)

    async def _is_admin(self, chat: int, person: int) -> bool:
        try:
            with translated():
                member = await self._bot.get_chat_member(chat, person)
        except DeliveryError as error:
            log.warning("admins could not be looked up", chat=chat, reason=error.reason)
            return False
        return member.status in _ADMINS

    async def _on_migration(self, update: Update, _: object) -> None:
        message = update.effective_message
        if message is None:
            return
        # The old group and the new one each tell it.
        old = message.migrate_from_chat_id or message.chat.id
        new = message.migrate_to_chat_id or message.chat.id
        await self._outbox.move_chat(ChatAddress(Platform.TELEGRAM, str(old)), to=str(new))

    async def _on_reopened(self, update: Update, _: object) -> None:
        """A topic that was closed takes messages again. Every bot hears of it: it is a service message."""
        message = update.effective_message
        if message is not None and await self._chats.resume(address_of(message)):
            log.info("topic reopened", chat=message.chat.id)

    async def _on_standing(self, update: Update, _: object) -> None:
        change = update.my_chat_member
        if change is None:
            return
        address = ChatAddress(Platform.TELEGRAM, str(change.chat.id))
        if not can_speak(change.chat, change.new_chat_member):
            await self._replies.stop(address, ChatState.BLOCKED, str(change.new_chat_member.status))
        elif not can_speak(change.chat, change.old_chat_member):
            await self._welcomed(address, change)

    async def _welcomed(self, address: ChatAddress, change: ChatMemberUpdated) -> None:
        """The bot was added or unblocked, or may speak again."""
        kind, locale = kind_of(change.chat), locale_from_tag(change.from_user.language_code)
        if kind is ChatKind.PRIVATE and await self._chats.find_chat(address) is None:
            return  # a new acquaintance says /start
        title = change.chat.effective_name or ""
        await self._chats.open_chat(address, kind=kind, title=title, hint=locale, now=self._clock())
        if kind is not ChatKind.PRIVATE and not is_in(change.old_chat_member):
            await self._replies.send(address, self._greeting(locale))

    async def _on_fault(self, update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        # Only the number of the update, and no message of the error: their texts can be a person's.
        number = update.update_id if isinstance(update, Update) else None
        what = trace(context.error) if context.error else ""
        log.error("update failed", update=number, reference=secrets.token_hex(4), traceback=what)
