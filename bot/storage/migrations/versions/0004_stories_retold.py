"""Further reports of a story keep a delivery; messages that stand for them are edited; why items are of one story."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PARTIAL = ("told_by", "edit_at")


def upgrade() -> None:
    op.add_column("chats", sa.Column("reports", sa.String(16), nullable=False, server_default="fold"))
    op.create_table(
        "likenesses",
        sa.Column("item_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("story_id", BIG_ID, nullable=False),
        sa.Column("like_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False, server_default=""),
        sa.Column("score", sa.Float(53), nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("new", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="likenesses_pkey"),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="likenesses_item_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="likenesses_story_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["like_id"], ["items.id"], name="likenesses_like_id_fkey", ondelete="CASCADE"),
    )
    for name in ("story_id", "like_id"):
        op.create_index(f"likenesses_{name}_idx", "likenesses", [name])
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.add_column(sa.Column("told_by", BIG_ID))
        deliveries.add_column(sa.Column("joined", sa.Integer, nullable=False, server_default=sa.text("0")))
        deliveries.add_column(sa.Column("edit_at", sa.DateTime(timezone=True)))
        deliveries.create_foreign_key("deliveries_told_by_fkey", "deliveries", ["told_by"], ["id"], ondelete="SET NULL")
    for name in PARTIAL:
        where = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"deliveries_{name}_idx", "deliveries", [name], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.execute("DELETE FROM deliveries WHERE state = 'joined'")
    for name in PARTIAL:
        op.drop_index(f"deliveries_{name}_idx", "deliveries")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_constraint("deliveries_told_by_fkey", type_="foreignkey")
        for name in ("edit_at", "joined", "told_by"):
            deliveries.drop_column(name)
    op.drop_table("likenesses")
    op.drop_column("chats", "reports")
