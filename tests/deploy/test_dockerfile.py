"""The Dockerfile keeps its promises: no root, hashed packages, nothing secret inside."""

import re
from pathlib import Path

import pytest

from bot.cli import app
from tests.support import reference


@pytest.fixture
def dockerfile(root: Path) -> str:
    return (root / "Dockerfile").read_text(encoding="utf-8")


@pytest.fixture
def final(dockerfile: str) -> str:
    return re.split(r"^FROM ", dockerfile, flags=re.MULTILINE)[-1]


def test_packages_are_installed_by_hash(dockerfile: str) -> None:
    installs = re.findall(r"pip install[^\\\n]*", dockerfile)
    assert installs
    assert all("--require-hashes --no-deps -r requirements.lock" in install for install in installs)


def test_runs_as_a_fixed_user_who_is_not_root(final: str) -> None:
    assert re.findall(r"^USER (.*)$", final, re.MULTILINE) == ["10001:10001"]


def test_data_stay_where_the_user_may_write(final: str) -> None:
    assert "DATABASE_URL=sqlite:////data/diting.db" in final
    assert 'VOLUME ["/data"]' in final
    assert reference.IN_CONTAINER["database_url"] in final
    assert f"WEB_HOST={reference.IN_CONTAINER['web_host']}" in final


def test_no_variable_of_pip_gets_into_the_image(final: str) -> None:
    assert "PIP_" not in final


def test_names_no_host(dockerfile: str) -> None:
    assert not re.search(r"https?://", dockerfile)


def test_commands_it_runs_exist(dockerfile: str) -> None:
    names = {path for path, _ in reference.cli_leaves()}
    assert app.registered_commands
    assert {"run", "health"} <= names
    assert 'CMD ["run"]' in dockerfile


def test_stops_by_the_signal_that_the_program_handles(final: str) -> None:
    assert "STOPSIGNAL SIGTERM" in final


def test_builder_gets_only_the_lock_and_the_code(root: Path, dockerfile: str) -> None:
    rules = [line for line in (root / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert rules[0] == "*"
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = set(re.findall(r"^COPY (?!--from)(\S+) ", dockerfile, re.MULTILINE))
    assert copied == allowed


def test_packages_lose_their_docstrings_and_diting_keeps_its_own(dockerfile: str) -> None:
    """Typer's help is made of docstrings: who compiles everything with `-o 2` takes it away."""
    compiled = re.findall(r"-m compileall (.*?) (/\S+)", dockerfile)
    assert {path: "-o 2" in flags for flags, path in compiled} == {"/opt/diting/lib": True, "/app/bot": False}
