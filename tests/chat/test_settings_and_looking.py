"""Settings, pause, the newest alerts, the figures, and completions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.zones import near_zones
from bot.model import Alert, ChatState, ChatStatus, ItemId, Language, Locale, Reports, Script
from tests.support.fakes import ADDRESS, NOW, actions, plain, request
from tests.support.news import alert


def chosen(desk):
    return desk.chats.by_address[ADDRESS].settings


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("language zh-hant", "locale", Locale.ZH_HANT),
        ("language zh-Hans", "locale", Locale.ZH_HANS),
        ("language auto", "locale", None),
        ("languages en,zh", "languages", (Language.EN, Language.ZH)),
        ("languages zh， en", "languages", (Language.ZH, Language.EN)),
        ("languages en", "languages", (Language.EN,)),
        ("script HK", "script", Script.HK),
        ("script tw", "script", Script.TW),
        ("script cn", "script", Script.CN),
        ("script hant", "script", Script.HANT),
        ("script HANS", "script", Script.CN),  # from before there were regions
        ("script 台灣", "script", Script.TW),
        ("script 简体", "script", Script.CN),
        ("script source", "script", Script.SOURCE),
        ("script auto", "script", None),
        ("reports each", "reports", Reports.EACH),
        ("reports FOLD", "reports", Reports.FOLD),
        ("timezone Asia/Hong_Kong", "timezone", "Asia/Hong_Kong"),
        ("timezone asia/hong kong", "timezone", "Asia/Hong_Kong"),
        ("timezone Tokyo", "timezone", "Asia/Tokyo"),
        ("timezone utc", "timezone", "UTC"),
        ("timezone 香港", "timezone", "Asia/Hong_Kong"),
        ("timezone 紐約", "timezone", "America/New_York"),
        ("timezone 北京", "timezone", "Asia/Shanghai"),
    ],
)
async def test_a_setting_is_kept(desk, line: str, field: str, value: object) -> None:
    reply = await desk.say(f"/settings {line}")
    assert getattr(chosen(desk), field) == value
    assert len(reply.blocks) > 5


async def test_a_changed_language_answers_in_that_language(desk) -> None:
    assert "已儲存" in plain(await desk.say("/settings language zh-Hant"))


async def test_the_clock_of_a_new_time_zone_is_shown(desk) -> None:
    assert "It is 20:00 there now" in plain(await desk.say("/settings timezone Asia/Hong_Kong"))


@pytest.mark.parametrize("name", ["language", "languages", "script", "reports", "pause"])
@pytest.mark.parametrize("value", ["", "klingon"])
async def test_a_wrong_value_names_the_right_ones(desk, name: str, value: str) -> None:
    before = (await desk.say("/help"), chosen(desk))[1]
    reply = await desk.say(f"/settings {name} {value}")
    *offered, back = actions(reply)
    assert all(action.startswith(f"/settings {name} ") for action in offered)
    assert len(offered) >= 2
    assert back == "/settings"
    assert plain(reply).count("✓") == 1
    assert chosen(desk) == before


async def test_a_misspelled_time_zone_brings_near_ones(desk) -> None:
    reply = await desk.say("/settings timezone Hong_Kng")
    assert "/settings timezone Asia/Hong_Kong" in actions(reply)
    assert chosen(desk).timezone == "UTC"
    bare = await desk.say("/settings timezone")
    assert "Type a place" in plain(bare)
    assert "/settings timezone Asia/Taipei" in actions(bare)


async def test_every_button_of_the_settings_leads_to_choices_whose_labels_have_room(desk) -> None:
    shown = await desk.say("/settings")
    assert max(len(row) for row in shown.buttons) == 2
    for action in actions(shown):
        reply = await desk.say(action)
        assert reply.buttons
        assert max(len(row) for row in reply.buttons) <= 2
        assert len(reply.buttons) <= 5


async def test_a_feed_of_everything_needs_no_keyword(desk) -> None:
    await desk.say("/subscribe daily-globe everything")
    desk.history.figures = ChatStatus(feeds=1, failing=0, keywords=0, items_day=1, sent_day=1, waiting=0)
    assert "All is well" in plain(await desk.say("/status"))
    assert "add a keyword" not in plain(await desk.say("/latest"))


async def test_an_unknown_setting_names_those_there_are(desk) -> None:
    reply = plain(await desk.say("/settings colour blue"))
    assert "no setting called colour blue" in reply
    assert "/settings timezone" in reply


async def test_the_settings_are_shown_as_they_are(desk) -> None:
    await desk.say("/settings languages en")
    await desk.say("/pause")
    text = plain(await desk.say("/settings"))
    assert "Alerts in: English only" in text
    assert "Alerts: paused" in text
    assert "Other sources of a story: named in the alert" in text
    assert "Time zone: UTC" in text


@pytest.mark.parametrize(
    ("stop", "go"),
    [("/pause", "/resume"), ("/settings pause on", "/settings pause off"), ("/pause", "/settings pause 關")],
)
async def test_alerts_are_paused_and_started_again(desk, stop: str, go: str) -> None:
    reply = await desk.say(stop)
    assert desk.chats.by_address[ADDRESS].state is ChatState.PAUSED
    assert actions(reply) == ["/resume"]
    assert "/resume" in actions(await desk.say("/settings"))
    reply = await desk.say(go)
    assert desk.chats.by_address[ADDRESS].state is ChatState.ACTIVE
    assert actions(reply) == ["/pause"]


async def test_the_newest_alerts_are_listed(desk) -> None:
    desk.history.alerts = [alert()] * 12
    reply = await desk.say("/latest")
    assert plain(reply).count("三方會談在阿布扎比舉行 · Daily Globe · 5 minutes ago") == 5
    assert reply.blocks[1].spans[0].url == "https://globe.example/news/1"
    assert len((await desk.say("/latest 99")).blocks) == 11
    assert len((await desk.say("/latest 0")).blocks) == 6


async def test_earlier_alerts_are_paged_in_place_and_new_ones_move_nothing(desk) -> None:
    def numbered(number: int) -> Alert:
        return replace(alert(), item=replace(alert().item, id=ItemId(number)))

    desk.history.alerts = [numbered(number) for number in range(12, 0, -1)]
    first = await desk.say("/latest")
    assert actions(first) == ["/latest 5 ~8"]
    desk.history.alerts.insert(0, numbered(13))
    second = await desk.say("/latest 5 ~8")
    assert second.blocks[0].spans[0].text == "Earlier alerts"
    assert actions(second) == ["/latest 5 +7", "/latest 5 ~3"]
    assert all(button.in_place for row in second.buttons for button in row)
    last = await desk.say("/latest 5 ~3")
    assert actions(last) == ["/latest 5 +2"]
    assert actions(await desk.say("/latest 5 +2")) == ["/latest 5 +7", "/latest 5 ~3"]
    assert actions(await desk.say("/latest 5 +9")) == actions(await desk.say("/latest")) == ["/latest 5 ~9"]
    assert "not kept any more" in plain(await desk.say("/latest 5 ~99"))


async def test_the_age_in_a_list_is_in_the_readers_language(desk) -> None:
    desk.history.alerts = [alert()]
    assert "5 分鐘前" in plain(await desk.say("/latest", locale=Locale.ZH_HANT))


async def test_without_alerts_the_next_step_is_named(desk) -> None:
    assert "/subscribe" in plain(await desk.say("/latest"))
    await desk.say("/subscribe daily-globe")
    assert "/keyword add" in plain(await desk.say("/latest"))
    await desk.say("/add talks")
    assert "/keyword test" in plain(await desk.say("/latest"))


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"feeds": 0}, "/subscribe"),
        ({"keywords": 0}, "/keyword add"),
        ({"failing": 2}, "/feeds"),
        ({}, "All is well"),
    ],
)
async def test_the_status_gives_figures_and_advice(desk, figures: dict, said: str) -> None:
    well = ChatStatus(feeds=3, failing=0, keywords=2, items_day=40, sent_day=5, waiting=1, last_poll=NOW)
    desk.history.figures = replace(well, **figures)
    text = plain(await desk.say("/status"))
    assert said in text.splitlines()[-1]
    assert "Items of the last 24 hours: 40" in text
    assert "Last look at a feed: just now" in text
    assert "Last alert: not yet" in text


async def test_the_status_names_failing_feeds_and_a_pause(desk) -> None:
    desk.history.figures = ChatStatus(
        feeds=3, failing=1, keywords=2, items_day=0, sent_day=0, waiting=0, last_sent=NOW - timedelta(hours=1)
    )
    assert "Feeds: 3 (1 can't be read now)" in plain(await desk.say("/status"))
    await desk.say("/pause")
    assert "/resume" in plain(await desk.say("/status")).splitlines()[-1]


async def complete(desk, option: str, typed: str = "") -> list[tuple[str, str]]:
    return await desk.commands.complete(request("/x"), option, typed)


async def test_topics_are_completed_in_the_language_of_the_person(desk) -> None:
    asked = request("/x", locale=Locale.ZH_HANT)
    assert ("Daily Globe (國際)", "daily-globe") in await desk.commands.complete(asked, "address", "國際")


async def test_completions_know_the_catalogue_the_chat_and_the_time_zones(desk) -> None:
    assert ("Daily Globe (World)", "daily-globe") in await complete(desk, "address", "GLOBE")
    assert await complete(desk, "feed") == []
    assert await complete(desk, "keyword") == []
    await desk.say("/subscribe lab-notes")
    await desk.say("/add trilateral talks")
    await desk.say("/add peace")
    assert await complete(desk, "feed", "lab") == [("Lab Notes", "1")]
    assert await complete(desk, "keyword", "tri") == [("trilateral talks", "1")]
    assert ("Asia/Hong_Kong", "Asia/Hong_Kong") in await complete(desk, "zone", "hong")
    assert await complete(desk, "query", "x") == []


async def test_completions_keep_discords_limits(desk) -> None:
    for n in range(40):
        await desk.say(f"/add {'negotiations ' * 30}{n}")
    for option, typed in [("keyword", "nego"), ("zone", "a"), ("zone", "x" * 9999), ("zone", "")]:
        pairs = await complete(desk, option, typed)
        assert len(pairs) <= 25
        assert all(1 <= len(part) <= 100 for pair in pairs for part in pair)


async def test_a_fault_while_completing_gives_none(desk) -> None:
    desk.chats.broken = RuntimeError("secret")
    assert await complete(desk, "feed", "x") == []


def test_near_zones_are_names_that_exist() -> None:
    assert near_zones("") == []
    assert near_zones("taipei") == ["Asia/Taipei"]
    assert near_zones("qqqqqq") == []
