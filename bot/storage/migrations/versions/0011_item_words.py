"""The index of the words of items, for who searches them. Items that are there are filed later, beside the work."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Words are folded and parted by blanks already; no places of them are kept, and no second copy of the text.
FTS = "CREATE VIRTUAL TABLE item_words USING fts5 (words, content = '', detail = none, tokenize = 'ascii')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(FTS)
        return
    # Without a foreign key, as in SQLite.
    op.create_table(
        "item_words",
        sa.Column("item_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("words", postgresql.TSVECTOR, nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="item_words_pkey"),
    )
    # A short pending list: what is in it is looked through by every search.
    op.create_index(
        "item_words_words_idx",
        "item_words",
        ["words"],
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 256},
    )


def downgrade() -> None:
    op.drop_table("item_words")
