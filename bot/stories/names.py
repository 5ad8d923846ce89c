"""Names in texts of two languages: what is 基輔 in one and Kyiv in the other is one concept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from bot.text.chinese import HAN
from bot.text.fold import fold
from bot.text.stems import stem
from bot.text.tokens import Token, tokenize

_FILLERS = frozenset({"the", "of", "and"})  # People's Republic of China, the Hague
_SHORTEST = 2  # characters; a single one (美, 俄) is part of too many words


def phrase(text: str) -> tuple[str, ...]:
    """The stems of an English name, without its fillers."""
    words = (token.text for token in tokenize(text) if not token.cjk)
    return tuple(stem(word, "en") for word in words if word not in _FILLERS)


class Names:
    """Finds the names that it knows in English and Chinese texts, the longest first.

    `forms` tells for each form of a name, in either language, which concept it means: 乌克兰 → Ukraine, Ukrainian →
    Ukraine. 繁 and 简 are one; a concept that begins in lower case is a common word and names nobody.
    """

    def __init__(self, forms: Mapping[str, str]) -> None:
        self._chinese: dict[str, dict[str, str]] = {}
        self._english: dict[str, dict[tuple[str, ...], str]] = {}
        self.proper: set[str] = set()
        known = {fold(form): meaning for form, meaning in forms.items()}
        for form, named in known.items():
            meaning = known.get(fold(named), named)  # one list says Zelensky, another Volodymyr Zelensky
            concept = " ".join(phrase(meaning))
            if concept:
                self._add(form, concept)
                if meaning[:1].isupper():
                    self.proper.add(concept)

    def _add(self, folded: str, concept: str) -> None:
        if HAN.search(folded):
            if len(folded) >= _SHORTEST:
                self._chinese.setdefault(folded[:_SHORTEST], {}).setdefault(folded, concept)
        elif words := phrase(folded):
            self._english.setdefault(words[0], {}).setdefault(words, concept)

    def in_chinese(self, tokens: Sequence[Token]) -> Iterator[tuple[range, str]]:
        """The concepts named in Chinese characters, each with the rows of its tokens."""
        row = 0
        signs = "".join(token.text[0] if token.cjk else " " for token in tokens)
        while row < len(signs):
            known = self._chinese.get(signs[row : row + _SHORTEST])
            if known is None:
                row += 1
                continue
            found = max((name for name in known if signs.startswith(name, row)), key=len, default="")
            if found:
                yield range(row, row + len(found)), known[found]
            row += len(found) or 1

    def in_english(self, stems: Sequence[tuple[int, str]]) -> Iterator[tuple[range, str]]:
        """The concepts named in English, each with the rows of its words; `stems` are pairs of row and stem, without
        fillers."""
        place = 0
        while place < len(stems):
            known = self._english.get(stems[place][1])
            if known is None:
                place += 1
                continue
            here = tuple(word for _, word in stems[place : place + max(map(len, known))])
            found = max((name for name in known if here[: len(name)] == name), key=len, default=())
            if found:
                yield range(stems[place][0], stems[place + len(found) - 1][0] + 1), known[found]
            place += len(found) or 1


def is_filler(word: str) -> bool:
    """Whether a folded English word is left out of names."""
    return word in _FILLERS


def read_names(text: str) -> dict[str, str]:
    """The forms of a file: English ones, a tab, Chinese ones; they stand apart by |, and the first is the concept."""
    forms: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            english, _, chinese = line.partition("\t")
            concept, *others = english.split("|")
            forms.update(dict.fromkeys((concept, *others, *filter(None, chinese.split("|"))), concept))
    return forms


@cache
def known_names() -> Mapping[str, str]:
    """The forms that come with Diting: its own file's, and the countries and currencies of CLDR. All are folded."""
    # CLDR's are in a file, too: to ask Babel for them is to keep 3 MB of all that it knows of English and Chinese.
    lists = (files("bot.stories").joinpath(name).read_text(encoding="utf-8") for name in ("cldr.tsv", "names.tsv"))
    return {fold(form): concept for names in map(read_names, lists) for form, concept in names.items()}


@cache
def countries() -> Mapping[str, str]:
    """The country that a place is in, for places whose names come with Diting: both as concepts."""
    lines = files("bot.stories").joinpath("places.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {" ".join(phrase(place)): " ".join(phrase(name)) for name, places in rows for place in places.split("|")}
