"""The tables. Their unique keys are what makes every step of the program safe to repeat."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
    true,
)

from bot.storage.columns import Choices, CleanText, Digest, Grounds, News, Reasons, Strings, UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)

# SQLite numbers rows by itself only where the key's type is exactly INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", BigId, primary_key=True)


def _ref(name: str, target: str, **options: Any) -> Column[int]:  # noqa: ANN401 (options of Column)
    """A column that names a row of another table and goes with it."""
    options.setdefault("nullable", False)
    return Column(name, BigId, ForeignKey(f"{target}.id", ondelete="CASCADE"), **options)


def _words(name: str) -> Column[str]:
    return Column(name, CleanText, nullable=False, server_default="")


def _tag(name: str) -> Column[str]:
    """A short word of ours: the value of an enum, a token."""
    return Column(name, String(32), nullable=False, server_default="")


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


def _choices() -> Column[Any]:
    return Column("choices", Choices, nullable=False, server_default="{}")


def _lease() -> tuple[Column[Any], Column[Any]]:
    """Who has the row (a token) and until when. A lease that ran out is free again."""
    return _tag("lease"), Column("lease_until", UtcTime)


_HELD = text("state = 'held'")
# In these words, as SQLite takes such an index only for a question that has them.
ALL_FAILED = text("state = 'failed'")
ALL_WAITING = text("state IN ('due', 'folded', 'held')")


def _partial(name: str) -> Index:
    """An index of the rows that have a value there."""
    there = text(f"{name} IS NOT NULL")
    return Index(None, name, sqlite_where=there, postgresql_where=there)


feeds = Table(
    "feeds",
    metadata,
    _id(),
    Column("url", CleanText, nullable=False),
    Column("url_key", Digest, nullable=False, unique=True),
    _words("title"),
    _words("site"),
    _words("language"),
    _words("etag"),
    _words("last_modified"),
    _words("body_hash"),
    Column("created", UtcTime, nullable=False),
    Column("polled", UtcTime),
    Column("next_poll", UtcTime, nullable=False, index=True),
    _words("hints"),
    _count("failures"),
    _words("error"),
    Column("gone", Boolean, nullable=False, server_default=false()),
    Column("dead", Boolean, nullable=False, server_default=false()),
    _words("hub"),
    _words("topic"),
    Column("last_item", UtcTime),
    Column("paused", Boolean, nullable=False, server_default=false()),  # those who run the bot have it polled no more
    *_lease(),
)

# What was learned of when a feed brings items. Apart from the feed's row, which every poll writes.
rhythms = Table(
    "rhythms",
    metadata,
    _ref("feed_id", "feeds", primary_key=True, autoincrement=False),
    Column("learned", LargeBinary, nullable=False),
)

stories = Table(
    "stories",
    metadata,
    _id(),
    Column("created", UtcTime, nullable=False, index=True),
)

items = Table(
    "items",
    metadata,
    _id(),
    _ref("feed_id", "feeds"),
    # The strongest key the item had when it came: its guid may be empty.
    Column("identity", Digest, nullable=False),
    _words("guid"),
    _words("url"),
    _words("title"),
    _words("text"),
    _words("language"),
    Column("published", UtcTime),
    Column("authors", Strings, nullable=False),
    Column("categories", Strings, nullable=False),
    Column("seen", UtcTime, nullable=False, index=True),
    _tag("state"),
    Column("story_id", BigId, ForeignKey("stories.id", ondelete="SET NULL"), index=True),
    Column("told", UtcTime, index=True),
    # It was published while nobody read its feed: its news is as old as that, and not as its row.
    Column("late", Boolean, nullable=False, server_default=false()),
    _words("picture"),
    *_lease(),
    UniqueConstraint("feed_id", "identity"),
    Index(None, "state", "id"),
    Index(None, "language"),
    Index(None, "feed_id", "seen", postgresql_include=["id"]),  # SQLite has the number of the row in every index
)

# A key outlives its item (`item_id` is then empty): some feeds list all they ever wrote, and what was told once must
# not look new after the clean-up. It goes when the feed lists other keys and has not listed this one for long: `listed`
# is the day (UTC) it was seen there, to the week.
item_keys = Table(
    "item_keys",
    metadata,
    _ref("feed_id", "feeds", primary_key=True),
    Column("key", Digest, primary_key=True),
    Column("item_id", BigId, ForeignKey("items.id", ondelete="SET NULL"), index=True),
    Column("listed", Date),
    sqlite_with_rowid=False,
)

briefs = Table(
    "briefs",
    metadata,
    _ref("item_id", "items", primary_key=True, autoincrement=False),
    _words("title_zh"),
    _words("title_en"),
    _words("summary_zh"),
    _words("summary_en"),
    _tag("made_by"),
    Column("untranslated", Boolean, nullable=False, server_default=false()),
)

chats = Table(
    "chats",
    metadata,
    _id(),
    _tag("platform"),
    Column("chat", String(64), nullable=False),
    Column("thread", String(64), nullable=False, server_default=""),
    _tag("kind"),
    _words("title"),
    Column("locale", String(16)),
    Column("hint", String(16), nullable=False),
    Column("languages", Strings, nullable=False),
    Column("script", String(16)),
    Column("reports", String(16), nullable=False, server_default="fold"),
    Column("timezone", String(64), nullable=False),
    _tag("state"),
    _words("reason"),
    Column("created", UtcTime, nullable=False),
    _choices(),
    # The chat that commands given here are about, if it is another one. No foreign key: SQLite can't add one without
    # writing the table anew.
    Column("managing", BigInteger),
    Column("admitted", Boolean, nullable=False, server_default=true()),
    UniqueConstraint("platform", "chat", "thread"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    _id(),
    _ref("chat_id", "chats"),
    _ref("feed_id", "feeds", index=True),
    _tag("mode"),
    Column("created", UtcTime, nullable=False),
    _choices(),
    UniqueConstraint("chat_id", "feed_id"),
)

# A keyword that was removed keeps its row (`live` is false), so that the indexes which follow `revision` hear of it.
keywords = Table(
    "keywords",
    metadata,
    _id(),
    _ref("chat_id", "chats"),
    _words("canonical"),
    Column("canonical_key", Digest, nullable=False, index=True),
    _words("query"),
    Column("live", Boolean, nullable=False, server_default=true()),
    Column("created", UtcTime, nullable=False),
    Column("revision", BigInteger, nullable=False, index=True),
    _choices(),
    UniqueConstraint("chat_id", "canonical_key"),
)

# One row. Each keyword change updates it first, and the row's lock makes the order of commits that of revisions: who
# has seen revision n has seen all before it.
keyword_revision = Table(
    "keyword_revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision", BigInteger, nullable=False),
)

# Here and in the deliveries the chat comes last in the key: the rows that one item leads to then lie side by side, and
# its transaction writes a few pages, not one for each chat.
told = Table(
    "told",
    metadata,
    _ref("story_id", "stories", primary_key=True),
    _ref("chat_id", "chats", primary_key=True),
    Column("muted", Boolean, nullable=False, server_default=false()),  # the chat wants to hear no more of it
    sqlite_with_rowid=False,
)

# Why an item was taken for the story of another item; of a development, `story_id` is the story that it continues.
likenesses = Table(
    "likenesses",
    metadata,
    _ref("item_id", "items", primary_key=True, autoincrement=False),
    _ref("story_id", "stories", index=True),
    _ref("like_id", "items", index=True),
    _tag("kind"),
    Column("score", Float(53), nullable=False),
    Column("reasons", Grounds, nullable=False),
    Column("new", Strings, nullable=False),
)

# Of an item, or a notice without one. `told_by` is the delivery that told the chat the item's story before. Where that
# one stands for this one (`state` is then "joined"), it counts it in `joined`, and from `edit_at` on its message is to
# be edited to say so. `digest` is the delivery whose message holds this one among others (its own id, of that delivery
# itself); 0 is of an old alert that goes out by itself. No foreign key: the members outlive the item of the first.
# `held_by` says what has it wait for a digest (`state` is "held" until `due_at`), and what such a digest is for.
deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    _ref("chat_id", "chats"),
    _ref("item_id", "items", nullable=True),
    Column("notice", News),
    _tag("key"),
    Column("why", Reasons, nullable=False),
    _tag("state"),
    _count("attempts"),
    Column("created", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("finished", UtcTime),
    _words("message"),
    _words("reason"),
    Column("told_by", BigId, ForeignKey("deliveries.id", ondelete="SET NULL")),
    _count("joined"),
    Column("edit_at", UtcTime),
    Column("digest", BigInteger),
    _tag("held_by"),
    Column("broadcast_id", BigInteger),
    *_lease(),
    UniqueConstraint("item_id", "chat_id"),
    Index(None, "state", "chat_id", "id"),
    # Few rows have these, and what is in no index costs nothing there.
    _partial("told_by"),
    _partial("edit_at"),
    _partial("digest"),
    _partial("broadcast_id"),
    Index("deliveries_held_idx", "due_at", sqlite_where=_HELD, postgresql_where=_HELD),
    # The newest ones of these states, of all chats together. There are few; most deliveries are sent.
    Index("deliveries_failed_idx", "id", sqlite_where=ALL_FAILED, postgresql_where=ALL_FAILED),
    Index("deliveries_waiting_idx", "id", sqlite_where=ALL_WAITING, postgresql_where=ALL_WAITING),
)

# The next delivery of each chat that has some to go: what a claim looks at, be there a million that wait. The index is
# in the order in which they are claimed, read from either end.
heads = Table(
    "heads",
    metadata,
    _ref("chat_id", "chats", primary_key=True, autoincrement=False),
    _ref("delivery_id", "deliveries", index=True),
    _tag("platform"),
    Column("private", Boolean, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Index(None, "platform", "due_at", "private", "chat_id"),
)

# What was agreed with the WebSub hubs of feeds. `token` names the feed in the callback's address, `secret` signs what
# the hub sends, `due` is when to speak to the hub again.
pushes = Table(
    "pushes",
    metadata,
    _ref("feed_id", "feeds", primary_key=True, autoincrement=False),
    Column("hub", CleanText, nullable=False),
    Column("topic", CleanText, nullable=False),
    Column("token", String(32), nullable=False, unique=True),
    Column("secret", String(64), nullable=False),
    _tag("state"),
    Column("due", UtcTime, nullable=False, index=True),
    Column("expires", UtcTime),
    _count("failures"),
    _words("reason"),
)

# What the language model was asked and answered on a day (UTC), in tokens and in millionths of the unit of money. One
# row for all replicas: each call is added to it before it is made, and put right after it.
spendings = Table(
    "spendings",
    metadata,
    Column("day", Date, primary_key=True),
    Column("tokens", BigInteger, nullable=False),
    Column("money", BigInteger, nullable=False),
)

# Which replica does what only one may do at a time, and until when, by the database's clock.
posts = Table(
    "posts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(32), nullable=False),
    Column("until", UtcTime, nullable=False),
)

# Lists of keywords and feeds that go by a link.
shares = Table(
    "shares",
    metadata,
    Column("token", String(32), primary_key=True),
    _ref("chat_id", "chats", index=True),
    Column("content", Choices, nullable=False),
    Column("created", UtcTime, nullable=False),
)

# What the bot's owners had to say to all chats.
broadcasts = Table(
    "broadcasts",
    metadata,
    _id(),
    Column("text", CleanText, nullable=False),
    _tag("state"),
    _words("author"),
    Column("created", UtcTime, nullable=False),
)
