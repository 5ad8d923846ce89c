"""What a source's names bear out that it does not name."""

from __future__ import annotations

import pytest

from bot.briefs.glossary import Glossary, TermKind, load_glossary, read_glossary
from bot.briefs.names import NameRules, SourceNames
from bot.model import Language
from bot.text.chinese import HAN


@pytest.fixture(scope="module")
def rules() -> NameRules:
    return NameRules(load_glossary())


def new_names(rules: NameRules, source: str, brief: str) -> list[str]:
    language = Language.ZH if HAN.search(brief) else Language.EN
    return SourceNames(source, rules).unknown(brief, language, same_language=False)


BORNE_OUT = [
    ("A contract with Athens was signed.", "與希臘的合同已簽署。"),
    ("President Joe Biden lamented the failure.", "美國總統拜登表示遺憾。"),
    ("Xi met Putin in Samarkand.", "中國國家主席習近平會見普京。"),
    ("The Kremlin denied it.", "俄羅斯否認此事。"),
    ("Cable News Network (CNN) reported it.", "美國有線電視新聞網報道。"),
    ("Korean researchers found it.", "韓國研究人員發現了它。"),
    ("They meet in south-east Asia.", "他們在東南亞會面。"),
    ("The Association of Southeast Asian Nations met.", "東盟召開會議。"),
    ("Mr Marshall told the Commons committee.", "馬歇爾告訴下議院委員會。"),
    ("The Labour leader spoke.", "工黨領袖講話。"),
    ("It was in the Guardian and the Mirror.", "《衛報》和《鏡報》報道。"),
    ("The transatlantic slave trade", "跨大西洋奴隸貿易"),
    ("Dominic Cummings, once Johnson's adviser", "約翰遜的前顧問"),
    ("#SouthChinaSeaWatch saw three carriers", "南海有三艘航母"),
    ("亚裔團體投訴耶鲁", "Asian groups complained about Yale University"),
    ("東亞經濟", "the economy of East Asia"),
    ("东亚经济", "the economies of Asia"),
    ("大湾区科学论坛", "The Guangdong-Hong Kong-Macao Greater Bay Area Science Forum"),
    ("青藏高原", "the Qinghai Tibet Plateau"),
    ("波黑奥委会主席", "the president of the Olympic Committee of Bosnia"),
    ("曼联输了", "Manchester United lost"),
    ("环境保护局将展开调查", "The Environmental Protection Agency will investigate"),
    ("海地发生地震", "An earthquake hit Haiti"),
    ("大连的工厂", "a factory in Dalian"),
    ("The Greek government signed.", "雅典已簽署。"),
    ("伊朗駁斥這一指控。", "It is a charge that Tehran rejects."),
    ("Please google it.", "請用谷歌搜索。"),
    ("A fair in Maricopa County", "马里科帕县的展会"),
    ("They solemnly celebrate it.", "我們隆重慶祝。"),
    ("湘茶大卖", "Tea from Hunan sold well."),
    ("[法]贝纳尔 著", "by Bernard (French)"),
    ("The Met Office warned of wind.", "英國氣象局發布大風警告。"),
    ("The QX−200 is a camera.", "QX-200是一部相機。"),
    ("韩国疾病控制和预防中心", "South Korea's Centers for Disease Control and Prevention"),
]


@pytest.mark.parametrize(("source", "brief"), BORNE_OUT)
def test_a_source_bears_out_what_its_names_say_of_others(rules: NameRules, source: str, brief: str) -> None:
    assert new_names(rules, source, brief) == []


STILL_NEW = [
    ("The Greek government signed.", "在雅典簽署。"),  # a country is not its capital
    ("希臘政府簽署了合同。", "They met in Athens."),
    ("The Greek government signed.", "羅馬已簽署。"),
    ("東南亞國家簽署了合同。", "Africa signed it."),
    ("The United States agreed.", "拜登同意。"),
    ("North Korean researchers found it.", "韓國研究人員發現了它。"),
    ("A contract with Athens was signed.", "與意大利的合同已簽署。"),
    ("NASA launched it.", "俄羅斯發射了它。"),
    ("曼联输了", "Manchester City lost"),
    ("南部非洲首次報告", "first reported in South Africa"),
    ("美國大學", "Yale University"),
]


@pytest.mark.parametrize(("source", "brief"), STILL_NEW)
def test_nothing_else_is_borne_out(rules: NameRules, source: str, brief: str) -> None:
    assert new_names(rules, source, brief) != []


def test_a_name_that_goes_on_is_another_one(rules: NameRules) -> None:
    assert new_names(rules, "It was written by Sonja Warfield.", "編劇是索尼婭·沃菲爾德。") == []
    assert new_names(rules, "It was made by a company.", "由索尼製造。") == ["索尼"]
    assert new_names(rules, "Mario Draghi spoke.", "馬里奧·德拉吉講話。") == []
    assert new_names(rules, "A president spoke.", "馬里總統講話。") == ["馬里"]
    assert new_names(rules, "A president spoke.", "弗拉基米爾·普京講話。") == ["普京"]


def test_what_tells_of_a_term_is_no_name_of_it() -> None:
    (greece, athens) = read_glossary(
        "Greece\t希臘\t希臘\t希腊\tplace\tGreek|<Athens|<Hellas\nAthens\t雅典\t雅典\t雅典\tplace"
    )
    assert (greece.aliases, greece.told_by) == (("Greek",), ("Athens", "Hellas"))
    assert "Hellas" not in greece.forms()
    assert Glossary([greece, athens]).find("Hellas") == []
    rules = NameRules(Glossary([greece, athens]))
    for source in ("Hellas", "雅典", "Athens"):
        assert SourceNames(source, rules).unknown("希臘", Language.ZH, same_language=False) == []
    assert SourceNames("Hellas", rules).unknown("在雅典", Language.ZH, same_language=False) == ["雅典"]


def test_whoever_tells_of_a_shipped_term_by_name_is_another_term(glossary: Glossary) -> None:
    forms = {form: term for term in glossary.terms for form in term.forms() if len(form) > 1}
    names = {term.en for term in glossary.terms}
    for term in glossary.terms:
        assert term.en not in term.told_by
        # A word of another term would never be seen: that term's name is meant.
        assert [word for word in term.told_by if word in forms and word not in names] == [], term.en
        assert not (term.told_by and term.kind is TermKind.TERM), term.en
