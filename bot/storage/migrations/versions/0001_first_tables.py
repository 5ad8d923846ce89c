"""The first tables: feeds and items, chats and what they asked for, stories, briefs and deliveries."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
DIGEST = sa.String(22)


def upgrade() -> None:
    create_feeds()
    create_items()
    create_chats()
    create_keywords()
    create_deliveries()


def downgrade() -> None:
    for table in (
        *("deliveries", "told", "keyword_revision", "keywords", "subscriptions", "chats"),
        *("briefs", "item_keys", "items", "stories", "feeds"),
    ):
        op.drop_table(table)


def words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def tag(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(32), nullable=False, server_default="")


def row_id() -> sa.Column[int]:
    return sa.Column("id", BIG_ID, nullable=False)


def ref(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, BIG_ID, nullable=nullable, autoincrement=False)


def time(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, TIME, nullable=nullable)


def flag(name: str, *, default: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.true() if default else sa.false())


def count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0"))


def foreign(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"{table}_{column}_fkey", ondelete=ondelete)


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"{table}_{'_'.join(columns)}_key")


def index(table: str, *columns: str) -> None:
    op.create_index(f"{table}_{'_'.join(columns)}_idx", table, columns)


def create_feeds() -> None:
    op.create_table(
        "feeds",
        row_id(),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("url_key", DIGEST, nullable=False),
        words("title"),
        words("site"),
        words("language"),
        words("etag"),
        words("last_modified"),
        words("body_hash"),
        time("created"),
        time("polled", nullable=True),
        time("next_poll"),
        sa.Column("interval", sa.Float(53)),
        count("failures"),
        words("error"),
        flag("gone"),
        time("last_item", nullable=True),
        tag("lease"),
        time("lease_until", nullable=True),
        sa.PrimaryKeyConstraint("id", name="feeds_pkey"),
        unique("feeds", "url_key"),
    )
    index("feeds", "next_poll")


def create_items() -> None:
    op.create_table("stories", row_id(), time("created"), sa.PrimaryKeyConstraint("id", name="stories_pkey"))
    index("stories", "created")
    op.create_table(
        "items",
        row_id(),
        ref("feed_id"),
        sa.Column("identity", DIGEST, nullable=False),
        words("guid"),
        words("url"),
        words("title"),
        words("text"),
        words("language"),
        time("published", nullable=True),
        sa.Column("authors", sa.Text, nullable=False),
        sa.Column("categories", sa.Text, nullable=False),
        time("seen"),
        tag("state"),
        ref("story_id", nullable=True),
        time("told", nullable=True),
        tag("lease"),
        time("lease_until", nullable=True),
        sa.PrimaryKeyConstraint("id", name="items_pkey"),
        unique("items", "feed_id", "identity"),
        foreign("items", "feed_id", "feeds"),
        foreign("items", "story_id", "stories", "SET NULL"),
    )
    for columns in (("feed_id", "seen"), ("seen",), ("state", "id"), ("story_id",), ("told",)):
        index("items", *columns)
    create_parts_of_items()


def create_parts_of_items() -> None:
    op.create_table(
        "item_keys",
        ref("feed_id"),
        sa.Column("key", DIGEST, nullable=False),
        ref("item_id", nullable=True),
        sa.PrimaryKeyConstraint("feed_id", "key", name="item_keys_pkey"),
        foreign("item_keys", "feed_id", "feeds"),
        foreign("item_keys", "item_id", "items", "SET NULL"),
        sqlite_with_rowid=False,
    )
    index("item_keys", "item_id")
    op.create_table(
        "briefs",
        ref("item_id"),
        words("title_zh"),
        words("title_en"),
        words("summary_zh"),
        words("summary_en"),
        tag("made_by"),
        flag("untranslated"),
        sa.PrimaryKeyConstraint("item_id", name="briefs_pkey"),
        foreign("briefs", "item_id", "items"),
    )


def create_chats() -> None:
    op.create_table(
        "chats",
        row_id(),
        tag("platform"),
        sa.Column("chat", sa.String(64), nullable=False),
        sa.Column("thread", sa.String(64), nullable=False, server_default=""),
        tag("kind"),
        words("title"),
        sa.Column("locale", sa.String(16)),
        sa.Column("hint", sa.String(16), nullable=False),
        sa.Column("languages", sa.Text, nullable=False),
        sa.Column("script", sa.String(16)),
        sa.Column("timezone", sa.String(64), nullable=False),
        tag("state"),
        words("reason"),
        time("created"),
        sa.PrimaryKeyConstraint("id", name="chats_pkey"),
        unique("chats", "platform", "chat", "thread"),
    )
    op.create_table(
        "subscriptions",
        row_id(),
        ref("chat_id"),
        ref("feed_id"),
        tag("mode"),
        time("created"),
        sa.PrimaryKeyConstraint("id", name="subscriptions_pkey"),
        unique("subscriptions", "chat_id", "feed_id"),
        foreign("subscriptions", "chat_id", "chats"),
        foreign("subscriptions", "feed_id", "feeds"),
    )
    index("subscriptions", "feed_id")


def create_keywords() -> None:
    op.create_table(
        "keywords",
        row_id(),
        ref("chat_id"),
        words("canonical"),
        sa.Column("canonical_key", DIGEST, nullable=False),
        words("query"),
        flag("live", default=True),
        time("created"),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="keywords_pkey"),
        unique("keywords", "chat_id", "canonical_key"),
        foreign("keywords", "chat_id", "chats"),
    )
    index("keywords", "canonical_key")
    index("keywords", "revision")
    counter = op.create_table(
        "keyword_revision",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="keyword_revision_pkey"),
    )
    op.bulk_insert(counter, [{"id": 1, "revision": 0}])


def create_deliveries() -> None:
    op.create_table(
        "told",
        ref("story_id"),
        ref("chat_id"),
        sa.PrimaryKeyConstraint("story_id", "chat_id", name="told_pkey"),
        foreign("told", "chat_id", "chats"),
        foreign("told", "story_id", "stories"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deliveries",
        row_id(),
        ref("chat_id"),
        ref("item_id"),
        tag("key"),
        sa.Column("why", sa.Text, nullable=False),
        tag("state"),
        count("attempts"),
        time("created"),
        time("due_at"),
        time("finished", nullable=True),
        words("message"),
        words("reason"),
        tag("lease"),
        time("lease_until", nullable=True),
        sa.PrimaryKeyConstraint("id", name="deliveries_pkey"),
        unique("deliveries", "item_id", "chat_id"),
        foreign("deliveries", "chat_id", "chats"),
        foreign("deliveries", "item_id", "items"),
    )
    index("deliveries", "state", "chat_id", "id")
