"""The characters that OpenCC's s2t alters: `python -m tests.support.altered` writes bot/text/altered.tsv.

OpenCC tells of its dictionaries only by a program that comes with its package.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import opencc

import bot.text

FILE = Path(bot.text.__file__).with_name("altered.tsv")
HEADING = """\
# Characters that OpenCC's s2t alters wherever they stand, and those that it alters in some phrases and not in others.
# Made by `python -m tests.support.altered`.
"""
_LIBRARY = Path(opencc.__file__).parent / "clib"
PROGRAM = _LIBRARY / "bin" / "opencc_dict"
_PHRASES = ("STPhrases", "STPhrases_GeneratedFromRegionalPhrases")


def altered() -> tuple[str, str]:
    """Those that are always altered, and those that are sometimes."""
    compatible, characters = dict(_entries("CJK_Compatibility_Ideographs")), dict(_entries("STCharacters"))
    phrases = [pair for name in _PHRASES for pair in _entries(name)]
    for before, after in (*compatible.items(), *characters.items(), *phrases):
        assert len(before) == len(after), f"{before} → {after}: to count what is altered takes more than counting"
    placed = [pair for before, after in phrases for pair in zip(before, after, strict=True)]
    changed = {one for one, other in (*characters.items(), *placed) if one != other}
    left = {one for one, other in placed if one == other} | {one for one in changed if characters.get(one, one) == one}
    return "".join(sorted(changed - left | compatible.keys())), "".join(sorted(changed & left))


def _entries(name: str) -> Iterator[tuple[str, str]]:
    """Each entry of a dictionary with what is taken for it, the first of several."""
    source = _LIBRARY / "share" / "opencc" / f"{name}.ocd2"
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "dictionary.txt"
        subprocess.run([PROGRAM, "-i", source, "-f", "ocd2", "-o", text, "-t", "text"], check=True, capture_output=True)
        for line in text.read_text(encoding="utf-8").splitlines():
            before, tab, after = line.partition("\t")
            if tab:
                yield before, after.split(" ")[0]


if __name__ == "__main__":
    FILE.write_text(HEADING + "".join(f"{characters}\n" for characters in altered()), encoding="utf-8")
