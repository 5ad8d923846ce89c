"""Feeds learn their rhythm and tell of their hub; chats are told of feeds that died; leases at WebSub hubs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Not as a batch: SQLite would drop the table of feeds on the way, and with it all that hangs on them.
    for name in ("rhythm", "hints", "hub", "topic"):
        op.add_column("feeds", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("feeds", sa.Column("dead", sa.Boolean, nullable=False, server_default=sa.false()))
    op.drop_column("feeds", "interval")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.alter_column("item_id", existing_type=BIG_ID, nullable=True)
        deliveries.add_column(sa.Column("notice", sa.Text))
    op.create_table(
        "pushes",
        sa.Column("feed_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("hub", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("state", sa.String(32), nullable=False, server_default=""),
        sa.Column("due", TIME, nullable=False),
        sa.Column("expires", TIME),
        sa.Column("failures", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("feed_id", name="pushes_pkey"),
        sa.UniqueConstraint("token", name="pushes_token_key"),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="pushes_feed_id_fkey", ondelete="CASCADE"),
    )
    op.create_index("pushes_due_idx", "pushes", ["due"])


def downgrade() -> None:
    op.drop_table("pushes")
    op.execute("DELETE FROM deliveries WHERE item_id IS NULL")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_column("notice")
        deliveries.alter_column("item_id", existing_type=BIG_ID, nullable=False)
    op.add_column("feeds", sa.Column("interval", sa.Float(53)))
    for name in ("dead", "topic", "hub", "hints", "rhythm"):
        op.drop_column("feeds", name)
