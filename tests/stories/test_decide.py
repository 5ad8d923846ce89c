"""Reports of one event are one story, in whatever words; what went on is told; what only looks alike is not joined."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import Brief, Item, ItemId, MadeBy, Shared, StoredItem, StoryKind
from bot.stories.decide import choose_story
from tests.stories.conftest import FEED, NOW, Newsroom

TALKS = "Russia, Ukraine and US hold trilateral talks in Abu Dhabi"
TALKS_TEXT = (
    "Negotiators from Moscow, Kyiv and Washington sat down on Friday to discuss a ceasefire and the exchange of 314 "
    "prisoners, officials in the Emirati capital said."
)
OTHER_TALKS = "Envoys meet in Abu Dhabi for three-way Ukraine talks"
OTHER_TEXT = (
    "Delegations of Russia, Ukraine and the United States met in the Emirati capital; a swap of 314 prisoners and a "
    "ceasefire are on the table."
)
ZH_TALKS = "俄烏美三方會談在阿布扎比舉行"
ZH_TEXT = "俄羅斯、烏克蘭與美國代表星期五在阿布扎比會面，討論停火與交換314名戰俘。"
QUAKE = "Strong earthquake shakes Kathmandu, buildings collapse"
QUAKE_TEXT = "Rescuers search the rubble in the Nepalese capital after an earthquake toppled dozens of houses at dawn."


def test_other_words_for_the_same_event_are_held_back_with_the_reasons(newsroom):
    assert newsroom.tell(TALKS, TALKS_TEXT) is None
    same = newsroom.tell(OTHER_TALKS, OTHER_TEXT, hours=1)
    assert same.kind is StoryKind.EVENT
    assert (same.story, same.item) == (1, 1)
    assert 0.5 <= same.score <= 1
    reasons = {reason.shared: reason.words for reason in same.reasons}
    assert "314" in reasons[Shared.NUMBERS]
    assert {"Ukraine", "Russia"} <= set(reasons[Shared.NAMES])
    assert {"prisoners", "ceasefire"} <= set(reasons[Shared.WORDS])


def test_another_event_begins_a_new_story(newsroom):
    newsroom.tell(TALKS, TALKS_TEXT)
    assert newsroom.tell(QUAKE, QUAKE_TEXT) is None


@pytest.mark.parametrize("first", ["en", "zh"])
def test_the_same_event_is_known_in_the_other_language_by_names_and_numbers(newsroom, first):
    told = {"en": (TALKS, TALKS_TEXT), "zh": (ZH_TALKS, ZH_TEXT)}
    newsroom.tell(*told.pop(first), language=first)
    [(language, (title, text))] = told.items()
    same = newsroom.tell(title, text, language=language)
    assert same.kind is StoryKind.EVENT
    assert Shared.NUMBERS in {reason.shared for reason in same.reasons}


def test_a_translation_joins_what_names_alone_cannot(newsroom):
    title, text = "渡輪在港口擱淺 乘客全數獲救", "一艘渡輪清晨駛離碼頭後擱淺，船上乘客均獲救上岸。"
    english = "Ferry runs aground in harbour, all passengers rescued"
    summary = "A ferry ran aground at dawn after leaving the pier; every passenger was rescued and brought ashore."
    brief = Brief(title_zh=title, title_en=english, summary_zh=text, summary_en=summary, made_by=MadeBy.TRANSLATION)
    story = ("All passengers rescued as ferry runs aground in the harbour", "The ferry ran aground at dawn.")
    newsroom.tell(*story)
    assert choose(newsroom, title, text) is None
    assert choose(newsroom, title, text, brief).story == 1
    newsroom.tell(title, text, language="zh", brief=brief)
    newsroom.index.forget(NOW + timedelta(seconds=1))
    newsroom.tell(title, text, language="zh", hours=1, brief=brief)
    assert newsroom.tell(*story, hours=1).item == 3


def choose(newsroom, title, text, brief=None):
    item = Item(guid="", url="", title=title, text=text, language="zh")
    return choose_story(StoredItem(id=ItemId(99), feed=FEED, item=item, seen=NOW), newsroom.index, brief)


def test_an_untranslated_brief_says_nothing_in_the_other_language(newsroom):
    brief = Brief(title_zh="", title_en="", summary_zh="", summary_en="", made_by=MadeBy.EXTRACT, untranslated=True)
    newsroom.tell(TALKS, TALKS_TEXT, brief=brief)
    assert newsroom.tell(OTHER_TALKS, OTHER_TEXT, brief=brief).kind is StoryKind.EVENT


@pytest.mark.parametrize(
    ("title", "new"),
    [
        ("Earthquake in Kathmandu kills 30, buildings collapse", ("30",)),
        ("Strong earthquake of magnitude 7.1 shakes Kathmandu, buildings collapse", ("7.1",)),
    ],
)
def test_a_figure_nobody_told_is_a_development(newsroom, title, new):
    newsroom.tell(QUAKE, QUAKE_TEXT)
    same = newsroom.tell(title, QUAKE_TEXT, hours=1)
    assert (same.story, same.kind, same.new) == (1, StoryKind.DEVELOPMENT, new)


@pytest.mark.parametrize(
    ("language", "first", "then", "new"),
    [
        (
            "en",
            "Governor of Xinjiang to visit London next week",
            "Governor of Xinjiang cancels visit to London",
            "cancels",
        ),
        ("zh", "英官員稱新疆主席吐尼亞孜下周或訪英", "英外交部：新疆主席吐尼亞孜取消訪英", "取消"),
    ],
)
def test_a_turn_is_a_development_though_the_rest_of_the_headline_was_told(newsroom, language, first, then, new):
    newsroom.tell(first, language=language)
    same = newsroom.tell(then, language=language, hours=2)
    assert (same.story, same.kind, same.new) == (1, StoryKind.DEVELOPMENT, (new,))


def test_a_figure_the_story_knows_from_any_member_is_none(newsroom):
    newsroom.tell(QUAKE, QUAKE_TEXT)
    newsroom.tell("Earthquake in Kathmandu kills 30, buildings collapse", QUAKE_TEXT, hours=1)
    same = newsroom.tell("30 dead as earthquake shakes Kathmandu and buildings collapse", QUAKE_TEXT, hours=2)
    assert same.kind is StoryKind.EVENT


def test_a_number_in_words_is_no_figure_where_headlines_count_nothing(newsroom):
    newsroom.tell(TALKS, TALKS_TEXT)
    assert newsroom.tell(OTHER_TALKS, OTHER_TEXT).new == ()


def test_a_rising_toll_in_words_is_a_development(newsroom):
    newsroom.tell("Two soldiers killed as truck overturns near Nowshera", "An army truck overturned near Nowshera.")
    same = newsroom.tell("Five soldiers killed as truck overturns near Nowshera", "The truck overturned near Nowshera.")
    assert (same.kind, same.new) == (StoryKind.DEVELOPMENT, ("5",))


def test_after_a_night_a_headline_with_other_words_is_a_development():
    title = "Kremlin praises trilateral talks between Russia, Ukraine and US in Abu Dhabi as constructive"
    for hours, kind in ((1, StoryKind.EVENT), (20, StoryKind.DEVELOPMENT)):
        day = Newsroom()
        day.tell(TALKS, TALKS_TEXT)
        assert day.tell(title, OTHER_TEXT, hours=hours).kind is kind


def test_editions_of_a_series_are_developments(newsroom):
    for title, expected in (
        ("Announcing v201601 of the Harbour Wire interface", None),
        ("Announcing v201603 of the Harbour Wire interface", "v201603"),
    ):
        same = newsroom.tell(title, "The new version of the Harbour Wire interface brings labels and reports.")
        assert (same.new if same else None) == ((expected,) if expected else None)


def test_headlines_about_different_places_are_different_events(newsroom):
    newsroom.tell("Storm hits the coast of Texas, thousands without power", "Trees fell, roads were flooded.")
    assert (
        newsroom.tell("Storm hits the coast of Florida, thousands without power", "Trees fell, a pier broke.") is None
    )


@pytest.mark.parametrize(("place", "joined"), [("Boston", True), ("Toronto", False)])
def test_a_country_and_a_place_in_it_are_one_place(newsroom, place, joined):
    text = "Drivers will pay less for petrol at the pump next year, the price tracker forecasts, as refineries reopen. "
    newsroom.tell(f"{place} drivers to pay less for petrol next year", f"{text} That is good news, it says.")
    same = newsroom.tell("United States: petrol at the pump to be cheaper", f"{text} The tracker asked 200 stations.")
    assert (same is not None) is joined


def test_a_notice_under_all_items_joins_none(newsroom):
    notice = "You are reading the free edition. Register for the full reports, pick your country and commodity. " * 3
    newsroom.tell("Further slowdown ahead for exporters", notice)
    assert newsroom.tell("Copper set to outperform rivals", notice) is None


def test_a_story_does_not_drift_step_by_step(newsroom):
    steps = [
        ("Ferry runs aground at Aarhus", "The ferry Poseidon ran aground at Aarhus; divers inspect the hull."),
        (
            "Divers inspect hull of ferry Poseidon",
            "Divers inspect the Poseidon; the shipyard Nordvaerft awaits orders.",
        ),
        ("Shipyard Nordvaerft awaits orders", "The shipyard Nordvaerft awaits orders; its union Metal plans a strike."),
        ("Union Metal plans strike at shipyard", "The union Metal plans a strike over pay at the shipyard Nordvaerft."),
    ]
    stories = [same.story if same else None for same in (newsroom.tell(*step) for step in steps)]
    assert stories[-1] != 1


def test_the_outlet_at_the_end_of_a_title_makes_no_difference(newsroom):
    newsroom.tell(QUAKE, QUAKE_TEXT)
    same = newsroom.tell(f"{QUAKE} - The Harbour Wire", QUAKE_TEXT[:60])
    assert same.kind in {StoryKind.REPEAT, StoryKind.EVENT}


def test_topics_last_and_events_pass_so_later_more_likeness_is_asked_for(newsroom):
    newsroom.tell(TALKS, TALKS_TEXT)
    late = Newsroom()
    late.tell(TALKS, TALKS_TEXT)
    assert late.tell(OTHER_TALKS, OTHER_TEXT, hours=70).score < newsroom.tell(OTHER_TALKS, OTHER_TEXT).score


def test_languages_that_share_no_names_here_are_not_compared(newsroom):
    newsroom.tell(TALKS, TALKS_TEXT)
    assert newsroom.tell(TALKS, TALKS_TEXT + " Ja.", language="de") is None
