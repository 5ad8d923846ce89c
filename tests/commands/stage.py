"""The bot that a table is played on: its real parts over a fresh database, with a clock and faults of the test's."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

from bot.app.parts import Core, open_core
from bot.chat.catalogue import Catalogue, catalogue_for
from bot.chat.commands import Access, Gate, Policy
from bot.chat.commands.undo import stamp
from bot.errors import NotAFeed
from bot.model import Chat, ChatAddress, Choice, FoundFeed, Locale, Owner, Person, Platform, Request
from bot.settings import load_settings
from tests.commands.heard import Heard
from tests.commands.interpreter import Interpreter
from tests.commands.row import Row, Scene, has, words
from tests.support.driving import Driver, Place, Role, Seen, divided
from tests.support.newsroom import Newsroom

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
LOCALES = (Locale.EN, Locale.ZH_HANT, Locale.ZH_HANS)
MOST_FEEDS, MOST_KEYWORDS, MOST_REGEXES = 14, 23, 2
CODE = "open-sesame"
SITE = "https://pages.example"
PNG = b"\x89PNG\r\n\x1a\n"


class Clock:
    """The bot's time, as the test sets it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Breakable:
    """A part of the bot that raises what was set for a chat."""

    def __init__(self, part: Any, broken: Mapping[ChatAddress, Exception]) -> None:
        self._part = part
        self._broken = broken

    def __getattr__(self, name: str) -> Any:
        return getattr(self._part, name)

    async def open_chat(self, address: ChatAddress, **more: Any) -> Chat:
        if address in self._broken:
            raise self._broken[address]
        return await self._part.open_chat(address, **more)


@dataclass
class Web:
    """Looks for feeds without a network: pages as set, and otherwise the real catalogue."""

    part: Any
    pages: dict[str, list[FoundFeed] | Exception] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.part, name)

    async def find(self, text: str) -> list[FoundFeed]:
        answer = self.pages.get(text)
        if isinstance(answer, Exception):
            raise answer
        if answer is None and "://" in text and text not in {each.url for each in self.part.catalogue()}:
            raise NotAFeed(text, reason="html")
        return answer if answer is not None else await self.part.find(text)


def spoken(row: Row, platform: Platform) -> Sequence[Locale]:
    """The languages of a row: all with TABLE=whole, else one, and another one on each platform. So what is for all
    platforms is heard in all languages, and each platform speaks them all."""
    if os.environ.get("TABLE") == "whole":
        return row.languages
    turn = crc32(row.name.encode()) + list(Platform).index(platform)
    return (row.languages[turn % len(row.languages)],)


@dataclass
class Stage:
    """The running bot, and how a test gets at it."""

    core: Core
    clock: Clock
    room: Newsroom
    web: Web
    interpreter: Interpreter
    broken: dict[ChatAddress, Exception] = field(default_factory=dict)
    owners: set[Owner] = field(default_factory=set)
    allowed: set[str] = field(default_factory=set)
    driver: Any = None
    heard: Heard = field(default_factory=Heard)

    async def play(self, row: Row, driver: Driver) -> None:
        """Play a row in each language, and judge what came of it.

        Where it changes nothing and asks nothing, people of three languages meet in one chat: to get there takes most
        of the time.
        """
        languages = spoken(row, driver.platform)
        if row.then or row.there or row.alone or row.asks or row.answer:
            for locale in languages:
                await self._play(row, driver, (locale,))
        else:
            await self._play(row, driver, languages)
        self.heard.rows.add(row.name)

    async def listen(self, row: Row, driver: Driver) -> Seen:
        """Play a row in English, whatever comes of it."""
        place = self._opened(row, driver, Locale.EN)
        try:
            return (await self._act(row, driver, await self.scene(row, driver, place)))[0]
        finally:
            self.interpreter.is_nobody()
            self.broken.pop(place.address, None)
            self.web.pages.pop(f"{SITE}/fault", None)
            await driver.leave(place)

    async def _play(self, row: Row, driver: Driver, locales: Sequence[Locale]) -> None:
        place = self._opened(row, driver, locales[0])
        try:
            scene = await self.scene(row, driver, place)
            there = scene.values.get("there", place.address)
            before, before_there = await self.standing(place.address), await self.standing(there)
            told: list[tuple[Locale, Seen]] = []
            for locale in locales:
                scene.place = driver.speaking(place, locale)
                told += [(locale, seen) for seen in await self._act(row, driver, scene)]
            after, after_there = await self.standing(place.address), await self.standing(there)
            for locale, seen in told:
                judge(row, seen, scene, after.get("locale") or locale)
            judge_change(row.then, before, after)
            if there != place.address:
                judge_change(row.there, before_there, after_there)
            if row.undone:
                await self._take_back(scene, before)
        finally:
            self.interpreter.is_nobody()
            self.broken.pop(place.address, None)
            self.web.pages.pop(f"{SITE}/fault", None)
            await driver.leave(place)

    async def _take_back(self, scene: Scene, before: Mapping[str, Any]) -> None:
        """Press what takes back what was done, and fail where the chat is not as before."""
        buttons = scene.driver.last(scene.place).lines
        undo = catalogue_for(scene.place.locale)("Undo")
        assert undo in buttons, f"nothing takes it back: {buttons}"
        await scene.driver.press(scene.place, buttons[undo])
        after = await self.standing(scene.place.address)
        left = {name: value for name, value in after.items() if value != before.get(name)}
        assert not left, f"not taken back: {left}"

    def _opened(self, row: Row, driver: Driver, locale: Locale) -> Place:
        """A new place for a row, of a bot that is as open to strangers as the row says."""
        self.clock.now = NOW
        place = driver.place(row.who, locale, apart=row.access is not Access.OPEN)
        if row.who is Role.OWNER:
            self.owners.add(Owner(place.address.platform, place.person))
        self.allowed.clear()
        self.core.storage.chats._closed = row.access is not Access.OPEN
        policy = Policy(access=row.access, code=CODE, allowed=self.allowed, owners=self.owners)
        self.core.commands._gate = Gate(policy, self.core.commands._parts.places)
        return place

    async def scene(self, row: Row, driver: Driver, place: Place) -> Scene:
        """The chat in the situation of a row."""
        chat = await self.room.chat(place, hint=place.locale)
        values = {"site": SITE, "address": f"{SITE}/fault", "now": stamp(NOW), "place": place.address}
        values["role"] = place.role_id
        known, reader = self.core.commands._parts.finder.catalogue(), self.interpreter
        scene = Scene(
            self.room, driver, place, chat, values, self.web.pages, known, interpreter=reader, allowed=self.allowed
        )
        with self.heard.listening():
            for given in row.given:
                await given(scene)
        if row.fault:
            self.broken[place.address] = row.fault
        if row.found:
            self.web.pages[f"{SITE}/fault"] = row.found
        return scene

    async def _act(self, row: Row, driver: Driver, scene: Scene) -> list[Seen]:
        """Give the lines of a row; answers what came of each."""
        with self.heard.listening():
            return [await self._give(row, driver, scene, line) for line in (row.line, *row.also)]

    async def _give(self, row: Row, driver: Driver, scene: Scene, given: str) -> Seen:
        line = given.format(**scene.values)
        if row.inline:
            return await driver.look_up(scene.place, line)
        if row.press or row.answer:
            seen = await driver.press(scene.place, line)
            return await driver.answer(scene.place, row.answer) if row.answer else seen
        reply_to = str(scene.values["message"]) if row.reply else ""
        return await driver.say(scene.place, line, file=row.file, reply_to=reply_to)

    async def standing(self, address: ChatAddress) -> dict[str, Any]:
        """What a chat has and chose: `feeds` by title with their mode, `keywords`, the `timing` of those that have
        one of their own, its `state`, and each setting by its name."""
        storage = self.core.storage
        chat = await storage.chats.find_chat(address)
        if chat is None:
            return {}
        watched = await storage.subscriptions.subscriptions(chat.id)
        keywords = await storage.keywords.keywords(chat.id)
        return {
            "feeds": {each.feed.title: str(each.mode) for each in watched},
            "keywords": [each.query for each in keywords],
            "timing": {
                **{each.feed.title: each.choice for each in watched if each.choice != Choice()},
                **{each.query: each.choice for each in keywords if each.choice != Choice()},
            },
            "state": str(chat.state),
            "admitted": chat.admitted,
            "managing": chat.managing is not None,
            **{each.name: getattr(chat.settings, each.name) for each in fields(chat.settings) if each.name != "hint"},
        }


def judge(row: Row, seen: Seen, scene: Scene, locale: Locale) -> None:
    """Fail where the answer is not what the row says, in a language."""
    t = catalogue_for(locale)
    missing = [sentence for sentence in row.says if not has(seen.text, sentence, t)]
    assert not missing, f"not said in {locale}: {missing}\n{seen.text}"
    unwanted = [sentence for sentence in row.never if has(seen.text, sentence, t)]
    assert not unwanted, f"said in {locale}: {unwanted}\n{seen.text}"
    for part in row.within:
        assert words(part.format(**scene.values)) in words(seen.text), f"no {part!r} in:\n{seen.text}"
    called = [sentence for sentence in row.labels if not any(has(label, sentence, t) for label in seen.lines)]
    assert not called, f"no button is called {called} in {locale}: {list(seen.lines)}"
    lines = seen.lines.values()
    lost = [line for line in (one.format(**scene.values) for one in row.buttons) if not that_are(lines, line)]
    assert not lost, f"no button {lost} in {seen.lines}"
    assert seen.asks or not row.asks, f"nothing is asked: {seen.text}"
    unwanted_lines = {line.format(**scene.values) for line in row.without} & set(seen.lines.values())
    assert not unwanted_lines, f"a button {unwanted_lines}"
    if row.private is not None and seen.private is not None:
        assert seen.private is row.private, "seen by the wrong people"
    if row.gives:
        assert seen.file, "no file came"
        assert seen.file[0].endswith(row.gives), f"another file: {seen.file[0]}"
    if row.gives == ".png":
        judge_picture(row, seen, t)


def judge_picture(row: Row, seen: Seen, t: Catalogue) -> None:
    """Fail where a picture is none, or its text for who can't see it does not say the same."""
    assert seen.file
    assert seen.file[1].startswith(PNG), f"no picture: {seen.file[1][:20]!r}"
    unsaid = [sentence for sentence in row.says if seen.alt is not None and not has(seen.alt, sentence, t)]
    assert not unsaid, f"not said beside the picture: {unsaid}\n{seen.alt}"


def that_are(lines: Iterable[str], wanted: str) -> list[str]:
    """The command lines that are meant: `wanted` itself, or where it ends in `*`, those that begin so."""
    begins = wanted.removesuffix("*")
    return [line for line in lines if line == wanted or (begins != wanted and line.startswith(begins))]


def judge_change(wanted: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Fail where something else is different now than a row says."""
    changed = {name: value for name, value in after.items() if value != before.get(name)}
    wanted_changes = {name: value for name, value in wanted.items() if value != before.get(name)}
    assert changed == wanted_changes, f"changed: {changed}, not: {wanted_changes}"


@asynccontextmanager
async def open_stage(folder: Path, **more: object) -> AsyncIterator[Stage]:
    """A bot on a database in a folder, without any platform yet, and without loops: nothing happens by itself."""
    clock = Clock()
    given = {
        "database_url": f"sqlite:///{folder}/diting.db",
        "allow_hosts": "127.0.0.1",
        "max_feeds": MOST_FEEDS,
        "max_keywords": MOST_KEYWORDS,
        "max_regexes": MOST_REGEXES,
        # The clock stands still, so that what was sent counts for good: nobody is to wait for that.
        "telegram_chat_per_second": 1_000_000,
        "telegram_per_second": 1_000_000,
        "telegram_group_per_minute": 1_000_000,
        "web_port": 0,
    }
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(open_core(load_settings(_env_file=None, **(given | more)), clock=clock))
        parts, broken = core.commands._parts, {}
        web = Web(parts.finder)
        # No feed is read here while somebody waits for it.
        parts.outlook._patience = parts.outlook._pause = timedelta(microseconds=1)
        interpreter, owners = Interpreter(stack), set[Owner]()
        office = replace(parts.office, owners=owners)
        chats = Breakable(parts.chats, broken)
        core.commands._parts = replace(parts, finder=web, chats=chats, office=office, translation=interpreter)
        yield Stage(core, clock, Newsroom(core.storage, clock), web, interpreter, broken, owners)


async def moved(stage: Stage, address: ChatAddress, to: str) -> None:
    """A chat gets another address: whoever comes to the old one is new."""
    await stage.core.storage.outbox.move_chat(address, to=to)


def request_for(place: Place, line: str, **more: Any) -> Request:
    """A command line of a place as a request, without any platform."""
    command, arguments = divided(line) if line.startswith("/") else ("", line)
    person = Person(id="7", locale=place.locale, can_manage=place.role is not Role.MEMBER)
    return Request(
        address=place.address, kind=place.kind, person=person, command=command, arguments=arguments, title="A", **more
    )
