"""Installs packages into the models folder and removes them, each at one stroke."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bot.briefs.translation.archive import unpack
from bot.briefs.translation.codes import Pair
from bot.briefs.translation.packages import RECORD, Package, PackageError, pair_name, read_package, writing_to


def install(
    archive: Path, models: Path, *, pair: Pair, source: str, now: datetime, try_out: Callable[[Package], None]
) -> Package:
    """Install an .argosmodel file for a pair, in place of what was there. `source` is told in the record.

    `try_out` gets the unpacked package before it is put in place, and may raise PackageError.
    Raises PackageError; what was installed before then stays as it is.
    """
    with writing_to(models):
        models.mkdir(parents=True, exist_ok=True)
        # Beside its place and not in /tmp: a rename works within one file system, and /tmp may be small.
        with tempfile.TemporaryDirectory(prefix=".new-", dir=models) as made:
            fresh = Path(made) / pair_name(pair)
            unpack(archive, fresh)
            package = read_package(fresh)
            if package.pair != pair:
                raise PackageError(f"{archive.name}: translates {package.name}, not {pair_name(pair)}")
            try_out(package)
            _record(archive, fresh, source, now)
            _put(fresh, models / pair_name(pair), aside=Path(made) / "before")
    return read_package(models / pair_name(pair))


def remove(models: Path, pair: Pair) -> None:
    """Remove a package. Raises PackageError when it is not there."""
    place = models / pair_name(pair)
    with writing_to(models):
        if not place.is_dir():
            raise PackageError(f"{pair_name(pair)}: not installed in {models}")
        with tempfile.TemporaryDirectory(prefix=".old-", dir=models) as aside:
            place.rename(Path(aside) / place.name)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, as hex digits. Raises PackageError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise PackageError(f"{path}: {error.strerror or error}") from None


def _record(archive: Path, folder: Path, source: str, now: datetime) -> None:
    record = {
        "source": source,
        "sha256": sha256_of(archive),
        "bytes": archive.stat().st_size,
        "installed": now.isoformat(timespec="seconds"),
    }
    (folder / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _put(fresh: Path, place: Path, *, aside: Path) -> None:
    """Two renames: folders can't be exchanged in one everywhere."""
    with suppress(FileNotFoundError):
        place.rename(aside)
    try:
        fresh.rename(place)
    except OSError:
        with suppress(OSError):
            aside.rename(place)
        raise


def folder_size(folder: Path) -> int:
    """The bytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def clear_leftovers(models: Path) -> None:
    """Remove what installations that were cut off have left."""
    for prefix in (".new-", ".old-"):
        for folder in models.glob(f"{prefix}*"):
            shutil.rmtree(folder, ignore_errors=True)
