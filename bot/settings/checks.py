"""How single values of settings are read from what people write, and checked beyond their types."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator

from bot.settings.secretfiles import WithSecretFiles
from bot.settings.targets import read_targets

_NO_HOST = re.compile(r"[^\w.:\[\]-]")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_OWNER = re.compile(r"(telegram|discord):[1-9][0-9]{0,19}")
_CHAT = re.compile(r"(telegram:-?|discord:)[1-9][0-9]{0,19}")
_INVITE_CODE = re.compile(r"[A-Za-z0-9_-]{6,64}")  # https://core.telegram.org/bots/features#deep-linking
_LAST_PORT = 0xFFFF
_LEAST_SECRET = 16  # characters: short ones are guessed


class Checked(WithSecretFiles):
    """The checks of single fields, by the names that they have in Settings."""

    @field_validator("*", mode="before")
    @classmethod
    def _trim(cls, value: object) -> object:
        # Values read from secret files or pasted end in line breaks and spaces that nobody sees.
        return value.strip() if isinstance(value, str) else value

    @field_validator("log_level", "log_format", "full_text", "access", mode="before", check_fields=False)
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("allow_hosts", "owners", "allowed_chats", mode="before", check_fields=False)
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @field_validator("allow_hosts", check_fields=False)
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if _NO_HOST.search(host):
                raise ValueError(f"{host} is no host: give names alone, such as rsshub or rsshub:1200")
        return value

    @field_validator("owners", check_fields=False)
    @classmethod
    def _people(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for owner in value:
            if not _OWNER.fullmatch(owner):
                raise ValueError(
                    f"{owner} is no owner: give a platform and a user id, such as telegram:12345 or discord:678"
                )
        return value

    @field_validator("allowed_chats", check_fields=False)
    @classmethod
    def _chats(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for chat in value:
            if not _CHAT.fullmatch(chat):
                raise ValueError(
                    f"{chat} is no chat: give a platform and an id, such as telegram:-100123 or discord:678"
                )
        return value

    @field_validator("invite_code", check_fields=False)
    @classmethod
    def _linkable(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _INVITE_CODE.fullmatch(value.get_secret_value()):
            raise ValueError("must be of letters A-Z a-z, digits, _ and -, 6 to 64 of them")
        return value

    @field_validator("admin_token", "admin_view_token", "webhook_secret", check_fields=False)
    @classmethod
    def _unguessable(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < _LEAST_SECRET:
            raise ValueError(f"must have at least {_LEAST_SECRET} characters, such as `openssl rand -hex 24` makes")
        return value

    @field_validator("user_agent_contact", check_fields=False)
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("must be one line of text")
        return value

    @field_validator(
        *("telegram_api_url", "telegram_webhook_url", "model_url", "deepl_url", "libretranslate_url", "models_index"),
        *("rsshub_url", "public_url", "otel_exporter_otlp_endpoint"),
        check_fields=False,
    )
    @classmethod
    def _http(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        if value and (not urlsplit(value).hostname or re.search(r"\s", value)):
            raise ValueError("must be an address such as https://host.example:8443/path")
        return value.rstrip("/")

    @field_validator("database_url", check_fields=False)
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgres://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("database_listen_url", check_fields=False)
    @classmethod
    def _listening(cls, value: str) -> str:
        if value and not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("must begin with postgresql://")
        return value

    @field_validator("telegram_webhook_listen", check_fields=False)
    @classmethod
    def _listen(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not (port.isascii() and port.isdigit()) or int(port) > _LAST_PORT:
            raise ValueError("must be address:port, e.g. 0.0.0.0:8443")
        return value

    @field_validator("telegram_webhook_secret", check_fields=False)
    @classmethod
    def _sendable(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must be of letters A-Z a-z, digits, _ and -, at most 256 of them")
        return value

    @field_validator("targets", check_fields=False)
    @classmethod
    def _places(cls, value: SecretStr | None) -> SecretStr | None:
        if value:
            read_targets(value.get_secret_value())
        return value
