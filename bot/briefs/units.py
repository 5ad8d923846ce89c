"""The units that a number can carry in English and in Chinese, each under one name."""

from __future__ import annotations

import re

# name: (before the number, after the number), as regular expressions over NFKC text. The longest come first.
_UNITS: dict[str, tuple[str, str]] = {
    "percent": ("百分之", r"%|per\s?cent\b|percentage points?\b|pct\b|个?百分点|個?百分點"),
    "hkd": (r"HK\$|港币|港幣", r"Hong Kong dollars?\b|港元|港币|港幣"),
    "twd": (r"NT\$|新台币|新台幣|新臺幣", r"Taiwan dollars?\b|新?台币|新?台幣|新?臺幣"),
    "aud": (r"AU?\$", r"Australian dollars?\b|澳元"),
    "cad": (r"CA?\$", r"Canadian dollars?\b|加元"),
    "sgd": (r"S\$", r"Singapore dollars?\b|新元|新加坡元"),
    "usd": (r"US\$|USD\s?|\$", r"(?:U\.?S\.? )?dollars?\b|USD\b|美元|美金"),
    "eur": (r"€|EUR\s?", r"euros?\b|EUR\b|欧元|歐元"),
    "gbp": (r"£|GBP\s?", r"(?:pounds? sterling|pounds?)\b|英镑|英鎊"),
    "jpy": (r"JP¥", r"(?:Japanese )?yen\b|日元|日圆|日圓"),
    "krw": ("₩", r"(?:South Korean )?won\b|韩元|韓元|韓圜"),
    "rub": ("₽", r"rou?bles?\b|卢布|盧布"),
    "inr": (r"₹|Rs\.?\s?", r"rupees?\b|卢比|盧比"),
    "cny": (
        r"RMB\s?|CNY\s?|人民币|人民幣|[¥￥]",
        r"(?:Chinese )?yuan\b|renminbi\b|RMB\b|元人民币|元人民幣|人民币|人民幣|元|[块塊][钱錢]?",
    ),
    "km2": ("", r"(?:square kilomet(?:er|re)s?|sq\.? km|km2)\b|平方公里|平方千米"),
    "km": ("", r"(?:kilomet(?:er|re)s?|km|kph|km/h)\b|公里|千米"),
    "mile": ("", r"(?:miles?|mph)\b|英里|哩"),
    "foot": ("", r"(?:feet|foot|ft)\b|英尺|呎"),
    "metre": ("", r"met(?:er|re)s?\b|米(?![兰蘭])|公尺"),
    "kg": ("", r"(?:kilograms?|kilos?|kg)\b|公斤|千克"),
    "tonne": ("", r"(?:metric )?tonn?e?s?\b|公?吨|公?噸"),
    "barrel": ("", r"barrels?\b|桶"),
    "hectare": ("", r"hectares?\b|公顷|公頃"),
    "degree": ("", r"degrees?\b|°C?|℃|摄氏度|攝氏度|度"),
    "second": ("", r"(?:seconds?|secs?)\b|秒"),
    "minute": ("", r"(?:minutes?|mins?)\b|分[钟鐘]"),
    "hour": ("", r"(?:hours?|hrs?)\b|个?小时|個?小時"),
    "day": ("", r"days?\b|天"),
    "week": ("", r"weeks?\b|个?星期|個?星期|周(?!年)|週(?!年)"),
    "month": ("", r"months?\b|个月|個月"),
    "year": ("", r"(?:years?|yrs?)\b(?!.old)|年"),
    "mw": ("", r"(?:megawatts?|MW)\b|兆瓦"),
    "gw": ("", r"(?:gigawatts?|GW)\b|吉瓦"),
}
_BEFORE = [(name, re.compile(f"(?:{before})\\s?$")) for name, (before, _) in _UNITS.items() if before]
_AFTER = [(name, re.compile(f"[\\s-]{{0,2}}(?:{after})", re.IGNORECASE)) for name, (_, after) in _UNITS.items()]
_ANYWHERE = {name: re.compile("|".join(filter(None, forms)), re.IGNORECASE) for name, forms in _UNITS.items()}
_LONGEST = 8  # characters of a unit before its number


def unit_around(text: str, start: int, end: int) -> str:
    """The unit of the number at text[start:end], or "" when there is none that is known."""
    before = text[max(0, start - _LONGEST) : start]
    for name, pattern in _BEFORE:
        if pattern.search(before):
            return name
    return next((name for name, pattern in _AFTER if pattern.match(text, end)), "")


def mentions_unit(text: str, unit: str) -> bool:
    """Whether a text has the unit anywhere."""
    return bool(_ANYWHERE[unit].search(text))
