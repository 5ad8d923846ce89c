"""繁 and 简, and how Chinese a text is."""

import pytest

from bot.model import Script
from bot.text.chinese import han_share, to_script


@pytest.mark.parametrize(
    ("script", "expected"), [(Script.HANS, "三方会谈"), (Script.HANT, "三方會談"), (Script.SOURCE, "三方会談")]
)
def test_chinese_is_written_in_the_chosen_script(script, expected):
    assert to_script("三方会談" if script is Script.SOURCE else "三方會談", script) == expected


def test_text_without_chinese_stays_as_it_is():
    assert to_script("trilateral talks", Script.HANT) == "trilateral talks"


@pytest.mark.parametrize(("text", "share"), [("", 0.0), ("123!", 0.0), ("talks", 0.0), ("会谈", 1.0), ("会谈ab", 0.5)])
def test_the_share_of_han_counts_letters_alone(text, share):
    assert han_share(text) == share
