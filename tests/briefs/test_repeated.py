"""What an outlet repeats under its items is left out of their briefs, in any language."""

from __future__ import annotations

import pytest

from bot.briefs.repeated import RepeatedLines
from bot.model import Item

NEWS = "The ferry to Zanzibar sank on Sunday with nobody aboard, the harbour office said."
MORE = "It had been taken out of service a week before, after an engine failed."
PUZZLE = "Tiny puzzle, mighty brain teaser"


def item(number: int, *lines: str, host: str = "news.example", title: str = "") -> Item:
    url = f"https://{host}/{number}"
    return Item(guid=str(number), url=url, title=title or f"Title {number}", text="\n\n".join(lines))


def heeding(*items: Item) -> RepeatedLines:
    repeated = RepeatedLines()
    for one in items:
        repeated.heed(one)
    return repeated


def others(line: str, count: int = 3, **more) -> list[Item]:
    return [item(number, f"News {number} of the day, and a bit more.", line, **more) for number in range(count)]


@pytest.mark.parametrize("line", [PUZZLE, "Ons nuusbrief kom elke oggend.", "每日精選，盡在本台應用程式。"])
def test_a_line_that_stands_under_three_titles_of_a_host_is_left_out(line):
    repeated = heeding(*others(line))
    assert repeated.without(item(9, NEWS, f"  {line} ", MORE)).text.split() == f"{NEWS} {MORE}".split()


def test_the_heading_of_a_list_of_links_stays_as_what_is_below_it_is_known_by_it():
    told = item(9, NEWS, MORE, "Related stories", "Another ferry")
    assert heeding(*others("Related stories")).without(told) == told


def test_under_fewer_titles_or_another_host_it_stays():
    told = item(9, NEWS, PUZZLE)
    assert heeding(*others(PUZZLE, 2)).without(told) == told
    assert heeding(*others(PUZZLE, host="other.example")).without(told) == told
    assert heeding(*others(PUZZLE, title="One and the same, polled again")).without(told) == told


def test_what_is_repeated_may_be_more_lines_than_the_news_but_not_more_of_the_text():
    buttons = ["Share it on", "Mini Crossword", "Word Search", "Crack the word, one row at a time"]
    repeated = heeding(*(item(number, f"News {number}.", *buttons) for number in range(3)))
    assert repeated.without(item(9, NEWS, *buttons)).text.strip() == NEWS


def test_an_item_told_again_under_other_titles_keeps_its_text():
    again = [item(number, NEWS, MORE) for number in range(4)]
    assert heeding(*again).without(again[3]) == again[3]


def test_items_without_an_address_or_with_a_broken_one_are_taken_as_they_are():
    broken = [item(number, NEWS, PUZZLE, host="[") for number in range(4)]
    assert heeding(*broken).without(broken[0]) == broken[0]


def test_what_is_remembered_is_bounded_and_what_comes_again_and_again_stays():
    repeated = RepeatedLines()
    for number in range(500):
        repeated.heed(item(number, *(f"Line {line} of item {number}" for line in range(20)), PUZZLE))
        repeated.heed(item(number, NEWS, host=f"host{number}.example"))
    assert len(repeated._hosts) == 200
    assert all(len(lines) <= 200 for lines in repeated._hosts.values())
    assert repeated.without(item(501, NEWS, PUZZLE)).text.strip() == NEWS
