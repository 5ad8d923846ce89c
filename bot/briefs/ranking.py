"""Ranks the sentences of a news text by PageRank on the graph of what they share, drawn to where news stands.

sentences ─▶ words of each ─▶ graph: TF-IDF cosine of any two ─┐
title, place in the text, words that were sought ─▶ priors ────┴─▶ personalised PageRank ─▶ scores

TextRank (Mihalcea and Tarau 2004) and LexRank (Erkan and Radev 2004) begin at any sentence alike; news is told from
the top, under a title that says what matters, so here a walk begins again at sentences like these (as in Otterbacher,
Erkan and Radev 2005). Figures and words of background were tried as priors and brought nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import rustworkx
from numpy.typing import NDArray

from bot.briefs.scripts import is_function_word
from bot.text.commonwords import common_words
from bot.text.stems import stemming, stems_by
from bot.text.tokens import columns

_DAMPING = 0.6  # the share of steps that follow the graph; more loses the lead
_SOUGHT = 1.0  # what a sought word counts, where the first sentence of a text has 1
_QUESTION = 0.5  # times the prior: a question does not say what happened
_QUESTION_MARKS = ("?", "？")
_CLOSERS = "\"'”’」』)）"
_LEAST = 1e-3  # every sentence can be begun at, or the library refuses a text without any prior

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranking:
    """How telling each sentence is (scores that sum to 1), and how alike any two are (0 to 1)."""

    scores: list[float]
    likeness: Matrix

    @property
    def order(self) -> list[int]:
        """The places of the sentences, the most telling first."""
        return sorted(range(len(self.scores)), key=lambda place: -self.scores[place])


def rank(sentences: Sequence[str], title: str, language: str, answering: Sequence[int] = ()) -> Ranking:
    """Rank the sentences of a text in order. `answering` are the places of those that have words which were sought."""
    if not sentences:
        return Ranking([], np.zeros((0, 0)))
    likeness = _likeness([content_words(text, language) for text in (*sentences, title)])
    to_title, likeness = likeness[-1, :-1], likeness[:-1, :-1]
    priors = 1 / np.arange(1, len(sentences) + 1) + to_title + _LEAST
    priors[[is_question(sentence) for sentence in sentences]] *= _QUESTION
    priors[list(answering)] += _SOUGHT
    return Ranking(_pagerank(likeness, priors), likeness)


def is_question(sentence: str) -> bool:
    """Whether a sentence ends as questions do."""
    return sentence.rstrip(_CLOSERS).endswith(_QUESTION_MARKS)


def _pagerank(likeness: Matrix, priors: Matrix) -> list[float]:
    """The ranks by likeness, each sentence's to itself too, so that a lead which shares no word with the rest stays."""
    graph = rustworkx.PyDiGraph.from_adjacency_matrix(likeness)
    starts = dict(enumerate(priors.tolist()))
    ranks = rustworkx.pagerank(graph, alpha=_DAMPING, weight_fn=float, personalization=starts)
    return [ranks[place] for place in range(len(priors))]


def _likeness(texts: Sequence[Sequence[str]]) -> Matrix:
    """The cosine of any two texts by their words, each word weighed by how few of the texts have it."""
    rows: dict[str, int] = {}
    counts = np.zeros((len(texts), len({word for words in texts for word in words})))
    for text, words in enumerate(texts):
        for word in words:
            counts[text, rows.setdefault(word, len(rows))] += 1
    weights = counts * np.log1p(len(texts) / np.maximum(1, np.count_nonzero(counts, axis=0)))
    lengths = np.linalg.norm(weights, axis=1, keepdims=True)
    weights /= np.where(lengths, lengths, 1.0)
    cosine: Matrix = weights @ weights.T
    return cosine


def content_words(text: str, language: str) -> list[str]:
    """The stems of a text's words but the commonest; pairs of neighbours where words aren't spaced, as in Chinese."""
    found = columns(text)
    runs = {place for row, run in found.runs for place in range(row, row + len(run))}
    common = common_words(language)
    words = [
        term
        for row, term in enumerate(found.terms)
        if row not in runs and term not in common and not is_function_word(term)
    ]
    pairs = [first + second for _, run in found.runs for first, second in pairwise(run)]
    return stems_by(words, stemming(language)) + pairs
