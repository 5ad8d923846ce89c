"""Argos packages: hostile archives, installing at one stroke, the index, and downloads that break off."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.briefs.translation.archive import unpack
from bot.briefs.translation.download import Download
from bot.briefs.translation.offers import choose, read_offers
from bot.briefs.translation.packages import PackageError, read_installed, read_package, read_pair, read_record
from bot.briefs.translation.store import clear_leftovers, install, remove, sha256_of
from tests.support.package_host import PackageHost, package_host

NOW = datetime(2026, 2, 1, tzinfo=UTC)
METADATA = json.dumps({"from_code": "en", "to_code": "zt", "package_version": "1.9"})
FILES = {"metadata.json": METADATA, "sentencepiece.model": "pieces", "model/model.bin": "weights"}
BYTES = bytes(range(256)) * 4_000


def zipped(path: Path, files: dict[str, str], folder: str = "translate-en_zt-1_9/") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{folder}{name}", text)
    return path


def no_trial(_package: object) -> None:
    """The files of these tests are no models."""


def put(archive: Path, models: Path, pair: tuple[str, str] = ("en", "zt")) -> None:
    install(archive, models, pair=pair, source="test", now=NOW, try_out=no_trial)


# --- archives ---


@pytest.mark.parametrize("folder", ["translate-en_zt-1_9/", ""])
def test_only_what_translating_needs_is_unpacked(tmp_path: Path, folder: str) -> None:
    stanza = {"stanza/resources.json": "{}", "model/shared_vocabulary.txt": "a"}
    unpack(zipped(tmp_path / "a.argosmodel", FILES | stanza, folder), tmp_path / "out")
    kept = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert kept == {*FILES, "model/shared_vocabulary.txt"}
    package = read_package(tmp_path / "out")
    assert (package.name, package.version) == ("en-zt", "1.9")


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "model/../../../evil", "..\\evil", "C:evil"])
def test_a_file_that_would_be_written_elsewhere_refuses_the_archive(tmp_path: Path, name: str) -> None:
    archive = zipped(tmp_path / "a.argosmodel", FILES)
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr(name, "evil")
    with pytest.raises(PackageError, match="do not trust it"):
        unpack(archive, tmp_path / "deep" / "out")
    assert not list(tmp_path.rglob("*evil*"))


def test_a_symbolic_link_refuses_the_archive(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.argosmodel", FILES)
    link = zipfile.ZipInfo("translate-en_zt-1_9/model/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr(link, "/etc/passwd")
    with pytest.raises(PackageError, match="do not trust it"):
        unpack(archive, tmp_path / "out")


def test_a_bomb_refuses_the_archive_before_it_goes_off(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.argosmodel", FILES | {"model/bomb": "0" * 5_000_000})
    assert archive.stat().st_size < 10_000
    with pytest.raises(PackageError, match="more than 1,000,000 bytes"):
        unpack(archive, tmp_path / "out", most_bytes=1_000_000)
    with pytest.raises(PackageError, match="at most 3"):
        unpack(archive, tmp_path / "out", most_files=3)
    assert not (tmp_path / "out").exists()


def test_a_lie_about_sizes_does_not_get_more_bytes_out(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.argosmodel", FILES | {"model/bomb": "0" * 5_000_000})
    true, told = (5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    archive.write_bytes(archive.read_bytes().replace(true, told))
    with pytest.raises(PackageError):
        unpack(archive, tmp_path / "out", most_bytes=1_000_000)
    assert sum(path.stat().st_size for path in (tmp_path / "out").rglob("*") if path.is_file()) < 1_000


@pytest.mark.parametrize("damage", ["crc", "cut", "text", "encrypted", "none"])
def test_a_damaged_archive_says_to_get_it_again(tmp_path: Path, damage: str) -> None:
    archive = tmp_path / "a.argosmodel"
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as opened:
        for name, text in FILES.items():
            opened.writestr(f"x/{name}", text)
    content = stored.getvalue()
    archive.write_bytes(
        {
            "crc": content.replace(b"weights", b"weighty", 1),
            "cut": content[: len(content) // 2],
            "text": b"<html>404</html>",
            "encrypted": content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
            "none": b"",
        }[damage]
    )
    with pytest.raises(PackageError, match="get it again"):
        unpack(archive, tmp_path / "out")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"model/model.bin": "x"}, "metadata.json is missing"),
        (FILES | {"metadata.json": "{"}, "can't be read"),
        (FILES | {"metadata.json": "[]"}, "no JSON object"),
        (FILES | {"metadata.json": '{"type": "sbd"}'}, "a package for sbd"),
        (FILES | {"metadata.json": '{"from_code": "../x", "to_code": "zt"}'}, "names no from_code"),
        ({"metadata.json": METADATA, "bpe.model": "x", "model/model.bin": "x"}, "bpe.model, which is not supported"),
        ({"metadata.json": METADATA, "model/model.bin": "x"}, "sentencepiece.model is missing"),
        ({"metadata.json": METADATA, "sentencepiece.model": "x"}, "model.bin is missing"),
    ],
)
def test_what_is_no_package_or_not_supported_is_said(tmp_path: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(PackageError, match=said):
        put(zipped(tmp_path / "a.argosmodel", files), tmp_path / "models")
    assert read_installed(tmp_path / "models") == ([], [])


# --- installing ---


def test_a_package_is_installed_with_a_record_of_where_it_came_from(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.argosmodel", FILES)
    put(archive, tmp_path / "models")
    ((package,), troubles) = read_installed(tmp_path / "models")
    assert (package.pair, troubles) == (("en", "zt"), [])
    assert read_record(package) == {
        "source": "test",
        "sha256": sha256_of(archive),
        "bytes": archive.stat().st_size,
        "installed": "2026-02-01T00:00:00+00:00",
    }


def test_a_newer_package_takes_the_place_of_the_older(tmp_path: Path) -> None:
    put(zipped(tmp_path / "a.argosmodel", FILES | {"model/old.txt": "x"}), tmp_path / "models")
    newer = FILES | {"metadata.json": METADATA.replace("1.9", "1.10")}
    put(zipped(tmp_path / "b.argosmodel", newer), tmp_path / "models")
    ((package,), _) = read_installed(tmp_path / "models")
    assert package.version == "1.10"
    assert not (package.folder / "model" / "old.txt").exists()
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["en-zt"]


@pytest.mark.parametrize("why", ["trial", "pair"])
def test_what_is_installed_stays_when_its_successor_is_no_good(tmp_path: Path, why: str) -> None:
    put(zipped(tmp_path / "a.argosmodel", FILES), tmp_path / "models")

    def trial(package: object) -> None:
        raise PackageError("can't be loaded")

    newer = zipped(tmp_path / "b.argosmodel", FILES | {"metadata.json": METADATA.replace("1.9", "2.0")})
    pair = ("en", "zt") if why == "trial" else ("zt", "en")
    with pytest.raises(PackageError, match=r"can't be loaded|translates en-zt, not zt-en"):
        install(newer, tmp_path / "models", pair=pair, source="test", now=NOW, try_out=trial)
    ((package,), _) = read_installed(tmp_path / "models")
    assert package.version == "1.9"
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["en-zt"]


def test_what_a_cut_off_installation_left_is_cleared_away_and_never_taken_for_a_package(tmp_path: Path) -> None:
    zipped_files = zipped(tmp_path / "a.argosmodel", FILES)
    unpack(zipped_files, tmp_path / "models" / ".new-x" / "en-zt")
    (tmp_path / "models" / "notes").mkdir()
    packages, troubles = read_installed(tmp_path / "models")
    assert (packages, [str(one) for one in troubles]) == (
        [],
        ["notes: no Argos package (metadata.json is missing)"],
    )
    clear_leftovers(tmp_path / "models")
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["notes"]


def test_removing_takes_the_folder_away(tmp_path: Path) -> None:
    put(zipped(tmp_path / "a.argosmodel", FILES), tmp_path / "models")
    remove(tmp_path / "models", ("en", "zt"))
    assert list((tmp_path / "models").iterdir()) == []
    with pytest.raises(PackageError, match="not installed"):
        remove(tmp_path / "models", ("en", "zt"))


def test_a_folder_that_is_a_file_is_named_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("")
    with pytest.raises(PackageError, match="MODELS_DIR"):
        put(zipped(tmp_path / "a.argosmodel", FILES), tmp_path / "models")


@pytest.mark.parametrize(
    ("written", "pair"), [("en-zt", ("en", "zt")), ("zh_en", ("zh", "en")), (" pb-en", ("pb", "en"))]
)
def test_pairs_are_read_as_people_write_them(written: str, pair: tuple[str, str]) -> None:
    assert read_pair(written) == pair


@pytest.mark.parametrize("written", ["", "en", "en-", "../x-en", "english-chinese", "en zt"])
def test_what_is_no_pair_is_told_what_to_write(written: str) -> None:
    with pytest.raises(PackageError, match="write en-zt"):
        read_pair(written)


# --- the index ---


def test_the_newest_version_of_each_pair_is_offered() -> None:
    entry = {"from_code": "en", "to_code": "zt", "links": ["ipfs://x", "https://a.example/1"]}
    listed = [entry | {"package_version": version} for version in ("1.9", "1.10", "1.2")]
    listed += [{"from_code": "en"}, {"from_code": "en", "to_code": "de", "links": []}, "x", {"type": "sbd"}, None]
    offers = read_offers(json.dumps(listed).encode(), secure=True)
    assert [(one.pair, one.version, one.links) for one in offers.values()] == [
        (("en", "zt"), "1.10", ("https://a.example/1",))
    ]


def test_a_secure_index_leads_to_no_insecure_link() -> None:
    entry = {"from_code": "en", "to_code": "zt", "links": ["http://a.example/1"]}
    assert read_offers(json.dumps([entry]).encode(), secure=True) == {}
    assert read_offers(json.dumps([entry]).encode(), secure=False)


@pytest.mark.parametrize("content", [b"", b"<html>", b"{}", b"[" * 100_000])
def test_what_is_no_index_is_said(content: bytes) -> None:
    with pytest.raises(PackageError, match="MODELS_INDEX"):
        read_offers(content, secure=True)


def test_a_pair_that_is_not_there_is_told_with_what_there_is_for_chinese() -> None:
    entry = {"from_code": "en", "to_code": "zt", "links": ["https://a.example/1"]}
    offers = read_offers(json.dumps([entry]).encode(), secure=True)
    assert choose(offers, ("en", "zt")).links
    with pytest.raises(PackageError, match="for Chinese there is en-zt"):
        choose(offers, ("en", "xx"))


# --- downloads ---


@pytest.fixture
async def host() -> AsyncIterator[PackageHost]:
    async with package_host() as running:
        yield running


@pytest.fixture
def download(session: aiohttp.ClientSession, tmp_path: Path) -> Download:
    return Download(session, tmp_path / "downloads", attempts=3, pause=timedelta())


def quiet(_done: int, _total: int) -> None:
    """Shows nothing."""


async def test_a_file_is_downloaded_with_its_progress(host: PackageHost, download: Download) -> None:
    shown: list[tuple[int, int]] = []
    link = host.offer("a", BYTES)
    path = await download.get([link], "a.argosmodel", lambda done, total: shown.append((done, total)))
    assert path.read_bytes() == BYTES
    assert (shown[0], shown[-1]) == ((0, len(BYTES)), (len(BYTES), len(BYTES)))
    assert [one.name for one in path.parent.iterdir()] == ["a.argosmodel"]


async def test_a_broken_connection_is_taken_up_where_it_broke(host: PackageHost, download: Download) -> None:
    host.breaks = 2
    link = host.offer("a", BYTES)
    path = await download.get([link], "a.argosmodel", quiet)
    assert path.read_bytes() == BYTES
    ranges = [headers.get("Range") for headers in host.requests]
    assert ranges[0] is None
    assert ranges[1] == f"bytes={len(BYTES) // 2}-"
    assert len(ranges) == 3


async def test_what_came_before_all_tries_failed_is_used_by_the_next_run(host: PackageHost, download: Download) -> None:
    link = host.offer("a", BYTES)
    host.mode = "break"
    with pytest.raises(PackageError, match="run the command again"):
        await download.get([link], "a.argosmodel", quiet)
    host.mode = "answer"
    asked = len(host.requests)
    assert (await download.get([link], "a.argosmodel", quiet)).read_bytes() == BYTES
    assert "Range" in host.requests[asked]


@pytest.mark.parametrize("mode", ["no-range", "weak", "odd-range"])
async def test_a_part_that_can_not_be_continued_is_begun_anew(host: PackageHost, download: Download, mode: str) -> None:
    link = host.offer("a", BYTES)
    host.mode, host.breaks = mode, 1
    assert (await download.get([link], "a.argosmodel", quiet)).read_bytes() == BYTES


async def test_a_file_that_changed_meanwhile_is_not_put_together_of_two(host: PackageHost, download: Download) -> None:
    link = host.offer("a", BYTES)
    host.mode = "break"
    with pytest.raises(PackageError):
        await download.get([link], "a.argosmodel", quiet)
    host.mode, host.files["a"] = "answer", BYTES[::-1]
    assert (await download.get([link], "a.argosmodel", quiet)).read_bytes() == BYTES[::-1]


async def test_a_shorter_file_than_its_part_is_begun_anew(
    host: PackageHost, download: Download, tmp_path: Path
) -> None:
    link = host.offer("a", BYTES)
    host.mode = "break"
    with pytest.raises(PackageError):
        await download.get([link], "a.argosmodel", quiet)
    (tmp_path / "downloads" / "a.argosmodel.part").write_bytes(BYTES * 2)
    host.mode = "answer"
    assert (await download.get([link], "a.argosmodel", quiet)).read_bytes() == BYTES


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (403, 1), (500, 3), (503, 3)])
async def test_only_what_may_pass_is_tried_again(
    host: PackageHost, download: Download, status: int, tries: int
) -> None:
    host.mode = status
    with pytest.raises(PackageError, match=f"HTTP {status}"):
        await download.get([host.offer("a", BYTES)], "a.argosmodel", quiet)
    assert len(host.requests) == tries


async def test_the_next_link_is_used_where_one_is_dead(host: PackageHost, download: Download) -> None:
    link = host.offer("a", BYTES)
    path = await download.get([f"{host.url}/v1/gone", link], "a.argosmodel", quiet)
    assert path.read_bytes() == BYTES


async def test_a_file_that_is_too_large_is_not_taken(
    host: PackageHost, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    small = Download(session, tmp_path, attempts=1, pause=timedelta(), most=1_000)
    with pytest.raises(PackageError, match="larger than 1,000 bytes"):
        await small.get([host.offer("a", BYTES)], "a.argosmodel", quiet)


async def test_nobody_there_is_said_with_what_else_can_be_done(download: Download) -> None:
    with pytest.raises(PackageError, match=r"ClientConnector.*--from"):
        await download.get(["http://127.0.0.1:9/a"], "a.argosmodel", quiet)
