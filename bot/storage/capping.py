"""The most alerts that a chat gets in an hour: what is more is held for the next one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ScalarSelect, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import AlertDecision, Cap, Hold
from bot.storage.among import among
from bot.storage.batches import slices
from bot.storage.states import DUE, HELD, SENT
from bot.storage.tables import chats, deliveries

SLICE = 200  # chats whose hours are looked at in one statement


async def hold_over(connection: AsyncConnection, decision: AlertDecision, due: Collection[int]) -> int:
    """Hold the alerts of the decision that are too many for their chats, of those in which one is due now; answer how
    many. Notices and digests do not count, nor do reports that joined an alert."""
    capped: defaultdict[Cap, list[int]] = defaultdict(list)
    for one in decision.deliveries:
        if one.cap and one.chat in due:
            capped[one.cap].append(one.chat)
    over = 0
    for cap, those in capped.items():
        for some in slices(those, SLICE):
            over += await _hold(connection, decision.item, cap, some)
    return over


async def _hold(connection: AsyncConnection, item: int, cap: Cap, some: Collection[int]) -> int:
    had = _lately(DUE, cap) + _lately(SENT, cap)
    over = list(await connection.scalars(select(chats.c.id).where(among(chats.c.id, some), had > cap.most)))
    if over:
        these = update(deliveries).where(deliveries.c.item_id == item, among(deliveries.c.chat_id, over))
        held = these.where(deliveries.c.state == DUE)
        await connection.execute(held.values(state=HELD, held_by=Hold.CAP, due_at=cap.later))
    return len(over)


def _lately(state: str, cap: Cap) -> ScalarSelect[int]:
    """How many alerts of a chat are in that state since the hour began; it need not count beyond the cap.

    The newest ones by id are looked at, which the index gives: of a chat's thousands no more than the cap are read.
    """
    newest = (
        select(deliveries.c.created)
        .where(
            deliveries.c.state == literal(state),
            deliveries.c.chat_id == chats.c.id,
            deliveries.c.held_by == "",
            deliveries.c.item_id.is_not(None),
        )
        .order_by(deliveries.c.id.desc())
        .limit(cap.most + 1)
        .correlate(chats)
        .subquery()
    )
    return (
        select(func.count()).select_from(newest).where(newest.c.created >= cap.since).correlate(chats).scalar_subquery()
    )
