"""What an alert says of the story that a chat knows: that it is an update, what is new, and who else tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.chat.blocks import LINK_LIMIT, bold, note, one_line, text, title
from bot.chat.catalogue import Catalogue, mark
from bot.chat.clip import utf16_len
from bot.model import Alert, Block, FeedRef, Report, SameStory, Shared, Span, StoryKind, StoryReason
from bot.text.tokens import tokenize
from bot.text.urls import safe_link

SOURCE_LIMIT = 80
MOST_NAMES = 8
NAME_LIMIT = 40
LINKS_LIMIT = 1200  # of all names together: Discord counts links to the text
MOST_FACTS = 6
FACT_LIMIT = 20
MOST_REASONS = 3
REASON_LIMIT = 120
_SHARED = {
    Shared.LINK: mark("the same link"),
    Shared.TITLE: mark("the title"),
    Shared.TEXT: mark("the text"),
    Shared.NAMES: mark("names"),
    Shared.NUMBERS: mark("figures"),
    Shared.WORDS: mark("words"),
}
_GROUPED = 10_000  # from here on digits are read in threes; below may stand years


def feed_name(feed: FeedRef) -> str:
    """The name of a feed."""
    return one_line(feed.title or feed.site or feed.url, SOURCE_LIMIT)


def heading(name: str, link: str, kind: StoryKind | None, t: Catalogue) -> Block:
    """The title of an alert, as a link; of a development it says that it is one."""
    shown = bold(name, link)
    return title(t.spans("Update: {title}", title=shown) if kind is StoryKind.DEVELOPMENT else (shown,))


def new_facts(alert: Alert, t: Catalogue) -> Iterator[Block]:
    """What a development brings, where there is something to show: figures, and words of languages that have spaces.

    Of a Chinese headline we know pairs of characters, which are no words. A single digit says nothing by itself.
    """
    telling = (fact for fact in alert.new if not _tells_little(fact))
    facts = dict.fromkeys(_fact(fact, t) for fact in telling)
    shown = " · ".join([fact for fact in facts if fact][:MOST_FACTS])
    if alert.kind is StoryKind.DEVELOPMENT and shown:
        yield text(t.spans("New: {facts}", facts=bold(shown)))


def _tells_little(fact: str) -> bool:
    return (fact.isdecimal() and len(fact) == 1) or any(token.cjk for token in tokenize(fact))


def _fact(fact: str, t: Catalogue) -> str:
    number = int(fact) if fact.isascii() and fact.isdecimal() and len(fact) < FACT_LIMIT else 0
    return t.number(number) if number >= _GROUPED else one_line(fact, FACT_LIMIT)


def told_before(kind: StoryKind | None, t: Catalogue) -> Iterator[Block]:
    """That an alert is another report of a story that the chat was told."""
    if kind in {StoryKind.REPEAT, StoryKind.EVENT}:
        yield note(t("The same story from another source"))


def told_also(alert: Alert, t: Catalogue) -> Iterator[Block]:
    """The other sources of the story, each once and with a link to its item."""
    sources = dict(_sources(alert))
    if not sources:
        return
    names = tuple(_joined(_linked(list(sources.items())[:MOST_NAMES]), t(", ")))
    more = len(sources) - MOST_NAMES
    yield note(
        t.spans("Also: {names} and {n} more", names=names, n=t.number(more))
        if more > 0
        else t.spans("Also: {names}", names=names)
    )


def other_sources(alert: Alert) -> int:
    """How many other feeds tell the story."""
    return len(dict(_sources(alert)))


def _sources(alert: Alert) -> Iterator[tuple[str, str]]:
    """The names of the feeds other than the alert's own, with the link of the first item of each."""
    seen = {_name(alert.item.feed)}
    for report in alert.also:
        name = _name(report.feed)
        if report.feed.id != alert.item.feed.id and name not in seen:
            seen.add(name)
            yield name, _link(report)


def _name(feed: FeedRef) -> str:
    return one_line(feed_name(feed), NAME_LIMIT)


def _link(report: Report) -> str:
    link = safe_link(report.url)
    return link if utf16_len(link) <= LINK_LIMIT else ""


def _linked(sources: Iterable[tuple[str, str]]) -> Iterator[Span]:
    room = LINKS_LIMIT
    for name, link in sources:
        room -= utf16_len(link)
        yield Span(name, url=link if room >= 0 else "")


def _joined(spans: Iterable[Span], comma: str) -> Iterator[Span]:
    for place, span in enumerate(spans):
        if place:
            yield Span(comma)
        yield span


def told_like(same: SameStory | None, t: Catalogue) -> Iterator[Block]:
    """Why an item counts as a story that was told, or as what became of it."""
    if same is None:
        return
    shared = " · ".join(_ground(reason, t) for reason in same.reasons[:MOST_REASONS])
    if same.kind is StoryKind.DEVELOPMENT:
        yield note(t("It goes on with a story told before. In common: {shared}", shared=shared))
    else:
        yield note(t("It counts as the same story. In common: {shared}", shared=shared))


def _ground(reason: StoryReason, t: Catalogue) -> str:
    shared, words = t(_SHARED[reason.shared]), one_line(", ".join(reason.words), REASON_LIMIT)
    return t("{shared} ({words})", shared=shared, words=words) if words else shared
