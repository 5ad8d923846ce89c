"""A model's text is of the article, or it is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.briefs.grounded import check_grounded
from bot.briefs.source import Source
from bot.errors import BriefRefused
from bot.model import Brief, MadeBy
from tests.briefs.conftest import CHINESE, FAITHFUL

BRIEF = Brief(**FAITHFUL, made_by=MadeBy.MODEL)


@pytest.mark.parametrize(
    "summary",
    [
        "The talks in Abu Dhabi ended, and 314 prisoners will be exchanged.",
        "Envoys of three sides met on Sunday; they agree on an exchange of prisoners, said the American envoy Witkoff.",
    ],
)
def test_a_summary_in_other_words_is_of_the_article(english: Source, summary: str) -> None:
    check_grounded(replace(BRIEF, summary_en=summary), english)


@pytest.mark.parametrize(
    "summary",
    [
        "Dear customer, your account is locked. Confirm your password today.",
        "The copy editor writes four fields and copies every number without background.",
        "Bears like honey, and foxes sleep in the snow.",
    ],
)
def test_a_summary_of_something_else_is_refused(english: Source, summary: str) -> None:
    with pytest.raises(BriefRefused, match="summary_en: not of the article"):
        check_grounded(replace(BRIEF, summary_en=summary), english)


def test_chinese_is_compared_whichever_characters_it_is_in(chinese: Source) -> None:
    check_grounded(replace(BRIEF, title_zh="三方会谈在阿布扎比结束", summary_zh="双方同意交换314名战俘。"), chinese)
    with pytest.raises(BriefRefused, match="summary_zh"):
        check_grounded(replace(BRIEF, summary_zh="親愛的客戶，您的帳戶已被鎖定，請立即確認密碼。"), chinese)


def test_the_other_language_and_a_third_one_can_not_be_compared(english: Source) -> None:
    check_grounded(replace(BRIEF, summary_zh="親愛的客戶，您的帳戶已被鎖定。"), english)
    check_grounded(BRIEF, replace(english, title="会談", text="三者会談は終了した。", language="ja"))


def test_a_word_of_two_alphabets_is_refused_unless_it_is_the_article_s(english: Source) -> None:
    forged = replace(BRIEF, summary_zh=CHINESE + "Witkоff。")
    with pytest.raises(BriefRefused, match="summary_zh: mixed alphabets: Witkоff"):
        check_grounded(forged, english)
    check_grounded(forged, replace(english, text=english.text + " Witkоff"))
    check_grounded(replace(BRIEF, summary_zh=CHINESE + "μSv、Ω-3、Δt。"), english)


def test_an_article_that_is_not_in_the_language_its_feed_says_can_not_be_compared() -> None:
    text = "Una inundación cerró doce escuelas de la ciudad el martes, según informó el ayuntamiento. No hay heridos."
    source = Source(title="Una inundación cierra doce escuelas", text=text, language="en")
    check_grounded(
        replace(
            BRIEF, title_en="Flood closes twelve city schools", summary_en="The town hall says that nobody is hurt."
        ),
        source,
    )


@pytest.mark.parametrize(
    ("summary_en", "summary_zh"), [("Talks.", CHINESE), (FAITHFUL["summary_en"], "會談"), ("", "")]
)
def test_a_summary_that_says_next_to_nothing_is_refused(english: Source, summary_en: str, summary_zh: str) -> None:
    with pytest.raises(BriefRefused, match="says too little"):
        check_grounded(replace(BRIEF, summary_en=summary_en, summary_zh=summary_zh), english)


@pytest.mark.parametrize("text", ["", "Talks ended."])
def test_of_an_article_that_says_little_little_is_to_be_said(english: Source, text: str) -> None:
    check_grounded(replace(BRIEF, summary_en="", summary_zh=""), replace(english, text=text))
