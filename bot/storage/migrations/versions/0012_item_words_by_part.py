"""PostgreSQL's index of words has the items' numbers too, without the last bits: what is common is asked for part by
part, the newest first. It is made anew, which takes minutes where there are a million items."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        _index("words", "(ARRAY[item_id >> 14])")


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        _index("words")


def _index(*columns: str) -> None:
    op.execute("DROP INDEX item_words_words_idx")
    # A short pending list, as before: what is in it is looked through by every search.
    op.execute(
        f"CREATE INDEX item_words_words_idx ON item_words USING gin ({', '.join(columns)})"
        " WITH (gin_pending_list_limit = 256)"
    )
