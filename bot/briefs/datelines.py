"""Knows the place, day, agency, section or warning that a report begins with, before its first sentence."""

from __future__ import annotations

import re

_CAPITAL = "A-ZÀ-ÖØ-ÞА-Я"
_NAME = rf"[{_CAPITAL}][\w'’.]+"
# What goes on in small letters explains a name: "NATO – the alliance of the West – met".
_LATIN = re.compile(
    # a warning in capitals; other capitals before a colon may be a notice, which is to be known by them
    r"(?:(?:WARNING|CAUTION)(?:[:!]| [-–—])? (?:[A-Z]{4,}[:!]? ){1,3}"
    r"|(?:GRAPHIC|EXPLICIT|SENSITIVE|DISTRESSING|DISTURBING)(?: [A-Z]{4,}){1,2}: "
    rf"|[{_CAPITAL}]{{2,}}(?:(?:[ .,'’-]{{1,2}}| / )[{_CAPITAL}]+){{0,5}}"
    rf"(?:,[\w ., ]{{1,30}}?)?(?: \([^()]{{2,20}}\))?:? "
    rf"[-–—]{{1,2}} "
    rf"|[{_CAPITAL}][\w .,'’-]{{1,50}} \([{_CAPITAL}]{{2,10}}\)\.? ?[-–—]{{1,2}} "
    rf"|{_NAME}(?: {_NAME}){{0,2}} [–—] "
    rf"|{_NAME}(?: {_NAME}){{0,2}}, {_NAME} \d{{1,2}} ?: ?"
    rf"|[{_CAPITAL}]{{2,}}, {_NAME}(?: {_NAME})?/"
    # which part of a series, or whose part
    r"|(?:First|Second|Third|Fourth|Fifth|Last|Final) (?:of|in) (?:an? )?\w+(?:[- ](?:parts?|series)){1,2} "
    r"|[A-Z]{3,}(?: [A-Z]{3,}){1,2} \([^()]{2,20}\) "
    # a byline and its paper, run into the report
    r"|(?:[A-Z][^.!?:,]{2,40} )?[A-Z]{3,}(?: [A-Z]{3,}){1,2}, [A-Z]{3,}(?: [A-Z]{3,}){1,3} )"
    rf"(?=[\"'“‘«]?[{_CAPITAL}\d])"
)
_DAY = r"(?:\d{1,2}\s?月\s?)?\d{1,2}\s?日\s?"
_AGENCY = r"[（(][^）)]{2,30}[）)]"
_WIRED = "[专專]?[电電讯訊]"
_CHINESE = re.compile(
    rf"(?:[^\s。，！？：]{{2,14}}[，,]?\s?{_DAY}(?:{_AGENCY}\s?(?:[—–-]{{1,2}}|[：:])|{_WIRED}(?=[\s（(：:，,—–-]))"
    rf"|本[报報][讯訊](?=[\s（(：:，,])"
    rf"|[^\s。，！？：:]{{2,10}}(?:[网網报報社]|新[闻聞])(?:消息|{_WIRED})(?=[：:，,]))"
    rf"(?:{_AGENCY})?[\s：:，,—–-]{{0,3}}(?=.)"
)


def without_dateline(line: str) -> str:
    """The line without "WASHINGTON, Feb. 1 (AP) —", "新华社北京2月1日电" and the like at its head."""
    dateline = _LATIN.match(line) or _CHINESE.match(line)
    return line[dateline.end() :] if dateline else line
