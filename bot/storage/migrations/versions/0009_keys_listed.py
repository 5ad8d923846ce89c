"""When a key was last seen in its feed, so that the keys of what no feed lists any more can go."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("item_keys", sa.Column("listed", sa.Date))
    # Nobody knows of the old ones: they are given the longest that new ones have.
    keys = sa.table("item_keys", sa.column("listed", sa.Date))
    op.execute(keys.update().values(listed=datetime.now(UTC).date()))


def downgrade() -> None:
    with op.batch_alter_table("item_keys", table_kwargs={"sqlite_with_rowid": False}) as table:
        table.drop_column("listed")
