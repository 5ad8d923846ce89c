"""Sentence splitting in English and Chinese."""

from __future__ import annotations

import pytest

from bot.briefs.sentences import join_sentences, split_sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mr. J. D. Vance went to Washington, D.C. on Jan. 5.", "He met U.S. officials at 5 p.m.", "Then he left."],
        ["It lives in the U.S.", "The rest is abroad."],
        ["The U.S. Army said No. 5 is, e.g. Foo Inc., paid 3.5 million.", "It rose 2.5% vs. 1.1% in Sept. 2025."],
        ['"Go!" he said.', "“We won!” Trump said.", "It ended."],
        ["He said: “We came. We saw.”", "Nobody moved."],
        ["It was bought by Acme Corp.", "Shares rose."],
        ["What now?", "Nobody knows…", "We wait."],
        ["他说：“我们来了。我们看见了。”", "然后离开。"],
        ["「好！」他說。", "真的嗎？！", "是的！"],
        ["停火生效了……但戰鬥沒有停。", "Fighting went on."],
        ["The talks ended at 10 a.m. GMT on Sunday.", "They resume at 9 a.m.", "on Monday."],
    ],
)
def test_text_splits_at_the_ends_of_sentences_only(sentences: list[str]) -> None:
    if sentences[-1] == "on Monday.":
        sentences = [*sentences[:-2], "They resume at 9 a.m. on Monday."]
    joined = join_sentences(sentences)
    assert split_sentences(joined) == sentences


def test_english_sentence_glued_to_chinese_is_split() -> None:
    assert split_sentences("A new plan.新计划出炉。OK") == ["A new plan.", "新计划出炉。", "OK"]


def test_line_ends_end_sentences() -> None:
    assert split_sentences("One line\n\nanother line") == ["One line", "another line"]


def test_a_long_chinese_sentence_is_split_at_its_semicolons() -> None:
    clause = "各方就停火與換囚問題交換了意見並同意在下一輪會談中繼續討論具體安排"
    assert split_sentences(f"{clause}；{clause}；{clause}。") == [f"{clause}；", f"{clause}；", f"{clause}。"]
    assert split_sentences("甲；乙。") == ["甲；乙。"]


def test_sentences_are_joined_with_spaces_only_where_readers_expect_them() -> None:
    assert join_sentences(["甲。", "乙。"]) == "甲。乙。"
    assert join_sentences(["One.", "Two."]) == "One. Two."
    assert join_sentences(["甲。", "Two."]) == "甲。 Two."
    assert join_sentences([]) == ""


def test_a_sentence_without_end_gets_a_full_stop_before_the_next() -> None:
    assert join_sentences(["Fixes and more", "We mended it."]) == "Fixes and more. We mended it."
    assert join_sentences(["停火安排", "會談預計持續兩天"]) == "停火安排。會談預計持續兩天"
