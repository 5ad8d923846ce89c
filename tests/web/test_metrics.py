"""Every metric is counted somewhere, what is counted is a metric, and no label has values of a stranger's making."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.model import MadeBy, Platform
from bot.web.metrics import METRICS, OTHER, Kind, PrometheusMeter

ROOT = Path(__file__).resolve().parents[2]
CALLS = {"count": Kind.COUNTER, "took": Kind.HISTOGRAM}


def calls() -> Iterator[tuple[Kind, str, str | None]]:
    """The kind, event and (where it stands there) outcome of each call of a meter in the code."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS:
                if not ast.unparse(node.func.value).endswith("meter"):
                    continue
                event, *more = node.args
                outcome = next((each.value for each in more if isinstance(each, ast.Constant)), None)
                for each in ast.walk(event):  # one of several, perhaps
                    if isinstance(each, ast.Constant):
                        yield CALLS[node.func.attr], each.value, outcome if isinstance(outcome, str) else None


def samples(page: bytes) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    found: defaultdict[str, dict] = defaultdict(dict)
    for family in text_string_to_metric_families(page.decode()):
        for sample in family.samples:
            found[sample.name][tuple(sorted(sample.labels.items()))] = sample.value
    return found


@pytest.fixture
def meter():
    return PrometheusMeter()


def test_what_the_code_counts_are_the_metrics_each_by_its_kind():
    counted = {(kind, event) for kind, event, _ in calls()}
    assert counted == {(metric.kind, metric.event) for metric in METRICS if metric.event}


def test_the_outcomes_that_the_code_names_are_known():
    by_event = {metric.event: metric for metric in METRICS}
    unknown = {
        (event, outcome)
        for _, event, outcome in calls()
        if outcome and by_event[event].label and outcome not in by_event[event].values
    }
    assert not unknown


def test_every_series_of_the_loops_is_there_from_the_start(meter):
    there = samples(meter.page())
    for metric in METRICS:
        if metric.kind is Kind.GAUGE:
            continue
        platforms = len(Platform) if metric.by_platform else 1
        for family in metric.families:
            series = {tuple(one for one in labels if one[0] != "le") for labels in there[family]}
            assert len(series) == platforms * max(1, len(metric.values)), family


def test_counts_and_times_stand_under_their_labels(meter):
    meter.count("polls", "new", 3)
    meter.count("items", "new", 2)
    meter.count("deliveries", "sent", platform=Platform.DISCORD)
    meter.took("briefs", timedelta(seconds=2), MadeBy.MODEL)
    meter.took("sent", timedelta(seconds=-3), platform=Platform.TELEGRAM)  # a clock that was set back
    there = samples(meter.page())
    assert there["diting_polls_total"][("outcome", "new"),] == 3
    assert there["diting_items_total"][()] == 2
    assert there["diting_deliveries_total"][("outcome", "sent"), ("platform", "discord")] == 1
    assert there["diting_deliveries_total"][("outcome", "sent"), ("platform", "telegram")] == 0
    assert there["diting_brief_seconds_sum"][("way", "model"),] == 2
    assert there["diting_brief_seconds_bucket"][("le", "1.0"), ("way", "model")] == 0
    assert there["diting_alert_delay_seconds_sum"][("platform", "telegram"),] == 0


def test_an_outcome_that_nobody_foresaw_makes_no_series_of_its_own(meter):
    for reason in ("refused because of <script>", "another"):
        meter.count("refusals", reason)
    there = samples(meter.page())["diting_brief_refusals_total"]
    assert there[("kind", OTHER),] == 2
    assert len(there) == len(next(metric for metric in METRICS if metric.event == "refusals").values) + 1


def test_gauges_are_those_of_the_moment(meter):
    meter.page({"keywords": {(): 7.0}, "ready": {("poll",): 1.0, ("telegram",): 0.0}})
    there = samples(meter.page({"keywords": {(): 8.0}, "ready": {("poll",): 1.0}}))
    assert there["diting_keywords"] == {(): 8.0}
    assert there["diting_ready"] == {(("part", "poll"),): 1.0}
    assert "diting_ready" not in samples(meter.page())


def test_names_are_as_prometheus_wants_them():
    for metric in METRICS:
        assert metric.name.replace("_", "").isalpha()
        assert metric.name.islower()
        assert (metric.kind is Kind.HISTOGRAM) == bool(metric.buckets)
        assert not metric.buckets or metric.name.endswith("_seconds")
        assert metric.about.endswith(".")
