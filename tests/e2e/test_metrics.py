"""What an admin's Prometheus reads from the running bot, after an item went from its feed to a chat."""

from __future__ import annotations

import socket

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from bot import __version__
from tests.support.sides import open_sides

PERSON = 7


async def read(port: int) -> dict[str, dict[tuple[str, ...], float]]:
    """The values on the page by the name of their series, and then by those of their labels (sorted by name)."""
    async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}/metrics") as response:
        assert response.status == 200
        page = await response.text()
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            labels = tuple(value for _, value in sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


async def test_from_the_feed_to_the_chat_everything_is_counted_and_timed(
    api, feed, make_settings, run_core, run_program
):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = make_settings(telegram_token=api.token, telegram_api_url=api.url, web_port=port)
    async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
        api.say(PERSON, f"/subscribe {feed.url}")
        await api.until(lambda: api.sent_to(PERSON))
        api.say(PERSON, "/keyword add talks")
        polls = feed.not_modified
        await api.until(lambda: feed.not_modified > polls)
        feed.add("talks", "Envoys meet for talks", "The third round begins on 1 March.")
        await api.until(lambda: any("Envoys meet" in text for text in api.sent_to(PERSON)))
        there = await read(port)
        while not there["diting_deliveries_total"]["sent", "telegram"]:  # it is recorded after it was sent
            there = await read(port)
    assert there["diting_polls_total"][("new",)] >= 1
    assert there["diting_polls_total"][("same",)] >= 1
    assert there["diting_items_total"][()] >= 1
    assert there["diting_alerts_total"][("due",)] == 1
    assert there["diting_deliveries_total"]["sent", "telegram"] == 1
    assert there["diting_match_seconds_count"][()] >= 1
    assert sum(there["diting_brief_seconds_count"].values()) == 1
    assert there["diting_item_delay_seconds_count"][()] == 1
    assert there["diting_alert_delay_seconds_count"][("telegram",)] == 1
    assert 0 < there["diting_alert_delay_seconds_sum"][("telegram",)] < 60
    assert there["diting_chats"]["telegram", "active"] == 1
    assert there["diting_feeds"] == {("well",): 1, ("troubled",): 0}
    assert there["diting_keywords"][()] == 1
    assert set(there["diting_ready"].values()) == {1}
    assert {("database",), ("poll",), ("telegram",)} <= there["diting_ready"].keys()
    assert there["diting_info"] == {(__version__,): 1}
    assert there["process_resident_memory_bytes"][()] > 1e7
