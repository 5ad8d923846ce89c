"""Makes messages of alerts: two languages, source and age, why it came, and a link that can be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_timezone

from bot.chat.blocks import LINK_LIMIT, bold, code, entry, harmless, note, one_line, paragraphs, quote, text
from bot.chat.catalogue import Catalogue, catalogue_for, mark
from bot.chat.clip import utf16_len
from bot.chat.handles import SUMMARY_LIMIT, alert_buttons
from bot.chat.retold import feed_name, heading, new_facts, told_also, told_before
from bot.chat.wording import CHARACTERS
from bot.model import (
    Alert,
    Block,
    Brief,
    Chat,
    ChatSettings,
    Language,
    MadeBy,
    Message,
    Pictures,
    Script,
    Span,
    StoredItem,
    Why,
)
from bot.ports import Wording
from bot.text.urls import safe_link

TITLE_LIMIT = 240
KEYWORD_LIMIT = 60
WORD_LIMIT = 40
MOST_REASONS = 3
MOST_WORDS = 6
SHOWN_LINK = 90

_NAMELESS = "…"
_DAY = timedelta(days=1)
_TRANSLATED = mark("Keyword {keyword}: {words}, and {translated} in the translation")
_TRANSLATED_ONLY = mark("Keyword {keyword}: {translated} (in the translation)")
_MADE_BY = {
    MadeBy.MODEL: mark("Summary by a language model"),
    MadeBy.TRANSLATION: mark("Machine translation"),
    MadeBy.EXTRACT: mark("Excerpt of the source"),
}
_BY_FEED = mark("In the feed's own words")


@dataclass(frozen=True, slots=True)
class Telling:
    """What an alert says in one language."""

    title: str
    summary: str


def alert_message(alert: Alert, chat: Chat, *, now: datetime, wording: Wording = CHARACTERS) -> Message:
    """The alert as the chat reads it: its languages in its order, its Chinese, its time zone."""
    t = catalogue_for(chat.settings.spoken())
    link = safe_link(alert.item.item.url)
    first, *others = tellings(alert, chat.settings, wording)
    blocks = (
        heading(first.title, link, alert.kind, t),
        *(text((bold(other.title),)) for other in others if other.title),
        *new_facts(alert, t),
        *_summaries(first, others),
        *told_before(alert.kind, t),
        note(f"{source_of(alert.item)} · {age_of(alert.item, chat.settings, t, now=now)}"),
        *told_also(alert, t),
        *_reasons(alert.why, chat.settings, t, wording),
        *_small_print(alert.brief, chat.settings, link, t),
    )
    pictures = chat.settings.pictures
    return Message(
        blocks=blocks,
        buttons=alert_buttons(alert, chat.settings, t),
        picture="" if pictures is Pictures.OFF else alert.item.item.picture,
        pictures=pictures,
    )


def alert_entry(alert: Alert, chat: Chat, t: Catalogue, *, now: datetime, wording: Wording = CHARACTERS) -> Block:
    """The alert as one item of a list."""
    return item_entry(alert.item, tellings(alert, chat.settings, wording)[0].title, chat.settings, t, now=now)


def item_entry(item: StoredItem, name: str, settings: ChatSettings, t: Catalogue, *, now: datetime) -> Block:
    """An item as one item of a list: its title as link, its source and age."""
    link = safe_link(item.item.url)
    shown = one_line(name, TITLE_LIMIT // 2) or source_of(item)
    rest = f" · {source_of(item)} · {age_of(item, settings, t, now=now)}"
    return entry((Span(shown, url=link if utf16_len(link) <= LINK_LIMIT else ""), Span(rest)))


def tellings(alert: Alert, settings: ChatSettings, wording: Wording = CHARACTERS) -> list[Telling]:
    """The languages of an alert as the chat wants them; at least one, whatever is missing."""
    brief, script = alert.brief, settings.characters()
    by_language = {
        Language.ZH: _telling(brief.title_zh, brief.summary_zh, script, wording),
        Language.EN: _telling(brief.title_en, brief.summary_en, script, wording),
    }
    wanted = [by_language[language] for language in settings.languages]
    if not any(telling.title for telling in wanted):
        # The only language at hand is one that the chat left out: still better than silence.
        wanted = [telling for telling in by_language.values() if telling.title] or [
            _source(alert.item, script, wording)
        ]
    return sorted((telling for telling in wanted if telling.title or telling.summary), key=lambda it: not it.title)


def _telling(name: str, summary: str, script: Script, wording: Wording) -> Telling:
    return Telling(
        one_line(wording.in_script(harmless(name), script), TITLE_LIMIT),
        paragraphs(wording.in_script(harmless(summary), script), SUMMARY_LIMIT),
    )


def _source(item: StoredItem, script: Script, wording: Wording) -> Telling:
    names = (item.item.title, item.feed.title, item.item.url, item.feed.url, _NAMELESS)
    return _telling(next(name for name in names if one_line(name, TITLE_LIMIT)), item.item.text, script, wording)


def _summaries(first: Telling, others: list[Telling]) -> Iterable[Block]:
    if first.summary:
        yield text(first.summary)
    yield from (quote(other.summary) for other in others if other.summary)


def source_of(item: StoredItem) -> str:
    """The name of an item's feed."""
    return feed_name(item.feed)


def age_of(item: StoredItem, settings: ChatSettings, t: Catalogue, *, now: datetime) -> str:
    """How old an item is, in words; the date in the chat's time zone when it is older than a day."""
    return when(item.item.published or item.seen, settings, t, now=now)


def when(moment: datetime, settings: ChatSettings, t: Catalogue, *, now: datetime, brief: bool = False) -> str:
    """A moment of the past in words. A moment to come (clocks of feeds run ahead) is just now. A `brief` date is
    without this year's number, and leaves it to the message to say once that it is in UTC."""
    past = now - moment
    if past > _DAY:
        told = _date(moment, settings, t, now=now, brief=brief)
        # Who has not chosen a time zone yet would take the time for their own.
        return f"{told} UTC" if settings.timezone == "UTC" and not brief else told
    if past < timedelta(minutes=1):
        return t("just now")
    unit = timedelta(hours=1) if past >= timedelta(hours=1) else timedelta(minutes=1)
    # In full units, as people count: Babel alone would round 90 minutes up.
    return format_timedelta(-(past // unit) * unit, add_direction=True, threshold=1, locale=t.babel)


def _date(moment: datetime, settings: ChatSettings, t: Catalogue, *, now: datetime, brief: bool) -> str:
    zone = get_timezone(_zone(settings.timezone))
    local = moment.astimezone(zone)
    this_year = brief and local.year == now.astimezone(zone).year
    date = format_skeleton("MMMd", local, locale=t.babel) if this_year else format_date(local, "medium", locale=t.babel)
    return f"{date} {format_time(local, 'HH:mm', zone, locale=t.babel)}"


def until(moment: datetime, t: Catalogue, *, now: datetime) -> str:
    """A moment to come in words."""
    left = moment - now
    if left < timedelta(minutes=1):
        return t("at once")
    unit = timedelta(hours=1) if left >= timedelta(hours=1) else timedelta(minutes=1)
    return format_timedelta((left // unit) * unit, add_direction=True, threshold=1, locale=t.babel)


def local_zone(settings: ChatSettings) -> ZoneInfo:
    """The chat's time zone; UTC where its name is no zone any more."""
    return _zone(settings.timezone)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _reasons(why: tuple[Why, ...], settings: ChatSettings, t: Catalogue, wording: Wording) -> Iterable[Block]:
    if not why:
        yield note(t("Everything from this feed"))
    for reason in why[:MOST_REASONS]:
        keyword = code(one_line(reason.keyword, KEYWORD_LIMIT))
        words = matched_words(reason.matched)
        translated = wording.in_script(matched_words(reason.translated), settings.characters())
        if translated:
            yield note(
                t.spans(_TRANSLATED if words else _TRANSLATED_ONLY, keyword=keyword, words=words, translated=translated)
            )
        elif words and not _says_the_same(reason.keyword, reason.matched):
            yield note(t.spans("Keyword {keyword}: {words}", keyword=keyword, words=words))
        else:
            yield note(t.spans("Keyword {keyword}", keyword=keyword))
    more = len(why) - MOST_REASONS
    if more > 0:
        yield note(t.n("and {n} more keyword", "and {n} more keywords", more))


def _says_the_same(keyword: str, matched: tuple[str, ...]) -> bool:
    """Whether the matched words are the keyword's own: then naming them once is enough."""
    return sorted(keyword.casefold().split()) == sorted(" ".join(matched).casefold().split())


def matched_words(matched: tuple[str, ...]) -> str:
    """The words of a text that answered a query, each once."""
    words = dict.fromkeys(one_line(word, WORD_LIMIT) for word in matched)
    return " · ".join([word for word in words if word][:MOST_WORDS])


def made_by(brief: Brief, t: Catalogue) -> str:
    """How a brief was made."""
    return t(_MADE_BY.get(brief.made_by, _BY_FEED))


def _small_print(brief: Brief, settings: ChatSettings, link: str, t: Catalogue) -> Iterable[Block]:
    titles = {Language.ZH: brief.title_zh, Language.EN: brief.title_en}
    if brief.untranslated and not all(titles[language] for language in settings.languages):
        yield note(t("No translator is set up, so this is in the language of the source."))
    elif brief.made_by in _MADE_BY:
        yield note(t(_MADE_BY[brief.made_by]))
    if link:
        yield note((Span(one_line(link, SHOWN_LINK), url=link),))
