"""The workflow runs what people run, on the Pythons that are promised, and publishes only tags that were tried."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml


@pytest.fixture
def workflow(root: Path) -> dict[Any, Any]:
    read: dict[Any, Any] = yaml.safe_load((root / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    return read


def test_it_runs_what_the_continuous_integration_runs(workflow: dict[Any, Any], root: Path) -> None:
    steps = workflow["jobs"]["test"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [".ci/run"]
    assert "make check test" in (root / ".ci/run").read_text(encoding="utf-8")


def test_it_builds_the_site_of_the_documentation(workflow: dict[Any, Any], root: Path) -> None:
    assert [step["run"] for step in workflow["jobs"]["docs"]["steps"] if "run" in step] == ["make docs"]
    recipe = (root / "Makefile").read_text(encoding="utf-8").partition("\ndocs:")[2].partition("\n\n")[0]
    assert "mkdocs build --strict" in recipe
    assert "--quiet" not in recipe  # MkDocs then counts no warnings, and a broken link is none


def test_the_oldest_python_that_is_promised_is_among_those_it_runs_on(workflow: dict[Any, Any], root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={workflow['jobs']['test']['strategy']['matrix']['python'][0]}"


def steps_of(workflow: dict[Any, Any], job: str) -> dict[str, dict[str, Any]]:
    return {step["uses"].partition("@")[0]: step for step in workflow["jobs"][job]["steps"] if "uses" in step}


def test_the_image_is_tried_on_both_processors(workflow: dict[Any, Any]) -> None:
    job = workflow["jobs"]["image"]
    assert [step["run"] for step in job["steps"] if "run" in step] == ["make image-test"]
    assert job["strategy"]["matrix"]["runner"] == ["ubuntu-24.04", "ubuntu-24.04-arm"]
    assert job["runs-on"] == "${{ matrix.runner }}"


def test_tags_alone_are_published_for_both_processors_after_all_was_tried(workflow: dict[Any, Any]) -> None:
    job = workflow["jobs"]["publish"]
    assert job["if"] == "startsWith(github.ref, 'refs/tags/')"
    assert set(job["needs"]) == {"test", "image"}
    build = steps_of(workflow, "publish")["docker/build-push-action"]["with"]
    assert build["platforms"] == "linux/amd64,linux/arm64"
    assert build["push"] is True
    assert [name for name, each in workflow["jobs"].items() if "docker/login-action" in str(each)] == ["publish"]


def test_what_is_published_says_what_is_in_it_and_who_made_it(workflow: dict[Any, Any]) -> None:
    build = steps_of(workflow, "publish")["docker/build-push-action"]["with"]
    assert build["sbom"] is True
    assert build["provenance"] == "mode=max"
    (signing,) = [step for step in workflow["jobs"]["publish"]["steps"] if "run" in step]
    assert signing["run"].startswith("cosign sign --yes")
    assert signing["env"]["DIGEST"] == "${{ steps.build.outputs.digest }}"


def test_nothing_has_to_be_set_to_publish(workflow: dict[Any, Any]) -> None:
    steps = steps_of(workflow, "publish")
    assert "format('ghcr.io/{0}', github.repository)" in steps["docker/metadata-action"]["with"]["images"]
    login = steps["docker/login-action"]["with"]
    assert "'ghcr.io'" in login["registry"]
    assert "secrets.GITHUB_TOKEN" in login["password"]


def test_labels_are_those_of_the_dockerfile(workflow: dict[Any, Any], root: Path) -> None:
    """The metadata action would put the repository's own words in their place."""
    dockerfile = (root / "Dockerfile").read_text(encoding="utf-8")
    labels = steps_of(workflow, "publish")["docker/metadata-action"]["with"]["labels"].strip().splitlines()
    for name, value in (label.split("=", 1) for label in labels):
        assert f'{name}="{value}"' in dockerfile


def test_it_may_only_read_but_where_it_publishes(workflow: dict[Any, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    more = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    assert more == {"publish": {"contents": "read", "packages": "write", "id-token": "write"}}


def test_actions_are_named_by_commit_and_their_version_is_said(root: Path) -> None:
    text = (root / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (.*)", text)
    assert used
    assert all(re.fullmatch(r"[a-z]+/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in used)
    by_name: dict[str, set[str]] = {}
    for each in used:
        by_name.setdefault(each.partition("@")[0], set()).add(each)
    assert [name for name, pins in by_name.items() if len(pins) > 1] == []


def test_what_is_pinned_is_raised_by_dependabot(root: Path) -> None:
    config = yaml.safe_load((root / ".github/dependabot.yml").read_text(encoding="utf-8"))
    assert config["version"] == 2
    assert {each["package-ecosystem"] for each in config["updates"]} == {"docker", "github-actions", "pip"}
    # It reads the lines FROM and not the arguments: the pin stands in one.
    dockerfile = (root / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^FROM python:3\.11\.\d+-slim-bookworm@sha256:[0-9a-f]{64} AS pinned$", dockerfile, re.MULTILINE)
    assert "\nARG BASE_IMAGE=pinned\n" in dockerfile
