"""The sentences people read, in their language: gettext catalogues, compiled in memory from the .po files.

A language is there when its file is: `locales/fr.po` is all that French needs. What it leaves untranslated is said in
English, sentence by sentence.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from string import Formatter

import babel
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

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
        return self._translations.ngettext(one, many, n).format(n=self.number(n), **values)

    def number(self, number: float) -> str:
        """A number as the language writes it: 12,345 or 12.345 or 12 345."""
        return format_decimal(number, locale=self.babel)

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
def interface_locales() -> tuple[Locale, ...]:
    """The languages that can be spoken: English, which is that of the code, then ours, then those of other files."""
    found = {Locale(path.stem.replace("_", "-")) for path in LOCALES.glob("*.po") if _is_language(path.stem)}
    ours = [locale for locale in Locale if locale in found or locale is Locale.EN]
    return (*ours, *sorted(found.difference(ours)))


@cache
def catalogue_for(locale: Locale) -> Catalogue:
    """The catalogue of a language, or of the nearest one that has a file: `zh_Hant.po` for zh-Hant-HK.

    English needs no file, and stands in for a language whose file was taken away.
    """
    paths = [LOCALES / f"{name.replace('-', '_')}.po" for name in _ever_shorter(locale.value)]
    path = next((path for path in paths if path.exists() and _is_language(path.stem)), None)
    return Catalogue(locale, _compiled(path)) if path else Catalogue(Locale.EN, gettext.NullTranslations())


def own_name(locale: Locale) -> str:
    """What a language is called by those who speak it."""
    known = babel.Locale.parse(locale.value, sep="-")
    name = str(known.languages.get(str(known)) or known.get_display_name() or locale.value)
    return name[:1].upper() + name[1:]


def _is_language(name: str) -> bool:
    try:
        babel.Locale.parse(name)
    except (babel.UnknownLocaleError, ValueError):
        return False
    return True


def _ever_shorter(tag: str) -> list[str]:
    """A tag without its last part, again and again, as RFC 4647 looks languages up (section 3.4)."""
    parts = tag.split("-")
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]


def _compiled(path: Path) -> gettext.GNUTranslations:
    with path.open("rb") as source:
        catalog = read_po(source, locale=path.stem)
    for message in catalog:
        if message.id and not has_its_values(message):
            message.string = ""  # a slip of the pen costs a sentence in that language, and no answer
    binary = io.BytesIO()
    write_mo(binary, catalog)
    binary.seek(0)
    return gettext.GNUTranslations(binary)


def has_its_values(message: Message) -> bool:
    """Whether a translation asks for no value that its sentence does not bring."""
    texts, forms = _forms(message.id), _forms(message.string)
    try:
        brought = {name for text in texts for _, name, _, _ in Formatter().parse(text)}
        return all(name in brought for form in forms for _, name, _, _ in Formatter().parse(form) if name is not None)
    except ValueError:  # a brace that opens and never closes
        return False


def _forms(texts: str | Iterable[str] | None) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts or ())


def mark(text: str) -> str:
    """The text itself; it marks a text for the catalogues where it is only translated later."""
    return text


def locale_from_tag(tag: str | None) -> Locale:
    """The interface language for a BCP 47 tag as Telegram and Discord send it; English where we have none."""
    language, *rest = (tag or "").lower().replace("_", "-").split("-")
    if language != "zh":
        return _nearest("-".join((language, *rest)))
    if "hans" in rest:
        return Locale.ZH_HANS
    by_region = {"tw": Locale.ZH_HANT_TW, "hk": Locale.ZH_HANT_HK, "mo": Locale.ZH_HANT_HK, "hant": Locale.ZH_HANT}
    return next((locale for subtag, locale in by_region.items() if subtag in rest), Locale.ZH_HANS)


def _nearest(tag: str) -> Locale:
    """The language of a tag in small letters: in its region if it can be, else in another one."""
    by_tag = {locale.value.lower(): locale for locale in interface_locales()}
    exact = next((by_tag[name] for name in _ever_shorter(tag) if name in by_tag), None)
    language = tag.partition("-")[0]
    akin = (locale for name, locale in by_tag.items() if name.partition("-")[0] == language)
    return exact or next(akin, Locale.EN)
