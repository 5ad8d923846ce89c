"""Each stage alone, by its command: values in, JSON lines out, what is wrong on stderr."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.app.clock import utc_now
from bot.model import ChatAddress, ChatKind, FoundFeed, Locale, Mode, Platform
from bot.storage import open_storage
from tests.support.feed_host import FeedHost
from tests.support.libretranslate_server import libretranslate_server
from tests.support.model_server import model_server

FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Wire</title><language>en</language>
<item><guid isPermaLink="false">talks</guid><link>https://wire.example/talks</link>
<title>Talks &amp; more</title><description>&lt;p&gt;Envoys met.&lt;/p&gt;&lt;p&gt;They smiled.&lt;/p&gt;</description>
<pubDate>Sun, 01 Feb 2026 10:00:00 +0800</pubDate><category>World</category></item></channel></rss>"""
FIELDS = {"guid", "url", "title", "text", "language", "published", "authors", "categories"}
TALKS = "the trilateral Russian-Ukrainian-US talks in Abu Dhabi"
BRIEF_FIELDS = {"title_zh", "title_en", "summary_zh", "summary_en", "made_by"}
ARTICLE = "Envoys met in Abu Dhabi on Sunday. Both sides agreed to exchange 314 prisoners. A third round will follow."


@pytest.fixture
def write(tmp_path):
    def write(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def item_lines(*titles: str) -> str:
    return "".join(json.dumps({"guid": f"g{n}", "title": title}) + "\n" for n, title in enumerate(titles, start=1))


@pytest.fixture
def match(cli, write):
    """Match items given by their titles against queries; answers (item, keyword, matched)."""

    def match(queries: str, *titles: str) -> list[tuple[str, str, list[str]]]:
        ran = cli("match", "--keywords", write("keywords.txt", queries), write("items.jsonl", item_lines(*titles)))
        assert (ran.code, ran.err) == (0, "")
        assert all(report.keys() == {"item", "keyword", "matched"} for report in ran.reports)
        return [(report["item"], report["keyword"], report["matched"]) for report in ran.reports]

    return match


# --- feed parse ------------------------------------------------------------------------------------------


def test_a_feed_file_becomes_one_json_object_an_item(cli, write):
    ran = cli("feed", "parse", write("feed.xml", FEED))
    assert (ran.code, ran.err) == (0, "")
    (item,) = ran.reports
    assert item.keys() == FIELDS
    assert item["title"] == "Talks & more"
    assert item["text"] == "Envoys met.\n\nThey smiled."
    assert (item["guid"], item["url"]) == ("talks", "https://wire.example/talks")
    assert (item["language"], item["published"]) == ("en", "2026-02-01T02:00:00+00:00")
    assert (item["authors"], item["categories"]) == ([], ["World"])


def test_a_feed_comes_from_standard_input_too_and_an_item_may_have_no_date(cli):
    (item,) = cli("feed", "parse", "-", stdin=FEED.replace("pubDate", "other").encode()).reports
    assert item["published"] is None


async def test_a_feed_comes_from_an_address_even_of_ones_own_network(cli_beside):
    async with FeedHost() as host:
        host.add("ferry", "渡輪啟航", "At dawn.")
        ran = await cli_beside("feed", "parse", host.url)
        assert [item["title"] for item in ran.reports] == ["渡輪啟航"]
        assert "渡輪" in ran.out  # readable, not escaped
        missing = await cli_beside("feed", "parse", host.url + "x")
    assert missing.code == 1
    assert "404" in missing.err
    assert missing.out == ""


@pytest.mark.parametrize("content", ["", "<html><body>news</body></html>", "\x00\xff\xfe", "{}"])
def test_what_is_no_feed_is_an_error(cli, write, content):
    path = write("feed.xml", content)
    ran = cli("feed", "parse", path)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"error: {path}: not a feed")


@pytest.mark.parametrize("command", [("feed", "parse"), ("brief",)])
def test_a_missing_file_is_an_error(cli, command):
    ran = cli(*command, "nowhere.xml")
    assert (ran.code, ran.out, ran.err) == (1, "", "error: nowhere.xml: No such file or directory\n")


# --- story -----------------------------------------------------------------------------------------------


def story_lines(*items: tuple[str, str, str]) -> str:
    lines = (
        {"guid": f"g{n}", "title": title, "text": text, "published": published}
        for n, (title, text, published) in enumerate(items, start=1)
    )
    return "".join(json.dumps(line) + "\n" for line in lines)


@pytest.fixture
def tell(cli, write):
    """The stories of items given by title, text and date."""

    def tell(*items: tuple[str, str, str]) -> list[dict]:
        ran = cli("story", write("items.jsonl", story_lines(*items)))
        assert (ran.code, ran.err) == (0, "")
        assert all(list(report) == STORY_FIELDS for report in ran.reports)
        return ran.reports

    return tell


STORY_FIELDS = ["item", "story", "kind", "score", "like", "reasons", "new", "sure"]
ENVOYS = ("Envoys of Russia, Ukraine and US meet in Abu Dhabi", "They discussed a swap of 314 prisoners of war.")
TALKING = ("Russia, Ukraine and US hold talks in Abu Dhabi", "Envoys discussed the swap of 314 prisoners of war.")


def test_each_item_has_a_line_with_its_story_and_why(tell):
    first, other = tell((*ENVOYS, "2026-01-24T10:00:00+00:00"), (*TALKING, "2026-01-24T11:00:00+00:00"))
    assert (first["item"], first["story"], first["kind"], first["score"]) == ("g1", "g1", "new", None)
    assert (other["item"], other["story"], other["kind"], other["like"]) == ("g2", "g1", "event", "g1")
    assert 0.5 <= other["score"] <= 1
    assert other["reasons"]["numbers"] == ["314"]
    assert "Ukraine" in other["reasons"]["names"]


def test_a_development_says_what_is_new(tell):
    _, later = tell(
        (*ENVOYS, "2026-01-24T10:00:00+00:00"),
        ("Russia and Ukraine free 157 prisoners after talks in Abu Dhabi", TALKING[1], "2026-01-24T19:00:00+00:00"),
    )
    assert (later["story"], later["kind"], later["new"]) == ("g1", "development", ["157"])


def test_a_story_of_more_than_three_days_ago_is_over(tell):
    _, later = tell((*ENVOYS, "2026-01-24T10:00:00+00:00"), (*ENVOYS, "2026-01-28T11:00:00+00:00"))
    assert later["kind"] == "new"


def test_items_without_dates_are_told_in_one_go(cli):
    ran = cli("story", stdin=item_lines(TALKS, TALKS, "A ferry sails to Aarhus").encode())
    assert [report["kind"] for report in ran.reports] == ["new", "repeat", "new"]
    assert ran.reports[1]["reasons"] == {"title": []}


@pytest.mark.parametrize(
    "line", ["nonsense", "[]", '{"guid": "1"}', '{"guid": "1", "title": "a", "published": "soon"}']
)
def test_a_line_that_is_no_item_is_told_and_the_others_are_decided(cli, write, line):
    ran = cli("story", write("items.jsonl", f"{line}\n\n{item_lines(TALKS)}"))
    assert (ran.code, [report["item"] for report in ran.reports]) == (1, ["g1"])
    assert "items.jsonl:1: not an item" in ran.err


# --- match -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "title", "matched"),
    [
        ("trilateral talks", TALKS, ["trilateral", "talks"]),
        ('"Abu Dhabi"', TALKS, ["Abu Dhabi"]),
        ("AI", "百度AI發布", ["AI"]),
        ("三方会谈", "三方會談在阿布扎比舉行", ["三方會談"]),
    ],
)
def test_a_query_finds_what_people_mean(match, query, title, matched):
    assert match(query, title) == [("g1", query, matched)]


def test_a_word_is_found_whole_only(match):
    assert match("art\nAI", "A party is said to be held in spring") == []


def test_each_query_that_matches_has_a_line_of_its_own_even_two_of_one_meaning(match):
    found = match("talks AND trilateral\n\nTRILATERAL AND talks\ntalks\nferry\n", TALKS, "A ferry sails")
    assert {(item, keyword) for item, keyword, _ in found} == {
        ("g1", "talks AND trilateral"),
        ("g1", "TRILATERAL AND talks"),
        ("g1", "talks"),
        ("g2", "ferry"),
    }


def test_items_come_from_standard_input_with_or_without_a_byte_order_mark(cli, write):
    keywords = write("keywords.txt", b"\xef\xbb\xbfferry\n")
    for lines in (item_lines("A ferry sails"), "\ufeff" + item_lines("A ferry sails")):
        for arguments in ([], ["-"]):
            ran = cli("match", "--keywords", keywords, *arguments, stdin=lines.encode())
            assert (ran.code, ran.reports) == (0, [{"item": "g1", "keyword": "ferry", "matched": ["ferry"]}])


def test_filters_look_at_feed_and_language_of_an_item(cli, write):
    lines = [
        {"guid": "a", "title": "A ferry sails", "feed": "Harbour Wire", "text": "x", "language": "en", "url": "u"},
        {"guid": "b", "title": "渡輪啟航", "text": "這艘渡輪今天早上開往對岸。"},
    ]
    items = write("items.jsonl", "\n".join(json.dumps(line) for line in lines))
    ran = cli("match", "--keywords", write("keywords.txt", "ferry feed:harbour\n渡轮 lang:zh"), items)
    assert [(one["item"], one["keyword"]) for one in ran.reports] == [
        ("a", "ferry feed:harbour"),
        ("b", "渡轮 lang:zh"),
    ]


def test_queries_that_cannot_be_read_are_named_with_their_places_and_nothing_is_matched(cli, write):
    keywords = write("keywords.txt", 'ferry\n\n"open\nferry AND\n-ferry\n')
    ran = cli("match", "--keywords", keywords, write("items.jsonl", item_lines("A ferry sails")))
    assert (ran.code, ran.out) == (1, "")
    errors = ran.err.splitlines()
    assert [error.split(": ")[1].removeprefix(keywords + ":").split(":")[0] for error in errors] == ["3", "4", "5"]
    assert errors[0].startswith(f"error: {keywords}:3:1: open-quote: ")
    assert '; try: "open"' in errors[0]


@pytest.mark.parametrize(
    "bad",
    [
        b"{",
        b"[]",
        b'{"guid": "x"}',
        b'{"title": "A ferry"}',
        b'{"guid": "x", "title": "\xff ferry"}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_lines_that_are_no_items_are_named_and_the_others_still_matched(cli, write, bad):
    lines = item_lines("A ferry sails").encode()
    items = write("items.jsonl", lines + b"\n" + bad + b"\n" + lines)
    ran = cli("match", "--keywords", write("keywords.txt", "ferry"), items)
    assert [one["item"] for one in ran.reports] == ["g1", "g1"]
    assert ran.code == 1
    assert ran.err.startswith(f"error: {items}:3: not an item (")
    assert len(ran.err.splitlines()) == 1


def test_half_a_surrogate_pair_breaks_no_output(cli, write):
    items = write("items.jsonl", '{"guid": "\\ud83d", "title": "A ferry \\udc00 sails"}')
    ran = cli("match", "--keywords", write("keywords.txt", "ferry"), items)
    assert (ran.code, ran.reports) == (0, [{"item": "?", "keyword": "ferry", "matched": ["ferry"]}])


def test_files_that_cannot_be_read_are_named(cli, write, tmp_path):
    keywords = write("keywords.txt", "ferry")
    ran = cli("match", "--keywords", keywords, "nowhere.jsonl")
    assert (ran.code, ran.err) == (1, "error: nowhere.jsonl: No such file or directory\n")
    ran = cli("match", "--keywords", write("big5.txt", "渡輪".encode("big5")), "-")
    assert ran.code == 1
    assert "not in UTF-8" in ran.err
    assert cli("match", "--keywords", str(tmp_path), "-").code == 2
    assert cli("match", "--keywords", "nowhere.txt", "-").code == 2


# --- brief -----------------------------------------------------------------------------------------------


def test_a_bilingual_text_is_its_own_brief(cli, write):
    text = (
        "三方會談在阿布扎比舉行\nTrilateral talks held in Abu Dhabi\n\n三國代表會面兩小時，雙方同意交換314名戰俘。\n\n"
        "Envoys of three countries met for two hours. Both sides agreed to exchange 314 prisoners."
    )
    ran = cli("brief", write("article.txt", text))
    (brief,) = ran.reports
    assert brief.keys() >= BRIEF_FIELDS
    assert brief["made_by"] == "feed"
    assert "三國代表" in brief["summary_zh"]
    assert "three countries" in brief["summary_en"]


def test_a_plain_text_is_extracted_and_takes_the_title_given(cli):
    ran = cli("brief", "-", "--title", "Envoys meet", stdin=ARTICLE.encode())
    (brief,) = ran.reports
    assert (ran.code, brief["made_by"], brief["title_en"]) == (0, "extract", "Envoys meet")
    assert "314" in brief["summary_en"]
    assert "阿布扎比" in json.dumps(brief, ensure_ascii=False)


def test_a_page_gives_title_and_text_itself(cli, write):
    paragraphs = "".join(f"<p>{sentence}.</p>" for sentence in ARTICLE.split(". "))
    page = f"<html><head><title>Envoys meet</title></head><body><article><h1>Envoys meet</h1>{paragraphs}</article>"
    (brief,) = cli("brief", write("page.html", page)).reports
    assert brief["title_en"] == "Envoys meet"
    assert "<" not in brief["summary_en"]


def test_a_source_without_text_is_an_error(cli):
    ran = cli("brief", "-", stdin=b"  \n ")
    assert (ran.code, ran.out, ran.err) == (1, "", "error: -: no text found in it\n")


async def test_a_language_model_makes_the_brief_when_it_is_set(cli_beside, monkeypatch):
    async with model_server() as model:
        model.brief = {
            "title_zh": "代表在阿布扎比會面",
            "title_en": "Envoys meet in Abu Dhabi",
            "summary_zh": "雙方同意交換314名戰俘。",
            "summary_en": "Both sides agreed to exchange 314 prisoners.",
        }
        monkeypatch.setenv("MODEL_URL", model.url)
        monkeypatch.setenv("MODEL_NAME", "small")
        monkeypatch.setenv("MODEL_KEY", "sesame-key")
        (brief,) = (await cli_beside("brief", "-", "--title", "Envoys meet", stdin=ARTICLE.encode())).reports
        assert model.keys == ["Bearer sesame-key"]
    assert {name: brief[name] for name in model.brief} == model.brief
    assert brief["made_by"] == "model"


async def test_a_translator_makes_the_brief_when_it_is_set(cli_beside, monkeypatch):
    async with libretranslate_server() as translator:
        said = ARTICLE.removesuffix(".").split(". ")
        chinese = ["代表週日在阿布扎比會面。", "雙方同意交換314名戰俘。", "之後還有第三輪。"]
        translator.phrases = {f"{one}.": other for one, other in zip(said, chinese, strict=True)}
        translator.phrases |= {"Envoys meet": "代表會面", ARTICLE: "".join(chinese)}
        monkeypatch.setenv("LIBRETRANSLATE_URL", translator.url)
        (brief,) = (await cli_beside("brief", "-", "--title", "Envoys meet", stdin=ARTICLE.encode())).reports
    assert (brief["made_by"], brief["title_zh"], brief["title_en"]) == ("translation", "代表會面", "Envoys meet")


# --- poll, db --------------------------------------------------------------------------------------------


async def subscribe(database: Path, *urls: str) -> None:
    async with open_storage(f"sqlite:///{database}") as storage:
        await storage.upgrade()
        chat = await storage.chats.open_chat(
            ChatAddress(Platform.CONSOLE, "1"), kind=ChatKind.PRIVATE, title="", hint=Locale.EN, now=utc_now()
        )
        for url in urls:
            found = FoundFeed(url=url, title="Wire")
            await storage.subscriptions.subscribe(chat.id, found, mode=Mode.MATCHING, now=utc_now())


def test_poll_says_what_it_does_when_it_is_not_told_to_poll_once(cli):
    ran = cli("poll")
    assert (ran.code, ran.out) == (2, "")
    assert "poll --once" in ran.err


async def test_poll_once_reports_each_feed_that_was_due(cli_beside, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/diting.db")
    monkeypatch.setenv("ALLOW_HOSTS", "127.0.0.1")
    async with FeedHost() as host:
        host.add("ferry", "A ferry sails")
        await subscribe(tmp_path / "diting.db", host.url)
        first, second = await cli_beside("poll", "--once"), await cli_beside("poll", "--once")
        assert (first.code, first.reports) == (0, [{"feed": host.url, "new": 1, "error": ""}])
        assert (second.code, second.reports) == (0, [])
        missing = host.url + "x"
        await subscribe(tmp_path / "diting.db", missing)
        ran = await cli_beside("poll", "--once")
    assert ran.code == 1
    assert [(report["feed"], report["new"]) for report in ran.reports] == [(missing, 0)]
    assert "404" in ran.reports[0]["error"]


def test_db_upgrade_makes_the_tables_and_then_finds_them_there(cli, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/made/diting.db")
    (first,), (second,) = cli("db", "upgrade").reports, cli("db", "upgrade").reports
    assert first["before"] == ""
    assert second == {"before": first["after"], "after": first["after"]}


@pytest.mark.parametrize("command", [("db", "upgrade"), ("poll", "--once")])
def test_a_database_that_cannot_be_had_is_an_error_in_one_line(cli, monkeypatch, tmp_path, command):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/file/diting.db")
    ran = cli(*command)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error: ")
    assert len(ran.err.splitlines()) == 1
