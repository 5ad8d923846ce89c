"""Which texts a query finds, and with which of their words."""

import unicodedata

import pytest

from bot.matching.document import Document
from bot.matching.evaluate import evaluate, evaluate_apart
from bot.matching.query import parse
from bot.model import Item

TALKS = "Leaders hail the trilateral Russian-Ukrainian-US talks in Abu Dhabi"


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ("trilateral talks", TALKS, ("trilateral", "talks")),
        ("talks trilateral", TALKS, ("trilateral", "talks")),
        ("talk", TALKS, ("talks",)),
        ("talking", TALKS, ("talks",)),
        ('"trilateral talks"', TALKS, None),
        ('"Abu Dhabi"', TALKS, ("Abu Dhabi",)),
        ('"abu  DHABI"', "ABU\nDhabi's", ("ABU Dhabi",)),
        ('"talk"', TALKS, None),
        ("art", "The party was a start", None),
        ("art", "Art for all, arts and art", ("Art",)),
        ("AI", "Said again: AI's here", ("AI",)),
        ("AI", "He said it again", None),
        ("Ukrainian-US", TALKS, ("Ukrainian-US",)),
        ("US-Ukrainian", TALKS, None),
        ("F-35", "Two F-35 jets", ("F-35",)),
        ("F35", "Two F-35 jets", None),
        ("C++", "C++ and C", ("C++",)),
        ("C", "C++ and D", None),
        ("TSLA", "Buy $TSLA now", ("$TSLA",)),
        ("$TSLA", "Buy TSLA now", None),
        ("$TSLA", "TSLA or $tsla", ("$tsla",)),
        ("R&D", "More R&D", ("R&D",)),
        ("US", "The U.S. said", ("U.S.",)),
        ("10:30", "at 10:30, sharp", ("10:30",)),
        ("1000", "1,000 people", ("1,000",)),
        ("cafe", "A Café", ("Café",)),
        ("istanbul", "İSTANBUL", ("İSTANBUL",)),
        ("strasse", "Die Straße", ("Straße",)),
        ("accord", "l'accord", ("accord",)),
        ("Dhabi", "Abu Dhabi’s leaders", ("Dhabi",)),
        ("🚀", "To the moon 🚀!", ("🚀",)),
        ("http://example.com/x", "see https://example.com/x or http://example.com/x", ("http://example.com/x",)),
    ],
)
def test_latin_words_are_whole_and_told_as_written(match, query, title, expected):
    assert match(query, title) == expected


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ("三方会谈", "阿布達比三方會談後天舉行", ("三方會談",)),
        ("三方會談", "阿布扎比三方会谈", ("三方会谈",)),
        ("三方会谈", "我在三方。会谈开始", None),
        ("三方会谈", "三方，会谈", None),
        ("三方会谈", "会见三方 会谈开始", None),
        ("三方会谈", "“三方”会谈", ("三方”会谈",)),
        ('"三方 会谈"', "三方 会谈", ("三方 会谈",)),
        ("阿布扎比 三方会谈", "三方會談在阿布扎比", ("三方會談", "阿布扎比")),
        ("AI", "百度AI发布", ("AI",)),
        ("AI芯片", "百度 ＡＩ 芯片", ("ＡＩ 芯片",)),
        ("百度ai发布", "百度AI发布", ("百度AI发布",)),
        ("特朗普", "唐纳德·特朗普", ("特朗普",)),
        ("唐纳德特朗普", "唐纳德·特朗普", ("唐纳德·特朗普",)),
        ("会谈", "会，谈", None),
        ("한국", "한국의 대통령", ("한국",)),
        ("カナダ", "ｶﾅﾀﾞ、カナダ", ("カナダ",)),
        ("東京", "东京都", ("东京",)),
        ("ตำรวจ", "ข่าวตำรวจไทย", ("ตำรวจ",)),
    ],
)
def test_scripts_without_spaces_are_found_as_runs(match, query, title, expected):
    assert match(query, title, language="zh") == expected


@pytest.mark.parametrize(
    ("query", "text", "language", "expected"),
    [
        ("Gespräch", "Die Gespräche", "de", ("Gespräche",)),
        ("переговоры", "после переговоров", "ru", ("переговоров",)),
        ("النفط", "أسعار النِّفْط", "ar", ("النِّفْط",)),
        ("talk", "talks 会谈", "zh", ("talks",)),
        ("talk", "Talks", "", ("Talks",)),
    ],
)
def test_inflections_follow_the_language_of_the_item(match, query, text, language, expected):
    assert match(query, "", text, language=language) == expected


@pytest.mark.parametrize(("others", "found"), [(0, True), (10, True), (11, False)])
def test_near_is_at_most_ten_other_words(match, others, found):
    text = "trilateral " + "x " * others + "talks"
    assert (match("trilateral talks", text) is not None) is found
    assert (match("talks trilateral", text) is not None) is found


@pytest.mark.parametrize(("others", "found"), [(20, True), (21, False)])
def test_two_chinese_characters_count_as_a_word(match, others, found):
    assert (match("三方 会谈", "三方" + "的" * others + "会谈") is not None) is found


@pytest.mark.parametrize(
    ("query", "title", "found"),
    [
        ("trump NEAR/2 tariffs", "Tariffs that new Trump", True),
        ("trump NEAR/2 tariffs", "Trump announces many new tariffs", False),
        ("trump NEAR/0 tariff", "Trump tariffs", True),
        ("trump NEAR/20 tariffs", f"Trump {'x ' * 20}tariffs", True),
        ("trump NEAR/20 tariffs", f"Trump {'x ' * 21}tariffs", False),
        ('"Abu Dhabi" NEAR/3 talks', "Talks were held in Abu Dhabi", True),
        ('"Abu Dhabi" NEAR/3 talks', "Talks in Dhabi, Abu", False),
        ('"talks" NEAR/3 Gaza', "The talk on Gaza", False),
        ("三方 NEAR/1 會談", "三方在這會談", True),
        ("三方 NEAR/1 會談", "三方在這裏會談", False),
    ],
)
def test_near_can_be_nearer_or_farther(match, query, title, found):
    assert (match(query, title) is not None) is found


def test_a_hyphenated_compound_counts_its_words(match):
    assert match("a z", "a b-c-d-e-f g h i j k z") == ("a", "z")
    assert match("a z", "a b-c-d-e-f g h i j k l z") is None


def test_a_later_window_is_found_when_the_first_is_too_wide(match):
    far = " far" * 12
    assert match("abu dhabi talks", f"talks{far} Abu{far} Dhabi talk of Abu") == ("Dhabi", "talk", "Abu")


def test_near_stays_within_a_paragraph_and_a_field(match):
    assert match("trilateral talks", "trilateral", "talks") is None
    assert match("trilateral talks", "", "trilateral.\n\ntalks") is None
    assert match("trilateral talks", "", "trilateral.\ntalks") == ("trilateral", "talks")
    assert match('"trilateral talks"', "trilateral", "talks") is None


def test_every_word_typed_must_be_there(match):
    assert match("The Times", "Times are hard") is None
    assert match("The Times", "the New York Times") == ("the", "Times")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("talks OR party", ("talks",)),
        ("dhabi OR trilateral OR leaders", ("Leaders", "trilateral", "Dhabi")),
        ("talks -gaza", ("talks",)),
        ("talks -dhabi", None),
        ("talks -(dhabi gaza)", ("talks",)),
        ('talks NOT "abu dhabi"', None),
        ("talks AND dhabi", ("talks", "Dhabi")),
        ("(gaza OR talks) (party OR dhabi)", ("talks", "Dhabi")),
        ("-(-talks -gaza)", ()),
        ("tri*", ("trilateral",)),
        ("lead* tri*", ("Leaders", "trilateral")),
        ("russian-ukrain*", ("Russian-Ukrainian",)),
        ("zz*", None),
        ('"trilateral Russian, Ukrainian US"', ("trilateral Russian-Ukrainian-US",)),
    ],
)
def test_operators_combine(match, query, expected):
    assert match(query, TALKS) == expected


def test_filters_look_where_they_say(match):
    assert match("title:talks", "No", "talks") is None
    assert match("title:(talks -gaza)", "Talks", "gaza") == ("Talks",)
    assert match("dhabi title:talks", "Talks", "in Dhabi") == ("Talks", "Dhabi")
    assert match("feed:reuters", "x") == ()
    assert match("feed:feeds.reuters.com talks", "talks") == ("talks",)
    assert match('feed:"Al Jazeera"', "Al Jazeera") is None
    assert match("talks -feed:world", "talks") is None
    assert match("lang:zh", "x", language="zh-Hant") == ()
    assert match("lang:zh", "x") is None
    assert match("talks lang:(zh OR en)", "talks") == ("talks",)


def test_without_its_feed_an_item_answers_no_feed_filter():
    assert evaluate(parse("feed:reuters"), Document(Item(guid="1", url="", title="Reuters"))) is None


def test_words_are_told_once_in_order_title_first(match):
    assert match("talks OR dhabi", "Abu DHABI", "Talks in Dhabi, talks") == ("DHABI", "Talks")


def test_decomposed_text_is_found(match):
    assert match("한국 café", unicodedata.normalize("NFD", "한국 café")) == ("한국", "café")


def test_a_long_text_of_one_word_is_no_trouble(match):
    assert match("a b c", "a b " * 20_000) is None


@pytest.mark.parametrize(
    ("query", "title", "language", "found"),
    [
        ("US", "Tell us about it", "en", False),
        ("US", "Join us as the US votes", "en", True),
        ("US", "the u.s. votes", "en", True),
        ("U.S.", "He told us", "en", False),
        ("us", "US votes", "en", True),
        ("us", "He told us", "en", True),
        ('"US"', "He told us", "en", True),
        ("US talks", "US talks fail", "en", True),
        ("US talks", "Talks between us", "en", False),
        ("WHO", "Who is it", "en", True),
        ("WHO", "The man who left", "en", False),
        ("AI", "J'ai vu", "fr", False),
        ("AI", "L'IA ou AI", "fr", True),
        ("AI", "百度ai发布", "zh", True),
        ("AI", "openai sells ai chips", "en", True),
        ("TRUMP TARIFF", "trump on tariffs", "en", True),
        ("title:US", "Tell us", "en", False),
        ("S&P500", "The S&P 500 fell", "en", True),
        ("S&P 500", "S&P500 falls", "en", True),
    ],
)
def test_an_acronym_typed_in_capitals_is_not_the_small_word_of_its_letters(match, query, title, language, found):
    assert (match(query, title, language=language) is not None) is found


@pytest.mark.parametrize(
    ("query", "title", "found"),
    [
        ("中国", "維護發展中國家利益", False),
        ("中国", "发展中国家与中国会谈", True),
        ('"中国"', "发展中国家", True),
        ("中国经济", "中国经济", True),
        ("日本", "昨日本港新增五宗", False),
        ("日本", "2月5日本报讯", False),
        ("日本", "今日日本港口关闭", True),
        ("日本", "日本", True),
        ("日圓", "星期日圆寂", False),
        ("印度", "印度尼西亚地震", False),
        ("印度", "印度地震", True),
        ("新冠", "世界杯新冠军", False),
        ("新冠", "新冠疫情", True),
        ("中美", "其中美国占一半", False),
        ("中美", "中美国防部长会面", True),
        ("京东", "北京东城区", False),
        ("京东", "北京 东城", False),
        ("京东", "京东上市", True),
    ],
)
def test_the_ends_of_two_chinese_words_are_not_a_third(match, query, title, found):
    assert (match(query, title, language="zh") is not None) is found


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (r"/\d+ killed/", ("1,234 KILLED",)),
        ("/quake$/", ("quake",)),
        ("/三方會談/", ("三方会谈",)),
        ("/阿布(扎|達)比/ title:/ki.{1,3}d/", ("KILLED", "阿布扎比")),
        ("/xi's/", ("Xi",)),
        (r"/ａｉ芯片/", ("ＡＩ芯片",)),
        ("/。/", ()),
        ("feed:/reuters$|world$/", ()),
        (r"/(?-i:killed)/", None),
        ("title:/三方/", None),
        ("/quake/ -/三方/", None),
    ],
)
def test_regular_expressions_find_whatever_the_case_the_width_and_the_characters(match, query, words):
    assert match(query, "At least 1,234 KILLED in quake", "三方会谈在阿布扎比举行。Xi’s visit, ＡＩ芯片") == words


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("talks", (("talks",), ())),
        ("三方會談", ((), ("三方會談",))),
        ("talks 三方會談", None),  # they are not near each other
        ("talks AND 三方會談", (("talks",), ("三方會談",))),
        ("title:會面", None),
        ("title:舉行", ((), ("舉行",))),
        ("text 會面", None),
        ("會面", ((), ("會面",))),
        ("lang:zh 三方會談", None),
        ("lang:en 三方會談", ((), ("三方會談",))),
        ("-talks 三方會談", None),
        ("talks -三方會談", None),
    ],
)
def test_an_item_and_its_translation_are_read_as_one_and_their_words_told_apart(query, expected):
    item = Item(guid="1", url="", title=TALKS, text="The text.", language="en")
    translation = Item(guid="", url="", title="三方會談舉行", text="各方代表會面。", language="zh")
    assert evaluate_apart(parse(query), Document(item, translations=(translation,))) == expected
