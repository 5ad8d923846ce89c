"""A chat's alerts as a feed: read by our own reader, and by nobody without the key."""

from __future__ import annotations

import pytest

from bot.app.pages import doorkeeper_for
from bot.feeds.parse import parse


def address(house, chat: int, form: str) -> str:
    return f"/alerts/{chat}/{doorkeeper_for(house.core.settings).feed_key(chat)}.{form}"


@pytest.mark.parametrize(("form", "kind"), [("atom", "application/atom+xml"), ("json", "application/feed+json")])
async def test_a_reader_finds_the_alerts_in_it(house, form, kind):
    chat = house.rows.chat
    async with house.visitor() as client, client.get(address(house, chat, form)) as answer:
        assert answer.status == 200
        assert answer.content_type == kind
        body = await answer.read()
    feed = parse(body, url=house.url, content_type=kind)
    assert feed.title == "Diting 諦聽 · 港聞組 Harbour desk"
    titles = [item.title for item in feed.items]
    assert "三方會談第二輪在阿布扎比開始 · Envoys open second round of trilateral talks in Abu Dhabi" in titles
    first = next(item for item in feed.items if "Envoys" in item.title)
    assert first.url.startswith("https://harbourwire.example/0/")
    assert "三方會談第二輪在阿布扎比開始" in first.text
    assert first.published
    assert "trilateral talks" in first.categories
    assert b"onerror" in body
    assert form == "json" or b"<img" not in body  # in JSON it is a text in any case


async def test_without_the_key_there_is_nothing(house):
    chat = house.rows.chat
    good = address(house, chat, "atom")
    other = address(house, house.rows.blocked, "atom").rpartition("/")[2]
    async with house.visitor() as client:
        for path in (
            good.replace(".atom", ".rss"),
            good[:-6] + "x.atom",
            f"/alerts/{chat}/{other}",
            f"/alerts/{chat}/é.atom",
            address(house, 999, "atom"),
            address(house, 10**30, "json"),
        ):
            async with client.get(path) as answer:
                assert answer.status == 404, path


async def test_another_admins_token_makes_other_keys(house):
    settings = house.core.settings
    changed = settings.model_copy(update={"admin_token": type(settings.admin_token)("another-token-0123456789")})
    assert doorkeeper_for(changed).feed_key(1) != doorkeeper_for(settings).feed_key(1)
