"""The words that the `state` columns of items and deliveries hold, and the keys of deliveries."""

from __future__ import annotations

import secrets

from bot.model import DeliveryState, ItemState

KEY_BYTES = 16  # 22 characters; Discord takes 25 at most

NEW, BACKLOG, DONE = ItemState.NEW.value, ItemState.BACKLOG.value, ItemState.DONE.value
DUE, SENT, FAILED = DeliveryState.DUE.value, DeliveryState.SENT.value, DeliveryState.FAILED.value
JOINED = DeliveryState.JOINED.value
FOLDED = DeliveryState.FOLDED.value
HELD = DeliveryState.HELD.value
WAITING = (DUE, FOLDED, HELD)  # owed, and not sent yet


def delivery_key() -> str:
    """A new idempotency key."""
    return secrets.token_urlsafe(KEY_BYTES)
