"""`models list`, `models install` and `models remove` at the command line, and a brief by what was installed."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from rich.console import Console

from bot.app.models import as_line, progress_bar, progress_lines
from bot.briefs.translation.store import sha256_of
from tests.support.argos_package import argos_package
from tests.support.argos_words import TEXT, TEXT_ZH, TITLE, TITLE_ZH, WORDS
from tests.support.deepl_server import deepl_server
from tests.support.libretranslate_server import libretranslate_server
from tests.support.package_host import PackageHost, package_host


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return argos_package(tmp_path_factory.mktemp("packages") / "translate-en_zt-1_9.argosmodel", WORDS)


@pytest.fixture
async def host(archive: Path, monkeypatch) -> AsyncIterator[PackageHost]:
    async with package_host() as running:
        running.offer(archive.name, archive.read_bytes())
        monkeypatch.setenv("MODELS_INDEX", f"{running.url}/index.json")
        yield running


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("MODELS_DIR", str(tmp_path / "models"))
    return tmp_path / "models"


async def test_a_model_is_downloaded_installed_listed_and_removed(cli_beside, host, models, archive):
    (installed,) = (await cli_beside("models", "install", "en-zt")).reports
    assert (installed["pair"], installed["version"], installed["state"]) == ("en-zt", "1.9", "installed")
    assert installed["sha256"] == sha256_of(archive)
    assert installed["source"].startswith(host.url)
    assert (installed["checked"], installed["changed"]) == (False, False)
    assert not list((models / ".downloads").iterdir())

    (listed,) = (await cli_beside("models", "list")).reports
    assert (listed["pair"], listed["sha256"]) == ("en-zt", installed["sha256"])
    assert (await cli_beside("models", "remove", "en_zt")).reports == [{"pair": "en-zt", "state": "removed"}]
    assert (await cli_beside("models", "list")).reports == []


async def test_a_download_that_breaks_off_goes_on_and_tells_how_far_it_is(cli_beside, host):
    host.breaks = 1
    ran = await cli_beside("models", "install", "en-zt")
    assert ran.code == 0
    assert len(host.requests) == 2
    assert host.requests[1]["Range"].startswith("bytes=")
    assert "en-zt: 0.0 of 0.0 MB" in ran.err


async def test_what_is_available_is_listed_beside_what_is_installed(cli_beside, host, archive):
    host.offer("other", b"", pair=("zt", "en"))
    await cli_beside("models", "install", "en-zt", "--from", str(archive))
    listed = (await cli_beside("models", "list", "--available")).reports
    assert [(one["pair"], one["state"]) for one in listed] == [("en-zt", "installed"), ("zt-en", "available")]


def test_a_model_is_installed_from_a_file_without_any_network(cli, archive):
    ran = cli("models", "install", "en-zt", "--from", str(archive), "--sha256", sha256_of(archive).upper(), "--text")
    assert ran.out == f"en-zt 1.9: installed, 1 MB, SHA-256 {sha256_of(archive)}\n"
    (again,) = cli("models", "install", "en-zt", "--from", str(archive)).reports
    assert (again["checked"], again["changed"]) == (False, False)


def test_another_file_of_the_same_version_is_noticed(cli, archive, tmp_path):
    cli("models", "install", "en-zt", "--from", str(archive))
    other = argos_package(tmp_path / "other.argosmodel", WORDS | {"more": "更多"})
    (report,) = cli("models", "install", "en-zt", "--from", str(other)).reports
    assert report["changed"] is True
    assert "ask why" in as_line(report)


async def test_a_wrong_checksum_installs_nothing_and_keeps_no_file(cli_beside, host, models, archive):
    ran = await cli_beside("models", "install", "en-zt", "--sha256", "0" * 64)
    assert ran.code == 1
    assert f"its SHA-256 is {sha256_of(archive)}, not 000" in ran.err
    assert not (models / "en-zt").exists()
    assert not list((models / ".downloads").iterdir())


async def test_what_was_installed_before_another_failed_is_told(cli_beside, host):
    host.offer("gone", b"", pair=("zt", "en"))
    ran = await cli_beside("models", "install", "en-zt", "zt-en")
    assert ran.code == 1
    assert [report["pair"] for report in ran.reports] == ["en-zt"]
    assert "get it again" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["install", "en-xx"], "en-xx: not in the index; for Chinese there is en-zt"),
        (["install", "english"], "english: no pair of languages; write en-zt"),
        (["remove", "en-zt"], "en-zt: not installed in"),
    ],
)
async def test_what_can_not_be_done_is_said_with_what_can(cli_beside, host, arguments, said):
    ran = await cli_beside("models", *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err


@pytest.mark.parametrize("trouble", ["index", "status", "file", "archive"])
async def test_trouble_of_the_host_is_said_in_one_line(cli_beside, host, archive, trouble):
    if trouble == "index":
        host.index = "<html>"
    elif trouble == "status":
        host.files.clear()
    elif trouble == "file":
        host.mode = 403
    else:
        host.files[archive.name] = b"<html>moved</html>"
    ran = await cli_beside("models", "install", "en-zt")
    assert ran.code == 1
    told = {"index": "check MODELS_INDEX", "status": "HTTP 404", "file": "HTTP 403", "archive": "get it again"}
    assert told[trouble] in ran.err
    assert "Traceback" not in ran.err


def test_an_index_out_of_reach_says_how_to_do_without(cli, monkeypatch):
    monkeypatch.setenv("MODELS_INDEX", "http://127.0.0.1:9/index.json")
    ran = cli("models", "install", "en-zt")
    assert ran.code == 1
    assert "models install en-zt --from FILE" in ran.err


async def test_a_hostile_index_neither_writes_elsewhere_nor_steers_a_terminal(cli_beside, host, archive, tmp_path):
    host.offer("evil", archive.read_bytes(), version="2.0/../../../../evil\x1b[31m")
    (report,) = (await cli_beside("models", "install", "en-zt")).reports
    assert report["state"] == "installed"
    assert not list(tmp_path.parent.rglob("*evil*"))
    host.index[-1]["links"] = [f"{host.url}/v1/\x1b[31m"]
    ran = await cli_beside("models", "install", "en-zt")
    assert "could not be downloaded" in ran.err
    assert "\x1b" not in ran.err


def test_without_models_people_are_told_how_to_get_one(cli):
    assert cli("models", "list", "--text").out == "none; `python -m bot models install en-zt` gets one\n"


def test_one_file_is_for_one_pair(cli, archive):
    assert cli("models", "install", "en-zt", "zt-en", "--from", str(archive)).code == 2


def test_a_folder_that_can_not_be_read_is_told_as_broken(cli, models):
    (models / "en-zt").mkdir(parents=True)
    (report,) = cli("models", "list").reports
    assert report["state"] == "broken"
    assert "broken: en-zt: no Argos package" in cli("models", "list", "--text").out


def test_progress_is_a_bar_on_a_terminal_and_a_line_a_tenth_elsewhere():
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with progress_bar(console) as show:
        show("en-zt", 40, 0)
        show("en-zt", 50, 100)
    assert "en-zt" in console.file.getvalue()
    lines: list[str] = []
    with progress_lines(lines.append) as show:
        for done in range(0, 100_000_001, 1_000_000):
            show("en-zt", done, 100_000_000)
    assert len(lines) == 11
    assert lines[5] == "en-zt: 50.0 of 100.0 MB\n"


# --- briefs ---


async def brief(cli_beside: Callable) -> dict:
    (made,) = (await cli_beside("brief", "-", "--title", TITLE, stdin=TEXT.encode())).reports
    assert made.pop("milliseconds") > 0
    return made


async def test_a_brief_is_made_by_an_installed_model(cli_beside, archive):
    before = await brief(cli_beside)
    assert (before["made_by"], before["untranslated"]) == ("extract", True)
    await cli_beside("models", "install", "en-zt", "--from", str(archive))
    assert await brief(cli_beside) == {
        "title_zh": TITLE_ZH,
        "title_en": TITLE,
        "summary_zh": TEXT_ZH,
        "summary_en": TEXT,
        "made_by": "translation",
        "untranslated": False,
    }


async def test_deepl_comes_before_libretranslate_and_that_before_a_model(cli_beside, monkeypatch, archive):
    await cli_beside("models", "install", "en-zt", "--from", str(archive))
    async with deepl_server() as deepl, libretranslate_server() as libre:
        deepl.mode, libre.mode = 456, 500
        monkeypatch.setenv("DEEPL_KEY", deepl.key)
        monkeypatch.setenv("DEEPL_URL", deepl.url)
        monkeypatch.setenv("LIBRETRANSLATE_URL", libre.url)
        ran = await cli_beside("brief", "-", "--title", TITLE, stdin=TEXT.encode())
        assert len(deepl.requests) == len(libre.requests) == 1
    assert json.loads(ran.out)["made_by"] == "translation"
    assert json.loads(ran.out)["title_zh"] == TITLE_ZH
    assert deepl.key not in ran.err
