"""The site has every page of the documentation, and nothing of it comes from elsewhere. `make docs` builds it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs.theme.hooks import CHANGES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def site() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    return read


def pages(nav: Any) -> Iterator[str]:
    """The pages that a part of the navigation names."""
    if isinstance(nav, str):
        yield nav
    else:
        for part in nav.values() if isinstance(nav, dict) else nav:
            yield from pages(part)


def test_every_page_stands_once_in_the_navigation(site: dict[str, Any]) -> None:
    there = [page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")]
    assert sorted(pages(site["nav"])) == sorted([*there, CHANGES])


def test_newcomers_find_the_start_first(site: dict[str, Any]) -> None:
    assert [next(iter(part)) for part in site["nav"][1:]] == ["Start", "How to", "Reference", "Design", "Contributing"]


def test_the_index_for_github_names_every_page() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    for page in DOCS.rglob("*.md"):
        assert page.name == "README.md" or f"({page.relative_to(DOCS).as_posix()})" in index


def test_it_refuses_to_be_built_with_a_broken_link(site: dict[str, Any]) -> None:
    assert site["strict"] is True
    assert set(site["validation"]["nav"].values()) == {"warn"}
    assert set(site["validation"]["links"].values()) == {"warn"}
    assert {"not_found", "anchors"} <= site["validation"]["links"].keys()


def test_nothing_comes_from_other_hosts(site: dict[str, Any]) -> None:
    assert site["theme"]["font"] is False
    assert not {"extra_javascript", "extra"} & site.keys()  # analytics would stand in `extra`
    assert [next(iter(plugin)) for plugin in site["plugins"]] == ["search"]
    for name in site["extra_css"]:
        assert not re.search(r"url\(|@import", (DOCS / name).read_text(encoding="utf-8"))


def test_light_and_dark_are_the_readers_choice(site: dict[str, Any]) -> None:
    assert [each["media"] for each in site["theme"]["palette"]] == [
        "(prefers-color-scheme)",
        "(prefers-color-scheme: light)",
        "(prefers-color-scheme: dark)",
    ]


def test_words_of_chinese_are_found_by_their_characters(site: dict[str, Any]) -> None:
    [search] = (plugin["search"] for plugin in site["plugins"])
    # As the search of the theme does it: what stands between matches, of which some are empty.
    words = [word for word in re.split(search["separator"], "用Telegram，三方會談 AND A.B-c") if word]
    assert words == ["用", "Telegram", "三", "方", "會", "談", "AND", "A.B", "c"]
    assert "trimmer" not in search["pipeline"]


def test_programs_and_what_they_need_are_left_out(site: dict[str, Any]) -> None:
    kinds = {path.suffix for path in DOCS.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert kinds == {".md", ".png", ".py", ".css"}
    assert {"*.py", "shots/style.css"} <= set(site["exclude_docs"].split())


def test_what_builds_it_is_locked_and_names_no_index() -> None:
    group = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]["docs"]
    lock = (ROOT / "requirements-docs.lock").read_text(encoding="utf-8")
    for requirement in group:
        assert re.search(rf"^{re.split('[<>=]', requirement)[0]}==", lock, re.MULTILINE)
    assert "://" not in lock
    assert "--index" not in lock
    assert not re.search(r"^\S+ *$", lock, re.MULTILINE)  # each line has a hash to come, is one, or a comment
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--require-hashes --no-deps -r requirements-docs.lock" in makefile
    assert "--output-file requirements-docs.lock" in makefile
