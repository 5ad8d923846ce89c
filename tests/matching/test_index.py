"""The index answers as trying every query would, while keywords come and go."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.errors import QueryError
from bot.matching.document import Document
from bot.matching.evaluate import evaluate
from bot.matching.index import KeywordIndex
from bot.matching.query import canonical, parse
from bot.model import FeedId, FeedRef, Item, KeywordId
from tests.support.queries import items, queries

FEED = FeedRef(id=FeedId(1), url="https://example.com/feed", title="Example News")


def document(title, language="en"):
    return Document(Item(guid="1", url="", title=title, language=language), FEED)


def brute_force(spellings, doc):
    return {spelling for spelling in spellings if evaluate(parse(spelling), doc) is not None}


def indexed(spellings):
    index = KeywordIndex()
    for number, spelling in enumerate(spellings):
        index.add(KeywordId(number), spelling)
    return index


@pytest.fixture(params=[(10**9, 0), (0, 10**9), (0, 3)], ids=["few", "many", "many, a few at once"], autouse=True)
def few(request, monkeypatch):
    """How many features and entries are told by dictionaries, before numpy comes in; how much is looked at together."""
    few, together = request.param
    if together < 10:
        monkeypatch.setattr("bot.matching.vocabulary._STEP", 3)
        monkeypatch.setattr("bot.matching.vocabulary._MOST_CHANGES", 12)
    monkeypatch.setattr("bot.matching.vocabulary.FEW", few)
    monkeypatch.setattr("bot.matching.filed.FEW", few)
    monkeypatch.setattr("bot.matching.manyfeatures.MOST_ROWS", together)


def test_a_document_is_told_the_queries_that_it_answers():
    index = indexed(["trilateral talks", "三方会谈", "gaza"])
    assert index.match(document("The trilateral US talks")) == {"trilateral talks"}
    assert index.match(document("三方會談", "zh")) == {"三方会谈"}


def test_equal_queries_are_kept_once_and_counted_each():
    index = indexed(["talks", "talks"])
    assert len(index) == 2
    assert len(index.match(document("talks"))) == 1
    index.remove(KeywordId(0))
    assert len(index.match(document("talks"))) == 1
    index.remove(KeywordId(1))
    assert (len(index), index.match(document("talks"))) == (0, set())


def test_a_keyword_can_change_and_unknown_ones_can_go():
    index = indexed(["talks"])
    index.add(KeywordId(0), "talks")
    index.add(KeywordId(0), "party")
    index.remove(KeywordId(9))
    assert len(index) == 1
    assert index.match(document("talks at a party")) == {"party"}


def test_an_unreadable_keyword_is_left_out_with_a_warning():
    index = KeywordIndex()
    with capture_logs() as logs:
        index.add(KeywordId(5), '"broken')
    assert len(index) == 0
    assert [(log["log_level"], log["keyword"], log["problem"]) for log in logs] == [("warning", 5, "open-quote")]


@pytest.mark.parametrize(
    ("query", "title", "language", "found"),
    [
        ("lang:zh", "x", "zh", True),
        ("lang:zh", "x", "en", False),
        ("feed:example", "x", "en", True),
        ("lang:en OR talks", "x", "en", True),
        ("talk* OR 三方", "talking", "en", True),
        ("talk* OR 三方", "第三方", "zh", True),
        ("gespräch", "Gespräche", "de", True),
        ("переговоры", "переговоров", "ru", True),
        ("переговоры", "переговоров", "en", False),
        ("title:(a bc*) -c", "a bcd", "en", True),
        # All words of an alternative are needed, not only its rarest.
        ("(talks OR rain AND storm) of", "fear of storm", "en", False),
        ("(talks OR rain AND storm) of", "of rain and storm", "en", True),
        ("(三方 OR 会谈 AND 停火) 外交", "外交会谈", "zh", False),
        ("((ab OR bcd AND ce) AND df) OR eg", "bcd df", "en", False),
    ],
)
def test_every_kind_of_query_is_found_where_it_is_filed(query, title, language, found):
    index = indexed([canonical(parse(query))])
    assert bool(index.match(document(title, language))) is found


@pytest.mark.parametrize(
    ("query", "title", "found"),
    [
        # Ten others may stand among all words of a group, so more between two of them.
        ("harbour big strike", f"harbour {'x ' * 5} big {'x ' * 5} strike", True),
        ("harbour big strike", f"harbour {'x ' * 6} big {'x ' * 5} strike", False),
        ("harbour strike", f"harbour {'x ' * 10} strike", True),
        ("harbour strike", f"strike {'x ' * 11} harbour {'x ' * 11} strike", False),
        ("harbour str*", f"strikes {'x ' * 10} harbours", True),
        ("harbour str*", f"strikes {'x ' * 11} harbours", False),
        ("harbour strike -pilots", f"harbour {'x ' * 11} strike", False),
        ("harbour strike -pilots", "harbour strike", True),
        ("harbour strike -pilots", "harbour strike of pilots", False),
        ("harbour 罢工", "harbour 一二三四五六七八九十一二三四五六七八九十罢工", True),
        ("harbour 罢工", "harbour 一二三四五六七八九十一二三四五六七八九十十罢工", False),
        ("罢 harbour", "harbour 一二三四五六七八九十一二三四五六七八九十罢", True),
        ("罢 harbour", "harbour 一二三四五六七八九十一二三四五六七八九十十罢", False),
        ('"harbour pilots strike"', "harbour pilots, strike! Harbour pilots; pilots strike", False),
        ('"harbour pilots strike"', "harbour pilots. Strike of harbour pilots, strike: harbour pilots strike", True),
        ('"harbour pilots strike"', "harbour pilots strikes", False),
        ("NO", "see no. 5 there", False),
        ("NO", "see NO. 5 there", True),
        # In memory, 换 has the two bytes of bc.
        ("bc", "换", False),
        ("换", "bc", False),
    ],
)
def test_words_are_told_where_they_stand_as_the_query_wants_them(query, title, found):
    form = canonical(parse(query))
    assert bool(indexed([form]).match(document(title))) is found
    assert bool(brute_force([form], document(title))) is found


def test_words_are_near_each_other_in_a_translation_into_another_language():
    item = Item(guid="1", url="", title="罢工 罢工", text="港口的消息", language="zh")
    for text, found in ((f"Streik {'x ' * 10} Häfen", True), (f"Streik {'x ' * 11} Häfen", False)):
        german = Item(guid="1", url="", title="x", text=text, language="de")
        assert bool(indexed(["hafen streik"]).match(Document(item, FEED, (german,)))) is found


def test_no_more_words_of_texts_are_remembered_than_there_may_be(monkeypatch):
    for module in ("fewfeatures", "manyterms"):
        monkeypatch.setattr(f"bot.matching.{module}.MOST_TERMS", 50)
    index = indexed(["harbour strike"])
    for number in range(40):
        words = " ".join(f"w{number}x{place}" for place in range(9))
        assert index.match(document(f"The strike in {words} harbour {'y ' * 300}")) == {"harbour strike"}
    (terms,) = index._vocabulary._features._terms.values()
    # But for those of the last text, and of the keyword.
    assert 2 < len(terms if isinstance(terms, dict) else terms._hashes) < 70


def test_languages_met_before_and_after_a_keyword_came_agree():
    index = KeywordIndex()
    assert index.match(document("Gespräche", "de")) == set()
    index.add(KeywordId(1), "gesprach")
    assert len(index.match(document("Gespräche", "de"))) == 1
    index.remove(KeywordId(1))
    index.add(KeywordId(2), "talk*")
    index.remove(KeywordId(2))
    assert index.match(document("Gespräche talks", "de")) == set()


# The fixture is the same for all examples.
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(queries, max_size=8), items)
def test_the_index_answers_as_trying_every_query(found, item):
    spellings = [canonical(query) for query in found]
    doc = Document(item, FEED)
    assert indexed(spellings).match(doc) == brute_force(spellings, doc)


def _query(rng, words):
    leaf = rng.choice
    kinds = [
        lambda: leaf(words),
        lambda: f"{leaf(words)} {leaf(words)}",
        lambda: f'"{leaf(words)} {leaf(words)}"',
        lambda: " -".join(rng.sample(words, 2)),
        lambda: f"({leaf(words)} OR {leaf(words)}) {leaf(words)}",
        lambda: f"title:{leaf(words)} OR {leaf(words)}",
        lambda: f"{leaf(['ta', 'par', 'sea'])}*",
    ]
    return rng.choice(kinds)()


def test_a_crowd_of_keywords_coming_and_going_is_matched_exactly():
    rng = random.Random(7)
    words = [
        "talk",
        "talks",
        "party",
        "parties",
        "sea",
        "seas",
        "deal",
        "ceasefire",
        "三方",
        "会谈",
        "會談",
        "阿布扎比",
        "AI",
        "AI芯片",
    ]
    words += ["".join(rng.choices("abcdefgh", k=3)) for _ in range(40)]
    index = KeywordIndex()
    live = {}
    for round_ in range(60):
        for number in rng.sample(range(400), 20):
            if number in live:
                del live[number]
                index.remove(KeywordId(number))
            else:
                live[number] = canonical(parse(_query(rng, words)))
                index.add(KeywordId(number), live[number])
        text = rng.choice(["", " "]).join(rng.choices([w + rng.choice(["", " ", "，", " "]) for w in words], k=25))
        doc = Document(Item(guid="1", url="", title=text[:60], text=text, language=rng.choice(["en", "zh", "fr"])))
        assert index.match(doc) == brute_force(live.values(), doc), round_
    assert len(index) == len(live)


def _expression(rng, words, depth=0):
    """A query of any form, with what a text of the same words is likely to answer."""
    word = rng.choice(words)
    if depth > 2 or rng.random() < 0.45:
        return rng.choice(
            [word, word, f"{word} {rng.choice(words)}", f'"{word}"', f'"{word} {rng.choice(words)}"', f"title:{word}"]
            + [f"{word[:3]}*"] * (word.isascii() and word.isalpha() and len(word) > 2)
        )
    parts = [_expression(rng, words, depth + 1) for _ in range(rng.choice((2, 2, 3)))]
    return rng.choice(
        [f"({' OR '.join(parts)})", f"({' AND '.join(parts)})", f"({parts[0]}) -({parts[1]})", f"lang:en ({parts[0]})"]
    )


ENGLISH = [
    "talk", "talks", "talked", "talking", "party", "parties", "sea", "seas", "deal", "deals", "cease", "ceasefire",
    "the", "of", "and", "Abu", "Dhabi", "trilateral", "news", "US", "us", "IT", "it", "WHO", "who", "U.S.", "F-35",
    "C++", "R&D", "$TSLA", "TSLA", "AI", "1,000", "3.5", "don't", "Mr.", "no", "universities", "universe", "univers",
]  # fmt: skip
CHINESE = [
    "三方", "會談", "会谈", "三方會談", "方会", "阿布扎比", "阿布達比", "中国", "发展中国家", "AI芯片", "芯片",
    "百度AI", "人工智能", "人工智慧", "第一", "三", "談",
]  # fmt: skip


@pytest.mark.parametrize("words", [ENGLISH, CHINESE, ENGLISH + CHINESE], ids=["English", "Chinese", "mixed"])
def test_the_index_answers_as_trying_each_of_a_thousand_queries_on_a_hundred_texts(words):
    rng = random.Random(len(words))
    index, live = KeywordIndex(), {}
    while len(live) < 1_000:
        try:
            form = canonical(parse(_expression(rng, words)))
        except QueryError:
            continue
        live.setdefault(form, parse(form))
    for number, form in enumerate(live):
        index.add(KeywordId(number), form)
    answered = 0
    for _ in range(100):
        pieces = [rng.choice(words) + rng.choice(["", " ", " ", " ", "-", ", ", "。", "\n\n"]) for _ in range(30)]
        title, text = "".join(pieces[:6]), "".join(pieces[6:])
        doc = Document(Item(guid="", url="", title=title, text=text, language=rng.choice(["en", "zh", "de", ""])))
        found = index.match(doc)
        assert found == {form for form, query in live.items() if evaluate(query, doc) is not None}, (title, text)
        answered += len(found)
    assert 10_000 < answered < 90_000
    for number in range(len(live)):
        index.remove(KeywordId(number))
    assert index.match(doc) == set()
    assert len(index) == 0


def sizes(index):
    """How much each part of an index holds, but for what it remembers of texts and keeps for the next keyword."""
    vocabulary = index._vocabulary
    stems = [len(words) for words in vocabulary._by_stem.values()]
    return len(index._numbers), len(index._always), len(index._filed), len(vocabulary), len(vocabulary._prefixes), stems


def test_a_language_follows_keywords_that_came_and_went_since_its_last_text():
    index = KeywordIndex()
    assert index.match(document("Gespräche", "de")) == index.match(document("talks")) == set()
    for number in range(40):
        index.add(KeywordId(number), f"gesprach w{number}")
        if number % 3 == 0:
            assert index.match(document(f"talks of w{number} gesprach")) == {f"gesprach w{number}"}
    for number in range(10, 30):
        index.remove(KeywordId(number))
    index.add(KeywordId(10), "gesprach*")
    words = " ".join(f"w{number}" for number in range(5, 15))
    wanted = {"gesprach*", *(f"gesprach w{number}" for number in range(5, 10))}
    assert index.match(document(f"Gespräche {words}", "de")) == wanted
    assert index.match(document(f"{words} gesprach")) == wanted
    index.remove(KeywordId(10))
    assert index.match(document("Gespräche w12", "de")) == set()


def test_nothing_is_left_of_keywords_that_went():
    rng = random.Random(5)
    index = KeywordIndex()
    assert index.match(document("Gespräche in Abu Dhabi", "de")) == set()
    before, enough = sizes(index), 0
    known = index._vocabulary._by_stem
    forms = [_expression(rng, ENGLISH + CHINESE) for _ in range(300)]
    for round_ in range(3):
        for number, form in enumerate(forms):
            index.add(KeywordId(number), form)
        index.match(document("Gespräche in Abu Dhabi", "de"))
        assert sum(map(len, known.values())) > 20
        for number in rng.sample(range(300), 300):
            index.remove(KeywordId(number))
        index.match(document("Gespräche in Abu Dhabi", "de"))
        assert sizes(index) == before
        assert not any((*index._uses, *index._seen, *index._sharing))
        taken = len(index._filed._pool) + len(index._queries) + len(index._uses)
        enough = taken if not round_ else enough
        assert taken < 1.1 * enough, "what became free is used again"
