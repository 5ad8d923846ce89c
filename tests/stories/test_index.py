"""The index finds what may be alike, forgets what is old, and holds no more than it may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Brief, Item, ItemId, MadeBy, StoredItem, StoryId, StoryMember
from bot.stories import index as indexes
from bot.stories.decide import choose_story
from bot.stories.index import StoryIndex
from tests.stories.conftest import FEED, NOW
from tests.support.ferries import ferry

WORDS = ["apple", "bridge", "candle", "desert", "engine", "falcon", "guitar", "harbour", "island", "jungle"]


def member(
    number: int, title: str = "", text: str = "", *, hours: float = 0, url: str = "", language: str = "en"
) -> StoryMember:
    title = title or f"The {WORDS[number % 10]} and the {WORDS[number // 10 % 10]} of {WORDS[number // 100 % 10]}"
    return StoryMember(
        story=StoryId(number),
        item=ItemId(number),
        url=url,
        title=title,
        text=text,
        language=language,
        seen=NOW + timedelta(hours=hours),
    )


def item(number: int, title: str, text: str = "", *, language: str = "en") -> StoredItem:
    told = Item(guid="", url="", title=title, text=text, language=language)
    return StoredItem(id=ItemId(number), feed=FEED, item=told, seen=NOW)


def found(stories: StoryIndex, one: StoryMember) -> list[int]:
    return [entry.member.item for entry in stories.candidates(stories.read(one, None))]


@pytest.fixture
def stories() -> StoryIndex:
    return StoryIndex()


def test_what_shares_rare_words_is_found_and_nothing_else(stories):
    for number in range(1, 200):
        stories.add(member(number))
    stories.add(member(500, "Quokka escapes from Perth zoo"))
    assert found(stories, member(900, "Zoo in Perth misses its quokka")) == [500]


def test_the_same_page_is_found_under_any_spelling_of_its_address(stories):
    stories.add(member(1, "One", url="http://www.a.example/x/?utm_source=rss"))
    assert found(stories, member(2, "Other", url="https://a.example/x")) == [1]


def test_names_are_found_across_languages(stories):
    stories.add(member(1, "Kyiv and Moscow talk"))
    assert found(stories, member(2, "基輔與莫斯科代表會面", language="zh")) == [1]


def test_a_member_that_is_known_changes_nothing(stories):
    stories.add(member(1))
    stories.add(member(1))
    assert (len(stories), [one.item for one in stories.members()]) == (1, [1])


def test_the_old_leave_no_trace(stories):
    for number in range(1, 50):
        stories.add(member(number, hours=number % 7, url=f"https://a.example/{number}"))
    fresh = {one.item for one in stories.members() if one.seen >= NOW + timedelta(hours=3)}
    stories.forget(NOW + timedelta(hours=3))
    assert {one.item for one in stories.members()} == fresh
    stories.forget(NOW + timedelta(hours=9))
    assert len(stories) == 0
    assert all(found(stories, member(number, url=f"https://a.example/{number}")) == [] for number in range(1, 50))
    assert stories.words("en").documents == StoryIndex().words("en").documents


def test_beyond_its_limit_the_oldest_leave(stories, monkeypatch):
    monkeypatch.setattr(indexes, "MOST_MEMBERS", 3)
    for number in range(1, 6):
        stories.add(member(number, hours=-number))
    assert sorted(one.item for one in stories.members()) == [1, 2, 3]


def test_the_same_members_decide_the_same_in_whatever_order_they_came():
    numbers = range(1, 120)
    one, other = StoryIndex(), StoryIndex()
    for number in numbers:
        one.add(member(number))
    for number in reversed(numbers):
        other.add(member(number))
    new = member(901, "The falcon of the desert and its engine")
    assert found(one, new) == found(other, new)
    assert one.words("en").rarity("falcon") == other.words("en").rarity("falcon")


TOLD = "Ferry with 314 passengers runs aground off Zanzibar, the ferry's owner says"


def test_what_is_rare_follows_from_the_members_and_not_from_how_they_came_and_went():
    """What is learned of a term is forgotten in full, whatever it weighs."""
    numbers = range(1, 60)
    plain, lived = StoryIndex(), StoryIndex()
    for number in numbers:
        plain.add(member(number))
    for number in range(100, 130):
        lived.add(member(number, TOLD, hours=-30))
        lived.add(member(number + 100, "基輔與莫斯科代表會面 314", hours=-30, language="zh"))
    lived.forget(NOW - timedelta(hours=1))
    brief = Brief(title_zh="渡輪擱淺", title_en=TOLD, summary_zh="", summary_en=TOLD, made_by=MadeBy.TRANSLATION)
    for number in reversed(numbers):
        lived.add(member(number))
        lived.renew(replace(member(number), brief=brief))
        lived.renew(member(number))
    terms = plain.read(member(900, f"{TOLD}: the falcon of the desert"), None).versions[0]
    for one, other in ((plain.words("en"), lived.words("en")), (plain.concepts, lived.concepts)):
        assert [one.rarity(term) for term in terms.words] == [other.rarity(term) for term in terms.words]
        assert one.terms == other.terms


def test_what_left_is_as_rare_as_what_never_came(stories):
    for day in range(3):
        for number in range(1, 30):
            stories.add(member(100 * day + number, f"{TOLD} {number}", hours=day * 24))
        assert stories.words("en").terms < 60
        stories.forget(NOW + timedelta(hours=day * 24 + 1))
        assert (stories.words("en").terms, stories.concepts.terms) == (0, 0)
        fresh = StoryIndex()
        for term in stories.read(member(900, TOLD), None).versions[0].words:
            assert stories.words("en").rarity(term) == fresh.words("en").rarity(term)


def test_of_a_crowd_the_newest_are_found_in_whatever_order_they_came():
    """More have the words than are followed."""
    told = [member(number, f"Envoys hold talks, {WORDS[number % 10]} on the table") for number in range(1, 500)]
    one, other = StoryIndex(), StoryIndex()
    for each in told:
        one.add(each)
    for each in reversed(told):
        other.add(each)
    new = member(901, "Talks of envoys")
    assert found(one, new) == found(other, new) == list(range(492, 500))


def test_replicas_with_the_same_members_decide_alike_whatever_they_saw_before():
    brief = Brief(title_zh="渡輪擱淺", title_en=TOLD, summary_zh="", summary_en=TOLD, made_by=MadeBy.TRANSLATION)
    told = [member(number, *ferry(number)[1:]) for number in range(60)]
    told += [replace(member(60, "基輔與莫斯科代表會面", language="zh"), brief=brief), member(61, TOLD)]
    young, old = StoryIndex(), StoryIndex()
    for each in told:
        young.add(each)
    for number in range(200, 260):
        old.add(member(number, f"{TOLD} {number}", hours=-number))
    for each in reversed(told):
        old.add(replace(each, brief=None))
    old.forget(NOW - timedelta(hours=1))
    old.renew(told[60])
    probes = [item(900 + number, ferry(number)[1], ferry(number)[2][: 40 + number]) for number in range(60)]
    probes += [item(960, "Ferry with passengers aground off Zanzibar"), item(961, "渡輪擱淺 莫斯科", language="zh")]
    decided = [choose_story(each, young) for each in probes]
    assert decided == [choose_story(each, old) for each in probes]
    assert sum(same is not None for same in decided) > 30


def test_a_member_is_compared_by_the_brief_that_came_later(stories):
    plain = member(1, "Fähre sinkt", language="de")
    stories.add(plain)
    other = member(2, "Ferry sinks off Zanzibar")
    assert found(stories, other) == []
    brief = Brief(
        title_zh="", title_en="Ferry sinks off Zanzibar", summary_zh="", summary_en="", made_by=MadeBy.TRANSLATION
    )
    stories.renew(replace(plain, brief=brief))
    assert found(stories, other) == [1]
    stories.renew(plain)
    assert found(stories, other) == []
    stories.forget(NOW + timedelta(hours=9))
    assert len(stories) == 0
