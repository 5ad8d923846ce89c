"""Items that are only teasers get the text of their page, when it may be had and is theirs."""

import asyncio
import threading
from datetime import timedelta
from functools import partial

import pytest
from structlog.testing import capture_logs

from bot.briefs.article import article_text
from bot.errors import AddressRefused, FetchTimeout, HttpError
from bot.model import Fetched, Item
from bot.work.reader import MAX_TEXT, Reader, is_same, is_teaser

URL = "https://news.example/talks"
ITEM = Item(
    guid="1",
    url=URL,
    title="Trilateral talks in Abu Dhabi enter second day",
    text="Negotiators from three countries met again in the Emirati capital on Tuesday…",
    language="en",
)
ARTICLE = (
    "Trilateral talks in Abu Dhabi entered their second day. Negotiators from three countries met again in the Emirati "
    "capital on Tuesday, said two officials. " + "They spoke about prisoners, grain and a ceasefire at length. " * 20
)
PAGE = f"<html><head><title>{ITEM.title} | News</title></head><body><article><p>{ARTICLE}</p></article></body></html>"


class Web:
    """A fetcher of one page."""

    def __init__(self, body: str | Exception, content_type: str = "text/html; charset=utf-8", url: str = URL) -> None:
        self.answer = body if isinstance(body, Exception) else Fetched(
            url=url, status=200, body=body.encode(), content_type=content_type
        )  # fmt: skip
        self.asked: list[str] = []

    async def fetch(self, url, *, etag="", last_modified=""):
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Rules:
    def __init__(self, *forbidden: str) -> None:
        self.forbidden = forbidden

    async def allowed(self, url):
        return url not in self.forbidden


def reader(web, *, robots=None, extract=article_text, **settings) -> Reader:
    return Reader(fetcher=web, robots=robots or Rules(), extract=extract, **settings)


def plain(page: bytes, url: str) -> tuple[str, str]:
    return "", page.decode()


async def test_a_teaser_gets_the_text_of_its_page():
    web = Web(PAGE)
    full = await reader(web).full_text(ITEM)
    assert full.text.startswith("Trilateral talks in Abu Dhabi entered their second day.")
    assert len(full.text) > 1_000
    assert (full.guid, full.url, full.title, full.language) == (ITEM.guid, ITEM.url, ITEM.title, ITEM.language)
    assert web.asked == [URL]


async def test_a_page_that_is_wanted_again_is_not_fetched_again():
    web = Web(PAGE)
    pages = reader(web)
    first = await pages.full_text(ITEM)
    assert await pages.full_text(ITEM) == first
    assert web.asked == [URL]


async def test_of_many_pages_the_latest_are_remembered():
    web = Web("no article")
    pages = reader(web)
    for number in range(150):
        await pages.full_text(Item(guid=f"{number}", url=f"{URL}/{number}", title="Talks"))
    await pages.full_text(Item(guid="149", url=f"{URL}/149", title="Talks"))
    await pages.full_text(Item(guid="0", url=f"{URL}/0", title="Talks"))
    assert len(web.asked) == 151


async def test_chinese_teasers_too():
    item = Item(guid="1", url=URL, title="三方会谈在阿布扎比进入第二天", text="三国谈判代表周二再次会面[阅读全文]")
    article = "三方会谈在阿布扎比进入第二天。三国谈判代表周二再次会面，讨论了战俘、粮食与停火问题。" * 10
    full = await reader(Web(article), extract=plain).full_text(item)
    assert full.text == article


async def test_the_page_is_taken_apart_off_the_event_loop_by_its_final_address():
    seen = []

    def extract(page: bytes, url: str) -> tuple[str, str]:
        seen.append((threading.current_thread() is threading.main_thread(), url))
        return "", ARTICLE

    await reader(Web(PAGE, url="https://news.example/final"), extract=extract).full_text(ITEM)
    assert seen == [(False, "https://news.example/final")]


@pytest.mark.parametrize(
    "item",
    [
        Item(guid="1", url=URL, title="Talks", text=ARTICLE),
        Item(guid="1", url="", title="Talks"),
        Item(guid="1", url="mailto:a@news.example", title="Talks"),
        Item(guid="1", url="http://[broken", title="Talks"),
    ],
    ids=["whole text", "no page", "no web page", "no address"],
)
async def test_items_that_need_or_have_no_page_are_left_alone(item):
    web = Web(PAGE)
    assert await reader(web).full_text(item) is item
    assert web.asked == []


@pytest.mark.parametrize("forbidden", [URL, "https://news.example/final"])
async def test_robots_txt_is_honoured_before_and_after_redirects(forbidden):
    web = Web(PAGE, url="https://news.example/final")
    assert await reader(web, robots=Rules(forbidden)).full_text(ITEM) is ITEM
    assert len(web.asked) == (0 if forbidden == URL else 1)


@pytest.mark.parametrize("content_type", ["application/pdf", "image/png", "text/plain", "application/json", ""])
async def test_only_pages_are_read(content_type):
    assert await reader(Web(PAGE, content_type)).full_text(ITEM) is ITEM


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We value your privacy. " * 200,
        "Please enable JavaScript and cookies to continue. " * 50,
        "Stocks fell in Tokyo on Monday as investors sold shares of makers of cars. " * 50,
        ITEM.text[:40],
        f"{ITEM.title} {ITEM.text}"[:70],
    ],
)
async def test_a_text_that_is_no_gain_or_of_something_else_is_not_taken(text):
    assert await reader(Web(text), extract=plain).full_text(ITEM) is ITEM


async def test_the_pages_title_helps_to_know_it():
    item = Item(guid="1", url=URL, title="Trilateral talks enter second day")
    body = "Officials said little about it on Tuesday. " * 30
    assert await reader(Web(body), extract=plain).full_text(item) is item
    with_title = await reader(Web(body), extract=lambda page, _: (item.title, page.decode())).full_text(item)
    assert with_title.text == body.strip()


async def test_long_texts_are_cut():
    full = await reader(Web(ARTICLE * 100), extract=plain).full_text(ITEM)
    assert len(full.text) <= MAX_TEXT


@pytest.mark.parametrize(
    "error", [HttpError(URL, 403), FetchTimeout(URL, "timeout"), AddressRefused(URL, "private"), ValueError("a bug")]
)
async def test_trouble_with_the_page_is_logged_and_leaves_the_item(error):
    with capture_logs() as logs:
        assert await reader(Web(error)).full_text(ITEM) is ITEM
    assert [entry["url"] for entry in logs] == [URL]


async def test_trouble_in_the_extraction_leaves_the_item():
    def extract(page: bytes, url: str) -> tuple[str, str]:
        raise RecursionError

    with capture_logs() as logs:
        assert await reader(Web(PAGE), extract=extract).full_text(ITEM) is ITEM
    assert logs[0]["log_level"] == "error"


async def test_patience_ends_and_a_page_that_takes_ages_keeps_its_room():
    leave = threading.Event()
    started = []

    def extract(page: bytes, url: str) -> tuple[str, str]:
        started.append(url)
        leave.wait(5)
        return "", ARTICLE

    slow = reader(Web(PAGE), extract=extract, patience=timedelta(seconds=0.05), at_once=1)
    with capture_logs() as logs:
        assert await slow.full_text(ITEM) is ITEM
        assert await slow.full_text(ITEM) is ITEM
    assert [entry["reason"] for entry in logs] == ["timeout", "timeout"]
    async with asyncio.timeout(5):
        while not started:
            await asyncio.sleep(0.001)
        assert len(started) == 1
        leave.set()
        while slow._room.locked():
            await asyncio.sleep(0.001)


async def test_cancellation_goes_through():
    class Waiting(Web):
        async def fetch(self, url, *, etag="", last_modified=""):
            await asyncio.Event().wait()

    task = asyncio.create_task(reader(Waiting(PAGE)).full_text(ITEM))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


text = partial(Item, guid="1", url=URL, title="Talks")


@pytest.mark.parametrize(
    "item",
    [
        text(),
        text(text="Short."),
        text(text="字" * 200),
        *(
            text(text="word " * 200 + end)
            for end in ("...", "…", "[…]", "[...]", "Read more", "Read more »", "Continue reading Talks in Abu Dhabi →",
                        "Read the full story.", "(more)", "阅读全文", "閱讀更多", "查看全文>>", "【继续阅读】")
        ),
    ],
)  # fmt: skip
def test_teasers(item):
    assert is_teaser(item)


@pytest.mark.parametrize(
    "item",
    [
        text(text="word " * 200),
        text(text="字" * 300),
        text(text="word " * 200 + "Read more books, they said."),
        text(text="word " * 700 + "…"),
    ],
)
def test_whole_texts(item):
    assert not is_teaser(item)


def test_an_item_without_words_is_like_nothing():
    assert not is_same(Item(guid="1", url=URL, title="!", text=""), ARTICLE)
