"""What a webhook gets: a message as JSON, with all that it was made of."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bot.chat.targets.writing import Takes, words
from bot.model import Alert, Announcement, Content, Digest, Message, Why

VERSION = 1
_TAKES = Takes(title=500, body=20_000)


def payload(message: Message, *, chat: str, key: str) -> dict[str, Any]:
    """The fields of a message, in their order. `chat` is the target's name, `key` the delivery's."""
    said = words(message, _TAKES)
    return {
        "version": VERSION,
        "id": key,
        "chat": chat,
        "kind": _kind(message.content),
        "title": said.title,
        "text": said.body,
        "alerts": [_alert(alert) for alert in _alerts(message.content)],
    }


def stamped(fields: dict[str, Any], *, sent: datetime, update: bool) -> bytes:
    """The body that is sent."""
    return _json(fields | {"sent": sent.isoformat(timespec="seconds"), "update": update})


def fingerprint(fields: dict[str, Any]) -> bytes:
    """What is the same for each try of the same message, and for nothing else."""
    return _json(fields)


def _json(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _kind(content: Content | None) -> str:
    match content:
        case Alert():
            return "alert"
        case Digest():
            return "digest"
        case Announcement():
            return "announcement"
        case _:
            return "notice"


def _alerts(content: Content | None) -> tuple[Alert, ...]:
    match content:
        case Alert():
            return (content,)
        case Digest():
            return content.alerts
        case _:
            return ()


def _alert(alert: Alert) -> dict[str, Any]:
    stored, brief = alert.item, alert.brief
    published = stored.item.published
    return {
        "item": {
            "title": stored.item.title,
            "url": stored.item.url,
            # Not the feed's address, which may hold a key of whoever subscribed to it.
            "feed": {"title": stored.feed.title, "site": stored.feed.site},
            "published": published.isoformat() if published else None,
            "seen": stored.seen.isoformat(),
            "picture": stored.item.picture,
        },
        "brief": {
            "title_zh": brief.title_zh,
            "title_en": brief.title_en,
            "summary_zh": brief.summary_zh,
            "summary_en": brief.summary_en,
            "made_by": brief.made_by.value,
        },
        "keywords": [_reason(reason) for reason in alert.why],
        "story": alert.kind.value if alert.kind else None,
        "new": list(alert.new),
        "also": [{"feed": {"title": one.feed.title, "site": one.feed.site}, "url": one.url} for one in alert.also],
    }


def _reason(reason: Why) -> dict[str, Any]:
    return {"keyword": reason.keyword, "matched": list(reason.matched), "translated": list(reason.translated)}
