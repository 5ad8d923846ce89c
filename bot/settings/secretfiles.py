"""Secrets in files, as Docker and Kubernetes hand them out: TELEGRAM_TOKEN_FILE names a file that TELEGRAM_TOKEN is in.

They are read with all other settings. What is wrong with one stands in the place of its value until pydantic checks it,
so that it is named together with whatever else is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource

SUFFIX = "_FILE"
MOST = 64 * 1024  # bytes: what is larger is another file than was meant
_WITH_PASSWORDS = frozenset({"database_url", "database_listen_url"})
_OF_LINES = frozenset({"targets"})  # secrets that may take several lines


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """In the place of a value: why there is none."""

    reason: str


def from_files(settings: type[BaseSettings]) -> dict[str, str]:
    """The variables that may name a file, and the setting whose value is in it."""
    fields = settings.model_fields.items()
    secret = [name for name, field in fields if SecretStr in get_args(field.annotation) or name in _WITH_PASSWORDS]
    return {f"{name.upper()}{SUFFIX}": name for name in secret}


class WithSecretFiles(BaseSettings):
    """Settings whose secrets may be in files."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (a folder of secrets is not offered)
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where they come from: the first that has one wins, but a secret in two places is an error."""
        named = {**_variables(dotenv_settings), **_variables(env_settings)}
        return init_settings, _SecretFiles(settings_cls, named), env_settings, dotenv_settings

    @field_validator("*", mode="before")
    @classmethod
    def _was_read(cls, value: object) -> object:
        if isinstance(value, _Unreadable):
            raise ValueError(value.reason)  # noqa: TRY004 (what pydantic takes for a wrong value)
        return value


def _variables(source: PydanticBaseSettingsSource) -> Mapping[str, str | None]:
    return source.env_vars if isinstance(source, EnvSettingsSource) else {}


class _SecretFiles(PydanticBaseSettingsSource):
    """The settings that are in files. `named` are the variables of the environment and `.env`, in small letters."""

    def __init__(self, settings: type[BaseSettings], named: Mapping[str, str | None]) -> None:
        super().__init__(settings)
        self._named = named

    def __call__(self) -> dict[str, Any]:
        """The values by the names of their settings."""
        found: dict[str, Any] = {}
        for variable, name in from_files(self.settings_cls).items():
            if path := self._named.get(variable.lower()):
                both = self._named.get(name)
                found[name] = (
                    _Unreadable(f"is set, and {variable} too: keep one of them")
                    if both
                    else _read(path, variable, lines=name in _OF_LINES)
                )
        return found

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Pydantic's, for sources that are asked for one field after the other."""
        raise NotImplementedError


def _read(path: str, variable: str, *, lines: bool = False) -> str | _Unreadable:
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST + 1)
        value = content.decode("utf-8-sig").strip()
    except OSError as error:
        return _Unreadable(f"{variable}: {path} can't be read ({error.strerror})")
    except UnicodeDecodeError:
        return _Unreadable(f"{variable}: {path} is no text")
    if len(content) > MOST or (len(value.splitlines()) > 1 and not lines):
        most = f"{MOST} bytes" if lines else "one line"
        return _Unreadable(f"{variable}: {path} has more in it than {most}")
    return value or _Unreadable(f"{variable}: {path} is empty")
