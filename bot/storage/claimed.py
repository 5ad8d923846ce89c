"""Reads claimed deliveries with all that it takes to send them, or to edit their messages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Label, and_, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import (
    Alert,
    Announcement,
    DeliveryDue,
    DeliveryId,
    Digest,
    Hold,
    Notice,
    Report,
    RightsNotice,
    StoryKind,
)
from bot.storage.among import among, among_given
from bot.storage.rows import BRIEF, CHAT, FEED, ITEM, AnyRow, AnySelect, brief, feed_ref, labelled, stored_item
from bot.storage.rows import chat as chat_of
from bot.storage.states import FOLDED, JOINED, SENT
from bot.storage.tables import briefs, chats, deliveries, feeds, items, likenesses

Reported = dict[int, tuple[Report, ...]]
Member: TypeAlias = tuple[AnyRow, Alert]

DELIVERY = labelled(
    "delivery",
    deliveries,
    *("id", "key", "lease", "attempts", "created", "why", "notice", "message", "joined", "edit_at"),
    *("digest", "held_by", "due_at"),
)
# Digests show no texts, and of hundreds of items they would fill the memory.
_HEADLINE = [literal("").label("item_text") if column.name == "item_text" else column for column in ITEM]
_earlier = deliveries.alias("earlier")
_EARLIER = [_earlier.c.id.label("earlier_id"), _earlier.c.message.label("earlier_message")]
_LIKENESS = labelled("likeness", likenesses, "kind", "new")


async def claimed(connection: AsyncConnection, ids: Collection[int]) -> list[DeliveryDue]:
    """The deliveries, in the order of these ids."""
    found = {row.delivery_id: row for row in await connection.execute(_THESE, {"these": list(ids)})}
    rows = [found[one] for one in ids if one in found]
    folded = await _folded(connection, [row.delivery_id for row in rows if row.delivery_digest == row.delivery_id])
    # After `joined` was read, so that at least as many reports are found: one too few would never be shown.
    also = await _also(connection, [row.delivery_id for row in (*rows, *folded) if row.delivery_joined])
    together: defaultdict[int, list[Member]] = defaultdict(list)
    for row in folded:
        together[row.delivery_digest].append((row, _alert(row, also.get(row.delivery_id, ()))))
    return [_delivery(row, also, together.get(row.delivery_id, ())) for row in rows]


async def _folded(connection: AsyncConnection, carriers: Collection[int]) -> Sequence[AnyRow]:
    """What goes out with these deliveries."""
    if not carriers:
        return ()
    bound = (among(deliveries.c.digest, carriers), deliveries.c.state == FOLDED)
    return (await connection.execute(_whole(_HEADLINE, *bound))).all()


def _whole(item: Sequence[Label[Any]], *which: ColumnElement[bool]) -> AnySelect:
    # A message that was never sent told nothing, and one that was sent elsewhere can't be replied to.
    told = and_(
        _earlier.c.id == deliveries.c.told_by,
        _earlier.c.chat_id == deliveries.c.chat_id,
        _earlier.c.state == SENT,
    )
    tables = (
        deliveries.join(chats, chats.c.id == deliveries.c.chat_id)
        .outerjoin(items, items.c.id == deliveries.c.item_id)
        .outerjoin(feeds, feeds.c.id == items.c.feed_id)
        .outerjoin(briefs, briefs.c.item_id == items.c.id)
        .outerjoin(_earlier, told)
        .outerjoin(likenesses, likenesses.c.item_id == items.c.id)
    )
    return select(*DELIVERY, *CHAT, *FEED, *item, *BRIEF, *_EARLIER, *_LIKENESS).select_from(tables).where(*which)


_THESE = _whole(ITEM, among_given(deliveries.c.id, "these"))


async def _also(connection: AsyncConnection, ids: Collection[int]) -> Reported:
    """The reports that joined these deliveries, oldest first."""
    if not ids:
        return {}
    joined = (
        select(deliveries.c.told_by, items.c.url.label("item_url"), *FEED)
        .select_from(deliveries.join(items, items.c.id == deliveries.c.item_id).join(feeds))
        .where(among(deliveries.c.told_by, ids), deliveries.c.state == JOINED)
        .order_by(deliveries.c.id)
    )
    found: defaultdict[int, list[Report]] = defaultdict(list)
    for row in await connection.execute(joined):
        found[row.told_by].append(Report(feed=feed_ref(row), url=row.item_url))
    return {delivery: tuple(reports) for delivery, reports in found.items()}


def _delivery(row: AnyRow, also: Reported, together: Sequence[Member]) -> DeliveryDue:
    return DeliveryDue(
        id=DeliveryId(row.delivery_id),
        key=row.delivery_key,
        lease=row.delivery_lease,
        attempts=row.delivery_attempts,
        chat=chat_of(row),
        content=_content(row, also, together),
        created=row.delivery_created,
        message=row.delivery_message,
        reply_to="" if together else row.earlier_message or "",
        joined=row.delivery_joined,
        edit_at=row.delivery_edit_at,
    )


def _content(
    row: AnyRow, also: Reported, together: Sequence[Member]
) -> Alert | Digest | Notice | RightsNotice | Announcement:
    if row.delivery_notice:
        notice: Notice | RightsNotice | Announcement = row.delivery_notice
        return notice
    alert = _alert(row, also.get(row.delivery_id, ()))
    if not together:
        return alert
    return Digest(
        delivery=DeliveryId(row.delivery_id),
        alerts=(alert, *(one for _, one in together)),
        held_by=_held_by([row, *(each for each, _ in together)]),
        due_at=row.delivery_due_at,
    )


def _held_by(rows: Iterable[AnyRow]) -> Hold | None:
    """What most of what goes out together waited for; a digest is one whatever else is in it."""
    holds = Counter(row.delivery_held_by for row in rows)
    most = Hold.DIGEST.value if holds[Hold.DIGEST] else holds.most_common(1)[0][0]
    return Hold(most) if most else None


def _alert(row: AnyRow, also: tuple[Report, ...]) -> Alert:
    told = row.earlier_id is not None and row.likeness_kind is not None
    return Alert(
        item=stored_item(row),
        brief=brief(row),
        why=row.delivery_why,
        kind=StoryKind(row.likeness_kind) if told else None,
        new=row.likeness_new if told else (),
        also=also,
    )
