"""An item keeps its identity through changed dates, tracking parameters and schemes."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.identity import MAX_KEY, link_key
from bot.model import Item
from tests.support.sightings import identity_keys

ITEM = Item(guid="n-1", url="https://www.news.example/1?utm_source=rss", title="Talks open", text="Envoys met.")


def keys(item: Item) -> tuple[str, ...]:
    return identity_keys([item])[0]


def test_guid_comes_first_then_link_then_content():
    assert [key.partition(":")[0] for key in keys(ITEM)] == ["g", "u", "c"]
    assert keys(ITEM)[:2] == ("g:n-1", "u:https://news.example/1")


def test_the_key_of_a_link_is_that_of_its_item():
    long = replace(ITEM, url=f"https://news.example/{'x' * 99}")
    for item in (ITEM, long):
        assert link_key(item.url) == keys(item)[1]
    assert link_key("https://news.example/") == ""


def test_a_changed_date_changes_no_key():
    assert keys(replace(ITEM, published=datetime(2026, 2, 3, tzinfo=UTC))) == keys(ITEM)


def test_tracking_and_scheme_change_no_link_key():
    assert keys(replace(ITEM, url="http://news.example/1/?fbclid=x"))[1] == keys(ITEM)[1]


def test_width_case_and_spaces_change_no_content_key():
    other = replace(ITEM, title="ＴＡＬＫＳ  open", text="Envoys\n\nmet.")
    assert keys(other)[2] == keys(ITEM)[2]


def test_a_link_that_different_items_share_is_no_key():
    first, other = (replace(ITEM, guid=guid, title=guid, url="https://news.example/live") for guid in ("a", "b"))
    assert all(key[0] != "u" for own in identity_keys([first, other]) for key in own)


def test_a_repeated_item_keeps_its_link_key():
    assert identity_keys([ITEM, replace(ITEM, guid="n-2")])[1][:2] == ("g:n-2", "u:https://news.example/1")


def test_a_guid_that_different_items_share_is_no_key():
    first, other = (replace(ITEM, title=title, url=f"https://news.example/{title}") for title in ("a", "b"))
    assert all(key[0] != "g" for own in identity_keys([first, other]) for key in own)


def test_an_item_told_twice_with_an_edited_title_keeps_its_guid_key():
    assert identity_keys([ITEM, replace(ITEM, title="Talks opened")])[0][0] == "g:n-1"


def test_the_front_page_is_no_key():
    for url in ("https://news.example", "https://www.news.example/", "https://news.example/?utm_medium=rss"):
        assert [key[0] for key in keys(replace(ITEM, url=url))] == ["g", "c"]


def test_a_title_alone_is_a_key_only_for_want_of_others():
    assert [key[0] for key in keys(replace(ITEM, text=""))] == ["g", "u"]
    assert [key[0] for key in keys(Item(guid="", url="", title="Morning briefing"))] == ["c"]


@given(st.lists(st.builds(Item, guid=st.text(), url=st.text(), title=st.text(), text=st.text()), max_size=5))
def test_every_item_has_short_keys_whatever_it_holds(items):
    for own in identity_keys(items):
        assert own
        assert all(len(key) <= MAX_KEY for key in own)


def test_long_names_are_hashed_and_stay_apart():
    first, other = (keys(replace(ITEM, guid="x" * 100 + end))[0] for end in "ab")
    assert first != other
    assert len(first) <= MAX_KEY
