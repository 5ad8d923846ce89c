"""The entrance of every slash command: finds who answers it, asks for rights, and words every fault."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

import structlog

from bot.chat.blocks import buttons, code, fit, harmless, one_line, text
from bot.chat.catalogue import Catalogue, catalogue_for
from bot.chat.commands import (
    editing,
    feed_card,
    feed_list,
    feed_removal,
    feeds,
    full,
    inline,
    keyword_card,
    keyword_list,
    keyword_removal,
    keywords,
    less,
    look,
    manage,
    managers,
    owners,
    plain,
    route,
    schedule,
    search,
    settings,
    sharing,
    start,
    translate,
    trends,
    undo,
    why,
)
from bot.chat.commands import help as help_
from bot.chat.commands import lists as feed_lists
from bot.chat.commands.call import Call, Handler, Parts, first_word
from bot.chat.commands.complete import completions
from bot.chat.commands.gate import Gate
from bot.chat.commands.rights import is_admin, may_change, who_may
from bot.chat.explain import explain
from bot.chat.menu import ALIASES, MENU
from bot.chat.trace import trace
from bot.errors import DitingError, FeedError, QueryError, StorageError
from bot.model import Chat, Locale, Managers, Message, Offers, Request

log = structlog.get_logger(__name__)

_MOST_ARGUMENTS = 4096
_MOST_TITLE = 200

HANDLERS: Mapping[str, Handler] = {
    "start": start.start,
    "help": help_.help_,
    "subscribe": feeds.subscribe,
    "unsubscribe": feed_removal.unsubscribe,
    "feeds": feed_list.feeds,
    "feed": feed_card.bare,
    "feed show": feed_card.show,
    "feed mode": feed_card.mode,
    "feed mute": feed_card.mute,
    "feed clear": feed_removal.clear,
    "import": feed_lists.import_,
    "export": feed_lists.export,
    "keyword": keyword_list.bare,
    "keyword add": keywords.add,
    "keyword edit": editing.edit,
    "keyword also": editing.also,
    "keyword remove": keyword_removal.remove,
    "keyword move": route.move,
    "keyword list": keyword_list.list_,
    "keyword show": keyword_card.show,
    "keyword mode": keyword_card.mode,
    "keyword mute": keyword_card.mute,
    "keyword clear": keyword_removal.clear,
    "keyword test": keywords.test,
    "settings": settings.unknown,
    "settings show": settings.show,
    "settings language": settings.language,
    "settings languages": settings.languages,
    "settings script": settings.script,
    "settings reports": settings.reports,
    "settings timezone": settings.timezone,
    "settings pictures": settings.pictures,
    "settings schedule": schedule.schedule,
    "settings quiet": schedule.quiet,
    "settings cap": schedule.cap,
    "settings managers": managers.managers,
    "settings pause": settings.pause_setting,
    "manage": manage.manage,
    "pause": settings.pause,
    "resume": settings.resume,
    "share": sharing.share,
    "copy": sharing.copy,
    "undo": undo.undo,
    "mute": schedule.mute,
    "latest": look.latest,
    "search": search.search,
    "trend": trends.trend,
    "stats": trends.stats,
    "why": why.why,
    "full": full.full,
    "less": less.less,
    "translate": translate.translate,
    "status": look.status,
}
"""Who answers which command, by its path in the menu."""

_ADMIN = frozenset(
    path
    for command in MENU
    for path, leaf in [(command.name, command), *((f"{command.name} {sub.name}", sub) for sub in command.subcommands)]
    if leaf.admin
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A command line, read: the path of the one who answers, and what remains as arguments."""

    path: str
    arguments: str


def read(command: str, arguments: str) -> _Asked | None:
    """Which command is meant; None when there is none of that name. Short forms and subcommands are resolved."""
    name, rest = command.strip().lstrip("/").split("@")[0].casefold(), arguments.strip()
    if name in ALIASES:
        return _Asked(ALIASES[name], rest)
    if name not in HANDLERS or " " in name:
        return None
    word, after = first_word(rest)
    # `/feeds show 3` is as good as `/feed show 3`.
    paths = (f"{each} {word.casefold()}" for each in (name, name.removesuffix("s")))
    path = next((each for each in paths if each in HANDLERS), "")
    return _Asked(path, after) if path else _Asked(name, rest)


class Commands:
    """Answers slash commands from every platform; see `bot.ports.CommandHandler`.

    It holds no state of its own: what a command needs to know of its chat is read when it is given.
    """

    def __init__(self, parts: Parts, *, clock: Callable[[], datetime], gate: Gate | None = None) -> None:
        self._parts = parts
        self._clock = clock
        self._gate = gate

    async def handle(self, request: Request) -> Message:
        """See `bot.ports.CommandHandler`."""
        t = catalogue_for(request.person.locale)
        try:
            chat = await self._parts.chats.open_chat(
                request.address,
                kind=request.kind,
                title=one_line(request.title, _MOST_TITLE),
                hint=request.person.locale,
                now=self._clock(),
            )
            t = catalogue_for(chat.settings.locale or request.person.locale)
            arguments = harmless(request.arguments[:_MOST_ARGUMENTS]).strip()
            return fit(await self._answer(Call(request, chat, t, arguments, self._clock())))
        except (FeedError, QueryError) as error:
            return fit(Message(blocks=explain(error, t)))
        except Exception as error:  # noqa: BLE001 - whatever it was, the person must learn that it failed
            return _fault(error, request, t)

    async def may_change(self, request: Request) -> bool:
        """See `bot.ports.CommandHandler`."""
        if is_admin(request.person, request.kind):
            return True
        try:
            chat = await self._parts.chats.find_chat(request.address)
        except StorageError as error:
            log.warning("rights could not be looked up", reason=str(error))
            return False
        return chat is not None and may_change(request.person, request.kind, chat.settings)

    async def complete(self, request: Request, option: str, typed: str) -> list[tuple[str, str]]:
        """See `bot.ports.CommandHandler`. A fault is logged and gives no completions."""
        try:
            chat = await self._parts.chats.find_chat(request.address)
            if chat and not chat.admitted:
                return []
            t = catalogue_for((chat.settings.locale if chat else None) or request.person.locale)
            if chat and chat.managing and self._parts.places:
                chat = await self._managed(request, chat)
            return await completions(self._parts, chat, t, option, typed)
        except Exception as error:  # noqa: BLE001 - a fault of a mere help for typing must not reach the typing person
            log.error("completion.failed", command=_loggable(request.command), traceback=trace(error))
            return []

    async def _managed(self, request: Request, chat: Chat) -> Chat | None:
        """The chat that completions are of, where another one is managed: as for commands, its people's alone."""
        there = await manage.elsewhere(
            self._parts, Call(request, chat, catalogue_for(Locale.EN), "", self._clock()), ""
        )
        return there.chat if isinstance(there, Call) else None

    async def look_up(self, request: Request, offset: str) -> Offers:
        """See `bot.ports.CommandHandler`. Who has no chat with the bot, or was not let in, is invited to have one."""
        t = catalogue_for(request.person.locale)
        try:
            chat = await self._parts.chats.find_chat(request.address)
            if chat is None or not chat.admitted:
                return Offers(invitation=t("Choose feeds and words first"))
            t = catalogue_for(chat.settings.locale or request.person.locale)
            query = harmless(request.arguments[:_MOST_ARGUMENTS]).strip()
            return await inline.look_up(self._parts, Call(request, chat, t, query, self._clock()), offset)
        except Exception as error:  # noqa: BLE001 - who types is shown nothing rather than a fault
            log.error("lookup.failed", platform=request.address.platform.value, traceback=trace(error))
            return Offers()

    async def _answer(self, call: Call) -> Message:
        """Let in ─▶ those who run the bot, or about which chat ─▶ what is asked."""
        asked = read(call.request.command, call.arguments)
        if self._gate:
            passed = await self._gate.passed(call, asked.path if asked else "", asked.arguments if asked else "")
            if isinstance(passed, Message):
                return passed
            if passed.arguments != call.arguments:  # the code is no argument of the command
                asked = read(call.request.command, passed.arguments)
            call = passed
        if (office := self._parts.office) and owners.are_asked(office, call):
            return await owners.answer(office, self._parts, call)
        there = await manage.elsewhere(self._parts, call, asked.path if asked else "")
        if isinstance(there, Message):
            return there
        return manage.beside(await self._asked(there, asked), there)

    async def _asked(self, call: Call, asked: _Asked | None) -> Message:
        if not call.request.command.strip():
            return await plain.no_command(self._parts, call)
        if asked is None:
            return _unknown(call)
        if asked.path in _ADMIN and not call.can_manage:
            return _refused(asked.path, call)
        return await HANDLERS[asked.path](self._parts, call.having(asked.arguments))


def _unknown(call: Call) -> Message:
    t = call.t
    name = one_line(call.request.command.lstrip("/"), 40)
    names = [*HANDLERS, *ALIASES]
    near = [each for each in get_close_matches(name.casefold(), names, n=2) if " " not in each]
    return Message(
        blocks=(
            text(t.spans("There is no command {name}.", name=code(f"/{name}"))),
            text(t.spans("{help} lists them all.", help=code("/help"))),
        ),
        buttons=(buttons(*((f"/{each}", f"/{each}") for each in near), (t("All commands"), "/help")),),
        private=True,
    )


def _refused(path: str, call: Call) -> Message:
    t, settings = call.t, call.chat.settings
    said = (
        t.spans("Only {who} may use {command} here.", who=who_may(settings, t), command=code(f"/{path}"))
        if settings.managers is Managers.ROLE
        else t.spans("Only admins of this chat may use {command}.", command=code(f"/{path}"))
    )
    return Message(
        blocks=(
            text(said),
            text(t("Ask one of them, or write to me in private to have alerts of your own.")),
        ),
        private=True,
    )


def _fault(error: Exception, request: Request, t: Catalogue) -> Message:
    """The answer to a fault. The reference stands in the log with the traceback, without what the person wrote."""
    reference = secrets.token_hex(4)
    log.error(
        "command.failed",
        command=_loggable(request.command),
        platform=request.address.platform.value,
        chat=request.address.chat,
        reference=reference,
        traceback=trace(error),
    )
    blocks = explain(error, t) if isinstance(error, DitingError) else (text(t("Something went wrong on my side.")),)
    help_ = t.spans("If it happens again, tell whoever runs me this reference: {reference}", reference=code(reference))
    return Message(blocks=(*blocks, text(help_)), private=True)


def _loggable(command: str) -> str:
    """The name of a command if it is one of ours: anything else is a text of a person."""
    asked = read(command, "")
    return asked.path if asked else "unknown"
