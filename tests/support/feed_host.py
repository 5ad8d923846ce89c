"""A feed on loopback that grows while it is being polled."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Self
from xml.sax.saxutils import escape

from aiohttp import web


@dataclass
class FeedHost:
    """Serves /feed.xml with conditional GET. `entries` are (guid, title, text), oldest first.

    `hub` is announced in the document, and with `in_header` in the Link header instead. The document has the last
    `window` entries, all `published` at one time; `served` says when (s) an answer first had an entry, by its guid.
    """

    entries: list[tuple[str, str, str]] = field(default_factory=list)
    title: str = "Wire"
    polls: int = 0
    not_modified: int = 0
    hub: str = ""
    in_header: bool = False
    port: int = 0
    status: int = 200
    runner: web.AppRunner | None = None
    window: int = 10_000
    served: dict[str, float] = field(default_factory=dict)
    published: datetime = datetime(2026, 2, 1, tzinfo=UTC)

    def add(self, guid: str, title: str, text: str = "") -> None:
        """Put a new entry into the feed."""
        self.entries.append((guid, title, text))

    @property
    def url(self) -> str:
        """The feed's address."""
        return f"http://127.0.0.1:{self.port}/feed.xml"

    def link(self, guid: str) -> str:
        """The address of an entry's page."""
        return f"http://127.0.0.1:{self.port}/{guid}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/feed.xml", self._serve)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.port = self.runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.runner:
            await self.runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        self.polls += 1
        if self.status != 200:
            return web.Response(status=self.status)
        body = self._document().encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            self.not_modified += 1
            return web.Response(status=304)
        headers = {"ETag": etag}
        if self.hub and self.in_header:
            headers["Link"] = f'<{self.hub}>; rel="hub", <{self.url}>; rel="self"'
        for guid, *_ in self.entries[-self.window :]:
            self.served.setdefault(guid, time.time())
        return web.Response(body=body, content_type="application/rss+xml", headers=headers)

    def document(self, *entries: tuple[str, str, str]) -> str:
        """The feed as it would be with these entries alone, as a hub may send it."""
        return replace(self, entries=list(entries))._document()

    def _document(self) -> str:
        date = format_datetime(self.published)
        items = "".join(
            f'<item><guid isPermaLink="false">{guid}</guid><title>{escape(title)}</title><link>{self.link(guid)}</link>'
            f"<description>{escape(text)}</description><pubDate>{date}</pubDate></item>"
            for guid, title, text in reversed(self.entries[-self.window :])
        )
        head = f"<title>{escape(self.title)}</title><link>http://127.0.0.1:{self.port}/</link><language>en</language>"
        if self.hub and not self.in_header:
            links = ("hub", self.hub), ("self", self.url)
            head += "".join(f'<atom:link rel="{relation}" href="{escape(href)}"/>' for relation, href in links)
        start = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">'
        return f"{start}<channel>{head}{items}</channel></rss>"
