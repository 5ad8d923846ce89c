"""The feeds that Diting knows by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files

from bot.model import CatalogueEntry
from bot.text.fold import fold

_WORD = re.compile(r"\w+")


def load_catalogue() -> tuple[CatalogueEntry, ...]:
    """The catalogue that comes with the program, in its own order."""
    text = files("bot.feeds").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return tuple(
        CatalogueEntry(**row, topic=topic, topic_names=tuple(listed["names"]))
        for topic, listed in tomllib.loads(text).items()
        for row in listed["feeds"]
    )


def look_up(catalogue: Sequence[CatalogueEntry], text: str) -> list[CatalogueEntry]:
    """The entries that a text means: one by its name or title, all of a topic, else those with all of its words.

    Case, width and the choice of Chinese characters make no difference. Words may be begun only (`bloom mark`);
    Chinese ones stand anywhere in a title.
    """
    wanted = " ".join(fold(text).split())
    exact = [entry for entry in catalogue if wanted in {fold(entry.name), fold(entry.title)}]
    topic = [entry for entry in catalogue if wanted in {fold(entry.topic), *map(fold, entry.topic_names)}]
    words = _WORD.findall(wanted)
    return exact or topic or [entry for entry in catalogue if words and _has_all(entry, words)]


def _has_all(entry: CatalogueEntry, words: Sequence[str]) -> bool:
    title = fold(entry.title)
    own = _WORD.findall(f"{fold(entry.name)} {title}")
    return all(any(name.startswith(word) for name in own) or (not word.isascii() and word in title) for word in words)
