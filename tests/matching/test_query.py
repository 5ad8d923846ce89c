"""The query language: what people type is read as they mean it, or answered with the place and a way out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import QueryError, QueryProblem
from bot.matching import query as query_module
from bot.matching.query import MAX_DEPTH, MAX_LENGTH, canonical, parse, plain_words
from tests.support.queries import queries


def refusal(typed):
    try:
        parse(typed)
    except QueryError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("trilateral talks", "trilateral talks"),
        ("  Trilateral\n TALKS ", "trilateral talks"),
        ('"Trilateral Talks"', '"trilateral talks"'),
        ("“Trilateral talks”", '"trilateral talks"'),
        ("「三方會談」", '"三方会谈"'),
        ("『三方會談』", '"三方会谈"'),
        ("＂三方會談＂", '"三方会谈"'),
        ("三方會談 阿布達比", "三方会谈 阿布达比"),
        ("Trump NEAR/3 tariffs", "trump NEAR/3 tariffs"),
        ("trump near/3 new tariffs", "trump NEAR/3 new NEAR/3 tariffs"),
        ("三方 ＮＥＡＲ／２ 會談", "三方 NEAR/2 会谈"),
        ('"Abu Dhabi" NEAR/5 talks -oil', '"abu dhabi" NEAR/5 talks -oil'),
        ('a NEAR/2 b NEAR/7 "c d"', 'a NEAR/7 b NEAR/7 "c d"'),
        ("a NEAR/10 b", "a b"),
        ("a NEAR/9999 b", "a NEAR/99 b"),
        ("a NEAR/3 a", "a"),
        ('"a b" NEAR/3 "a b"', '"a b"'),
        ("NEAR protocol", "near protocol"),
        ("三方會談，阿布達比", "三方会谈 阿布达比"),
        ("AI芯片", "ai芯片"),
        ("a AND b", "a AND b"),
        ("ａ ＡＮＤ ｂ", "a AND b"),
        ("a and b", "a and b"),
        ("a | b", "a OR b"),
        ("a|b", "a OR b"),
        ("a || b", "a OR b"),
        ("a｜b", "a OR b"),
        ("a b OR c d", "a b OR c d"),
        ("a OR b AND c", "a OR b AND c"),
        ("(a OR b) c", "(a OR b) c"),
        ("（a OR b）c", "(a OR b) c"),
        ("((a))", "a"),
        ("a (b c)", "a AND b c"),
        ('trilateral "Abu Dhabi" talks', 'trilateral "abu dhabi" talks'),
        ("talks -Gaza", "talks -gaza"),
        ("talks －加沙", "talks -加沙"),
        ("talks –Gaza", "talks -gaza"),
        ("talks --Gaza", "talks -gaza"),
        ('talks -"Gaza Strip"', 'talks -"gaza strip"'),
        ("talks NOT Gaza Strip", "talks -(gaza strip)"),
        ("talks AND NOT Gaza", "talks -gaza"),
        ("a NOT NOT b", "a AND b"),
        ("a -(-b)", "a AND b"),
        ("-(-a -b)", "-(-a -b)"),
        ("Abu Dhabi - talks", "abu dhabi talks"),
        ("talks -", "talks"),
        ("a-b", "a-b"),
        ("talk*", "talk*"),
        ("talk＊", "talk*"),
        ("三方*", "三方"),
        ("Russian-Ukrain*", "russian-ukrain*"),
        ('title:"Abu Dhabi"', 'title:"abu dhabi"'),
        ("title:(a OR b)", "title:(a OR b)"),
        ("title:(a b) c", "title:(a b) c"),
        ("Title：Abu Dhabi", "title:abu dhabi"),
        ("title: Abu", "title:abu"),
        ("標題：會談", "title:会谈"),
        ("-title:a b", "-title:a b"),
        ("feed:reuters", "feed:reuters"),
        ("feed:reuters.com", "feed:reuters-com"),
        ("lang:zh", "lang:zh"),
        ("lang:zh-Hant", "lang:zh"),
        ("lang:中文", "lang:zh"),
        ("lang:(zh OR English)", "lang:(zh OR en)"),
        ("lang:zh,en", "lang:(zh OR en)"),
        ('lang:"zh" a', "lang:zh a"),
        ("a -lang:zh", "a -lang:zh"),
        ("a lang:(-zh)", "a lang:(-zh)"),
        ("http://example.com/x", "http-example-com-x"),
        ("10:30", "10:30"),
        ("Re:Zero", "re-zero"),
        ("C++ C# R&D $TSLA #AI", "c++ c# r&d $tsla #ai"),
        ("O'Brien’s", "o·brien"),
        ("🚀", "🚀"),
        ("feeds: the end", "feeds the end"),
        ("talks talks OR talks", "talks"),
        ('"AND"', '"and"'),
        ('"a, b"', '"a, b"'),
        (r"/\d+ (dead|killed)/ Gaza", r"/\d+ (dead|killed)/ gaza"),
        ("/F-?35/i", "/F-?35/"),
        ("／三方.?會談／", "/三方.?会谈/"),
        ("/[一-龥]會/", "/[一-龥]会/"),
        ("/（Xi’s）/", r"/\(Xi\'s\)/"),
        (r"/\（/", r"/\(/"),
        ("title:/a b/ -/c|d/", "title:/a b/ -/c|d/"),
        ("(/a b/|/c d/) e", "(/a b/ OR /c d/) e"),
        ("/r/worldnews/", "/r/worldnews/"),
        ("/r/worldnews", "r-worldnews"),
        ("/home/me AC/DC a / b", "home-me ac-dc a b"),
        ("https://example.com/a/", "https-example-com-a"),
    ],
)
def test_what_people_type_is_read_as_they_mean_it(typed, expected):
    query = parse(typed)
    assert canonical(query) == expected
    assert parse(expected) == query


@pytest.mark.parametrize(
    ("typed", "problem", "position", "suggestion"),
    [
        ("", QueryProblem.EMPTY, 0, "trilateral talks"),
        (" \u3000\n", QueryProblem.EMPTY, 0, "trilateral talks"),
        ("!!! …", QueryProblem.NOTHING_TO_FIND, 0, "trilateral talks"),
        ('"trilateral talks', QueryProblem.OPEN_QUOTE, 0, '"trilateral talks"'),
        ("会谈 「三方會談", QueryProblem.OPEN_QUOTE, 3, '会谈 "三方會談"'),
        ('talks"', QueryProblem.OPEN_QUOTE, 5, "talks"),
        ('a ""', QueryProblem.EMPTY_PHRASE, 2, "a"),
        ('"!"', QueryProblem.EMPTY_PHRASE, 0, "trilateral talks"),
        ("a (b OR c", QueryProblem.OPEN_PARENTHESIS, 2, "a (b OR c)"),
        ("a) b", QueryProblem.STRAY_PARENTHESIS, 1, "a AND b"),
        ("（a", QueryProblem.OPEN_PARENTHESIS, 0, "a"),
        ("a ()", QueryProblem.MISSING_OPERAND, 2, "a"),
        ("Gaza OR", QueryProblem.MISSING_OPERAND, 5, "Gaza"),
        ("AND Gaza", QueryProblem.MISSING_OPERAND, 0, "Gaza"),
        ("a AND", QueryProblem.MISSING_OPERAND, 2, "a"),
        ("a AND AND b", QueryProblem.MISSING_OPERAND, 6, "a AND b"),
        ("a | | b", QueryProblem.MISSING_OPERAND, 2, "a OR b"),
        ("a NOT", QueryProblem.MISSING_OPERAND, 2, "a"),
        ("a NEAR/3", QueryProblem.MISSING_OPERAND, 2, "a"),
        ("NEAR/3 a", QueryProblem.MISSING_OPERAND, 0, "a"),
        ("a NEAR/3 (b OR c)", QueryProblem.MISSING_OPERAND, 2, "a (b OR c)"),
        ("OR", QueryProblem.MISSING_OPERAND, 0, '"or"'),
        ("a -!", QueryProblem.MISSING_OPERAND, 2, "a"),
        ("*", QueryProblem.BAD_PREFIX, 0, "trilateral talks"),
        ("a*", QueryProblem.BAD_PREFIX, 1, "a"),
        ("*talks", QueryProblem.BAD_PREFIX, 0, "talks"),
        ("ta*ks", QueryProblem.BAD_PREFIX, 2, "taks"),
        ("titel:Gaza", QueryProblem.UNKNOWN_FILTER, 0, "title:Gaza"),
        ('a intitle:"Abu Dhabi"', QueryProblem.UNKNOWN_FILTER, 2, 'a title:"Abu Dhabi"'),
        ("site:(a OR b)", QueryProblem.UNKNOWN_FILTER, 0, "feed:(a OR b)"),
        ("lang:klingon", QueryProblem.UNKNOWN_FILTER, 5, "lang:en"),
        ("lang:(zh title:a)", QueryProblem.UNKNOWN_FILTER, 5, "lang:en"),
        ("title:", QueryProblem.EMPTY_FILTER, 0, "title:talks"),
        ("Gaza title:-x", QueryProblem.EMPTY_FILTER, 5, "Gaza title:talks -x"),
        ("-Gaza", QueryProblem.ONLY_EXCLUDES, 0, "talks -Gaza"),
        ("-加沙", QueryProblem.ONLY_EXCLUDES, 0, "会谈 -加沙"),
        ("Gaza -gaza", QueryProblem.CONTRADICTION, 5, "Gaza"),
        ("三方 會談 -会谈", QueryProblem.CONTRADICTION, 6, "三方 會談"),
        ('"Gaza talks" -gaza -oil', QueryProblem.CONTRADICTION, 13, '"Gaza talks" -oil'),
        ("title:gaza -(gaza OR oil)", QueryProblem.CONTRADICTION, 11, "title:gaza"),
        ("oil OR (gaza -gaza)", QueryProblem.CONTRADICTION, 13, "oil OR gaza"),
        ("NOT a b", QueryProblem.ONLY_EXCLUDES, 0, "talks -(a b)"),
        ("talks OR -Gaza", QueryProblem.ONLY_EXCLUDES, 9, "talks -Gaza"),
        ("-a OR -b", QueryProblem.ONLY_EXCLUDES, 0, "talks -a -b"),
        ("title:(-a)", QueryProblem.ONLY_EXCLUDES, 7, "talks title:(-a)"),
        ("-(-a b)", QueryProblem.ONLY_EXCLUDES, 0, "talks -(-a b)"),
        (r"/\d+ killed", QueryProblem.OPEN_REGEX, 0, r"/\d+ killed/"),
        (r"Gaza /(\d+ killed/", QueryProblem.BAD_REGEX, 6, "Gaza killed"),
        ("/oil(?=price)/", QueryProblem.BAD_REGEX, 4, "oil price"),
        ("/.*/", QueryProblem.BROAD_REGEX, 1, "trilateral talks"),
        (r"/\b/ oil", QueryProblem.BROAD_REGEX, 1, "oil"),
        ("/oil{1001}/", QueryProblem.LARGE_REGEX, 1, "oil"),
        (r"/oil\p{L}{1,99}/", QueryProblem.LARGE_REGEX, 1, "oil"),
        ("/" + "oil" * 70 + "/", QueryProblem.LARGE_REGEX, 1, "oil" * 70),
        ("-/oil/", QueryProblem.ONLY_EXCLUDES, 0, "talks -/oil/"),
        ("/oil/ -/oil/", QueryProblem.CONTRADICTION, 6, "/oil/"),
        ("lang:/zh/", QueryProblem.UNKNOWN_FILTER, 5, "lang:en"),
        ("oil NEAR/3 /gas/", QueryProblem.MISSING_OPERAND, 4, "oil /gas/"),
    ],
)
def test_what_cannot_be_read_is_answered_with_the_place_and_a_way_out(typed, problem, position, suggestion):
    with pytest.raises(QueryError) as caught:
        parse(typed)
    error = caught.value
    assert (error.problem, error.position, error.suggestion) == (problem, position, suggestion)
    assert error.query == typed
    parse(error.suggestion)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("(" * 10_000, QueryProblem.TOO_LONG),
        ("a " * 10_000, QueryProblem.TOO_LONG),
        ("三" * 10_000, QueryProblem.TOO_LONG),
        ("(" * 900, QueryProblem.TOO_DEEP),
        ("(" * 400 + "a" + ")" * 400, QueryProblem.TOO_DEEP),
        ("NOT " * 200 + "a", QueryProblem.TOO_DEEP),
        ("-(" * 300 + "a", QueryProblem.TOO_DEEP),
        ("title:(" * 140, QueryProblem.TOO_DEEP),
        ("|".join("a" + str(n) for n in range(200)), QueryProblem.TOO_LONG),
        (")" * 900, QueryProblem.STRAY_PARENTHESIS),
        ('"' * 901, QueryProblem.EMPTY_PHRASE),
    ],
)
def test_hostile_queries_are_refused_with_a_way_out(typed, problem):
    with pytest.raises(QueryError) as caught:
        parse(typed)
    assert caught.value.problem is problem
    parse(caught.value.suggestion)


def test_nesting_up_to_the_limit_is_read():
    typed = "(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH
    assert canonical(parse(typed)) == "a"


def test_the_longest_query_is_read():
    typed = ("talks " * 200)[:MAX_LENGTH]
    assert canonical(parse(typed)) == "talks talk"


@settings(deadline=None)
@given(queries)
def test_reading_the_canonical_spelling_gives_the_same_query(query):
    assert parse(canonical(query)) == query


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["a", "Bcd", "三方", " ", " ", "(", ")", '"', "|", "-", "*", ":", "title:", "lang:zh", " OR ",
                         " AND ", " NOT ", "feed:", "é", "$", "'", ".", "＊", "「", "10:30", "\u0301", "　", "—",
                         "/", "/", "\\", "[", "]", "+", "/a/"]),
        max_size=14,
    ).map("".join)
    | st.text(max_size=60)
)  # fmt: skip
def test_whatever_is_typed_is_read_or_refused_with_a_suggestion_that_reads(typed):
    error = refusal(typed)
    assert error is None or 0 <= error.position <= len(typed)
    query = parse(error.suggestion if error else typed)
    assert parse(canonical(query)) == query
    assert canonical(parse(canonical(query))) == canonical(query)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("US", "US"), ("u.s.", "us"), ("U.S.", "US"), ("us", "us"), ("OIL", "oil"), ("US-China", "us-china")],
)
def test_only_acronyms_like_a_small_word_keep_their_capitals(typed, expected):
    assert canonical(parse(typed)) == expected
    assert parse(expected) == parse(typed)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Abu Dhabi", "Abu Dhabi"),
        ("abu dhabi", "abu dhabi"),
        ('"Trilateral Talks"', "Trilateral Talks"),
        ("三方會談", "三方會談"),
        ("F-35", "F-35"),
        ("阿卜杜拉·本·賽義德", "阿卜杜拉·本·賽義德"),
        ("talks OR peace", ""),
        ("talks -peace", ""),
        ("Abu Dhabi AND talks", ""),
        ("negotiat*", ""),
        ("title:talks", ""),
        ("talks NEAR/3 peace", ""),
        ('"Abu Dhabi" NEAR/10 talks', ""),
    ],
)
def test_a_query_of_mere_words_says_what_they_are(typed, words):
    assert plain_words(parse(typed)) == words


@given(
    st.lists(
        st.sampled_from(["a", "bc", "bcd", "35", "and", "not", "near", "talk", "talks", "киев", "سلام", "tа"]),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["", " bc*", " talk*", " 35*"]),
    st.lists(st.sampled_from([" -a", " -bc", " -x", " -talks", " -мир"]), max_size=3),
)
def test_plain_queries_are_read_without_the_grammar_as_by_it(words, prefix, excluded):
    typed = " ".join(words) + prefix + "".join(excluded)
    by_grammar, problem, _ = query_module._read(typed)
    simple = query_module._simple(typed)
    assert simple == by_grammar if simple else problem is QueryProblem.CONTRADICTION


def test_every_letter_that_needs_no_grammar_is_read_as_by_it():
    letters = [chr(point) for point in range(0x3400) if query_module._simple(f"x{chr(point)} y")]
    assert len(letters) > 26 + 10 + 32 + 28
    for letter in letters:
        typed = f"{letter}{letters[0]} x{letter} {letter}"
        assert query_module._simple(typed) == query_module._read(typed)[0], typed
