"""The machine translation way, against a server that speaks LibreTranslate's protocol."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest

from bot.briefs.glossary import Glossary
from bot.briefs.sentences import split_sentences
from bot.briefs.source import Source
from bot.briefs.translation.libretranslate import LibreTranslate
from bot.briefs.translation.way import MachineTranslation
from bot.errors import BriefRefused, WayUnavailable
from bot.model import MadeBy
from tests.briefs.conftest import CHINESE, ENGLISH, ENGLISH_TITLE
from tests.support.libretranslate_server import LibreTranslateServer

SAID, SAID_ZH = split_sentences(ENGLISH), split_sentences(CHINESE)
BARE = Glossary([])  # for what has nothing to do with names


async def test_an_english_extract_is_translated_sentence_by_sentence_in_one_request(
    translator: MachineTranslation, libre: LibreTranslateServer, english: Source
) -> None:
    libre.phrases = {ENGLISH_TITLE: "特使在阿布扎比結束<b>三方會談</b>"}
    libre.phrases |= {SAID[0]: SAID_ZH[0], SAID[1]: SAID_ZH[1], SAID[2]: SAID_ZH[2]}
    brief = await translator.make(english)
    assert brief is not None
    assert (brief.title_en, brief.summary_en) == (ENGLISH_TITLE, ENGLISH)
    assert (brief.title_zh, brief.summary_zh) == ("特使在阿布扎比結束三方會談", CHINESE)
    assert (brief.made_by, brief.untranslated) == (MadeBy.TRANSLATION, False)
    assert libre.requests == [{"q": [ENGLISH_TITLE, *SAID], "source": "en", "target": "zh-Hans", "format": "text"}]


@pytest.mark.parametrize(
    ("codes", "text", "origin", "sent"),
    [
        (["en", "zh-Hans", "zh-Hant"], "三方會談結束了。", "zh-Hant", "三方會談結束了。"),
        (["en", "zh-Hans", "zh-Hant"], "三方会谈结束了。", "zh-Hans", "三方会谈结束了。"),
        (["en", "zh", "zt"], "三方會談結束了。", "zt", "三方會談結束了。"),
        (["en", "zh"], "三方會談結束了。", "zh", "三方会谈结束了。"),
    ],
)
async def test_chinese_is_named_and_written_as_the_server_knows_it(
    session: aiohttp.ClientSession, libre: LibreTranslateServer, codes: list[str], text: str, origin: str, sent: str
) -> None:
    libre.codes = codes
    brief = await MachineTranslation(LibreTranslate(session, libre.url), BARE).make(
        Source(title="", text=text, language="zh")
    )
    assert brief is not None
    assert brief.summary_zh == text
    assert brief.title_en.startswith("[en]")
    assert (libre.requests[0]["source"], libre.requests[0]["q"][-1]) == (origin, sent)


async def test_a_third_language_is_translated_into_both(
    session: aiohttp.ClientSession, libre: LibreTranslateServer
) -> None:
    way = MachineTranslation(LibreTranslate(session, libre.url), BARE)
    brief = await way.make(Source(title="Pourparlers à Abou Dhabi", text="", language="fr"))
    assert brief is not None
    assert brief.title_en == "[en] Pourparlers à Abou Dhabi"
    assert brief.title_zh == "[zh-Hans] Pourparlers à Abou Dhabi"
    assert (brief.summary_en, brief.summary_zh) == ("", "")


async def test_languages_are_asked_for_once_and_again_after_trouble(
    translator: MachineTranslation, libre: LibreTranslateServer, english: Source
) -> None:
    await translator.make(english)
    await translator.make(english)
    assert libre.listed == 1
    libre.mode = 500
    with pytest.raises(WayUnavailable):
        await translator.make(english)
    libre.mode = "answer"
    await translator.make(english)
    assert libre.listed == 2


async def test_the_key_is_sent_where_one_is_set(
    session: aiohttp.ClientSession, libre: LibreTranslateServer, english: Source, glossary: Glossary
) -> None:
    libre.key = "secret"
    with pytest.raises(WayUnavailable, match="HTTP 403: Invalid API key") as refused:
        await MachineTranslation(LibreTranslate(session, libre.url), glossary).make(english)
    assert refused.value.rest == timedelta(hours=1)
    keyed = LibreTranslate(session, libre.url + "/", api_key="secret")
    assert await MachineTranslation(keyed, glossary).make(english)


@pytest.mark.parametrize("targets", [{}, {"en": ["en", "fr"]}])
async def test_the_way_is_not_meant_for_what_the_server_does_not_know(
    translator: MachineTranslation, libre: LibreTranslateServer, english: Source, targets: dict[str, list[str]]
) -> None:
    libre.targets = targets
    source = english if targets else Source(title="Habari za leo", text="", language="sw")
    assert await translator.make(source) is None
    assert libre.requests == []


@pytest.mark.parametrize("mode", [400, 403, 429, 500, 503, "html", "large"])
async def test_trouble_of_the_server_makes_the_way_unavailable(
    translator: MachineTranslation, libre: LibreTranslateServer, english: Source, mode: str | int
) -> None:
    libre.mode = mode
    with pytest.raises(WayUnavailable, match=str(mode) if isinstance(mode, int) else None):
        await translator.make(english)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "999999"}, 3600),
        ({"Date": "Sun, 01 Feb 2026 10:00:00 GMT", "Retry-After": "Sun, 01 Feb 2026 10:02:00 GMT"}, 120),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
async def test_a_server_is_left_alone_for_as_long_as_it_asks(
    translator: MachineTranslation,
    libre: LibreTranslateServer,
    english: Source,
    headers: dict[str, str],
    seconds: int | None,
) -> None:
    libre.mode, libre.headers, libre.reason = 429, headers, "Slowdown: 20 per 1 minute"
    with pytest.raises(WayUnavailable, match="Slowdown: 20 per 1 minute") as slowed:
        await translator.make(english)
    assert slowed.value.rest == (None if seconds is None else timedelta(seconds=seconds))


async def test_a_reason_of_the_server_is_one_short_line_without_control_characters(
    translator: MachineTranslation, libre: LibreTranslateServer, english: Source
) -> None:
    libre.mode, libre.reason = 400, "\x1b[31mInvalid request: " + "x" * 5_000
    with pytest.raises(WayUnavailable) as told:
        await translator.make(english)
    assert str(told.value).startswith("HTTP 400: ")
    assert len(str(told.value)) < 140
    assert "\x1b" not in str(told.value)


@pytest.mark.parametrize("mode", [500, "odd"])
async def test_no_list_of_languages_is_asked_for_again(
    translator: MachineTranslation, libre: LibreTranslateServer, english: Source, mode: str | int
) -> None:
    libre.languages_mode = mode
    with pytest.raises(WayUnavailable):
        await translator.make(english)
    libre.languages_mode = "answer"
    assert await translator.make(english)


async def test_an_answer_of_another_shape_is_refused(
    translator: MachineTranslation, libre: LibreTranslateServer, english: Source
) -> None:
    libre.mode = "odd"
    with pytest.raises(BriefRefused):
        await translator.make(english)


@pytest.mark.parametrize("translation", ["", "<br>", "代" * 2_000])
async def test_an_empty_or_endless_translation_is_refused(
    translator: MachineTranslation, libre: LibreTranslateServer, english: Source, translation: str
) -> None:
    libre.phrases = {ENGLISH_TITLE: translation}
    with pytest.raises(BriefRefused, match=r"empty translation|far longer"):
        await translator.make(english)


async def test_a_server_that_hangs_or_is_not_there_is_unavailable(
    session: aiohttp.ClientSession, libre: LibreTranslateServer, english: Source
) -> None:
    libre.mode = "hang"
    slow = LibreTranslate(session, libre.url, timeout=timedelta(seconds=0.05))
    with pytest.raises(WayUnavailable, match="timeout"):
        await MachineTranslation(slow, BARE).make(english)
    with pytest.raises(WayUnavailable):
        await MachineTranslation(LibreTranslate(session, "http://127.0.0.1:9"), BARE).make(english)


async def test_a_name_that_is_missing_is_put_into_its_sentence_which_is_translated_again(
    session: aiohttp.ClientSession, libre: LibreTranslateServer, glossary: Glossary
) -> None:
    said = "Envoy Steve Witkoff spoke in Abu Dhabi."
    libre.phrases = {
        "Talks go on": "會談繼續",
        said: "特使在阿布扎比說話。",
        "Envoy 威特科夫 spoke in Abu Dhabi.": "特使威特科夫在阿布達比說話。",
    }
    way = MachineTranslation(LibreTranslate(session, libre.url), glossary)
    brief = await way.make(Source(title="Talks go on", text=said, language="en"))
    assert brief is not None
    assert brief.summary_zh == "特使威特科夫在阿布扎比說話。"
    assert [request["q"] for request in libre.requests] == [
        ["Talks go on", said],
        ["Envoy 威特科夫 spoke in Abu Dhabi."],
    ]


@pytest.mark.parametrize("second", ["特使在阿布扎比說。", "", "hang"])
async def test_the_first_translation_stands_where_a_second_is_no_better_or_does_not_come(
    session: aiohttp.ClientSession, libre: LibreTranslateServer, glossary: Glossary, second: str
) -> None:
    said = "Envoy Steve Witkoff spoke in Abu Dhabi."
    libre.phrases = {"Talks go on": "會談繼續", said: "特使在阿布扎比說話。"}
    libre.phrases |= {"Envoy 威特科夫 spoke in Abu Dhabi.": second}
    libre.hang_at = 2 if second == "hang" else 0
    patience = timedelta(seconds=0.3 if second == "hang" else 10)
    way = MachineTranslation(LibreTranslate(session, libre.url), glossary, second_try=patience)
    brief = await way.make(Source(title="Talks go on", text=said, language="en"))
    assert brief is not None
    assert brief.summary_zh == "特使在阿布扎比說話。"
    assert len(libre.requests) == 2


async def test_a_second_translation_that_copies_the_sentence_is_not_taken(
    session: aiohttp.ClientSession, libre: LibreTranslateServer, glossary: Glossary
) -> None:
    libre.phrases = {"Envoy Steve Witkoff spoke.": "特使說話。"}
    way = MachineTranslation(LibreTranslate(session, libre.url), glossary)
    brief = await way.make(Source(title="", text="Envoy Steve Witkoff spoke.", language="en"))
    assert brief is not None
    assert brief.summary_zh == "特使說話。"
    assert libre.requests[1]["q"][-1] == "Envoy 威特科夫 spoke."
