"""Takes the pictures of the walk-through: `make docs-shots`. It needs Chromium, as Debian has it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from simcord.env import Env

from bot.app.platforms import posts_for
from docs.shots import admin, page, scenes
from tests.commands.stage import Stage, open_stage
from tests.support.bot_api import FakeBotApi
from tests.support.driving_discord import DiscordDriver
from tests.support.driving_telegram import TelegramDriver
from tests.support.offline_discord import discord_bot

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome")
_MANY = 2  # telephones
MOST_BYTES = 150_000
USUAL = {"max_feeds": 100, "max_keywords": 200}  # as everybody has them
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-extensions",
    "--hide-scrollbars",
)
Platform = Callable[[Path], AbstractAsyncContextManager[tuple[Stage, Any]]]
_SIZE = re.compile(r"<title>(\d+)x(\d+)</title>")


def chromium() -> str:
    """Where Chromium is. Raises FileNotFoundError."""
    found = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), "")
    if not found:
        raise FileNotFoundError("Chromium is needed for the pictures: apt install chromium, or CHROMIUM=/path/to/it")
    return found


@asynccontextmanager
async def on_telegram(folder: Path) -> AsyncIterator[tuple[Stage, TelegramDriver]]:
    """The bot on a Bot API server on loopback."""
    async with (
        FakeBotApi() as api,
        open_stage(folder, telegram_token=api.token, telegram_api_url=api.url, **USUAL) as stage,
    ):
        [post] = posts_for(stage.core)
        async with post.open() as side:
            answering = asyncio.create_task(side.run())
            yield stage, TelegramDriver(api, side)
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)


@asynccontextmanager
async def on_discord(folder: Path) -> AsyncIterator[tuple[Stage, DiscordDriver]]:
    """The bot on a Discord without a network."""
    async with open_stage(folder, **USUAL) as stage:
        bot = discord_bot(stage.core)
        env = Env(bot.client)
        await env.start()
        try:
            yield stage, DiscordDriver(env, bot)
        finally:
            await env.shutdown()


async def pages(names: Iterable[str] = scenes.NAMES) -> dict[str, str]:
    """The pictures as pages, by name."""
    return {name: await _page(name) for name in names}


async def _page(name: str) -> str:
    if name in scenes.BOTH:
        telephone, channel = scenes.BOTH[name]
        return page.both_page(await _played(on_telegram, telephone), await _played(on_discord, channel))
    if name in scenes.DISCORD:
        return page.discord_page(await _played(on_discord, scenes.DISCORD[name]))
    return page.telegram_page(await _played(on_telegram, scenes.TELEGRAM[name]))


async def _played(platform: Platform, scene: scenes.Scene) -> Sequence[page.Screen]:
    """A scene on a bot of its own, where nobody was before."""
    with tempfile.TemporaryDirectory() as folder:
        async with platform(Path(folder)) as (stage, driver):
            return await scene(stage, driver)


def take(browser: str, html: str, picture: Path) -> None:
    """A picture of a page, as large as what is on it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(html, encoding="utf-8")
        # What is wide is looked at from further away.
        scale = "1.5" if html.count("<section>") > _MANY else "2"
        wide = (browser, *_QUIET, f"--force-device-scale-factor={scale}", f"--user-data-dir={folder}/profile")
        dom = _run(*wide, "--window-size=2000,3000", "--dump-dom", source.as_uri())
        width, height = _SIZE.search(dom).groups() if _SIZE.search(dom) else ("1200", "900")
        _run(*wide, f"--window-size={width},{height}", f"--screenshot={picture}", source.as_uri())


def shrink(picture: Path) -> None:
    """Fewer colours, which nobody misses, where Pillow is there (the charts bring it)."""
    try:
        from PIL import Image
    except ImportError:
        return
    with Image.open(picture) as taken:
        taken.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(picture, optimize=True)


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def main() -> int:
    """Take them all."""
    try:
        browser = chromium()
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    made = asyncio.run(pages())
    for name, html in made.items():
        picture = HERE / f"{name}.png"
        take(browser, html, picture)
        _finish(picture)
    for picture in asyncio.run(admin.take_all(browser, HERE)):
        _finish(picture)
    return 0


def _finish(picture: Path) -> None:
    shrink(picture)
    size = picture.stat().st_size
    print(f"{picture.stem}: {size // 1000} kB{' - too large' if size > MOST_BYTES else ''}")


if __name__ == "__main__":
    raise SystemExit(main())
