"""What the tests of this room share: the glossary, news in both languages, and running servers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.briefs.budget import Budget, MemoryBook, Terms
from bot.briefs.endpoint import Endpoint
from bot.briefs.glossary import Glossary, load_glossary
from bot.briefs.llm import LanguageModel
from bot.briefs.source import Source
from bot.briefs.translation.libretranslate import LibreTranslate
from bot.briefs.translation.way import MachineTranslation
from tests.support.libretranslate_server import LibreTranslateServer, libretranslate_server
from tests.support.model_server import ModelServer, model_server

ENGLISH_TITLE = "Envoys end trilateral talks in Abu Dhabi"
ENGLISH = (
    "The trilateral Russian-Ukrainian-US talks in Abu Dhabi ended on Sunday, 1 February. U.S. envoy Steve Witkoff said "
    "both sides had agreed to exchange 314 prisoners. The United Arab Emirates pledged $1.2 million for the families."
)
CHINESE = (
    "俄羅斯、烏克蘭和美國的三方會談2月1日週日在阿布扎比結束。美國特使威特科夫說，雙方同意交換314名戰俘。"
    "阿聯酋承諾為家屬提供120萬美元。"
)
FAITHFUL = {
    "title_zh": "俄烏美三方會談在阿布扎比結束",
    "title_en": "Trilateral talks in Abu Dhabi end",
    "summary_zh": CHINESE,
    "summary_en": "The Russian-Ukrainian-US talks ended on 1 February. Both sides agreed to exchange 314 prisoners.",
}


@pytest.fixture(scope="session")
def glossary() -> Glossary:
    return load_glossary()


@pytest.fixture
def faithful() -> dict[str, str]:
    return dict(FAITHFUL)


@pytest.fixture
def english() -> Source:
    return Source(title=ENGLISH_TITLE, text=ENGLISH, language="en", url="https://news.example/1")


@pytest.fixture
def chinese() -> Source:
    return Source(title="三方會談在阿布扎比結束", text=CHINESE, language="zh", url="https://news.example/2")


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as running:
        running.brief = dict(FAITHFUL)
        yield running


@pytest.fixture
def budget() -> Budget:
    """One without limits."""
    return Budget(MemoryBook(), Terms(), clock=lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
async def endpoint(server: ModelServer, budget: Budget) -> AsyncIterator[Endpoint]:
    endpoint = Endpoint(server.url, "test-model", api_key="k", budget=budget, timeout=timedelta(seconds=5))
    yield endpoint
    await endpoint.close()


@pytest.fixture
def model(endpoint: Endpoint, glossary: Glossary) -> LanguageModel:
    return LanguageModel(endpoint, glossary)


@pytest.fixture
async def libre() -> AsyncIterator[LibreTranslateServer]:
    async with libretranslate_server() as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def translator(session: aiohttp.ClientSession, libre: LibreTranslateServer, glossary: Glossary) -> MachineTranslation:
    return MachineTranslation(LibreTranslate(session, libre.url), glossary)
