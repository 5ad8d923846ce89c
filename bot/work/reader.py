"""The full text of an item whose feed gives only a teaser, read from the item's own page.

    Item ─▶ a teaser? ─▶ robots.txt ─▶ page ─▶ extract (in a thread) ─▶ longer, and the same article? ─▶ Item

It keeps nothing and never fails: an item that can't be read comes back as it was.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Protocol
from urllib.parse import urlsplit

import structlog

from bot.errors import FeedError
from bot.model import Fetched, Item
from bot.ports import Fetcher
from bot.text.tokens import tokenize

Extract = Callable[[bytes, str], tuple[str, str]]

MAX_TEXT = 20_000  # characters, as of a feed's items
MAX_PAGE = 2_000_000  # bytes

_REMEMBERED = 100  # pages

# Newspapers' teasers have a median of 100 to 400 letters and seldom over 600; feeds that give the whole text, 900 and
# more. A Chinese character says as much as two and a half letters.
_SHORT = 600
_LONG = 3_000  # letters after which even a marked text is worth more than most pages would give
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HAN_WEIGHT = 2.5
_MORE = re.compile(
    r"(?:\.\.\.|…|\((?:more|continued|cont\.)\)"
    r"|\b(?:read|learn|see|view) (?:more|on|the (?:full|whole|rest)[\w ]{0,30})"
    r"|\bcontinue reading[^.!?]{0,80}|\bfull (?:story|article|text)"
    r"|(?:阅读|閱讀|查看)(?:更多|原文)|继续阅读|繼續閱讀|点击查看|更多内容|更多內容|全文)"
    r"[\s\])】）»>→.。]*\Z",
    re.IGNORECASE,
)
_ENDING = 150  # characters in which such words stand
_HTML = ("text/html", "application/xhtml+xml")
# Measured on real feeds: nine in ten titles share that much with their own article, few with another of their feed.
_SAME = 0.5
_LEAST_WORD = 4  # letters; shorter ones are everywhere


class Robots(Protocol):
    """Whether hosts let us read their pages."""

    async def allowed(self, url: str) -> bool:
        """Whether robots.txt lets us read an address."""


class Reader:
    """Reads items' pages. `extract` makes (title, text) of a page's bytes and address, and may take its time;
    `patience` is for all of it, and `at_once` how many pages are taken apart at the same time.
    """

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        robots: Robots,
        extract: Extract,
        patience: timedelta = timedelta(seconds=6),
        at_once: int = 2,
    ) -> None:
        self._fetcher = fetcher
        self._robots = robots
        self._extract = extract
        self._patience = patience.total_seconds()
        self._room = asyncio.Semaphore(at_once)
        self._lately: OrderedDict[str, str] = OrderedDict()  # who matches and who briefs ask for the same page
        self._log = structlog.get_logger("bot.reader")

    async def full_text(self, item: Item) -> Item:
        """The item with its page's text, or as it was. Never raises, and never takes longer than `patience`."""
        if not is_teaser(item) or not _is_web(item.url):
            return item
        reason = ""
        try:
            async with asyncio.timeout(self._patience):
                text = self._lately[item.url] if item.url in self._lately else await self._read(item)
        except TimeoutError:
            reason = "timeout"
        except FeedError as error:
            reason = error.reason
        except Exception:  # noqa: BLE001 - a strange page must not cost the alert
            self._log.exception("page could not be read", url=item.url)
        else:
            self._remember(item.url, text)
            return replace(item, text=text) if text else item
        if reason:
            self._log.info("page not read", url=item.url, reason=reason)
        return item

    async def _read(self, item: Item) -> str:
        """The page's text; empty where it is not the item's or no gain."""
        if not await self._robots.allowed(item.url):
            self._log.info("page not read", url=item.url, reason="robots.txt")
            return ""
        page = await self._fetcher.fetch(item.url)
        if not _is_html(page) or (page.url != item.url and not await self._robots.allowed(page.url)):
            return ""
        title, text = await self._extracted(page)
        text = text[:MAX_TEXT].strip()
        return text if _weight(text) > _weight(item.text) and is_same(item, f"{title}\n\n{text}") else ""

    def _remember(self, url: str, text: str) -> None:
        self._lately[url] = text
        while len(self._lately) > _REMEMBERED:
            self._lately.popitem(last=False)

    async def _extracted(self, page: Fetched) -> tuple[str, str]:
        # A thread can't be stopped: the room it takes is free when it is done, not when we are tired of waiting.
        await self._room.acquire()
        try:
            work = asyncio.get_running_loop().run_in_executor(None, self._extract, page.body[:MAX_PAGE], page.url)
        except BaseException:
            self._room.release()
            raise
        work.add_done_callback(self._done)
        return await asyncio.shield(work)

    def _done(self, work: asyncio.Future[tuple[str, str]]) -> None:
        self._room.release()
        if not work.cancelled():
            work.exception()  # seen by whoever still waits; otherwise nobody's loss


def is_teaser(item: Item) -> bool:
    """Whether an item's text is less than its article: short, or with words at its end that say so."""
    weight = _weight(item.text)
    return weight < _SHORT or (weight < _LONG and _MORE.search(item.text[-_ENDING:]) is not None)


def is_same(item: Item, text: str) -> bool:
    """Whether a text is plausibly the item's article: it has half of the words of its title and teaser."""
    wanted = _words(f"{item.title}\n\n{item.text}")
    return bool(wanted) and len(wanted & _words(text)) >= _SAME * len(wanted)


def _weight(text: str) -> float:
    """The length in letters."""
    return len(text) + (_HAN_WEIGHT - 1) * len(_HAN.findall(text))


def _words(text: str) -> set[str]:
    """The longer words, and pairs of neighbouring characters of scripts without spaces."""
    tokens = tokenize(text[: MAX_TEXT + 1_000])
    words = {token.text for token in tokens if not token.cjk and len(token.text) >= _LEAST_WORD}
    return words | {
        one.text + two.text for one, two in pairwise(tokens) if one.cjk and two.cjk and one.end == two.start
    }


def _is_web(url: str) -> bool:
    try:
        return urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return False


def _is_html(page: Fetched) -> bool:
    return page.content_type.partition(";")[0].strip().lower() in _HTML
