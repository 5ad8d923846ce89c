"""Counts for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, generate_latest


class PrometheusMeter:
    """Implements `bot.ports.Meter` on a registry of its own, so that two programs in one process do not mix."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._events = Counter(
            "diting_events", "What happened, by kind and outcome.", ["event", "outcome"], registry=self._registry
        )

    def count(self, event: str, outcome: str, by: int = 1) -> None:
        """See `bot.ports.Meter`."""
        if by:
            self._events.labels(event=event, outcome=outcome).inc(by)

    def page(self) -> bytes:
        """The metrics in Prometheus' text format."""
        return generate_latest(self._registry)
