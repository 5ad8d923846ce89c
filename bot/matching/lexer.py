"""The signs and words of a query with their places, read with every width and shape of the signs."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto
from typing import NamedTuple

from rapidfuzz.distance import OSA

from bot.errors import QueryProblem
from bot.matching.expression import Term, Word, terms_of
from bot.matching.regex import flaw, pattern_of
from bot.text.fold import fold
from bot.text.tokens import BROKEN, Token, tokenize

# One character for one, so that places in the text read are places in the text typed.
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("（﹙", "("), **dict.fromkeys("）﹚", ")"), **dict.fromkeys("｜¦", "|"),
        **dict.fromkeys("－−–﹣", "-"), "＊": "*", "／": "/", **dict.fromkeys("：﹕", ":"),
        **dict.fromkeys("“”„‟＂«»〝〞「」『』", '"'),
    }
)  # fmt: skip
_CHUNK = re.compile(r'[^\s()|"]+')
_FILTER = re.compile(r"([^\W\d_]+):(?!//)")
_FILTERS = {
    "title": "title", "标题": "title", "feed": "feed", "来源": "feed", "lang": "lang", "语言": "lang",
}  # fmt: skip
# What other search engines call theirs; people's fingers know these.
_MEANT = {
    "intitle": "title", "headline": "title", "subject": "title", "site": "feed", "source": "feed", "from": "feed",
    "rss": "feed", "language": "lang", "locale": "lang",
}  # fmt: skip
# Up to a slash that ends a word: a path such as /r/worldnews is none, nor is `a / b`.
_REGEX = re.compile(r"/((?![\s/])(?:\\.|[^\\])+?)(?<!\s)/i?(?=[\s)|]|$)", re.DOTALL)
_MARKS_OF_REGEX = re.compile(r"/(?![\s/])\S*[\\\[{^+?]")
_ESCAPE = re.compile(r"\\(?:[pP]\{\w*\}|.)|\{[\d,]*\}", re.DOTALL)
_NEAR = re.compile(r"NEAR/([0-9]{1,4})", re.IGNORECASE)
_PLAIN = re.compile("[a-z0-9]+")  # reads as it stands
_FARTHEST = 99  # words
SHORTEST_PREFIX = 2  # letters


class Kind(Enum):
    """What a lexeme is."""

    WORD = auto()
    PHRASE = auto()
    FILTER = auto()
    OPEN = auto()
    CLOSE = auto()
    MINUS = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    NEAR = auto()
    REGEX = auto()


class Lexeme(NamedTuple):
    """A piece of a query. `name` is a filter's, `words` those of a WORD, `tokens` those of a PHRASE, `within` the
    number of a NEAR, `pattern` that of a REGEX."""

    kind: Kind
    start: int
    name: str = ""
    within: int = 0
    words: tuple[Word, ...] = ()
    tokens: tuple[Token, ...] = ()
    pattern: str = ""
    written: str = ""


class Lexer:
    """Reads one query. What is wrong is noted in `problems` and mended, so that there is always a reading."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._read = query.translate(_SIGNS)
        self._at = 0
        self._lexemes: list[Lexeme] = []
        self.problems: list[tuple[QueryProblem, int]] = []

    def lexemes(self) -> list[Lexeme]:
        """All lexemes, in order."""
        simple = {"(": Kind.OPEN, ")": Kind.CLOSE, "|": Kind.OR}
        while self._at < len(self._read):
            sign = self._read[self._at]
            if sign == '"':
                self._phrase()
            elif sign == "/" and self._regex():
                pass
            elif sign in simple:
                self._add(simple[sign], self._at)
                self._at += 2 if self._read.startswith("||", self._at) else 1
            elif chunk := _CHUNK.match(self._read, self._at):
                self._chunk(chunk[0])
            else:
                self._at += 1
        return self._lexemes

    def _add(self, kind: Kind, start: int) -> None:
        self._lexemes.append(Lexeme(kind, start))

    def _phrase(self) -> None:
        start = self._at
        end = self._read.find('"', start + 1)
        inside = self._query[start + 1 : end if end >= 0 else None]
        self._at = end + 1 if end >= 0 else len(self._read)
        tokens = tokenize(inside)
        if end < 0:
            self.problems.append((QueryProblem.OPEN_QUOTE, start))
        elif not tokens:
            self.problems.append((QueryProblem.EMPTY_PHRASE, start))
        if tokens:
            written = inside[tokens[0].start : tokens[-1].end]
            self._lexemes.append(Lexeme(Kind.PHRASE, start, tokens=tuple(tokens), written=" ".join(written.split())))

    def _regex(self) -> bool:
        """Read a regular expression, if one begins here."""
        start = self._at
        found = _REGEX.match(self._read, start)
        if found:
            self._at, written = found.end(), self._query[found.start(1) : found.end(1)]
        elif _MARKS_OF_REGEX.match(self._read, start):
            self.problems.append((QueryProblem.OPEN_REGEX, start))
            self._at, written = len(self._read), self._query[start + 1 :].rstrip()
        else:
            return False
        self._add_regex(written, start)
        return True

    def _add_regex(self, written: str, start: int) -> None:
        """Instead of one that can't be, the words in it."""
        pattern = pattern_of(written)
        wrong = flaw(pattern)
        if wrong is None:
            self._lexemes.append(Lexeme(Kind.REGEX, start, pattern=pattern, written=written))
            return
        self.problems.append((wrong.problem, start + 1 + wrong.position))
        words = _ESCAPE.sub(" ", written)
        if runs := _runs(tokenize(words)):
            self._lexemes.append(Lexeme(Kind.WORD, start, words=tuple(Word(terms_of(run, words)) for run in runs)))

    def _chunk(self, chunk: str) -> None:
        start = self._at
        self._at += len(chunk)
        if _PLAIN.fullmatch(chunk):
            self._lexemes.append(Lexeme(Kind.WORD, start, words=(Word((Term(chunk),), written=chunk),)))
            return
        operator = unicodedata.normalize("NFKC", chunk)
        if operator in {"AND", "OR", "NOT"}:
            self._add(Kind[operator], start)
        elif near := _NEAR.fullmatch(operator):
            self._lexemes.append(Lexeme(Kind.NEAR, start, within=min(int(near[1]), _FARTHEST)))
        elif chunk.startswith("-"):
            self._minus(chunk, start)
        elif found := _FILTER.match(chunk):
            self._filter(found, chunk, start)
        else:
            self._word(chunk, start)

    def _minus(self, chunk: str, start: int) -> None:
        """A hyphen excludes what touches it, if nothing touches it from before; else it is punctuation."""
        bare = chunk.lstrip("-")
        free = start == 0 or self._read[start - 1] in " \t\n\r\v\f\u3000(|:" or self._read[start - 1].isspace()
        touches = bool(bare) or self._read[self._at : self._at + 1] in {"(", '"'}
        if free and touches:
            self._add(Kind.MINUS, start)
        self._at = start + len(chunk) - len(bare)

    def _filter(self, found: re.Match[str], chunk: str, start: int) -> None:
        name = fold(found[1])
        known = _FILTERS.get(name) or self._misspelled(name, start, followed=len(chunk) > found.end())
        if not known:
            self._word(chunk, start)
            return
        self._lexemes.append(Lexeme(Kind.FILTER, start, name=known))
        self._at = start + found.end()

    def _misspelled(self, name: str, start: int, *, followed: bool) -> str:
        """The filter that a name was surely meant for, noted as a problem; else the name is a word of a text."""
        meant = _MEANT.get(name, "")
        if not meant and name.isascii() and len(name) > 2:  # noqa: PLR2004 - two letters are close to everything
            close = [known for known in ("title", "feed", "lang") if OSA.distance(name, known) <= len(known) // 3]
            meant = close[0] if close else ""
        followed = followed or self._read[self._at : self._at + 1] in {"(", '"'}
        if meant and followed:
            self.problems.append((QueryProblem.UNKNOWN_FILTER, start))
            return meant
        return ""

    def _word(self, chunk: str, start: int) -> None:
        typed = self._query[start : start + len(chunk)]
        star = chunk.find("*")
        starred = star >= 0
        if starred:
            typed = typed.translate({ord("*"): None, ord("＊"): None})
        runs = _runs(tokenize(typed))
        words = [Word(terms_of(run, typed), written=typed[run[0].start : run[-1].end]) for run in runs]
        if starred:
            words = self._with_prefix(words, chunk, start + star)
        if words:
            self._lexemes.append(Lexeme(Kind.WORD, start, words=tuple(words)))

    def _with_prefix(self, words: list[Word], chunk: str, position: int) -> list[Word]:
        """Chinese has no word ends, so a star after it changes nothing."""
        last = words[-1].terms[-1] if words else None
        ends = re.search(r"\w\+*\*$", chunk) is not None and chunk.count("*") == 1
        if last is None or not ends or (len(last.text) < SHORTEST_PREFIX and not last.cjk):
            self.problems.append((QueryProblem.BAD_PREFIX, position))
            return words
        if last.cjk:
            return words
        return [*words[:-1], Word(words[-1].terms, prefix=True, written=words[-1].written)]


def _runs(tokens: list[Token]) -> list[list[Token]]:
    runs: list[list[Token]] = []
    for token in tokens:
        if runs and token.gap < BROKEN:
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs
