"""Downloads large files, and goes on where a connection broke (RFC 9110, section 14: Range and If-Range)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import IO

import aiohttp

from bot.briefs.translation.packages import PackageError, printable, writing_to

MOST_BYTES = 2_000_000_000  # the packages of today have up to 300 million
ATTEMPTS = 5
PAUSE = timedelta(seconds=2)
_CHUNK = 1 << 18
_WAIT = aiohttp.ClientTimeout(total=None, sock_connect=20, sock_read=60)
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")

Show = Callable[[int, int], None]
"""Shows progress: the bytes that are there, and those there will be (0: unknown)."""


class _BrokenOff(Exception):
    """The connection ended before the file did; another try may go on from there."""


class _NotThere(Exception):
    """This address won't give the file."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """What half a file is half of. `validator` is a strong ETag, or else Last-Modified."""

    url: str = ""
    validator: str = ""
    total: int = 0


class Download:
    """Gets files into a folder. What is half there stays there, for another try to go on with."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        folder: Path,
        *,
        attempts: int = ATTEMPTS,
        pause: timedelta = PAUSE,
        most: int = MOST_BYTES,
    ) -> None:
        self._session = session
        self._folder = folder
        self._attempts = attempts
        self._pause = pause.total_seconds()
        self._most = most

    async def get(self, links: Sequence[str], name: str, show: Show) -> Path:
        """The file, whole, from the first of the links that has it. Raises PackageError."""
        with writing_to(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            return await self._from_any(links, name, show)

    async def _from_any(self, links: Sequence[str], name: str, show: Show) -> Path:
        part = self._folder / f"{name}.part"
        reasons = []
        for link in links:
            try:
                await self._persist(link, part, show)
                _mark_path(part).unlink(missing_ok=True)
                return part.rename(self._folder / name)
            except (_NotThere, _BrokenOff) as trouble:
                reasons.append(f"{printable(link)}: {trouble}")
        again = "run the command again to go on from there" if part.exists() else "check the network, or use --from"
        raise PackageError(f"{name} could not be downloaded: {'; '.join(reasons)}; {again}")

    async def _persist(self, url: str, part: Path, show: Show) -> None:
        for attempt in range(1, self._attempts + 1):
            try:
                return await self._go_on(url, part, show)
            except _BrokenOff:
                if attempt == self._attempts:
                    raise
            except (aiohttp.ClientError, TimeoutError) as error:
                if attempt == self._attempts:
                    raise _BrokenOff(_word(error)) from None
            await asyncio.sleep(self._pause * (attempt - 1))  # at once at first: most breaks are over by then
        return None

    async def _go_on(self, url: str, part: Path, show: Show) -> None:
        """Get the rest of the file, or all of it where there is no part of it, or of another version."""
        mark = _read_mark(part)
        there = _size(part) if mark.url == url and mark.validator else 0
        if there and there == mark.total:
            return
        headers = {"Accept-Encoding": "identity"}  # so that bytes are counted alike on both sides
        if there:
            headers |= {"Range": f"bytes={there}-", "If-Range": mark.validator}
        async with self._session.get(url, headers=headers, timeout=_WAIT) as response:
            if url.startswith("https:") and response.url.scheme != "https":
                raise _NotThere("leads to an address without encryption")
            start, total = self._begin(response, part, there)
            if not start:
                _write_mark(part, _Mark(url, _validator(response), total))
            await self._append(response, part, start, total, show)

    def _begin(self, response: aiohttp.ClientResponse, part: Path, there: int) -> tuple[int, int]:
        """Where the body begins in the file, and how long that is. Anything odd makes the next try start over."""
        if response.status == HTTPStatus.OK:
            start, total = 0, response.content_length or 0
        elif response.status == HTTPStatus.PARTIAL_CONTENT and there:
            found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
            start, total = (int(found[1]), int(found[3])) if found else (-1, 0)
        elif response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and there:
            start, total = -1, 0
        elif response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _BrokenOff(f"HTTP {response.status}")
        else:
            raise _NotThere(f"HTTP {response.status}")
        if start not in (0, there):
            _discard(part)
            raise _BrokenOff("another part than was asked for")
        if total > self._most:
            raise _NotThere(f"larger than {self._most:,} bytes")
        return start, total

    async def _append(self, response: aiohttp.ClientResponse, part: Path, start: int, total: int, show: Show) -> None:
        there = start
        with _open(part, start) as file:
            show(there, total)
            async for chunk in response.content.iter_chunked(_CHUNK):
                there += len(chunk)
                if there > self._most:
                    _discard(part)
                    raise _NotThere(f"larger than {self._most:,} bytes")
                file.write(chunk)
                show(there, total)
        if total and there != total:
            raise _BrokenOff(f"{there:,} of {total:,} bytes came")


def _open(part: Path, start: int) -> IO[bytes]:
    return part.open("ab" if start else "wb")


def _validator(response: aiohttp.ClientResponse) -> str:
    """What tells that the file is still the same: a weak ETag does not, byte for byte."""
    etag = response.headers.get("ETag", "")
    return etag if etag.startswith('"') else response.headers.get("Last-Modified", "")


def _mark_path(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _read_mark(part: Path) -> _Mark:
    try:
        fields = json.loads(_mark_path(part).read_text(encoding="utf-8"))
        return _Mark(str(fields["url"]), str(fields["validator"]), int(fields["total"]))
    except (OSError, ValueError, KeyError, TypeError):
        return _Mark()


def _write_mark(part: Path, mark: _Mark) -> None:
    _mark_path(part).write_text(json.dumps(asdict(mark)), encoding="utf-8")


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _discard(part: Path) -> None:
    for path in (part, _mark_path(part)):
        path.unlink(missing_ok=True)


def _word(error: BaseException) -> str:
    return "timeout" if isinstance(error, TimeoutError) else type(error).__name__
