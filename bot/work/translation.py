"""Which keywords the translation of an item answers, besides those that its own words answer.

Item and translation are read as one: a word may stand in either, and what a query excludes must stand in neither.
Since a summary leaves much out, the names in the item count as excluded in both languages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from bot.matching.document import Document
from bot.matching.evaluate import answers, evaluate_apart
from bot.matching.expression import excludes
from bot.matching.query import read
from bot.model import Brief, FeedRef, Hit, Item, Language, MadeBy, NewDelivery, Recipient
from bot.ports import NameBook
from bot.text.chinese import han_share

_MADE = frozenset({MadeBy.MODEL, MadeBy.TRANSLATION})  # a feed's own two languages are both words of the item
_TOLD_BY_SCRIPT = frozenset({"", *Language})
_NAMED_WITHIN = 6_000  # characters; looking for names takes a millisecond for each hundred


def translations_of(item: Item, brief: Brief | None) -> tuple[Item, ...]:
    """The brief's halves in languages that the item is not in, as items; none where nobody translated."""
    if brief is None or brief.untranslated or brief.made_by not in _MADE:
        return ()
    halves = {Language.ZH: (brief.title_zh, brief.summary_zh), Language.EN: (brief.title_en, brief.summary_en)}
    own = _language(item)
    return tuple(
        Item(guid="", url="", title=title, text=summary, language=language)
        for language, (title, summary) in halves.items()
        if language != own
    )


def _language(item: Item) -> str:
    language = item.language.partition("-")[0].lower()
    if language not in _TOLD_BY_SCRIPT:
        return language
    return Language.ZH if han_share(f"{item.title} {item.text}") >= 0.5 else Language.EN  # noqa: PLR2004 - most of it


def with_names(item: Item, feed: FeedRef, translations: Sequence[Item], book: NameBook) -> Document:
    """What queries exclude is looked for in this: item, translations, and the item's names in their languages."""
    text = f"{item.title}\n{item.text}"[:_NAMED_WITHIN]
    names = [name for each in translations for name in book.named_in(text, Language(each.language))]
    # Apart, as names that follow one another by chance are no phrase.
    return Document(item, feed, (*translations, Item(guid="", url="", title="", text="\n\n".join(names))))


def translated_hits(forms: Iterable[str], document: Document, named: Document) -> list[Hit]:
    """Those of the queries that a document with translations answers, with the words; `named`: see `with_names`."""
    hits = []
    for form in forms:
        query = read(form)
        found = evaluate_apart(query, document)
        if found is not None and not (excludes(query) and not answers(query, named)):
            hits.append(Hit(canonical=form, matched=found[0], translated=found[1]))
    return hits


def asking(recipients: Iterable[Recipient], hits: Collection[Hit]) -> list[Recipient]:
    """The recipients with those of their queries that were hit, and without the others."""
    hit = {each.canonical for each in hits}
    return [
        replace(each, queries=queries)
        for each in recipients
        if (queries := tuple(pair for pair in each.queries if pair[0] in hit))
    ]


def joined(deliveries: Iterable[NewDelivery], more: Iterable[NewDelivery]) -> tuple[NewDelivery, ...]:
    """All deliveries, one a chat: its further reasons stand behind the first."""
    by_chat = {each.chat: each for each in more}
    both = [
        replace(each, why=each.why + by_chat.pop(each.chat).why) if each.chat in by_chat else each
        for each in deliveries
    ]
    return (*both, *by_chat.values())
