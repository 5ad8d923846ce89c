"""Links, anchors and pictures lead somewhere, and GitHub and the site read the pages alike."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from docs.theme.hooks import on_page_content, pipes, slug

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
OF_SITE = [page for page in PAGES if DOCS in page.parents]
FENCE = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")  # in the brackets there may be a picture
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
ITEM = re.compile(r"^( *)(?:[-*+]|\d+\.) ")
SITE_CANT = re.compile(r"^ *(?:- \[[ x]\] |> \[!)|~~|<(?:details|img|br)\b", re.MULTILINE)


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> Counter[str]:
    return Counter(slug(heading) for heading in HEADING.findall(prose(page)))


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Words", "words"),
        ("A model, or a translator", "a-model-or-a-translator"),
        ("What came, and what did not", "what-came-and-what-did-not"),
        ("`/feed show`", "feed-show"),
        ("diting_polls_total", "diting_polls_total"),
        ("Chats: at least one", "chats-at-least-one"),
        ("0.2 - later", "02---later"),
        ("第一分鐘", "第一分鐘"),
        ("分享、群組和頻道", "分享群組和頻道"),
    ],
)
def test_anchors_are_those_of_github(heading: str, anchor: str) -> None:
    assert slug(heading) == anchor


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(CODE.sub("", prose(page))):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.is_file(), target
        assert other.is_relative_to(ROOT), target
        # Of two headings with one name the second's anchor is another on GitHub than on the site.
        assert not anchor or anchors(other)[anchor] == 1, target


@pytest.mark.parametrize("page", OF_SITE, ids=[page.relative_to(DOCS).as_posix() for page in OF_SITE])
def test_pages_of_the_site_lead_out_of_it_to_the_change_log_alone(page: Path) -> None:
    targets = {target.partition("#")[0] for target in LINK.findall(prose(page)) if "://" not in target}
    outside = {(page.parent / target).resolve() for target in targets if target} - set(DOCS.rglob("*"))
    assert outside <= {ROOT / "CHANGELOG.md"}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_pictures_say_what_is_on_them(page: Path) -> None:
    for described in re.findall(r"!\[([^\]]*)\]", prose(page)):
        assert described


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_each_page_has_one_title(page: Path) -> None:
    assert len(re.findall(r"^# ", prose(page), re.MULTILINE)) == 1


@pytest.mark.parametrize("page", OF_SITE, ids=[page.relative_to(DOCS).as_posix() for page in OF_SITE])
def test_lists_are_read_alike_by_github_and_the_site(page: Path) -> None:
    """Python-Markdown wants a free line before a list, four spaces for what is in an item, and knows no HTML alerts."""
    text = page.read_text(encoding="utf-8")
    assert not SITE_CANT.search(CODE.sub("", FENCE.sub("", text)))
    for block in re.findall(r"^( *)```", text, re.MULTILINE):
        assert len(block) % 4 == 0
    before, in_list = "", False
    for line in prose(page).split("\n"):
        item = ITEM.match(line)
        if item:
            assert len(item[1]) % 4 == 0, line
            assert in_list or not before.strip() or before.startswith("<!--"), line
        in_list = bool(item) or (in_list and bool(line.strip()))
        before = line


def test_a_pipe_in_a_table_is_shown_without_its_backslash() -> None:
    assert pipes("| `a \\| b` | c \\| d |\n`e \\| f`") == "| `a | b` | c \\| d |\n`e \\| f`"


def test_a_picture_is_a_link_to_itself() -> None:
    picture = '<img alt="An alert" src="../shots/alert.png" />'
    assert on_page_content(picture, None, None, None) == f'<a href="../shots/alert.png">{picture}</a>'
