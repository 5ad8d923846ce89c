"""Indexes for people who look back: the languages that there are, and PostgreSQL's answer without the rows. That takes
minutes for a million items."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("items_language_idx", "items", ["language"])
    if op.get_bind().dialect.name == "sqlite":
        return  # it has the numbers of rows in every index
    # The items' numbers without the last bits: what is common is asked for part by part, the newest first.
    _words("words", "(ARRAY[item_id >> 14])")
    _seen(" INCLUDE (id)")
    # Rows are looked up beside an index until a vacuum was there, which by default waits for a fifth of them to be new.
    op.execute("ALTER TABLE items SET (autovacuum_vacuum_insert_scale_factor = 0.02)")


def downgrade() -> None:
    op.drop_index("items_language_idx", "items")
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("ALTER TABLE items RESET (autovacuum_vacuum_insert_scale_factor)")
    _seen("")
    _words("words")


def _words(*columns: str) -> None:
    op.execute("DROP INDEX item_words_words_idx")
    # A short pending list, as before: what is in it is looked through by every search.
    op.execute(
        f"CREATE INDEX item_words_words_idx ON item_words USING gin ({', '.join(columns)})"
        " WITH (gin_pending_list_limit = 256)"
    )


def _seen(more: str) -> None:
    op.execute("DROP INDEX items_feed_id_seen_idx")
    op.execute(f"CREATE INDEX items_feed_id_seen_idx ON items (feed_id, seen){more}")
