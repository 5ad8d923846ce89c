"""Each document in tests/data/feeds parses to what the JSON file beside it expects; fields not named there are free."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from bot.feeds.parse import parse

FEEDS = sorted((Path(__file__).parents[1] / "data" / "feeds").glob("*.xml"))


def plain(value):
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.stem)
def test_document_gives_what_is_expected_of_it(path):
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    url = expected.pop("url", "https://feeds.example/rss")
    parsed = parse(path.read_bytes(), url=url, content_type=expected.pop("content_type", ""))
    items = expected.pop("items")
    if "ttl" in expected:
        assert parsed.ttl is not None
        assert parsed.ttl.total_seconds() == expected.pop("ttl")
    assert {name: getattr(parsed, name) for name in expected} == expected
    found = [
        {name: plain(getattr(item, name)) for name in wanted} for item, wanted in zip(parsed.items, items, strict=True)
    ]
    assert found == items


def test_there_is_an_expectation_for_every_document():
    assert len(FEEDS) >= 25
    assert all(path.with_suffix(".json").exists() for path in FEEDS)
