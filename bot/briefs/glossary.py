"""The glossary: how people, places and bodies in the news are called in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from bot.errors import SettingsError
from bot.model import Language, Script
from bot.text.chinese import HAN, to_script

_COLUMNS = 5
_LATIN = re.compile(r"[A-Za-z]+[a-z]")
_LETTER = "A-Za-z0-9\u00c0-\u024f"


class TermKind(StrEnum):
    """What a term names. Terms proper are common words: a text may say them in other ways."""

    PERSON = "person"
    PLACE = "place"
    BODY = "body"
    TERM = "term"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One line of the glossary; `aliases` are further forms in any script.

    A form of one sign (美, 俄) is too ambiguous to be looked for; it only counts as a mention of the term.
    """

    en: str
    zh_hant: str
    zh_hans: str
    kind: TermKind
    aliases: tuple[str, ...] = ()

    def forms(self) -> tuple[str, ...]:
        """All forms the term is known by, 繁 and 简 of each Chinese one."""
        people = [f"{alias}s" for alias in self.aliases if self.kind is TermKind.PLACE and _LATIN.fullmatch(alias)]
        written = (self.en, self.zh_hant, self.zh_hans, *self.aliases, *people)
        both = [form for text in written for form in (text, *_scripts(text))]
        return tuple(dict.fromkeys(both))

    def hinted(self, text: str) -> bool:
        """Whether a text has one of the term's forms of one sign, as in 美俄 for the United States and Russia."""
        return any(form in text for form in self.forms() if len(form) == 1)

    def named(self, language: Language) -> str:
        """The term in a language; Chinese in 繁體, as chats convert it to what they read."""
        return self.en if language is Language.EN else self.zh_hant


def _scripts(text: str) -> tuple[str, ...]:
    return (to_script(text, Script.HANT), to_script(text, Script.HANS)) if HAN.search(text) else ()


class Glossary:
    """Finds terms in texts: the longest form first, English ones as whole words."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        self._by_form: dict[str, Term] = {}
        for term in self.terms:
            for form in term.forms():
                self._by_form.setdefault(_key(form, term.kind), term)
        findable = ((form, term.kind) for term in self.terms for form in term.forms() if len(form) > 1)
        self._pattern = _pattern(findable)

    def find(self, text: str) -> list[Term]:
        """The terms of a text, each once, in the order of the text."""
        return list(dict.fromkeys(term for term, _ in self.spans(text)))

    def spans(self, text: str) -> Iterator[tuple[Term, tuple[int, int]]]:
        """The terms of a text with the place of each, as character offsets."""
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text):
            term = self._by_form.get(match.group()) or self._by_form[match.group().lower()]
            yield term, match.span()

    def named_in(self, text: str, language: Language) -> list[str]:
        """All names in a language of what a text names, as far as the glossary knows."""
        forms = (form for term in self.find(text) for form in term.forms())
        return [form for form in forms if bool(HAN.search(form)) == (language is Language.ZH)]


def _key(form: str, kind: TermKind) -> str:
    return form.lower() if kind is TermKind.TERM and not _is_acronym(form) else form


def _is_acronym(form: str) -> bool:
    return form.isupper()


def _pattern(forms: Iterable[tuple[str, TermKind]]) -> re.Pattern[str] | None:
    """One alternation, longest form first ("New York Times", "New York"); names keep their case ("US", not "us")."""
    longest_first = sorted(set(forms), key=lambda pair: -len(pair[0]))
    return re.compile("|".join(_form_pattern(*pair) for pair in longest_first)) if longest_first else None


def _form_pattern(form: str, kind: TermKind) -> str:
    literal = re.escape(form)
    if HAN.search(form):
        return literal
    whole = rf"(?<![{_LETTER}]){literal}(?![{_LETTER}])"
    return f"(?i:{whole})" if kind is TermKind.TERM and not _is_acronym(form) else whole


def read_glossary(text: str) -> list[Term]:
    """The terms of a file: one a line, columns apart by tabs, `#` for comments. Raises SettingsError by line."""
    problems, terms = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            terms.append(_read_line(line))
        except ValueError as error:
            problems.append(f"glossary line {number}: {error}")
    if problems:
        raise SettingsError(*problems)
    return terms


def _read_line(line: str) -> Term:
    columns = [column.strip() for column in line.split("\t")]
    if len(columns) < _COLUMNS - 1 or len(columns) > _COLUMNS or not all(columns[: _COLUMNS - 1]):
        raise ValueError("needs en, zh_hant, zh_hans, kind and aliases, apart by tabs")
    en, zh_hant, zh_hans, kind, *aliases = columns
    listed = tuple(alias.strip() for alias in "".join(aliases).split("|") if alias.strip())
    return Term(en=en, zh_hant=zh_hant, zh_hans=zh_hans, kind=TermKind(kind), aliases=listed)


def load_glossary(path: Path | None = None) -> Glossary:
    """The glossary of a file, or the one that comes with Diting. Raises SettingsError."""
    if path is None:
        return Glossary(read_glossary(files("bot.briefs").joinpath("glossary.tsv").read_text(encoding="utf-8")))
    try:
        return Glossary(read_glossary(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"glossary {path}: {error}") from error
