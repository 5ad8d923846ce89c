"""A model's answer is read whatever surrounds it; what is no whole answer is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.answer import FIELDS, read_answer
from bot.errors import BriefRefused
from bot.model import Brief, MadeBy
from tests.briefs.conftest import FAITHFUL

EXPECTED = Brief(**FAITHFUL, made_by=MadeBy.MODEL)
WELL_FORMED = json.dumps(FAITHFUL, ensure_ascii=False)


@pytest.mark.parametrize(
    "answer",
    [
        WELL_FORMED,
        f"```json\n{WELL_FORMED}\n```",
        f"<think>Let me see {{}} first.</think>Here it is: {WELL_FORMED} Enjoy.",
        WELL_FORMED[:-1] + ",}",
        "\n".join(f"{name}: {text}" for name, text in FAITHFUL.items()),
        "\n".join(f"**{name}**: {text}" for name, text in FAITHFUL.items()),
        f"\ufeff{WELL_FORMED}",
        f"Thinking aloud about {{it}} </think>{WELL_FORMED}",
        f"[THINK]It says {{}}.[/THINK]{WELL_FORMED}",
        f"<|channel|>analysis<|message|>Well.<|end|><|channel|>final<|message|>{WELL_FORMED}",
        f"[{WELL_FORMED}]",
        f'{{"answer": {WELL_FORMED}}}',
        f'{{"title_zh": "草稿"}} No, rather: {WELL_FORMED} {{so}}',
        f"{json.dumps(dict.fromkeys(FAITHFUL, 'draft'))} Better: {WELL_FORMED}",
        repr(FAITHFUL),
        WELL_FORMED.replace('", "', '" "'),
        WELL_FORMED.replace('"', "“", 1).replace('"', "”", 1),
        json.dumps(FAITHFUL | {"title_en": f"**{FAITHFUL['title_en']}**", "more": 1}),
        json.dumps(FAITHFUL | {"title_en": f"[{FAITHFUL['title_en']}](https://evil.example/)"}),
        json.dumps(FAITHFUL | {"title_en": f"<b>{FAITHFUL['title_en']}</b> https://evil.example/a"}),
    ],
)
def test_an_answer_is_read_whatever_surrounds_it(answer: str) -> None:
    assert read_answer(answer) == EXPECTED


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[]", "{" * 5_000, "[" * 100_000 + "{}", json.dumps(FAITHFUL | {"title_en": 7}), "title_zh: 三方會談"],
)
def test_an_answer_without_all_fields_is_refused(answer: str) -> None:
    with pytest.raises(BriefRefused):
        read_answer(answer)


@pytest.mark.parametrize("cut", [1, 2, 10, 60, 200])
def test_an_answer_that_is_broken_off_is_refused(cut: int) -> None:
    with pytest.raises(BriefRefused, match="unreadable"):
        read_answer(WELL_FORMED[:-cut])


def test_quotation_marks_within_a_field_are_no_end_of_it() -> None:
    brief = read_answer(WELL_FORMED.replace("Both sides agreed", 'Both sides "agreed"'))
    assert brief.summary_en == FAITHFUL["summary_en"].replace("Both sides agreed", 'Both sides "agreed"')


@pytest.mark.parametrize(
    "answer", ["{" * 19_000, '{"a":' * 4_000, "{'" * 9_000, '{"a": \'"' * 2_500, " ".join(FIELDS) + "{}" * 9_000]
)
def test_hostile_answers_are_refused(answer: str) -> None:
    with pytest.raises(BriefRefused):
        read_answer(answer)


@given(st.text(alphabet="{}[]\"',:\\\n <>/think title_zhensumary", max_size=300))
def test_no_answer_is_too_odd_to_be_refused(answer: str) -> None:
    with pytest.raises(BriefRefused):
        read_answer(answer)


def test_an_endless_answer_is_refused_unread() -> None:
    with pytest.raises(BriefRefused):
        read_answer(json.dumps(dict.fromkeys(("title_zh", "title_en", "summary_zh", "summary_en"), "a." * 5_000)))
