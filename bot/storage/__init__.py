"""The database: SQLite or PostgreSQL behind the storage protocols of `bot.ports`."""

from bot.storage.sqlite import exclusive_lock
from bot.storage.storage import Storage, open_storage

__all__ = ["Storage", "exclusive_lock", "open_storage"]
