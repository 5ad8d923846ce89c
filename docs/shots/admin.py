"""Pictures of the admin pages, as a browser shows them over a day of news."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import async_playwright

from bot.app.clock import utc_now
from bot.storage import open_storage
from tests.support.furnished import furnish
from tests.support.house import ADMIN, House, open_house, settings_for


@dataclass(frozen=True, slots=True)
class View:
    """A page, and how it is looked at."""

    path: str
    width: int = 1280
    height: int = 900
    scheme: str = "light"
    language: str = "en"


VIEWS: Mapping[str, View] = {
    "admin-overview": View("/admin/", height=1060),
    "admin-feed": View("/admin/feeds/1", height=860),
    "admin-deliveries": View("/admin/deliveries?only=failed", height=560, scheme="dark"),
    "admin-phone-zh": View("/admin/", width=390, height=844, scheme="dark", language="zh-Hant"),
}


async def take_all(browser: str, folder: Path) -> list[Path]:
    """Take the pictures; answers where they are."""
    with tempfile.TemporaryDirectory() as place:
        settings = settings_for(place)
        async with open_storage(settings.database_url) as storage:
            await storage.upgrade()
            rows = await furnish(storage, utc_now(), hostile=False)
        async with open_house(settings, rows) as house:
            return [await _taken(house, browser, view, folder / f"{name}.png") for name, view in VIEWS.items()]


async def _taken(house: House, browser: str, view: View, picture: Path) -> Path:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = await opened.new_page(
            base_url=house.url,
            color_scheme=view.scheme,
            locale=view.language,
            viewport={"width": view.width, "height": view.height},
            device_scale_factor=2 if view.width < 600 else 1,
        )
        await page.goto("/admin/")
        await page.locator("#token").fill(ADMIN)
        await page.locator("main button").click()
        await page.wait_for_url("**/admin/")
        await page.goto(view.path)
        await page.screenshot(path=picture)
        await opened.close()
    return picture
