"""What chats are owed for an item: an alert of its own, or a place in the alert that told them its story."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import case, func, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from bot.model import AlertDecision, ChatState, NewDelivery, Owed, Platform, Reports, StoryId
from bot.storage.among import among, among_given
from bot.storage.batches import slices
from bot.storage.capping import hold_over
from bot.storage.engine import Database, insert_for
from bot.storage.heads import line_up, line_up_item
from bot.storage.muting import without_muted
from bot.storage.rows import AnyRow, stands_alone
from bot.storage.states import DUE, FAILED, HELD, JOINED, SENT, delivery_key
from bot.storage.tables import chats, deliveries, items, told

SLICE = 500  # rows


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the takers of an item were told: who hears of its story for the first time, who wants further reports as
    alerts, and by chat the delivery that told the story it belongs to or continues."""

    first: frozenset[int]
    each: frozenset[int]
    by: dict[int, int]


async def owe(
    database: Database,
    connection: AsyncConnection,
    decision: AlertDecision,
    story: StoryId,
    now: datetime,
    *,
    due_at: datetime | None = None,
    begun: bool = False,
) -> Owed:
    """Add a delivery for each chat that takes alerts: due (at `due_at`, or now), held until its time, or joined to the
    one that told the chat the story. A story that is just `begun` nobody knows."""
    takers = await _takers(connection, decision.deliveries)
    if decision.same or not begun:
        takers = await without_muted(database, connection, takers, story, decision.same)
    if not takers:
        return Owed(story=story)
    new = await _tell(database, connection, takers, story)
    tellers = await _tellers(connection, decision.same.story, takers) if decision.same else {}
    heard = _Heard(
        first=new | {chat for chat, teller in tellers.items() if teller is None},
        each=frozenset(chat for chat, taker in takers.items() if taker.reports == Reports.EACH),
        by={chat: teller for chat, teller in tellers.items() if teller},
    )
    owed = _owing(is_sqlite=database.is_sqlite)
    added = await _in_slices(connection, owed, _rows(decision, takers, heard, now, due_at or now))
    joined = [row.told_by for row in added if row.state == JOINED and row.told_by]
    heirs = await _have_edited(connection, joined, decision.edit_at or now, now) if joined else []
    await _hasten(connection, decision, added, now)
    alerted = {row.chat_id for row in added if row.state == DUE}
    due = len(alerted) - await hold_over(connection, decision, alerted)
    if due:
        await line_up_item(database, connection, decision.item)
    if heirs:
        await line_up(database, connection, among(deliveries.c.id, heirs))
    concerned = alerted if not heirs else takers
    platforms = frozenset(Platform(takers[chat].platform) for chat in concerned) if due or heirs else frozenset()
    return Owed(due=due + len(heirs), platforms=platforms, story=story)


class _Taker(NamedTuple):
    """Where a chat is, and what it wants of further reports."""

    platform: str
    reports: str


_TAKING = select(chats.c.id, chats.c.platform, chats.c.reports).where(
    among_given(chats.c.id, "these"), chats.c.state.in_([ChatState.ACTIVE, ChatState.PAUSED])
)


@cache
def _owing(*, is_sqlite: bool) -> ReturningInsert[*tuple[Any, ...]]:
    owed = insert_for(deliveries, is_sqlite=is_sqlite).on_conflict_do_nothing(index_elements=["item_id", "chat_id"])
    return owed.returning(deliveries.c.state, deliveries.c.told_by, deliveries.c.chat_id)


@cache
def _telling(*, is_sqlite: bool) -> ReturningInsert[*tuple[Any, ...]]:
    noted = insert_for(told, is_sqlite=is_sqlite).on_conflict_do_nothing(index_elements=["story_id", "chat_id"])
    return noted.returning(told.c.chat_id)


async def have_shown_anew(connection: AsyncConnection, item: int, now: datetime) -> None:
    """Have the messages edited that show an item, also those that are being sent at this moment. Digests are not."""
    shown = update(deliveries).where(deliveries.c.item_id == item, deliveries.c.state.in_([DUE, SENT]), stands_alone())
    await connection.execute(shown.values(edit_at=now))


async def tell_instead(connection: AsyncConnection, failed: int, now: datetime) -> int | None:
    """Have the oldest report that joined a delivery that failed told in its place, and answer which; the others join
    that one. The caller lines it up."""
    joined = (deliveries.c.told_by == failed, deliveries.c.state == JOINED)
    heir, count = (await connection.execute(select(func.min(deliveries.c.id), func.count()).where(*joined))).one()
    if heir is None:
        return None
    due = update(deliveries).where(deliveries.c.id == heir)
    await connection.execute(due.values(state=DUE, told_by=None, joined=count - 1, due_at=now, finished=None))
    await connection.execute(update(deliveries).where(*joined).values(told_by=heir))
    told_now: int = heir
    return told_now


def _rows(
    decision: AlertDecision, takers: Collection[int], heard: _Heard, now: datetime, due_at: datetime
) -> Iterator[dict[str, Any]]:
    for delivery in decision.deliveries:
        if delivery.chat in takers:
            due = delivery.chat in heard.first or delivery.chat in heard.each
            held = due and delivery.held_by is not None
            yield {
                "chat_id": delivery.chat,
                "item_id": decision.item,
                "key": delivery_key(),
                "why": delivery.why,
                "state": HELD if held else DUE if due else JOINED,
                "told_by": heard.by.get(delivery.chat),
                "created": now,
                "due_at": (delivery.due_at if held else None) or due_at,
                "held_by": (delivery.held_by if held else None) or "",
                "finished": None if due else now,
            }


async def _takers(connection: AsyncConnection, new: Collection[NewDelivery]) -> dict[int, _Taker]:
    """The chats that still take alerts."""
    found = await connection.execute(_TAKING, {"these": [one.chat for one in new]})
    return {chat: _Taker(platform, reports) for chat, platform, reports in found}


async def _tell(database: Database, connection: AsyncConnection, takers: Collection[int], story: int) -> frozenset[int]:
    """Note that the chats were told the story; answer those that weren't before."""
    # In order of id, so that two workers that tell the same story wait for each other and never deadlock.
    rows = ({"chat_id": chat, "story_id": story} for chat in sorted(takers))
    noted = await _in_slices(connection, _telling(is_sqlite=database.is_sqlite), rows)
    return frozenset(row.chat_id for row in noted)


async def _in_slices(
    connection: AsyncConnection, insert: ReturningInsert[*tuple[Any, ...]], rows: Iterable[dict[str, Any]]
) -> list[AnyRow]:
    """Insert any number of rows; answer what is returned of them. A story may be told to fifty thousand chats, and for
    the seconds that it takes to write their rows, others shall have their turn in between."""
    returned: list[AnyRow] = []
    for some in slices(rows, SLICE):
        returned += (await connection.execute(insert, some)).all()
        await asyncio.sleep(0)
    return returned


async def _tellers(connection: AsyncConnection, story: StoryId, takers: Collection[int]) -> dict[int, int | None]:
    """The delivery that first told each chat a story; None for one that was to be told, but all that failed."""
    # "In [due, sent]" is no condition: by it SQLite would look through all that the chats were ever sent.
    told_it = case((deliveries.c.state != FAILED, deliveries.c.id))
    first = (
        select(deliveries.c.chat_id, func.min(told_it))
        .select_from(deliveries.join(items))
        .where(items.c.story_id == story, deliveries.c.state != JOINED, among(deliveries.c.chat_id, takers))
        .group_by(deliveries.c.chat_id)
    )
    return dict((await connection.execute(first)).all())


async def _hasten(connection: AsyncConnection, decision: AlertDecision, added: Iterable[AnyRow], now: datetime) -> None:
    """Where a report that the chat wants at once joined an alert that is held, it is held no longer."""
    waits = {one.chat for one in decision.deliveries if one.held_by}
    tellers = [row.told_by for row in added if row.state == JOINED and row.told_by and row.chat_id not in waits]
    if tellers:
        held = update(deliveries).where(among(deliveries.c.id, tellers), deliveries.c.state == HELD)
        await connection.execute(held.values(due_at=now))


async def _have_edited(connection: AsyncConnection, tellers: Collection[int], at: datetime, now: datetime) -> list[int]:
    """Count one more report each, and have the messages edited then. An edit that is yet to come waits for no later
    one, so that one edit gathers many reports; one that is due may be in hand, so another follows it. What is held will
    show them by itself.

    Where a teller failed just now, its report is told instead: answer which are.
    """
    # In order of id, as in `_tell`; and without the keys, which the joined rows of other workers hold on to already.
    locked = (
        select(deliveries.c.id, deliveries.c.state).where(among(deliveries.c.id, tellers)).order_by(deliveries.c.id)
    )
    rows = (await connection.execute(locked.with_for_update(key_share=True))).all()
    unedited = or_(~stands_alone(), deliveries.c.state == HELD)
    coming = case((unedited, null()), (deliveries.c.edit_at > now, deliveries.c.edit_at), else_=at)
    counted = update(deliveries).where(among(deliveries.c.id, tellers))
    await connection.execute(counted.values(joined=deliveries.c.joined + 1, edit_at=coming))
    heirs = [await tell_instead(connection, row.id, now) for row in rows if row.state == FAILED]
    return [heir for heir in heirs if heir is not None]
