"""The text of article pages."""

from __future__ import annotations

from bot.briefs.article import article_text
from tests.briefs.conftest import CHINESE, ENGLISH, ENGLISH_TITLE

PARAGRAPHS = [ENGLISH, ENGLISH.replace("Sunday", "Monday"), ENGLISH.replace("Sunday", "Tuesday")]
PAGE = f"""<!doctype html><html><head><title>{ENGLISH_TITLE} | Example</title>
<meta property="og:title" content="{ENGLISH_TITLE}"></head><body>
<nav><a href="/">Home</a><a href="/world">World</a></nav>
<article><h1>{ENGLISH_TITLE}</h1>{"".join(f"<p>{text}</p>" for text in PARAGRAPHS)}</article>
<footer>All rights reserved</footer></body></html>"""


def test_the_article_is_taken_from_its_page() -> None:
    title, text = article_text(PAGE, "https://news.example/1")
    assert title == ENGLISH_TITLE
    assert text.split("\n\n")[-3:] == PARAGRAPHS
    assert "World" not in text


def test_plain_text_passes_as_it_is() -> None:
    assert article_text(f"  {ENGLISH}\n\n{CHINESE}\n") == ("", f"{ENGLISH}\n\n{CHINESE}")
    assert article_text(CHINESE.encode()) == ("", CHINESE)


def test_pages_in_old_encodings_are_read() -> None:
    page = f'<html><head><meta charset="big5"><title>三方會談</title></head><body><p>{CHINESE}</p></body></html>'
    title, text = article_text(page.encode("big5"))
    assert title == "三方會談"
    assert CHINESE in text
    assert article_text((CHINESE * 5).encode("gb18030"))[1] == CHINESE * 5


def test_a_page_without_an_article_gives_its_text_and_title() -> None:
    assert article_text("<title>A page</title><p>Short.</p>") == ("A page", "Short.")


def test_broken_bytes_do_no_harm() -> None:
    assert article_text(b"\xff\xfe\x00<html><body><p>\xff</p>")[1] is not None
    assert article_text(b"") == ("", "")
