"""The deliveries as a queue: each chat's in their order, and the chats side by side; then edits of what was sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Case, ColumnElement, Update, and_, bindparam, case, delete, null, select, update

from bot.model import Chat, ChatAddress, ChatId, ChatState, DeliveryDue, Digest, Platform
from bot.storage.among import among, among_given
from bot.storage.claimed import claimed
from bot.storage.columns import UtcTime
from bot.storage.engine import Database
from bot.storage.folding import failed_together, fold, sent_together, take_apart
from bot.storage.heads import line_up, move_up, put_off
from bot.storage.lately import sent_lately
from bot.storage.leases import FREE, NOTHING_GIVEN, NOW, claim, claimable, is_free_now, moment, still_held
from bot.storage.moves import move
from bot.storage.owing import tell_instead
from bot.storage.rows import AnySelect, stands_alone
from bot.storage.states import DUE, FAILED, SENT, WAITING
from bot.storage.tables import chats, deliveries, heads
from bot.storage.uninterrupted import uninterrupted
from bot.storage.warnings import warn

# Under a load that never ends, too, one in so many goes to the chats that have waited longest.
OLDEST = 4

_PLATFORMS: BindParameter[Any] = bindparam("platforms", expanding=True)
_NEXT_DUE = select(heads.c.chat_id, heads.c.due_at).where(among_given(heads.c.chat_id, "these"))
_TO_EDIT = (
    select(deliveries.c.id)
    .select_from(deliveries.join(chats))
    .where(chats.c.platform.in_(_PLATFORMS), deliveries.c.edit_at <= NOW)
    .limit(1)
)


@uninterrupted
class OutboxStore:
    """Implements Outbox. Alerts older than `news_age` go out together (None: none is ever too old)."""

    def __init__(self, database: Database, news_age: timedelta | None = None) -> None:
        self._database = database
        self._news_age = news_age

    async def claim_deliveries(
        self,
        *,
        platforms: Collection[Platform],
        now: datetime,
        limit: int,
        lease: timedelta,
        skip: Collection[ChatId] = (),
    ) -> list[DeliveryDue]:
        """See Outbox. A delivery that waits for another try holds back the later ones of its chat."""
        newest, oldest = _heads_due(skipping=bool(skip), newest=True), _heads_due(skipping=bool(skip), newest=False)
        given = _given(platforms, skip)
        return await self._claim([(newest, limit - limit // OLDEST), (oldest, limit)], given, now, limit, lease)

    async def claim_edits(
        self,
        *,
        platforms: Collection[Platform],
        now: datetime,
        since: datetime,
        limit: int,
        lease: timedelta,
        skip: Collection[ChatId] = (),
    ) -> list[DeliveryDue]:
        """See Outbox."""
        # Mostly there is none, and to look takes nobody's turn to write.
        async with self._database.glance() as connection:
            if await connection.scalar(_TO_EDIT, {"platforms": list(platforms), "now": now}) is None:
                return []
        due, given = _edits_due(skipping=bool(skip)), _given(platforms, skip) | {"since": since}
        return await self._claim([(due, limit)], given, now, limit, lease)

    async def next_due(self, chats: Collection[ChatId]) -> dict[ChatId, datetime]:
        """See Outbox."""
        async with self._database.glance() as connection:
            found = await connection.execute(_NEXT_DUE, {"these": list(chats)})
            return {ChatId(chat): due_at for chat, due_at in found}

    async def _claim(
        self,
        wanted: Sequence[tuple[AnySelect, int]],
        given: Mapping[str, object],
        now: datetime,
        limit: int,
        lease: timedelta,
    ) -> list[DeliveryDue]:
        """Lease of each selection up to so many, and `limit` in all."""
        ids: list[int] = []
        given = {**given, **moment(now, lease)}
        async with self._database.write() as connection:
            for some, most in wanted:
                room = min(most, limit - len(ids))
                _, rows = await claim(connection, deliveries, some, now=now, limit=room, lease=lease, given=given)
                ids += [row[0] for row in rows]
                if len(rows) < room:
                    break  # there are no more
            due = await claimed(connection, ids) if ids else []
            if self._news_age and await fold(connection, due, now=now, news_age=self._news_age):
                return await claimed(connection, ids)
            return due

    async def sent_lately(
        self, platform: Platform, chats: Collection[str], *, since: datetime
    ) -> dict[str, list[datetime]]:
        """See Outbox."""
        async with self._database.read() as connection:
            return await sent_lately(connection, platform, chats, since)

    async def prolong_deliveries(self, due: Collection[DeliveryDue], *, until: datetime) -> None:
        """See Outbox."""
        await self._write(still_held(deliveries, due).values(lease_until=until))

    async def release_deliveries(self, due: Collection[DeliveryDue]) -> None:
        """See Outbox."""
        await self._write(still_held(deliveries, due).values(FREE))

    async def delivery_sent(self, due: DeliveryDue, *, message: str, now: datetime) -> bool:
        """See Outbox. What was sent was sent, whoever holds the lease by now; but what was bound into a digest
        meanwhile is told by that, too, with all that goes with it."""
        async with self._database.write() as connection:
            if isinstance(due.content, Digest):
                await sent_together(connection, due.id, message, now)
            else:
                await connection.execute(_SENDING, {"delivery": due.id, "as": message, "now": now, **_shown(due)})
            following = await move_up(connection, due.id)
            return following is not None and following <= now

    async def delivery_retry(self, due: DeliveryDue, *, at: datetime, reason: str, counted: bool = True) -> None:
        """See Outbox. Without the lease it changes nothing: another worker has it, or the chat was stopped."""
        attempts = deliveries.c.attempts + int(counted)
        again = _held(due).values(due_at=at, reason=reason, attempts=attempts, **FREE)
        async with self._database.write() as connection:
            if (await connection.execute(again)).rowcount:
                await put_off(connection, due.id, at)

    async def delivery_failed(self, due: DeliveryDue, *, reason: str, now: datetime) -> None:
        """See Outbox. Without the lease it changes nothing: another worker may still get it through."""
        async with self._database.write() as connection:
            failed = _held(due).values(state=FAILED, reason=reason, finished=now, **FREE)
            if (await connection.execute(failed)).rowcount:
                await tell_instead(connection, due.id, now)
                await failed_together(connection, due.id, reason, now)
                await move_up(connection, due.id)

    async def digest_refused(self, due: DeliveryDue, *, reason: str, now: datetime) -> None:
        """See Outbox. Without the lease it changes nothing: another worker may still get it through."""
        async with self._database.write() as connection:
            again = _held(due).values(reason=reason, due_at=now, attempts=0, **FREE)
            if (await connection.execute(again)).rowcount:
                await take_apart(connection, due.id)
                await put_off(connection, due.id, now)

    async def edit_done(self, due: DeliveryDue) -> None:
        """See Outbox. Without the lease it changes nothing: another worker has the message."""
        await self._write(still_held(deliveries, [due]).values(edit_at=_EDIT_LEFT, attempts=0, **FREE), _shown(due))

    async def edit_retry(self, due: DeliveryDue, *, at: datetime, counted: bool = True) -> None:
        """See Outbox. Without the lease it changes nothing: another worker has the message."""
        attempts = deliveries.c.attempts + int(counted)
        await self._write(still_held(deliveries, [due]).values(edit_at=at, attempts=attempts, **FREE))

    async def stop_chat(self, chat: ChatId, *, state: ChatState, reason: str, now: datetime) -> None:
        """See Outbox."""
        async with self._database.write() as connection:
            await connection.execute(update(chats).where(chats.c.id == chat).values(state=state, reason=reason))
            waiting = update(deliveries).where(deliveries.c.chat_id == chat, deliveries.c.state.in_(WAITING))
            await connection.execute(waiting.values(state=FAILED, reason=reason, finished=now, **FREE))
            await connection.execute(delete(heads).where(heads.c.chat_id == chat))

    async def warn_managers(self, chat: Chat, managers: Collection[ChatAddress], *, reason: str, now: datetime) -> int:
        """See Outbox."""
        async with self._database.write() as connection:
            return await warn(self._database, connection, chat, managers, reason=reason, now=now)

    async def move_chat(self, address: ChatAddress, *, to: str) -> None:
        """See Outbox. Where there is a chat at the new address already, the two become one."""
        async with self._database.write() as connection:
            await move(self._database, connection, address, to)

    async def line_up_left_out(self) -> int:
        """See Outbox."""
        has_head = select(1).where(heads.c.chat_id == deliveries.c.chat_id).exists()
        left_out = select(deliveries.c.chat_id).where(deliveries.c.state == DUE, ~has_head).distinct()
        async with self._database.read() as connection:
            found = (await connection.scalars(left_out)).all()
        if found:
            async with self._database.write() as connection:
                await line_up(self._database, connection, among(deliveries.c.chat_id, found))
        return len(found)

    async def _write(self, statement: Update, given: Mapping[str, object] = NOTHING_GIVEN) -> None:
        async with self._database.write() as connection:
            await connection.execute(statement, given)


def _held(due: DeliveryDue) -> Update:
    return still_held(deliveries, [due]).where(deliveries.c.state == DUE)


def _given(platforms: Collection[Platform], skip: Collection[ChatId]) -> dict[str, object]:
    return {"platforms": list(platforms), **({"skip": list(skip)} if skip else {})}


@cache
def _heads_due(*, skipping: bool, newest: bool) -> AnySelect:
    due = (
        select(deliveries.c.id)
        .select_from(heads.join(deliveries, deliveries.c.id == heads.c.delivery_id).join(chats))
        .where(heads.c.due_at <= NOW, is_free_now(deliveries), *_takes(heads.c.platform, skipping=skipping))
    )
    order = (heads.c.due_at, heads.c.private, heads.c.chat_id)
    return claimable(deliveries, due.order_by(*(column.desc() if newest else column for column in order)))


@cache
def _edits_due(*, skipping: bool) -> AnySelect:
    due = (
        select(deliveries.c.id)
        .select_from(deliveries.join(chats))
        .where(
            deliveries.c.edit_at <= NOW,
            deliveries.c.message != "",  # so it was sent; asked for its state, SQLite looks through all that were
            deliveries.c.created >= bindparam("since"),
            stands_alone(),
            is_free_now(deliveries),
            *_takes(chats.c.platform, skipping=skipping),
        )
        .order_by(deliveries.c.edit_at, deliveries.c.id)
    )
    return claimable(deliveries, due)


def _takes(platform: ColumnElement[str], *, skipping: bool) -> list[ColumnElement[bool]]:
    """The conditions that a chat can be written to now."""
    conditions: list[ColumnElement[bool]] = [chats.c.state == ChatState.ACTIVE, platform.in_(_PLATFORMS)]
    if skipping:  # as literals: there may be more of them than a statement takes parameters
        conditions.append(chats.c.id.not_in(bindparam("skip", expanding=True, literal_execute=True)))
    return conditions


def _shown(due: DeliveryDue) -> dict[str, object]:
    """What `_EDIT_LEFT` is given."""
    return {"shown_joined": due.joined, "shown_at": due.edit_at}


_UNCHANGED = and_(
    deliveries.c.joined == bindparam("shown_joined"),
    deliveries.c.edit_at.is_not_distinct_from(bindparam("shown_at", type_=UtcTime)),
)
# When a message is to be edited again, now that it shows what was claimed: only for what came meanwhile.
_EDIT_LEFT: Case[Any] = case((_UNCHANGED, null()), else_=deliveries.c.edit_at)
_SENDING = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"), deliveries.c.state != SENT, stands_alone())
    # The attempts of edits count anew.
    .values(state=SENT, message=bindparam("as"), finished=NOW, reason="", edit_at=_EDIT_LEFT, attempts=0, **FREE)
)
