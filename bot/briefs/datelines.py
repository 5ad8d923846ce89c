"""Knows the place, day, agency, section or warning that a report begins with, before its first sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_CAPITAL = "A-ZÀ-ÖØ-ÞА-Я"
_NAME = rf"[{_CAPITAL}][\w'’.]+"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
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
    rf"|[{_CAPITAL}]{{2,}}(?:[ /.'’-]{{1,3}}[{_CAPITAL}]{{2,}}){{0,4}}"
    rf"(?:, {_NAME}(?: {_NAME})?)?,? {_MONTH} \d{{1,2}} ?: "
    rf"|{_MONTH} \d{{1,2}} : "
    # a heading in capitals, run into its paragraph
    rf"|(?:[{_CAPITAL}][{_CAPITAL}'’-]*,? ){{4,12}}(?=[{_CAPITAL}][\w'’]*[a-z])"
    # which part of a series, or whose part
    r"|(?:First|Second|Third|Fourth|Fifth|Last|Final) (?:of|in) (?:an? )?\w+(?:[- ](?:parts?|series)){1,2} "
    r"|[A-Z]{3,}(?: [A-Z]{3,}){1,2} \([^()]{2,20}\) "
    # a byline and its paper, run into the report
    r"|(?:[A-Z][^.!?:,]{2,40} )?[A-Z]{3,}(?: [A-Z]{3,}){1,2}, [A-Z]{3,}(?: [A-Z]{3,}){1,3} )"
    rf"(?=[\"'“‘«]?[{_CAPITAL}\d])"
)
# "HONG KONG: Investors …": a place where the report opens, and nowhere else; else, or in short, it is who speaks.
_OPENING = 12  # lines, every other one empty
_PLACE = re.compile(
    r"(?![^:]*\b(?:WARNING|CAUTION|NOTE|NEWS|ALERT|SPOILERS?|UPDATED?|EDIT(?:ED|OR|ORIAL)?|BREAKING|CORRECTION"
    r"|EXCLUSIVE|WATCH|LIVE|OPINION|ANALYSIS|COMMENT|VIDEO|PHOTOS?|ATTENTION|NOTICE|QUESTION|ANSWER|SUMMARY|BACKGROUND"
    r"|DISCLAIMER|REUTERS|BLOOMBERG|ASEAN|UNICEF|UNESCO|UNHCR|UNRWA|INTERPOL|EUROPOL|FRONTEX|EUROSTAT)\b)"
    rf"(?:[{_CAPITAL}]{{3,}}(?:/[{_CAPITAL}]{{3,}}(?: [{_CAPITAL}]{{3,}})?){{1,2}}"
    rf"|[{_CAPITAL}]{{5,}}|LIMA|OSLO|ROME|DOHA|KYIV|BAKU|RIGA|SUVA|BERN|BONN"
    rf"|[{_CAPITAL}]{{2,}}(?: [{_CAPITAL}]{{2,}}){{1,2}}): "
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


def without_datelines(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a report, each without "LONDON, Feb. 1 (AP) —", "新华社北京2月1日电" and the like at its head."""
    places = [number for number, line in enumerate(lines) if _PLACE.match(line)]
    for number, line in enumerate(lines):
        dateline = _LATIN.match(line) or _CHINESE.match(line)
        if not dateline and places == [number] and number < _OPENING:
            dateline = _PLACE.match(line)
        yield line[dateline.end() :] if dateline else line
