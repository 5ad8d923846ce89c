"""A text's language by script, then by statistics, with what the feed declares as a hint."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.commonwords import clear_language
from bot.text.language import detect, primary_subtag


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The trilateral talks in Abu Dhabi ended without a deal.", "en"),
        ("三方會談在阿布達比舉行", "zh"),
        ("OpenAI發布GPT-5", "zh"),
        ("AI 晶片 NVIDIA Blackwell", "zh"),
        ("Beijing (北京) hosts talks", "en"),
        ("東京の株価が続伸", "ja"),
        ("優の良品新店開張，市民大排長龍等候入場", "zh"),
        ("한국어 신문", "ko"),
        ("Президент России подписал закон", "ru"),
        ("Η Βουλή ψήφισε", "el"),
        ("חדשות היום", "he"),
        ("ข่าววันนี้", "th"),
        ("أخبار اليوم من القاهرة", "ar"),
        ("Der Bundestag hat heute den Haushalt beschlossen", "de"),
        ("Le président de la République a annoncé une réforme", "fr"),
        ("El gobierno anunció nuevas medidas económicas", "es"),
        ("", ""),
        ("2026: 3,5 %!", ""),
    ],
)
def test_language_is_told_from_the_text(text, language):
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("Live", "de-AT", "de"),
        ("Fed raises rates", "zh-HK", "en"),
        ("三方会谈", "en-us", "zh"),
        ("東京株式市場", "ja", "ja"),
        ("東京株式市場", "", "zh"),
        ("Президент", "uk", "uk"),
        ("Україна", "ru", "ru"),
        ("Xi (习近平) speaks", "en", "en"),
        ("123", "zh_TW", "zh"),
        ("Le président de la République a annoncé une réforme des retraites", "en", "fr"),
        ("Hello there", "no such tag", "en"),
    ],
)
def test_what_is_declared_decides_only_what_the_text_leaves_open(text, declared, language):
    assert detect(text, declared) == language


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-Hant-HK", "zh"),
        ("EN_us", "en"),
        (" fr ", "fr"),
        ("yue", "zh"),
        ("iw", "he"),
        ("", ""),
        ("中文", ""),
        ("e", ""),
        ("English", ""),
    ],
)
def test_primary_subtag(tag, language):
    assert primary_subtag(tag) == language


@given(st.text(max_size=80), st.text(max_size=8))
def test_any_text_has_a_subtag_or_none(text, declared):
    language = detect(text, declared)
    assert language == "" or (language.isascii() and 2 <= len(language) <= 3)


@pytest.mark.parametrize("text", ["A \ud800 first entry", "Une\nville\r\nsous\u2028la\x00pluie", "x" * 100_000])
def test_no_sign_is_too_much_for_the_statistics(text):
    assert len(detect(text)) == 2


def test_names_in_latin_letters_make_no_other_language_of_a_chinese_text():
    assert detect("OpenAI發布GPT-5", "zh") == detect("NVIDIA Blackwell AI 晶片 TSMC") == "zh"
    assert detect("Beijing (北京) hosts talks") == "en"


def test_importing_it_loads_no_model():
    code = "import sys, bot.text.language; sys.exit('numpy' in sys.modules or 'fasttext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("The harbour of the town was closed by the storm and it is not known when it will open", "", "en"),
        ("Der Hafen ist nach dem Sturm geschlossen und wird nicht vor dem Abend geöffnet", "", "de"),
        ("Le port est fermé et les bateaux sont dans la baie pour une nuit", "fr", "fr"),
        ("The harbour of the town was closed by the storm and it is not known when it will open", "fr", ""),
        ("Det er en havn og den har ikke vært åpen", "", ""),  # Norwegian or Danish: the letters decide
        ("Harbour closed", "en", ""),
        ("", "", ""),
    ],
)
def test_common_words_decide_only_where_they_leave_no_doubt(text, declared, language):
    assert clear_language(text, declared) == language
