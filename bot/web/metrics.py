"""What Prometheus collects: every metric there is, and their values.

    loops ─▶ Meter.count, Meter.took ─▶ counters, histograms ─┐
    database, checks ─▶ figures, when somebody asks ──▶ gauges ┴─▶ /metrics

Labels have few values, which are known beforehand: a stranger's text is never one, and each series stands at 0 from the
start, so that a rate knows the first event (https://prometheus.io/docs/practices/instrumentation/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.model import MadeBy, Platform

PREFIX = "diting_"
OTHER = "other"  # a value that nobody foresaw
_PLATFORMS = tuple(platform.value for platform in Platform)

# Gauges by the name of their metric, and in it by the values of its labels.
Figures = Mapping[str, Mapping[tuple[str, ...], float]]


class Kind(StrEnum):
    """Prometheus' types of metrics."""

    COUNTER = "counter"
    HISTOGRAM = "histogram"
    GAUGE = "gauge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric. `event` is what the loops call it; `values` are those of `label`, of a gauge the usual ones."""

    name: str
    kind: Kind
    about: str
    event: str = ""
    label: str = ""
    values: tuple[str, ...] = ()
    by_platform: bool = False
    buckets: tuple[float, ...] = ()  # seconds

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of its labels, in their order."""
        return (*(("platform",) if self.by_platform else ()), *((self.label,) if self.label else ()))

    @property
    def families(self) -> tuple[str, ...]:
        """The names under which its series stand on the page."""
        match self.kind:
            case Kind.COUNTER:
                return (f"{PREFIX}{self.name}_total",)
            case Kind.HISTOGRAM:
                return tuple(f"{PREFIX}{self.name}_{part}" for part in ("bucket", "count", "sum"))
            case Kind.GAUGE:
                return (f"{PREFIX}{self.name}",)


# From what takes a moment to what lets people wait, and from seconds to days.
_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LONG = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400)

METRICS = (
    Metric(
        name="polls",
        kind=Kind.COUNTER,
        about="Feeds that were asked: with news, without, not read, gone for good, or a fault of ours.",
        event="polls",
        label="outcome",
        values=("new", "same", "failed", "gone", "fault"),
    ),
    Metric(name="items", kind=Kind.COUNTER, about="Items that came, by polls and pushes.", event="items"),
    Metric(
        name="hub_requests",
        kind=Kind.COUNTER,
        about="WebSub: what we asked hubs, and what they asked us.",
        event="hubs",
        label="outcome",
        values=("asked", "failed", "confirms", "ends", "denies", "foreign"),
    ),
    Metric(
        name="pushes",
        kind=Kind.COUNTER,
        about="WebSub: what hubs pushed, and what became of it.",
        event="pushes",
        label="outcome",
        values=("new", "same", "unknown", "forged", "merged", "dropped", "busy", "thin", "unreadable", "fault"),
    ),
    Metric(
        name="match_seconds",
        kind=Kind.HISTOGRAM,
        about="From an item's turn to the keywords that it matches.",
        event="matches",
        buckets=_QUICK,
    ),
    Metric(
        name="brief_seconds",
        kind=Kind.HISTOGRAM,
        about="How long a brief took, by the way that made it.",
        event="briefs",
        label="way",
        values=tuple(way.value for way in MadeBy),
        buckets=_QUICK,
    ),
    Metric(
        name="brief_refusals",
        kind=Kind.COUNTER,
        about="Briefs that were not taken, by what they had that their source has not.",
        event="refusals",
        label="kind",
        values=("number", "name", "empty", "unrelated", "answer cut off", "unreadable answer", "content filter"),
    ),
    Metric(
        name="ways_unavailable",
        kind=Kind.COUNTER,
        about="Times that a way of making briefs did not answer in time, or not at all.",
        event="ways",
        label="way",
        values=("model", "argos", "deepl", "libretranslate", "feed"),
    ),
    Metric(
        name="model_tokens",
        kind=Kind.COUNTER,
        about="Tokens of the language model.",
        event="model_tokens",
        label="direction",
        values=("asked", "answered"),
    ),
    Metric(
        name="model_budget_refusals",
        kind=Kind.COUNTER,
        about="Calls of the model that the day's budget did not allow.",
        event="model",
        label="reason",
        values=("budget in use", "budget spent"),
    ),
    Metric(
        name="alerts",
        kind=Kind.COUNTER,
        about="Deliveries that items brought about, and items whose alerts were shown anew with a better brief.",
        event="alerts",
        label="outcome",
        values=("due", "improved"),
    ),
    Metric(name="digests", kind=Kind.COUNTER, about="Digests that were put together.", event="digests"),
    Metric(
        name="deliveries",
        kind=Kind.COUNTER,
        about="What became of attempts to send a message.",
        event="deliveries",
        label="outcome",
        values=(
            *("sent", "retried", "rate-limited", "perhaps-sent", "moved", "stopped", "token-refused", "taken-apart"),
            "failed",
        ),
        by_platform=True,
    ),
    Metric(
        name="edits",
        kind=Kind.COUNTER,
        about="What became of attempts to edit a message.",
        event="edits",
        label="outcome",
        values=("edited", "retried", "rate-limited", "moved", "stopped", "token-refused", "taken-apart", "failed"),
        by_platform=True,
    ),
    Metric(
        name="plainer",
        kind=Kind.COUNTER,
        about="Messages that a platform took only without their markup: a fault of ours.",
        event="plainer",
        label="platform",
        values=_PLATFORMS,
    ),
    Metric(
        name="discord_invalid",
        kind=Kind.COUNTER,
        about="Requests that Discord refused; ten thousand in ten minutes, and it shuts the address out.",
        event="discord_invalid",
        label="status",
        values=("401", "403", "429"),
    ),
    Metric(
        name="item_delay_seconds",
        kind=Kind.HISTOGRAM,
        about="From an item's publication, as its feed has it, to our reading it.",
        event="seen",
        buckets=_LONG,
    ),
    Metric(
        name="alert_delay_seconds",
        kind=Kind.HISTOGRAM,
        about="From our reading an item to its alert being in the chat, with the time it was held; without digests.",
        event="sent",
        by_platform=True,
        buckets=_LONG,
    ),
    Metric(
        name="queue_deliveries",
        kind=Kind.GAUGE,
        about="Messages that are due now and not sent yet.",
        by_platform=True,
    ),
    Metric(
        name="queue_age_seconds",
        kind=Kind.GAUGE,
        about="For how long the oldest of them is due; 0 without any.",
        by_platform=True,
    ),
    Metric(name="queue_items", kind=Kind.GAUGE, about="Items that wait to be matched."),
    Metric(
        name="chats",
        kind=Kind.GAUGE,
        about="Chats, by their state.",
        label="state",
        values=("active", "paused", "blocked", "gone"),
        by_platform=True,
    ),
    Metric(
        name="feeds",
        kind=Kind.GAUGE,
        about="Feeds that some chat follows: well, or in trouble.",
        label="state",
        values=("well", "troubled"),
    ),
    Metric(name="keywords", kind=Kind.GAUGE, about="Keywords of all chats."),
    Metric(
        name="ready",
        kind=Kind.GAUGE,
        about="1 where a part of the program is well, as /readyz has it, 0 where it is not.",
        label="part",
        values=(
            *("poll", "alert", "digest", "broadcast", "deliver", "owners", "posts", "database", "disk", "telegram"),
            "discord",
        ),
    ),
    Metric(name="info", kind=Kind.GAUGE, about="Always 1; the version of the program is its label.", label="version"),
)


class PrometheusMeter:
    """Implements `bot.ports.Meter` on a registry of its own, so that two programs in one process do not mix."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._metrics = {metric.event: metric for metric in METRICS if metric.event}
        self._counters: dict[str, Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        self._gauges: dict[str, Gauge] = {}
        for metric in METRICS:
            self._make(metric)

    def _make(self, metric: Metric) -> None:
        described = (PREFIX + metric.name, metric.about, metric.labels)
        match metric.kind:
            case Kind.GAUGE:
                self._gauges[metric.name] = Gauge(*described, registry=self._registry)
            case Kind.COUNTER:
                self._counters[metric.event] = Counter(*described, registry=self._registry)
            case Kind.HISTOGRAM:
                made = Histogram(*described, registry=self._registry, buckets=metric.buckets)
                self._histograms[metric.event] = made
        if metric.event and metric.labels:
            made_of = self._counters.get(metric.event) or self._histograms[metric.event]
            values = ((_PLATFORMS,) if metric.by_platform else ()) + ((metric.values,) if metric.label else ())
            for each in product(*values):
                made_of.labels(*each)

    def count(self, event: str, outcome: str, by: int = 1, *, platform: Platform | None = None) -> None:
        """See `bot.ports.Meter`."""
        labels = self._labels(event, outcome, platform)
        counter = self._counters[event]
        (counter.labels(*labels) if labels else counter).inc(by)

    def took(self, event: str, time: timedelta, outcome: str = "", *, platform: Platform | None = None) -> None:
        """See `bot.ports.Meter`."""
        labels = self._labels(event, outcome, platform)
        histogram = self._histograms[event]
        (histogram.labels(*labels) if labels else histogram).observe(max(0.0, time.total_seconds()))

    def _labels(self, event: str, outcome: str, platform: Platform | None) -> tuple[str, ...]:
        metric = self._metrics[event]
        own = (outcome if outcome in metric.values else OTHER,) if metric.label else ()
        return (platform or OTHER, *own) if metric.by_platform else own

    def counts(self, event: str) -> dict[str, float]:
        """How often an event with one label ended in each of its outcomes, since this process began."""
        metric = self._metrics[event]
        collected = (self._counters.get(event) or self._histograms[event]).collect()
        samples = (sample for family in collected for sample in family.samples)
        return {one.labels[metric.label]: one.value for one in samples if one.name.endswith(("_total", "_count"))}

    def page(self, figures: Figures | None = None) -> bytes:
        """The metrics in Prometheus' text format, with these gauges."""
        for name, gauge in self._gauges.items():
            gauge.clear()
            for labels, figure in (figures or {}).get(name, {}).items():
                (gauge.labels(*labels) if labels else gauge).set(figure)
        return generate_latest(self._registry)
