"""Wherever a chat reads Chinese, it is said as the chat's region does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.render import alert_message
from bot.chat.wording import CHARACTERS
from bot.model import ChatSettings, Hit, Language, Locale, Script, Why
from tests.support.fakes import ADDRESS, NOW, plain, request
from tests.support.news import BRIEF, alert, chat, stored
from tests.support.wording import MarkedWording

CHINESE_ITEM = stored("三方會談")
TITLE = f"[tw]{BRIEF.title_zh}"


@pytest.fixture
async def desk(make_desk):
    desk = make_desk(wording=MarkedWording())
    await desk.say("/settings script tw")
    return desk


@pytest.mark.parametrize(
    ("settings", "script"),
    [
        (ChatSettings(locale=Locale.ZH_HANT), Script.HANT),
        (ChatSettings(hint=Locale.ZH_HANT_HK), Script.HK),
        (ChatSettings(hint=Locale.ZH_HANT_TW, timezone="Asia/Hong_Kong"), Script.TW),
        (ChatSettings(locale=Locale.ZH_HANT, timezone="Asia/Taipei"), Script.TW),
        (ChatSettings(locale=Locale.ZH_HANT, timezone="Asia/Hong_Kong"), Script.HK),
        (ChatSettings(hint=Locale.ZH_HANT, timezone="Asia/Macau"), Script.HK),
        (ChatSettings(locale=Locale.ZH_HANS, timezone="Asia/Taipei"), Script.CN),
        (ChatSettings(locale=Locale.EN, timezone="Asia/Taipei"), Script.SOURCE),
        (ChatSettings(locale=Locale.EN, script=Script.HK), Script.HK),
        (ChatSettings(script=Script.HANS), Script.CN),  # from before there were regions
        (ChatSettings(script=Script.HANT, timezone="Asia/Taipei"), Script.HANT),
    ],
)
def test_a_chat_reads_the_chinese_it_chose_else_that_of_its_language_and_place(settings, script) -> None:
    assert settings.characters() is script


def test_an_alert_says_all_its_chinese_as_the_chat_reads() -> None:
    told = replace(alert(), why=(Why(keyword="talks", matched=(), translated=("會談",)),))
    text = plain(alert_message(told, chat(ChatSettings(script=Script.TW)), now=NOW, wording=MarkedWording()))
    assert TITLE in text
    assert f"[tw]{BRIEF.summary_zh}" in text
    assert "[tw]會談" in text


def test_what_the_source_says_stands_in_for_a_brief_as_the_chat_reads() -> None:
    nothing = replace(BRIEF, title_zh="", title_en="", summary_zh="", summary_en="")
    told = alert(nothing, item=CHINESE_ITEM)
    text = plain(alert_message(told, chat(ChatSettings(script=Script.HK)), now=NOW, wording=MarkedWording()))
    assert "[hk]三方會談" in text


async def test_the_newest_alerts_are_listed_as_the_chat_reads(desk) -> None:
    desk.history.alerts = [alert()]
    assert TITLE in plain(await desk.say("/latest"))
    assert TITLE in {label for label, _ in await desk.commands.complete(request("/why"), "link", "")}


async def test_items_that_a_keyword_would_find_are_listed_as_the_chat_reads(desk) -> None:
    desk.preview.looked = 1
    desk.preview.hits = [(CHINESE_ITEM, Hit(canonical="三方会谈", matched=("三方會談",)))]
    assert "[tw]三方會談" in plain(await desk.say("/keyword test 三方會談"))


async def test_names_in_the_other_language_are_offered_as_the_chat_reads(make_desk) -> None:
    desk = make_desk()
    desk.counterparts.known = {"Zelensky": ["泽连斯基", "澤連斯基"]}
    await desk.say("/settings script tw")
    assert "the news says 澤連斯基." in plain(await desk.say("/add Zelensky"))


def test_where_no_region_is_known_characters_alone_are_changed() -> None:
    assert CHARACTERS.in_script("泽连斯基", Script.TW) == "澤連斯基"
    assert CHARACTERS.in_script("泽连斯基", Script.SOURCE) == "泽连斯基"


async def test_the_settings_name_the_region(desk) -> None:
    assert desk.chats.by_address[ADDRESS].settings.script is Script.TW
    assert "Chinese: traditional, Taiwan" in plain(await desk.say("/settings"))
    assert "繁體（台灣）" in plain(await desk.say("/settings", locale=Locale.ZH_HANT))


async def test_an_old_choice_of_simplified_is_shown_as_the_mainland_s(desk) -> None:
    at = desk.chats.by_address[ADDRESS]
    desk.chats.by_address[ADDRESS] = replace(at, settings=ChatSettings(script=Script.HANS, languages=(Language.ZH,)))
    assert "Chinese: simplified, mainland China" in plain(await desk.say("/settings"))
