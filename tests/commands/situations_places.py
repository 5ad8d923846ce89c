"""The situations of more than one place, and of who may what: other chats, a private bot, what an owner sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from bot.model import BroadcastState, Chat, ChatAddress, ChatKind, ChatState, Locale, Managers, Role
from bot.storage.tables import broadcasts, chats, feeds
from tests.commands.row import Given, Scene
from tests.commands.situations import QUERY, waiting
from tests.commands.stage import MOST_FEEDS, MOST_KEYWORDS, MOST_REGEXES

WRONG = 5  # codes that a person may try
BROADCAST = "Back at noon."


# --- who may change the chat ------------------------------------------------------------------------------


def let(managers: Managers) -> Given:
    """Whom the admins let change the chat."""

    async def given(scene: Scene) -> None:
        role = Role(scene.values["role"], "Desk") if managers is Managers.ROLE else None
        scene.chat = replace(scene.chat, settings=replace(scene.chat.settings, managers=managers, role=role))
        await scene.room.storage.chats.save_settings(scene.chat.id, scene.chat.settings)

    return given


class Named:
    """Equal to any role of this name: its id is the platform's own."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Role) and other.name == self._name

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"a role named {self._name}"


# --- another place ----------------------------------------------------------------------------------------


def beside(*, admin: bool = True, writes: bool = True) -> Given:
    """Another place {other}, which the bot knows nothing of yet."""

    async def given(scene: Scene) -> None:
        other = await scene.driver.beside(scene.place, admin=admin, writes=writes)
        scene.values |= {"other": other.name, "title": other.title, "_other": other}

    return given


def known(*, admin: bool = True, writes: bool = True) -> Given:
    """Another place that has the bot, with the number {other_id}."""

    async def given(scene: Scene) -> None:
        await beside(admin=admin, writes=writes)(scene)
        other = scene.values["_other"]
        await _opened(scene, other.address, other.kind, other.title)

    return given


def managing(*, admin: bool = True) -> Given:
    """That place is managed from this chat."""

    async def given(scene: Scene) -> None:
        await known(admin=admin)(scene)
        await scene.room.storage.places.manage(scene.chat.id, scene.values["other_id"])

    return given


async def managing_what_is_gone(scene: Scene) -> None:
    """A place that the bot is not in any more is managed from this chat."""
    address = ChatAddress(scene.place.address.platform, "-4")
    await _opened(scene, address, ChatKind.GROUP, "Old news")
    await scene.room.storage.places.manage(scene.chat.id, scene.values["other_id"])


async def not_served(scene: Scene) -> None:
    """Whoever runs the bot shut that place out."""
    await known()(scene)
    await scene.room.storage.places.expel(scene.values["other_id"], now=scene.room.clock())


async def has_it_there(scene: Scene) -> None:
    """The other place has the keyword, too."""
    await known()(scene)
    await scene.room.keyword(scene.values["other_id"], QUERY)


async def full_there(scene: Scene) -> None:
    """The other place has as many keywords as it may."""
    await known()(scene)
    await scene.room.keywords(scene.values["other_id"], *(f"ferry {n}" for n in range(MOST_KEYWORDS)))


async def full_of_regexes_there(scene: Scene) -> None:
    """The other place has as many regular expressions as it may, and this chat one more."""
    await known()(scene)
    for number in range(MOST_REGEXES):
        await scene.room.keyword(scene.values["other_id"], f"/ferr(y|ies){number}/")
    scene.values["keyword"] = (await scene.room.keyword(scene.chat.id, "/oil( price)?/")).id


async def full_of_feeds_there(scene: Scene) -> None:
    """The other place has as many feeds as it may."""
    await known()(scene)
    for number in range(MOST_FEEDS):
        await scene.room.watch(scene.values["other_id"], f"Their paper {number}")


async def moved(scene: Scene) -> None:
    """The keyword went to the other place; {undo} takes it back."""
    await known()(scene)
    seen = await scene.driver.say(scene.place, "/keyword move {keyword} {other}".format(**scene.values))
    scene.values["undo"] = next(line for line in seen.lines.values() if "undo" in line)


async def moved_and_removed(scene: Scene) -> None:
    """There it was removed since."""
    await moved(scene)
    there = scene.values["other_id"]
    for keyword in await scene.room.storage.keywords.keywords(there):
        await scene.room.storage.keywords.remove_keyword(there, keyword.id)


async def _opened(scene: Scene, address: ChatAddress, kind: ChatKind, title: str) -> Chat:
    storage, now = scene.room.storage, scene.room.clock()
    chat = await storage.chats.open_chat(address, kind=kind, title=title, hint=Locale.EN, now=now)
    scene.values |= {"there": address, "other_id": chat.id, "number": f"{address.platform}:{address.chat}"}
    return chat


# --- a private bot ----------------------------------------------------------------------------------------


async def guessed(scene: Scene) -> None:
    """Too many wrong codes were tried."""
    for number in range(WRONG):
        await scene.driver.say(scene.place, f"/start guess{number}")


async def listed(scene: Scene) -> None:
    """The person is on the list."""
    scene.allowed.add(f"{scene.place.address.platform}:{scene.place.person}")


async def let_in(scene: Scene) -> None:
    """The chat came in before."""
    await scene.room.storage.places.admit(scene.chat.id)


async def expelled(scene: Scene) -> None:
    """The chat was shut out."""
    await let_in(scene)
    await scene.room.storage.places.expel(scene.chat.id, now=scene.room.clock())


async def in_alone(scene: Scene) -> None:
    """The private chat of who speaks is in."""
    address = ChatAddress(scene.place.address.platform, scene.place.person)
    chat = await scene.room.storage.chats.open_chat(
        address, kind=ChatKind.PRIVATE, title="Alone", hint=Locale.EN, now=scene.room.clock()
    )
    await scene.room.storage.places.admit(chat.id)


# --- what an owner sees -----------------------------------------------------------------------------------


async def here(scene: Scene) -> None:
    """{here} is the number of this chat."""
    scene.values["here"] = scene.chat.id


def another(state: ChatState = ChatState.ACTIVE, kind: ChatKind = ChatKind.GROUP, *, out: bool = False) -> Given:
    """Another chat of the bot in a state, or shut out."""

    async def given(scene: Scene) -> None:
        storage, now = scene.room.storage, scene.room.clock()
        address = ChatAddress(scene.place.address.platform, f"77{len(scene.values)}{scene.chat.id}")
        chat = await _opened(scene, address, kind, f"Another, {state}")
        scene.values[f"_{chat.id}"] = chat
        if state is ChatState.PAUSED:
            await storage.chats.set_paused(chat.id, paused=True)
        elif state is not ChatState.ACTIVE:
            await storage.outbox.stop_chat(chat.id, state=state, reason="kicked", now=now)
        if out:
            await storage.places.expel(chat.id, now=now)

    return given


async def many_chats(scene: Scene) -> None:
    """More chats than a page shows."""
    for kind in (ChatKind.PRIVATE, ChatKind.CHANNEL, *[ChatKind.GROUP] * 9):
        await another(kind=kind)(scene)


async def all_is_well(scene: Scene) -> None:
    """No feed is in trouble."""
    await _set(scene, feeds, failures=0, gone=False, error="")


async def not_polled(scene: Scene) -> None:
    """No feed was read yet."""
    await _set(scene, feeds, polled=None)


async def only_chat(scene: Scene) -> None:
    """Nobody else has the bot."""
    async with scene.room.storage._database.write() as connection:
        gone = update(chats).where(chats.c.id != scene.chat.id)
        await connection.execute(gone.values(state=ChatState.GONE))


async def nothing_said(scene: Scene) -> None:
    """Nothing was ever sent to all."""
    await _set(scene, broadcasts, state=BroadcastState.DRAFT)


async def drafted(scene: Scene) -> None:
    """A text for all is drafted: {broadcast}. What was said before is over."""
    await only_chat(scene)
    await _set(scene, broadcasts, state=BroadcastState.STOPPED)
    author, now = scene.place.address, scene.room.clock()
    scene.values["broadcast"] = (await scene.room.storage.broadcasts.draft(BROADCAST, author=author, now=now)).id


async def begun(scene: Scene) -> None:
    """It is under way."""
    await drafted(scene)
    await scene.room.storage.broadcasts.begin(scene.values["broadcast"])


async def stopped(scene: Scene) -> None:
    """It was stopped."""
    await begun(scene)
    await scene.room.storage.broadcasts.stop(scene.values["broadcast"], now=scene.room.clock())


async def sent_to_all(scene: Scene) -> None:
    """All have it."""
    await begun(scene)
    book, now = scene.room.storage.broadcasts, scene.room.clock()
    while await book.owe_more(most=9, now=now):
        for due in await scene.room.due(scene.place.address.platform, ago=timedelta()):
            if due.chat.id == scene.chat.id:
                await scene.room.sent(due, "1", ago=timedelta())


async def _set(scene: Scene, table: Any, **values: object) -> None:
    async with scene.room.storage._database.write() as connection:
        await connection.execute(update(table).values(values))


# --- why an alert was not sent ----------------------------------------------------------------------------


def failed_for(reason: str) -> Given:
    """An alert could not be sent, for this reason."""

    async def given(scene: Scene) -> None:
        await waiting(scene)
        for due in await scene.room.due(scene.place.address.platform):
            if due.chat.id == scene.chat.id:
                await scene.room.storage.outbox.delivery_failed(due, reason=reason, now=scene.room.clock())

    return given
