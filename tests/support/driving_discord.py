"""Drives the bot on Discord: the real client on a backend without any network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle, UserHandle
from simcord.env import Env
from simcord.results import InteractionResult, ResponseMessage

from bot.chat.blocks import text
from bot.chat.discord.adapter import DiscordBot
from bot.chat.discord.markup import ACTION
from bot.chat.discord.tree import ABOUT_MESSAGES
from bot.chat.menu import MENU, MenuCommand, OptionKind
from bot.chat.menu.owners import OWNER_MENU
from bot.model import Button, ChatAddress, ChatKind, Locale, Message, Platform
from tests.support.driving import ADMINS, ALONE, Other, Place, Role, Seen, bare_line, divided, kind_for

LANGUAGES = {Locale.EN: "en-US", Locale.ZH_HANT: "zh-TW", Locale.ZH_HANS: "zh-CN"}
_CHANNELS = 100  # of a server; Discord allows 500
_LINK_STYLE = 5


@dataclass(frozen=True, slots=True)
class Here:
    """The channel and the person of a place, and the server's role that can be chosen there."""

    channel: ChannelHandle
    actor: MemberActor | UserHandle
    role: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """A server with somebody of each role, and its own roles: of those who keep it, and of some others."""

    guild: GuildHandle
    people: dict[Role, MemberActor]
    editors: RoleHandle
    desk: RoleHandle


class DiscordDriver:
    """See `Driver`. The environment must be started, with the bot's client."""

    platform = Platform.DISCORD
    roles = tuple(Role)

    def __init__(self, env: Env, bot: DiscordBot) -> None:
        self.env = env
        self._bot = bot
        self._numbers = count(1)
        self._language = "en-US"
        self._server: Server | None = None
        self._shown: dict[int, Any] = {}
        self._asked: dict[int, InteractionResult] = {}
        self._emit = env.backend.emit
        env.backend.emit = self._speaking

    def place(self, role: Role, locale: Locale, *, apart: bool = False) -> Place:
        """See `Driver`."""
        number = next(self._numbers)
        with self.env.time_context():
            here = self._private(number) if role in ALONE else self._channel(number, role, apart=apart)
        return Place(
            address=ChatAddress(Platform.DISCORD, str(here.channel.id)),
            kind=kind_for(role),
            role=role,
            locale=locale,
            person=str(here.actor.id),
            role_id=here.role,
            handles=here,
        )

    async def beside(self, place: Place, *, admin: bool = True, writes: bool = True) -> Other:
        """See `Driver`. A channel of another server, which the person is in."""
        number = next(self._numbers)
        with self.env.time_context():
            server, actor = self._new_server(number), place.handles.actor
            user = actor.user if isinstance(actor, MemberActor) else actor
            server.guild.add_member(user, roles=[server.editors] if admin else [])
            mute = {server.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
            channel = server.guild.create_text_channel(f"news-{number}", overwrites={} if writes else mute)
            await self.env.settle()
        address = ChatAddress(Platform.DISCORD, str(channel.id))
        title = f"{server.guild.name} #news-{number}"
        return Other(name=f"<#{channel.id}>", title=title, address=address, kind=ChatKind.GROUP)

    def speaking(self, place: Place, locale: Locale) -> Place:
        """See `Driver`."""
        return replace(place, locale=locale)

    async def leave(self, place: Place) -> None:
        """See `Driver`."""

    async def say(self, place: Place, line: str, *, file: tuple[str, bytes] | None = None, reply_to: str = "") -> Seen:
        """See `Driver`. What the menus can't say comes by an old button that had the line."""
        here: Here = place.handles
        self._language = LANGUAGES[place.locale]
        with self.env.time_context():
            if reply_to:
                return self._seen(here, await self._about(here, divided(line)[0], int(reply_to)))
            given = in_menu(line, file, owner=place.kind is ChatKind.PRIVATE)
            if given is None:
                return await self.press(place, line)
            name, options = given
            if isinstance(here.actor, MemberActor):
                return self._seen(here, await here.actor.slash(here.channel, name, **options))
            return self._seen(here, await here.actor.slash(name, **options))

    async def press(self, place: Place, line: str) -> Seen:
        """See `Driver`."""
        here: Here = place.handles
        self._language = LANGUAGES[place.locale]
        with self.env.time_context():
            if not self._button(here, line):
                await self.post(place, Message(blocks=(text("Old"),), buttons=((Button("Old", action=line),),)))
            shown = ResponseMessage(self.env, self._shown[here.channel.id])
            return self._seen(here, await here.actor.click(shown, custom_id=self._button(here, line)))

    async def answer(self, place: Place, text: str) -> Seen:
        """See `Driver`."""
        here: Here = place.handles
        asked = self._asked[here.channel.id]
        [field] = [part["custom_id"] for row in asked.modal["components"] for part in row.get("components", [])]
        with self.env.time_context():
            return self._seen(here, await here.actor.submit_modal(asked, {field: text}))

    async def post(self, place: Place, message: Message) -> str:
        """See `Driver`."""
        with self.env.time_context():
            number = await self._bot.messenger.send(place.address, message, key=f"post-{next(self._numbers)}")
            await self.env.settle()
            channel = place.handles.channel.id
            self._shown[channel] = self.env.backend.get_message(channel, int(number))
        return number

    def last(self, place: Place) -> Seen:
        """See `Driver`."""
        return seen(ResponseMessage(self.env, self._shown[place.handles.channel.id]))

    def shown(self, place: Place) -> Any:
        """The message that came last, as the backend has it."""
        return self._shown[place.handles.channel.id]

    # --- its parts --------------------------------------------------------------------------------------

    def _private(self, number: int) -> Here:
        user = self.env.create_user(f"person{number}")
        return Here(user.dm_channel, user)

    def _channel(self, number: int, role: Role, *, apart: bool) -> Here:
        if apart or self._server is None or len(self._server.guild.channels) >= _CHANNELS:
            self._server = self._new_server(number)
        server, name = self._server, f"chat-{number}"
        if kind_for(role) is ChatKind.CHANNEL:
            channel = server.guild.create_news_channel(name)
        else:
            channel = server.guild.create_text_channel(name)
        if role is Role.TOPIC:
            self.env.backend.create_thread(channel.id, "talks", server.people[role].id)
            (channel,) = channel.threads
        return Here(channel, server.people[role], str(server.desk.id))

    def _new_server(self, number: int) -> Server:
        guild = self.env.create_guild(f"Server {number}")
        editors = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
        desk = guild.create_role("Desk")
        admin = guild.add_member(self.env.create_user(f"admin{number}"), roles=[editors])
        holder = guild.add_member(self.env.create_user(f"holder{number}"), roles=[desk])
        member = guild.add_member(self.env.create_user(f"member{number}"))
        people = {Role.MEMBER: member, Role.READER: member, Role.HOLDER: holder, **dict.fromkeys(ADMINS, admin)}
        return Server(guild, people, editors, desk)

    async def _about(self, here: Here, command: str, message: int) -> InteractionResult:
        target = ResponseMessage(self.env, self.env.backend.get_message(here.channel.id, message))
        if not isinstance(here.actor, MemberActor):
            raise TypeError("only members have the menu of a message here")
        return await here.actor.context_menu(here.channel, ABOUT_MESSAGES[command], target)

    def _button(self, here: Here, line: str) -> str:
        """The custom id of the button with this line under the message that came last; "" for none."""
        message = self._shown.get(here.channel.id)
        rows = message.components if message else []
        ids = (str(one["custom_id"]) for row in rows for one in row.get("components", []) if one.get("custom_id"))
        return next((one for one in ids if _line(one) == line), "")

    def _seen(self, here: Here, result: InteractionResult) -> Seen:
        if result.modal:
            self._asked[here.channel.id] = result
            return Seen(text=str(result.modal), asks=True, private=True)
        answer = result.followups[-1] if result.followups else result.response
        if answer is None:  # it took the place of the message that came last
            there = self._shown[here.channel.id]
            answer = ResponseMessage(self.env, self.env.backend.get_message(here.channel.id, there.id))
        self._shown[here.channel.id] = answer._message
        return seen(answer)

    def _speaking(self, event: str, payload: Any, **options: Any) -> Any:
        if event == "INTERACTION_CREATE":
            payload["locale"] = self._language
        return self._emit(event, payload, **options)


def seen(answer: ResponseMessage) -> Seen:
    """A message as a person sees it."""
    parts = [answer.content]
    for embed in answer.embeds:
        parts += [embed.title, embed.description, embed.footer.text]
        parts += [part for one in embed.fields for part in (one.name, one.value)]
    buttons = [one for row in answer.components for one in row.get("components", [])]
    file = next(iter(answer.attachments), None)
    return Seen(
        text="\n".join(part for part in parts if part),
        lines={one["label"]: _line(one["custom_id"]) for one in buttons if one.get("custom_id")},
        links={one["label"]: one["url"] for one in buttons if one.get("style") == _LINK_STYLE},
        file=(file.filename, answer._env.backend.cdn.get(file.url) or b"") if file else None,
        alt=(file.description or "") if file and file.filename.endswith(".png") else None,
        private=answer.ephemeral,
    )


def _line(custom_id: str) -> str:
    return bare_line(custom_id.removeprefix(ACTION))


def in_menu(
    line: str, file: tuple[str, bytes] | None = None, *, owner: bool = False
) -> tuple[str, dict[str, Any]] | None:
    """A command line as what is chosen in the menu: the command and its options; None where the menu has no such."""
    name, rest = divided(line)
    command = next((each for each in (*MENU, *(OWNER_MENU if owner else ())) if each.name == name), None)
    if command is None:
        return None
    if command.subcommands:
        word, _, rest = rest.partition(" ")
        leaf = next((each for each in command.subcommands if each.name == word), None)
        options = _options(leaf, rest.strip(), file) if leaf else None
        return (f"{name} {word}", options) if options is not None else None
    options = _options(command, rest, file)
    return (name, options) if options is not None else None


def _options(leaf: MenuCommand, rest: str, file: tuple[str, bytes] | None) -> dict[str, Any] | None:
    given: dict[str, Any] = {}
    typed = [each for each in leaf.options if each.kind not in {OptionKind.FLAG, OptionKind.FILE}]
    for option in leaf.options:
        if option.kind is OptionKind.FILE and file:
            given[option.name] = file
        elif option.kind is OptionKind.FLAG and rest.split()[-1:] == [option.name]:
            given[option.name], rest = True, rest.rpartition(option.name)[0].strip()
    for option in typed:
        word, _, after = rest.partition(" ") if option is not typed[-1] else (rest, "", "")
        if option.choices and word not in {each.value for each in option.choices} and word:
            return None
        if option.kind not in {OptionKind.TEXT, OptionKind.CHOICE} and word:
            return None
        if word:
            given[option.name] = word
        rest = after.strip()
    missing = [each for each in leaf.options if each.required and each.name not in given]
    return None if missing or (rest and not typed) else given
