"""The feed host of the demo: an HTTP server on 127.0.0.1 whose feeds grow batch by batch."""

from __future__ import annotations

import hashlib
import html
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from aiohttp import web

from bot.demo.samples import Published, Sample, feed_bytes, load_samples

BACKLOG_AGE = timedelta(days=2)


class SampleHost:
    """Serves the sample feeds, with conditional GET, and a page for each story."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.feeds, self._samples = load_samples()
        self.base_url = ""
        self._clock = clock
        self._published: list[Published] = []
        self._extra = 0
        self._add(0, clock() - BACKLOG_AGE)

    def addresses(self) -> dict[str, str]:
        """The feeds' addresses by name."""
        return {name: f"{self.base_url}/{name}.xml" for name in self.feeds}

    def batch(self, number: int) -> list[Sample]:
        """The samples of a batch."""
        return [sample for sample in self._samples if sample.batch == number]

    def publish(self, number: int) -> None:
        """Put a batch into the feeds, as just written."""
        self._add(number, self._clock())

    def publish_next(self) -> None:
        """Put one more item into the feeds: those that are left first, then all of them again, numbered."""
        later = [sample for sample in self._samples if sample.batch > 1]
        earlier = [sample for sample in self._samples if sample.batch <= 1]
        lap, place = divmod(self._extra, len(self._samples))
        sample = (later + earlier)[place]
        self._extra += 1
        if lap or sample in earlier:
            sample = replace(sample, slug=f"{sample.slug}-{lap + 2}", title=f"{sample.title} ({lap + 2})")
        self._published.append(Published(sample, self._clock()))

    def _add(self, number: int, newest: datetime) -> None:
        for age, sample in enumerate(self.batch(number)):
            self._published.append(Published(sample, newest - timedelta(seconds=age)))

    async def feed(self, request: web.Request) -> web.Response:
        """A feed's document, or 304."""
        feed = self.feeds.get(request.match_info["name"])
        if feed is None:
            raise web.HTTPNotFound
        entries = [entry for entry in self._published if entry.sample.feed == feed.name]
        body = feed_bytes(feed, entries, self.base_url)
        etag = hashlib.sha256(body).hexdigest()[:16]
        if request.headers.get("If-None-Match") == f'"{etag}"':
            return web.Response(status=304, headers={"ETag": f'"{etag}"'})
        return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": f'"{etag}"'})

    async def story(self, request: web.Request) -> web.Response:
        """The page that an alert's link opens."""
        for entry in self._published:
            if entry.sample.slug == request.match_info["slug"]:
                title = html.escape(entry.sample.title)
                page = f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{entry.sample.text}"
                return web.Response(text=page, content_type="text/html")
        raise web.HTTPNotFound


@asynccontextmanager
async def sample_host(clock: Callable[[], datetime]) -> AsyncIterator[SampleHost]:
    """A SampleHost that serves on a free port of 127.0.0.1."""
    host = SampleHost(clock)
    app = web.Application()
    app.add_routes([web.get("/{name}.xml", host.feed), web.get("/story/{slug}", host.story)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address, port = runner.addresses[0][:2]
        host.base_url = f"http://{address}:{port}"
        yield host
    finally:
        await runner.cleanup()
