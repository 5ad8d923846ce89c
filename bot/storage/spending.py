"""What the language model costs by the day: one row that all replicas add to, and never past the limit."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import and_, select, true, update

from bot.model import Spending, SpendingDay
from bot.storage.engine import Database
from bot.storage.tables import spendings
from bot.storage.uninterrupted import uninterrupted

MILLION = 1_000_000


@uninterrupted
class SpendingStore:
    """Implements SpendingBook and SpendingDays."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(self, day: date, amount: Spending, limit: Spending) -> bool:
        """See SpendingBook. One statement: the row's lock lets replicas add one after the other."""
        if not amount.within(limit):
            return False  # a first row would be written whatever the limit is
        new = self._database.insert(spendings).values(day=day, tokens=amount.tokens, money=amount.money)
        tokens, money = spendings.c.tokens + new.excluded.tokens, spendings.c.money + new.excluded.money
        room = [total <= most for total, most in ((tokens, limit.tokens), (money, limit.money)) if most]
        added = new.on_conflict_do_update(
            index_elements=["day"], set_={"tokens": tokens, "money": money}, where=and_(true(), *room)
        )
        async with self._database.write() as connection:
            return (await connection.execute(added.returning(spendings.c.day))).one_or_none() is not None

    async def correct(self, day: date, by: Spending) -> None:
        """See SpendingBook."""
        values = {"tokens": spendings.c.tokens + by.tokens, "money": spendings.c.money + by.money}
        async with self._database.write() as connection:
            await connection.execute(update(spendings).where(spendings.c.day == day).values(values))

    async def spent(self, day: date) -> Spending:
        """See SpendingBook."""
        wanted = select(spendings.c.tokens, spendings.c.money).where(spendings.c.day == day)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).one_or_none()
            return Spending(tokens=row.tokens, money=row.money) if row else Spending()

    async def spending_days(self, *, since: datetime) -> list[SpendingDay]:
        """See SpendingDays."""
        wanted = select(spendings).where(spendings.c.day >= since.astimezone(UTC).date()).order_by(spendings.c.day)
        async with self._database.read() as connection:
            rows = await connection.execute(wanted)
            return [SpendingDay(day=row.day, tokens=row.tokens, money=row.money / MILLION) for row in rows]
