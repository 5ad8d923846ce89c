"""The machine translation way, against a server that speaks LibreTranslate's protocol."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest

from bot.briefs.source import Source
from bot.briefs.translate import LibreTranslate
from bot.errors import BriefRefused, WayUnavailable
from bot.model import MadeBy
from tests.briefs.conftest import CHINESE, ENGLISH, ENGLISH_TITLE
from tests.support.libretranslate_server import LibreTranslateServer


async def test_an_english_extract_is_translated_in_one_request(
    translator: LibreTranslate, libre: LibreTranslateServer, english: Source
) -> None:
    libre.phrases = {ENGLISH_TITLE: "特使結束<b>三方會談</b>", ENGLISH: CHINESE}
    brief = await translator.make(english)
    assert (brief.title_en, brief.summary_en) == (ENGLISH_TITLE, ENGLISH)
    assert (brief.title_zh, brief.summary_zh) == ("特使結束三方會談", CHINESE)
    assert (brief.made_by, brief.untranslated) == (MadeBy.TRANSLATION, False)
    assert libre.requests == [{"q": [ENGLISH_TITLE, ENGLISH], "source": "en", "target": "zh-Hans", "format": "text"}]


@pytest.mark.parametrize(
    ("codes", "text", "origin"),
    [
        (["en", "zh-Hans", "zh-Hant"], CHINESE, "zh-Hant"),
        (["en", "zh-Hans", "zh-Hant"], "三方会谈在阿布扎比结束，双方同意交换战俘。", "zh-Hans"),
        (["en", "zh", "zt"], CHINESE, "zt"),
        (["en", "zh"], CHINESE, "zh"),
    ],
)
async def test_chinese_is_named_as_the_server_names_it(
    translator: LibreTranslate, libre: LibreTranslateServer, codes: list[str], text: str, origin: str
) -> None:
    libre.codes = codes
    brief = await translator.make(Source(title="", text=text, language="zh"))
    assert brief.summary_zh == text
    assert brief.title_en.startswith("[en]")
    assert libre.requests[0]["source"] == origin


async def test_a_third_language_is_translated_into_both(
    translator: LibreTranslate, libre: LibreTranslateServer
) -> None:
    brief = await translator.make(Source(title="Pourparlers à Abou Dhabi", text="", language="fr"))
    assert brief.title_en == "[en] Pourparlers à Abou Dhabi"
    assert brief.title_zh == "[zh-Hans] Pourparlers à Abou Dhabi"
    assert (brief.summary_en, brief.summary_zh) == ("", "")


async def test_languages_are_asked_for_once(
    translator: LibreTranslate, libre: LibreTranslateServer, english: Source
) -> None:
    await translator.make(english)
    await translator.make(english)
    assert libre.listed == 1


async def test_the_key_is_sent_where_one_is_set(
    session: aiohttp.ClientSession, libre: LibreTranslateServer, english: Source
) -> None:
    libre.key = "secret"
    with pytest.raises(WayUnavailable, match="403"):
        await LibreTranslate(session, libre.url).make(english)
    assert (await LibreTranslate(session, libre.url + "/", api_key="secret").make(english)).title_zh


async def test_a_language_that_the_server_does_not_know_is_refused(
    translator: LibreTranslate, libre: LibreTranslateServer
) -> None:
    with pytest.raises(BriefRefused, match="sw"):
        await translator.make(Source(title="Habari za leo", text="", language="sw"))


@pytest.mark.parametrize("mode", [400, 403, 429, 500, 503, "html", "large"])
async def test_trouble_of_the_server_makes_the_way_unavailable(
    translator: LibreTranslate, libre: LibreTranslateServer, english: Source, mode: str | int
) -> None:
    libre.mode = mode
    with pytest.raises(WayUnavailable, match=str(mode) if isinstance(mode, int) else None):
        await translator.make(english)


@pytest.mark.parametrize("mode", [500, "odd"])
async def test_no_list_of_languages_is_asked_for_again(
    translator: LibreTranslate, libre: LibreTranslateServer, english: Source, mode: str | int
) -> None:
    libre.languages_mode = mode
    with pytest.raises(WayUnavailable):
        await translator.make(english)
    libre.languages_mode = "answer"
    assert (await translator.make(english)).title_zh


async def test_an_answer_of_another_shape_is_refused(
    translator: LibreTranslate, libre: LibreTranslateServer, english: Source
) -> None:
    libre.mode = "odd"
    with pytest.raises(BriefRefused):
        await translator.make(english)


async def test_a_server_that_hangs_or_is_not_there_is_unavailable(
    session: aiohttp.ClientSession, libre: LibreTranslateServer, english: Source
) -> None:
    libre.mode = "hang"
    with pytest.raises(WayUnavailable, match="timeout"):
        await LibreTranslate(session, libre.url, timeout=timedelta(seconds=0.05)).make(english)
    with pytest.raises(WayUnavailable):
        await LibreTranslate(session, "http://127.0.0.1:9").make(english)
