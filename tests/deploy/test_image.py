"""The trial of the image says when there is nothing to build with; the trial itself is `make image-test`."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from tests.image.checks import CONFINEMENT, FORBIDDEN, IMPORT_ALL, TAKE_BACK, _compressed
from tests.image.engines import CONFINED


def tried(root: Path, path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "tests.image", *options]
    return subprocess.run(
        words, cwd=root, env={**os.environ, "PATH": str(path)}, capture_output=True, text=True, check=False
    )


def test_without_anything_that_builds_it_says_so(root: Path, tmp_path: Path) -> None:
    ran = tried(root, tmp_path)
    assert ran.returncode == 2
    for name in ("docker", "podman", "buildah"):
        assert f"{name} is not installed" in ran.stderr
    assert not ran.stdout


def test_a_client_without_its_daemon_is_nothing_that_builds(root: Path, tmp_path: Path) -> None:
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon.' >&2\n")  # and exit code 0, as some do
    docker.chmod(0o755)
    ran = tried(root, tmp_path, "--engine", "docker")
    assert ran.returncode == 2
    assert "docker does not work: Cannot connect to the Docker daemon." in ran.stderr


def test_another_engine_is_unknown(root: Path, tmp_path: Path) -> None:
    assert "is none of docker, podman and buildah" in tried(root, tmp_path, "--engine", "rocket").stderr


def test_containers_are_confined_as_compose_does_it() -> None:
    said = " ".join(CONFINED)
    for each in ("--read-only", "--tmpfs /tmp:", "--cap-drop ALL", "--security-opt no-new-privileges"):
        assert each in said


@pytest.mark.parametrize(
    ("path", "forbidden"),
    [
        ("usr/local/lib/python3.11/site-packages/pip/__init__.py", True),
        ("usr/lib/python3/dist-packages/setuptools/x.py", True),
        ("usr/bin/gcc", True),
        ("usr/bin/x86_64-linux-gnu-gcc-12", True),
        ("usr/local/bin/pip3.11", True),
        ("etc/pip.conf", True),
        ("opt/diting/lib/python3.11/site-packages/a/tests/b.py", True),
        ("app/tests/conftest.py", True),
        ("opt/diting/lib/python3.11/site-packages/pipelines/a.py", False),
        ("usr/bin/ldd", False),
        ("app/bot/chat/commands/testing.py", False),
    ],
)
def test_what_must_not_be_in_an_image(path: str, forbidden: bool) -> None:
    assert bool(FORBIDDEN.search(path)) is forbidden


def test_programs_that_are_run_inside_can_be_read() -> None:
    for program in (CONFINEMENT, IMPORT_ALL, TAKE_BACK):
        compile(program, "<inside>", "exec")


def test_the_size_is_that_of_what_a_registry_keeps() -> None:
    content = b"the same again and again " * 100_000
    assert _compressed(io.BytesIO(content)) == len(zlib.compress(content, 6, wbits=31))
