"""The lines that an outlet repeats under its items: whatever they say, they are not the news.

    new items ─▶ heed ─▶ (host, line) ─▶ under how many titles? ─▶ without them, an item is briefed

Wordings of notices can be known for some languages and outlets (`notices`); this needs none. Nothing is kept for longer
than the process lives.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from urllib.parse import urlsplit

from bot.briefs.boilerplate import links_follow
from bot.model import Item

_OFTEN = 3  # titles
# Some ten megabytes at the most: of a host, the lines of its last few items, and what stands in each of them.
_HOSTS, _LINES = 200, 200
_READ = 150  # lines of an item
_SHORTEST, _LONGEST = 8, 240  # characters
_MOST = 0.5  # of a text


class RepeatedLines:
    """Remembers the lines of each host's items, the oldest of them forgotten first."""

    def __init__(self) -> None:
        self._hosts: OrderedDict[str, OrderedDict[int, tuple[int, ...]]] = OrderedDict()  # titles by line, hashed

    def heed(self, item: Item) -> None:
        """Take notice of a new item, whether anybody asked for it or not."""
        if not (host := _host(item)):
            return
        known = self._hosts.setdefault(host, OrderedDict())
        self._hosts.move_to_end(host)
        title = hash(item.title)
        for line in _lines(item.text):
            titles = known.setdefault(hash(line), ())
            known.move_to_end(hash(line))
            if title not in titles and len(titles) < _OFTEN:
                known[hash(line)] = (*titles, title)
        while len(known) > _LINES:
            known.popitem(last=False)
        while len(self._hosts) > _HOSTS:
            self._hosts.popitem(last=False)

    def without(self, item: Item) -> Item:
        """The item without the lines that stand under other items of its host, too; as it is, where they are most of
        it: then it is told again under other titles."""
        known = self._hosts.get(_host(item))
        if not known:
            return item
        often = (line for line in _lines(item.text) if len(known.get(hash(line), ())) >= _OFTEN)
        repeated = {line for line in often if not links_follow(line)}  # by the heading the list below it is known
        if not repeated or sum(map(len, repeated)) > _MOST * len(item.text):
            return item
        return replace(item, text="\n".join(line for line in item.text.split("\n") if _plain(line) not in repeated))


def _lines(text: str) -> list[str]:
    plain = dict.fromkeys(map(_plain, text.split("\n", _READ)[:_READ]))
    return [line for line in plain if _SHORTEST <= len(line) <= _LONGEST]


def _plain(line: str) -> str:
    return " ".join(line.split())


def _host(item: Item) -> str:
    try:
        return urlsplit(item.url).hostname or ""
    except ValueError:
        return ""
