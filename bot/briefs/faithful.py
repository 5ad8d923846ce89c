"""The guard: refuses a machine-made brief that says what its source does not, or that is not in the right form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.briefs.claims import claim_problems, lead_of
from bot.briefs.facts import read_facts
from bot.briefs.figures import figure_problems
from bot.briefs.form import form_problems
from bot.briefs.glossary import Glossary
from bot.briefs.names import NameRules, SourceNames
from bot.briefs.sides import tell_apart
from bot.briefs.source import Source
from bot.errors import BriefRefused
from bot.model import Brief, Language

FACTS = frozenset(("number", "date", "time", "weekday", "name", "negation", "modality"))


class Problem(NamedTuple):
    """What is wrong with a field: the kind of fault, and the words it stands on ("" where it is the whole)."""

    field: str
    kind: str
    words: str = ""

    def __str__(self) -> str:
        return ": ".join(filter(None, self))


class _Field(NamedTuple):
    name: str
    text: str
    language: Language


class Guard:
    """Compares briefs with their sources. Pure: the same brief and source always fare the same."""

    def __init__(self, glossary: Glossary) -> None:
        self._rules = NameRules(glossary)

    def check(self, brief: Brief, source: Source) -> None:
        """Nothing when the brief is faithful. Raises BriefRefused with the reason and what it stands on."""
        for problem in self.problems(brief, source):
            raise BriefRefused(str(problem))

    def problems(self, brief: Brief, source: Source) -> Iterator[Problem]:
        """All that is wrong with a brief, field by field; nothing when it is faithful and in form."""
        names = SourceNames(source.whole, self._rules)
        facts = read_facts(source.whole, source.published)
        for field in _fields(brief):
            if not field.text.strip():
                if field.name.startswith("title") or source.text:
                    yield Problem(field.name, "empty")
                continue
            for kind, words in form_problems(field.name, field.text, field.language, source.whole):
                yield Problem(field.name, kind, words)
            for kind, words in figure_problems(read_facts(field.text), facts):
                yield Problem(field.name, kind, words)
            for name in names.unknown(field.text, field.language, same_language=field.language is source.side):
                yield Problem(field.name, "name", name)
        halves = f"{brief.title_zh}\n{brief.summary_zh}", f"{brief.title_en}\n{brief.summary_en}"
        own, other = halves if source.side is Language.ZH else halves[::-1]
        if tell_apart(own, other, self._rules.glossary):
            yield Problem("summary_en" if source.side is Language.ZH else "summary_zh", "unrelated")
        lead = lead_of(source.title, source.text)
        for side, title, summary in (
            ("zh", brief.title_zh, brief.summary_zh),
            ("en", brief.title_en, brief.summary_en),
        ):
            for kind, words in claim_problems(lead_of(title, summary), lead):
                yield Problem(f"title_{side}" if words in title or not summary else f"summary_{side}", kind, words)


def _fields(brief: Brief) -> Iterator[_Field]:
    yield _Field("title_zh", brief.title_zh, Language.ZH)
    yield _Field("title_en", brief.title_en, Language.EN)
    yield _Field("summary_zh", brief.summary_zh, Language.ZH)
    yield _Field("summary_en", brief.summary_en, Language.EN)
