"""繁 and 简 and their regions, and how Chinese a text is."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Script
from bot.text import chinese
from bot.text.chinese import han_share, is_simplified, leaning, spellings, to_script, writer
from tests.support import altered

REGIONS = (Script.HK, Script.TW, Script.CN)
WRITTEN = {
    Script.HK: "皇后之後裏面有3公里，台灣為了頭髮發展，幹部干涉群眾，沿着山峰的衞生所啟動，颱風後說稅",
    Script.TW: "皇后之後裡面有3公里，台灣為了頭髮發展，幹部干涉群眾，沿著山峰的衛生所啟動，颱風後說稅",
    Script.CN: "皇后之后里面有3公里，台湾为了头发发展，干部干涉群众，沿着山峰的卫生所启动，台风后说税",
}
STANDARD = "皇后之後裏面有3公里，臺灣爲了頭髮發展，幹部干涉羣衆，沿着山峯的衛生所啓動，颱風後說稅"
# What is neither 繁 nor 简, or both, can't be told; news is one of them.
SIMPLIFIED = st.text(st.sampled_from("皇后之里面台湾为了头发展干部涉群众沿着卫生启说，。a1"), max_size=30)
TRADITIONAL = st.text(st.sampled_from("皇后之後裏裡里面台臺灣為爲頭髮展干幹部群羣眾着著衞衛生啟啓說。a1"), max_size=30)
ONE_SIDE = SIMPLIFIED.map("这个国会说".__add__) | TRADITIONAL.map("這個國會說".__add__)


@pytest.mark.parametrize(
    ("script", "expected"), [(Script.HANS, "三方会谈"), (Script.HANT, "三方會談"), (Script.SOURCE, "三方会談")]
)
def test_chinese_is_written_in_the_chosen_script(script, expected):
    assert to_script("三方会談" if script is Script.SOURCE else "三方會談", script) == expected


@pytest.mark.parametrize("source", [*WRITTEN.values(), STANDARD])
@pytest.mark.parametrize("region", REGIONS)
def test_every_region_s_text_becomes_that_of_every_other(region, source):
    assert to_script(source, region) == WRITTEN[region]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize(
    "text",
    ["支持和平进程", "打击对象", "司法程序", "机密文件", "列车运行", "建设项目", "數位市民反對物件", "支援前線的資料"],
)
def test_words_stay_whatever_phrase_books_make_of_them(region, text):
    # What OpenCC's books for software say: 支援 for support, 物件 for a target, 数字 for several people.
    assert to_script(to_script(text, region), Script.HANS) == to_script(text, Script.HANS)


@given(ONE_SIDE, st.sampled_from(REGIONS))
def test_changing_twice_changes_nothing_more(text, region):
    once = to_script(text, region)
    assert to_script(once, region) == once
    assert len(once) == len(text)


def test_parliaments_are_no_ginseng():
    assert to_script("美國參眾兩院", Script.HK) == "美國參眾兩院"
    assert to_script("參選人看著著名的潮濕地方", Script.HK) == "參選人看着著名的潮濕地方"
    assert to_script("參選人看着著名的潮濕地方", Script.TW) == "參選人看著著名的潮濕地方"


def test_the_pieces_of_a_text_are_changed_as_the_whole():
    # 里 alone could be 简; among 繁 it is the mile that it says.
    assert writer("這裡有三公里", Script.HK)("里") == "里"
    assert writer("trilateral", Script.TW)("里") == "里"


@pytest.mark.parametrize(
    ("text", "simplified"),
    [("会谈", True), ("會談", False), ("中美", True), ("台灣會談", False), ("軟开会谈话", True)],
)
def test_what_looks_the_same_in_both_counts_as_simplified(text, simplified):
    assert is_simplified(text) is simplified


def test_a_word_has_the_spellings_of_all_regions():
    assert set(spellings("衛生")) == {"衛生", "卫生", "衞生"}
    assert set(spellings("台灣")) == {"台灣", "台湾", "臺灣"}
    assert spellings("Taiwan") == ("Taiwan",)


@pytest.mark.parametrize("script", Script)
def test_text_without_chinese_stays_as_it_is(script):
    assert to_script("trilateral talks", script) == "trilateral talks"


@pytest.mark.parametrize(("text", "share"), [("", 0.0), ("123!", 0.0), ("talks", 0.0), ("会谈", 1.0), ("会谈ab", 0.5)])
def test_the_share_of_han_counts_letters_alone(text, share):
    assert han_share(text) == share


def by_conversion(text):
    """How many characters more s2t alters than t2s."""
    return chinese._altered(text, "s2t") - chinese._altered(text, "t2s")


@given(
    st.text(
        st.sampled_from("皇后之後裏裡里面台臺灣湾為爲为头頭髮发展干幹部群羣眾众着著衞衛卫只隻乾了瞭丑醜豈更\ufa0aa1，"),
        max_size=20,
    )
)
def test_what_a_text_leans_to_is_what_conversion_says(text):
    told, said = leaning(text), by_conversion(text)
    assert (told > 0, told < 0) == (said > 0, said < 0)


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_the_characters_that_are_altered_are_known(seed, length):
    always, sometimes = (line for line in altered.FILE.read_text("utf-8").splitlines() if line[0] != "#")
    text = "".join(Random(seed).choices(always + 3 * sometimes + "的一是不人會說時間學", k=length))
    told, said = leaning(text), by_conversion(text)
    assert (told > 0, told < 0) == (said > 0, said < 0)


@pytest.mark.skipif(not altered.PROGRAM.exists(), reason="this package of OpenCC has no programs")
def test_the_list_of_what_is_altered_is_that_of_the_library():
    """Whoever installs another OpenCC makes the file anew: `python -m tests.support.altered`."""
    assert [line for line in altered.FILE.read_text("utf-8").splitlines() if line[0] != "#"] == list(altered.altered())


@pytest.mark.parametrize("text", [*WRITTEN.values(), STANDARD, "", "no Chinese", "中文"])
def test_what_is_plain_from_the_characters_needs_no_phrases(text):
    while chinese.put_away_unused() or chinese._LARGE in chinese._converters:
        pass
    leaning(text)
    assert chinese._LARGE not in chinese._converters
