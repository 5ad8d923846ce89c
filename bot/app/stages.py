"""Each stage alone, for people and scripts: values in, plain JSON-able values out."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.app.briefing import briefs_for, story_index
from bot.app.clock import utc_now
from bot.app.fetching import fetcher_for, poller_for
from bot.briefs.article import article_text
from bot.errors import DitingError, NotAFeed, QueryError
from bot.feeds.parse import parse
from bot.matching.document import Document
from bot.matching.evaluate import evaluate
from bot.matching.index import KeywordIndex
from bot.matching.query import canonical, read
from bot.matching.query import parse as parse_query
from bot.model import FeedId, FeedRef, Item, ItemId, KeywordId, SameStory, StoredItem, StoryId
from bot.ports import Fetcher
from bot.settings import Settings
from bot.storage import open_storage
from bot.stories.decide import choose_story
from bot.stories.index import member_of
from bot.text.html import clean_text
from bot.text.language import detect
from bot.web.metrics import PrometheusMeter
from bot.work.recent import STORY_AGE

Report = dict[str, Any]


class SourceError(DitingError):
    """A source named on the command line can't be read."""


async def read_source(source: str, settings: Settings) -> tuple[bytes, str, str]:
    """The bytes of a file, a web address or standard input (`-`), with address and content type (may be empty)."""
    if source == "-":
        return sys.stdin.buffer.read(), "", ""
    if source.startswith(("http://", "https://")):
        # The person at this command line may fetch from their own network; people in chats may not.
        own = urlsplit(source).hostname or ""
        async with fetcher_for(settings, also_allow=[own]) as fetcher:
            return await _fetch(fetcher, source)
    return _read_file(source), "", ""


def _read_file(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise SourceError(f"{name}: {error.strerror or error}") from None


async def _fetch(fetcher: Fetcher, url: str) -> tuple[bytes, str, str]:
    fetched = await fetcher.fetch(url)
    return fetched.body, fetched.url, fetched.content_type


async def parse_feed(source: str, settings: Settings) -> list[Report]:
    """The items of a feed."""
    body, url, content_type = await read_source(source, settings)
    try:
        parsed = parse(body, url=url, content_type=content_type)
    except NotAFeed as error:
        raise SourceError(f"{source}: not a feed ({error.reason})") from None
    return [_item_report(item) for item in parsed.items]


def _item_report(item: Item) -> Report:
    return {
        "guid": item.guid,
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "language": item.language,
        "published": item.published.isoformat() if item.published else None,
        "authors": list(item.authors),
        "categories": list(item.categories),
    }


def match_items(keywords: Path, items: str, complain: Callable[[str], None]) -> Iterator[Report]:
    """Every match of every item. `keywords` holds one query a line, `items` JSON lines (or `-`).

    What can't be read is told to `complain`, one line each; a query that can't be read stops before any item.
    """
    index, typed, problems = _load_queries(keywords)
    for problem in problems:
        complain(problem)
    if problems:
        return
    places = {form: place for place, form in enumerate(typed)}
    for item, feed in _read_items(items, complain):
        document = Document(item, feed)
        for form in sorted(index.match(document), key=places.__getitem__):
            matched = evaluate(read(form), document) or ()
            yield from ({"item": item.guid, "keyword": query, "matched": list(matched)} for query in typed[form])


def tell_stories(items: str, complain: Callable[[str], None]) -> Iterator[Report]:
    """The story of every item of JSON lines (or `-`), decided in their order as the alert loop would.

    Items without a date are taken to come with the one before. What can't be read is told to `complain`.
    """
    stories = story_index()
    guids: dict[ItemId, str] = {}
    now = datetime.fromtimestamp(0, UTC)
    for number, (item, feed) in enumerate(_read_items(items, complain), start=1):
        now = item.published or now
        stories.forget(now - STORY_AGE)
        stored = StoredItem(id=ItemId(number), feed=feed, item=item, seen=now)
        guids[stored.id] = item.guid
        same = choose_story(stored, stories)
        story = same.story if same and same.sure else StoryId(number)
        stories.add(member_of(stored, story))
        yield _story_report(item, guids[ItemId(story)], same, guids)


def _story_report(item: Item, story: str, same: SameStory | None, guids: Mapping[ItemId, str]) -> Report:
    if same is None:
        report: Report = {"item": item.guid, "story": story, "kind": "new", "score": None, "like": None}
        return report | {"reasons": {}, "new": [], "sure": True}
    return {
        "item": item.guid,
        "story": story,
        "kind": str(same.kind),
        "score": round(same.score, 3),
        "like": guids[same.item],
        "reasons": {str(reason.shared): list(reason.words) for reason in same.reasons},
        "new": list(same.new),
        "sure": same.sure,
    }


def _read_items(items: str, complain: Callable[[str], None]) -> Iterator[tuple[Item, FeedRef]]:
    for number, line in enumerate(_lines(items), start=1):
        if not line.strip():
            continue
        try:
            yield _item_of(json.loads(line))
        except KeyError as error:
            complain(f"{items}:{number}: not an item (it has no {error})")
        except (ValueError, TypeError, RecursionError) as error:
            complain(f"{items}:{number}: not an item ({error})")


def _load_queries(path: Path) -> tuple[KeywordIndex, dict[str, list[str]], list[str]]:
    index, typed, problems = KeywordIndex(), dict[str, list[str]](), list[str]()
    for number, line in enumerate(_query_lines(path), start=1):
        query = line.strip()
        if not query:
            continue
        try:
            form = canonical(parse_query(query))
        except QueryError as error:
            hint = f"; try: {error.suggestion}" if error.suggestion else ""
            # A file from elsewhere may hold signs that steer a terminal.
            problems.append(clean_text(f"{path}:{number}:{error.position + 1}: {error.problem}: {query}{hint}"))
            continue
        if form not in typed:
            index.add(KeywordId(number), form)
        typed.setdefault(form, []).append(query)
    return index, typed, problems


def _query_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not in UTF-8 ({error.reason} at byte {error.start})") from None


def _lines(items: str) -> Iterator[bytes]:
    """The lines as bytes: JSON says itself which Unicode it is in, and one bad line is no fault of the others."""
    if items == "-":
        yield from sys.stdin.buffer
        return
    try:
        with Path(items).open("rb") as file:
            yield from file
    except OSError as error:
        raise SourceError(f"{items}: {error.strerror or error}") from None


def _item_of(fields: object) -> tuple[Item, FeedRef]:
    if not isinstance(fields, dict):
        raise TypeError("not a JSON object")
    guid, title = _text(fields["guid"]), _text(fields["title"])
    text, url, feed = (_text(fields.get(name) or "") for name in ("text", "url", "feed"))
    language = _text(fields.get("language") or "") or detect(f"{title}\n{text}")
    item = Item(guid=guid, url=url, title=title, text=text, language=language, published=_date(fields.get("published")))
    return item, FeedRef(id=FeedId(0), url=feed, title=feed)


def _date(value: object) -> datetime | None:
    """A date as `feed parse` writes it. Raises ValueError."""
    date = datetime.fromisoformat(str(value)) if value else None
    return date.replace(tzinfo=date.tzinfo or UTC) if date else None


def _text(value: object) -> str:
    # JSON can escape halves of surrogate pairs, which no output can be encoded with.
    return str(value).encode("utf-8", "replace").decode()


async def brief_article(source: str, title: str, settings: Settings) -> Report:
    """The brief of an article: HTML or plain text."""
    body, url, _ = await read_source(source, settings)
    found, text = article_text(body, url=url)
    item = Item(guid=source, url=url, title=title or found, text=text, language=detect(f"{title or found}\n{text}"))
    if not (item.title or item.text):
        raise SourceError(f"{source}: no text found in it")
    async with briefs_for(settings, PrometheusMeter()) as briefs:
        begun = time.perf_counter()
        brief = await briefs.brief(item)
        milliseconds = round(1000 * (time.perf_counter() - begun), 1)
    return {
        "title_zh": brief.title_zh,
        "title_en": brief.title_en,
        "summary_zh": brief.summary_zh,
        "summary_en": brief.summary_en,
        "made_by": str(brief.made_by),
        "untranslated": brief.untranslated,
        "milliseconds": milliseconds,
    }


async def poll_once(settings: Settings) -> AsyncIterator[Report]:
    """Poll all feeds that are due now."""
    async with open_storage(settings.database_url) as storage, fetcher_for(settings) as fetcher:
        await storage.upgrade()
        async for report in poller_for(settings, storage, fetcher, clock=utc_now).once():
            yield {"feed": report.feed.url, "new": report.new, "error": report.error}


async def upgrade_database(settings: Settings) -> Report:
    """Bring the database to this version's tables."""
    async with open_storage(settings.database_url) as storage:
        before, _ = await storage.revision()
        await storage.upgrade()
        after, _ = await storage.revision()
    return {"before": before, "after": after}
