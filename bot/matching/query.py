"""The query language: from what people type to a tree, or to an error that points at the place.

| typed                       | finds                                                                                |
|-----------------------------|--------------------------------------------------------------------------------------|
| `trilateral talks`          | every word, in any order, at most 10 other words among them, in one paragraph;       |
|                             | inflections are folded by the rules of the item's language                           |
| `"trilateral talks"`        | these very words, one after the other, with no sentence punctuation between          |
| `三方会谈`                  | this run of characters; 繁 and 简, and the widths of signs, are one                  |
| `talk*`                     | words that begin so (two letters at least)                                           |
| `F-35`, `AI芯片`, `O'Brien` | the pieces of a compound follow one another, as in a phrase, inflections folded      |
| `a b AND c`, `a "b"`        | both sides; a phrase, filter or parenthesis beside words is joined by AND            |
| `a OR b c`, `a \\| b c`      | either side (OR binds less tightly than AND); operators are in capitals              |
| `-a`, `-"a b"`, `-(a b)`    | excludes the one thing it touches                                                    |
| `NOT a b`                   | excludes what follows up to the next sign: here `a b` together                       |
| `a NEAR/3 b`                | near each other, with at most 3 other words among them; `"a b" NEAR/3 c` for phrases  |
| `/\\d+ (dead|killed)/`      | what the regular expression finds (see `bot.matching.regex`)                          |
| `title:x`, `title:(a b)`    | looks at the title alone                                                             |
| `feed:reuters`              | looks at the feed's title and addresses                                              |
| `lang:zh`, `lang:(zh OR en)`| the item's language                                                                  |

Accents and width never matter, and case does for acronyms alone: `US` does not find the word "us". Every word typed
must be there, small ones too: `The Times` is not `times`. A colon after anything but a filter's name is text. A sign
(`$ € £ ¥ # @`) before a word is asked for when typed and overlooked in the text when not: `TSLA` finds `$TSLA`, but
`$TSLA` does not find `TSLA`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.errors import QueryError, QueryProblem
from bot.matching.expression import (
    WITHIN,
    And,
    Filter,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Regex,
    Term,
    Word,
    as_typed,
    canonical,
    conjunction,
    contradicts,
    disjunction,
    group,
    negation,
    only_excludes,
    regexes,
    terms_of,
    without_contradictions,
)
from bot.matching.lexer import Kind, Lexeme, Lexer
from bot.text.chinese import HAN
from bot.text.fold import fold
from bot.text.tokens import SPACED, tokenize

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "WITHIN",
    "And",
    "Filter",
    "Near",
    "Not",
    "Or",
    "Phrase",
    "Query",
    "Regex",
    "as_typed",
    "canonical",
    "group",
    "parse",
    "plain_words",
    "read",
    "regexes",
]

MAX_LENGTH = 1_000  # characters, of a query and of its canonical spelling
MAX_DEPTH = 20  # parentheses and NOTs inside one another
_SPELLED_OUT = 8
PLAIN_LENGTH = 80
_ENDS = (Kind.OR, Kind.CLOSE)  # of a conjunction; no set, as to hash a member of an Enum takes long
# What is plain, so that its spelling is all there is to it. The letters are folded already: Latin, Cyrillic, Arabic.
_PLAIN_WORD = "[a-z0-9\u0430-\u044f\u0627-\u063a\u0641-\u064a]+"
PLAIN_WORDS = re.compile(f"{_PLAIN_WORD}(?: {_PLAIN_WORD})*")
_PLAIN_PARTS = re.compile(rf"({PLAIN_WORDS.pattern})( [a-z0-9]{{2,}}\*)?((?: -{_PLAIN_WORD})*)")
PLAIN_PHRASE = re.compile(f'"{PLAIN_WORDS.pattern}"')
PLAIN_CHARACTERS = re.compile("[\u4e00-\u9fff]+")
EXAMPLE = "trilateral talks"
_ENOUGH = 10  # words of a suggestion for a query that is too much
_FILTER_EXAMPLES = {"title": "talks", "feed": "reuters", "lang": "en"}
_LANGUAGES = {
    "chinese": "zh", "cn": "zh", "tw": "zh", "hk": "zh", "中文": "zh", "汉语": "zh", "华语": "zh", "国语": "zh",
    "english": "en", "英文": "en", "英语": "en", "japanese": "ja", "jp": "ja", "日文": "ja", "日语": "ja",
    "korean": "ko", "kr": "ko", "韩文": "ko", "韩语": "ko", "russian": "ru", "俄文": "ru", "俄语": "ru",
    "ukrainian": "uk", "ua": "uk", "arabic": "ar", "french": "fr", "german": "de", "spanish": "es",
}  # fmt: skip


class _TooMuch(Exception):
    """The query is nested too deeply at a place."""


def parse(text: str) -> Query:
    """The query that a text stands for. Raises QueryError, whose suggestion is itself a query that can be read."""
    simple = _simple(text)
    if simple is not None:
        return simple
    if not text.strip():
        raise QueryError(QueryProblem.EMPTY, text, 0, EXAMPLE)
    if len(text) > MAX_LENGTH:
        raise QueryError(QueryProblem.TOO_LONG, text, MAX_LENGTH, _plain(text))
    query, problem, position = _read(text)
    if query is not None and problem is None:
        return query
    raise QueryError(problem or QueryProblem.NOTHING_TO_FIND, text, position, _suggestion(text, query))


def _simple(text: str) -> Query | None:
    """The query, if it is one of the plain ones that nearly all are; these need no grammar to be read."""
    if len(text) > PLAIN_LENGTH:
        return None
    if PLAIN_WORDS.fullmatch(text):
        words = dict.fromkeys(text.split(" "))
        return Near(tuple([Word((Term(word),), written=word) for word in words]))
    if PLAIN_PHRASE.fullmatch(text):
        first, *rest = text[1:-1].split(" ")
        return Phrase((Term(first), *[Term(word, gap=SPACED) for word in rest]), written=text[1:-1])
    if parts := _PLAIN_PARTS.fullmatch(text):
        return _simple_parts(*parts.groups(""))
    if PLAIN_CHARACTERS.fullmatch(text):
        return Near((Word(tuple([Term(character, cjk=True) for character in fold(text)]), written=text),))
    return None


def _simple_parts(words: str, prefix: str, excluded: str) -> Query | None:
    """A group of words, of which the last may go on, without some others; None where those contradict it."""
    wanted = {word: Word((Term(word),), written=word) for word in words.split(" ")}
    unwanted = dict.fromkeys(excluded.replace("-", "").split())
    if not wanted.keys().isdisjoint(unwanted):
        return None
    beginning = prefix.strip(" *")
    going_on = [Word((Term(beginning),), prefix=True, written=beginning)] if prefix else []
    group_of = Near((*wanted.values(), *going_on))
    parts = [Not(Near((Word((Term(word),), written=word),))) for word in unwanted]
    return And((group_of, *parts)) if parts else group_of


def plain_words(query: Query) -> str:
    """What a query of mere words, of one phrase or run of Chinese looks for, as it was typed; "" for all others."""
    match query:
        case Near(words, within) if within == WITHIN and not any(word.prefix or word.exact for word in words):
            return as_typed(query)
        case Phrase(_, written):
            return written
        case _:
            return ""


@lru_cache(maxsize=32_768)
def read(text: str) -> Query:
    """What `parse` gives, remembered: for the queries of keywords, which are asked for again and again."""
    return parse(text)


def _read(text: str) -> tuple[Query | None, QueryProblem | None, int]:
    """The query as well as it can be read, and its first problem with its place."""
    parser = _Parser(text)
    try:
        query = parser.query()
    except _TooMuch as place:
        return None, QueryProblem.TOO_DEEP, place.args[0]
    if parser.problems:
        return query, *parser.problems[0]
    if query is None:
        return None, QueryProblem.NOTHING_TO_FIND, 0
    if only_excludes(query):
        return query, QueryProblem.ONLY_EXCLUDES, parser.first_exclusion()
    if contradicts(query):
        return query, QueryProblem.CONTRADICTION, parser.first_exclusion()
    # A canonical spelling is several times longer at the most: `|` becomes ` OR `, `-` before words `-(…)`.
    too_long = len(text) > MAX_LENGTH // _SPELLED_OUT and len(canonical(query)) > MAX_LENGTH
    return query, QueryProblem.TOO_LONG if too_long else None, len(text) if too_long else 0


def _suggestion(text: str, query: Query | None) -> str:
    if query is None:
        return _plain(text)
    mended = without_contradictions(_mended(query, "会谈" if HAN.search(text) else "talks"))
    for suggestion in (as_typed(mended), canonical(mended)):
        if len(suggestion) <= MAX_LENGTH and _read(suggestion)[1] is None:
            return suggestion
    return _plain(text)


def _mended(query: Query, example: str) -> Query:
    """A query that asks for something: alternatives that only exclude become exclusions."""
    if not only_excludes(query):
        return query
    if isinstance(query, Or):
        query = conjunction(query.parts)
    return conjunction((_near(example), query)) if only_excludes(query) else query


def _near(text: str) -> Near:
    return Near((Word(terms_of(tokenize(text)), written=text),))


def _plain(text: str) -> str:
    """The first words of a text as a phrase, or an example if it has none."""
    tokens = tokenize(text[:MAX_LENGTH])[:_ENOUGH]
    if not tokens:
        return EXAMPLE
    phrase = canonical(Phrase(terms_of(tokens)))
    return phrase if len(phrase) <= MAX_LENGTH else EXAMPLE


class _Parser:
    """Recursive descent that notes problems, mends them and goes on; the mended reading is the suggestion."""

    def __init__(self, text: str) -> None:
        lexer = Lexer(text)
        self._lexemes = lexer.lexemes()
        self._next = 0
        self._branches: list[tuple[Query, int]] = []
        self.problems = lexer.problems

    def query(self) -> Query | None:
        """The whole query; None when nothing in it can be looked for."""
        parts = [self._disjunction(0)]
        while (stray := self._peek()) is not None:
            self._problem(QueryProblem.STRAY_PARENTHESIS, stray)
            self._next += 1
            parts.append(self._disjunction(0))
        found = [part for part in parts if part is not None]
        self.problems.sort(key=lambda problem: problem[1])
        return conjunction(found) if found else None

    def first_exclusion(self) -> int:
        """Where the first alternative that only excludes begins, else the first exclusion."""
        excluding = {Kind.MINUS, Kind.NOT}
        branches = [start for branch, start in self._branches if only_excludes(branch)]
        starts = [lexeme.start for lexeme in self._lexemes if lexeme.kind in excluding]
        return min(branches or starts, default=0)

    def _peek(self) -> Lexeme | None:
        return self._lexemes[self._next] if self._next < len(self._lexemes) else None

    def _take(self, *kinds: Kind) -> Lexeme | None:
        lexeme = self._peek()
        if lexeme is None or lexeme.kind not in kinds:
            return None
        self._next += 1
        return lexeme

    def _problem(self, problem: QueryProblem, lexeme: Lexeme) -> None:
        self.problems.append((problem, lexeme.start))

    def _disjunction(self, depth: int) -> Query | None:
        parts: list[tuple[Query, int]] = []
        operator: Lexeme | None = None
        while True:
            first = self._peek()
            part = self._conjunction(depth)
            before, operator = operator, self._take(Kind.OR)
            if part is not None and first is not None:
                parts.append((part, first.start))
            elif missing := before or operator:
                self._problem(QueryProblem.MISSING_OPERAND, missing)
            if operator is None:
                break
        if len(parts) > 1:
            self._branches += parts
        return disjunction([part for part, _ in parts]) if parts else None

    def _conjunction(self, depth: int) -> Query | None:
        parts: list[Query] = []
        pending: Lexeme | None = None
        while (lexeme := self._peek()) is not None and lexeme.kind not in _ENDS:
            if operator := self._take(Kind.AND):
                if pending or not parts:
                    self._problem(QueryProblem.MISSING_OPERAND, operator)
                pending = operator
            elif (part := self._unit(depth)) is not None:
                parts.append(part)
                pending = None
        if pending and parts:
            self._problem(QueryProblem.MISSING_OPERAND, pending)
        return conjunction(parts) if parts else None

    def _unit(self, depth: int) -> Query | None:
        if lexeme := self._take(Kind.NOT):
            return self._negated(lexeme, self._unit(self._deeper(depth, lexeme)) if self._operand_next() else None)
        if lexeme := self._take(Kind.MINUS):
            return self._negated(lexeme, self._single(depth))
        if lexeme := self._take(Kind.NEAR):
            self._problem(QueryProblem.MISSING_OPERAND, lexeme)
            return None
        if self._at(Kind.WORD, Kind.PHRASE):
            return self._group_of_words()
        return self._single(depth)

    def _group_of_words(self) -> Query:
        """Words that stand side by side, or words and phrases with NEAR between."""
        words = self._operand_of_near()
        within: int | None = None
        while lexeme := self._take(Kind.NEAR):
            operand = self._operand_of_near()
            if operand:
                words += operand
                within = max(within or 0, lexeme.within)
            else:
                self._problem(QueryProblem.MISSING_OPERAND, lexeme)
        return group(words, WITHIN if within is None else within)

    def _operand_of_near(self) -> list[Word]:
        if phrase := self._take(Kind.PHRASE):
            return [Word(terms_of(phrase.tokens), exact=True, written=phrase.written)]
        words: list[Word] = []
        while lexeme := self._take(Kind.WORD):
            words += lexeme.words
        return words

    def _at(self, *kinds: Kind) -> bool:
        lexeme = self._peek()
        return lexeme is not None and lexeme.kind in kinds

    def _operand_next(self) -> bool:
        return self._peek() is not None and not self._at(Kind.AND, Kind.OR, Kind.CLOSE)

    def _deeper(self, depth: int, lexeme: Lexeme) -> int:
        if depth >= MAX_DEPTH:
            raise _TooMuch(lexeme.start)
        return depth + 1

    def _negated(self, lexeme: Lexeme, part: Query | None) -> Query | None:
        if part is None:
            self._problem(QueryProblem.MISSING_OPERAND, lexeme)
            return None
        return negation(part)

    def _single(self, depth: int) -> Query | None:
        """One thing: a word, phrase, regular expression, filter or parenthesis."""
        if lexeme := self._take(Kind.WORD):
            return group(lexeme.words)
        if lexeme := self._take(Kind.PHRASE):
            return Phrase(terms_of(lexeme.tokens), written=lexeme.written)
        if lexeme := self._take(Kind.REGEX):
            return Regex(lexeme.pattern, lexeme.written)
        if lexeme := self._take(Kind.FILTER):
            return self._filter(lexeme, depth)
        if lexeme := self._take(Kind.OPEN):
            return self._group(lexeme, depth)
        return None

    def _group(self, opening: Lexeme, depth: int) -> Query | None:
        inside = self._disjunction(self._deeper(depth, opening))
        if self._take(Kind.CLOSE) is None:
            self._problem(QueryProblem.OPEN_PARENTHESIS, opening)
        elif inside is None:
            self._problem(QueryProblem.MISSING_OPERAND, opening)
        return inside

    def _filter(self, lexeme: Lexeme, depth: int) -> Query | None:
        value = self._peek()
        part = self._single(depth) if self._at(Kind.WORD, Kind.PHRASE, Kind.REGEX, Kind.OPEN) else None
        if part is None or value is None:
            self._problem(QueryProblem.EMPTY_FILTER, lexeme)
            return Filter(lexeme.name, _near(_FILTER_EXAMPLES[lexeme.name]))
        if lexeme.name == "lang":
            codes = _languages(part)
            if codes is None:
                self._problem(QueryProblem.UNKNOWN_FILTER, value)
            part = codes or _near(_FILTER_EXAMPLES["lang"])
        return Filter(lexeme.name, part)


def _languages(part: Query) -> Query | None:
    """The same tree over language codes; None where something in it names no language."""
    match part:
        case Near(words):
            codes = [_language(word.terms) for word in words]
        case Phrase(terms):
            codes = [_language(terms)]
        case Not(inner):
            code = _languages(inner)
            return None if code is None else negation(code)
        case And(parts) | Or(parts):
            codes = list(map(_languages, parts))
        case Filter() | Regex():
            return None
    known = [code for code in codes if code is not None]
    if len(known) < len(codes):
        return None
    return conjunction(known) if isinstance(part, And) else disjunction(known)


def _language(terms: tuple[Term, ...]) -> Query | None:
    name = "".join(term.text for term in terms) if terms[0].cjk else terms[0].text
    code = _LANGUAGES.get(name, name)
    return Near((Word((Term(code),)),)) if re.fullmatch("[a-z]{2,3}", code) else None
