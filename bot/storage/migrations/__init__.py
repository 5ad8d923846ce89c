"""The Alembic migrations: the way of the tables from revision to revision."""
