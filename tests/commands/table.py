"""The table of everything a person can do: each row is played on every platform that it is for (see `spoken` for
the languages).

To add rows for a new command, put them into the `rows_….py` of its subject (or a new one, named here). A row says in
which situation (`situations.py`) who gives which line, which sentences of the catalogue the answer has, which command
lines its buttons carry, and what is different in the chat afterwards: all else must be as before. `test_console.py`
fails where a handler of `HANDLERS`, a command of the menu, a choice of an option, or a sentence that commands can
say is in no row and in no list of exceptions there.
"""

from __future__ import annotations

from collections import Counter

from tests.commands import (
    rows_access,
    rows_alerts,
    rows_errors,
    rows_fates,
    rows_feed_cards,
    rows_feeds,
    rows_files,
    rows_first,
    rows_help,
    rows_keyword_cards,
    rows_keywords,
    rows_look,
    rows_looking,
    rows_owners,
    rows_places,
    rows_rhythm,
    rows_rights,
    rows_settings,
    rows_sharing,
    rows_start,
    rows_words,
)
from tests.commands.row import Row

_OWN: tuple[Row, ...] = (
    *rows_start.ROWS,
    *rows_first.ROWS,
    *rows_help.ROWS,
    *rows_sharing.ROWS,
    *rows_feeds.ROWS,
    *rows_feed_cards.ROWS,
    *rows_files.ROWS,
    *rows_keywords.ROWS,
    *rows_keyword_cards.ROWS,
    *rows_settings.ROWS,
    *rows_rhythm.ROWS,
    *rows_look.ROWS,
    *rows_looking.ROWS,
    *rows_alerts.ROWS,
    *rows_words.ROWS,
    *rows_errors.ROWS,
    *rows_fates.ROWS,
    *rows_places.ROWS,
    *rows_access.ROWS,
    *rows_owners.ROWS,
)
TABLE: tuple[Row, ...] = (*_OWN, *rows_rights.rows_of(_OWN))

_twice = [name for name, count in Counter(row.name for row in TABLE).items() if count > 1]
if _twice:
    raise ValueError(f"rows of one name: {_twice}")
