"""The workflow runs what people run, on the Pythons that are promised, and publishes nothing but tags."""

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


def test_the_image_is_built_for_both_processors_and_published_for_tags_alone(workflow: dict[Any, Any]) -> None:
    steps = {step["uses"].partition("@")[0]: step for step in workflow["jobs"]["image"]["steps"]}
    build = steps["docker/build-push-action"]["with"]
    assert build["platforms"] == "linux/amd64,linux/arm64"
    assert build["sbom"] is True
    tags_alone = "startsWith(github.ref, 'refs/tags/')"
    assert build["push"] == f"${{{{ {tags_alone} }}}}"
    assert steps["docker/login-action"]["if"] == tags_alone
    assert workflow["jobs"]["image"]["needs"] == "test"


def test_it_may_only_read_and_names_the_version_of_each_action(workflow: dict[Any, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[a-z]+/[a-z-]+@v\d+", each) for each in used)
