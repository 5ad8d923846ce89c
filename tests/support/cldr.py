"""The names of countries and currencies by CLDR: `python -m tests.support.cldr` writes bot/stories/cldr.tsv."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from babel import Locale

import bot.stories
from bot.text.chinese import HAN

FILE = Path(bot.stories.__file__).with_name("cldr.tsv")
HEADING = """\
# Countries and currencies as CLDR calls them, in the form of names.tsv; made by `python -m tests.support.cldr`.
# See LICENSE.unicode.
"""


def names() -> Iterator[str]:
    """A line for each: the English name, and those in 简体 and 繁體."""
    english, *chinese = (dict(_entries(Locale.parse(tag))) for tag in ("en", "zh_Hans", "zh_Hant"))
    for code, concept in english.items():
        forms = (known.get(code, "") for known in chinese)
        yield f"{concept}\t{'|'.join(dict.fromkeys(form for form in forms if HAN.search(form)))}"


def _entries(locale: Locale) -> Iterable[tuple[str, str]]:
    """Countries by code, and currencies, which are common words; codes of digits are continents and the like."""
    countries = ((code, name) for code, name in locale.territories.items() if code.isalpha())
    return (*countries, *((code, name.lower()) for code, name in locale.currencies.items()))


if __name__ == "__main__":
    FILE.write_text(HEADING + "".join(f"{line}\n" for line in names()), encoding="utf-8")
