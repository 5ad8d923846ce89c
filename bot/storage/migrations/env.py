"""Alembic's entry: runs the migrations on the connection it is handed, within that connection's transaction."""

from alembic import context

from bot.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite undoes CREATE and ALTER as well as PostgreSQL does; Alembic does not count on it unasked.
    transactional_ddl=True,
    # SQLite can't alter most of a table: Alembic copies it instead.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
