"""Damage that documents suffer on their way, or at the hands of somebody who means harm."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

Mutation = Callable[[bytes, Random, Sequence[bytes]], bytes]

_MOST = 60_000  # bytes of a mutated document
_CODECS = (
    *(
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-7",
        "gb18030",
        "gbk",
        "big5",
        "big5hkscs",
        "shift_jis",
    ),
    *("euc_jp", "iso2022_jp", "euc_kr", "cp1251", "cp1252", "latin-1", "koi8-r", "cp037", "hz"),
)
_PIECES = (
    *(b"<item>", b"</item>", b"<entry>", b"</entry>", b"<title>", b"</title>", b"<![CDATA[", b"]]>", b"<!--", b"-->"),
    *(b"&", b"&amp;", b"&#0;", b"&#xD800;", b"&#1114112;", b"&#x;", b"&lt;script&gt;", b"<", b">", b'"', b"'", b"\x00"),
    *(b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b$B", b"\xed\xa0\x80", b"<?xml version='1.1'?>", b"<?", b"?>", b"<!DOCTYPE "),
    *(b"<!ENTITY a 'b'>", b"]>", b"xml:base='http://['", b"xmlns:x=''", b"<x:y>", b" type='xhtml'", b" mode='base64'"),
    *(
        b" rel='enclosure'",
        b"<link href='http://['/>",
        b"<div>",
        b"</div>",
        b"{",
        b"}",
        b"[",
        b"]",
        b"\\ud800",
        b"1e999",
    ),
    *(
        b"<media:content url='x'/>",
        b"<enclosure url='a' length='x'/>",
        b"<source>",
        b"</source>",
        b"<image>",
        b"<textinput>",
    ),
    *(
        b"<georss:point>1 b</georss:point>",
        b"<gml:posList>1 2 3</gml:posList>",
        b"<itunes:duration>a:b</itunes:duration>",
    ),
    *(b"<author>a@b (", b"<category>", b"<guid isPermaLink='maybe'>", b"<pubDate>", b"</pubDate>", b"<ttl>99999</ttl>"),
    *(b"Thu, 99 Feb 99999 25:61:61 +9999", b"0001-01-01T00:00:00Z", b"9999999999999999", b"<psc:chapter start='x'/>"),
)
_TAG = re.compile(rb"<[^<>]{1,80}>")


def mutate(document: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """The document after one to five accidents; the same random numbers give the same ones."""
    for _ in range(random.randint(1, 5)):
        document = random.choice(MUTATIONS)(document, random, others)[:_MOST]
    return document


def _span(document: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(document))
    return start, min(len(document), start + random.choice((1, 4, 20, 100, 1000)))


def flip(document: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    flipped = bytearray(document)
    for _ in range(random.randint(1, 8) if flipped else 0):
        flipped[random.randrange(len(flipped))] ^= random.randint(1, 255)
    return bytes(flipped)


def truncate(document: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    return document[: random.randint(0, len(document))]


def cut(document: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    start, end = _span(document, random)
    return document[:start] + document[end:]


def duplicate(document: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    start, end = _span(document, random)
    return document[:end] + document[start:end] * random.choice((1, 2, 50)) + document[end:]


def splice(document: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    other = random.choice(others)
    start, end = _span(other, random)
    place = random.randint(0, len(document))
    return document[:place] + other[start:end] + document[place:]


def insert(document: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    place = random.randint(0, len(document))
    return document[:place] + random.choice(_PIECES) * random.choice((1, 1, 1, 30)) + document[place:]


def move_tag(document: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    tags = list(_TAG.finditer(document))
    if len(tags) < 2:
        return document
    one, other = random.sample(tags, 2)
    return document[: one.start()] + other[0] + document[one.end() :]


def insert_in_tag(document: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    tags = list(_TAG.finditer(document))
    place = random.choice(tags).end() - 1 if tags else 0
    return document[:place] + b" " + random.choice(_PIECES) + document[place:]


def recode(document: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    text = document.decode(random.choice(("utf-8", "gb18030", "latin-1")), "replace")
    return text.encode(random.choice(_CODECS), random.choice(("replace", "xmlcharrefreplace", "ignore")))


def declare(document: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    codec = random.choice((*_CODECS, "x-user-defined", "zip", "rot13", "idna", "undefined", "none")).encode()
    return b"<?xml version='1.0' encoding='" + codec + b"'?>" + document.partition(b"?>")[2]


MUTATIONS: tuple[Mutation, ...] = (
    flip, truncate, cut, duplicate, splice, insert, move_tag, insert_in_tag, recode, declare,
)  # fmt: skip
