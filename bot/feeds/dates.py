"""Dates as feeds write them, to UTC."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

FIRST_YEAR, LAST_YEAR = 1990, 2100  # outside of them a date is a default value or a slip

_CHINA = timedelta(hours=8)
_ISO = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[Tt\s]*(\d{1,2})[:时時](\d{2})分?(?::?(\d{2})秒?(?:[.,]\d+)?)?)?"
    r"\s*(?:([A-Za-z]{1,5})|(?:GMT|UTC)?([+-]\d{2})(?::?(\d{2})|:0)?(?: [A-Z]{2,5})?)?\s*\Z"
)
_HALF_DAY = re.compile(r"(上午|下午|오전|오후)\s*(\d{1,2})(?=[:时時])(.*)\Z")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(?:(Z)|([+-]\d{2}):?(\d{2})?)?\Z")
_EPOCH = re.compile(r"(\d{10})(?:\.\d+|\d{3})?\Z")
_COMMENT = re.compile(r"\([^()]*\)")
_ZONE_NAME = re.compile(r"(?<=\d )([A-Z]{1,5})\Z")
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-]\d{2}):?(\d{2})\Z")
_SOME_OFFSET = re.compile(r"[+-]\d{4}\b")
# `mar., 03 févr. 2026 08:15:00 +0000`: day, month and year in another language, and the rest as in RFC 822.
_WORDED = re.compile(r"(?:[^\W\d]+[.,]*\s+)?(\d{1,2})\.?\s+(?:de\s+)?([^\W\d]{3,12})\.?,?\s+(?:de\s+)?(\d{4})\b(.*)\Z")
_MONTHS = (
    "jan ene gen sty янв oca led", "feb fev fév lut фев şub úno", "mar mär mrz mrt már мар бер bře",
    "apr avr abr kwi апр nis dub", "may mai mei maj mag май мая květen", "jun juin giu cze июн haz",
    "jul juil lug lip июл tem", "aug août aoû ago sie авг ağu srp", "sep set wrz сен eyl zář",
    "oct okt out ott paź окт eki říj", "nov noi lis noy ноя kas", "dec déc dez dic des gru дек ara pro",
)  # fmt: skip
_MONTH_OF = {name: month for month, names in enumerate(_MONTHS, 1) for name in names.split()}
_ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_NOT_822 = re.compile(r"\A\d{4}[-/.]|\s-\d{4}\s")  # ISO with something strange behind it; the year -0001
_HOURS = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "MET": 1, "CEST": 2, "MEST": 2,
    "EET": 2, "SAST": 2, "EEST": 3, "MSK": 3, "GST": 4, "PKT": 5, "IST": 5.5, "WIB": 7, "ICT": 7, "HKT": 8, "SGT": 8,
    "MYT": 8, "PHT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "HST": -10,
}  # fmt: skip


def read_date(text: str, *, chinese: bool = False) -> datetime | None:
    """A date and time of RFC 822, RFC 3339, ISO 8601 or a near miss of them in UTC; None if there is none to read.

    Without a zone it is UTC; in a `chinese` feed it is China's, as is `CST`, which is Chicago's elsewhere.
    """
    text = _HALF_DAY.sub(_in_24_hours, " ".join(_COMMENT.sub(" ", text[:100]).split()))
    try:
        moment = _read_epoch(text) or _read_iso(text, chinese=chinese) or _read_822(text, chinese=chinese)
    except (ValueError, OverflowError, OSError):
        return None
    return within_bounds(moment)


def from_struct(value: time.struct_time | None) -> datetime | None:
    """The UTC time that feedparser read where we could not (Korean, Greek, Hungarian dates)."""
    try:
        return within_bounds(datetime(*value[:6], tzinfo=UTC)) if value else None
    except (ValueError, TypeError):
        return None


def within_bounds(moment: datetime | None) -> datetime | None:
    """The time, if feeds and their readers could have lived then."""
    return moment if moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _in_24_hours(match: re.Match[str]) -> str:
    """`下午 5:15` as `17:15`; Korean feeds mean Korea's time by it."""
    half, hour, rest = match.groups()
    zone = " +0900" if half[0] == "오" and not _SOME_OFFSET.search(rest) else ""
    return f"{int(hour) % 12 + 12 * (half in {'下午', '오후'}):02}{rest}{zone}"


def _read_epoch(text: str) -> datetime | None:
    match = _EPOCH.match(text)
    return datetime.fromtimestamp(int(match[1]), UTC) if match else None


def _read_iso(text: str, *, chinese: bool) -> datetime | None:
    match = _ISO.match(text) or _COMPACT.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    name, hours, minutes = match.groups()[6:]
    moment = datetime(year, month, day, tzinfo=UTC) + timedelta(hours=hour, minutes=minute, seconds=second)
    if hours:
        offset = timedelta(hours=int(hours), minutes=int(f"{hours[0]}{minutes or 0}"))
    elif match[4] is None:
        offset = timedelta()  # a day has no zone
    else:
        offset = _named_offset(name or "", chinese=chinese)
    return (moment - offset).astimezone(UTC)


def _read_822(text: str, *, chinese: bool) -> datetime | None:
    """By the standard library, which takes every order and abbreviation but knows few zone names."""
    if _NOT_822.search(text):
        return None
    text = _OFFSET.sub(r"\1\2", _in_english(text))
    zone = _ZONE_NAME.search(text)
    parts = parsedate_tz(text.removesuffix(zone[1]) + "+0000" if zone else text)
    if parts is None:
        return None
    year, month, day, hour, minute, second = parts[:6]
    moment = datetime(year, month, day, tzinfo=UTC) + timedelta(hours=hour, minutes=minute, seconds=second)
    if zone or not _SOME_OFFSET.search(text):
        return moment - _named_offset(zone[1] if zone else "", chinese=chinese)
    return moment - timedelta(seconds=parts[9] or 0)


def _in_english(text: str) -> str:
    """The date with the English name of its month, if it has one of another language that is known here."""
    match = _WORDED.match(text)
    if match is None:
        return text
    day, word, year, rest = match.groups()
    name = word.casefold()
    month = next((_MONTH_OF[name[:size]] for size in (4, 3) if name[:size] in _MONTH_OF), 0)
    return f"{day} {_ENGLISH[month - 1]} {year}{rest}" if month else text


def _named_offset(name: str, *, chinese: bool) -> timedelta:
    """The offset of a zone name; unknown names count as UTC, for a date a few hours off is better than none."""
    if chinese and name.upper() in {"", "CST"}:
        return _CHINA
    return timedelta(hours=_HOURS.get(name.upper(), 0))
