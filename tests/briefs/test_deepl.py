"""Translation by DeepL, against a server that answers as its API does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.briefs.glossary import Glossary
from bot.briefs.sentences import split_sentences
from bot.briefs.source import Source
from bot.briefs.translation.deepl import FREE, PAID, DeepL, api_address
from bot.briefs.translation.way import MachineTranslation
from bot.errors import BriefRefused, WayUnavailable
from bot.model import MadeBy
from tests.briefs.conftest import CHINESE, ENGLISH, ENGLISH_TITLE
from tests.support.deepl_server import DeepLServer, deepl_server


@pytest.fixture
async def deepl() -> AsyncIterator[DeepLServer]:
    async with deepl_server() as running:
        yield running


@pytest.fixture
def way(session: aiohttp.ClientSession, deepl: DeepLServer, glossary: Glossary) -> MachineTranslation:
    return MachineTranslation(DeepL(session, deepl.key, url=deepl.url), glossary)


async def test_an_english_extract_comes_back_in_traditional_chinese(
    way: MachineTranslation, deepl: DeepLServer, english: Source
) -> None:
    deepl.phrases = dict(zip(split_sentences(ENGLISH), split_sentences(CHINESE), strict=True))
    deepl.phrases[ENGLISH_TITLE] = "特使在阿布扎比結束三方會談"
    brief = await way.make(english)
    assert brief is not None
    assert (brief.title_zh, brief.summary_zh) == ("特使在阿布扎比結束三方會談", CHINESE)
    assert brief.made_by is MadeBy.TRANSLATION
    (asked,) = deepl.requests
    assert (asked["source_lang"], asked["target_lang"]) == ("EN", "ZH-HANT")
    assert asked["text"] == [ENGLISH_TITLE, *split_sentences(ENGLISH)]
    assert ENGLISH_TITLE in asked["context"]


async def test_a_chinese_extract_comes_back_in_english(session: aiohttp.ClientSession, deepl: DeepLServer) -> None:
    way = MachineTranslation(DeepL(session, deepl.key, url=deepl.url), Glossary([]))
    brief = await way.make(Source(title="會談結束", text="雙方同意再談。", language="zh"))
    assert brief is not None
    assert brief.title_en == "[EN-US] 會談結束"
    assert deepl.requests[0]["source_lang"] == "ZH"


async def test_a_missing_name_is_put_in_between_tags_that_deepl_leaves_alone(
    way: MachineTranslation, deepl: DeepLServer
) -> None:
    said = "AT&T met envoy Steve Witkoff <again>."
    deepl.phrases = {
        "Talks": "會談",
        said: "電話公司再次會見特使。",
        "AT&amp;T met envoy 威特科夫 &lt;again&gt;.": "AT&amp;T再次會見特使<keep>威特科夫</keep>。",
    }
    brief = await way.make(Source(title="Talks", text=said, language="en"))
    assert brief is not None
    assert brief.summary_zh == "AT&T再次會見特使威特科夫。"
    assert deepl.requests[1]["text"] == ["AT&amp;T met envoy <keep>威特科夫</keep> &lt;again&gt;."]


@pytest.mark.parametrize(
    ("mode", "rest"), [(456, timedelta(hours=1)), (429, None), (500, None), (503, None), (529, None), ("html", None)]
)
async def test_trouble_makes_the_way_unavailable_and_a_spent_quota_for_an_hour(
    way: MachineTranslation, deepl: DeepLServer, english: Source, mode: int | str, rest: timedelta | None
) -> None:
    deepl.mode = mode
    with pytest.raises(WayUnavailable, match=str(mode) if isinstance(mode, int) else None) as down:
        await way.make(english)
    assert down.value.rest == rest


async def test_a_request_too_many_rests_for_as_long_as_the_server_says(
    way: MachineTranslation, deepl: DeepLServer, english: Source
) -> None:
    deepl.mode, deepl.headers = 429, {"Retry-After": "5"}
    with pytest.raises(WayUnavailable) as down:
        await way.make(english)
    assert down.value.rest == timedelta(seconds=5)


async def test_a_wrong_key_rests_for_an_hour_and_is_never_told(
    session: aiohttp.ClientSession, deepl: DeepLServer, english: Source, glossary: Glossary
) -> None:
    way = MachineTranslation(DeepL(session, "wrong-key", url=deepl.url), glossary)
    with pytest.raises(WayUnavailable, match="HTTP 403: Authorization failure") as refused:
        await way.make(english)
    assert refused.value.rest == timedelta(hours=1)
    assert "wrong-key" not in str(refused.value)


async def test_a_language_that_deepl_does_not_know_refuses_the_brief_and_not_the_way(way: MachineTranslation) -> None:
    with pytest.raises(BriefRefused, match="source_lang"):
        await way.make(Source(title="Habari za leo", text="", language="sw"))


async def test_fewer_translations_than_texts_are_refused(
    way: MachineTranslation, deepl: DeepLServer, english: Source
) -> None:
    deepl.mode = "odd"
    with pytest.raises(BriefRefused, match="unreadable"):
        await way.make(english)


async def test_a_server_that_hangs_is_unavailable(
    session: aiohttp.ClientSession, deepl: DeepLServer, english: Source, glossary: Glossary
) -> None:
    deepl.mode = "hang"
    slow = DeepL(session, deepl.key, url=deepl.url, timeout=timedelta(seconds=0.05))
    with pytest.raises(WayUnavailable, match="timeout"):
        await MachineTranslation(slow, glossary).make(english)


def test_keys_of_the_free_plan_have_a_host_of_their_own() -> None:
    assert api_address("0000:fx") == FREE
    assert api_address("0000") == PAID
    assert api_address("0000:fx", "http://deepl.local") == "http://deepl.local"
