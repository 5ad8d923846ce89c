"""An item told already is known again; whatever may be new is told."""

from datetime import UTC, datetime

import pytest

from bot.model import FeedId, FeedRef, Item, ItemId, Shared, StoredItem, StoryId, StoryKind, StoryMember
from bot.stories.decide import choose_story
from bot.stories.index import StoryIndex
from bot.stories.same import likeness

NOW = datetime(2026, 1, 24, 12, tzinfo=UTC)
FEED = FeedRef(id=FeedId(1), url="https://example.com/feed")
TITLE = "Russia, Ukraine and US hold trilateral talks in Abu Dhabi"
TEXT = (
    "Negotiators from Moscow, Kyiv and Washington sat down at one table on Friday for the first time since the war "
    "began, officials in the Emirati capital said. The delegations discussed a ceasefire along the front line, the "
    "exchange of 300 prisoners and the future of the Zaporizhzhia nuclear plant. Nobody expected a quick result, but "
    "diplomats spoke of a businesslike mood and agreed to carry on the next morning behind closed doors. The hosts "
    "promised to publish a short joint statement once every delegation has had the time to consult its government."
)
OTHER_TEXT = (
    "Shares rose in early trading after the central bank left its main rate unchanged and hinted at a cut in spring. "
    "Economists had expected a more cautious tone because inflation in services has been slow to come down this year."
)


def item(title=TITLE, text=TEXT, url="https://one.example/a", language="en", number=99):
    entry = Item(guid="g", url=url, title=title, text=text, language=language)
    return StoredItem(id=ItemId(number), feed=FEED, item=entry, seen=NOW)


def member(title=TITLE, text=TEXT, url="https://two.example/b", language="en", number=1):
    return StoryMember(
        story=StoryId(number), item=ItemId(number), url=url, title=title, text=text, language=language, seen=NOW
    )


def choose(new, *told):
    stories = StoryIndex()
    for one in told:
        stories.add(one)
    return choose_story(new, stories)


def same(new, told):
    """Whether it is held back: a development is told."""
    found = choose(new, told)
    return found is not None and found.kind is not StoryKind.DEVELOPMENT


def test_the_same_page_under_another_spelling_of_its_address_is_the_same():
    told = member(url="http://www.one.example/a/?utm_source=rss", text=OTHER_TEXT)
    assert same(item(), told)
    assert likeness(item().item, told).shared is Shared.LINK


def test_the_same_page_in_another_language_is_the_same():
    assert same(item(), member(url="https://one.example/a", title="三方會談", text="", language="zh"))


@pytest.mark.parametrize("url", ["https://one.example/", "https://one.example", "", "not a link"])
def test_an_address_that_all_items_of_a_feed_share_tells_nothing(url):
    assert not same(item(url=url, text="a"), member(url=url, text="b"))


def test_a_page_that_gets_a_new_title_each_time_tells_new_things():
    assert not same(
        item(url="https://x.example/live"), member(url="https://x.example/live", title="Storm warning", text="")
    )


def test_a_permalink_in_the_query_is_a_page():
    url = "https://one.example/?p=12"
    assert same(item(url=url, text=""), member(url=url, text="x"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Round 1 of the talks ends", "Round 2 of the talks ends"),
        ("Round one of the talks ends", "Round two of the talks ends"),
        ("Part II of the great report on talks", "Part III of the great report on talks"),
        ("第一輪三方會談在阿布扎比結束", "第二輪三方會談在阿布扎比結束"),
    ],
)
def test_parts_of_a_series_are_never_one_not_even_under_one_address(one, other):
    url = "https://one.example/series"
    assert not same(item(title=one, url=url), member(title=other, url=url))


def test_the_same_article_from_another_feed_is_the_same():
    told = member(title=TITLE.upper() + "!")
    found = likeness(item().item, told)
    assert found.shared is Shared.TEXT
    assert found.score == 1.0
    assert same(item(), told)


def test_a_slightly_edited_article_is_the_same():
    edited = TEXT.replace("businesslike", "constructive").replace("quick", "fast")
    assert same(item(title=TITLE + ", officials say", text=edited), member())


def test_a_teaser_and_its_article_are_the_same():
    assert same(item(text=TEXT[:240]), member())


def test_another_article_about_the_event_is_another():
    text = "What the meeting in the Emirates means for Europe, in five charts and a map of the front. " * 3
    assert not same(item(text=text), member())


def test_a_text_with_another_figure_is_another():
    assert not same(item(text=TEXT.replace("300", "157")), member())


def test_another_language_is_another_item():
    assert not same(item(), member(language="de"))


@pytest.mark.parametrize(
    ("title", "text", "other_text", "expected"),
    [
        ("Morning briefing", "Gaza, rates and rain.", "Storms, oil and cricket.", False),
        ("Morning briefing", "", "Storms, oil and cricket.", False),
        ("Morning briefing", "", "", True),
        ("Morning briefing", "Gaza, rates.", "Gaza, rates!", True),
        (TITLE, "", TEXT, True),
        ("俄羅斯、烏克蘭與美國在阿布扎比舉行會談", "", "正文", True),
        ("", "", "", False),
        ("?!", "...", "...", False),
    ],
)
def test_equal_titles_need_texts_that_do_not_gainsay(title, text, other_text, expected):
    assert same(item(title=title, text=text), member(title=title, text=other_text)) is expected


def test_a_notice_under_all_items_of_a_feed_makes_them_no_story():
    notice = "Read the whole article on our site. Sign up for our newsletter and never miss a thing. " * 2
    one, other = "Storm hits the coast of Texas hard", "Storm hits the coast of Florida hard"
    assert not same(item(title=one, text=notice), member(title=other, text=notice))


def test_simplified_and_traditional_spellings_of_one_article_are_the_same():
    text = "莫斯科、基輔與華盛頓的代表週五首次坐到同一張桌子前，阿聯酋首都的官員如此表示。各方討論前線停火與換俘。" * 2
    simplified = (
        "莫斯科、基辅与华盛顿的代表周五首次坐到同一张桌子前，阿联酋首都的官员如此表示。各方讨论前线停火与换俘。" * 2
    )
    assert same(
        item(title="三方會談在阿布扎比舉行", text=text.replace("週", "周"), language="zh"),
        member(title="三方会谈在阿布扎比举行", text=simplified, language="zh"),
    )


def test_the_most_alike_of_several_is_chosen():
    teaser = member(text=TEXT[:230], number=1, title=TITLE + " on Friday")
    whole = member(number=2)
    assert choose(item(), teaser, whole).item == whole.item


def test_an_item_is_not_its_own_repetition():
    assert choose(item(number=1), member(number=1)) is None


def test_nothing_told_means_a_new_story():
    assert choose(item()) is None


@pytest.mark.parametrize("text", ["\x00" * 1000, "((((" * 1000, "a" * 100_000, "三" * 100_000, "\ud800"])
def test_odd_texts_are_no_trouble(text):
    assert choose(item(title=text[:500], text=text), member(), member(text=text, number=2)) is None
