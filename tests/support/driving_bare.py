"""Drives the commands themselves, without any platform: what they say before it is written in a platform's way."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from bot.chat.asking import question_for
from bot.chat.catalogue import catalogue_for
from bot.chat.files import MAX_FILE
from bot.model import Button, ChatAddress, ChatKind, Locale, Message, Person, Platform, Request
from bot.model import Role as ChatRole
from bot.ports import CommandHandler
from tests.support.driving import ADMINS, ALONE, Other, Place, Role, Seen, divided, kind_for
from tests.support.fakes import plain
from tests.support.rights import FakeRights

_ROLE = "5500"

_LINK = "https://t.example/bot?start="


class BareDriver:
    """See `Driver`. The chats are of any `platform`; `answers` are all messages that came, the newest last. The bot
    must be told to ask `rights` of the platform."""

    def __init__(self, handler: CommandHandler, platform: Platform = Platform.TELEGRAM) -> None:
        self.platform = platform
        everybody = {Platform.CONSOLE: (Role.PERSON,), Platform.DISCORD: tuple(Role)}
        self.roles = everybody.get(platform, tuple(role for role in Role if role is not Role.HOLDER))
        self.rights = FakeRights(roles={_ROLE: ChatRole(_ROLE, "Desk"), "Desk": ChatRole(_ROLE, "Desk")})
        self.answers: list[Message] = []
        self._handler = handler
        self._asked = ""
        self._buttons: list[Button] = []
        self._numbers = count(9_000_001)

    def place(self, role: Role, locale: Locale, *, apart: bool = False) -> Place:
        """See `Driver`."""
        number = str(next(self._numbers))
        address = ChatAddress(self.platform, number, "12" if role is Role.TOPIC else "")
        return Place(
            address=address, kind=kind_for(role), role=role, locale=locale, person=self._person(number), role_id=_ROLE
        )

    async def beside(self, place: Place, *, admin: bool = True, writes: bool = True) -> Other:
        """See `Driver`."""
        number = str(next(self._numbers))
        address, name = ChatAddress(self.platform, number), f"@news{number}"
        admins = [place.person] if admin else []
        self.rights.put(name, address, *admins, can_post=writes)
        return Other(name=name, title=name.strip("@"), address=address, kind=ChatKind.CHANNEL)

    def _person(self, number: str) -> str:
        """Who runs the bot in a terminal is one."""
        return "console" if self.platform is Platform.CONSOLE else number

    def speaking(self, place: Place, locale: Locale) -> Place:
        """See `Driver`."""
        return replace(place, locale=locale)

    async def leave(self, place: Place) -> None:
        """See `Driver`."""
        self._buttons = []

    async def say(self, place: Place, line: str, *, file: tuple[str, bytes] | None = None, reply_to: str = "") -> Seen:
        """See `Driver`."""
        command, arguments = divided(line) if line.startswith("/") else ("", line)
        name, content = file or ("", b"")
        request = Request(
            address=place.address,
            kind=place.kind,
            person=Person(
                id=place.person,
                locale=place.locale,
                can_manage=place.role in ALONE | ADMINS,
                roles=frozenset({_ROLE} if place.role is Role.HOLDER else ()),
            ),
            command=command,
            arguments=arguments,
            title="A chat",
            file=content if len(content) <= MAX_FILE else b"",
            file_name=name,
            file_size=len(content),
            reply_to=reply_to,
            start_link=_LINK if self.platform is Platform.TELEGRAM else "",
            group_link=_LINK if self.platform is Platform.TELEGRAM else "",
        )
        return self._seen(await self._handler.handle(request))

    async def press(self, place: Place, line: str) -> Seen:
        """See `Driver`. A button that asks does so as platforms do, with an example."""
        asking = next((one for one in self._buttons if one.ask and one.action == line), None)
        if asking is None:
            return await self.say(place, line)
        self._asked = line
        question, t = question_for(line, asking.label), catalogue_for(place.locale)
        return Seen(text=f"{asking.ask}\n{t(question.example) if question.example else ''}", asks=True)

    async def answer(self, place: Place, text: str) -> Seen:
        """See `Driver`."""
        return await self.say(place, f"{self._asked} {text}")

    async def look_up(self, place: Place, query: str) -> Seen:
        """See `Driver`."""
        own = place.address if place.kind is ChatKind.PRIVATE else replace(place.address, chat="7")
        person = Person(id=own.chat, locale=place.locale, can_manage=False)
        request = Request(address=own, kind=ChatKind.PRIVATE, person=person, command="", arguments=query)
        offers = await self._handler.look_up(request, "")
        shown = (part for one in offers.offers for part in (one.title, one.about, plain(one.message)))
        return Seen(text="\n".join((*shown, offers.invitation)))

    async def post(self, place: Place, message: Message) -> str:
        """See `Driver`."""
        self._seen(message)
        return str(next(self._numbers))

    def last(self, place: Place) -> Seen:
        """See `Driver`."""
        return self._seen(self.answers[-1])

    def _seen(self, message: Message) -> Seen:
        self.answers.append(message)
        self._buttons = buttons = [button for row in message.buttons for button in row]
        return Seen(
            text=plain(message),
            lines={button.label: button.action for button in buttons if button.action},
            links={button.label: button.url for button in buttons if button.url},
            file=message.file or ((message.image.name, message.image.content) if message.image else None),
            alt=message.image.alt if message.image else None,
            private=message.private,
        )
