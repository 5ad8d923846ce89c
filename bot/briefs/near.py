"""The months and years that a report leaves out, since its readers know what day it is: "on the 10th", 去年."""

from __future__ import annotations

import re
from datetime import date, timedelta

_AHEAD = 31  # days: what is announced by its day alone is within a month
_BACK = 61  # days: no day of a month lies farther back than this
_LAST_YEAR = re.compile(r"\b(?:last|previous)\syear\b|\byear\s(?:ago|earlier)\b|[去上]年", re.IGNORECASE)
_NEXT_YEAR = re.compile(r"\bnext\syear\b|[明来來]年", re.IGNORECASE)
_TO_COME = re.compile(
    r"\b(?:will|shall|due|upcoming|scheduled|next|plan\w*|expect\w*|to be|until|by)\b"
    "|[将將拟擬]|[预預][计計期定]|下月|之前|截止",
    re.IGNORECASE,
)
_THIS_MONTH = re.compile(r"\bthis\smonth\b|本月|[当當]月", re.IGNORECASE)


def near_months(text: str, day: int, published: date) -> set[int]:
    """The months that make a day of the month the last such day up to the publication, or one soon after it.

    That is the same month, and where the text speaks of what is to come, up to 31 days after.
    """
    past = (published - timedelta(days=days) for days in range(_BACK + 1))
    coming = (published + timedelta(days=days) for days in range(1, _AHEAD + 1))
    last = next((each.month for each in past if each.day == day), None)
    ahead = bool(_TO_COME.search(text))
    return {each.month for each in coming if each.day == day and (ahead or each.month == published.month)} | (
        {last} if last else set()
    )


def near_years(text: str, published: date) -> set[int]:
    """The years that a text of that day may mean without saying their number."""
    last, following = bool(_LAST_YEAR.search(text)), bool(_NEXT_YEAR.search(text))
    return {published.year, published.year - last, published.year + following}


def says_this_month(text: str) -> bool:
    """Whether a text speaks of the month that it is of."""
    return bool(_THIS_MONTH.search(text))
