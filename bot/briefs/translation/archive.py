"""Unpacks an .argosmodel file, a zip archive from elsewhere, into a folder: only what translating needs."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from bot.briefs.translation.packages import METADATA, MODEL, PIECES, PackageError

MOST_UNPACKED = 3_000_000_000  # bytes; the packages of today have up to 300 million
MOST_FILES = 1_000  # with the sentence splitter that most packages bring and nobody here needs
_CHUNK = 1 << 20
_WANTED = frozenset((METADATA, PIECES, "bpe.model", "README.md"))


def unpack(archive: Path, into: Path, *, most_bytes: int = MOST_UNPACKED, most_files: int = MOST_FILES) -> None:
    """Unpack the one package of an archive, so that its `metadata.json` is in `into`. Every file's CRC is checked.

    Raises PackageError when it is damaged, no package, too large, or has names that lead out of the folder.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            _check(archive, entries, most_bytes, most_files)
            root = _root(archive, entries)
            for entry in entries:
                path = PurePosixPath(entry.filename)
                if not entry.is_dir() and path.is_relative_to(root) and _is_wanted(path.relative_to(root)):
                    _write(opened, entry, into / path.relative_to(root))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        # RuntimeError: an encrypted entry.
        raise PackageError(f"{archive.name}: damaged, or no .argosmodel file ({error}); get it again") from None
    except OSError as error:
        raise PackageError(f"{archive.name}: can't be unpacked ({error.strerror or error})") from None


def _check(archive: Path, entries: Sequence[zipfile.ZipInfo], most_bytes: int, most_files: int) -> None:
    if len(entries) > most_files:
        raise PackageError(f"{archive.name}: {len(entries)} files in it, at most {most_files} are unpacked")
    if sum(entry.file_size for entry in entries) > most_bytes:
        raise PackageError(f"{archive.name}: more than {most_bytes:,} bytes unpacked")
    for entry in entries:
        path = PurePosixPath(entry.filename)
        linked = stat.S_ISLNK(entry.external_attr >> 16)
        if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename or linked:
            raise PackageError(f"{archive.name}: a file in it would be written elsewhere; do not trust it")


def _root(archive: Path, entries: Sequence[zipfile.ZipInfo]) -> PurePosixPath:
    """The folder of the package: mostly named like the file, sometimes the archive itself."""
    found = [path for entry in entries if (path := PurePosixPath(entry.filename)).name == METADATA]
    if not found:
        raise PackageError(f"{archive.name}: no Argos package ({METADATA} is missing)")
    return min(found, key=lambda path: len(path.parts)).parent


def _is_wanted(path: PurePosixPath) -> bool:
    return str(path) in _WANTED or path.parts[0] == MODEL


def _write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    """One file. The module gives no more bytes than the entry declares, so a bomb is found by its sizes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(entry) as source, path.open("wb") as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)
