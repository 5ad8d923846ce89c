"""Files that come with a command and go with an answer: how large, what kind, and those of the terminal's own disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.model import Request

MAX_FILE = 1_000_000
"""Bytes of the largest file that is taken; a list of a thousand feeds has a quarter of that."""

_LISTS = (".opml", ".xml", ".json")


def is_list(name: str) -> bool:
    """Whether a file's name is that of a list of feeds, or of all that a chat has."""
    return name.casefold().endswith(_LISTS)


def with_local_file(request: Request, path: str) -> Request:
    """The request with a file of this machine, for the person at its terminal."""
    place = Path(path).expanduser()
    try:
        size = place.stat().st_size
        content = place.read_bytes() if size <= MAX_FILE else b""
    except (OSError, ValueError, RuntimeError):
        return replace(request, file_name=place.name or path)
    return replace(request, file=content, file_name=place.name, file_size=size)


def save_beside(name: str, content: bytes) -> Path:
    """Write a file into the current folder, under a new name where there is one of that name. Raises OSError."""
    path, number = Path(name), 1
    while True:
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            number += 1
            path = Path(name).with_stem(f"{Path(name).stem}-{number}")
        else:
            return path
