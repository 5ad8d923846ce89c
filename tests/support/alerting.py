"""What tests of the alert loop share: a briefer, a store with faults, and news."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Brief, Item, MadeBy
from bot.work.alert import Alerter

LEASE = timedelta(minutes=1)
URL = "https://feed.example/rss"
ABU_DHABI = "Envoys met for the trilateral Russian-Ukrainian-US talks in Abu Dhabi, the second round in two weeks."


class Scribe:
    """A Briefer that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def brief(self, item: Item, sought=(), later=None) -> Brief:
        self.asked.append(item.title)
        return Brief(title_zh="", title_en=item.title, summary_zh="", summary_en=item.text, made_by=MadeBy.EXTRACT)


class Troubled:
    """A store one method of which fails for the first call."""

    def __init__(self, store, method: str, error: Exception) -> None:
        self._store = store
        self._method = method
        self._error: Exception | None = error

    def __getattr__(self, name: str):
        if name == self._method and self._error:
            return self._fail
        return getattr(self._store, name)

    async def _fail(self, *_args, **_named):
        error, self._error = self._error, None
        raise error


async def work_off(alerter: Alerter) -> None:
    """Step until nothing is left."""
    while await alerter.step() == timedelta():
        pass
