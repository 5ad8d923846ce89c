"""The brief that needs no translator."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.extract import extract_brief, pick_sentences
from bot.briefs.glossary import Glossary
from bot.briefs.ranking import content_words, rank
from bot.briefs.selection import choose
from bot.briefs.shorten import LENGTHS, MOST_SENTENCES, shorten
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


REPORT = (
    "Envoys of three countries ended two days of talks in Abu Dhabi on Sunday. The talks were the second round this "
    "year. The envoys agreed to exchange 314 prisoners. The palace was guarded by hundreds of soldiers. A spokesman "
    "thanked the hosts for their patience. Oil fell by 2 percent in London after the news. The envoys said the talks "
    "would go on next week. Snow had delayed one of the delegations."
)


def picked(text: str, *, title: str = "Talks end", language: str = "en", sought: tuple[str, ...] = ()) -> list[str]:
    made = source_of(Item(guid="1", url="", title=title, text=text, language=language), sought)
    return pick_sentences(made, made.side)


@pytest.mark.parametrize("word", ["oil", "Snow delegations", "delegation", "guards palace", "percent"])
def test_a_sentence_with_a_word_that_was_sought_is_in_the_extract(word: str) -> None:
    sought = tuple(word.split())
    wanted = next(sentence for sentence in REPORT.split(". ") if sought[0].lower()[:5] in sentence.lower())
    assert not any(wanted in sentence for sentence in picked(REPORT)[1:])
    chosen = picked(REPORT, sought=sought)
    assert any(wanted in sentence for sentence in chosen)
    assert chosen[0].startswith("Envoys of three countries")


def test_a_sought_word_is_found_in_the_other_script() -> None:
    text = "俄羅斯代表團昨天離開。" * 1 + "會談進行了兩天，地點是阿聯酋首都，三國都派出了代表。" * 1
    text += "各方交換了名單，並且同意繼續談判下去，直到有結果為止。油價隨後下跌百分之二，分析師感到意外。" * 1
    text += "主辦方對各國代表團表示感謝，並祝他們一路平安地回到家鄉。會談期間安保嚴密，道路多次封閉，市民感到不便。"
    assert any("油價" in sentence for sentence in picked(text, title="會談", language="zh", sought=("油价",)))


def test_where_there_is_no_room_for_both_what_was_sought_stands_for_the_lead() -> None:
    lead = "Envoys of three countries " + "and their many advisers " * 12 + "ended the talks."
    late = "Oil fell " + "again and again " * 8 + "in London."
    assert picked(f"{lead} They left. {late}") == [lead]
    assert picked(f"{lead} They left. {late}", sought=("oil",)) == [late]


def test_two_sentences_that_say_the_same_are_not_both_chosen() -> None:
    text = f"{REPORT} Three countries' envoys ended two days of talks in Abu Dhabi on Sunday evening."
    assert sum("two days of talks" in sentence for sentence in picked(text)) == 1


@pytest.mark.parametrize(
    "notice",
    [
        "Please subscribe to our newsletter!",
        "Here is what we know about the talks so far:",
        "The envoys of the talks have more at https://news.example/talks today.",
        "(The envoys and the talks in Abu Dhabi are shown in the picture)",
        "talks = envoys.map(() => { return $talks; });",
        "#talks #envoys of the three countries in Abu Dhabi",
        "ENVOYS AND TALKS IN ABU DHABI: THE NEW BOOK IS OUT.",
        "What a day for the envoys!",
    ],
)
def test_what_is_no_sentence_of_the_news_is_left_out(notice: str) -> None:
    assert notice not in picked(f"{notice} {REPORT}", title="Talks of envoys")
    assert picked(notice, title="T") == ([] if "subscribe" in notice else [notice])


def test_lines_without_an_end_are_left_out_beside_prose_and_kept_alone() -> None:
    line = "The envoys of three countries and their talks in Abu Dhabi, and what they mean for the region"
    assert line not in picked(f"{line}\n\n{REPORT}")
    assert picked(line) == [line]


def test_nothing_but_notices_gives_no_sentence_beside_a_title() -> None:
    notice = "Please contact us if you wish to join the talks."
    assert picked(notice, title="Talks") == []
    made = Source(title="", text=notice, language="en")
    assert pick_sentences(made, Language.EN) == [notice]
    broken = "The palace has 353 rooms and a garden that is the biggest in the…"
    made = Source(title="Talks", text=f"{notice} {broken}", language="en")
    assert pick_sentences(made, Language.EN) == [broken]


def test_the_name_of_a_section_is_no_summary_of_its_own() -> None:
    assert picked("Sport") == []
    assert picked("Sport", title="") == ["Sport"]


def test_a_question_is_chosen_after_statements() -> None:
    scores = rank(["Will the talks end?", "The talks ended."], "", "en").scores
    assert scores[1] > scores[0]


def test_words_are_stems_and_pairs_of_characters() -> None:
    assert content_words("The talks of the envoys", "en") == ["talk", "envoy"]
    assert content_words("三方會談 in Oslo", "zh") == ["oslo", "三方", "方会", "会谈"]
    assert content_words("", "en") == []


def test_ranking_nothing_gives_nothing() -> None:
    assert rank([], "Talks", "en").order == []
    assert choose([], rank([], "", ""), room=10, most=3) == []


TEXTS = st.lists(st.sampled_from([*REPORT.split(". "), "會談結束。", "Read more", "…", "?", "https://a.example", ""]))


@given(
    TEXTS, st.sampled_from(["", "Talks end"]), st.sampled_from(["en", "zh", "fr"]), st.sampled_from(["oil", "會談", ""])
)
def test_an_extract_has_room_and_only_words_of_the_source(
    parts: list[str], title: str, language: str, word: str
) -> None:
    made = source_of(Item(guid="1", url="", title=title, text=". ".join(parts), language=language), (word,))
    chosen = pick_sentences(made, made.side)
    assert len(chosen) <= MOST_SENTENCES
    assert len(" ".join(chosen)) <= LENGTHS[made.side].summary
    assert all(sentence.removesuffix("…") in made.text for sentence in chosen)
