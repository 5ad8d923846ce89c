"""A language made up by machine, in which every text that did not pass the catalogues shows.

It stands in Russian's place, for its three plurals. Its sentences have full-width letters (Ｏｐｅｎ), and what Babel
writes is Cyrillic: so a Latin letter in a message is data, a command line, or a fault.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter, ascii_letters

import pytest
from babel.messages.pofile import write_po

from bot.chat import catalogue
from bot.chat.messages import extract
from bot.model import Locale, Message, Style

TAG = "ru"
PSEUDO = Locale(TAG)
_WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in ascii_letters}
_NARROW = {wide: narrow for narrow, wide in _WIDE.items()}
# Names of platforms and formats, zones and addresses are the same in all languages.
_EVERYWHERE = re.compile(r"https?://\S+|\b(?:Telegram|Discord|UTC|OPML|HTTP|RSSHub|RSSHUB_URL|[A-Z]\w+/[A-Z]\w+)\b")
_COMMANDS = re.compile(r"/[a-z]+\b")
_LATIN = re.compile(r"[A-Za-z]{2,}")


def wide(text: str) -> str:
    """A sentence in the made-up language; its fields stay."""
    parts = []
    for literal, name, _, _ in Formatter().parse(text):
        parts.append(literal.translate(_WIDE).replace("{", "{{").replace("}", "}}"))
        parts.append("" if name is None else f"{{{name}}}")
    return "".join(parts)


def narrow(text: str) -> str:
    """The English of a text in the made-up language."""
    return text.translate(_NARROW)


def write_catalogue(locales: Path) -> Path:
    """Put the language into a folder of catalogues, as its file alone."""
    path = locales / f"{TAG}.po"
    path.write_bytes(_entries())
    return path


@cache
def _entries() -> bytes:
    catalog = extract()
    catalog.locale = TAG  # which tells how many plurals there are
    for message in catalog:
        if message.id:
            one, *many = message.id if isinstance(message.id, tuple | list) else (message.id,)
            message.string = tuple(wide(many[0]) for _ in range(3)) if many else wide(one)
    out = BytesIO()
    write_po(out, catalog, width=0, no_location=True, omit_header=True)
    return out.getvalue()


def speak_pseudo(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Locale]:
    """Have the language spoken in this process; the body of a fixture."""
    locales = Path(shutil.copytree(catalogue.LOCALES, folder / "locales"))
    write_catalogue(locales)
    monkeypatch.setattr(catalogue, "LOCALES", locales)
    _forget()
    yield PSEUDO
    _forget()


def _forget() -> None:
    catalogue.catalogue_for.cache_clear()
    catalogue.interface_locales.cache_clear()


def bypassing(message: Message, *data: str) -> list[str]:
    """The runs of letters of a message that passed no catalogue. `data`: texts in it that are people's or feeds'."""
    return [word for text in _texts(message) for word in _LATIN.findall(_spoken(text, data))]


def _texts(message: Message) -> Iterator[str]:
    for block in message.blocks:
        yield "".join("" if span.style is Style.CODE else span.text for span in block.spans)
    for row in message.buttons:
        for button in row:
            yield button.label
            yield button.ask


def _spoken(text: str, data: tuple[str, ...]) -> str:
    for each in sorted(data, key=len, reverse=True):
        text = text.replace(each, "")
    return _COMMANDS.sub("", _EVERYWHERE.sub("", text))
