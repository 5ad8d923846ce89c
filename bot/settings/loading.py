"""Reading the settings, and naming what is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from difflib import get_close_matches

from dotenv import dotenv_values
from pydantic import ValidationError

from bot.errors import SettingsError
from bot.settings.fields import ENCODING, ENV_FILE, Settings
from bot.settings.secretfiles import from_files

_NEARLY = 0.87  # how alike two names are when one is a slip of the other
_STANDARD = "OTEL_"  # variables that OpenTelemetry reads itself begin so
_OTHER_SIGNALS = frozenset(f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT" for signal in ("TRACES", "METRICS", "LOGS"))


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment and `.env`. Raises SettingsError naming every wrong variable at once."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # values are checked by pydantic itself
    except ValidationError as error:
        raise SettingsError(*(_problem(dict(one)) for one in error.errors())) from None
    except UnicodeDecodeError:
        raise SettingsError(".env: not in UTF-8; save it in that encoding") from None
    except OSError as error:
        raise SettingsError(f".env: can't be read ({error.strerror})") from None


def named_variables() -> set[str]:
    """The names of all variables in the environment and `.env`."""
    return {*os.environ, *dotenv_values(ENV_FILE, encoding=ENCODING)}


def standard_variables() -> dict[str, str]:
    """What `.env` has of OpenTelemetry's own variables."""
    there = dotenv_values(ENV_FILE, encoding=ENCODING)
    return {name: value for name, value in there.items() if name.startswith(_STANDARD) and value}


def misspelt(names: Iterable[str]) -> dict[str, str]:
    """Of the names of variables those that are nearly a setting's, with the setting that is probably meant."""
    known = [*(name.upper() for name in Settings.model_fields), *from_files(Settings), *_OTHER_SIGNALS]
    meant = {name: get_close_matches(name.upper(), known, n=1, cutoff=_NEARLY) for name in names}
    return {name: near[0] for name, near in meant.items() if near and name.upper() not in known}


def _problem(error: dict[str, object]) -> str:
    location = error.get("loc")
    name = str(location[0]).upper() if isinstance(location, tuple) and location else ""
    message = str(error.get("msg", "")).removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
