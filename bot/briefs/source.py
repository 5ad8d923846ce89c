"""The source of a brief: an item's own words, normalised, without the lines that are no part of the news."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from bot.briefs.boilerplate import is_boilerplate, links_follow, without_head, without_tail
from bot.briefs.scripts import chinese_share, is_chinese
from bot.model import Item, Language
from bot.text.html import html_to_text
from bot.text.language import detect

# News has its facts long before this; what is longer would only cost time.
MAX_TEXT = 20_000
MAX_TITLE = 400
_MAX_HEADLINE, _HEADLINE_LINES = 200, 2  # one line, or one in each language

_PARAGRAPH_GAP = re.compile(r"\n{2,}")
_WRAPPED, _WRAPPED_ZH = 60, 30  # characters; a shorter line was ended on purpose
_SENTENCE_END = tuple('.!?。！？…:：;；"”」』)）')

_TITLE_END, _LONGEST_LINK = ("?", "？", '"', "”", "」", "』"), 120  # as titles have it

_SENTENCE_START = re.compile(r"[.!?…](?:\s|$)|[。！？]|\n")
_FOOTER = 90  # characters beside the title
_NAMED, _NAMED_ZH = 20, 8  # characters; a shorter title may be a name that the text speaks of

_OTHER_SCRIPT = 0.5  # difference in the share of Chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What an item says. `text` has its paragraphs apart by an empty line; `language` is a primary BCP 47 subtag.

    `sought` are the words in it that answered the keywords of those who asked; `published` is the day it is of, where
    it is known.
    """

    title: str
    text: str
    language: str
    url: str = ""
    sought: tuple[str, ...] = ()
    published: date | None = None

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs of the text, in order."""
        return [paragraph for paragraph in self.text.split("\n\n") if paragraph]

    @property
    def whole(self) -> str:
        """Title and text together."""
        return f"{self.title}\n\n{self.text}".strip()

    @property
    def side(self) -> Language:
        """The half of a brief that holds the source's own words: the English one for whatever is not Chinese."""
        chinese = self.language == "zh" or (not self.language and is_chinese(self.whole))
        return Language.ZH if chinese else Language.EN


def source_of(item: Item, sought: tuple[str, ...] = ()) -> Source:
    """The source that an item makes for those who `sought` these words in it.

    Where it has no title, a headline that stands alone at the top is taken.
    """
    title = normalise(item.title[:MAX_TITLE])
    given = normalise(item.text[:MAX_TEXT])
    paragraphs = [kept for part in _PARAGRAPH_GAP.split(_without_links(given)) if (kept := _news_of(part))]
    if len(title) >= (_NAMED_ZH if is_chinese(title) else _NAMED):
        paragraphs = _without_footer(paragraphs, title)
    if not title and len(paragraphs) > 1 and _is_headline(paragraphs[0]):
        title = paragraphs.pop(0)
    text = "\n\n".join(paragraphs)
    if not title and not text:
        text = given  # people see what there is rather than nothing
    language = _language(item.language, f"{title}\n{text}")
    published = item.published.date() if item.published else None
    return Source(title=title, text=text, language=language, url=item.url, sought=sought, published=published)


def normalise(text: str) -> str:
    """Composed characters, no tags, no unseen or control characters, single spaces, at most one empty line."""
    return unicodedata.normalize("NFC", html_to_text(text))


def _news_of(paragraph: str) -> str:
    lines = [without_head(without_tail(line)) for line in paragraph.split("\n") if not is_boilerplate(line)]
    return _unwrapped([line for line in lines if line])


def _without_links(text: str) -> str:
    """The text without lists of links: a heading for them and the lines below it up to the next that has an end."""
    kept, listed = [], False
    for line in text.split("\n"):
        asks = line.endswith(_TITLE_END) and len(line) <= _LONGEST_LINK
        listed = links_follow(line) or (listed and (asks or not line.endswith(_SENTENCE_END)))
        if not listed:
            kept.append(line)
    return "\n".join(kept)


def _without_footer(paragraphs: list[str], title: str) -> list[str]:
    """The paragraphs without a sentence at the end that only names the item, as "The post … appeared first on …" does
    in many languages."""
    last = paragraphs[-1] if paragraphs else ""
    named = last.rfind(title)
    begun = max((end.end() for end in _SENTENCE_START.finditer(last[:named])), default=0) if named >= 0 else 0
    around = len(last) - begun - len(title)
    if named < 0 or not 0 < around <= _FOOTER or (not begun and len(paragraphs) == 1):
        return paragraphs
    before = last[:begun].rstrip()
    return [*paragraphs[:-1], before] if before else paragraphs[:-1]


def _unwrapped(lines: list[str]) -> str:
    """Lines that were only wrapped at a width are one line again."""
    joined: list[str] = []
    for line in lines:
        if joined and _goes_on(joined[-1], line):
            joined[-1] += ("" if is_chinese(line) else " ") + line
        else:
            joined.append(line)
    return "\n".join(joined)


def _goes_on(line: str, following: str) -> bool:
    long = len(line) >= (_WRAPPED_ZH if is_chinese(line) else _WRAPPED)
    return long and not line.endswith(_SENTENCE_END) and _same_script(line, following)


def _same_script(one: str, other: str) -> bool:
    return abs(chinese_share(one) - chinese_share(other)) < _OTHER_SCRIPT


def _is_headline(paragraph: str) -> bool:
    lines = paragraph.split("\n")
    return (
        len(lines) <= _HEADLINE_LINES
        and len(paragraph) <= _MAX_HEADLINE
        and not paragraph.endswith((".", "。", "！", "!", "…"))
    )


def _language(declared: str, text: str) -> str:
    """The declared language, unless the script of the text belies it."""
    primary = declared.replace("_", "-").split("-")[0].lower()
    if not primary or (primary == "zh") != is_chinese(text):
        primary = detect(text, declared) or primary
    return primary
