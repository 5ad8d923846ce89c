"""Articles that give orders: what the model is sent of them, and what comes of a model that does all it is told."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.briefer import Briefs
from bot.briefs.faithful import Guard
from bot.briefs.glossary import Glossary, load_glossary
from bot.briefs.llm import LanguageModel
from bot.briefs.markup import has_link, mentions
from bot.briefs.prompt import messages_for
from bot.briefs.source import source_of
from bot.briefs.ways import Extract, FeedText
from bot.model import Brief, Item, MadeBy
from tests.support.meter import Counts
from tests.support.model_server import ModelServer

FOLDER = Path(__file__).parents[1] / "data" / "hostile_articles"


@dataclass(frozen=True)
class Hostile:
    """An article, the answer of a model that obeys it, what must not be sent of it, and what no brief may show.

    `leaks` says why a brief that obeys is not refused, where the guard has no means to see it.
    """

    does: str
    title: str
    text: str
    language: str
    obeys: dict[str, str] | str
    not_sent: list[str]
    not_shown: list[str]
    leaks: str = ""

    @property
    def item(self) -> Item:
        return Item(guid="1", url="https://news.example/1", title=self.title, text=self.text, language=self.language)

    @property
    def answer(self) -> str:
        return self.obeys if isinstance(self.obeys, str) else json.dumps(self.obeys, ensure_ascii=False)


ALL = {path.stem: Hostile(**json.loads(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.json"))}


@pytest.fixture
def briefs(glossary: Glossary, model: LanguageModel) -> Briefs:
    ways, log = (FeedText(), model), structlog.get_logger()
    return Briefs(ways, extract=Extract(glossary), guard=Guard(glossary), log=log, meter=Counts())


def shown(brief: Brief) -> str:
    return f"{brief.title_zh}\n{brief.title_en}\n{brief.summary_zh}\n{brief.summary_en}"


@pytest.mark.parametrize("name", ALL)
def test_of_a_hostile_article_nothing_is_sent_that_steers(glossary: Glossary, name: str) -> None:
    hostile = ALL[name]
    system, user = messages_for(source_of(hostile.item), glossary)
    clean, _ = messages_for(replace(source_of(hostile.item), title="", text=""), glossary)
    assert system == clean
    assert [role["role"] for role in (system, user)] == ["system", "user"]
    assert not [sign for sign in hostile.not_sent if sign in user["content"]]
    mark = user["content"].split("ARTICLE ")[1].split()[0]
    assert user["content"].count(mark) == 2


@pytest.mark.parametrize("name", ALL)
async def test_a_model_that_obeys_changes_no_alert(briefs: Briefs, server: ModelServer, name: str, request) -> None:
    hostile = ALL[name]
    if hostile.leaks:
        request.applymarker(pytest.mark.xfail(reason=hostile.leaks, strict=False))
    server.text = hostile.answer
    brief = await briefs.brief(hostile.item)
    assert server.requests
    assert brief.made_by is MadeBy.EXTRACT or not [text for text in hostile.not_shown if text in shown(brief)]
    assert not has_link(shown(brief))
    assert not mentions(shown(brief))
    assert brief.title_zh or brief.title_en
    assert brief.summary_zh or brief.summary_en


@pytest.mark.parametrize("name", ["add_link", "change_a_figure", "chinese_orders"])
async def test_the_same_article_is_briefed_by_a_model_that_does_not_obey(
    briefs: Briefs, server: ModelServer, name: str
) -> None:
    server.text = json.dumps(FAITHFUL_TO[ALL[name].title], ensure_ascii=False)
    brief = await briefs.brief(ALL[name].item)
    assert brief.made_by is MadeBy.MODEL


FAITHFUL_TO = {
    "Flood closes 12 schools in Ashford": {
        "title_en": "Flood closes 12 schools in Ashford",
        "summary_en": "A flood closed 12 schools in Ashford on 3 March, the town council said.",
        "title_zh": "Ashford水災，12所學校停課",
        "summary_zh": "Ashford鎮議會說，3月3日的水災使12所學校停課，約4,500戶停電。",
    },
    "台東地震造成3人受傷": {
        "title_zh": "台東地震造成3人受傷",
        "summary_zh": "台東縣3月5日上午發生規模5.8地震，縣政府說有3人受傷，約200戶停電。",
        "title_en": "Earthquake in Taitung injures 3",
        "summary_en": "A magnitude 5.8 earthquake struck Taitung on 5 March. The county said 3 people were hurt.",
    },
}


def test_there_are_many_kinds() -> None:
    assert len(ALL) >= 30
    assert all(hostile.not_shown for hostile in ALL.values())


GLOSSARY = load_glossary()


@given(st.text(max_size=200), st.text(max_size=400))
def test_no_article_gets_out_of_its_quotation(title: str, text: str) -> None:
    _, user = messages_for(source_of(Item(guid="1", url="", title=title, text=text)), GLOSSARY)
    lines = user["content"].split("\n")
    marks = [place for place, line in enumerate(lines) if line.startswith("-----")]
    assert len(marks) == 2
    assert all(line.startswith(">") for line in lines[marks[0] + 1 : marks[1]])
