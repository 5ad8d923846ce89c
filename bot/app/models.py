"""`models list`, `models install` and `models remove`: Argos packages for translating in this process."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from bot.app.clock import utc_now
from bot.app.fetching import user_agent_for
from bot.briefs.translation.argos import try_out
from bot.briefs.translation.codes import Pair
from bot.briefs.translation.download import Download
from bot.briefs.translation.offers import MOST_INDEX, Offer, choose, read_offers
from bot.briefs.translation.packages import (
    Package,
    PackageError,
    pair_name,
    read_installed,
    read_pair,
    read_record,
)
from bot.briefs.translation.store import clear_leftovers, folder_size, install, remove, sha256_of
from bot.settings import Settings

Report = dict[str, Any]
Show = Callable[[str, int, int], None]
"""Shows progress: what is downloaded, the bytes that are there, and those there will be (0: unknown)."""

_DOWNLOADS = ".downloads"
_UNSAFE = re.compile(r"[^\w.-]")
_LONGEST_NAME = 100
_TENTHS = 10
_MEGABYTE = 1_000_000


async def list_models(settings: Settings, *, available: bool) -> list[Report]:
    """What is installed, what can't be used of it, and with `available` what the index has. Raises PackageError."""
    packages, troubles = read_installed(settings.models_dir)
    reports = [_as_report(package, "installed") for package in packages]
    reports += [{"pair": "", "version": "", "state": "broken", "detail": str(trouble)} for trouble in troubles]
    if available:
        there = {package.pair for package in packages}
        async with _session(settings) as session:
            offers = await _offers(session, settings.models_index)
        new = (offers[pair] for pair in sorted(offers) if pair not in there)
        reports += [{"pair": pair_name(one.pair), "version": one.version, "state": "available"} for one in new]
    return reports


async def install_models(names: Sequence[str], settings: Settings, *, sha256: str, show: Show) -> AsyncIterator[Report]:
    """Download and install packages, `en-zt` and the like. `sha256`: what the one file must have, where it is known.

    Raises PackageError.
    """
    pairs = [read_pair(name) for name in names]
    clear_leftovers(settings.models_dir)
    async with _session(settings) as session:
        offers = await _offers(session, settings.models_index)
        for offer in [choose(offers, pair) for pair in pairs]:
            yield await _install_offer(session, offer, settings, sha256=sha256 or offer.sha256, show=show)


async def _install_offer(
    session: aiohttp.ClientSession, offer: Offer, settings: Settings, *, sha256: str, show: Show
) -> Report:
    name = pair_name(offer.pair)
    download = Download(session, settings.models_dir / _DOWNLOADS)
    file = _UNSAFE.sub("_", f"translate-{name}-{offer.version}")[:_LONGEST_NAME] + ".argosmodel"
    archive = await download.get(offer.links, file, lambda done, total: show(name, done, total))
    try:
        return _install(archive, offer.pair, settings, source=offer.links[0], sha256=sha256)
    finally:
        archive.unlink(missing_ok=True)  # installed, or no good


def install_file(name: str, file: Path, settings: Settings, *, sha256: str) -> Report:
    """Install a package from a file. Raises PackageError."""
    clear_leftovers(settings.models_dir)
    return _install(file, read_pair(name), settings, source=file.name, sha256=sha256)


def _install(archive: Path, pair: Pair, settings: Settings, *, source: str, sha256: str) -> Report:
    found = sha256_of(archive)
    if sha256 and found != sha256.strip().lower():
        raise PackageError(f"{archive.name}: its SHA-256 is {found}, not {sha256}; nothing was installed")
    before = _recorded(pair, settings)
    package = install(archive, settings.models_dir, pair=pair, source=source, now=utc_now(), try_out=try_out)
    # A version never changes upstream; when its file does, somebody should ask why.
    changed = before[0] == package.version and before[1] not in ("", found)
    return _as_report(package, "installed") | {"checked": bool(sha256), "changed": changed}


def _recorded(pair: Pair, settings: Settings) -> tuple[str, str]:
    """The version and the SHA-256 of what is installed of a pair, empty when nothing is."""
    packages, _ = read_installed(settings.models_dir)
    found = next((package for package in packages if package.pair == pair), None)
    return (found.version, str(read_record(found).get("sha256", ""))) if found else ("", "")


def remove_models(names: Sequence[str], settings: Settings) -> Iterator[Report]:
    """Remove installed packages. Raises PackageError."""
    for pair in [read_pair(name) for name in names]:
        remove(settings.models_dir, pair)
        yield {"pair": pair_name(pair), "state": "removed"}


def _as_report(package: Package, state: str) -> Report:
    record = read_record(package)
    return {
        "pair": package.name,
        "version": package.version,
        "state": state,
        "bytes": folder_size(package.folder),
        "sha256": record.get("sha256", ""),
        "source": record.get("source", ""),
    }


def as_line(report: Report) -> str:
    """A report as a line for people."""
    if detail := report.get("detail"):
        return f"broken: {detail}"
    size = f", {report['bytes'] / _MEGABYTE:,.0f} MB" if "bytes" in report else ""
    version = f" {report['version']}" if report.get("version") else ""
    checksum = f", SHA-256 {report['sha256']}" if report.get("sha256") else ""
    other = " (of this version another file was installed before: ask why)" if report.get("changed") else ""
    return f"{report['pair']}{version}: {report['state']}{size}{checksum}{other}"


def _session(settings: Settings) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers={"User-Agent": user_agent_for(settings)})


async def _offers(session: aiohttp.ClientSession, url: str) -> dict[Pair, Offer]:
    secure = url.startswith("https:")
    try:
        async with session.get(url, timeout=aiohttp.ClientTimeout(total=30)) as response:
            response.raise_for_status()
            if secure and response.url.scheme != "https":
                raise PackageError("the index of packages leads to an address without encryption")
            content = await _bounded(response)
    except (aiohttp.ClientError, TimeoutError) as error:
        why = f"HTTP {error.status}" if isinstance(error, aiohttp.ClientResponseError) else type(error).__name__
        raise PackageError(
            f"{url} gives no list of packages ({why}): check the network and MODELS_INDEX, or install from a file"
            " that you have: `models install en-zt --from FILE`"
        ) from None
    return read_offers(content, secure=secure)


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > MOST_INDEX:
            break  # what is cut off can't be read, which is then told
    return bytes(content)


@contextmanager
def progress_bar(console: Console) -> Iterator[Show]:
    """A bar for each download."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        tasks: dict[str, Any] = {}

        def show(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=None)
            progress.update(tasks[name], completed=done, total=total or None)

        yield show


@contextmanager
def progress_lines(write: Callable[[str], object]) -> Iterator[Show]:
    """A line for each tenth of a download, where there is no terminal to draw on."""
    told: dict[str, int] = {}

    def show(name: str, done: int, total: int) -> None:
        tenth = done * _TENTHS // total if total else 0
        if tenth != told.get(name):
            told[name] = tenth
            write(f"{name}: {done / _MEGABYTE:,.1f} of {total / _MEGABYTE:,.1f} MB\n")

    yield show
