"""What rises: names and phrases that titles have now, and had much less before.

English names are told by their capitals (where a title is not all in capitals), Chinese ones by their neighbours: what
always stands beside the same character is a piece of a longer word (accessor variety, Feng et al. 2004,
https://aclanthology.org/J04-1004/). The measure is the deviance of a Poisson distribution whose mean is what was usual.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.model import Rise, Titled
from bot.stories.everyday import EVERYDAY, HEADLINE, ZH_FUNCTION
from bot.stories.terms import without_outlet
from bot.text.chinese import HAN
from bot.text.fold import fold

FEWEST_ITEMS, FEWEST_FEEDS = 3, 2
SURPRISE = 2.0  # less may be chance
_LONGEST_NAME = 4  # words
_LONGEST_WORD = 6  # characters
_FEWEST_NEIGHBOURS = 2
_WITHIN = 0.75  # of a phrase's items have a longer one that it is part of: then that one is meant
_SUPPOSED = 0.5  # items that are supposed to have had it before
_TITLE_CASE = 0.85  # of its words that say something begin with capitals
_FEWEST_WORDS = 4
_WORD = re.compile(r"[^\W\d_][\w’'&-]*")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


@dataclass(slots=True)
class _Phrase:
    """What is known of a phrase: who has it, and how it is spelled there."""

    items: dict[int, Titled] = field(default_factory=dict)
    spelled: Counter[str] = field(default_factory=Counter)
    forms: set[str] = field(default_factory=set)

    def add(self, title: Titled, spelling: str, form: str) -> None:
        self.items[title.id] = title
        self.spelled[spelling] += 1
        self.forms.add(form)

    @property
    def feeds(self) -> int:
        return len({title.feed for title in self.items.values()})


def rising(
    now: Sequence[Titled], before: Sequence[Titled], *, share: float, names: Mapping[str, str], most: int
) -> list[Rise]:
    """The phrases that rise most, the greatest surprise first. `share` is by what the counts `before` are multiplied to
    compare with those of `now`; `names` are known names: folded form → concept."""
    found = _phrases(now, names)
    often = {key: one for key, one in found.items() if len(one.items) >= FEWEST_ITEMS and one.feeds >= FEWEST_FEEDS}
    past = [f" {_plain(title.title)} " for title in before]
    rises = [_rise(one, past, share) for one in _whole(often)]
    surprising = [(surprise(rise.items, rise.usual), rise) for rise in rises]
    best = sorted((each for each in surprising if each[0] >= SURPRISE), key=lambda each: -each[0])
    return [rise for _, rise in best[:most]]


def surprise(items: int, usual: float) -> float:
    """The Poisson deviance of a count above what is usual; 0 below that."""
    mean = max(usual, _SUPPOSED)
    return items * math.log(items / mean) - (items - mean) if items > mean else 0.0


def _rise(phrase: _Phrase, past: Sequence[str], share: float) -> Rise:
    wanted = [form if HAN.search(form) else f" {form} " for form in phrase.forms]
    had = sum(any(form in title for form in wanted) for title in past)
    newest = max(phrase.items.values(), key=lambda title: (title.seen, title.id))
    return Rise(
        phrases=tuple(_spellings(phrase)),
        items=len(phrase.items),
        feeds=phrase.feeds,
        usual=had * share,
        example=newest,
    )


def _spellings(phrase: _Phrase) -> Iterator[str]:
    """The commonest of each script, the commonest first."""
    scripts: set[bool] = set()
    for spelling, _ in phrase.spelled.most_common():
        is_chinese = bool(HAN.search(spelling))
        if is_chinese not in scripts:
            scripts.add(is_chinese)
            yield spelling


def _whole(phrases: Mapping[str, _Phrase]) -> Iterator[_Phrase]:
    """Those that are not mostly part of a longer one."""
    longest_first = sorted(phrases.values(), key=lambda one: -max(map(len, one.forms)))
    kept: list[_Phrase] = []
    for one in longest_first:
        if not any(_is_part(one, longer) for longer in kept):
            kept.append(one)
            yield one


def _is_part(one: _Phrase, longer: _Phrase) -> bool:
    shared = len(one.items.keys() & longer.items.keys())
    inside = any(form in other for form in one.forms for other in longer.forms)
    # Of phrases that overlap in the same titles (布扎比举行, 阿布扎比) one is enough, too.
    return shared >= _WITHIN * len(one.items) and (inside or _overlap(one, longer))


def _overlap(one: _Phrase, other: _Phrase) -> bool:
    pairs = {form[place : place + 2] for form in other.forms if HAN.search(form) for place in range(len(form) - 1)}
    return any(form[place : place + 2] in pairs for form in one.forms for place in range(len(form) - 1))


def _phrases(titles: Sequence[Titled], names: Mapping[str, str]) -> dict[str, _Phrase]:
    """By concept where the name is known, else by the folded phrase itself."""
    found: defaultdict[str, _Phrase] = defaultdict(_Phrase)
    cut = [(title, without_outlet(title.title)) for title in titles]
    for title, form, spelling in (*_in_english(cut, names), *_in_chinese(cut, names)):
        concept = fold(names.get(form, form))
        if form not in EVERYDAY and form not in HEADLINE:
            found[concept].add(title, spelling, form)
    return found


# --- English ---------------------------------------------------------------------------------------------


def _in_english(titles: Iterable[tuple[Titled, str]], names: Mapping[str, str]) -> Iterator[tuple[Titled, str, str]]:
    read = [(title, text, list(_WORD.finditer(text))) for title, text in titles if _LATIN.search(text)]
    cased = [(title, text, words, _is_title_case(words)) for title, text, words in read]
    capital, small = _usage(cased)
    for title, text, words, title_case in cased:
        is_name = [
            _is_name(word[0], first=not place, title_case=title_case, capital=capital, small=small, names=names)
            for place, word in enumerate(words)
        ]
        for first, last in _runs(words, is_name, text):
            yield from _parts_of(title, text, words[first : last + 1])


def _is_title_case(words: Sequence[re.Match[str]]) -> bool:
    said = [word[0] for word in words if word[0].lower() not in EVERYDAY]
    return len(words) >= _FEWEST_WORDS and sum(word[0].isupper() for word in said) > _TITLE_CASE * len(said)


def _usage(titles: Iterable[tuple[Titled, str, list[re.Match[str]], bool]]) -> tuple[Counter[str], Counter[str]]:
    """How often words are written with a capital where that tells something, and in small letters."""
    capital, small = Counter[str](), Counter[str]()
    for _, _, words, title_case in titles:
        small.update(word[0] for word in words if word[0].islower())
        if not title_case:
            capital.update(word[0].lower() for word in words[1:] if word[0][0].isupper())
    return capital, small


def _is_name(  # what is known of a word
    word: str, *, first: bool, title_case: bool, capital: Counter[str], small: Counter[str], names: Mapping[str, str]
) -> bool:
    lower = word.lower()
    if not word[0].isupper() or lower in EVERYDAY or len(word) == 1:
        return False
    if lower in names or (word.isupper() and not title_case):
        return True
    if first or title_case:
        return capital[lower] > small[lower]
    return capital[lower] >= small[lower]


def _runs(words: Sequence[re.Match[str]], is_name: Sequence[bool], text: str) -> Iterator[tuple[int, int]]:
    """The first and last of names that follow one another with a space between."""
    begun = -1
    for place, named in enumerate(is_name):
        joined = begun >= 0 and text[words[place - 1].end() : words[place].start()] == " "
        if begun >= 0 and not (named and joined):
            yield begun, place - 1
            begun = -1
        if named and begun < 0:
            begun = place
    if begun >= 0:
        yield begun, len(words) - 1


def _parts_of(title: Titled, text: str, words: Sequence[re.Match[str]]) -> Iterator[tuple[Titled, str, str]]:
    for first in range(len(words)):
        for last in range(first, min(first + _LONGEST_NAME, len(words))):
            spelling = _possessed(text[words[first].start() : words[last].end()])
            yield title, _plain(spelling).strip(), spelling


def _possessed(name: str) -> str:
    return re.sub(r"['’]s$", "", name)


def _plain(text: str) -> str:
    """A text as words parted by blanks, folded: names are looked for in it."""
    return " ".join(re.sub(r"'s\b|[^\w&' -]", " ", fold(text)).split())


# --- Chinese ---------------------------------------------------------------------------------------------


def _in_chinese(titles: Iterable[tuple[Titled, str]], names: Mapping[str, str]) -> Iterator[tuple[Titled, str, str]]:
    read = [(title, run, fold(run)) for title, text in titles for run in _chinese_runs(text)]
    known = set[tuple[int, str]]()
    for title, run, folded in read:
        for start, end in _named(folded, names):
            known.add((title.id, folded[start:end]))
            yield title, folded[start:end], run[start:end]
    pairs: defaultdict[str, set[int]] = defaultdict(set)
    for title, _, run in read:
        for place in range(len(run) - 1):
            pairs[run[place : place + 2]].add(title.id)
    often = {pair for pair, having in pairs.items() if len(having) >= FEWEST_ITEMS and not ZH_FUNCTION & {*pair}}
    found = [
        (title, run, folded, span) for title, run, folded in read for span in _spans(folded, often)
    ]  # fmt: skip
    words = _varied((folded, span) for _, _, folded, span in found)
    for title, run, folded, (start, end) in found:
        if folded[start:end] in words and (title.id, folded[start:end]) not in known:
            yield title, folded[start:end], run[start:end]


def _chinese_runs(text: str) -> Iterator[str]:
    yield from re.findall(f"{HAN.pattern}{{2,}}", text)


def _named(run: str, names: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """The places of known names, the longest first; a concept in small letters is a common word."""
    start = 0
    while start < len(run) - 1:
        ends = range(min(start + _LONGEST_WORD, len(run)), start + 1, -1)
        end = next((end for end in ends if names.get(run[start:end], "")[:1].isupper()), 0)
        if end:
            yield start, end
        start = end or start + 1


def _spans(run: str, often: set[str]) -> Iterator[tuple[int, int]]:
    """The places of all phrases whose pairs of characters are all frequent."""
    for start in range(len(run) - 1):
        for end in range(start + 2, min(start + _LONGEST_WORD, len(run)) + 1):
            if run[end - 2 : end] not in often:
                break
            yield start, end


def _varied(places: Iterable[tuple[str, tuple[int, int]]]) -> set[str]:
    """The phrases with several neighbours on either side; each end of a run is a neighbour of its own."""
    before: defaultdict[str, set[object]] = defaultdict(set)
    after: defaultdict[str, set[object]] = defaultdict(set)
    for number, (run, (start, end)) in enumerate(places):
        phrase = run[start:end]
        before[phrase].add(run[start - 1] if start else number)
        after[phrase].add(run[end] if end < len(run) else number)
    return {phrase for phrase, near in before.items() if min(len(near), len(after[phrase])) >= _FEWEST_NEIGHBOURS}
