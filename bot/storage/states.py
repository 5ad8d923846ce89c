"""The words that the `state` columns of items and deliveries hold."""

NEW = "new"  # waits to be matched
BACKLOG = "backlog"  # older than the subscriptions: stored, never alerted
DONE = "done"

DUE = "due"
SENT = "sent"
FAILED = "failed"
