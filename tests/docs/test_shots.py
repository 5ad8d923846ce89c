"""The pictures of the walk-through: their pages understand every message the bot sends, and none is missing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.discord.markup import render
from bot.chat.render import alert_message
from bot.chat.telegram.markup import as_html
from docs.shots import admin, make, markdown, page, scenes
from tests.support.fakes import NOW, plain
from tests.support.news import alert, chat, crowded

# A bot and a database each: the others are these in another language, or lists as the commands' own tests know them.
PLAYED = ("alert-telegram", "alert-discord", "digest", "first-minute", "keywords")
DOCS = Path(__file__).resolve().parents[2] / "docs"


def visible(html: str) -> str:
    body = html.partition("<body")[2].partition("<script>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


async def test_each_picture_of_the_walk_through_is_made_from_a_scene():
    assert _named() == set(scenes.NAMES) | set(admin.VIEWS)
    made = await make.pages(PLAYED)
    for name, html in made.items():
        assert "Diting" in visible(html), name
        assert not re.search(r"\*\*|\]\(|&lt;b&gt;|\\[*_`]", visible(html)), name
    assert "三方會談第二輪在阿布扎比開始" in visible(made["alert-telegram"])
    assert "Envoys open second round" in visible(made["alert-discord"])


def _named() -> set[str]:
    pages = (DOCS.parent / "README.md", *DOCS.glob("walkthrough*.md"), DOCS / "howto/admin-pages.md")
    return {name for path in pages for name in re.findall(r"shots/([\w-]+)\.png", path.read_text(encoding="utf-8"))}


def test_each_picture_is_there_and_small_enough_for_a_telephone():
    for name in _named():
        assert 0 < (DOCS / "shots" / f"{name}.png").stat().st_size <= make.MOST_BYTES, name


@pytest.mark.parametrize("sample", [alert(), crowded()])
def test_the_page_of_a_message_has_all_of_its_words(sample):
    message = alert_message(sample, chat(), now=NOW)
    telegram, discord = as_html(message), render(message)
    shown = visible(page.telegram_page([page.Screen("x", [page.telegram_message(telegram.text)])]))
    embed = discord.arguments()["embed"].to_dict()
    beside = visible(page.discord_page([page.Screen("x", [page.discord_message({"embeds": [embed]})])]))
    words = replace(message, blocks=message.blocks[:-1])  # the last is the link, which the heading is as well
    for word in re.findall(r"[\w]{3,}", plain(words))[:40]:
        assert word in shown
    assert sample.brief.title_zh[:8] in beside


def test_discords_marks_become_looks_and_escaped_ones_stay_signs():
    source = "# Big\n**bold** and *thin*, `code`, [a \\[link\\]](<https://a.example>)\n- one\n> said\n> so"
    source += "\n-# small \\*not\\*"
    html = markdown.as_html(source)
    assert "<div class=h1>Big</div>" in html
    assert "<b>bold</b> and <i>thin</i>, <code>code</code>, <a>a [link]</a>" in html
    assert "<blockquote>said<br>so</blockquote>" in html
    assert "<div class=small>small *not*</div>" in html
    assert "<div class=item>one</div>" in html


def test_what_people_wrote_is_no_markup_of_the_page():
    assert "<script>x" not in markdown.as_html("<script>x</script>")


def test_without_chromium_it_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(make, "NAMES", ())
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert make.main() == 1
    assert "apt install chromium" in capsys.readouterr().err
