"""Many alerts in one message: grouped by what asked for them, what matters first, and nothing silently left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.clip import utf16_len
from bot.chat.digest import MOST, digest_message, grouped
from bot.chat.discord.markup import render
from bot.chat.telegram.markup import as_html
from bot.model import (
    Alert,
    Block,
    BlockKind,
    Brief,
    ChatSettings,
    DeliveryId,
    Digest,
    FeedId,
    FeedRef,
    ItemId,
    Language,
    Locale,
    MadeBy,
    Message,
    Platform,
    Report,
    Script,
    StoryKind,
    Why,
)
from tests.support.fakes import NOW, actions, plain
from tests.support.news import BRIEF, FEED, alert, chat, stored
from tests.support.telegram_html import read_html

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
HONG_KONG = ChatSettings(locale=Locale.ZH_HANT, languages=(Language.ZH, Language.EN), timezone="Asia/Hong_Kong")


def old(number: int, *keywords: str, title: str = "", feed: FeedRef = FEED, also: int = 0) -> Alert:
    """An alert of so many hours before yesterday."""
    name = title or f"News {number}"
    item = stored(name, url=f"https://globe.example/{number}", age=DAY + number * HOUR, feed=feed)
    brief = replace(BRIEF, title_en=name, title_zh=f"新聞{number}")
    others = tuple(
        Report(feed=FeedRef(id=FeedId(90 + n), url=f"https://{n}.example/", title=f"Paper {n}"), url="")
        for n in range(also)
    )
    why = tuple(Why(keyword=keyword, matched=(keyword,)) for keyword in keywords)
    return replace(alert(brief, item=replace(item, id=ItemId(number)), why=why), also=others)


def message_of(alerts: Iterable[Alert], chosen: ChatSettings | None = None, platform=Platform.TELEGRAM) -> Message:
    place = chat(chosen or ChatSettings(languages=(Language.EN, Language.ZH)))
    place = replace(place, address=replace(place.address, platform=platform))
    return digest_message(Digest(delivery=DeliveryId(77), alerts=tuple(alerts)), place, now=NOW)


def lines(message: Message) -> list[str]:
    return plain(message).splitlines()


def entries(message: Message) -> list[Block]:
    return [block for block in message.blocks if block.kind is BlockKind.ITEM]


def headings(message: Message) -> list[str]:
    found = [block for block in message.blocks if block.kind is BlockKind.TITLE]
    return ["".join(span.text for span in block.spans) for block in found]


def test_it_says_how_many_alerts_waited_and_why_they_come_together() -> None:
    assert lines(message_of(old(n, "talks") for n in range(37)))[:2] == [
        "37 alerts were waiting",
        "They could not be sent while they were news, so here they are together.",
    ]


def test_an_alert_has_its_titles_in_the_chats_languages_its_source_and_its_time_there() -> None:
    message = message_of([old(1, "talks"), old(2, "talks")], HONG_KONG)
    first = entries(message)[0]
    assert "".join(span.text for span in first.spans) == "新聞1\nNews 1 · Daily Globe · 3月13日 19:00"
    assert (first.spans[0].text, first.spans[0].url) == ("新聞1", "https://globe.example/1")
    assert "UTC" not in plain(message)


def test_times_in_utc_are_said_to_be() -> None:
    assert lines(message_of([old(1), old(2)]))[-1] == "Times are in UTC."


def test_alerts_stand_under_the_keyword_that_most_of_them_share() -> None:
    alerts = [old(1, "rare", "talks"), old(2, "talks"), old(3, "ferry"), old(4, "ferry", "talks"), old(5, "ferry")]
    groups = {group.asker: [one.item.id for one in group.alerts] for group in grouped(alerts)}
    assert groups == {(True, "talks"): [1, 2], (True, "ferry"): [3, 4, 5]}
    assert headings(message_of(alerts))[1:] == ["Keyword talks · 2", "Keyword ferry · 3"]


def test_what_a_chat_takes_whole_stands_under_its_feed_which_is_not_named_again() -> None:
    message = message_of([old(1), old(2)])
    assert headings(message)[1] == "Daily Globe · 2"
    assert "".join(span.text for span in entries(message)[0].spans).endswith("Mar 13 11:00")


def test_what_shares_nothing_comes_last_with_its_own_keyword() -> None:
    message = message_of([old(1, "ferry"), old(2, "talks"), old(3, "talks"), old(4, "typhoon")])
    assert headings(message)[1:] == ["Keyword talks · 2", "Others · 2"]
    assert [entry.spans[-1].text for entry in entries(message)[2:]] == ["ferry", "typhoon"]


def test_where_nothing_is_shared_there_are_no_headings() -> None:
    message = message_of([old(1, "ferry"), old(2, "talks")])
    assert len(headings(message)) == 1
    assert [entry.spans[-1].text for entry in entries(message)] == ["ferry", "talks"]


def test_what_most_sources_tell_comes_first_then_the_newest() -> None:
    message = message_of([old(9, "talks"), old(1, "talks"), old(5, "talks", also=2), old(3, "talks", also=1)])
    shown = ["".join(span.text for span in entry.spans).splitlines() for entry in entries(message)]
    assert [line[0] for line in shown] == ["News 5", "News 3", "News 1", "News 9"]
    assert shown[0][-1].endswith("2 more sources")
    assert shown[1][-1].endswith("1 more source")


def test_an_update_says_so() -> None:
    alerts = [replace(old(1, "talks"), kind=StoryKind.DEVELOPMENT), old(2, "talks")]
    assert "Update: News 1" in lines(message_of(alerts))


def test_a_title_of_last_year_has_its_year() -> None:
    item = stored("Old", age=200 * DAY)
    assert "Aug 26, 2025 12:00" in plain(message_of([alert(item=item), old(1)]))


@pytest.mark.parametrize(("locale", "said"), [(Locale.ZH_HANT, "另有"), (Locale.ZH_HANS, "另有"), (Locale.EN, "and")])
@pytest.mark.parametrize("platform", list(Platform))
def test_of_too_many_one_title_each_is_shown_and_the_rest_is_counted_with_a_way_to_them(locale, said, platform) -> None:
    alerts = [old(n, "talks", title=f"News {n} of a rather long headline in two lines") for n in range(120)]
    message = message_of(alerts, ChatSettings(locale=locale, languages=(Language.EN, Language.ZH)), platform)
    shown = len(entries(message))
    assert 12 < shown <= MOST
    assert any(line.startswith(said) and str(120 - shown) in line for line in lines(message))
    assert not any("\n" in span.text for entry in entries(message) for span in entry.spans)
    ((button,),) = message.buttons
    assert button.action == "/latest #77"
    assert "120" in button.label


def test_a_group_that_is_cut_says_how_much_of_it_is_shown() -> None:
    message = message_of([old(n, "talks") for n in range(120)])
    assert headings(message)[1] == f"Keyword talks · {len(entries(message))} of 120"


def test_a_keyword_with_many_alerts_crowds_out_none_with_few() -> None:
    alerts = [*(old(n, "talks") for n in range(100)), *(old(100 + n, f"rare {n // 2}") for n in range(6))]
    shown = headings(message_of(alerts))
    assert {f"Keyword rare {n} · 2" for n in range(3)} <= set(shown)


def test_all_are_shown_where_they_fit_and_no_button_is_needed() -> None:
    message = message_of([old(n, "talks") for n in range(12)])
    assert len(entries(message)) == 12
    assert message.buttons == ()


def test_it_shows_no_preview_of_one_of_its_links() -> None:
    assert as_html(message_of([old(1), old(2)])).preview == ""


foreign = st.text(max_size=300) | st.text(st.sampled_from("會談😀*_[](@everyone)/.:#-|`<>\u202e\n\x1b a"), max_size=600)
links = st.text(st.sampled_from("abc()%2F._*"), max_size=700).map(lambda path: f"https://globe.example/{path}")

moments = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone


@st.composite
def old_alerts(draw: st.DrawFn) -> Alert:
    feed = FeedRef(id=FeedId(1), url="https://globe.example/rss", title=draw(foreign))
    item = stored(draw(foreign), url=draw(links), feed=feed)
    item = replace(item, item=replace(item.item, published=draw(st.none() | moments)))
    brief = Brief(title_zh=draw(foreign), title_en=draw(foreign), summary_zh="", summary_en="", made_by=MadeBy.FEED)
    why = tuple(Why(keyword=keyword, matched=()) for keyword in draw(st.lists(foreign, max_size=3)))
    return replace(alert(brief, item=item, why=why), kind=draw(st.none() | st.sampled_from(StoryKind)))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(old_alerts(), min_size=2, max_size=6),
    st.integers(1, 30),
    st.sampled_from(Locale),
    st.sampled_from(Script),
    st.sampled_from([(Language.ZH,), (Language.EN, Language.ZH)]),
    st.sampled_from(Platform),
)
def test_any_alerts_fit_each_platform_in_valid_markup_and_none_goes_uncounted(
    some: list[Alert], times: int, locale: Locale, script: Script, languages: tuple[Language, ...], platform: Platform
) -> None:
    alerts = some * times
    message = message_of(alerts, ChatSettings(locale=locale, script=script, languages=languages), platform)
    shown = entries(message)
    counted = [int(found[0]) for line in lines(message)[-2:] if (found := re.findall(r"\d+", line)) and message.buttons]
    assert len(shown) == len(alerts) if not message.buttons else counted[0] == len(alerts) - len(shown)
    assert len(shown) >= 1
    if platform is Platform.DISCORD:
        embed = render(message).embed
        assert embed is not None
        assert utf16_len(embed.description or "") < 4096
        assert utf16_len(embed.title or "") <= 256
        # Nothing had to be left out by the adapter, which would not count it.
        assert (embed.description or "").count("\n- ") + (embed.description or "").startswith("- ") >= len(shown)
    else:
        written = read_html(as_html(message).text)
        assert utf16_len(written.text) <= 4096
        assert len(written.entities) <= 100
        assert written.text.count("• ") >= len(shown)


def test_many_alerts_have_one_title_each() -> None:
    both, one = message_of(old(n, "talks") for n in range(15)), message_of(old(n, "talks") for n in range(16))
    assert "新聞3" in plain(both)
    assert "新聞3" not in plain(one)
    assert len(entries(one)) == 16


async def test_the_button_turns_the_pages_of_all_that_waited(desk) -> None:
    desk.history.digests[77] = [old(n, "talks") for n in range(23)]
    first = await desk.say("/latest #77")
    assert lines(first)[0] == "23 alerts were waiting"
    assert (len(entries(first)), actions(first)) == (10, ["/latest #77 2"])
    last = await desk.say("/latest #77 3")
    assert [entry.spans[0].text for entry in entries(last)] == ["新聞20", "新聞21", "新聞22"]
    assert actions(last) == ["/latest #77 2"]


@pytest.mark.parametrize("line", ["/latest #78", "/latest #", "/latest #x 2", "/latest #99999999999999999999"])
async def test_a_digest_that_is_not_kept_or_not_the_chats_shows_nothing(desk, line: str) -> None:
    desk.history.digests[77] = [old(1), old(2)]
    assert plain(await desk.say(line)) == "These alerts are not kept any more."


async def test_asked_why_about_a_digest_one_chooses_the_alert(desk) -> None:
    desk.history.digests["m7"] = [old(n, "talks") for n in range(8)]
    reply = await desk.say("/why", reply_to="m7")
    assert lines(reply) == [
        "That message holds 8 alerts. Which one?",
        "For any other, send its link: /why https://…",
    ]
    assert actions(reply) == [f"/why #{n}" for n in range(5)]
    desk.history.digests["m7"] = [old(1), old(2)]
    assert len(lines(await desk.say("/why", reply_to="m7"))) == 1
