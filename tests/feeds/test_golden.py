"""Each document in tests/data/feeds parses to what `NAME.expected.json` beside it says; what it does not name is free.

`what` in an expectation says in a line what is odd about the document.
"""

import json
from datetime import datetime
from pathlib import Path

import pytest

from bot.feeds.parse import parse

FOLDER = Path(__file__).parents[1] / "data" / "feeds"
EXPECTED = sorted(FOLDER.glob("*.expected.json"))
DOCUMENTS = sorted(path for path in FOLDER.iterdir() if not path.name.endswith(".expected.json"))


def name_of(path: Path) -> str:
    return path.name.partition(".")[0]


def plain(value):
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_document_gives_what_is_expected_of_it(path):
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
    del expected["what"]
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


def test_every_document_has_an_expectation_that_says_what_is_odd_about_it():
    assert len(DOCUMENTS) >= 70
    assert [name_of(path) for path in DOCUMENTS] == [name_of(path) for path in EXPECTED]
    said = [json.loads(path.read_text(encoding="utf-8"))["what"] for path in EXPECTED]
    assert all(said)
    assert len(set(said)) == len(said)
