"""The alert rules and the dashboard ask Prometheus for metrics that there are, in its own language."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from bot.web.metrics import METRICS

NAME = re.compile(r"\b(?:diting|process)_[a-z_]+|\bup\b")
OTHERS = {"up", "process_resident_memory_bytes"}  # of Prometheus, and of its client
# Grafana puts a time in its place.
INTERVAL = "$__rate_interval"


def rules(root: Path) -> list[dict[str, Any]]:
    groups = yaml.safe_load((root / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels(root: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((root / "deploy/grafana/dashboards/diting.json").read_text("utf-8"))[
        "panels"
    ]
    return found


def expressions(root: Path) -> list[str]:
    asked = [target["expr"] for panel in panels(root) for target in panel["targets"]]
    return [*(rule["expr"] for rule in rules(root)), *(each.replace(INTERVAL, "5m") for each in asked)]


def test_every_expression_is_promql_and_names_metrics_that_there_are(root: Path) -> None:
    known = {family for metric in METRICS for family in metric.families} | OTHERS
    asked = expressions(root)
    assert len(asked) > len(METRICS)
    for expression in asked:
        promql_parser.parse(expression)
        named = set(NAME.findall(expression))
        assert named, expression
        assert named <= known, expression


def test_every_label_that_is_asked_for_has_that_value(root: Path) -> None:
    by_family = {family: metric for metric in METRICS for family in metric.families}
    for expression in expressions(root):
        for family, label, value in re.findall(r'(diting_[a-z_]+)\{([a-z]+)="([^"]+)"', expression):
            metric = by_family[family]
            assert label in metric.labels
            assert label != metric.label or value in metric.values


def test_every_metric_is_on_the_dashboard(root: Path) -> None:
    shown = set(NAME.findall(" ".join(expressions(root))))
    assert [metric.name for metric in METRICS if not shown & set(metric.families)] == []


def test_every_alert_says_what_it_means_and_how_bad_it_is(root: Path) -> None:
    names = [rule["alert"] for rule in rules(root)]
    assert len(names) == len(set(names))
    for rule in rules(root):
        assert rule["labels"]["severity"] in {"info", "warning", "critical"}
        assert {"summary", "description"} == set(rule["annotations"])


def test_panels_stand_beside_and_below_one_another(root: Path) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels(root):
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
    assert len({panel["id"] for panel in panels(root)}) == len(panels(root))


@pytest.mark.parametrize("service", ["prometheus", "grafana"])
def test_the_files_stand_where_the_services_look_for_them(root: Path, service: str) -> None:
    compose = yaml.safe_load((root / "docker-compose.yml").read_text(encoding="utf-8"))
    mounts = dict(mount.removesuffix(":ro").split(":") for mount in compose["services"][service]["volumes"])
    by_target = {target: root / source for source, target in mounts.items() if source.startswith(".")}
    if service == "prometheus":
        config = yaml.safe_load((by_target["/etc/prometheus"] / "prometheus.yml").read_text(encoding="utf-8"))
        for path in config["rule_files"]:
            assert (by_target["/etc/prometheus"] / Path(path).name).is_file()
        names = config["scrape_configs"][0]["dns_sd_configs"][0]["names"]
        assert set(names) <= set(compose["services"])
        return
    dashboards = by_target["/etc/grafana/provisioning"] / "dashboards/diting.yml"
    provider = yaml.safe_load(dashboards.read_text(encoding="utf-8"))["providers"][0]
    assert (by_target[provider["options"]["path"]] / "diting.json").is_file()
    (source,) = yaml.safe_load((by_target["/etc/grafana/provisioning"] / "datasources/prometheus.yml").read_text())[
        "datasources"
    ]
    assert {panel["datasource"]["uid"] for panel in panels(root)} == {source["uid"]}
