"""Which sentences the bot looked up while rows were played."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.chat.catalogue import Catalogue


class Heard:
    """The `sentences`, in English, and the names of the `rows`."""

    def __init__(self) -> None:
        self.sentences: set[str] = set()
        self.rows: set[str] = set()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Note what is looked up meanwhile: not by who judges an answer, who looks up what is not to be said, too."""
        with pytest.MonkeyPatch.context() as patched:
            for name in ("__call__", "n", "spans"):
                patched.setattr(Catalogue, name, self._noting(getattr(Catalogue, name)))
            yield

    def _noting(self, method):
        def noting(catalogue: Catalogue, text: str, /, *more: object, **values: object):
            self.sentences.add(text)
            return method(catalogue, text, *more, **values)

        return noting
