"""What the admin pages need: feeds that are paused, and the deliveries that failed or wait in the order they came."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ORDERS = (("failed", sa.text("state = 'failed'")), ("waiting", sa.text("state IN ('due', 'folded', 'held')")))


def upgrade() -> None:
    op.add_column("feeds", sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()))
    for name, those in ORDERS:
        op.create_index(f"deliveries_{name}_idx", "deliveries", ["id"], sqlite_where=those, postgresql_where=those)


def downgrade() -> None:
    for name, _ in ORDERS:
        op.drop_index(f"deliveries_{name}_idx", "deliveries")
    op.drop_column("feeds", "paused")
