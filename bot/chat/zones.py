"""Time zones by their names and by the places in them, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from bot.chat.catalogue import catalogue_for
from bot.model import Locale

USUAL_ZONES = ("Asia/Hong_Kong", "Asia/Taipei", "Asia/Shanghai", "Asia/Singapore", "Europe/London", "America/New_York")
_NEAR = 5


def zone_named(typed: str) -> str:
    """The name of the time zone that was typed, or of that place; "" where there is none."""
    return zones().get(_key(typed), "")


@cache
def zones() -> Mapping[str, str]:
    """The names of time zones, by the key they are looked up with: in full, and by the place alone, in Chinese too."""
    names = sorted(each for each in available_timezones() if "/" in each or each == "UTC")
    places = {_key(name.rsplit("/", 1)[-1]): name for name in reversed(names) if not name.startswith("Etc/")}
    return places | _chinese_places() | {_key(name): name for name in names}


def _chinese_places() -> dict[str, str]:
    known = [catalogue_for(locale).babel.time_zones for locale in (Locale.ZH_HANS, Locale.ZH_HANT)]
    cities = {place["city"]: name for places in known for name, place in places.items() if place.get("city")}
    return cities | {"北京": "Asia/Shanghai", "臺北": "Asia/Taipei"}


def _key(name: str) -> str:
    return "_".join(name.casefold().split())


def near_zones(typed: str, most: int = _NEAR) -> list[str]:
    """The names of time zones that contain what was typed, else those that are spelled nearly so."""
    wanted = _key(typed[:64])
    if not wanted:
        return []
    containing = [name for key, name in zones().items() if wanted in key]
    near = containing or [zones()[key] for key in get_close_matches(wanted, zones(), n=most)]
    return list(dict.fromkeys(near))[:most]
