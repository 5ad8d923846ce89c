"""`.env.example` and the settings tables say what `Settings` says."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings, load_settings
from tests.support import reference

ASSIGNMENT = re.compile(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


def _assignments(root: Path) -> dict[str, str]:
    return dict(ASSIGNMENT.findall((root / ".env.example").read_text(encoding="utf-8")))


@pytest.fixture
def _no_settings_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_env_example_is_what_the_settings_say(root: Path) -> None:
    written = (root / ".env.example").read_text(encoding="utf-8")
    assert written == reference.env_example(), "run: python -m tests.support.reference"


def test_env_example_names_every_setting_once_with_its_explanation(root: Path) -> None:
    text = (root / ".env.example").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert len(re.findall(rf"^#?{name.upper()}=", text, re.MULTILINE)) == 1, name
        assert f"# {field.description}\n" in text, name


@pytest.mark.usefixtures("_no_settings_outside")
def test_env_example_copied_as_it_is_changes_nothing(root: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text((root / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    assert load_settings() == load_settings(_env_file=None)


@pytest.mark.usefixtures("_no_settings_outside")
def test_defaults_shown_are_the_defaults(root: Path, tmp_path: Path) -> None:
    shown = _assignments(root)
    lines = [f"{name.upper()}={shown[name.upper()]}" for name in Settings.model_fields]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    assert load_settings() == load_settings(_env_file=None)


@pytest.mark.usefixtures("_no_settings_outside")
def test_postgres_address_of_env_example_takes_the_password_from_its_own_line(root: Path, tmp_path: Path) -> None:
    text = (root / ".env.example").read_text(encoding="utf-8")
    (address,) = re.findall(r"^#\s+(DATABASE_URL=postgresql:.*)$", text, re.MULTILINE)
    (tmp_path / ".env").write_text(f"POSTGRES_PASSWORD=abc123\n{address}\n", encoding="utf-8")
    assert load_settings().database_url == "postgresql://diting:abc123@postgres/diting"


@pytest.mark.parametrize("path", sorted(reference.PARTS))
def test_generated_parts_of_the_documentation_are_up_to_date(root: Path, path: str) -> None:
    written = (root / path).read_text(encoding="utf-8")
    assert written == reference.filled(path), "run: python -m tests.support.reference"


def test_every_setting_has_a_description() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_groups_begin_at_fields_that_exist() -> None:
    assert set(reference.GROUPS) <= set(Settings.model_fields)
    assert next(iter(Settings.model_fields)) in reference.GROUPS
