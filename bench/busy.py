"""A crowd with all that a month leaves behind: deliveries in every state, stories that several feeds told, feeds in
trouble. Most of it is in the order of time, as it comes about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, func, null, text, update

from bench.crowd import Crowd, Size
from bot.model import Hold
from bot.storage.tables import deliveries, heads

TAKERS = 4  # chats that an alert goes to
REPORTS = 5  # items of a story
WAITING = 2_000  # of the newest deliveries wait
NOT_YET = ("due", "held")
# How the others ended, and how many of a thousand did so.
FATES = (("failed", 10), ("joined", 6), ("held", 4), ("sent", 980))


@dataclass(frozen=True)
class BusySize(Size):
    deliveries: int


class BusyCrowd(Crowd):
    size: BusySize

    @property
    def each(self) -> int:
        """One in so many items is alerted."""
        return max(1, self.size.items * TAKERS // self.size.deliveries)

    def item_of(self, delivery: int) -> int:
        return min(self.size.items, (delivery - 1) // TAKERS * self.each + self.each)

    def chat_of(self, delivery: int) -> int:
        return (delivery * 7919 + delivery // self.size.chats) % self.size.chats + 1

    async def _analyze(self) -> None:
        """As autovacuum leaves PostgreSQL; nobody does so for an SQLite file."""
        if not self.database.is_sqlite:
            async with self.database.engine.connect() as connection:
                alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await alone.execute(text("VACUUM ANALYZE"))

    async def have_all(self, state: str) -> None:
        """Put all deliveries but ten into a state; those are in the one that they would be in least."""
        rare = "sent" if state == "failed" else "failed"
        fate = case((deliveries.c.id % (self.size.deliveries // 10) == 7, rare), else_=state)
        finished = null() if state in NOT_YET else func.coalesce(deliveries.c.finished, deliveries.c.created)
        async with self.database.write() as connection:
            await connection.execute(update(deliveries).values(state=fate, finished=finished))
            await connection.execute(delete(heads))
        await self._analyze()

    def _item(self, number: int) -> dict[str, Any]:
        row = super()._item(number)
        told = number % self.each == 0
        took = timedelta(seconds=self.rng.lognormvariate(4, 1))
        published = None if number % 50 == 0 else row["seen"] - took
        story = {"story_id": self._story_of(number) if told else None, "told": row["seen"] if told else None}
        return row | story | {"published": published, "late": number % 100 == 0}

    def _story_of(self, number: int) -> int:
        return (number // self.each - 1) // REPORTS + 1

    def _stories(self) -> Iterator[dict[str, Any]]:
        for story in range(1, self._story_of(self.size.items) + 1):
            yield {"id": story, "created": self.seen((story - 1) * REPORTS * self.each + self.each)}

    def _feed(self, number: int) -> dict[str, Any]:
        fails = number % 33 == 0
        return super()._feed(number) | {
            "failures": number % 7 + 1 if fails else 0, "error": "timeout" if fails else "",
            "gone": number % 99 == 0, "paused": number % 98 == 0,
            "last_item": self.now - timedelta(days=40 if number % 50 == 0 else 0),
        }  # fmt: skip

    def _chat(self, number: int) -> dict[str, Any]:
        state = {3: "paused", 7: "blocked", 9: "gone"}.get(number % 50, "active")
        platform = "discord" if number % 5 == 0 else "telegram"
        return super()._chat(number) | {"state": state, "platform": platform, "title": f"News room {number}"}

    def _deliveries(self, _: list[int]) -> Iterator[dict[str, Any]]:
        states, weights = zip(*FATES, strict=True)
        for number in range(1, self.size.deliveries + 1):
            item = self.item_of(number)
            begun = self.seen(item) + timedelta(seconds=self.rng.random())
            fate = self.rng.choices(states, weights)[0]
            if number > self.size.deliveries - WAITING:
                fate = ("due", "held")[number % 2]
            yield self._delivery(number, item, begun, fate)

    def _delivery(self, number: int, item: int, begun: datetime, fate: str) -> dict[str, Any]:
        is_over = number <= self.size.deliveries - WAITING
        took = timedelta(hours=3) if fate == "held" else timedelta(seconds=self.rng.lognormvariate(1, 1))
        return {
            "id": number, "chat_id": self.chat_of(number), "item_id": item, "key": f"k{number}",
            "state": "sent" if fate == "held" and is_over else fate,
            "why": json.dumps([[self.rng.choice(self.words), ["word"]]]), "created": begun,
            "due_at": begun + took if fate == "held" else begun, "finished": begun + took if is_over else None,
            "message": str(number) if is_over and fate != "failed" else "",
            "reason": "timeout" if fate == "failed" else "", "held_by": Hold.QUIET if fate == "held" else "",
        }  # fmt: skip

    def _told(self) -> Iterator[dict[str, Any]]:
        told: set[tuple[int, int]] = set()
        for number in range(1, self.size.deliveries + 1):
            pair = self._story_of(self.item_of(number)), self.chat_of(number)
            if pair not in told:
                told.add(pair)
                yield {"story_id": pair[0], "chat_id": pair[1]}
