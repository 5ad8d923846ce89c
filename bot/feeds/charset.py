"""Bytes of a document to text, where the header, the declaration and the bytes themselves often disagree."""

from __future__ import annotations

import codecs
import re

import cchardet

_HEAD = 1024  # bytes in which an encoding must be declared
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a document begins with, white space aside, in UTF-16 without a mark.
_UNMARKED = (
    (re.compile(rb"(?:[\t\n\r ]\x00){0,100}[<{]\x00[^\x00]\x00"), "utf-16-le"),
    (re.compile(rb"(?:\x00[\t\n\r ]){0,100}\x00[<{]\x00[^\x00]"), "utf-16-be"),
)
_DECLARATION = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)
_TEXT_CODEC = re.compile(
    r"(?:utf-?(?:8|16|32)|gb|big5|hz|iso|cp\d|windows|koi8|mac|shift|sjis|euc|latin|ks_|korean|tis|us-?ascii|ascii|johab)"
)
# What people declare → the supersets they mean, in order (as the WHATWG Encoding standard has them).
_MEANT: dict[str, tuple[str, ...]] = {
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "cp936": ("gb18030",),
    "big5": ("big5hkscs", "cp950"),
    "cp950": ("cp950", "big5hkscs"),
    "big5hkscs": ("big5hkscs", "cp950"),
    "shift_jis": ("cp932",),
    "euc_kr": ("cp949",),
    "iso8859-1": ("cp1252",),
    "ascii": ("cp1252",),
    "iso8859-9": ("cp1254",),
    "tis-620": ("cp874",),
}
_CHINESE = frozenset({"gb18030", "big5hkscs", "cp950", "cp932", "cp949", "euc_jp"})
_HIGH = re.compile(rb"(?:[\x80-\xff][\x40-\xff]?)+")  # second bytes may be ASCII letters
_ASCII = bytes(range(0x80))
_SAMPLE = 100_000  # bytes for statistics, which cost half a second a megabyte
# The signs of windows-1252 that Latin 1 has at other places, and the bytes that they stand for.
_TO_BYTES = {ord(sign): byte for byte in range(0x80, 0xA0) if (sign := bytes([byte]).decode("cp1252", "ignore"))}
_TWICE = re.compile(f"[\u00c2-\u00f4][\u0080-\u00bf{''.join(map(chr, _TO_BYTES))}]")
_TWICE_AT_LEAST = 10  # characters: a text that shows a few such pairs may be about them
_RUN = 6  # bytes; Latin text has accents one by one, text in East Asian encodings is long runs
_GOOD_FOR_BAD = 4  # valid multi-byte characters for each broken one that make a document UTF-8 all the same
_MOST = 0.98


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a document. Never raises; bytes that nothing explains become U+FFFD.

    A byte order mark decides, then strict UTF-8, since no other encoding looks like it by chance (a broken byte or two
    change nothing); then what is declared, in the document before the header; then the statistics of the bytes.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    for start, codec in _UNMARKED:
        if start.match(body):
            return body.decode(codec, "replace")
    declared = _declared(body, content_type)
    if b"\x1b$" in body and "iso2022_jp" in declared:  # the one East Asian encoding that is all ASCII
        return body.decode("iso2022_jp", "replace")
    return _utf8(body) or _declared_text(body, declared) or _guessed(body) or body.decode("utf-8", "replace")


def _declared(body: bytes, content_type: str) -> list[str]:
    """The Python codecs that the document and then the header name."""
    head = body[:_HEAD]
    found = [match[1].decode("ascii") for match in (_DECLARATION.search(head), _META.search(head)) if match]
    header = _HEADER.search(content_type)
    names = [*found, header[1]] if header else found
    return [codec for name in names if (codec := _codec(name))]


def _codec(name: str) -> str:
    """Python's name of a text codec, or "" (Python also calls zlib and rot13 codecs)."""
    name = name.lower().replace("x-", "").replace("windows-31j", "cp932")
    if not _TEXT_CODEC.match(name):
        return ""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def _utf8(body: bytes) -> str:
    try:
        return _once(body.decode("utf-8"))
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - bad - (len(body) - len(body.translate(None, _ASCII)))
    return text if good > _GOOD_FOR_BAD * bad else ""


def _once(text: str) -> str:
    """The text, or what it was before somebody took its UTF-8 for windows-1252 and encoded it again: all of it."""
    if text.isascii() or not _TWICE.search(text):
        return text
    try:
        before = text.translate(_TO_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
    return before if len(text) - len(before) >= _TWICE_AT_LEAST else text


def _declared_text(body: bytes, declared: list[str]) -> str:
    wanted = [codec for name in declared for codec in _MEANT.get(name, (name,)) if not name.startswith("utf")]
    if "cp1252" in wanted and _looks_east_asian(body):  # the default of many servers, not a statement
        wanted = [codec for codec in wanted if codec != "cp1252"]
    readers = [(read, codec) for read in (_strictly, _mostly) for codec in wanted]
    return next((text for read, codec in readers if (text := read(body, codec))), "")


def _guessed(body: bytes) -> str:
    guess = cchardet.detect(_telling(body))["encoding"] or "cp1252"
    codec = _codec(guess) or "cp1252"
    for meant in (*_MEANT.get(codec, (codec,)), "cp1252"):
        if text := _strictly(body, meant) or _mostly(body, meant):
            return text
    return ""


def _looks_east_asian(body: bytes) -> bool:
    sample = _telling(body)
    runs = [len(run) for run in _HIGH.findall(sample)]
    if sum(size for size in runs if size >= _RUN) * 2 <= sum(runs):
        return False
    codec = _codec(cchardet.detect(sample)["encoding"] or "")
    return not _CHINESE.isdisjoint(_MEANT.get(codec, (codec,)))


def _telling(body: bytes) -> bytes:
    """Where the bytes begin that encodings differ in, and as many as statistics need."""
    first = _HIGH.search(body)
    start = first.start() if first else 0
    return body[start : start + _SAMPLE]


def _strictly(body: bytes, codec: str) -> str:
    try:
        return body.decode(codec)
    except UnicodeError:
        return ""


def _mostly(body: bytes, codec: str) -> str:
    try:
        text = body.decode(codec, "replace")
    except UnicodeError:
        return ""
    return text if text.count("\ufffd") <= (1 - _MOST) * len(text) else ""
