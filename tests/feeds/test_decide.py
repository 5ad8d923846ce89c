"""What a poll changes: new items, backlog, known items, and the next time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import AddressRefused, FeedGone, FetchTimeout, HttpError, NotAFeed
from bot.feeds.cadence import Cadence
from bot.feeds.decide import body_hash, change_after, change_after_failure, change_after_push, wants_dates
from bot.feeds.entry import Heading
from bot.feeds.hints import read_hints
from bot.feeds.rhythm import Rhythm
from bot.model import FeedDue, FeedId, Fetched, Item, NoticeKind
from tests.support.sightings import identity_keys, sightings

NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DUE = FeedDue(id=FeedId(7), url="https://news.example/rss", lease="L", created=NOW - HOUR, polled=NOW - HOUR)
FIRST = DUE._replace(polled=None)
RHYTHM = Rhythm().learn([NOW - HOUR], now=NOW).to_bytes()
FETCHED = Fetched(url=DUE.url, status=200, body=b"<rss/>", etag='"v2"', last_modified="yesterday")


def items(count: int, *, published: datetime | None = NOW, word: str = "Story") -> tuple[Item, ...]:
    """Items as a document has them, newest first."""
    return tuple(
        Item(
            guid=f"{word}-{number}",
            url=f"https://news.example/{word}/{number}",
            title=f"{word} {number}",
            text=f"About {word} {number}.",
            published=published and published - number * timedelta(minutes=1),
        )
        for number in range(count)
    )


def poll(due: FeedDue, *found: Item, known: set[str] | None = None):
    known, dates = known or set(), [item.published for item in found] if wants_dates(due) else None
    return change_after(due, FETCHED, Heading(title="T"), sightings(found, known), known, dates=dates, now=NOW)


def keys_of(*found: Item) -> set[str]:
    return {key for own in identity_keys(found) for key in own}


def test_a_poll_that_worked_carries_the_feeds_new_state():
    heading = Heading(title="T", site="https://news.example/", language="en")
    change = change_after(DUE._replace(failures=4), FETCHED, heading, [], set(), now=NOW, fingerprint="#1")
    assert (change.id, change.lease, change.succeeded, change.failures, change.error) == (7, "L", True, 0, "")
    assert (change.title, change.site, change.language) == ("T", "https://news.example/", "en")
    assert (change.etag, change.last_modified, change.url) == ('"v2"', "yesterday", "")
    assert change.body_hash == "#1"
    assert change.next_poll > NOW


@pytest.mark.parametrize("status", [200, 304])
def test_nothing_to_parse_is_a_success_that_changes_no_item(status):
    body = b"" if status == 304 else b"<rss/>"
    due = DUE._replace(rhythm=RHYTHM, hints="ttl=60")
    change = change_after(due, Fetched(url=DUE.url, status=status, body=body), None, [], set(), now=NOW)
    assert (change.succeeded, change.items, change.known, change.title) == (True, (), (), "")
    assert (change.rhythm, change.hints, change.hub, change.topic) == (b"", None, None, None)


def test_a_permanent_move_is_the_feeds_new_address():
    moved = FETCHED._replace(moved_to="https://new.example/rss")
    assert change_after(DUE, moved, None, [], set(), now=NOW).url == "https://new.example/rss"
    assert change_after(DUE, FETCHED._replace(moved_to=DUE.url), None, [], set(), now=NOW).url == ""


def test_the_first_poll_is_silent_but_for_what_came_after_the_subscription():
    old, fresh, undated, ahead = (
        replace(items(1, word=word)[0], published=published)
        for word, published in [
            ("old", FIRST.created - HOUR),
            ("fresh", FIRST.created),
            ("undated", None),
            ("ahead", NOW + HOUR),
        ]
    )
    change = poll(FIRST, old, fresh, undated, ahead)
    assert {new.item.guid: new.backlog for new in change.items} == {
        "old-0": True,
        "fresh-0": False,
        "undated-0": True,
        "ahead-0": True,
    }


def test_later_polls_bring_news_whatever_its_date():
    known, late = items(2, published=NOW - 50 * HOUR)
    change = poll(DUE, late, known, known=keys_of(known))
    assert [(new.item, new.backlog) for new in change.items] == [(late, False)]


def test_items_come_oldest_first():
    assert [new.item.guid for new in poll(DUE, *items(3)).items] == ["Story-2", "Story-1", "Story-0"]
    assert [new.item.guid for new in poll(DUE, *items(3, published=None)).items] == ["Story-2", "Story-1", "Story-0"]
    assert [new.item.guid for new in poll(DUE, *items(3)[::-1]).items] == ["Story-2", "Story-1", "Story-0"]


@pytest.mark.parametrize(("place", "others"), [(0, [1]), (1, [0]), (2, [0, 1])], ids=["guid", "link", "content"])
def test_an_item_is_known_by_any_one_key_and_passes_on_the_others(place, others):
    (item,) = items(1)
    keys = identity_keys([item])[0]
    change = poll(DUE, item, known={keys[place]})
    assert change.items == ()
    assert change.known == ((keys[place], tuple(keys[other] for other in others)),)


def test_an_item_known_by_all_its_keys_changes_nothing():
    found = items(3)
    change = poll(DUE, *found, known=keys_of(*found))
    assert (change.items, change.known) == ((), ())


def test_a_changed_link_and_date_make_no_new_item_while_the_guid_stays():
    (item,) = items(1)
    edited = replace(item, url="https://news.example/moved", published=NOW, title="Edited", text="Edited.")
    assert poll(DUE, edited, known=keys_of(item)).items == ()


def test_duplicates_of_one_document_collapse_to_the_first():
    (item,) = items(1)
    again = replace(item, guid="other", published=NOW)
    change = poll(DUE, item, again)
    assert [new.item for new in change.items] == [item]


def test_a_feed_that_renamed_everything_brings_its_old_items_as_backlog():
    found = items(6, published=DUE.polled - HOUR, word="renamed")
    (fresh,) = items(1, published=NOW, word="fresh")
    change = poll(DUE, fresh, *found)
    assert [new.item.guid for new in change.items if not new.backlog] == ["fresh-0"]


def test_few_new_items_or_one_known_item_are_no_flood():
    old = items(6, published=DUE.polled - HOUR)
    assert not any(new.backlog for new in poll(DUE, *old[:4]).items)
    assert not any(new.backlog for new in poll(DUE, *old, known=keys_of(old[0])).items)


def test_undated_items_of_a_flood_are_news():
    assert not any(new.backlog for new in poll(DUE, *items(6, published=None)).items)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (HttpError("u", 500), "HTTP 500"),
        (FetchTimeout("u", "timeout"), "timeout"),
        (AddressRefused("u", "private"), "private"),
        (NotAFeed("u"), "NotAFeed"),
    ],
)
def test_a_failure_is_counted_and_named(error, reason):
    change = change_after_failure(DUE._replace(failures=2), error, now=NOW)
    assert (change.succeeded, change.failures, change.error, change.gone) == (False, 3, reason, False)
    assert (change.id, change.lease) == (DUE.id, "L")
    assert change.next_poll > NOW + timedelta(minutes=2)


def test_the_wait_that_a_host_asks_for_is_kept():
    change = change_after_failure(DUE, HttpError("u", 429, timedelta(hours=3)), now=NOW)
    assert change.next_poll == NOW + timedelta(hours=3)


def test_a_feed_that_ended_is_not_asked_again():
    change = change_after_failure(DUE, FeedGone("u", "HTTP 410"), now=NOW)
    assert change.gone
    assert change.next_poll > NOW + timedelta(days=365)


def test_bounds_and_jitter_are_the_callers():
    cadence = Cadence(shortest=timedelta(seconds=1), longest=timedelta(seconds=2))
    early, late = (
        change_after(DUE, FETCHED, Heading(), [], set(), now=NOW, cadence=cadence, jitter=jitter).next_poll
        for jitter in (0.0, 0.9)
    )
    assert NOW < early < late < NOW + timedelta(seconds=3)


def test_only_what_changed_is_written():
    due = DUE._replace(title="T", site="https://news.example/", etag='"v2"', rhythm=RHYTHM)
    change = change_after(due, FETCHED, Heading(title="T", site="https://news.example/"), [], set(), now=NOW)
    assert (change.title, change.site, change.etag, change.rhythm) == ("", "", "", b"")
    assert change.last_modified == "yesterday"


def test_the_rhythm_learns_the_first_document_and_then_what_is_new():
    old = items(5, published=NOW - 50 * HOUR)
    first = poll(FIRST._replace(created=NOW), *old)
    assert all(new.backlog for new in first.items)
    learned = Rhythm.from_bytes(first.rhythm)
    assert learned == Rhythm.from_bytes(Rhythm().learn([item.published for item in old], now=NOW).to_bytes())
    (fresh,) = items(1, word="fresh")
    later = poll(DUE._replace(rhythm=first.rhythm, polled=NOW - HOUR), fresh)
    assert later.rhythm == learned.learn([NOW], now=NOW, before=NOW - HOUR).to_bytes()


def test_a_rhythm_that_is_unknown_is_learned_from_the_next_document_though_nothing_in_it_is_new():
    old = items(5, published=NOW - 50 * HOUR)
    for lost in (b"", b"of another version"):
        again = poll(DUE._replace(rhythm=lost), *old, known=keys_of(*old))
        assert again.items == ()
        assert again.rhythm == Rhythm().learn([item.published for item in old], now=NOW).to_bytes()
    unchanged = change_after(DUE, FETCHED, None, [], set(), now=NOW)
    pushed = change_after_push(DUE, sightings(old, set()), set(), now=NOW)
    assert (unchanged.rhythm, pushed.rhythm) == (b"", b"")  # a part of a document, or none, tells too little


def test_what_a_feed_sends_again_teaches_no_rhythm():
    due = DUE._replace(rhythm=RHYTHM)
    assert poll(due, *items(6, published=DUE.polled - HOUR, word="renamed")).rhythm == b""


def test_what_a_feed_asks_of_pollers_is_kept_for_polls_without_a_document():
    asked = Heading(ttl=HOUR, skip_hours=frozenset({12, 13}))
    change = change_after(DUE, FETCHED, asked, [], set(), now=NOW, jitter=0)
    assert change.next_poll.hour == 14
    assert change.hints == "ttl=3600 hours=12,13"
    unchanged = change_after(DUE._replace(hints=change.hints), FETCHED, None, [], set(), now=NOW, jitter=0)
    assert (unchanged.hints, unchanged.next_poll.hour) == (None, 14)
    assert change_after(DUE._replace(hints=change.hints), FETCHED, Heading(), [], set(), now=NOW).hints == ""


@pytest.mark.parametrize("text", ["ttl=x hours=99,a days=", "=", "hours=٣ ttl=-1 days=9"])
def test_hints_that_cannot_be_read_are_none(text):
    assert read_hints(text) == Heading()


@pytest.mark.parametrize(
    ("links", "heading", "found"),
    [
        ((), Heading(), ("", "")),
        ((), Heading(hubs=("https://hub.example/",)), ("https://hub.example/", DUE.url)),
        (
            (),
            Heading(hubs=("https://hub.example/",), self_url="https://news.example/all"),
            ("https://hub.example/", "https://news.example/all"),
        ),
        (
            (("hub", "https://one.example/"), ("hub", "https://two.example/"), ("self", "https://news.example/self")),
            Heading(hubs=("https://hub.example/",)),
            ("https://one.example/", "https://news.example/self"),
        ),
    ],
    ids=["none", "hub", "hub and self", "the header's come first"],
)
def test_the_hub_and_topic_are_what_the_answer_names(links, heading, found):
    change = change_after(DUE, FETCHED._replace(links=links), heading, [], set(), now=NOW)
    assert (change.hub, change.topic) == found


def test_a_dead_feed_is_told_of_once_and_again_when_it_is_back():
    cadence = Cadence(patience=3)
    ill = change_after_failure(DUE._replace(failures=1), FetchTimeout("u", "timeout"), now=NOW, cadence=cadence)
    assert (ill.dead, ill.notice) == (False, None)
    dead = change_after_failure(DUE._replace(failures=2), FetchTimeout("u", "timeout"), now=NOW, cadence=cadence)
    assert (dead.dead, dead.notice) == (True, NoticeKind.FEED_DEAD)
    told = change_after_failure(
        DUE._replace(failures=3, dead=True), FetchTimeout("u", "timeout"), now=NOW, cadence=cadence
    )
    assert (told.dead, told.notice) == (True, None)
    back = change_after(DUE._replace(failures=4, dead=True), FETCHED, Heading(), [], set(), now=NOW)
    assert (back.dead, back.notice) == (False, NoticeKind.FEED_BACK)
    assert change_after_failure(DUE, FeedGone("u", "HTTP 410"), now=NOW).notice is NoticeKind.FEED_DEAD


def test_a_push_brings_its_items_and_has_the_feed_polled_at_once():
    due = DUE._replace(failures=2, dead=True)
    (item,) = items(1)
    change = change_after_push(due, sightings([item]), set(), now=NOW)
    assert [new.item for new in change.items] == [item]
    assert (change.next_poll, change.succeeded, change.failures, change.dead) == (NOW, False, 2, True)
    assert (change.etag, change.body_hash, change.hub) == ("", "", None)


RSS = b"<rss><channel><title>T</title>%s<item><title>%s</title></item></channel>%s</rss>"


@pytest.mark.parametrize(
    "head",
    [
        b"<lastBuildDate>today</lastBuildDate>",
        b"<pubDate>today</pubDate>",
        b"<updated>2026</updated>",
        b"<generator version='2'>WordPress</generator>",
        b"<!-- made in 3 ms -->",
    ],
)
def test_the_hash_leaves_out_what_changes_with_every_request(head):
    assert body_hash(RSS % (head, b"a", b"")) == body_hash(RSS % (b"", b"a", b"<!-- node 7 -->"))


def test_the_hash_changes_with_the_items():
    assert body_hash(RSS % (b"", b"a", b"")) != body_hash(RSS % (b"", b"b", b""))
    dated = b"a</title><pubDate>%s</pubDate><title>"
    assert body_hash(RSS % (b"", dated % b"1", b"")) != body_hash(RSS % (b"", dated % b"2", b""))


def test_a_comment_that_never_ends_hides_nothing():
    assert body_hash(b"<rss><!-- a") != body_hash(b"<rss><!-- b")


def test_what_was_published_while_nobody_read_the_feed_came_late_and_an_older_date_is_the_feeds_own():
    away = DUE._replace(polled=NOW - 30 * HOUR)
    dates = {"before": NOW - 31 * HOUR, "meanwhile": NOW - 26 * HOUR, "just now": NOW, "undated": None}
    found = [replace(items(1, word=word)[0], published=at) for word, at in dates.items()]
    assert [new.item.guid for new in poll(away, *found).items if new.late] == ["meanwhile-0"]
    assert not any(new.late for new in poll(DUE._replace(polled=None), *found).items)
