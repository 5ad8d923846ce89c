"""The documentation tells the truth: commands, queries, permissions. Its links: `tests/docs`."""

import json
import re
import shlex
from pathlib import Path

import click
import discord
import pytest
import typer

from bot.chat.menu import ALIASES
from bot.cli import app
from bot.matching.document import Document
from bot.matching.index import KeywordIndex
from bot.matching.query import canonical, parse
from bot.model import FeedId, FeedRef, Item, KeywordId
from bot.text.language import detect
from tests.support import reference

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
SHELL = re.compile(r"^( *)```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    to_read = [ROOT / "README.md", ROOT / "docs" / "README.md"]
    while to_read:
        page = to_read.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        links = LINK.findall(page.read_text(encoding="utf-8"))
        to_read += [(page.parent / link.partition("#")[0]).resolve() for link in links if "://" not in link]
    assert set(PAGES) <= seen


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_slash_commands_named_in_the_documentation_exist(page: Path) -> None:
    known = {path.split()[0] for path, _ in reference.leaves()} | set(ALIASES) | {"quit"}
    foreign = {
        "newbot",
        "setprivacy",
        "setinline",
        "setjoingroups",
        "data",
        "tmp",
        "etc",
        "srv",
        "healthz",
        "readyz",
        "metrics",
    }
    named = set(re.findall(r"`/([a-z]+)(?![^`]*/`)[^`]*`", page.read_text(encoding="utf-8")))
    assert named <= known | foreign


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_command_lines_shown_can_be_read(page: Path) -> None:
    root = typer.main.get_command(app)
    lines = re.findall(r"python -m bot ((?:[a-z]+[^`\n#|\"),:;]*))", page.read_text(encoding="utf-8"))
    for line in lines:
        words = [word for word in shlex.split(line) if word[0] not in "[(" and not word.isupper()]
        _command_of(root, words)


def _command_of(command: click.Command, words: list[str]) -> None:
    children = getattr(command, "commands", None)
    if children is None:
        options = {option for parameter in command.params for option in [*parameter.opts, *parameter.secondary_opts]}
        assert {word for word in words if word.startswith("--")} <= options, words
        return
    assert words, f"{command.name} needs a subcommand"
    assert words[0] in children, words
    _command_of(children[words[0]], words[1:])


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_make_targets_shown_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)) <= targets


def test_readme_shows_the_two_commands_and_every_stage() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme
    for stage in ("feed parse", "match", "story", "brief", "poll --once", "db upgrade", "doctor", "run"):
        assert f"python -m bot {stage}" in readme, stage


def _examples() -> list[tuple[str, str, str]]:
    text = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8").partition("<!-- examples -->")[2]
    table = text.strip().split("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table]
    return [(query.strip("`"), finds, misses) for query, finds, misses in rows]


def _finds(query: str, title: str) -> bool:
    index = KeywordIndex()
    index.add(KeywordId(1), canonical(parse(query)))
    item = Item(guid="1", url="", title=title, language=detect(title))
    return bool(list(index.match(Document(item, FeedRef(id=FeedId(1), url="https://feed.example/rss")))))


@pytest.mark.parametrize(("query", "finds", "misses"), _examples())
def test_query_examples_find_what_the_page_says(query: str, finds: str, misses: str) -> None:
    assert _finds(query, finds)
    assert not _finds(query, misses)


def test_queries_of_the_readme_can_be_read() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Keywords\n")[2].partition("\n## ")[0]
    queries = re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)
    assert len(queries) >= 7
    for query in queries:
        assert canonical(parse(query.replace("\\|", "|")))


def test_install_link_asks_for_the_permissions_that_it_names() -> None:
    needed = discord.Permissions(
        view_channel=True,
        send_messages=True,
        send_messages_in_threads=True,
        embed_links=True,
        read_message_history=True,
    )
    for page in (ROOT / "README.md", ROOT / "docs" / "bots.md"):
        text = page.read_text(encoding="utf-8")
        assert re.findall(r"permissions=(\d+)", text) == [str(needed.value)]
        assert "scope=bot+applications.commands" in text


def test_json_lines_shown_are_json() -> None:
    for page in PAGES:
        for line in re.findall(r"echo '(\{.*\})'", page.read_text(encoding="utf-8")):
            assert json.loads(line)["guid"]


def test_nothing_names_a_machine_of_ours() -> None:
    for page in [*PAGES, ROOT / "Dockerfile", ROOT / "docker-compose.yml", ROOT / ".env.example"]:
        assert not re.search(r"/(work|home|root)/\w", page.read_text("utf-8").replace("/home/libretranslate", ""))


def test_licence_is_mit_and_names_its_holders() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence.startswith("MIT License\n\nCopyright (c) 2026 The Diting authors\n")
    assert 'license = "MIT"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_changelog_speaks_of_this_version() -> None:
    from bot import __version__

    assert __version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"ARG VERSION={__version__}" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
