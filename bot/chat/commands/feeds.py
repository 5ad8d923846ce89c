"""`/subscribe`, and how feeds are found by what people type; see the `feed_` modules for what is watched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from bot.chat.blocks import bold, buttons, code, entry, fits_action, in_place, note, one_line, rows, text
from bot.chat.catalogue import Catalogue
from bot.chat.commands.call import Call, Parts, number
from bot.chat.commands.first import topic_taken
from bot.chat.commands.topics import find_topic, looks_like_address, overview, topic_page, unknown_name
from bot.chat.commands.whole import watch_topic, whole_topic
from bot.errors import FeedError
from bot.model import Block, Button, ChatState, FoundFeed, Message, Mode, Span, Subscription

_TITLE = 80
_MOST_FOUND = 10
_ASKED_SHOWN = 10
_EVERYTHING = re.compile(r"(?:^|\s)(?:everything|全部)$", re.IGNORECASE)
_PICK = re.compile(r"\s+#(\d{1,3})$")


async def subscribe(parts: Parts, call: Call) -> Message:
    """Watch a feed: `[address | catalogue name | topic] [#n] [everything]`, where #n picks one of several."""
    address, mode, pick = _read(call.arguments)
    entries = parts.finder.catalogue()
    if not address:
        return overview(entries, call.t)
    if answer := await _of_topic(parts, call, address, mode, pick):
        return answer
    if mine := await _own(parts, call, address):
        return await _watch(parts, call, mine, mode)
    try:
        found = await parts.finder.find(address)
    except FeedError:
        if looks_like_address(address):
            raise
        found = []
    if not found:
        return unknown_name(address, entries, call.t)
    if pick <= len(found) and (pick or len(found) == 1):
        return await _watch(parts, call, found[max(pick, 1) - 1], mode)
    return _choose(call, address, found[:_MOST_FOUND], mode)


async def _of_topic(parts: Parts, call: Call, typed: str, mode: Mode, page: int) -> Message | None:
    """What is said of a topic, or done with the whole of it; None where the text names none."""
    entries = parts.finder.catalogue()
    if whole := whole_topic(typed, entries):
        return await topic_taken(parts, call, await watch_topic(parts, call, whole, mode))
    topic = find_topic(typed, entries)
    if topic is None:
        return None
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    return topic_page(topic, entries, call.t, suffix=_suffix(mode), page=page, watched=watched)


async def _own(parts: Parts, call: Call, typed: str) -> FoundFeed | None:
    """The feed of this chat that `#n` means: a short name for an address that is too long for a button."""
    if not typed.startswith("#"):
        return None
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    feed = next((each.feed for each in watched if each.feed.id == number(typed)), None)
    return FoundFeed(url=feed.url, title=feed.title, site=feed.site) if feed else None


def _read(arguments: str) -> tuple[str, Mode, int]:
    """The address, the mode, and which of several feeds (0: not said)."""
    rest = _EVERYTHING.sub("", arguments.strip())
    mode = Mode.MATCHING if rest == arguments.strip() else Mode.EVERYTHING
    pick = _PICK.search(rest)
    return _PICK.sub("", rest).strip(), mode, int(pick[1]) if pick else 0


async def _watch(parts: Parts, call: Call, found: FoundFeed, mode: Mode) -> Message:
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    if len(watched) >= parts.limits.feeds and found.url not in {each.feed.url for each in watched}:
        return _too_many(parts, call)
    subscription, new = await parts.subscriptions.subscribe(call.chat.id, found, mode=mode, now=call.now)
    parts.bell.ring("poll")
    keywords = await parts.keywords.keywords(call.chat.id)
    return _watching(parts, call, subscription, new=new, keywords=len(keywords))


def _again(parts: Parts, url: str, mode: Mode) -> str:
    """The command line that watches a feed: by its catalogue name, which is shorter, where it has one."""
    names = (each.name for each in parts.finder.catalogue() if each.url == url)
    return f"/subscribe {next(names, url)}{_suffix(mode)}"


def _suffix(mode: Mode) -> str:
    return " everything" if mode is Mode.EVERYTHING else ""


def _watching(parts: Parts, call: Call, subscription: Subscription, *, new: bool, keywords: int) -> Message:
    t, feed = call.t, subscription.feed
    name = bold(feed_name(subscription))
    said = t.spans("Now watching {feed}.", feed=name) if new else t.spans("{feed} is already watched.", feed=name)
    everything = subscription.mode is Mode.EVERYTHING
    mode = Mode.MATCHING if everything else Mode.EVERYTHING
    other = _again(parts, feed.url, mode)
    if not fits_action(other):
        other = f"/subscribe #{feed.id}{_suffix(mode)}"
    return Message(
        blocks=(text(said), *_what_comes(call, subscription, keywords)),
        buttons=(
            in_place(
                (t("Only what matches") if everything else t("Send everything"), other),
                (t("Stop watching"), f"/unsubscribe {feed.id}"),
            ),
            in_place((t("Options"), f"/feed show {feed.id}"), (t("All feeds"), "/feeds")),
        ),
    )


def _what_comes(call: Call, subscription: Subscription, keywords: int) -> Iterator[Block]:
    t = call.t
    if subscription.mode is Mode.EVERYTHING:
        yield text(t("Every new item of it comes here from now on."))
    elif keywords:
        yield text(
            t.n(
                "New items that match your {n} keyword come here from now on.",
                "New items that match one of your {n} keywords come here from now on.",
                keywords,
            )
        )
    else:
        yield text(no_keyword_yet(t))
    if call.chat.state is ChatState.PAUSED:
        yield note(t.spans("Alerts are paused: {resume} starts them again.", resume=code("/resume")))


def no_keyword_yet(t: Catalogue) -> tuple[Span, ...]:
    """What to do next in a chat with feeds and no keyword."""
    return t.spans(
        "There is no keyword here yet, so nothing comes. Next, add one: {example}",
        example=code("/keyword add trilateral talks"),
    )


def _too_many(parts: Parts, call: Call) -> Message:
    t = call.t
    return Message(
        blocks=(
            text(
                t.n(
                    "This chat has {n} feed, the most it may have.",
                    "This chat has {n} feeds, the most it may have.",
                    parts.limits.feeds,
                )
            ),
            text(t.spans("Stop one first: {feeds} lists them.", feeds=code("/feeds"))),
        ),
        buttons=(in_place((t("All feeds"), "/feeds")),),
    )


def _choose(call: Call, address: str, found: Sequence[FoundFeed], mode: Mode) -> Message:
    """Several feeds: a button for each; where the address is too long for one, its number or its address to copy."""
    t = call.t
    suffix = _suffix(mode)
    listed: list[Block] = []
    choices: list[Button] = []
    names = _told_apart([(feed.title, feed.url) for feed in found])
    for place, (feed, name) in enumerate(zip(found, names, strict=True), 1):
        lines = [f"/subscribe {feed.url}{suffix}", f"/subscribe {address} #{place}{suffix}"]
        fitting = next((line for line in lines if fits_action(line)), None)
        shown: tuple[Span, ...] = (Span(f"{place}. "), bold(name))
        if fitting:
            choices.extend(buttons((f"{place}. {one_line(feed.title, _TITLE) or name}", fitting)))
        else:
            shown = (*shown, Span(" · "), code(min(lines, key=len)))
        listed.append(entry(shown))
    intro = t.n("There is {n} feed. Which one?", "There are {n} feeds. Which one?", len(found))
    complete = len(choices) == len(found)
    hint = (
        t("Choose with a button.") if complete else t("Choose with a button, or send the line that stands beside it.")
    )
    return Message(
        blocks=(text(intro), *listed, note(hint)),
        buttons=rows(choices, width=2, most=_MOST_FOUND),
    )


def matching_feeds(watched: Sequence[Subscription], typed: str) -> list[Subscription]:
    """The subscriptions that a number, an address or a part of a title means; the most exact way that finds any."""
    wanted = typed.strip().casefold()
    asked = number(wanted)
    ways = (
        [each for each in watched if asked is not None and each.feed.id == asked],
        [each for each in watched if each.feed.url.casefold() == wanted],
        [each for each in watched if each.feed.title.casefold() == wanted],
        [each for each in watched if wanted in each.feed.title.casefold() or wanted in each.feed.url.casefold()],
    )
    return next((found for found in ways if found), [])


def nearest_feeds(watched: Sequence[Subscription], typed: str) -> list[Subscription]:
    """The subscriptions whose titles are spelled nearly as that; all of them where none is."""
    by_title = {each.feed.title.casefold(): each for each in watched}
    near = get_close_matches(typed.casefold()[:80], by_title, n=3, cutoff=0.4)
    return [by_title[word] for word in near] or list(watched)


def which_feed(call: Call, question: str, watched: Sequence[Subscription], command: str) -> Message:
    """Ask for which of the feeds a command is meant."""
    shown = watched[:_ASKED_SHOWN]
    names = _told_apart([(each.feed.title, each.feed.url) for each in shown])
    choices = in_place(*((f"{each.feed.id}. {feed_name(each)}", f"{command} {each.feed.id}") for each in shown))
    listed = [entry((Span(f"{each.feed.id}. "), Span(name))) for each, name in zip(shown, names, strict=True)]
    hint = call.t.spans(
        "Choose with a button, or send the number: {example}", example=code(f"{command} {shown[0].feed.id}")
    )
    return Message(blocks=(text(question), *listed, note(hint)), buttons=rows(choices, width=2, most=_ASKED_SHOWN))


def _told_apart(feeds: Sequence[tuple[str, str]]) -> list[str]:
    """The titles of feeds given as (title, address); where several have the same, with their addresses."""
    titles = [one_line(title, _TITLE) for title, _ in feeds]
    return [
        (f"{name} ({one_line(url, _TITLE)})" if titles.count(name) > 1 else name) if name else one_line(url, _TITLE)
        for name, (_, url) in zip(titles, feeds, strict=True)
    ]


def none_watched(call: Call) -> Message:
    """There is no feed here, and how to get one."""
    t = call.t
    return Message(
        blocks=(
            text(t("No feed is watched here yet.")),
            text(t.spans("Choose one: {subscribe}", subscribe=code("/subscribe"))),
        ),
        buttons=(in_place((t("Choose a feed"), "/subscribe")),),
    )


def feed_name(subscription: Subscription) -> str:
    """What a feed is called."""
    return one_line(subscription.feed.title, _TITLE) or one_line(subscription.feed.url, _TITLE) or "…"
