"""Alerts say the news in two languages, where it is from, why it came, and fit every platform."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.clip import utf16_len
from bot.chat.render import alert_message
from bot.model import (
    BlockKind,
    Brief,
    ChatSettings,
    FeedId,
    FeedRef,
    Language,
    Locale,
    MadeBy,
    Message,
    Report,
    Script,
    Span,
    StoryKind,
    Style,
    Why,
)
from tests.support.fakes import NOW, plain
from tests.support.news import BRIEF, alert, chat, stored


def rendered(brief: Brief = BRIEF, chosen: ChatSettings | None = None, **parts: object) -> Message:
    return alert_message(alert(brief, **parts), chat(chosen), now=NOW)


def because(keyword: str, *matched: str) -> Why:
    return Why(keyword=keyword, matched=matched)


def test_both_languages_stand_in_the_order_of_the_chat() -> None:
    message = rendered(chosen=ChatSettings(languages=(Language.EN, Language.ZH)))
    kinds = [block.kind for block in message.blocks]
    assert kinds[:4] == [BlockKind.TITLE, BlockKind.TEXT, BlockKind.TEXT, BlockKind.QUOTE]
    assert plain(message).splitlines()[:4] == [BRIEF.title_en, BRIEF.title_zh, BRIEF.summary_en, BRIEF.summary_zh]
    assert plain(rendered()).splitlines()[:4] == [BRIEF.title_zh, BRIEF.title_en, BRIEF.summary_zh, BRIEF.summary_en]


def test_the_title_is_bold_and_linked_and_the_link_is_also_shown() -> None:
    message = rendered()
    link = "https://globe.example/news/1"
    assert message.blocks[0].spans == (Span(BRIEF.title_zh, Style.BOLD, link),)
    assert message.blocks[-1].spans == (Span(link, url=link),)
    assert (message.buttons[0][0].label, message.buttons[0][0].url) == ("Open", link)


def test_one_language_is_enough_where_the_chat_wants_one() -> None:
    text = plain(rendered(chosen=ChatSettings(languages=(Language.EN,))))
    assert BRIEF.title_en in text
    assert BRIEF.title_zh not in text
    assert BRIEF.summary_zh not in text


def test_chinese_is_written_in_the_characters_of_the_chat() -> None:
    assert "三方会谈在阿布扎比举行" in plain(rendered(chosen=ChatSettings(script=Script.HANS)))
    assert "三方会谈在阿布扎比举行" in plain(rendered(chosen=ChatSettings(locale=Locale.ZH_HANS)))
    assert BRIEF.title_zh in plain(rendered(chosen=ChatSettings(locale=Locale.ZH_HANS, script=Script.SOURCE)))


@pytest.mark.parametrize(
    ("locale", "age", "said"),
    [
        (Locale.EN, timedelta(seconds=20), "just now"),
        (Locale.EN, timedelta(hours=-3), "just now"),
        (Locale.EN, timedelta(minutes=5), "5 minutes ago"),
        (Locale.EN, timedelta(minutes=59), "59 minutes ago"),
        (Locale.EN, timedelta(hours=23, minutes=30), "23 hours ago"),
        (Locale.ZH_HANT, timedelta(minutes=5), "5 分鐘前"),
        (Locale.ZH_HANS, timedelta(hours=2), "2小时前"),
        (Locale.EN, timedelta(days=2), "Mar 12, 2026 20:00"),
        (Locale.ZH_HANT, timedelta(days=2), "2026年3月12日 20:00"),
    ],
)
def test_the_age_is_said_in_words_and_as_a_date_of_the_chats_zone_after_a_day(
    locale: Locale, age: timedelta, said: str
) -> None:
    message = rendered(chosen=ChatSettings(locale=locale, timezone="Asia/Hong_Kong"), item=stored(age=age))
    assert f"Daily Globe · {said}" in plain(message).splitlines()


def test_a_time_zone_that_is_none_is_taken_as_utc() -> None:
    message = rendered(chosen=ChatSettings(timezone="../etc/passwd"), item=stored(age=timedelta(days=2)))
    assert "Mar 12, 2026 12:00" in plain(message)


def test_a_date_in_utc_says_so_as_the_reader_may_not_know() -> None:
    assert "Mar 12, 2026 12:00 UTC" in plain(rendered(item=stored(age=timedelta(days=2))))
    zoned = rendered(chosen=ChatSettings(timezone="Asia/Hong_Kong"), item=stored(age=timedelta(days=2)))
    assert "UTC" not in plain(zoned)


def test_an_item_without_a_date_is_as_old_as_its_discovery() -> None:
    item = stored()
    bare = replace(item, item=replace(item.item, published=None), seen=NOW - timedelta(minutes=9))
    assert "9 minutes ago" in plain(rendered(item=bare))


def test_the_keyword_and_the_words_that_matched_are_named() -> None:
    message = rendered(why=(because("trilateral talks", "Talk", "trilateral"), because("Abu Dhabi", "Abu", "Dhabi")))
    lines = plain(message).splitlines()
    assert "Keyword trilateral talks: Talk · trilateral" in lines
    assert "Keyword Abu Dhabi" in lines


def test_words_that_stand_in_the_translation_alone_are_told_as_such() -> None:
    why = (
        Why(keyword="三方會談", matched=(), translated=("三方會談",)),
        Why(keyword="envoys AND 三方會談", matched=("Envoys",), translated=("三方會談",)),
    )
    lines = plain(rendered(why=why)).splitlines()
    assert "Keyword 三方會談: 三方會談 (in the translation)" in lines
    assert "Keyword envoys AND 三方會談: Envoys, and 三方會談 in the translation" in lines


@pytest.mark.parametrize(
    ("locale", "said"),
    [(Locale.ZH_HANT, "關鍵字 talks：三方會談（譯文中）"), (Locale.ZH_HANS, "关键词 talks：三方会谈（译文中）")],
)
def test_words_of_the_translation_are_in_the_characters_that_the_chat_reads(locale: Locale, said: str) -> None:
    why = (Why(keyword="talks", matched=(), translated=("三方會談",)),)
    assert said in plain(rendered(chosen=ChatSettings(locale=locale), why=why)).splitlines()


def test_many_keywords_are_counted() -> None:
    message = rendered(why=tuple(because(f"keyword {n}") for n in range(7)))
    assert "and 4 more keywords" in plain(message)


def test_a_subscription_to_everything_says_so() -> None:
    assert "Everything from this feed" in plain(rendered())


@pytest.mark.parametrize(
    ("made_by", "said"),
    [(MadeBy.MODEL, "language model"), (MadeBy.TRANSLATION, "Machine translation"), (MadeBy.EXTRACT, "Excerpt")],
)
def test_the_making_of_the_brief_is_said_in_small_print(made_by: MadeBy, said: str) -> None:
    message = rendered(replace(BRIEF, made_by=made_by))
    assert any(said in span.text for block in message.blocks if block.kind is BlockKind.NOTE for span in block.spans)


def test_an_untranslated_brief_says_that_no_translator_is_set_up() -> None:
    brief = Brief(
        title_zh="",
        title_en=BRIEF.title_en,
        summary_zh="阿布扎比",
        summary_en=BRIEF.summary_en,
        made_by=MadeBy.EXTRACT,
        untranslated=True,
    )
    message = rendered(brief)
    assert plain(message).startswith(BRIEF.title_en)
    assert "阿布扎比" in plain(message)
    assert "No translator is set up" in plain(message)
    only_english = rendered(brief, ChatSettings(languages=(Language.EN,)))
    assert "No translator" not in plain(only_english)


def test_an_alert_in_a_language_the_chat_left_out_is_better_than_none() -> None:
    brief = replace(BRIEF, title_zh="", summary_zh="", untranslated=True)
    message = rendered(brief, ChatSettings(languages=(Language.ZH,)))
    assert plain(message).startswith(BRIEF.title_en)


def test_an_empty_brief_falls_back_to_the_item() -> None:
    brief = Brief(title_zh="", title_en="\u202e", summary_zh="", summary_en="", made_by=MadeBy.EXTRACT)
    assert plain(rendered(brief)).startswith("Trilateral talks held in Abu Dhabi")
    item = stored("", feed=replace(stored().feed, title=""))
    assert plain(rendered(brief, item=item)).startswith("https://globe.example/news/1")


def reported(*names: str, url: str = "https://wire.example/{n}") -> tuple[Report, ...]:
    return tuple(
        Report(feed=FeedRef(id=FeedId(10 + n), url=f"https://{n}.example/rss", title=name), url=url.format(n=n))
        for n, name in enumerate(names)
    )


def noted(also: tuple[Report, ...], locale: Locale = Locale.EN) -> tuple[Span, ...]:
    """The runs of the line that names other sources."""
    message = alert_message(replace(alert(), also=also), chat(ChatSettings(locale=locale)), now=NOW)
    found = [block for block in message.blocks if block.spans[0].text[:2] in {"Al", "另見", "另见"}]
    assert len(found) <= 1
    assert all(block.kind is BlockKind.NOTE for block in found)
    return found[0].spans if found else ()


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (Locale.EN, "Also: Reuters, 聯合早報"),
        (Locale.ZH_HANT, "另見：Reuters、聯合早報"),
        (Locale.ZH_HANS, "另见：Reuters、聯合早報"),
    ],
)
def test_other_sources_of_the_story_are_named_each_with_its_link(locale: Locale, said: str) -> None:
    spans = noted(reported("Reuters", "聯合早報"), locale)
    assert "".join(span.text for span in spans) == said
    assert [(span.text, span.url) for span in spans if span.url] == [
        ("Reuters", "https://wire.example/0"),
        ("聯合早報", "https://wire.example/1"),
    ]


def test_a_source_is_named_once_and_the_alerts_own_not_again() -> None:
    own = Report(feed=stored().feed, url="https://globe.example/2")
    again = replace(own, feed=replace(own.feed, id=FeedId(99)))
    spans = noted((own, again, *reported("Reuters", "Reuters")))
    assert [(span.text, span.url) for span in spans[1:]] == [("Reuters", "https://wire.example/0")]
    assert noted((own, again)) == ()


def test_many_other_sources_are_counted() -> None:
    text = "".join(span.text for span in noted(reported(*(f"Paper {n}" for n in range(11)))))
    assert text.startswith("Also: Paper 0, Paper 1, ")
    assert text.endswith("Paper 7 and 3 more")


def test_hostile_names_and_links_of_other_sources_are_harmless_and_short() -> None:
    spans = noted(reported("\u202e<b>@all\n*x*" + "y" * 900, url="javascript:alert(1)"))
    assert spans[1].text.startswith("<b>@all *x*")
    assert (len(spans[1].text) <= 40, spans[1].url) == (True, "")
    long = noted(reported(*"abcdefgh", url="https://wire.example/" + "z" * 480))
    assert [bool(span.url) for span in long if span.text in "abcdefgh"] == [True] * 2 + [False] * 6


def test_an_update_says_so_in_its_title_and_what_is_new() -> None:
    update = replace(alert(), kind=StoryKind.DEVELOPMENT, new=("157", "2", "2600000000", "2026", "swap", "战俘"))
    message = alert_message(update, chat(), now=NOW)
    assert "".join(span.text for span in message.blocks[0].spans) == f"Update: {BRIEF.title_zh}"
    assert message.blocks[0].spans[-1].url == "https://globe.example/news/1"
    assert plain(message).splitlines()[2] == "New: 157 · 2,600,000,000 · 2026 · swap"
    chinese = plain(alert_message(update, chat(ChatSettings(locale=Locale.ZH_HANT)), now=NOW)).splitlines()
    assert chinese[0] == f"更新：{BRIEF.title_zh}"
    assert chinese[2] == "最新：157 · 2,600,000,000 · 2026 · swap"


def test_an_update_with_nothing_to_show_is_still_marked() -> None:
    update = replace(alert(), kind=StoryKind.DEVELOPMENT, new=("战俘",))
    text = plain(alert_message(update, chat(), now=NOW))
    assert text.startswith("Update: ")
    assert "New:" not in text


@pytest.mark.parametrize("kind", [StoryKind.REPEAT, StoryKind.EVENT])
def test_another_report_says_that_the_story_was_told(kind: StoryKind) -> None:
    message = alert_message(replace(alert(), kind=kind, new=("7",)), chat(), now=NOW)
    assert "The same story from another source" in plain(message).splitlines()
    assert plain(message).startswith(BRIEF.title_zh)
    assert "New:" not in plain(message)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "https://user:pw@globe.example/", "http://[::1"])
def test_an_unsafe_link_is_not_shown(url: str) -> None:
    message = rendered(item=stored(url=url))
    assert not [button for row in message.buttons for button in row if button.url]
    assert all(not span.url for block in message.blocks for span in block.spans)


foreign = st.text(max_size=3000) | st.text(st.sampled_from("會談😀👩\u200d👧\u202e\n\x1b a"), max_size=5000)
briefs = st.builds(
    Brief,
    title_zh=foreign,
    title_en=foreign,
    summary_zh=foreign,
    summary_en=foreign,
    made_by=st.sampled_from(MadeBy),
    untranslated=st.booleans(),
)
words = st.lists(foreign, max_size=9).map(tuple)
reasons = st.lists(st.builds(Why, keyword=foreign, matched=words, translated=words), max_size=9)
chosen = st.builds(
    ChatSettings,
    locale=st.sampled_from(Locale),
    script=st.sampled_from(Script),
    languages=st.sampled_from([(Language.ZH,), (Language.EN, Language.ZH)]),
)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone


@settings(deadline=None)  # the first example loads the converter of characters
@given(
    briefs, reasons, chosen, foreign, moments, st.lists(foreign, max_size=12), st.none() | st.sampled_from(StoryKind)
)
def test_any_alert_fits_every_platform_and_carries_no_control_characters(
    brief: Brief,
    why: list[Why],
    wanted: ChatSettings,
    name: str,
    published: datetime,
    others: list[str],
    kind: StoryKind | None,
) -> None:
    item = stored(name, url="https://globe.example/" + "a" * 1900)
    item = replace(item, item=replace(item.item, published=published), feed=replace(item.feed, title=name))
    told = replace(alert(brief, item=item, why=tuple(why)), also=reported(*others), kind=kind, new=tuple(others[::-1]))
    message = alert_message(told, chat(wanted), now=NOW)
    assert utf16_len(plain(message)) <= 3600
    assert message.blocks[0].kind is BlockKind.TITLE
    assert 1 <= utf16_len("".join(span.text for span in message.blocks[0].spans)) <= 256
    plain(message).encode("utf-8")
    assert not set(plain(message)) & set("\x1b\x00\u202e\x07")
