"""Reads the index of Argos packages: which there are, and where to get them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.briefs.translation.codes import Pair
from bot.briefs.translation.packages import PackageError, pair_name, printable, read_pair

MOST_INDEX = 5_000_000  # bytes; the index has 30,000
_NUMBER = re.compile(r"\d{1,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A package that can be got. The index has no checksums; `sha256` is for the day that it does."""

    pair: Pair
    version: str
    links: tuple[str, ...]
    sha256: str = ""


def read_offers(content: bytes, *, secure: bool) -> dict[Pair, Offer]:
    """The newest package of each pair. `secure`: only https links, as a secure index must not lead to insecure files.

    Raises PackageError when it is no index; entries that can't be read are passed over.
    """
    try:
        listed = json.loads(content)
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list):
        raise PackageError("the index of packages can't be read: check MODELS_INDEX")
    newest: dict[Pair, Offer] = {}
    for offer in _each(listed, ("https://",) if secure else ("https://", "http://")):
        known = newest.get(offer.pair)
        if known is None or _order(offer.version) > _order(known.version):
            newest[offer.pair] = offer
    return newest


def _each(listed: list[Any], schemes: tuple[str, ...]) -> Iterator[Offer]:
    for entry in listed:
        if not isinstance(entry, dict) or entry.get("type", "translate") != "translate":
            continue
        # ipfs: links are passed over: they need a program of their own.
        found = entry.get("links")
        links = tuple(link for link in found if str(link).startswith(schemes)) if isinstance(found, list) else ()
        try:
            pair = read_pair(f"{entry.get('from_code')}-{entry.get('to_code')}")
        except PackageError:
            continue
        if links:
            version, checksum = printable(entry.get("package_version") or ""), str(entry.get("sha256") or "")
            yield Offer(pair=pair, version=version, links=links, sha256=checksum)


def _order(version: str) -> tuple[int, ...]:
    """1.10 comes after 1.9."""
    return tuple(int(number) for number in _NUMBER.findall(version))


def choose(offers: dict[Pair, Offer], pair: Pair) -> Offer:
    """The offer of a pair. Raises PackageError that names others for Chinese when there is none."""
    if pair in offers:
        return offers[pair]
    near = sorted(pair_name(other) for other in offers if set(other) & {"zh", "zt", "zh-Hans", "zh-Hant"})
    hint = f"; for Chinese there is {', '.join(near)}" if near else ""
    raise PackageError(f"{pair_name(pair)}: not in the index{hint}")
