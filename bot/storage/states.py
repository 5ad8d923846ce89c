"""The words that the `state` columns of items and deliveries hold, and the keys of deliveries."""

from __future__ import annotations

import secrets

KEY_BYTES = 16  # 22 characters; Discord takes 25 at most

NEW = "new"  # waits to be matched
BACKLOG = "backlog"  # older than the subscriptions: stored, never alerted
DONE = "done"

DUE = "due"
SENT = "sent"
FAILED = "failed"
JOINED = "joined"  # another alert of the chat stands for it


def delivery_key() -> str:
    """A new idempotency key."""
    return secrets.token_urlsafe(KEY_BYTES)
