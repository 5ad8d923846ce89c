"""Strategies for queries and for texts that queries have a chance to find."""

from hypothesis import strategies as st

from bot.matching.expression import (
    Filter,
    Near,
    Phrase,
    Query,
    Regex,
    Word,
    conjunction,
    contradicts,
    disjunction,
    group,
    negation,
    only_excludes,
    terms_of,
)
from bot.matching.regex import pattern_of
from bot.model import Item
from bot.text.tokens import tokenize

WORDS = ["talk", "talks", "trilateral", "Abu", "Dhabi", "art", "party", "AI", "F-35", "C++", "$TSLA", "U.S.", "1,000"]
CHINESE = ["三方", "會談", "会谈", "方会", "三", "阿布", "AI芯片", "百度AI"]
PIECES = [*WORDS, *CHINESE, "talked", "Dhabi's", "TSLA", "芯片", "the"]
BETWEEN = [" ", " ", " ", "", "-", ", ", "。", "，", "\n\n", " the of a b c d e f g h i "]


def _word(text: str) -> Word:
    return Word(terms_of(tokenize(text)))


words = st.sampled_from(WORDS + CHINESE).map(_word)
prefixes = st.sampled_from(["ta", "tri", "dha", "pa"]).map(lambda text: Word(terms_of(tokenize(text)), prefix=True))
nears = st.lists(st.one_of(words, words, prefixes), min_size=1, max_size=3, unique=True).map(
    lambda found: Near(tuple(found))
)
exact = st.lists(st.sampled_from(WORDS + CHINESE), min_size=1, max_size=2).map(
    lambda found: Word(terms_of(tokenize(" ".join(found))), exact=True)
)
narrow = st.builds(group, st.lists(st.one_of(words, prefixes, exact), min_size=2, max_size=3), st.integers(0, 12))
phrases = st.lists(st.sampled_from(WORDS + CHINESE), min_size=1, max_size=3).map(
    lambda found: Phrase(terms_of(tokenize(" ".join(found))))
)
languages = st.sampled_from(["zh", "en"]).map(lambda code: Filter("lang", Near((_word(code),))))
patterns = st.sampled_from([r"talk(s|ed)?\b", "三方.?会", r"\d+,\d", "abu .{0,9}dhabi", r"\(the", "[。，]", "a/b"]).map(
    lambda typed: Regex(pattern_of(typed))
)
leaves = st.one_of(nears, nears, phrases, narrow, languages, patterns)


def _grow(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        several.map(conjunction),
        several.map(disjunction),
        parts.map(negation),
        parts.map(lambda part: Filter("title", part)),
    )


queries = st.recursive(leaves, _grow, max_leaves=6).filter(
    lambda query: not (only_excludes(query) or contradicts(query))
)


@st.composite
def news_texts(draw: st.DrawFn) -> str:
    """A text of words that the queries are made of."""
    pieces = draw(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(BETWEEN)), max_size=12))
    return "".join(piece + between for piece, between in pieces)


items = st.builds(
    Item,
    guid=st.just("1"),
    url=st.just(""),
    title=news_texts(),
    text=news_texts(),
    language=st.sampled_from(["en", "zh", "de", ""]),
)
