"""Why a delivery failed is said in the reader's language, as far as the words are ours."""

from __future__ import annotations

import pytest

from bot.chat.catalogue import catalogue_for
from bot.chat.fates import explain_fate
from bot.model import Locale


@pytest.mark.parametrize(
    ("reason", "english", "chinese"),
    [
        ("rate limited", "rate limited", "平台限制了速度"),
        ("blocked: bot was kicked", "blocked: bot was kicked", "被封鎖：bot was kicked"),
        ("gone: chat not found", "the chat is gone: chat not found", "對話已不在：chat not found"),
        ("gave up after 5 attempts: timeout", "gave up after 5 attempts: too slow", "試了 5 次後放棄：回應太慢"),
        ("502 Bad Gateway", "502 Bad Gateway", "502 Bad Gateway"),
        ("two\nlines", "two lines", "two lines"),
        ("", "", ""),
    ],
)
def test_words_of_ours_are_translated_and_those_of_platforms_stand(reason: str, english: str, chinese: str) -> None:
    assert explain_fate(reason, catalogue_for(Locale.EN)) == english
    assert explain_fate(reason, catalogue_for(Locale.ZH_HANT)) == chinese
