"""Stands between the bot and PostgreSQL, and can be a cable that is pulled: nothing passes, nothing is closed."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from pathlib import Path
from typing import Self

from sqlalchemy import make_url


class DatabaseProxy:
    """Passes bytes on to the server at `url`, by a socket of its own, until it is told to `pull` the cable."""

    def __init__(self, url: str) -> None:
        self._target = make_url(url)
        self._folder = tempfile.TemporaryDirectory(prefix="diting-proxy-")
        self._passing = asyncio.Event()
        self._passing.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The address to give to the bot."""
        query = {"host": self._folder.name}
        return self._target.set(query=query).render_as_string(hide_password=False)

    def pull(self) -> None:
        """Let nothing pass any more."""
        self._passing.clear()

    def mend(self) -> None:
        """Let everything pass again."""
        self._passing.set()

    async def __aenter__(self) -> Self:
        port = self._target.port or 5432
        path = Path(self._folder.name) / f".s.PGSQL.{port}"
        self._server = await asyncio.start_unix_server(self._serve, path)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._folder.cleanup()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._connect(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._passing.wait()
        there = Path(str(self._target.query["host"])) / f".s.PGSQL.{self._target.port or 5432}"
        server_reader, server_writer = await asyncio.open_unix_connection(there)
        try:
            await asyncio.gather(self._pass(reader, server_writer), self._pass(server_reader, writer))
        finally:
            for one in (writer, server_writer):
                one.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                await self._passing.wait()
                writer.write(data)
                await writer.drain()
            writer.write_eof()
