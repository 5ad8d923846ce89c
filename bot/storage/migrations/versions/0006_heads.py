"""The next delivery of each chat that has some to go, so that a claim need not look at all that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FILL = """
    INSERT INTO heads (chat_id, delivery_id, platform, private, due_at)
    SELECT deliveries.chat_id, deliveries.id, chats.platform, chats.kind = 'private', deliveries.due_at
    FROM deliveries JOIN chats ON chats.id = deliveries.chat_id
    WHERE deliveries.id IN (SELECT min(id) FROM deliveries WHERE state = 'due' GROUP BY chat_id)
"""


def upgrade() -> None:
    op.create_table(
        "heads",
        sa.Column("chat_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("delivery_id", BIG_ID, nullable=False),
        sa.Column("platform", sa.String(32), nullable=False, server_default=""),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="heads_pkey"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="heads_chat_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="heads_delivery_id_fkey", ondelete="CASCADE"),
    )
    op.create_index("heads_delivery_id_idx", "heads", ["delivery_id"])
    op.create_index("heads_platform_due_at_private_chat_id_idx", "heads", ["platform", "due_at", "private", "chat_id"])
    op.execute(FILL)


def downgrade() -> None:
    op.drop_table("heads")
