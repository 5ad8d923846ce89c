"""Says in plain words how a query is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

from babel import Locale as BabelLocale
from babel import UnknownLocaleError

from bot.chat.catalogue import Catalogue
from bot.matching.query import WITHIN, And, Filter, Near, Not, Or, Phrase, Query, Regex, as_typed, group


def reading(query: Query, t: Catalogue) -> str:
    """A query as one would tell it to somebody: "trilateral and talks near each other, not football"."""
    match query:
        case Near():
            return _near(query, t)
        case Phrase() | Regex():
            words = as_typed(query)
            return (
                t("exactly {words}", words=words) if isinstance(query, Phrase) else t("what {words} finds", words=words)
            )
        case And(parts):
            return reduce(lambda one, other: t("{one}; and {other}", one=one, other=other), _readings(parts, t))
        case Or(parts):
            return reduce(lambda one, other: t("{one}; or else {other}", one=one, other=other), _readings(parts, t))
        case Not(part):
            return t("without {part}", part=reading(part, t))
        case Filter():
            return _filter(query, t)


def _readings(parts: Iterable[Query], t: Catalogue) -> Iterator[str]:
    return (reading(part, t) for part in parts)


def language_name(code: str, t: Catalogue) -> str:
    """What a language is called in the reader's; its code where there is no name."""
    try:
        return BabelLocale.parse(code).get_display_name(t.babel) or code
    except (UnknownLocaleError, ValueError):
        return code


def listed(words: Sequence[str], t: Catalogue, *, either: bool = False) -> str:
    """Words in a row: "a, b and c"; with `either`, "a, b or c". At least one."""
    *others, last = words
    if not others:
        return last
    row = reduce(lambda one, other: t("{one}, {other}", one=one, other=other), others)
    return t("{one} or {other}", one=row, other=last) if either else t("{one} and {other}", one=row, other=last)


def _near(query: Near, t: Catalogue) -> str:
    words = listed(tuple(as_typed(group((word,))) for word in query.words), t)
    if len(query.words) == 1:
        return words
    if query.within == WITHIN:
        return t("{words} near each other", words=words)
    return t("{words} with at most {n} other words among them", words=words, n=query.within)


def _filter(query: Filter, t: Catalogue) -> str:
    if query.name == "lang":
        return t("in the language {part}", part=language_name(as_typed(query.part), t))
    part = reading(query.part, t)
    return t("in the title: {part}", part=part) if query.name == "title" else t("in the feed's name: {part}", part=part)
