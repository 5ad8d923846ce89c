"""Alerts too old to be news go out as one message: which of them are bound together, and what becomes of them.

    claim ─▶ fold ─▶ the claimed delivery carries the message, the other old ones of its chat wait with it ("folded")
                     ─▶ sent together | failed together | taken apart into two, where the platform refuses the whole

They are bound once, before anything is sent, and never added to: a repetition has the same key, and Discord would drop
it with all that came in addition. What may have been sent by itself already is bound to nothing, for it would be told
twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Alert, DeliveryDue
from bot.storage.among import among
from bot.storage.leases import FREE, is_free
from bot.storage.owing import tell_instead
from bot.storage.rows import ALONE, stands_alone
from bot.storage.states import DUE, FAILED, FOLDED, SENT, WAITING, delivery_key
from bot.storage.tables import deliveries, items

GATHER = timedelta(minutes=1)
MOST = 200  # alerts in one message: what it does not show can be turned to, page by page


async def fold(
    connection: AsyncConnection, due: Collection[DeliveryDue], *, now: datetime, news_age: timedelta
) -> bool:
    """Bind to each claimed alert older than `news_age` the others of its chat that are; answer whether any was bound,
    so that what was claimed is to be read again. Where all that was claimed is news, it asks the database nothing."""
    old = [one for one in due if _may_carry(one, now - news_age)]
    if not old:
        return False
    claimed = (among(deliveries.c.id, [one.id for one in old]), deliveries.c.digest.is_(None))
    free = select(deliveries.c.id).select_from(deliveries.join(items)).where(*claimed, _is_old(now - news_age))
    unbound = set((await connection.scalars(free)).all())
    bound = False
    for one in old:
        if one.id in unbound:
            members = await _others(connection, one, now, news_age)
            await bind(connection, [one.id, *members])
            bound = bound or bool(members)
    return bound


def _may_carry(due: DeliveryDue, before: datetime) -> bool:
    # An attempt that failed may have been a message all the same, under the key of the one alert.
    if due.attempts or not isinstance(due.content, Alert):
        return False
    published = due.content.item.item.published
    return due.created < before or (published is not None and published < before)


def _is_old(before: datetime) -> ColumnElement[bool]:
    """The condition that an alert was due before then, or would have been, had somebody read its feed."""
    return or_(deliveries.c.created < before, and_(items.c.late, items.c.published < before))


def due_from(*, late: bool, published: datetime | None, now: datetime, news_age: timedelta | None) -> datetime:
    """When a new alert is due: at once, unless it is too old already. After a long absence such come in numbers, within
    a minute or so, and wait for one another."""
    is_old = late and published is not None and news_age is not None and published < now - news_age
    return now + GATHER if is_old else now


async def _others(connection: AsyncConnection, first: DeliveryDue, now: datetime, news_age: timedelta) -> Sequence[int]:
    """The further alerts of the chat that are too old, as many as go together, oldest first."""
    waiting = (
        select(deliveries.c.id)
        .select_from(deliveries.join(items))
        .where(
            deliveries.c.state == DUE,
            deliveries.c.chat_id == first.chat.id,
            deliveries.c.id != first.id,
            _is_old(now - news_age),
            deliveries.c.due_at <= now + GATHER,
            deliveries.c.attempts == 0,
            deliveries.c.digest.is_(None),
            is_free(deliveries, now),
        )
        .order_by(deliveries.c.id)
        .limit(MOST - 1)
    )
    # Those that another worker is writing at this moment stay out: to wait for them could be to wait for each other.
    return (await connection.scalars(waiting.with_for_update(of=deliveries, skip_locked=True))).all()


async def bind(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Have the first carry the others, under a new key, and be due; one alone is marked to stay so."""
    first, *others = ids
    carrier = update(deliveries).where(deliveries.c.id == first)
    if not others:
        await connection.execute(carrier.values(state=DUE, digest=ALONE))
        return
    await connection.execute(carrier.values(state=DUE, digest=first, key=delivery_key()))
    await connection.execute(
        update(deliveries).where(among(deliveries.c.id, others)).values(state=FOLDED, digest=first)
    )


async def sent_together(connection: AsyncConnection, carrier: int, message: str, now: datetime) -> None:
    """The message went out: all that it holds was sent, and whoever looks for it finds them. It is not edited."""
    held = or_(deliveries.c.id == carrier, deliveries.c.digest == carrier)
    sent = update(deliveries).where(held, deliveries.c.state != SENT)
    said = {"message": message, "finished": now, "reason": "", "edit_at": None, "attempts": 0}
    await connection.execute(sent.values(state=SENT, **said, **FREE))


async def failed_together(connection: AsyncConnection, carrier: int, reason: str, now: datetime) -> None:
    """The carrier failed, and what was bound to it fails with the same reason; reports that joined any of them are
    told instead."""
    failed = update(deliveries).where(deliveries.c.digest == carrier, deliveries.c.state == FOLDED)
    failed = failed.values(state=FAILED, reason=reason, finished=now, **FREE)
    gone = (await connection.execute(failed.returning(deliveries.c.id, deliveries.c.joined))).all()
    for row in sorted(gone):
        if row.joined:
            await tell_instead(connection, row.id, now)


async def take_apart(connection: AsyncConnection, carrier: int) -> None:
    """Bind the halves each for itself: what the platform refuses in one of them is no reason against the others, and
    in the end stands alone."""
    members = select(deliveries.c.id).where(deliveries.c.digest == carrier, deliveries.c.state.in_(WAITING))
    # The carrier stays one: it is the head of its chat.
    ids = sorted((await connection.scalars(members)).all(), key=lambda one: (one != carrier, one))
    refused = update(deliveries).where(deliveries.c.id == carrier)
    await connection.execute(refused.values(key=delivery_key()))  # also where it is left alone: that is another message
    half = len(ids) // 2
    for part in (ids[:half], ids[half:]):
        if part:
            await bind(connection, part)


async def unbind(connection: AsyncConnection, chat: int) -> None:
    """Have what waits together in a chat wait one by one again, to be bound anew."""
    together = update(deliveries).where(deliveries.c.chat_id == chat, deliveries.c.state.in_(WAITING), ~stands_alone())
    await connection.execute(together.values(state=DUE, digest=None))


async def set_free(connection: AsyncConnection, ended: Collection[int]) -> None:
    """Have what waits with deliveries that ended without it wait by itself again, to be bound anew."""
    bound = update(deliveries).where(among(deliveries.c.digest, ended), deliveries.c.state == FOLDED)
    await connection.execute(bound.values(state=DUE, digest=None))
