"""The sentences people read, in their language: gettext catalogues, compiled in memory from the .po files."""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path
from string import Formatter

import babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.model import Locale, Span

LOCALES = Path(__file__).with_name("locales")


class Catalogue:
    """Translates: `t("Watching {feed}.", feed=title)`. Values are put in once and never read as formats."""

    def __init__(self, locale: Locale, translations: gettext.NullTranslations) -> None:
        self.locale = locale
        self.babel = babel.Locale.parse(locale.value, sep="-")
        self._translations = translations

    def __call__(self, text: str, /, **values: object) -> str:
        """The text in this language, with its values."""
        return self._translations.gettext(text).format(**values)

    def n(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The text in the form for a count; `{n}` stands for the count."""
        return self._translations.ngettext(one, many, n).format(n=n, **values)

    def spans(self, text: str, /, **values: Span | tuple[Span, ...] | str) -> tuple[Span, ...]:
        """The text as runs, where each value stands as runs of its own: people's and feeds' texts keep to theirs."""
        runs: list[Span] = []
        for literal, name, _, _ in Formatter().parse(self._translations.gettext(text)):
            if literal:
                runs.append(Span(literal))
            if name is not None:
                value = values[name]
                parts = value if isinstance(value, tuple) else (value,)
                runs.extend(part if isinstance(part, Span) else Span(part) for part in parts)
        return tuple(runs)


@cache
def catalogue_for(locale: Locale) -> Catalogue:
    """The catalogue of a language. English is the language of the code and needs no file."""
    if locale is Locale.EN:
        return Catalogue(locale, gettext.NullTranslations())
    language, script, *_ = locale.value.split("-")
    return Catalogue(locale, _compiled(LOCALES / f"{language}_{script}.po"))


def _compiled(path: Path) -> gettext.GNUTranslations:
    with path.open("rb") as source:
        catalog = read_po(source, locale=path.stem)
    binary = io.BytesIO()
    write_mo(binary, catalog)
    binary.seek(0)
    return gettext.GNUTranslations(binary)


def mark(text: str) -> str:
    """The text itself; it marks a text for the catalogues where it is only translated later."""
    return text


def locale_from_tag(tag: str | None) -> Locale:
    """The interface language for a BCP 47 tag as Telegram and Discord send it; English where we have none."""
    language, *rest = (tag or "").lower().replace("_", "-").split("-")
    if language != "zh":
        return Locale.EN
    if "hans" in rest:
        return Locale.ZH_HANS
    by_region = {"tw": Locale.ZH_HANT_TW, "hk": Locale.ZH_HANT_HK, "mo": Locale.ZH_HANT_HK, "hant": Locale.ZH_HANT}
    return next((locale for subtag, locale in by_region.items() if subtag in rest), Locale.ZH_HANS)
