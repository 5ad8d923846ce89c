"""Whatever happens to a document, it parses to items that can be stored and shown, or is no feed.

`python -m bench.fuzz` does the same for as long as it is told to, and measures.
"""

import json
from contextlib import suppress
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import NotAFeed
from bot.feeds.parse import parse
from tests.support.mutations import mutate
from tests.support.sound import problems_of

FEEDS = Path(__file__).parents[1] / "data" / "feeds"
DOCUMENTS = [path.read_bytes() for path in sorted(FEEDS.iterdir()) if not path.name.endswith(".expected.json")]
TYPES = ["", "text/xml; charset=gbk", "application/rss+xml; charset=utf-8", "text/plain; charset=zip", "charset='"]


def check(body, content_type=""):
    with suppress(NotAFeed):
        assert problems_of(parse(body, url="https://feeds.example/rss", content_type=content_type)) == []


@given(st.sampled_from(DOCUMENTS), st.integers(0, 2**32), st.sampled_from(TYPES))
@settings(max_examples=300, deadline=None)
def test_damaged_documents_parse_to_sound_items_or_are_no_feed(document, seed, content_type):
    check(mutate(document, Random(seed), DOCUMENTS), content_type)


@given(st.binary(max_size=300), st.sampled_from(TYPES))
@settings(max_examples=100, deadline=None)
def test_any_bytes_in_an_item_are_a_text_or_no_feed(body, content_type):
    check(b"<rss><channel><item><title>" + body + b"</title><link>/a</link></item></channel></rss>", content_type)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_title_of_a_json_feed_is_sound(title):
    document = {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": [{"id": title, "title": title}]}
    check(json.dumps(document).encode())
