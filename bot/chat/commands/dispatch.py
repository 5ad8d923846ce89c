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
from bot.chat.commands import editing, feeds, full, keywords, less, look, settings, start, why
from bot.chat.commands import lists as feed_lists
from bot.chat.commands.call import Call, Handler, Limits, Parts, first_word
from bot.chat.commands.complete import completions
from bot.chat.estimate import Rates
from bot.chat.explain import explain
from bot.chat.menu import ALIASES, MENU
from bot.chat.trace import trace
from bot.chat.wording import CHARACTERS
from bot.errors import DitingError, FeedError, QueryError
from bot.model import Message, Request
from bot.ports import (
    Bell,
    ChatBook,
    Counterparts,
    FeedFinder,
    FeedLists,
    History,
    Inquiry,
    KeywordBook,
    Preview,
    StoryMutes,
    SubscriptionBook,
    Wording,
)

log = structlog.get_logger(__name__)

_MOST_ARGUMENTS = 4096
_MOST_TITLE = 200

HANDLERS: Mapping[str, Handler] = {
    "start": start.start,
    "help": start.help_,
    "subscribe": feeds.subscribe,
    "unsubscribe": feeds.unsubscribe,
    "feeds": feeds.feeds,
    "import": feed_lists.import_,
    "export": feed_lists.export,
    "keyword": keywords.bare,
    "keyword add": keywords.add,
    "keyword edit": editing.edit,
    "keyword also": editing.also,
    "keyword remove": keywords.remove,
    "keyword list": keywords.list_,
    "keyword test": keywords.test,
    "settings": settings.unknown,
    "settings show": settings.show,
    "settings language": settings.language,
    "settings languages": settings.languages,
    "settings script": settings.script,
    "settings reports": settings.reports,
    "settings timezone": settings.timezone,
    "settings pictures": settings.pictures,
    "settings pause": settings.pause_setting,
    "pause": settings.pause,
    "resume": settings.resume,
    "latest": look.latest,
    "why": why.why,
    "full": full.full,
    "less": less.less,
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
    path = f"{name} {word.casefold()}"
    return _Asked(path, after) if path in HANDLERS else _Asked(name, rest)


class Commands:
    """Answers slash commands from every platform; see `bot.ports.CommandHandler`.

    It holds no state of its own: what a command needs to know of its chat is read when it is given.
    """

    def __init__(
        self,
        *,
        chats: ChatBook,
        subscriptions: SubscriptionBook,
        keywords: KeywordBook,
        history: History,
        finder: FeedFinder,
        lists: FeedLists,
        preview: Preview,
        counterparts: Counterparts,
        inquiry: Inquiry,
        mutes: StoryMutes,
        bell: Bell,
        clock: Callable[[], datetime],
        limits: Limits | None = None,
        rates: Rates | None = None,
        wording: Wording = CHARACTERS,
    ) -> None:
        self._parts = Parts(
            chats=chats,
            subscriptions=subscriptions,
            keywords=keywords,
            history=history,
            finder=finder,
            lists=lists,
            preview=preview,
            counterparts=counterparts,
            inquiry=inquiry,
            mutes=mutes,
            bell=bell,
            limits=limits or Limits(),
            rates=rates or {},
            wording=wording,
        )
        self._clock = clock

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

    async def complete(self, request: Request, option: str, typed: str) -> list[tuple[str, str]]:
        """See `bot.ports.CommandHandler`. A fault is logged and gives no completions."""
        try:
            chat = await self._parts.chats.find_chat(request.address)
            t = catalogue_for((chat.settings.locale if chat else None) or request.person.locale)
            return await completions(self._parts, chat, t, option, typed)
        except Exception as error:  # noqa: BLE001 - a fault of a mere help for typing must not reach the typing person
            log.error("completion.failed", command=_loggable(request.command), traceback=trace(error))
            return []

    async def _answer(self, call: Call) -> Message:
        if not call.request.command.strip():
            return await start.no_command(self._parts, call)
        asked = read(call.request.command, call.arguments)
        if asked is None:
            return _unknown(call)
        if asked.path in _ADMIN and not call.can_manage:
            return _refused(asked.path, call.t)
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


def _refused(path: str, t: Catalogue) -> Message:
    return Message(
        blocks=(
            text(t.spans("Only admins of this chat may use {command}.", command=code(f"/{path}"))),
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
