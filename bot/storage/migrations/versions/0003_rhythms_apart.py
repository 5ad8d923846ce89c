"""Rhythms have a table of their own, in binary: rows of feeds, which every poll writes, are a third as long."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # What was learned before is not carried over: it is in a form that is no longer read, and is learned anew in days.
    op.create_table(
        "rhythms",
        sa.Column("feed_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("learned", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("feed_id", name="rhythms_pkey"),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="rhythms_feed_id_fkey", ondelete="CASCADE"),
    )
    op.drop_column("feeds", "rhythm")


def downgrade() -> None:
    op.add_column("feeds", sa.Column("rhythm", sa.Text, nullable=False, server_default=""))
    op.drop_table("rhythms")
