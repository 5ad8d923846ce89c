"""The catalogue of feeds as people browse it: topics, and the feeds of a topic."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from bot.chat.asking import asks
from bot.chat.blocks import buttons, code, entry, in_place, note, one_line, rows, text, title
from bot.chat.catalogue import Catalogue, catalogue_for, interface_locales, mark
from bot.chat.commands.call import page_of, turns
from bot.chat.readings import language_name
from bot.model import Button, CatalogueEntry, Message, Span, Subscription
from bot.text.fold import fold

_TITLE = 60
_PAGE = 12  # with the ways on and back they fill the five rows that Discord shows
_NAMES = 160
_MOST_NAMED = 5
_NEAR = 0.65  # so that `bcc` leads to bbc
_MOST_NEAR = 6
_WORD = re.compile(r"\w{3,}")
_TOPICS = {
    "world": mark("World"),
    "china": mark("China"),
    "hongkong": mark("Hong Kong"),
    "taiwan": mark("Taiwan"),
    "finance": mark("Finance"),
    "tech": mark("Technology"),
    "science": mark("Science"),
    "sports": mark("Sports"),
}


def topics(entries: Iterable[CatalogueEntry]) -> list[str]:
    """The topics of the catalogue, in its order."""
    return list(dict.fromkeys(each.topic for each in entries))


def topic_label(topic: str, t: Catalogue) -> str:
    """The topic's name in the reader's language; a topic we have no word for keeps its own."""
    known = _TOPICS.get(topic.casefold())
    return t(known) if known else one_line(topic, _TITLE)


def overview(entries: Sequence[CatalogueEntry], t: Catalogue) -> Message:
    """All topics with the names of their feeds, and what else can be watched."""
    listed = []
    for topic in topics(entries):
        titles = [each.title for each in entries if each.topic == topic]
        names = ", ".join([*titles[:_MOST_NAMED], *(["…"] if len(titles) > _MOST_NAMED else [])])
        listed.append(entry(t.spans("{name}: {value}", name=topic_label(topic, t), value=one_line(names, _NAMES))))
    return Message(
        blocks=(
            title(t("Which feed?")),
            text(
                t.spans(
                    "Choose a topic, or send an address: {example}. The address of an ordinary page will do.",
                    example=code("/subscribe https://example.org/news"),
                )
            ),
            *listed,
        ),
        buttons=(
            *rows(in_place(*((topic_label(topic, t), f"/subscribe {topic}") for topic in topics(entries)))),
            asks(t, t("✏️ Type an address"), "/subscribe"),
        ),
    )


def topic_page(
    topic: str,
    entries: Sequence[CatalogueEntry],
    t: Catalogue,
    *,
    suffix: str = "",
    page: int = 1,
    watched: Iterable[Subscription] = (),
) -> Message:
    """Twelve feeds of a topic, each with a button, whose command line ends in `suffix`; `page` counts from 1. Those
    that are `watched` are marked."""
    ours = {each.feed.url for each in watched}
    of_topic = [each for each in entries if each.topic == topic]
    page, pages = page_of(str(page), len(of_topic), _PAGE)
    chosen = list(enumerate(of_topic, 1))[(page - 1) * _PAGE : page * _PAGE]
    listed = [
        entry(
            (
                Span(f"{place}. {'✓ ' if each.url in ours else ''}{one_line(each.title, _TITLE)}"),
                Span(f" · {language_name(each.language, t)} · "),
                code(each.name),
            )
        )
        for place, each in chosen
    ]
    # A telephone cuts long labels; their numbers stay.
    choices = buttons(*((_label(place, each, ours), f"/subscribe {each.name}{suffix}") for place, each in chosen))
    left = sum(each.url not in ours for each in of_topic)
    whole = (
        (t.n("Watch all {n}", "Watch all {n}", len(of_topic)), f"/subscribe {topic} all{suffix}")
        if left
        else (t.n("Stop all {n}", "Stop all {n}", len(of_topic)), f"/unsubscribe {topic} all")
    )
    turned = turns(t, f"/subscribe {topic}", page, pages, sign="#", suffix=suffix)
    return Message(
        blocks=(
            title(topic_label(topic, t)),
            *listed,
            note(t("Choose a feed; you can have as many as you like, and stop any of them at any time.")),
        ),
        buttons=(*rows(choices), (*in_place(whole), *turned, *_all_topics(t))),
    )


def _label(place: int, each: CatalogueEntry, watched: set[str]) -> str:
    return f"{place}. {'✓ ' if each.url in watched else ''}{each.title}"


def _all_topics(t: Catalogue) -> tuple[Button, ...]:
    return in_place((t("All topics"), "/subscribe"))


def find_topic(typed: str, entries: Iterable[CatalogueEntry]) -> str | None:
    """The topic that was typed, in any of our languages, unless a feed of the catalogue has that very name."""
    wanted = fold(typed)
    entries = list(entries)
    if any(fold(each.name) == wanted for each in entries):
        return None
    return next((each.topic for each in entries if wanted in _topic_names(each)), None)


def _topic_names(each: CatalogueEntry) -> set[str]:
    labels = (topic_label(each.topic, catalogue_for(locale)) for locale in interface_locales())
    return {fold(name) for name in (each.topic, *each.topic_names, *labels)}


def looks_like_address(typed: str) -> bool:
    """Whether a text was meant as an address, and not as a name."""
    return " " not in typed and ("://" in typed or "." in typed.strip("."))


def unknown_name(typed: str, entries: Sequence[CatalogueEntry], t: Catalogue) -> Message:
    """No such name in the catalogue: the nearest ones."""
    by_word: dict[str, list[CatalogueEntry]] = {}
    for each in entries:
        words = {each.name.casefold(), each.title.casefold(), *_WORD.findall(f"{each.name} {each.title}".casefold())}
        for word in words:
            by_word.setdefault(word, []).append(each)
    close = get_close_matches(typed.casefold()[:80], by_word, n=3, cutoff=_NEAR)
    near = list(dict.fromkeys(each for word in close for each in by_word[word]))[:_MOST_NEAR]
    choices: tuple[Button, ...] = buttons(*((each.title, f"/subscribe {each.name}") for each in near))
    return Message(
        blocks=(
            text(t.spans("The catalogue has no feed called {name}.", name=code(one_line(typed, 80)))),
            text(
                t.spans(
                    "Send {subscribe} to see all, or the full address of a site: {example}.",
                    subscribe=code("/subscribe"),
                    example=code("/subscribe https://example.org"),
                )
            ),
        ),
        buttons=(*rows(choices), _all_topics(t)),
    )
