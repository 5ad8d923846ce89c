"""Settings are read from the environment, and wrong ones are named with their mend."""

from __future__ import annotations

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings


def test_defaults_need_nothing():
    settings = load_settings()
    assert settings.database_url == "sqlite:///data/diting.db"
    assert settings.secrets() == []


def test_a_missing_token_is_named():
    with pytest.raises(SettingsError, match="TELEGRAM_TOKEN and DISCORD_TOKEN"):
        load_settings().require_token()


@pytest.mark.parametrize("name", ["TELEGRAM_TOKEN", "DISCORD_TOKEN"])
def test_one_token_is_enough(monkeypatch, name):
    monkeypatch.setenv(name, "hush-hush")
    settings = load_settings()
    settings.require_token()
    assert settings.secrets() == ["hush-hush"]
    assert "hush-hush" not in repr(settings)


def test_an_env_file_is_read_and_an_empty_variable_counts_as_unset(tmp_path):
    (tmp_path / ".env").write_text("POLL_INTERVAL=30\nTELEGRAM_TOKEN=\nALLOW_HOSTS= RSSHub:1200 ,localhost,\n")
    settings = load_settings()
    assert settings.poll_interval == 30
    assert settings.telegram_token is None
    assert settings.allow_hosts == ("rsshub:1200", "localhost")


def test_all_wrong_variables_are_named_at_once(monkeypatch):
    wrong = {
        "POLL_INTERVAL": "-1",
        "WEB_PORT": "http",
        "DATABASE_URL": "mysql://db",
        "TELEGRAM_API_URL": "api.telegram.org",
        "TELEGRAM_WEBHOOK_LISTEN": "8443",
        "LOG_LEVEL": "loud",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert {problem.partition(":")[0] for problem in caught.value.problems} == wrong.keys()


def test_a_model_url_wants_a_model(monkeypatch):
    monkeypatch.setenv("MODEL_URL", "http://127.0.0.1:11434/v1/")
    with pytest.raises(SettingsError, match="MODEL_NAME"):
        load_settings()
    monkeypatch.setenv("MODEL_NAME", "small")
    assert load_settings().model_url == "http://127.0.0.1:11434/v1"


def test_every_setting_is_documented():
    assert all(field.description for field in Settings.model_fields.values())
