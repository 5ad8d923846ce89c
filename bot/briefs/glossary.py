"""The glossary: how people, places and bodies in the news are called in Chinese and in English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from bot.briefs.lookup import Form, Lookup
from bot.briefs.terms import Term, TermKind
from bot.errors import SettingsError
from bot.model import Language, Script
from bot.text.chinese import HAN, as_printed, is_simplified, to_script, writer

__all__ = ["Glossary", "Term", "TermKind", "load_glossary", "read_glossary", "read_own"]

_KINDS = frozenset(TermKind)
_OLD_NAMES = 3  # en, zh_hant, zh_hans, of files from before there were regions
_NAMES = 4  # en, hk, tw, cn
_HEADING = "en"
_WRITTEN = "~"
_SAME = "="
_TOLD = "<"
_NAME_DOTS = "·•・‧"


class Glossary:
    """Finds terms in texts: the longest form first, English ones as whole words."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        self._by_form: dict[str, Term] = {}
        for term in self.terms:
            for form in term.forms():
                self._by_form.setdefault(_key(form, term.kind), term)
        findable = ((form, term.kind) for term in self.terms for form in term.forms() if len(form) > 1)
        # Names keep their case ("US", not "us").
        self._lookup = Lookup(Form(form, any_case=_folds(form, kind)) for form, kind in findable)
        named = Counter(name for term in self.terms for name in set(term.names()))
        self._clear = frozenset(name for name, count in named.items() if count == 1 and len(name) > 1)

    def find(self, text: str) -> list[Term]:
        """The terms of a text, each once, in the order of the text."""
        return list(dict.fromkeys(term for term, _ in self.spans(text)))

    def spans(self, text: str) -> Iterator[tuple[Term, tuple[int, int]]]:
        """The terms of a text with the place of each, as character offsets."""
        for start, end in self._lookup.spans(text):
            form = text[start:end]
            yield self._by_form.get(form) or self._by_form[form.lower()], (start, end)

    def named_in(self, text: str, language: Language) -> list[str]:
        """All names in a language of what a text names, as far as the glossary knows."""
        forms = (form for term in self.find(text) for form in term.forms())
        return [form for form in forms if bool(HAN.search(form)) == (language is Language.ZH)]

    def localised(self, text: str, region: Script) -> str:
        """A Chinese text as a region (HK, TW, CN) writes it: its characters, its names, its words.

        Of other scripts, its characters alone. What is no region's plain name (a word for the people or the army of a
        place, a name that two share) stays.
        """
        if not HAN.search(text):
            return text
        write, parts, done = writer(text, region), list[str](), 0
        # Words, unlike names, are everybody's: a text in 简体 keeps those it chose.
        names_only = region is Script.CN and is_simplified(text)
        for term, (start, end) in self.spans(text):
            if term.kind is TermKind.TERM and names_only:
                continue
            if name := self._name(term, text, (start, end), region):
                parts += [write(text[done:start]), name]
                done = end
        return "".join([*parts, write(text[done:])])

    def _name(self, term: Term, text: str, span: tuple[int, int], region: Script) -> str:
        """The region's name for a term at its place; "" where it is to stay as it is."""
        start, end = span
        form, name = text[start:end], term.regional(region)
        if not name or form not in self._clear or form not in term.names():
            return ""
        if term.kind is not TermKind.TERM and _is_of_another(text, span, name):
            return ""
        return as_printed(name, region)


def _is_of_another(text: str, span: tuple[int, int], name: str) -> bool:
    """Whether a name is probably part of somebody else's.

    米萊 is so in 米萊·某某, and 里夫斯 in 基努·里夫斯, who is not the one that Hong Kong calls by three other signs.
    """
    start, end = span
    before, after = text[start - 1 : start], text[end : end + 1]
    if after and after in _NAME_DOTS:
        return True
    spelt = to_script(text[start:end], Script.HANS)
    return bool(before) and before in _NAME_DOTS and not set(spelt) & set(to_script(name, Script.HANS))


def _key(form: str, kind: TermKind) -> str:
    return form.lower() if _folds(form, kind) else form


def _folds(form: str, kind: TermKind) -> bool:
    return kind is TermKind.TERM and not form.isupper()


def read_glossary(text: str) -> list[Term]:
    """The terms of a file: one a line, columns apart by tabs, `#` for comments. Raises SettingsError by line.

    The columns are en, hk, tw, cn, kind, aliases. Files from before there were regions are told by where the kind
    stands: en, zh_hant, zh_hans, kind, aliases.
    """
    problems, terms, lines = list[str](), dict[str, Term](), dict[str, int]()
    for number, line in enumerate(text.splitlines(), start=1):
        columns = [column.strip() for column in line.split("\t")]
        if not any(columns) or line.startswith("#") or columns[0] == _HEADING:
            continue
        try:
            term = _read_columns(columns)
        except ValueError as error:
            problems.append(f"glossary line {number}: {error}")
            continue
        if term.en in terms:
            problems.append(f"glossary line {number}: {term.en} stands in line {lines[term.en]} already")
        terms[term.en], lines[term.en] = term, number
    if problems:
        raise SettingsError(*problems)
    return list(terms.values())


def _read_columns(columns: Sequence[str]) -> Term:
    place = next((at for at in (_OLD_NAMES, _NAMES) if len(columns) > at and columns[at] in _KINDS), None)
    if place is None or not all(columns[:place]) or len(columns) > place + 2:
        kinds = ", ".join(TermKind)
        raise ValueError(f"needs en, hk, tw, cn, kind ({kinds}) and aliases, apart by tabs")
    en, *names = columns[:place]
    tw = "" if place == _OLD_NAMES else names.pop(1)
    further = [alias.strip() for alias in "".join(columns[place + 1 :]).split("|") if alias.strip()]
    aliases = [alias for alias in further if not alias.startswith(_TOLD)]
    return Term(
        en=en,
        zh_hant=_bare(names[0]),
        tw=_bare(tw),
        zh_hans=_bare(names[1]),
        kind=TermKind(columns[place]),
        aliases=tuple(_bare(alias) for alias in aliases),
        written=frozenset(_bare(name) for name in (*names, tw) if name.startswith(_WRITTEN)),
        same=frozenset(_bare(alias) for alias in aliases if alias.startswith(_SAME)),
        told_by=tuple(_bare(alias) for alias in further if alias.startswith(_TOLD)),
    )


def _bare(form: str) -> str:
    return form.lstrip(_WRITTEN + _SAME + _TOLD).strip()


def load_glossary(own: Path | None = None) -> Glossary:
    """The glossary that comes with Diting, and the terms of a file of one's own, which stand in place of those of the
    same English name. Raises SettingsError."""
    shipped = read_glossary(files("bot.briefs").joinpath("glossary.tsv").read_text(encoding="utf-8"))
    mine = read_own(own) if own else []
    replaced = {term.en for term in mine}
    # One's own first: a form that two terms have is found as the first one's.
    return Glossary([*mine, *(term for term in shipped if term.en not in replaced)])


def read_own(path: Path) -> list[Term]:
    """The terms of a file of one's own. Raises SettingsError."""
    try:
        return read_glossary(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"glossary {path}: {error}") from error
