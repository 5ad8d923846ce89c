"""Column types that give the same Python values on SQLite and PostgreSQL, whatever a feed or person sent."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import chain
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text, TypeDecorator

from bot.model import Announcement, ChatId, FeedId, FeedRef, Notice, NoticeKind, RightsNotice, Shared, StoryReason, Why

DIGEST_BYTES = 16
_NO_RIGHTS = "no-rights"  # the kind of a RightsNotice, beside those of NoticeKind
_ANNOUNCEMENT = "announcement"


def clean(text: str) -> str:
    """`text` without what a database refuses: NUL (PostgreSQL) and lone surrogates (no UTF-8 form)."""
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def digest(text: str) -> str:
    """22 characters that stand for `text` of any length: an index entry of PostgreSQL holds 2,704 bytes at most,
    and guids and addresses are as long as their writers please."""
    raw = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


class CleanText(TypeDecorator[str]):
    """Text, cleaned on its way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's)
        """See `clean`."""
        return None if value is None else clean(value)


class Digest(TypeDecorator[str]):
    """Holds the digest of the text that is bound to it; reading gives the digest."""

    impl = String(22)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's)
        """See `digest`."""
        return None if value is None else digest(value)


class UtcTime(TypeDecorator[datetime]):
    """An instant. Naive datetimes are refused; reading gives aware UTC ones.

    SQLite keeps ISO text without offset (it sorts as time does), PostgreSQL `timestamptz`.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """To UTC; raises ValueError for a datetime without a time zone."""
        # Not in two steps, ours and the driver's: a poll reads and writes five of these, and SQLAlchemy's own step
        # for SQLite takes as long as the statement.
        return _iso_text if dialect.name == "sqlite" else _utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002
        """Aware UTC."""
        return _from_iso_text if dialect.name == "sqlite" else _utc


def _utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a datetime without a time zone: {value!r}")
    return value.astimezone(UTC)


def _iso_text(value: datetime | None) -> str | None:
    utc = _utc(value)
    return None if utc is None else utc.isoformat(" ", "microseconds").removesuffix("+00:00")


def _from_iso_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


class _Json(TypeDecorator[Any]):
    """A value as JSON text; PostgreSQL's own JSON types refuse some of what feeds hold."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002 (any column value)
        return None if value is None else clean(json.dumps(self._plain(value), ensure_ascii=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002
        return None if value is None else self._made(json.loads(value))

    def _plain(self, value: Any) -> Any:  # noqa: ANN401
        return value

    def _made(self, plain: Any) -> Any:  # noqa: ANN401
        return tuple(plain)


class Strings(_Json):
    """A tuple of strings."""

    cache_ok = True


class Choices(_Json):
    """A dictionary of what was chosen, by name."""

    cache_ok = True

    def _made(self, plain: Any) -> dict[str, Any]:  # noqa: ANN401
        return dict(plain)


class Reasons(_Json):
    """A tuple of Why."""

    cache_ok = True

    def _plain(self, value: tuple[Why, ...]) -> list[Any]:
        # The third member is left out where it is empty, as in rows from before there was one.
        return [[why.keyword, list(why.matched), *([list(why.translated)] if why.translated else [])] for why in value]

    def _made(self, plain: list[Any]) -> tuple[Why, ...]:
        return tuple(
            Why(keyword=keyword, matched=tuple(matched), translated=tuple(chain.from_iterable(translated)))
            for keyword, matched, *translated in plain
        )


class Grounds(_Json):
    """A tuple of StoryReason."""

    cache_ok = True

    def _plain(self, value: tuple[StoryReason, ...]) -> list[Any]:
        return [[reason.shared, list(reason.words)] for reason in value]

    def _made(self, plain: list[Any]) -> tuple[StoryReason, ...]:
        return tuple(StoryReason(shared=Shared(shared), words=tuple(words)) for shared, words in plain)


class News(_Json):
    """A Notice, a RightsNotice or an Announcement."""

    cache_ok = True

    def _plain(self, value: Notice | RightsNotice | Announcement) -> dict[str, Any]:
        if isinstance(value, Announcement):
            return {"kind": _ANNOUNCEMENT, "text": value.text}
        if isinstance(value, RightsNotice):
            return {"kind": _NO_RIGHTS, **asdict(value)}
        return {"kind": value.kind, "feed": asdict(value.feed), "reason": value.reason}

    def _made(self, plain: dict[str, Any]) -> Notice | RightsNotice | Announcement:
        if plain["kind"] == _ANNOUNCEMENT:
            return Announcement(text=plain["text"])
        if plain["kind"] == _NO_RIGHTS:
            return RightsNotice(chat=ChatId(plain["chat"]), title=plain["title"], reason=plain["reason"])
        feed = plain["feed"]
        return Notice(
            kind=NoticeKind(plain["kind"]), feed=FeedRef(**(feed | {"id": FeedId(feed["id"])})), reason=plain["reason"]
        )
