"""Names come out of a machine translation as the glossary has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.glossary import Glossary, Term, TermKind, load_glossary
from bot.briefs.translation.protect import hold_names, passage, with_names, written
from bot.model import Language

GLOSSARY = load_glossary()
ZH, EN = Language.ZH, Language.EN


@pytest.mark.parametrize(
    ("source", "translation", "held"),
    [
        ("Zelensky spoke.", "澤倫斯基說話。", "澤連斯基說話。"),  # another rendering
        ("Zelensky spoke.", "泽伦斯基说话。", "泽连斯基说话。"),  # the same in 简体, which stays 简体
        ("Talks in Dubai.", "杜拜的會談。", "迪拜的會談。"),
        ("Shelling in the Gaza Strip.", "加沙地帶遭炮擊。", "加沙地帶遭炮擊。"),  # longer, and right
        ("He lives in California.", "他住在加州。", "他住在加州。"),  # shorter, and right
        ("The UAE agreed.", "阿拉伯聯合酋長國同意。", "阿拉伯聯合酋長國同意。"),
        ("Saudi Arabia agreed.", "沙烏地阿拉伯同意。", "沙特阿拉伯同意。"),
        ("Russian forces advanced.", "俄軍推進。", "俄軍推進。"),  # a mention is no spelling
        ("Prices in Europe.", "杜拜的價格。", "杜拜的價格。"),  # not named in the source
    ],
)
def test_a_name_is_spelt_as_the_glossary_spells_it(source: str, translation: str, held: str) -> None:
    assert hold_names(source, translation, GLOSSARY, ZH).text == held


@pytest.mark.parametrize("translation", ["俄烏美三方會談", "俄羅斯、烏克蘭和美國會談", "俄方、烏方和美方會談"])
def test_countries_may_be_mentioned_by_one_sign(translation: str) -> None:
    assert hold_names("Russian-Ukrainian-US talks", translation, GLOSSARY, ZH).missing == ()


def test_a_sign_within_another_word_is_no_mention() -> None:
    held = hold_names("Israel and others agreed.", "該國以及他國同意。", GLOSSARY, ZH)
    assert [term.en for term in held.missing] == ["Israel"]


def test_english_keeps_every_form_that_the_glossary_knows() -> None:
    held = hold_names("俄羅斯軍隊在基輔附近。", "Russian troops are near Kiev.", GLOSSARY, EN)
    assert (held.text, held.missing) == ("Russian troops are near Kiev.", ())


def test_common_words_are_not_held() -> None:
    envoy = Term(en="envoy", zh_hant="特使", zh_hans="特使", kind=TermKind.TERM)
    assert hold_names("The envoy spoke.", "他說話。", Glossary([envoy]), ZH).missing == ()


def test_a_missing_name_is_put_in_in_the_script_of_the_translation() -> None:
    source = "Envoy Steve Witkoff spoke."
    for translation, put_in in (("特使說話。", "Envoy 威特科夫 spoke."), ("特使说话。", "Envoy 威特科夫 spoke.")):
        missing = hold_names(source, translation, GLOSSARY, ZH).missing
        assert written(with_names(source, missing, GLOSSARY, ZH, like=translation)) == put_in
    kyiv = hold_names("In Kyiv.", "在那里说话。", GLOSSARY, ZH).missing
    assert written(with_names("In Kyiv.", kyiv, GLOSSARY, ZH, like="在那里说话。")) == "In 基辅."


def test_a_latin_name_stands_apart_in_a_chinese_sentence() -> None:
    source = "特使威特科夫說話。"
    missing = hold_names(source, "The envoy spoke.", GLOSSARY, EN).missing
    pieces = with_names(source, missing, GLOSSARY, EN, like="The envoy spoke.")
    assert written(pieces) == "特使 Steve Witkoff 說話。"
    assert [piece.text for piece in pieces if piece.keep] == [" Steve Witkoff "]


def test_a_mention_by_one_sign_is_not_replaced_by_the_name_of_the_country() -> None:
    missing = hold_names("俄軍推進。", "They advanced.", GLOSSARY, EN).missing
    assert written(with_names("俄軍推進。", missing, GLOSSARY, EN, like="")) == "俄軍推進。"


@given(st.text(), st.text())
def test_texts_without_names_pass_unchanged(source: str, translation: str) -> None:
    held = hold_names(source, translation, Glossary([]), ZH)
    assert (held.text, held.missing) == (translation, ())
    assert written(passage(source)) == source


NAMES = [term for term in GLOSSARY.terms if term.kind == "person"]


@given(st.sampled_from(NAMES), st.data())
def test_any_rendering_of_a_person_that_the_glossary_knows_is_known_and_setting_it_right_twice_changes_nothing(
    term, data
) -> None:
    own = Glossary([term])
    renderings = [form for form in own.named_in(term.en, ZH) if len(form) > 1]
    translation = f"他說，{data.draw(st.sampled_from(renderings))}同意。"
    held = hold_names(f"{term.en} agreed.", translation, own, ZH)
    assert held.missing == ()
    assert hold_names(f"{term.en} agreed.", held.text, own, ZH).text == held.text
