"""`docker-compose.yml` holds together: its keys, its references, and the variables it reads."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.settings import Settings

VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::-([^}]*))?\}")
DURATION = {"type": "string", "pattern": r"^(\d+(\.\d+)?(us|ms|s|m|h))+$"}
SIZE = {"type": "string", "pattern": r"^\d+[bkmg]b?$"}
TEXTS = {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True}

# The part of the Compose Specification that this file uses: a key or value outside of it is a slip of the pen.
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["image", "restart", "healthcheck", "logging", "mem_limit", "security_opt", "volumes"],
    "properties": {
        "profiles": TEXTS,
        "image": {"type": "string", "pattern": r"^[a-z0-9./-]+:[\w.-]+$"},
        "build": {
            "type": "object",
            "additionalProperties": False,
            "required": ["context"],
            "properties": {"context": {"const": "."}, "args": {"type": "object"}},
        },
        "env_file": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["path"],
                "properties": {"path": {"type": "string"}, "required": {"type": "boolean"}},
            },
        },
        "environment": {"type": "object", "additionalProperties": {"type": "string"}},
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["condition"],
                "properties": {
                    "condition": {"enum": ["service_started", "service_healthy", "service_completed_successfully"]},
                    "required": {"type": "boolean"},
                    "restart": {"type": "boolean"},
                },
            },
        },
        "command": TEXTS,
        # What is open to the host is open to this machine alone.
        "ports": {"type": "array", "items": {"type": "string", "pattern": r"^127\.0\.0\.1:\d+:\d+$"}},
        "volumes": TEXTS | {"minItems": 0},
        "read_only": {"type": "boolean"},
        "tmpfs": TEXTS,
        "cap_drop": TEXTS,
        "security_opt": TEXTS,
        "mem_limit": SIZE,
        "shm_size": SIZE,
        "pids_limit": {"type": "integer", "minimum": 16},
        "init": {"type": "boolean"},
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "stop_grace_period": DURATION,
        "healthcheck": {
            "type": "object",
            "additionalProperties": False,
            "required": ["test", "interval", "timeout", "retries"],
            "properties": {
                "test": {"type": "array", "prefixItems": [{"enum": ["CMD", "CMD-SHELL"]}], "minItems": 2},
                "interval": DURATION,
                "timeout": DURATION,
                "start_period": DURATION,
                "retries": {"type": "integer", "minimum": 1},
            },
        },
        "logging": {
            "type": "object",
            "additionalProperties": False,
            "required": ["driver", "options"],
            "properties": {
                "driver": {"const": "json-file"},
                "options": {"type": "object", "required": ["max-size", "max-file"]},
            },
        },
    },
}
COMPOSE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["services", "volumes"],
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"type": "object", "additionalProperties": SERVICE},
        "volumes": {"type": "object", "additionalProperties": {"type": ["object", "null"]}},
    },
}


@pytest.fixture
def text(root: Path) -> str:
    return (root / "docker-compose.yml").read_text(encoding="utf-8")


@pytest.fixture
def compose(text: str) -> dict[str, Any]:
    """The file as it is read with nothing but defaults."""
    document: dict[str, Any] = yaml.safe_load(VARIABLE.sub(lambda found: found[2] or "", text))
    return document


def _variables(root: Path) -> set[str]:
    return set(re.findall(r"^#?([A-Z_]+)=", (root / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("defaults", [True, False], ids=["as it is", "with nothing put in"])
def test_file_is_valid_by_the_schema_of_the_compose_specification(
    text: str, compose: dict[str, Any], defaults: bool
) -> None:
    folder = files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((folder / "compose-spec.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    document = compose if defaults else yaml.safe_load(text)
    assert [error.message for error in validator.iter_errors(document)] == []
    compose["services"]["bot"]["read_onyl"] = True
    assert not validator.is_valid(compose)


def test_file_uses_only_what_the_compose_specification_knows(compose: dict[str, Any]) -> None:
    # An empty password is written as nothing at all, which YAML reads as null.
    compose["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"] = ""
    compose["services"]["grafana"]["environment"]["GF_SECURITY_ADMIN_PASSWORD"] = ""
    jsonschema.validate(compose, COMPOSE)


def test_services_and_profiles_are_those_that_are_documented(compose: dict[str, Any]) -> None:
    profiles = {name: service.get("profiles") for name, service in compose["services"].items()}
    more = {"worker": ["scale"], "postgres": ["postgres", "scale"], "libretranslate": ["libretranslate"]}
    alone = {name: [name] for name in ("ollama", "rsshub")}
    watching = {name: ["monitoring"] for name in ("prometheus", "grafana")}
    assert profiles == {"bot": None} | more | alone | watching


def test_every_volume_is_declared_and_used(compose: dict[str, Any]) -> None:
    used = {mount.split(":")[0] for service in compose["services"].values() for mount in service["volumes"]}
    assert {name for name in used if not name.startswith(".")} == set(compose["volumes"])


def test_every_folder_that_is_mounted_is_there_and_can_not_be_written(compose: dict[str, Any], root: Path) -> None:
    mounts = [mount for service in compose["services"].values() for mount in service["volumes"] if mount[0] == "."]
    assert mounts
    for mount in mounts:
        assert mount.endswith(":ro")
        assert (root / mount.split(":")[0]).is_dir()


def test_bot_waits_for_other_services_only_where_they_are_switched_on(compose: dict[str, Any]) -> None:
    for name, condition in compose["services"]["bot"]["depends_on"].items():
        assert compose["services"][name]["profiles"]
        assert compose["services"][name]["healthcheck"]
        assert condition == {"condition": "service_healthy", "required": False}


def test_workers_are_the_bot_once_more_and_clash_nowhere(compose: dict[str, Any]) -> None:
    worker = dict(compose["services"]["worker"])
    assert worker.pop("profiles") == ["scale"]
    assert worker == compose["services"]["bot"]
    assert not {"ports", "container_name", "hostname"} & worker.keys()  # there may be any number of them


def test_bot_is_confined(compose: dict[str, Any]) -> None:
    bot = compose["services"]["bot"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in bot["security_opt"]
    assert [mount.split(":")[0] for mount in bot["tmpfs"]] == ["/tmp"]
    assert [mount.split(":")[1] for mount in bot["volumes"]] == ["/data"]
    assert "ports" not in bot


def test_every_variable_has_a_default_and_stands_in_env_example(text: str, root: Path) -> None:
    used = VARIABLE.findall(text)
    assert text.count("${") == len(used)
    assert all(":-" in found for found in re.findall(r"\$\{[^}]*\}", text))
    assert {name for name, _ in used} <= _variables(root)


def test_defaults_of_compose_variables_are_those_of_env_example(text: str, root: Path) -> None:
    shown = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", (root / ".env.example").read_text("utf-8"), re.MULTILINE))
    for name, default in VARIABLE.findall(text):
        assert shown[name] == default, name


def test_env_example_names_no_variable_that_nobody_reads(text: str, root: Path) -> None:
    read = {name.upper() for name in Settings.model_fields} | {name for name, _ in VARIABLE.findall(text)}
    assert _variables(root) - read == {"COMPOSE_PROFILES"}


def test_addresses_of_env_example_are_those_of_the_services(compose: dict[str, Any], root: Path) -> None:
    example = (root / ".env.example").read_text(encoding="utf-8")
    postgres = compose["services"]["postgres"]["environment"]
    expected = f"postgresql://{postgres['POSTGRES_USER']}:${{POSTGRES_PASSWORD}}@postgres/{postgres['POSTGRES_DB']}"
    assert f"DATABASE_URL={expected}\n" in example
    assert "LIBRETRANSLATE_URL=http://libretranslate:5000\n" in example
    for line in ("MODEL_URL=http://ollama:11434/v1", "RSSHUB_URL=http://rsshub:1200", "ALLOW_HOSTS=rsshub:1200"):
        assert f"#   {line}\n" in example
    assert {"ollama", "rsshub"} <= compose["services"].keys()


def test_bot_has_more_time_to_stop_than_it_takes(compose: dict[str, Any]) -> None:
    from bot.app.program import CLOSE_WITHIN, STOP_WITHIN

    seconds = int(compose["services"]["bot"]["stop_grace_period"].removesuffix("s"))
    assert seconds > (STOP_WITHIN + CLOSE_WITHIN).total_seconds()


def test_an_image_of_a_stranger_is_not_run_unasked(text: str) -> None:
    """A name with an owner is pulled from whoever has that name at a registry: which it is, the admin says."""
    (bot,) = re.findall(r"image: (\$\{DITING.*)", text)
    assert VARIABLE.findall(bot) == [("DITING_IMAGE", "diting"), ("DITING_VERSION", "latest")]


def test_compose_and_dockerfile_name_the_same_base_and_health_check(text: str, root: Path) -> None:
    dockerfile = (root / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^ARG BASE_IMAGE=(\S+)", dockerfile, re.MULTILINE)[1] in text
    check = '["CMD", "python", "-m", "bot", "health"]'
    assert check in text
    assert check.replace('["CMD", ', "CMD [") in dockerfile
