"""A chat reads Chinese in the characters, names, words and quotation marks of its region."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.glossary import Glossary, Term, TermKind
from bot.briefs.wording import RegionalWording
from bot.model import Script
from bot.text.chinese import to_script

REGIONS = (Script.HK, Script.TW, Script.CN)


@pytest.fixture(scope="module")
def wording(glossary: Glossary) -> RegionalWording:
    return RegionalWording(glossary)


@pytest.mark.parametrize(
    ("hk", "tw", "cn"),
    [
        ("澤連斯基會見特朗普", "澤倫斯基會見川普", "泽连斯基会见特朗普"),
        ("普京抵達卡塔爾首都多哈", "普丁抵達卡達首都杜哈", "普京抵达卡塔尔首都多哈"),
        ("朝鮮半島局勢與朝鮮導彈", "朝鮮半島局勢與北韓飛彈", "朝鲜半岛局势与朝鲜导弹"),
        ("聯儲局與英偉達的晶片軟件", "聯準會與輝達的晶片軟體", "美联储与英伟达的芯片软件"),
        ("網絡攻擊打擊互聯網", "網路攻擊打擊網際網路", "网络攻击打击互联网"),
        ("他說「支持和平進程」", "他說「支持和平進程」", "他说“支持和平进程”"),
        ("皇后之後，台灣發展，幹部干涉", "皇后之後，台灣發展，幹部干涉", "皇后之后，台湾发展，干部干涉"),
        ("世界衞生組織說", "世界衛生組織說", "世界卫生组织说"),
    ],
)
def test_every_region_s_text_reads_as_every_other_s(wording, hk: str, tw: str, cn: str) -> None:
    said = {Script.HK: hk, Script.TW: tw, Script.CN: cn}
    for source in said.values():
        assert {region: wording.in_script(source, region) for region in REGIONS} == said


@pytest.mark.parametrize(
    ("source", "region", "expected"),
    [
        ("在出租车上", Script.HK, "在的士上"),
        ("在出租车上", Script.TW, "在計程車上"),
        ("悉尼歌剧院", Script.TW, "雪梨歌劇院"),
        ("特朗普", Script.HANT, "特朗普"),  # characters alone
        ("泽连斯基", Script.HANT, "澤連斯基"),
        ("他說“川普”", Script.SOURCE, "他說“川普”"),
        ("Trump said “no”", Script.TW, "Trump said “no”"),
        ("", Script.CN, ""),
    ],
)
def test_a_text_is_said_as_the_chat_reads(wording, source: str, region: Script, expected: str) -> None:
    assert wording.in_script(source, region) == expected


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("軍隊的士氣與雪梨汁", Script.CN),  # no taxis, and no Sydney
        ("其他信息", Script.TW),  # no Thaksin
        ("抵达卡塔尔", Script.HK),  # not Dhaka
        ("提高通行費，今日立法，說明報告", Script.TW),  # no Qualcomm, no Hitachi, no Ming Pao
        ("俄軍與美方", Script.TW),  # sides and armies are no names
        ("韓國瑜說", Script.TW),
        ("司令哈里斯", Script.HK),  # not Kamala Harris
        ("基努·里夫斯說", Script.HK),  # not Rachel Reeves
        ("理查德說", Script.HK),  # not Chad
        ("米萊·某某說", Script.TW),
        ("沿海地區", Script.TW),  # no Haiti
        ("软体动物", Script.CN),  # 简体 text keeps its words
    ],
)
def test_what_only_looks_like_a_name_stays(wording, text: str, region: Script) -> None:
    assert to_script(wording.in_script(text, region), Script.HANS) == to_script(text, Script.HANS)


def test_the_name_of_two_terms_stays() -> None:
    terms = [
        Term(en="A", zh_hant="甲乙", tw="丙丁", zh_hans="甲乙", kind=TermKind.PERSON),
        Term(en="B", zh_hant="甲乙", tw="戊己", zh_hans="甲乙", kind=TermKind.PERSON),
    ]
    assert Glossary(terms).localised("甲乙說", Script.TW) == "甲乙說"


def test_further_names_are_changed_only_where_marked() -> None:
    names = {"zh_hant": "甲乙", "tw": "丙丁", "zh_hans": "甲乙"}
    term = Term(en="A", **names, kind=TermKind.BODY, aliases=("戊己", "庚辛"), same=frozenset({"庚辛"}))
    assert Glossary([term]).localised("戊己庚辛說", Script.TW) == "戊己丙丁說"


@pytest.mark.parametrize("region", REGIONS)
def test_each_name_becomes_that_of_the_region_and_stays_it(glossary: Glossary, region: Script) -> None:
    for term in glossary.terms:
        once = glossary.localised(term.zh_hant, region)
        assert glossary.localised(once, region) == once, term.en


@given(data=st.data(), region=st.sampled_from(REGIONS))
def test_saying_it_twice_changes_nothing_more(wording, glossary, data, region: Script) -> None:
    names = st.sampled_from([form for term in glossary.terms for form in term.names()])
    words = data.draw(st.lists(names | st.sampled_from(["會見", "，", "「好」", "在", "說", " ", "A"]), max_size=6))
    text = "這裡國際" + "".join(words)  # of one side: what is neither can't be told
    once = wording.in_script(text, region)
    assert wording.in_script(once, region) == once
