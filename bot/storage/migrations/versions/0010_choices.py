"""What chats chose beyond languages, and what is kept for it: held alerts, muted stories, shared lists, broadcasts."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NO_CHOICES = "{}"
THERE = sa.text("broadcast_id IS NOT NULL")
HELD = sa.text("state = 'held'")
CHOOSING = ("chats", "keywords", "subscriptions")


def upgrade() -> None:
    for table in CHOOSING:
        op.add_column(table, sa.Column("choices", sa.Text, nullable=False, server_default=NO_CHOICES))
    # No foreign key: SQLite can't add one without writing the table anew.
    op.add_column("chats", sa.Column("managing", sa.BigInteger))
    op.add_column("chats", sa.Column("admitted", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("items", sa.Column("picture", sa.Text, nullable=False, server_default=""))
    op.add_column("told", sa.Column("muted", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("deliveries", sa.Column("held_by", sa.String(32), nullable=False, server_default=""))
    op.add_column("deliveries", sa.Column("broadcast_id", sa.BigInteger))
    op.create_index(
        "deliveries_broadcast_id_idx", "deliveries", ["broadcast_id"], sqlite_where=THERE, postgresql_where=THERE
    )
    op.create_index("deliveries_held_idx", "deliveries", ["due_at"], sqlite_where=HELD, postgresql_where=HELD)
    op.create_table(
        "shares",
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("chat_id", BIG_ID, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name="shares_pkey"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="shares_chat_id_fkey", ondelete="CASCADE"),
    )
    op.create_index("shares_chat_id_idx", "shares", ["chat_id"])
    op.create_table(
        "broadcasts",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("state", sa.String(32), nullable=False, server_default=""),
        sa.Column("author", sa.Text, nullable=False, server_default=""),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="broadcasts_pkey"),
    )


def downgrade() -> None:
    op.drop_table("broadcasts")
    op.drop_table("shares")
    op.execute("UPDATE deliveries SET state = 'failed', reason = 'downgraded' WHERE state = 'held'")
    op.drop_index("deliveries_held_idx", "deliveries")
    op.drop_index("deliveries_broadcast_id_idx", "deliveries")
    op.drop_column("deliveries", "broadcast_id")
    op.drop_column("deliveries", "held_by")
    with op.batch_alter_table("told", table_kwargs={"sqlite_with_rowid": False}) as told:
        told.drop_column("muted")
    op.drop_column("items", "picture")
    op.drop_column("chats", "admitted")
    op.drop_column("chats", "managing")
    for table in CHOOSING:
        op.drop_column(table, "choices")
