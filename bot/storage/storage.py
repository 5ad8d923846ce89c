"""The database with its stores, opened and closed as one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import datetime, timedelta

from sqlalchemy import select, text

from bot.storage import housekeeping, leases, schema, vacuum
from bot.storage.activity import ActivityStore
from bot.storage.briefs import BriefStore
from bot.storage.broadcasts import BroadcastStore
from bot.storage.chats import ChatStore
from bot.storage.chatsheets import ChatSheetStore
from bot.storage.deliverysheets import DeliverySheetStore
from bot.storage.engine import Database, open_database, storage_errors
from bot.storage.feeds import FeedStore
from bot.storage.feedsheets import FeedSheetStore
from bot.storage.held import HeldStore
from bot.storage.history import HistoryStore
from bot.storage.items import ItemStore
from bot.storage.keywords import KeywordStore
from bot.storage.keywordsheets import KeywordSheetStore
from bot.storage.muting import MuteStore
from bot.storage.outbox import OutboxStore
from bot.storage.oversight import OversightStore
from bot.storage.places import PlaceStore
from bot.storage.postgres import PostgresNotices
from bot.storage.posts import PostStore
from bot.storage.pushes import PushStore
from bot.storage.records import RecordStore
from bot.storage.searching import SearchStore
from bot.storage.shares import ShareStore
from bot.storage.shelf import ShelfStore
from bot.storage.spending import SpendingStore
from bot.storage.sqlite import database_file, exclusive_lock
from bot.storage.storysheets import StorySheetStore
from bot.storage.subscriptions import SubscriptionStore
from bot.storage.tallies import TallyStore
from bot.storage.trails import TrailStore


class Storage:
    """The stores of one database, one member for each need, and what concerns the database as a whole.

    All methods raise StorageError when the database can't be used.
    """

    def __init__(
        self, database: Database, *, listen_url: str = "", news_age: timedelta | None = None, closed: bool = False
    ) -> None:
        self._database = database
        self._notices = None if database.is_sqlite else PostgresNotices(database.engine, listen_url=listen_url)
        self.is_sqlite = database.is_sqlite
        self.feeds = FeedStore(database)
        self.pushes = PushStore(database)
        self.items = ItemStore(database, news_age)
        self.keywords = KeywordStore(database)
        self.chats = ChatStore(database, closed=closed)
        self.places = PlaceStore(database)
        self.oversight = OversightStore(database)
        self.broadcasts = BroadcastStore(database)
        self.subscriptions = SubscriptionStore(database)
        self.outbox = OutboxStore(database, news_age)
        self.held = HeldStore(database)
        self.history = HistoryStore(database)
        self.records = RecordStore(database)
        self.search = SearchStore(database)
        self.trails = TrailStore(database)
        self.tallies = TallyStore(database)
        self.shelf = ShelfStore(database)
        self.mutes = MuteStore(database)
        self.spending = SpendingStore(database)
        self.briefs = BriefStore(database)
        self.shares = ShareStore(database)
        self.activity = ActivityStore(database)
        self.feed_sheets = FeedSheetStore(database)
        self.chat_sheets = ChatSheetStore(database)
        self.keyword_sheets = KeywordSheetStore(database)
        self.story_sheets = StorySheetStore(database)
        self.delivery_sheets = DeliverySheetStore(database)
        self.posts = PostStore(database, self._notices)

    async def upgrade(self) -> None:
        """Bring the tables to the newest revision; does nothing when they are there."""
        await schema.upgrade(self._database)

    async def revision(self) -> tuple[str, str]:
        """The revision of the tables (empty before the first upgrade), and the newest that there is."""
        return await schema.revision(self._database)

    async def check(self) -> None:
        """Ask the database for a sign of life."""
        async with self._database.read() as connection:
            # SELECT 1 would never touch SQLite's file.
            await connection.execute(text("PRAGMA schema_version") if self.is_sqlite else select(1))

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold an SQLite file for this process alone; processes share a PostgreSQL database freely."""
        return exclusive_lock(database_file(self._database.engine.url)) if self.is_sqlite else nullcontext()

    async def release_leases(self) -> None:
        """Set all leases free: those of a process that died. Only for the sole process on a database, at its start."""
        async with self._database.write() as connection:
            await leases.release_all(connection)

    async def purge(self, now: datetime, keep_items: timedelta) -> int:
        """Delete what is older than `keep_items`; answer how many items. See `housekeeping`."""
        return await housekeeping.purge(self._database, now, keep_items)

    async def expire(self, now: datetime, keep_items: timedelta) -> int:
        """End the deliveries that could not be made for that long; answer how many. See `housekeeping`."""
        return await housekeeping.expire(self._database, now, keep_items)

    async def give_back(self) -> int:
        """Give free room back to the disk (PostgreSQL does by itself); answer how many pages. See `vacuum`."""
        return await vacuum.give_back(self._database)

    async def notify(self, topic: str) -> None:
        """Tell the other processes on this database (SQLite: there are none)."""
        if self._notices:
            with storage_errors():
                await self._notices.notify(topic)

    async def listen(self, on_notice: Callable[[str], None]) -> None:
        """Call `on_notice` with every topic that any process notifies, for ever (SQLite: return at once)."""
        if self._notices:
            await self._notices.listen(on_notice)


@asynccontextmanager
async def open_storage(
    url: str, *, listen_url: str = "", news_age: timedelta | None = None, closed: bool = False
) -> AsyncIterator[Storage]:
    """The storage at `sqlite:///path` or `postgresql://…`; nothing connects until it is used. `listen_url` is where
    notices are heard, for a PostgreSQL behind a pooler; alerts that wait longer than `news_age` are sent together. In a
    bot that is `closed`, new chats are not admitted by themselves.

    Raises SettingsError for an address that is neither, StorageError when SQLite's folder can't be made.
    """
    async with open_database(url) as database:
        yield Storage(database, listen_url=listen_url, news_age=news_age, closed=closed)
