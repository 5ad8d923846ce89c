"""The database: SQLite or PostgreSQL behind the storage protocols of `bot.ports`."""

from bot.lean import on_demand

# SQLAlchemy's sessions bring its whole mapper of objects, some 8 MB, which nobody here uses.
on_demand(
    "sqlalchemy.ext.asyncio",
    dict.fromkeys(("AsyncConnection", "AsyncEngine", "create_async_engine"), "engine"),
)

from bot.storage.sqlite import exclusive_lock  # noqa: E402
from bot.storage.storage import Storage, open_storage  # noqa: E402

__all__ = ["Storage", "exclusive_lock", "open_storage"]
