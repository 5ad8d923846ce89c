"""Rows of `/why` for alerts that a platform did not take: the reason is said in the reader's language."""

from __future__ import annotations

from bot.chat import fates
from tests.commands.row import Row
from tests.commands.situations_places import failed_for

_AROUND = {
    "blocked: bot was kicked": "blocked: {reason}",
    "gone: chat not found": "the chat is gone: {reason}",
    "gave up after 5 attempts: timeout": "gave up after {n} attempts: {reason}",
}
ROWS = tuple(
    Row(
        name=f"an alert that was not sent: {reason}",
        line="/why {link}",
        given=(failed_for(reason),),
        says=("Its alert could not be sent ({when}): {reason}", said),
    )
    for reason, said in {**fates._KNOWN, **_AROUND}.items()
)
