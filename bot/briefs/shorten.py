"""Cuts titles and summaries to the length of an alert, at the ends of sentences and clauses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.model import Language

_CLAUSE_END = re.compile(r"[，,；;：:、]|\s[–—-]\s|——")


@dataclass(frozen=True, slots=True)
class Lengths:
    """Characters: the most for a title and for a summary."""

    title: int
    summary: int


LENGTHS = {Language.EN: Lengths(150, 400), Language.ZH: Lengths(60, 160)}
MOST_SENTENCES = 3


def shorten(text: str, most: int) -> str:
    """The text within `most` characters, cut after a clause or else a word, with an ellipsis where it was cut."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    ends = [match.start() for match in _CLAUSE_END.finditer(head) if match.start() >= most // 2]
    cut = ends[-1] if ends else head.rfind(" ")
    return head[: cut if cut >= most // 2 else len(head)].rstrip() + "…"


def shorten_title(sentence: str, language: Language) -> str:
    """A sentence as a title: no full stop, and no longer than titles are."""
    title = sentence.rstrip("。") if sentence.endswith("。") else sentence
    title = title[:-1] if title.endswith(".") and not title.endswith("..") else title
    return shorten(title, LENGTHS[language].title)


def lead_sentences(sentences: list[str], language: Language) -> list[str]:
    """The first sentences, at most three, within the length of a summary; the first one always."""
    lengths = LENGTHS[language]
    chosen = [shorten(sentence, lengths.summary) for sentence in sentences[:1]]
    for sentence in sentences[1:MOST_SENTENCES]:
        if sum(map(len, chosen)) + len(sentence) > lengths.summary:
            break
        chosen.append(sentence)
    return chosen
