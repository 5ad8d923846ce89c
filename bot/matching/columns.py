"""The columns of a document, as numpy arrays."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.matching.document import PARAGRAPH_WIDTH, WORD_WIDTH, Document
from bot.matching.hashtable import Numbers
from bot.text.tokens import PARAGRAPH, is_character

_WORD = np.array(WORD_WIDTH)
# By the gap before it, how far a word's end is from the end of the one before. A character is narrower by one.
_STEPS = np.full(PARAGRAPH + 1, WORD_WIDTH)
_STEPS[PARAGRAPH] += PARAGRAPH_WIDTH
_MASK = (1 << 64) - 1
_BY_CHARACTER = 0xD6E8FEB86659FD93
_C = np.uint64(_BY_CHARACTER)


def hash_of(term: str) -> int:
    """The hash of a folded term. Python's own is of the bytes that a text takes in memory, which are the same for 换
    and bc: one is a character. No two words are such."""
    own = hash(term)
    return (own if term.isascii() or not is_character(term) else own + _BY_CHARACTER) & _MASK


class Columns:
    """All fields of a document, one after the other, one row a token.

    `terms` are folded, `hashes` theirs (see `hash_of`); `gaps` stand before them, and `character` tells which are
    characters of a script without spaces: None if there is none.
    """

    def __init__(self, document: Document) -> None:
        self.terms, gaps, runs = document.columns()
        self.hashes = np.fromiter(map(hash, self.terms), np.int64, len(self.terms)).view(np.uint64)
        self.gaps = np.frombuffer(gaps, np.uint8)
        self.character: npt.NDArray[np.bool_] | None = None
        if runs:
            self.character = np.zeros(len(self.terms), np.bool_)
            for row, run in runs:
                self.character[row : row + len(run)] = True
            self.hashes[self.character] += _C

    @cached_property
    def extent(self) -> tuple[Numbers, Numbers]:
        """How far each token's beginning, and its end, is from the beginning of the document, in half words."""
        steps = _STEPS.take(self.gaps)
        if self.character is not None:
            steps -= self.character
        after = steps.cumsum()
        begins = after - _WORD
        return (begins if self.character is None else begins + self.character), after
