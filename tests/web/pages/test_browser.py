"""The admin pages in a real browser: every page, light and dark, on a telephone and on a desk."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import product

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import async_playwright, expect

from bot.model import ChatId
from bot.web.pages import desk
from docs.shots.make import chromium
from tests.support.house import ADMIN, VIEWER
from tests.web.pages.test_pages import PAGES


def _browser() -> str:
    try:
        return chromium()
    except FileNotFoundError:
        return ""


pytestmark = pytest.mark.skipif(not _browser(), reason="no Chromium here")


@asynccontextmanager
async def opened(house, **options):
    """A page of a browser of its own, and what it complained of."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_browser(), args=["--no-sandbox"])
        context = await browser.new_context(base_url=house.url, **options)
        page = await context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        try:
            yield page, complaints
        finally:
            await browser.close()


async def log_in(page, token: str) -> None:
    await page.goto("/admin/")
    await page.get_by_label("Token").fill(token)
    await page.locator("main button").click()
    await page.wait_for_url("**/admin/")


async def faults(page) -> list[tuple[str, str]]:
    """What axe-core finds that is serious, and whether the page is wider than the window."""
    found = (await Axe().run(page)).response["violations"]
    bad = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}]
    wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*bad, *([("wider than the window", f"{wide} px")] if wide > 0 else [])]


async def test_every_page_is_sound_in_the_light_and_in_the_dark_on_a_telephone_and_on_a_desk(house):
    async with opened(house) as (page, complaints):
        await page.goto("/admin/login")
        assert await _faults_of_all_looks(page) == {}
        await log_in(page, ADMIN)
        for path in PAGES:
            answer = await page.goto(path)
            assert answer.status == 200, path
            assert await _faults_of_all_looks(page) == {}, path
        assert complaints == []
        await page.goto("/admin/nothing")
        assert await _faults_of_all_looks(page) == {}


async def _faults_of_all_looks(page) -> dict[tuple[str, int], list]:
    found = {}
    for scheme, width in product(("light", "dark"), (390, 1440)):
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size({"width": width, "height": 900})
        found[scheme, width] = await faults(page)
    return {look: bad for look, bad in found.items() if bad}


async def test_an_admin_walks_through(house):
    async with opened(house) as (page, complaints):
        await log_in(page, ADMIN)
        await page.get_by_role("link", name="Feeds", exact=True).click()
        await page.get_by_label("Which").select_option("troubled")  # a script sends the form at once
        await page.wait_for_url("**/admin/feeds?search=&only=troubled")
        await page.get_by_role("link", name="Evening Post").click()
        await page.get_by_role("button", name="Pause").click()
        assert await page.get_by_role("status").inner_text() == "Paused."
        await page.get_by_role("button", name="Go on").click()
        assert await page.get_by_role("status").inner_text() == "Goes on."
        await page.get_by_role("button", name="繁體中文").click()
        assert await page.locator("html").get_attribute("lang") == "zh-Hant"
        await page.get_by_role("button", name="登出").click()
        await page.wait_for_url("**/admin/login?done=out")
        await page.goto("/admin/chats")
        assert "/admin/login" in page.url
        assert complaints == []


async def test_it_all_works_without_scripts(house):
    async with opened(house, java_script_enabled=False) as (page, _):
        await log_in(page, ADMIN)
        await page.goto("/admin/deliveries")
        await page.get_by_label("Which").select_option("failed")
        await page.get_by_role("button", name="Show").click()
        await page.get_by_role("button", name="Send again").first.click()
        assert await page.get_by_role("status").inner_text() in {"It goes out again.", "There was nothing to change."}
        await page.goto(f"/admin/chats/{house.rows.chat}")
        await page.get_by_text("Serve no more").first.click()
        await page.get_by_role("button", name="Serve no more").click()
        assert "not let in" in await page.locator("main").inner_text()


async def test_the_first_page_keeps_up_by_itself(house, monkeypatch):
    monkeypatch.setattr(desk, "FRESH", timedelta())
    async with opened(house) as (page, complaints):
        await page.clock.install()
        await log_in(page, VIEWER)
        tile = page.locator(".tiles div").filter(has_text="Chats").locator("dd").first
        assert await tile.inner_text() == "3"
        await house.core.storage.chats.set_paused(ChatId(house.rows.chat), paused=True)
        await page.clock.run_for(11_000)
        await expect(tile).to_have_text("2")
        assert complaints == []
