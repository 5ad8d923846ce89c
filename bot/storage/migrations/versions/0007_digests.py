"""Alerts that are too old to be news are sent as one message: which delivery brings them, and which items came late."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

THERE = sa.text("digest IS NOT NULL")


def upgrade() -> None:
    op.add_column("items", sa.Column("late", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("deliveries", sa.Column("digest", sa.BigInteger))
    op.create_index("deliveries_digest_idx", "deliveries", ["digest"], sqlite_where=THERE, postgresql_where=THERE)


def downgrade() -> None:
    # What waits in a digest is sent by itself again; `folded` would mean nothing.
    op.execute("UPDATE deliveries SET state = 'due' WHERE state = 'folded'")
    op.drop_index("deliveries_digest_idx", "deliveries")
    op.drop_column("deliveries", "digest")
    op.drop_column("items", "late")
