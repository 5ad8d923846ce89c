"""Knows the lines of an article that are no part of the news: bylines, credits, notices, invitations."""

from __future__ import annotations

import re
from typing import Any

import re2

from bot.briefs.notices import CAPTIONS, CREDITS, LINKS_FOLLOW, MARKS, NOTICES, READ_ON, SENTENCES


def _anywhere(patterns: tuple[str, ...]) -> Any:  # noqa: ANN401 - re2 has no types
    """One expression for what may stand anywhere in a line; re would try each pattern at each character."""
    return re2.compile(rf"(?i)(?:{'|'.join(patterns)})")


_NOTICE = re.compile(rf"(?:{'|'.join(NOTICES)})", re.IGNORECASE)
_MARK, _MARKED = _anywhere(MARKS), 240  # characters of a line at most
_SENTENCE = _anywhere(SENTENCES)
_CAPTION, _CAPTIONED = _anywhere(CAPTIONS), 600
_CREDIT = re.compile(rf"(?i:{'|'.join(CREDITS)})(?=\s?[\"“‘「A-Z0-9\u3400-\u9fff])")
_LINKS_FOLLOW = re.compile(rf"(?:{LINKS_FOLLOW})\s?[:：]?", re.IGNORECASE)
_LONGEST = 700  # characters; no notice is longer

_TAIL = re.compile(
    r"\s*(?:[\[(](?:…|\.\.\.)[\])]|\[\?\]|\(source: [^()]{2,40}\)|\s[-–|]\s[^.!?/\d]{3,30}\s/\s[^.!?/\d]{3,40}"
    rf"|(?:…|\.\.\.)\s?(?:{READ_ON})\b[^.!?]{{0,40}}[.!]?"
    rf"|(?:…|\.\.\.)?\s?\(?\s?(?:{READ_ON})\s?(?:»|›|>{{1,3}}|→|…|\.\.\.)?\s?\)?)\s*$",
    re.IGNORECASE,
)
_LONGEST_TAIL = 100
_CUT = ("[", "(…", "(...", "…", "...")
_ENDED = ".!?…。！？\"'”’」』)）"
_AGENCIES = "Reuters|AP|AFP|Bloomberg|Xinhua|CNN|UPI|dpa|Kyodo|TASS|PTI|ANI"
_BRACKET = "（(〔【［\\["
_DATELINE_ENDS = ("电", "電", "讯", "訊")
_RUBRIC = re.compile(r"【[^】。，]{1,8}】\s?(?=.)")
_HEAD = re.compile(
    rf"(?:[A-Z][A-Z.' -]{{1,40}}(?:[,/] ?[A-Za-z0-9 .]{{2,40}})? \((?:{_AGENCIES})\) ?[-–—]{{1,2}} ?"
    rf"|[{_BRACKET}](?:[^）)〕】］\]。]{{0,40}}(?:記者|记者)[^）)〕】］\]。]{{1,40}}|[^）)〕】］\]。]{{2,20}}(?:專訊|专讯|[電电訊讯]))[）)〕】］\]]"
    r"\s?"
    r"|^\((?i:adds?|corrects?|refiles?|updates?|recasts?|removes|fixes|changes)\b[^()]{1,400}\) ?"
    r"(?:By (?:[A-Z][\w.'-]+ ){2,4})?)(?=.)"
)


def is_boilerplate(line: str) -> bool:
    """Whether a line is a byline, a photo credit, a cookie notice, a "read more" and the like."""
    line = line.strip()
    return bool(
        (len(line) <= _MARKED and (_MARK.search(line) or _SENTENCE.search(line)))
        or (len(line) <= _CAPTIONED and _CAPTION.search(line))
        or (len(line) <= _LONGEST and (_NOTICE.fullmatch(line) or _NOTICE.fullmatch(line.removeprefix("("))))
    )


def captions_apart(line: str) -> str:
    """The line with a line end behind each credit in brackets: there a caption ends, and the report may go on.

    So does a contact behind the button that shows it.
    """
    return _CREDIT.sub(r"\g<0>\n", line)


def links_follow(line: str) -> bool:
    """Whether a line is the heading of a list of links, such as "Related stories"."""
    return bool(_LINKS_FOLLOW.fullmatch(line))


def without_tail(line: str) -> str:
    """The line without a "[…]" or "read more" at its end; a sentence that they broke off ends in an ellipsis."""
    tail = _TAIL.search(line, max(0, len(line) - _LONGEST_TAIL))
    if tail is None:
        return line
    kept = line[: tail.start()]
    broken = kept and kept[-1] not in _ENDED and tail[0].lstrip().startswith(_CUT)
    return f"{kept}…" if broken else kept


def without_head(line: str) -> str:
    """The line without the agency, reporter or rubric that it begins with."""
    rubric = _RUBRIC.match(line)
    return _HEAD.sub(_parting, line[rubric.end() :] if rubric else line)


def _parting(head: re.Match[str]) -> str:
    """A space where a dateline stands before it, which would else run into the report."""
    return " " if head.string[: head.start()].endswith(_DATELINE_ENDS) else ""
