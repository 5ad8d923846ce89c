"""Translation in this process by real CTranslate2 and SentencePiece models, built here."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from bot.briefs.briefer import Briefs
from bot.briefs.faithful import Guard
from bot.briefs.glossary import Glossary
from bot.briefs.source import Source
from bot.briefs.translation.argos import Argos, Model, try_out
from bot.briefs.translation.codes import Pair, find_route
from bot.briefs.translation.packages import MODEL, Package, PackageError
from bot.briefs.translation.protect import passage
from bot.briefs.translation.store import install
from bot.briefs.translation.way import MachineTranslation
from bot.briefs.ways import Extract
from bot.errors import BriefRefused, WayUnavailable
from bot.model import Brief, Item, Language, MadeBy
from tests.support.argos_package import argos_package
from tests.support.argos_words import BACK, FRENCH, TEXT, TEXT_ZH, TITLE, TITLE_ZH, WORDS
from tests.support.meter import Counts

NOW = datetime(2026, 2, 1, tzinfo=UTC)
Opened = Callable[..., Argos]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[Pair, Package]:
    """Installed packages: en-zt, zt-en, zh-en, fr-en."""
    folder = tmp_path_factory.mktemp("argos")
    made = {}
    for pair, words in ((("en", "zt"), WORDS), (("zt", "en"), BACK), (("zh", "en"), BACK), (("fr", "en"), FRENCH)):
        archive = argos_package(folder / f"{'-'.join(pair)}.argosmodel", words, pair=pair)
        made[pair] = install(archive, folder / "models", pair=pair, source="test", now=NOW, try_out=try_out)
    return made


@pytest.fixture
async def opened(models: dict[Pair, Package]) -> AsyncIterator[Opened]:
    """`opened(("en", "zt"), idle=...)`: a translator that has these models."""
    running: list[Argos] = []

    def open_argos(*pairs: Pair, packages: list[Package] | None = None, **more: object) -> Argos:
        running.append(Argos(packages or [models[pair] for pair in pairs], **more))
        return running[-1]

    yield open_argos
    for one in running:
        await one.close()


def texts(*said: str) -> list[tuple]:
    return [passage(text) for text in said]


async def test_a_model_translates_in_this_process_in_a_thread_of_its_own(opened: Opened) -> None:
    threads = set()

    def load(package: Package) -> Model:
        threads.add(threading.current_thread())
        return Model(package)

    argos = opened(("en", "zt"), load=load)
    assert argos.loaded == []
    assert await argos.translate(texts(TITLE, TEXT), "en", Language.ZH) == [TITLE_ZH, TEXT_ZH]
    assert await argos.translate(texts(TITLE), "en", Language.ZH) == [TITLE_ZH]
    assert argos.loaded == [("en", "zt")]
    assert len(threads) == 1
    assert threading.main_thread() not in threads


async def test_a_word_that_the_model_does_not_know_is_copied(opened: Opened) -> None:
    argos = opened(("en", "zt"))
    assert await argos.translate(texts("Envoy 克林頓 said"), "en", Language.ZH) == ["特使 克林頓說，"]


async def test_what_no_model_leads_to_is_not_meant_for_it(opened: Opened) -> None:
    assert await opened(("en", "zt")).translate(texts("Habari"), "sw", Language.ZH) is None
    assert await opened(("en", "zt")).translate(texts("特使"), "zh-Hant", Language.EN) is None
    assert await opened(("fr", "en")).translate(texts("Pourparlers"), "fr", Language.ZH) is None


async def test_a_third_language_goes_by_way_of_english(opened: Opened) -> None:
    argos = opened(("fr", "en"), ("en", "zt"))
    said = texts("Pourparlers à Paris")
    assert await argos.translate(said, "fr", Language.EN) == ["Envoys end talks"]
    assert await argos.translate(said, "fr", Language.ZH) == ["特使結束會談，"]


@pytest.mark.parametrize("pair", [("zt", "en"), ("zh", "en")])
async def test_chinese_of_either_script_is_read_by_either_model(opened: Opened, pair: Pair) -> None:
    argos = opened(pair)
    for origin, text in (("zh-Hant", "三方會談結束"), ("zh-Hans", "三方会谈结束")):
        assert await argos.translate(texts(text), origin, Language.EN) == ["Trilateral talks end"]


@pytest.mark.parametrize(
    ("pairs", "origin", "target", "route"),
    [
        ("en-zh en-zt", "en", Language.ZH, "en-zt"),
        ("en-zh", "en", Language.ZH, "en-zh"),
        ("zh-en zt-en", "zh-Hans", Language.EN, "zh-en"),
        ("zh-en zt-en", "zh-Hant", Language.EN, "zt-en"),
        ("zh-en", "zh-Hant", Language.EN, "zh-en"),
        ("fr-zh fr-en en-zt", "fr", Language.ZH, "fr-zh"),
        ("fr-en en-zt", "fr", Language.ZH, "fr-en en-zt"),
        ("en-zt", "fr", Language.ZH, ""),
        ("fr-en", "fr", Language.ZH, ""),
        ("en-zh-Hans", "en", Language.ZH, "en-zh-Hans"),
        ("", "en", Language.ZH, ""),
    ],
)
def test_routes_are_direct_or_by_way_of_english(pairs: str, origin: str, target: Language, route: str) -> None:
    known = {tuple(pair.split("-", 1)) for pair in pairs.split()}
    assert find_route(known, origin, target) == tuple(tuple(pair.split("-", 1)) for pair in route.split())


async def test_a_model_that_is_long_unused_is_forgotten_and_loaded_again(opened: Opened) -> None:
    argos = opened(("en", "zt"), idle=timedelta())
    await argos.translate(texts(TITLE), "en", Language.ZH)
    async with asyncio.timeout(10):
        while argos.loaded:
            await asyncio.sleep(0)
    assert await argos.translate(texts(TITLE), "en", Language.ZH) == [TITLE_ZH]


async def test_what_a_timeout_takes_out_of_the_queue_is_not_translated(opened: Opened) -> None:
    gate, seen = threading.Event(), []

    class Slow(Model):
        def translate(self, said: list[str]) -> list[str]:
            seen.append(said)
            gate.wait(10)
            return super().translate(said)

    argos = opened(("en", "zt"), load=Slow)
    first = asyncio.ensure_future(argos.translate(texts(TITLE), "en", Language.ZH))
    second = asyncio.ensure_future(argos.translate(texts(TEXT), "en", Language.ZH))
    while not seen:
        await asyncio.sleep(0)  # the loop goes on meanwhile
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    gate.set()
    assert await first == [TITLE_ZH]
    assert seen == [[TITLE]]


async def test_a_translation_that_finds_no_end_is_refused(opened: Opened, tmp_path: Path) -> None:
    archive = argos_package(tmp_path / "a.argosmodel", WORDS, endless=True)
    package = install(archive, tmp_path / "models", pair=("en", "zt"), source="", now=NOW, try_out=try_out)
    with pytest.raises(BriefRefused, match="without end"):
        await opened(packages=[package]).translate(texts(TITLE), "en", Language.ZH)


async def test_a_prefix_that_a_package_asks_for_is_given_and_taken_away_again(opened: Opened, tmp_path: Path) -> None:
    words = {"Envoys": "特使", "end": "結束", "zt": ">>zt<<"}
    archive = argos_package(tmp_path / "a.argosmodel", words, metadata={"target_prefix": ">>zt<<"})
    package = install(archive, tmp_path / "models", pair=("en", "zt"), source="", now=NOW, try_out=try_out)
    # The prefix takes the place of the first word, as the decoder of these models counts places.
    assert await opened(packages=[package]).translate(texts("zt Envoys end"), "en", Language.ZH) == ["特使結束"]


@pytest.mark.parametrize("damaged", [f"{MODEL}/model.bin", "sentencepiece.model"])
async def test_a_model_that_can_not_be_loaded_is_not_installed_and_rests_the_way(
    opened: Opened, tmp_path: Path, damaged: str
) -> None:
    archive = argos_package(tmp_path / "a.argosmodel", WORDS)
    package = install(archive, tmp_path / "models", pair=("en", "zt"), source="", now=NOW, try_out=try_out)
    (package.folder / damaged).write_bytes(b"no model")
    with pytest.raises(PackageError, match="can't be loaded"):
        try_out(package)
    with pytest.raises(WayUnavailable, match="install it again") as down:
        await opened(packages=[package]).translate(texts(TITLE), "en", Language.ZH)
    assert down.value.rest == timedelta(hours=1)


async def test_names_are_put_in_where_the_model_loses_them(opened: Opened, glossary: Glossary, tmp_path: Path) -> None:
    lossy = {word: other for word, other in WORDS.items() if word != "Witkoff"} | {"Witkoff": "他"}
    archive = argos_package(tmp_path / "a.argosmodel", lossy)
    package = install(archive, tmp_path / "models", pair=("en", "zt"), source="", now=NOW, try_out=try_out)
    way = MachineTranslation(opened(packages=[package]), glossary)
    brief = await way.make(Source(title=TITLE, text="Envoy Witkoff said both sides agreed to talking.", language="en"))
    assert brief is not None
    assert brief.summary_zh == "特使 威特科夫說，雙方同意談。"


def briefs(argos: Argos, glossary: Glossary) -> Briefs:
    return Briefs(
        [MachineTranslation(argos, glossary)],
        extract=Extract(glossary),
        guard=Guard(glossary),
        log=structlog.get_logger("test"),
        meter=Counts(),
    )


async def test_a_brief_of_an_argos_model_passes_the_guard(opened: Opened, glossary: Glossary) -> None:
    brief = await briefs(opened(("en", "zt")), glossary).brief(
        Item(guid="1", url="https://news.example/1", title=TITLE, text=TEXT, language="en")
    )
    assert brief == Brief(
        title_zh=TITLE_ZH,
        title_en=TITLE,
        summary_zh=TEXT_ZH,
        summary_en=TEXT,
        made_by=MadeBy.TRANSLATION,
    )


async def test_a_fact_that_a_model_changes_is_caught(opened: Opened, glossary: Glossary, tmp_path: Path) -> None:
    archive = argos_package(tmp_path / "a.argosmodel", WORDS | {"314": "413"})
    package = install(archive, tmp_path / "models", pair=("en", "zt"), source="", now=NOW, try_out=try_out)
    brief = await briefs(opened(packages=[package]), glossary).brief(
        Item(guid="1", url="https://news.example/1", title=TITLE, text=TEXT, language="en")
    )
    assert brief.made_by is MadeBy.EXTRACT
