"""The brief that needs no translator."""

from __future__ import annotations

import pytest

from bot.briefs.extract import extract_brief, pick_sentences
from bot.briefs.glossary import Glossary
from bot.briefs.shorten import shorten
from bot.briefs.source import Source, source_of
from bot.model import Item, Language, MadeBy
from tests.briefs.conftest import CHINESE, ENGLISH, ENGLISH_TITLE


def test_english_extract_has_its_sentences_and_the_terms_in_chinese(english: Source, glossary: Glossary) -> None:
    brief = extract_brief(english, glossary)
    assert (brief.title_en, brief.title_zh) == (ENGLISH_TITLE, "")
    assert brief.summary_en == ENGLISH
    assert brief.summary_zh == "三方會談、阿布扎比、俄羅斯、烏克蘭、美國、特使、威特科夫、阿聯酋"
    assert (brief.made_by, brief.untranslated) == (MadeBy.EXTRACT, True)


def test_chinese_extract_has_its_sentences_and_the_terms_in_english(chinese: Source, glossary: Glossary) -> None:
    brief = extract_brief(chinese, glossary)
    assert (brief.title_zh, brief.title_en) == ("三方會談在阿布扎比結束", "")
    assert brief.summary_zh == CHINESE
    assert brief.summary_en.startswith("trilateral talks, Abu Dhabi, Russia, Ukraine, United States")


def test_a_third_language_goes_to_the_english_side(glossary: Glossary) -> None:
    text = "Les négociations entre la Russie et l'Ukraine ont repris dimanche à Moscow."
    brief = extract_brief(Source(title="Négociations", text=text, language="fr"), glossary)
    assert (brief.title_en, brief.summary_en, brief.title_zh) == ("Négociations", text, "")
    assert brief.summary_zh == "烏克蘭、莫斯科"


def test_a_title_in_both_languages_gives_both_titles(glossary: Glossary) -> None:
    brief = extract_brief(
        Source(title=f"三方會談在阿布扎比結束 / {ENGLISH_TITLE}", text=ENGLISH, language="en"), glossary
    )
    assert (brief.title_zh, brief.title_en) == ("三方會談在阿布扎比結束", ENGLISH_TITLE)


def test_the_title_is_not_repeated_and_the_lead_comes_first() -> None:
    text = (
        f"{ENGLISH_TITLE}.\n\n{ENGLISH}\n\nWhat comes next for everybody in the room?\n\n"
        + "More was said later. " * 50
    )
    sentences = pick_sentences(Source(title=ENGLISH_TITLE, text=text, language="en"), Language.EN)
    assert sentences[0].startswith("The trilateral Russian-Ukrainian-US talks")
    assert len(sentences) == 3
    assert not any("What comes next" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("language", "unit", "most"), [("en", "The delegates talked on and on and ", 400), ("zh", "代表們一直在談，", 160)]
)
def test_summaries_stay_short(language: str, unit: str, most: int, glossary: Glossary) -> None:
    brief = extract_brief(Source(title="T", text=unit * 500, language=language), glossary)
    summary = brief.summary_zh if language == "zh" else brief.summary_en
    assert most // 2 < len(summary) <= most
    assert summary.endswith("…")


def test_an_item_without_a_title_or_a_text_still_gives_what_it_has(glossary: Glossary) -> None:
    assert extract_brief(Source(title="", text=ENGLISH, language="en"), glossary).title_en.startswith("The trilateral")
    assert extract_brief(Source(title=ENGLISH_TITLE, text="", language="en"), glossary).summary_en == ""
    assert extract_brief(Source(title="", text="", language=""), glossary).title_en == ""
    assert extract_brief(Source(title="T", text="...", language="en"), glossary).summary_en == ""


def test_no_markup_of_an_article_reaches_the_extract(glossary: Glossary) -> None:
    item = Item(
        guid="1", url="u", title="<b>Talks</b> end", text=f"<img src=x onerror=alert(1)>{ENGLISH}", language="en"
    )
    brief = extract_brief(source_of(item), glossary)
    assert (brief.title_en, brief.summary_en) == ("Talks end", ENGLISH)


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("short", 10, "short"),
        ("a long sentence, with a clause", 20, "a long sentence…"),
        ("many plain words in a row", 15, "many plain…"),
        ("代表團已經離開會場，但是會談仍在繼續進行", 15, "代表團已經離開會場…"),
        ("代表團已經離開會場但是會談仍在繼續進行", 10, "代表團已經離開會場…"),
    ],
)
def test_shortening_ends_at_a_clause_or_word(text: str, most: int, short: str) -> None:
    assert shorten(text, most) == short
    assert len(short) <= most


def test_headings_repeats_and_broken_sentences_are_left_out() -> None:
    lead = "A jet preparing to depart to the coast braked to avoid another jet on Tuesday."
    text = f"{lead}\n\nCrack the word, one row at a time\n\n{lead[:-1]}, the bureau said in a statement.\n\nAt a n..."
    source = source_of(Item(guid="1", url="", title="Close call", text=text, language="en"))
    assert pick_sentences(source, Language.EN) == [lead]


def test_a_sentence_that_is_all_there_is_may_be_broken_off() -> None:
    source = source_of(Item(guid="1", url="", title="News", text="At a regular news conference the […]", language="en"))
    assert pick_sentences(source, Language.EN) == ["At a regular news conference the…"]
