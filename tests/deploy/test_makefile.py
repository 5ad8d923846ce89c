"""The Makefile says what it needs before it makes anything."""

import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


def made(root: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(root / "Makefile", folder)
    (folder / "requirements.lock").touch()
    return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("python", "said"), [("false", "Python 3.11 or newer; false is not"), ("", "none was found")])
def test_a_python_that_is_too_old_or_missing_is_named(root: Path, tmp_path: Path, python: str, said: str) -> None:
    ran = made(root, tmp_path, "demo", f"PYTHON={python}")
    assert ran.returncode
    assert said in ran.stderr
    assert not (tmp_path / ".venv").exists()


def test_make_alone_lists_what_it_makes(root: Path, tmp_path: Path) -> None:
    ran = made(root, tmp_path)
    listed = {line.split()[0] for line in ran.stdout.splitlines()}
    assert {"demo", "test", "coverage", "check", "bench", "lock"} <= listed
