"""Makes one message of many alerts: grouped by what asked for them, the most covered first, and counted where cut."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import TypeAlias

from bot.chat.blocks import LINK_LIMIT, bold, buttons, code, entry, note, one_line, title
from bot.chat.catalogue import Catalogue, catalogue_for
from bot.chat.clip import utf16_len
from bot.chat.render import KEYWORD_LIMIT, source_of, tellings, when
from bot.chat.retold import other_sources
from bot.chat.schedule_words import digest_title
from bot.chat.wording import CHARACTERS
from bot.model import Alert, Block, BlockKind, Chat, Digest, Message, Platform, Span, StoryKind
from bot.ports import Wording
from bot.text.urls import safe_link

ROOM = 4000  # of the 4,096 units of Telegram's message and of Discord's description, with escapes counted
MOST = 40  # alerts: Telegram shows a hundred bold runs and links in a message
MOST_IN_BOTH = 15  # alerts with their titles in both languages: of more, nobody reads all
TITLE_LIMIT = 120
SOURCE_LIMIT = 40
FEWEST = 2  # alerts that make a group
_ESCAPED = re.compile(r"[\\*_~|`<>\[\]#+\-.:/@()]")  # signs that a platform's markup may put another one beside
_LINKS_COUNT = frozenset({Platform.DISCORD, Platform.TARGET})
_AROUND_LINK = 6  # Discord's `[…](<…>)`
_AROUND_BLOCK = 4  # bullet and line breaks

# What asked for an alert: a keyword, or a feed that the chat takes whole.
Asker: TypeAlias = tuple[bool, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Alerts under one heading; `asker` is None for those that nothing joins."""

    asker: Asker | None
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """How alerts become lines: for whom, when, and in how many languages."""

    chat: Chat
    t: Catalogue
    now: datetime
    wording: Wording = CHARACTERS
    both: bool = False

    def of(self, alert: Alert, asker: Asker | None, *, alone: bool = False) -> Block:
        """One alert: its titles, source, age, and how many others tell it; `alone` names what asked for it, too."""
        link = safe_link(alert.item.item.url)
        first, *others = (
            one_line(each.title, TITLE_LIMIT) for each in tellings(alert, self.chat.settings, self.wording)
        )
        name = Span(first or source_of(alert.item), url=link if utf16_len(link) <= LINK_LIMIT else "")
        below = [f"\n{other}" for other in others if self.both and other]
        update = alert.kind is StoryKind.DEVELOPMENT
        return entry(
            (
                *(self.t.spans("Update: {title}", title=name) if update else (name,)),
                *map(Span, below),
                Span(" · "),
                *_dotted(self._rest(alert, asker, alone=alone)),
            )
        )

    def _rest(self, alert: Alert, asker: Asker | None, *, alone: bool) -> Iterator[Span]:
        if asker is None or asker[0]:
            yield Span(one_line(source_of(alert.item), SOURCE_LIMIT))
        yield Span(when(_moment(alert), self.chat.settings, self.t, now=self.now, brief=True))
        if more := other_sources(alert):
            yield Span(self.t.n("{n} more source", "{n} more sources", more))
        if alone and (keyword := next((name for by_keyword, name in _askers(alert) if by_keyword), "")):
            yield code(keyword)


def digest_message(digest: Digest, chat: Chat, *, now: datetime, wording: Wording = CHARACTERS) -> Message:
    """Alerts that come together, as the chat reads them. What does not fit is counted, and a button turns to it."""
    t = catalogue_for(chat.settings.spoken())
    count = len(digest.alerts)
    head = _head(digest, chat, t)
    groups = grouped(digest.alerts)
    body, shown = _body(groups, head, Lines(chat, t, now, wording, both=count <= MOST_IN_BOTH))
    if shown < count <= MOST_IN_BOTH:  # the more of them with one title each
        body, shown = _body(groups, head, Lines(chat, t, now, wording))
    left = count - shown
    tail = [t.n("and {n} more alert", "and {n} more alerts", left)] if left else []
    tail += [t("Times are in UTC.")] if chat.settings.timezone == "UTC" else []
    everything = buttons((t.n("All {n} alert", "All {n} alerts", count), f"/latest #{digest.delivery}")) if left else ()
    return Message(blocks=(*head, *body, *map(note, tail)), buttons=(everything,) if everything else ())


def _head(digest: Digest, chat: Chat, t: Catalogue) -> tuple[Block, Block]:
    count = len(digest.alerts)
    if digest.held_by is None:
        return waiting(count, t), note(t("They could not be sent while they were news, so here they are together."))
    name = digest_title(digest.held_by, digest.due_at, chat.settings, t)
    return title(name), note(t.n("{n} alert", "{n} alerts, first what most sources tell", count))


def waiting(count: int, t: Catalogue) -> Block:
    """The title of alerts that waited until they were no news any more."""
    return title(t.n("{n} alert was waiting", "{n} alerts were waiting", count))


def grouped(alerts: Iterable[Alert]) -> list[Group]:
    """By the keyword that most of them share, or by feed where the chat takes all of it; what shares nothing comes
    last. Groups, and alerts within them, begin with what most sources tell, then with the newest."""
    ranked = sorted(alerts, key=_rank, reverse=True)
    shared = Counter(asker for alert in ranked for asker in _askers(alert))
    by: defaultdict[Asker, list[Alert]] = defaultdict(list)
    for alert in ranked:
        by[max(_askers(alert), key=shared.__getitem__)].append(alert)
    groups = [Group(asker, tuple(those)) for asker, those in by.items() if len(those) >= FEWEST]
    rest = tuple(alert for those in by.values() if len(those) < FEWEST for alert in those)
    return [*groups, *([Group(None, rest)] if rest else [])]


def _rank(alert: Alert) -> tuple[int, datetime, int]:
    return other_sources(alert), _moment(alert), alert.item.id


def _moment(alert: Alert) -> datetime:
    return alert.item.item.published or alert.item.seen


def _askers(alert: Alert) -> list[Asker]:
    """What an alert came for; at least one."""
    keywords = (one_line(reason.keyword, KEYWORD_LIMIT) for reason in alert.why)
    return [(True, keyword) for keyword in dict.fromkeys(keywords) if keyword] or [(False, source_of(alert.item))]


def _body(groups: Sequence[Group], head: Iterable[Block], lines: Lines) -> tuple[list[Block], int]:
    """As many alerts as fit below the head, and how many they are: each group in its turn gets a line, so that none is
    crowded out by a longer one."""
    weigh = _weigh_links if lines.chat.address.platform in _LINKS_COUNT else _weigh
    room = ROOM - sum(map(weigh, head))
    kept: defaultdict[int, list[Block]] = defaultdict(list)
    for place, line in _in_turns(groups, lines):
        cost = weigh(line) + (0 if kept[place] else weigh(_heading(groups[place], lines.t, len(groups[place].alerts))))
        if cost > room or sum(map(len, kept.values())) == MOST:
            break
        room -= cost
        kept[place].append(line)
    blocks: list[Block] = []
    for place, group in enumerate(groups):
        if kept[place]:
            headed = group.asker is not None or len(groups) > 1
            blocks += [*([_heading(group, lines.t, len(kept[place]))] if headed else []), *kept[place]]
    return blocks, sum(map(len, kept.values()))


def _in_turns(groups: Sequence[Group], lines: Lines) -> Iterator[tuple[int, Block]]:
    for row in zip_longest(*(group.alerts for group in groups)):
        for place, alert in enumerate(row):
            if alert is not None:
                asker = groups[place].asker
                yield place, lines.of(alert, asker, alone=asker is None)


def _heading(group: Group, t: Catalogue, shown: int) -> Block:
    """What asked for the group, and how many it has."""
    count = len(group.alerts)
    figure = str(count) if shown == count else t("{shown} of {count}", shown=shown, count=count)
    size = Span(f" · {figure}")
    if group.asker is None:
        return title((bold(t("Others")), size))
    by_keyword, name = group.asker
    return title((*(t.spans("Keyword {keyword}", keyword=bold(name)) if by_keyword else (bold(name),)), size))


def _dotted(spans: Iterable[Span]) -> Iterator[Span]:
    for place, span in enumerate(spans):
        if place:
            yield Span(" · ")
        yield span


def _weigh(block: Block) -> int:
    """The most units that a block may take on a platform that does not count links."""
    text = "".join(span.text for span in block.spans)
    return _AROUND_BLOCK + utf16_len(text) + len(_ESCAPED.findall(text)) + 2 * text.count("\n")


def _weigh_links(block: Block) -> int:
    """The same where links are written out within the text; bold takes four signs."""
    links = [safe_link(span.url) for span in block.spans if span.url]
    written = sum(utf16_len(link) + 2 * (link.count("(") + link.count(")")) + _AROUND_LINK for link in links)
    return _weigh(block) + written + (4 * len(block.spans) if block.kind is BlockKind.TITLE else 2 * len(block.spans))
