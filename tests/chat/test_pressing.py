"""What a button carries comes back as it was, in no more bytes than its line; and every line has a fitting question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.asking import HINT_LIMIT, QUESTION_LIMIT, QUESTIONS, asks, question_for
from bot.chat.blocks import ACTION_LIMIT, fits_action
from bot.chat.catalogue import catalogue_for
from bot.chat.clip import utf16_len
from bot.chat.commands.dispatch import read
from bot.chat.pressing import data_of, read_press
from bot.model import Button, Locale

LINES = st.builds(
    lambda command, words: f"/{command} {words}".strip(),
    st.sampled_from(["keyword add", "feeds", "start"]),
    st.text(max_size=40).map(lambda words: " ".join(words.split())),
)


@given(line=LINES, ask=st.sampled_from(["", "Which words?"]), in_place=st.booleans())
def test_a_press_brings_back_the_line_and_how_it_is_answered(line, ask, in_place):
    data = data_of(Button("x", line, ask=ask, in_place=in_place))
    press = read_press(data)
    assert len(data.encode("utf-8", "replace")) == len(line.encode("utf-8", "replace"))
    assert (press.line, press.ask) == (line, bool(ask))
    assert press.in_place is (in_place and not ask)
    assert f"/{press.command} {press.arguments}".strip() == line


@pytest.mark.parametrize("data", ["", "?", "~/~", "unsubscribe 3", "//x", " "])
def test_whatever_a_platform_brings_is_read(data: str):
    assert read_press(data).line.startswith("/")


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("path", QUESTIONS)
def test_questions_fit_both_platforms_in_every_language(locale: Locale, path: str):
    t, question = catalogue_for(locale), QUESTIONS[path]
    assert utf16_len(t(question.text)) <= QUESTION_LIMIT
    assert not question.example or utf16_len(t(question.example)) <= HINT_LIMIT


def test_the_longest_path_that_has_a_question_asks_it():
    assert question_for("/keyword edit 17") is QUESTIONS["keyword edit"]
    assert question_for("/add") is QUESTIONS["keyword add"]


def test_without_a_question_of_its_own_a_line_asks_for_its_next_option_and_else_by_its_label():
    assert question_for("/latest").text == "How many, 1 to 10"
    assert question_for("/status", "What?").text == "What?"
    assert question_for("/nonsense", "What?").text == "What?"


def test_a_line_too_long_for_a_button_asks_nothing():
    t = catalogue_for(Locale.EN)
    assert asks(t, "Add", "/keyword add " + "x" * ACTION_LIMIT) == ()
    (button,) = asks(t, "Add", "/keyword add")
    assert fits_action(button.action)
    assert read("keyword", "add").path == "keyword add"
