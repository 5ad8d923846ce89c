"""The sample news, and the feeds made of it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from importlib.resources import files
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFeed:
    """A feed of the demo. `encoding` is what its bytes are written in."""

    name: str
    title: str
    language: str
    encoding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample item. `keyword` names the demo's keywords that must find it: none for a decoy."""

    feed: str
    slug: str
    batch: int
    title: str
    text: str
    keyword: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """A sample that stands in its feed, since when."""

    sample: Sample
    at: datetime


def load_samples() -> tuple[dict[str, SampleFeed], list[Sample]]:
    """The feeds by name, and all items."""
    data = tomllib.loads(files("bot.demo").joinpath("samples.toml").read_text(encoding="utf-8"))
    feeds = {name: SampleFeed(name=name, **fields) for name, fields in data["feeds"].items()}
    return feeds, [Sample(**{**item, "keyword": tuple(item.get("keyword", ()))}) for item in data["items"]]


def feed_bytes(feed: SampleFeed, entries: Sequence[Published], base_url: str) -> bytes:
    """The feed as an RSS 2.0 document in its own encoding, newest entry first."""
    entries = sorted(entries, key=lambda entry: entry.at, reverse=True)
    body = "".join(_entry(entry, base_url) for entry in entries)
    document = (
        f'<?xml version="1.0" encoding="{feed.encoding}"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(feed.title)}</title><link>{base_url}/</link><language>{feed.language}</language>"
        f"{body}</channel></rss>\n"
    )
    return document.encode(feed.encoding)


def _entry(entry: Published, base_url: str) -> str:
    sample = entry.sample
    return (
        f"<item><title>{escape(sample.title)}</title><link>{base_url}/story/{sample.slug}</link>"
        f'<guid isPermaLink="false">{sample.slug}</guid><pubDate>{format_datetime(entry.at)}</pubDate>'
        f"<description>{escape(sample.text.strip())}</description></item>\n"
    )
