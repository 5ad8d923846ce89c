"""What the language model was asked and answered on a day, for the budget that all replicas share."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spendings",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("tokens", sa.BigInteger, nullable=False),
        sa.Column("money", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("day", name="spendings_pkey"),
    )


def downgrade() -> None:
    op.drop_table("spendings")
