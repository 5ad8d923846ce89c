"""Argos packages on disk: what is in one, and which are installed.

A package is a folder with `metadata.json` (from_code, to_code, package_version, maybe target_prefix), a SentencePiece
model and `model/`, a CTranslate2 model. In the models folder each stands under its pair of codes, such as `en-zt`,
with `installed.json`, a record of where it came from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.briefs.translation.codes import Pair
from bot.errors import DitingError
from bot.text.html import clean_text

METADATA, PIECES, MODEL, RECORD = "metadata.json", "sentencepiece.model", "model", "installed.json"
_BPE = "bpe.model"
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_PAIR = re.compile(rf"({_CODE.pattern})[-_]({_CODE.pattern})")
_MOST_SHOWN = 200  # characters
_MOST_METADATA = 1_000_000  # bytes


class PackageError(DitingError):
    """A package that can't be got, installed, read or loaded; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package in its folder. `prefix` is the token that its translations begin with, mostly none."""

    folder: Path
    pair: Pair
    version: str = ""
    prefix: str = ""

    @property
    def name(self) -> str:
        """The pair as people write it: `en-zt`."""
        return pair_name(self.pair)


def pair_name(pair: Pair) -> str:
    """A pair as people write it, and as its folder is called."""
    return "-".join(pair)


def printable(value: object) -> str:
    """A value that somebody else wrote, short and without what steers a terminal."""
    return clean_text(str(value))[:_MOST_SHOWN]


def read_pair(name: str) -> Pair:
    """A pair of codes as written on the command line: en-zt, en_zt. Raises PackageError."""
    found = _PAIR.fullmatch(name.strip())
    if not found:
        raise PackageError(f"{name}: no pair of languages; write en-zt, zt-en, en-zh or zh-en")
    return found[1], found[2]


def read_package(folder: Path) -> Package:
    """The package in a folder. Raises PackageError when it is none, or of a kind that is not supported."""
    metadata = _read_json(folder / METADATA)
    kind = metadata.get("type") or "translate"
    if kind != "translate":
        raise PackageError(f"{folder.name}: a package for {printable(kind)}, not for translation")
    pair = (metadata.get("from_code"), metadata.get("to_code"))
    if not all(isinstance(code, str) and _CODE.fullmatch(code) for code in pair):
        raise PackageError(f"{folder.name}: {METADATA} names no from_code and to_code")
    _check_files(folder)
    return Package(
        folder=folder,
        pair=(str(pair[0]), str(pair[1])),
        version=printable(metadata.get("package_version") or ""),
        prefix=str(metadata.get("target_prefix") or ""),
    )


def _check_files(folder: Path) -> None:
    if not (folder / PIECES).is_file():
        if (folder / _BPE).is_file():
            raise PackageError(
                f"{folder.name}: its words are cut by {_BPE}, which is not supported;"
                f" take a version of the package that has {PIECES}"
            )
        raise PackageError(f"{folder.name}: {PIECES} is missing")
    if not (folder / MODEL / "model.bin").is_file():
        raise PackageError(f"{folder.name}: {MODEL}/model.bin is missing")


def read_installed(models: Path) -> tuple[list[Package], list[PackageError]]:
    """The packages of the models folder, by name, and what is wrong with those that can't be used."""
    packages, troubles = list[Package](), list[PackageError]()
    try:
        folders = sorted(one for one in models.iterdir() if one.is_dir() and not one.name.startswith("."))
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [PackageError(f"{models}: {error.strerror or error}")]
    for folder in folders:
        try:
            packages.append(read_package(folder))
        except PackageError as trouble:
            troubles.append(trouble)
    return packages, troubles


def read_record(package: Package) -> Mapping[str, Any]:
    """Where an installed package came from: source, sha256, bytes, installed; empty when there is no record."""
    try:
        return _read_json(package.folder / RECORD)
    except PackageError:
        return {}


@contextmanager
def writing_to(models: Path) -> Iterator[None]:
    """Tells what to do when a folder can't be written to. Raises PackageError for OSError."""
    try:
        yield
    except OSError as error:
        detail = error.strerror or str(error)
        raise PackageError(
            f"{models}: {detail}; MODELS_DIR must be a folder that can be written to, with room in it"
        ) from None


def _read_json(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            fields = json.loads(file.read(_MOST_METADATA))
    except FileNotFoundError:
        raise PackageError(f"{path.parent.name}: no Argos package ({path.name} is missing)") from None
    except OSError as error:
        raise PackageError(f"{path}: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise PackageError(f"{path.parent.name}: {path.name} can't be read") from None
    if not isinstance(fields, dict):
        raise PackageError(f"{path.parent.name}: {path.name} is no JSON object")
    return fields
