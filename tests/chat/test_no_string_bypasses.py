"""Nothing that the bot says passes the catalogues by: every answer, alert and notice, in a language made up for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.blocks import text
from bot.chat.catalogue import catalogue_for
from bot.chat.commands import greeting
from bot.chat.commands.dispatch import HANDLERS
from bot.chat.content import content_message
from bot.chat.explain import _REASONS as KNOWN_REASONS
from bot.chat.explain import explain
from bot.chat.menu import MENU
from bot.chat.troubles import trouble_message
from bot.errors import QueryError, QueryProblem, StorageError
from bot.matching.query import EXAMPLE
from bot.model import (
    ChatId,
    ChatKind,
    ChatSettings,
    DeliveryId,
    Digest,
    End,
    FeedId,
    FoundFeed,
    Locale,
    MadeBy,
    Message,
    Notice,
    NoticeKind,
    Platform,
    Report,
    RightsNotice,
    StoryKind,
    Trouble,
    TroubleKind,
)
from tests.chat.test_explain import FEED_ERRORS
from tests.support.fakes import NOW, FakeBriefs, FakeTranslation, plain, request
from tests.support.news import chat
from tests.support.pseudo import bypassing, narrow, speak_pseudo
from tests.support.situations import BRIEF, CATALOGUE, DAY, FEED, ITEM, WHY, alert, fill, finding


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locale]:
    with pytest.MonkeyPatch.context() as patch:
        yield from speak_pseudo(tmp_path_factory.mktemp("pseudo"), patch)


@pytest.fixture
def desk(make_desk, spoken: Locale):
    made = make_desk(translation=FakeTranslation(), briefs=FakeBriefs())
    made.finder.entries = CATALOGUE
    made.finder.pages["https://two.example"] = [FoundFeed(url=f"https://{n}.example/rss", title="環球") for n in (1, 2)]
    made.finder.pages["https://one.example"] = [FoundFeed(url="https://1.example/rss", title="環球")]
    made.translation.known[""] = "會談"
    made.translation.doubtful = True
    made.rates = {Platform.TELEGRAM: 30.0}
    return made


async def say(desk, spoken: Locale, line: str, **who: object) -> Message:
    message = await desk.say(line, locale=spoken, **who)
    # Who looks for their own language finds it by its own name.
    names = [EXAMPLE] + ["English"] * (line.split()[:2] == ["/settings", "language"])
    assert bypassing(message, *names) == [], f"{line}: {plain(message)}"
    return message


LINES = (
    "/start",
    "/help",
    "/nonsense",
    "/statsu",
    "會談",
    "globe",
    "https://globe.example",
    "",
    "/subscribe",
    "/subscribe world",
    "/subscribe nowhere",
    "/subscribe https://one.example",
    "/subscribe https://two.example",
    "/subscribe https://none.example",
    "/unsubscribe",
    "/unsubscribe 1",
    "/unsubscribe 99",
    "/feeds",
    "/feeds 2",
    "/import",
    "/import undo 5",
    "/export",
    "/keyword",
    "/keyword 會談",
    "/keyword add",
    "/keyword add 會談",
    "/keyword add 新聞",
    '/keyword add "會談',
    "/keyword add -會談",
    "/keyword edit",
    "/keyword edit 2 協議",
    "/keyword edit 99 協議",
    "/keyword also 2 協議",
    "/keyword remove",
    "/keyword remove 1",
    "/keyword remove 99",
    "/keyword list",
    "/keyword test",
    "/keyword test 會談",
    "/settings",
    "/settings nonsense",
    "/settings show",
    *(
        f"/settings {name}{value}"
        for name in ("language", "languages", "script", "reports", "pause")
        for value in ("", " ?")
    ),
    "/settings languages zh",
    "/settings script hk",
    "/settings reports each",
    "/settings timezone",
    "/settings timezone Asia/Hong_Kong",
    "/settings timezone 香",
    "/settings pause on",
    "/settings pause off",
    "/pause",
    "/resume",
    "/latest",
    "/latest 3",
    "/latest #5",
    "/latest #6",
    "/why",
    "/why #9",
    "/why #99",
    "/why ?",
    *(f"/why https://globe.example/{end}" for end in End),
    "/status",
    "/translate Hello",
)
LINES = tuple(dict.fromkeys((*LINES, *(f"/{path}{rest}" for path in HANDLERS for rest in ("", " 1", " ?")))))
"""Whatever commands there will be are asked with nothing, a number and nonsense."""


@pytest.mark.parametrize("line", LINES)
async def test_every_answer_comes_from_the_catalogues(desk, spoken: Locale, line: str) -> None:
    await say(desk, spoken, line)
    await say(desk, spoken, line, can_manage=False)
    await fill(desk, spoken)
    await say(desk, spoken, line)
    desk.preview.hits, desk.preview.near = [], [(ITEM, finding(End.NO_MATCH).judged[0].miss)]
    desk.preview.looked = 0
    await say(desk, spoken, line)


async def test_faults_and_refusals_come_from_the_catalogues(desk, spoken: Locale) -> None:
    for command in MENU:
        await say(desk, spoken, f"/{command.name}", can_manage=False, kind=ChatKind.GROUP)
    for broken in (StorageError("disk full"), RuntimeError("bug")):
        desk.chats.broken = broken
        message = await desk.say("/status", locale=spoken)
        assert bypassing(message) == []


async def test_completions_come_from_the_catalogues(desk, spoken: Locale) -> None:
    await fill(desk, spoken)
    for option in ("address", "feed", "keyword", "link"):
        for label, _ in await desk.commands.complete(request("/x", locale=spoken), option, ""):
            assert not [word for word in label.split() if word.isascii() and word.isalpha()], label


def test_every_explanation_comes_from_the_catalogues(spoken: Locale) -> None:
    t = catalogue_for(spoken)
    problems = [QueryError(problem, "會談 OR (", 5, "會談") for problem in QueryProblem]
    for error in (*FEED_ERRORS, *problems, StorageError("disk")):
        assert bypassing(Message(blocks=explain(error, t))) == [], error


def test_every_notice_comes_from_the_catalogues(spoken: Locale) -> None:
    place = chat(ChatSettings(locale=spoken))
    for kind in NoticeKind:
        for reason in (*KNOWN_REASONS, "HTTP 410", "HTTP 503"):
            assert bypassing(content_message(Notice(kind=kind, feed=FEED, reason=reason), place, now=NOW)) == []
    notice = RightsNotice(chat=ChatId(5), title="新聞", reason="…")
    assert bypassing(content_message(notice, place, now=NOW)) == []
    for kind in TroubleKind:
        trouble = Trouble(kind=kind, platform=Platform.TELEGRAM, since=NOW - DAY, seen=NOW, reason="…")
        assert bypassing(trouble_message(trouble, spoken, now=NOW)) == []
    assert bypassing(greeting(spoken)) == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Hong_Kong"])
@pytest.mark.parametrize("age", [timedelta(0), timedelta(minutes=5), timedelta(hours=5), 3 * DAY, 400 * DAY])
def test_every_alert_comes_from_the_catalogues(spoken: Locale, age: timedelta, zone: str) -> None:
    place = chat(ChatSettings(locale=spoken, timezone=zone))
    for made_by in MadeBy:
        for kind in StoryKind:
            also = tuple(Report(feed=replace(FEED, id=FeedId(n), title=f"港{n}"), url="") for n in range(2, 14))
            told = alert(replace(BRIEF, made_by=made_by), kind=kind, new=("314",), also=also, why=(WHY,) * 5)
            assert bypassing(content_message(told, place, now=NOW + age)) == []
    silent = alert(replace(BRIEF, title_en="", untranslated=True), why=())
    assert bypassing(content_message(silent, place, now=NOW + age)) == []
    digest = Digest(delivery=DeliveryId(5), alerts=(alert(), silent) * 40)
    assert bypassing(content_message(digest, place, now=NOW + age)) == []


def test_a_sentence_that_bypasses_is_seen(spoken: Locale) -> None:
    """The test of the tests."""
    t = catalogue_for(spoken)
    assert narrow(t("Open")) == "Open"
    assert bypassing(Message(blocks=(text(t("Open")),))) == []
    assert bypassing(Message(blocks=(text("Open"),))) == ["Open"]
    assert bypassing(Message(blocks=(text(t("{name}: {value}", name="Feeds", value="港")),))) == ["Feeds"]
    assert bypassing(Message(blocks=(text("Daily Globe"),)), "Daily Globe") == []
