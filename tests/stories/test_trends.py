"""Names and phrases that titles have now and had much less before, in English and Chinese."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import FeedId, ItemId, Titled
from bot.stories.trends import rising, surprise
from bot.text.fold import fold

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
NAMES = {fold(form): concept for form, concept in {"阿布扎比": "Abu Dhabi", "Abu Dhabi": "Abu Dhabi"}.items()}


def titles(*lines: str, feeds: int = 3) -> list[Titled]:
    return [
        Titled(ItemId(n), FeedId(n % feeds), line, f"https://a.example/{n}", "", NOW - timedelta(minutes=n))
        for n, line in enumerate(lines, 1)
    ]


def found(now, before=(), **more):
    options = {"share": len(now) / len(before) if before else 0.0, "names": {}, "most": 9} | more
    return rising(now, before, **options)


QUIET = titles(*(f"The weather stays calm in week {n}" for n in range(30)))


def test_a_name_that_is_new_rises_with_its_newest_title():
    now = titles("Envoys meet in Abu Dhabi", "Second day of talks in Abu Dhabi", "What Abu Dhabi wants")
    [rise] = found(now, QUIET)
    assert rise.phrases == ("Abu Dhabi",)
    assert (rise.items, rise.feeds, rise.usual, rise.example.id) == (3, 3, 0.0, 1)


def test_words_that_headlines_of_any_day_begin_with_or_write_large_do_not_rise():
    now = titles(
        "Breaking: Envoys Sign Tariff Deal", "Breaking: Banks Await Tariff Deal", "Breaking: Tariff Deal Falls Apart",
        "突发：台积电推出新芯片", "突发：台积电将裁员", "快讯：台积电推出手机",
    )  # fmt: skip
    phrases = [phrase for rise in found(now, QUIET) for phrase in rise.phrases]
    assert not {"Breaking", "Tariff", "Deal", "突发", "推出"} & {*phrases}
    assert "台积电" in phrases


def test_a_name_that_is_as_usual_does_not_rise():
    now = titles("Envoys meet in Abu Dhabi", "Second day of talks in Abu Dhabi", "What Abu Dhabi wants")
    assert found(now, titles(*(f"Envoys left Abu Dhabi on day {n}" for n in range(3)))) == []


@pytest.mark.parametrize("feeds", [1, 2])
def test_one_feed_alone_makes_nothing_rise(feeds: int):
    now = titles(*(f"Envoys meet in Abu Dhabi {n}" for n in range(4)), feeds=feeds)
    assert bool(found(now, QUIET)) == (feeds > 1)


def test_a_chinese_name_is_found_whole_and_in_both_scripts():
    now = titles("三方會談在阿布扎比舉行", "阿布扎比会谈结束", "特使抵達阿布扎比", "各方關注阿布扎比新一輪談判")
    assert found(now, QUIET)[0].phrases == ("阿布扎比",)
    assert found(now, QUIET)[0].items == 4


def test_a_name_in_both_languages_is_one():
    now = titles("Envoys meet in Abu Dhabi", "特使抵達阿布扎比", "The road to Abu Dhabi", "阿布扎比會談結束")
    [rise] = [one for one in found(now, QUIET, names=NAMES) if "Abu Dhabi" in one.phrases]
    assert (set(rise.phrases), rise.items) == ({"Abu Dhabi", "阿布扎比"}, 4)


def test_titles_all_in_capitals_tell_no_names_but_known_ones():
    now = titles(*(f"Rebels Capture Town Near River Number {word}" for word in ("One", "Two", "Three")))
    assert found(now, QUIET) == []
    known = titles(*(f"Leaders Arrive in Narnia for {word} Hours" for word in ("Some", "Many", "Few")))
    assert [rise.phrases for rise in found(known, QUIET, names={"narnia": "Narnia"})] == [("Narnia",)]


def test_everyday_words_and_the_outlets_name_do_not_rise():
    now = titles(*(f"On Monday the President said number {n} is enough - Daily Globe" for n in range(5)))
    assert found(now, QUIET) == []


def test_nothing_rises_where_nothing_came():
    assert found([], []) == []
    assert found([], QUIET) == []


def test_the_surprise_grows_with_the_count_and_falls_with_what_is_usual():
    assert surprise(3, 3) == 0
    assert surprise(3, 0) > surprise(3, 1) > 0
    assert surprise(9, 1) > surprise(5, 1)
