"""What an item says that its story did not: figures, turns, and the words of its headline."""

from __future__ import annotations

from collections.abc import Sequence

from bot.stories.event import untold
from bot.stories.frequencies import Frequencies
from bot.stories.terms import CHINESE, ENGLISH, NUMBER, Terms
from bot.text.stems import stem

# What turns a story, though the rest of the headline was told before: a visit announced, and the same visit cancelled.
# On a line stand the words for one turn: whichever is told, the turn is.
_TURNS = """
cancel cancelled scrap
postpone delay
deny denial
reject refuse veto
resign quit resignation
suspend halt pause stop
resume reopen restart restore
die dead death kill deadly fatal murder body
acquit clear innocent
release free freed
win won victory beat defeat
lose lost loss defeat
"""
_ZH_TURNS = """
取消 叫停 作罢
推迟 延后 延期 押后
否认 澄清 辟谣
拒绝 否决 反对
辞职 辞任 请辞 辞去
暂停 中止 停止
恢复 重启 重开
死亡 去世 病逝 离世 逝世 遇难 丧生 身亡 遗体
获释 释放
获胜 夺冠 击败 胜出 当选
"""


def _groups(lines: str, language: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(stem(word, language) for word in line.split()) for line in lines.strip().splitlines())


_TURNING = {ENGLISH: _groups(_TURNS, ENGLISH), CHINESE: _groups(_ZH_TURNS, CHINESE)}


def new_figures(terms: Terms, told: Sequence[Terms], *, same_words: bool) -> tuple[str, ...]:
    """The figures of a headline that no other has, nor a text whose headline has none.

    Numbers in words are figures where headlines count, and years where headlines name one: "three-way talks" is no
    news beside "trilateral talks". With `same_words` an article but for its figures is one that was told, brought up to
    date: then those of its text count, too.
    """
    figures = terms.figures if any(version.figures for version in told) else terms.digits
    new = {figure for figure in figures if not any(_tells(version, figure) for version in told)}
    if any(version.years for version in told):
        new |= terms.years.difference(*(version.years for version in told))
    if same_words:
        new |= _numbers(terms).difference(*map(_numbers, told))
    return tuple(sorted(new))


def new_turns(terms: Terms, told: Sequence[Terms]) -> tuple[str, ...]:
    """The words of a headline that turn a story, where no text told in its language knows the turn by any word."""
    texts = [version.words for version in told if version.language == terms.language]
    if not texts:
        return ()
    untold = (
        group & terms.headline
        for group in _TURNING.get(terms.language, ())
        if not any(word in words for word in group for words in texts)
    )
    return tuple(terms.spelled.get(word, word) for word in sorted({word for words in untold for word in words}))


def _tells(terms: Terms, figure: str) -> bool:
    """Whether a text has a code (G7) anywhere, or a number in its headline, if that has any."""
    return figure in terms.words or figure in (terms.figures or _numbers(terms))


def _numbers(terms: Terms) -> frozenset[str]:
    return frozenset(word.removeprefix(NUMBER) for word in terms.words if word.startswith(NUMBER))


def new_words(terms: Terms, told: Sequence[Terms], frequencies: Frequencies) -> tuple[float, tuple[str, ...]]:
    """How much of a headline's weight (0 to 1) nobody told, and the names in it; nothing where no text of the same
    language told it."""
    words = {word for version in told if version.language == terms.language for word in version.words}
    if not words:
        return 0.0, ()
    share, missing = untold(terms, words, frequencies)
    return share, tuple(terms.spelled.get(word, word) for word in missing if word in terms.proper)
