"""The demo's feed host serves growing feeds as real hosts do, in the encodings it claims."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.demo.samples import load_samples
from bot.demo.server import sample_host
from bot.feeds.parse import parse

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


@pytest.fixture
async def host():
    async with sample_host(lambda: NOW) as host:
        yield host


@pytest.fixture
async def client():
    async with aiohttp.ClientSession() as session:
        yield session


async def get(client, url: str, **headers: str) -> tuple[int, bytes, str]:
    async with client.get(url, headers=headers) as response:
        return response.status, await response.read(), response.headers.get("ETag", "")


async def titles(client, url: str) -> list[str]:
    _, body, _ = await get(client, url)
    return [item.title for item in parse(body, url=url, content_type="application/rss+xml").items]


async def test_each_feed_is_in_its_own_encoding_and_reads_well(host, client):
    host.publish(1)
    for name, address in host.addresses().items():
        _, body, _ = await get(client, address)
        feed = host.feeds[name]
        assert f'encoding="{feed.encoding}"'.encode() in body
        expected = [sample.title for sample in (*host.batch(1), *host.batch(0)) if sample.feed == name]
        assert await titles(client, address) == expected


async def test_the_chinese_feed_is_big5_and_nothing_else(host, client):
    _, body, _ = await get(client, host.addresses()["chinese"])
    assert host.feeds["chinese"].title.encode("big5") in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


async def test_a_feed_that_did_not_grow_answers_not_modified(host, client):
    address = host.addresses()["english"]
    _, _, etag = await get(client, address)
    assert await get(client, address, **{"If-None-Match": etag}) == (304, b"", etag)
    host.publish(1)
    status, body, newer = await get(client, address, **{"If-None-Match": etag})
    assert (status, newer != etag) == (200, True)
    assert body


async def test_the_first_batch_is_old_and_the_next_is_of_now(host, client):
    host.publish(1)
    _, body, _ = await get(client, host.addresses()["english"])
    dates = [item.published for item in parse(body, url="", content_type="").items]
    assert dates[0] == NOW
    assert dates[-1] < NOW - timedelta(days=1)
    assert dates == sorted(dates, reverse=True)


async def test_each_item_has_its_page_and_strangers_have_none(host, client):
    sample = host.batch(0)[0]
    status, page, _ = await get(client, f"{host.base_url}/story/{sample.slug}")
    assert (status, sample.title in page.decode()) == (200, True)
    assert (await get(client, f"{host.base_url}/story/none"))[0] == 404
    assert (await get(client, f"{host.base_url}/none.xml"))[0] == 404


async def test_news_never_ends_and_never_repeats_itself(host):
    _, samples = load_samples()
    for _ in range(3 * len(samples)):
        host.publish_next()
    told = Counter(entry.sample.slug for entry in host._published)
    assert max(told.values()) == 1
    assert len(told) == 3 * len(samples) + len(host.batch(0))


def test_the_samples_are_of_known_feeds_and_every_slug_is_used_once():
    feeds, samples = load_samples()
    assert {sample.feed for sample in samples} == feeds.keys()
    assert len({sample.slug for sample in samples}) == len(samples)
    assert {feed.encoding for feed in feeds.values()} == {"utf-8", "big5"}
