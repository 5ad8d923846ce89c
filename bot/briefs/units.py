"""The units that a number can carry in English and in Chinese, each under one name, and which of them say the same."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

# name: (before the number, after the number), as regular expressions over NFKC text. The longest come first.
_UNITS: dict[str, tuple[str, str]] = {
    "point": ("", r"percentage[\s-]points?\b|[个個]?百分[点點]"),
    "basis_point": ("", r"basis[\s-]points?\b|bps?\b|[个個]?基[点點]"),
    "percent": ("百分之?", r"%|per\s?cent\b|percent\b|pct\b"),
    "hkd": (r"HK\$|港币|港幣", r"(?:Hong\sKong\s|HK\s?)dollars?\b|HKD\b|港元|港币|港幣|港[纸紙]"),
    "myr": (
        r"RM\s?|[马馬][币幣]",
        r"(?:Malaysian\s)?ringgits?\b|MYR\b|(?:[马馬][来來]西[亚亞])?[令林]吉特?|[马馬][币幣]",
    ),
    "idr": (r"Rp\.?\s?", r"(?:Indonesian\s)?rupiahs?\b|IDR\b|印尼[盾币幣]"),
    # of whatever country: a report from there leaves it out
    "peso": (
        "₱",
        (
            r"(?:(?:Philippine|Mexican|Argentine|Chilean|Colombian|Uruguayan|Cuban)\s)?pesos?\b|PHP\b|MXN\b|ARS\b"
            r"|(?:菲律[宾賓]|墨西哥|阿根廷|智利|哥[伦倫]比[亚亞]|[乌烏]拉圭|古巴)?[比披]索"
        ),
    ),
    "vnd": ("₫", r"(?:Vietnamese\s)?dongs?\b|VND\b|越南盾"),
    "mop": (r"MOP\$?\s?", r"(?:Macau\s|Macanese\s)?patacas?\b|MOP\b|澳[门門][元币幣]|葡[币幣]"),
    "brl": (r"R\$", r"(?:Brazilian\s)?reais\b|Brazilian\sreals?\b|BRL\b|(?:巴西)?(?:雷亚[尔爾]|雷亞爾)"),
    "ils": ("₪", r"(?:Israeli\s)?shekels?\b|ILS\b|(?:以色列)?[谢謝]克[尔爾勒]"),
    "uah": ("₴", r"(?:Ukrainian\s)?hryvnias?\b|UAH\b|(?:[乌烏]克[兰蘭])?格里夫[纳納]"),
    "ngn": ("₦", r"(?:Nigerian\s)?naira\b|(?:尼日利[亚亞])?奈拉"),
    "zar": ("", r"(?:South\sAfrican\s)?rands?\b|ZAR\b|(?:南非)?[兰蘭]特"),
    "twd": (r"NT\$|新台币|新台幣|新臺幣", r"(?:new\s)?Taiwan(?:ese)?\sdollars?\b|TWD\b|新?[台臺][币幣]|新?[台臺]元"),
    "aud": (r"AU?\$|澳元", r"Australian\sdollars?\b|AUD\b|澳[大利亚亞]{0,3}元|澳[币幣]"),
    "cad": (r"CA?\$|加元", r"Canadian\sdollars?\b|CAD\b|加[拿大]{0,2}元|加[币幣]"),
    "nzd": (r"NZ\$", r"New\sZealand\sdollars?\b|NZD\b|[新纽紐]西[兰蘭]元|[纽紐]元"),
    "sgd": (r"S\$", r"Singapore(?:an)?\sdollars?\b|SGD\b|新加坡元|新元|坡[币幣]"),
    "usd": (r"US\$|USD\s?|\$", r"(?:U\.?S\.?\s)?dollars?\b|USD\b|美元|美金"),
    "eur": (r"€|EUR\s?", r"euros?\b|EUR\b|[欧歐]元"),
    "gbp": (r"£|GBP\s?", r"(?:pounds?\ssterling|(?:British\s)?pounds?)\b|英[镑鎊]"),
    "jpy": (r"JP¥", r"(?:Japanese\s)?yen\b|JPY\b|日[元圆圓]"),
    "krw": ("₩", r"(?:South\sKorean\s)?won\b|[韩韓][元圜圆圓]"),
    "rub": ("₽", r"(?:Russian\s)?rou?bles?\b|(?:俄[罗羅]斯)?[卢盧]布"),
    "inr": (r"₹|Rs\.?\s?", r"(?:(?:Indian|Pakistani)\s)?rupees?\b|(?:印度|巴基斯坦)?[卢盧]比"),
    "chf": (r"CHF\s?", r"(?:Swiss\s)?francs?\b|瑞士法郎|法郎"),
    "thb": ("฿", r"baht\b|泰[铢銖]"),
    "try": ("₺", r"(?:Turkish\s)?lira\b|里拉"),
    "cny": (
        r"RMB\s?|CN[Y¥]\s?|人民币|人民幣|[¥￥]",
        r"(?:Chinese\s)?(?:yuan|renminbi)\b|RMB\b|CNY\b|元人民币|元人民幣|人民币|人民幣|元(?![月旦宇论論素件首老化])|[块塊](?=[钱錢])[钱錢]",
    ),
    "km2": ("", r"square[\s-]kilomet(?:er|re)s?\b|sq\.?\skm\b|km2\b|平方公里|平方千米"),
    "m2": ("", r"square[\s-]met(?:er|re)s?\b|sq\.?\sm\b|m2\b|平方(?:公尺|米)|平米"),
    "foot2": ("", r"square[\s-](?:feet|foot)\b|sq\.?\sft\b|平方(?:英尺|呎)"),
    "kmh": ("", r"(?:kilomet(?:er|re)s?|km)\s?(?:per|an|/)\s?h(?:our)?\b|kph\b|km/h\b"),
    "mph": ("", r"miles\s(?:per|an)\shour\b|mph\b"),
    "km": ("", r"(?:kilomet(?:er|re)s?|kms?)\b|公里|千米"),
    "nautical_mile": ("", r"nautical\smiles?\b|海里|[浬]"),
    "mile": ("", r"miles?\b|英里|哩"),
    "foot": ("", r"(?:feet|foot|ft)\b|英尺|呎"),
    "inch": ("", r"inch(?:es)?\b|英?寸|吋"),
    "cm": ("", r"centimet(?:er|re)s?\b|cm\b|厘米|公分"),
    "mm": ("", r"millimet(?:er|re)s?\b|mm\b|毫米|公[厘釐]"),
    "m": ("", r"met(?:er|re)s?\b|米(?![兰蘭])|公尺"),
    "kg": ("", r"(?:kilograms?|kilos?|kgs?)\b|公斤|千克"),
    "jin": ("", r"(?:jin|catt(?:y|ies))\b|[市台臺]?斤"),
    "gram": ("", r"(?:grams?|(?-i:g))\b|克(?![拉里罗羅])"),
    "tonne": ("", r"(?:metric\s)?tonn?e?s?\b|公?[吨噸]"),
    "barrel": ("", r"barrels?\b|桶"),
    "litre": ("", r"lit(?:er|re)s?\b|公?升(?!级|級|至|到)"),
    "hectare": ("", r"hectares?\b|公[顷頃]"),
    "acre": ("", r"acres?\b|英[亩畝]"),
    "mu": ("", r"mu\b|[亩畝]"),
    "fahrenheit": ("", r"degrees?\sFahrenheit\b|°\s?F\b|℉|[华華]氏度"),
    "degree": ("", r"degrees?\b|°\s?C?|℃|[摄攝]氏度|度(?![过過假])"),
    "age": ("", r"year[\s-]olds?\b|years?[\s-](?:old|of\sage)\b|[周週]?[岁歲]"),
    "second": ("", r"(?:seconds?|secs?|(?:(?<=\.\d)|(?<=\.\d\d))(?-i:s))\b|秒"),
    "minute": ("", r"(?:minutes?|mins?)\b|分多?[钟鐘]"),
    "hour": ("", r"(?:hours?|hrs?|h)\b|[个個]?多?(?:小[时時]|[钟鐘][头頭])"),
    "day": ("", r"days?\b|天(?!津|然|空|文)"),
    "week": ("", r"weeks?\b|[个個]?多?星期|[个個]?多?[礼禮]拜|[周週](?!年|[一二三四五六日])"),
    "month": ("", r"months?\b|[个個]多?月"),
    "year": ("", r"(?:years?|yrs?)\b|[周週]?年(?![级級轻輕代底初末])|[个個]年[度头頭]|[载載]"),
    "decade": ("", r"decades?\b"),
    "century": ("", r"centur(?:y|ies)\b|[个個]?世[纪紀]"),
    "kw": ("", r"kilowatts?\b|kW\b|千瓦"),
    "mw": ("", r"megawatts?\b|MW\b|兆瓦"),
    "gw": ("", r"gigawatts?\b|GW\b|吉瓦"),
    "fold": ("", r"[\s-]?fold\b|times(?=\s(?:as|more|the|higher|larger|that))|倍"),
    "nth": (r"\b[Nn]o\.?\s|[Nn]umber\s", r"(?<=\d)(?:st|nd|rd|th)\b|[号號]"),
    "share": ("", r"(?!)"),  # a half: a percentage, said otherwise
    "rank": ("", r"(?!)"),  # again, 另: a second one
    "person": ("", r"(?:people|persons?)\b|名|人(?![均次民工类類])|位(?!于|於)"),
}  # fmt: skip
_LONGEST = 8  # characters of a unit before its number
_BEFORE = re.compile(
    "(?:" + "|".join(f"(?P<{name}>{form})" for name, (form, _) in _UNITS.items() if form) + r")[近约約]?\s?$", re.ASCII
)
_AFTER_NAMES = "|".join(f"(?P<{name}>{after})" for name, (_, after) in _UNITS.items())
_AFTER = re.compile(
    rf"(?:(?:st|nd|rd|th)\b)?[\s-]{{0,2}}(?:[多余餘来來几幾]\s?)?(?:{_AFTER_NAMES})", re.IGNORECASE | re.ASCII
)
_ANYWHERE = {
    name: re.compile("|".join(f"(?:{form})" for form in forms if form), re.IGNORECASE | re.ASCII)
    for name, forms in _UNITS.items()
}


_ONE = {
    name: re.compile(rf"\b{name}\b|\b{name}ly\b|(?:{_UNITS[name][1].rsplit('b|', 1)[-1]})", re.IGNORECASE)
    for name in ("second", "minute", "hour", "day", "week", "month", "year", "decade", "century")
}


class _Scale(NamedTuple):
    base: str
    factor: Decimal


def _scales(base: str, **factors: str) -> dict[str, _Scale]:
    return {name: _Scale(base, Decimal(factor)) for name, factor in factors.items()}


# What is exact in both languages: 半小時 is 30 minutes, a decade ten years; miles and km are left apart.
_SCALES = (
    _scales("second", second="1", minute="60", hour="3600", day="86400", week="604800")
    | _scales("month", month="1", year="12", age="12", decade="120", century="1200")
    | _scales("m", m="1", km="1000", kmh="1000", cm="0.01", mm="0.001")
    | _scales("gram", gram="1", jin="500", kg="1000", tonne="1000000")
    | _scales("m2", m2="1", hectare="10000", km2="1000000")
    | _scales("kw", kw="1", mw="1000", gw="1000000")
    | _scales("percent", percent="1", share="1")
    | _scales("point", point="1", basis_point="0.01")
    | _scales("mile", mile="1", mph="1")
)
MEASURED = frozenset(_UNITS) - {"person", "fold", "nth"}


def unit_around(text: str, start: int, end: int) -> str:
    """The unit of the number at text[start:end], or "" when there is none that is known."""
    if before := _BEFORE.search(text, max(0, start - _LONGEST), start):
        return before.lastgroup or ""
    after = _AFTER.match(text, end)
    return (after.lastgroup or "") if after else ""


def in_base(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """A value in the unit that all of its dimension are exact multiples of: 2 hours are 7,200 seconds."""
    scale = _SCALES.get(unit)
    return (value * scale.factor, scale.base) if scale else (value, unit)


def says_one(text: str, unit: str) -> bool:
    """Whether a text may speak of one of a unit of time without a number: "a year", hourly, 每小時."""
    return unit in _ONE and bool(_ONE[unit].search(text))


def mentions_unit(text: str, unit: str) -> bool:
    """Whether a text has the unit anywhere."""
    return bool(_ANYWHERE[unit].search(text))
