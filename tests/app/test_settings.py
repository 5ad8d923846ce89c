"""Settings are read from the environment, and wrong ones are named with their mend."""

from __future__ import annotations

import pytest

from bot.briefs.budget import Terms, terms_of
from bot.errors import SettingsError
from bot.settings import Settings, load_settings, misspelt
from bot.settings.secretfiles import from_files


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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEASE_SECONDS", "inf"),
        ("BRIEF_TIMEOUT", "nan"),
        ("KEEP_DAYS", "1000000"),
        ("TELEGRAM_WEBHOOK_LISTEN", "0.0.0.0:99999"),
        ("TELEGRAM_WEBHOOK_URL", "http://bot.example/hook"),
        ("TELEGRAM_WEBHOOK_SECRET", "open sesame"),
        ("LIBRETRANSLATE_URL", "http://"),
        ("TELEGRAM_API_URL", "http://bot api:8081"),
        ("ALLOW_HOSTS", "http://rsshub:1200"),
        ("ALLOW_HOSTS", "rsshub 127.0.0.1"),
        ("USER_AGENT_CONTACT", "me\nX-Evil: yes"),
    ],
)
def test_a_value_that_could_not_work_is_refused_by_name(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [name]


def test_values_are_read_as_they_were_meant(monkeypatch):
    for name, value in {"TELEGRAM_TOKEN": " hush-hush\n", "LOG_LEVEL": "INFO", "WEB_PORT": " 9 "}.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert (settings.secrets(), settings.log_level, settings.web_port) == (["hush-hush"], "info", 9)


def test_an_env_file_may_come_from_windows_and_have_quotes_and_comments(tmp_path):
    lines = [
        "\ufeffTELEGRAM_TOKEN='hush-hush'  # mine",
        "# settings",
        'export USER_AGENT_CONTACT="me@news.example"',
        "NOT_OURS=1",
        "",
        "LOG_FORMAT=JSON",
    ]
    (tmp_path / ".env").write_bytes("\r\n".join(lines).encode())
    settings = load_settings()
    assert settings.secrets() == ["hush-hush"]
    assert (settings.user_agent_contact, settings.log_format) == ("me@news.example", "json")


def test_an_env_file_that_is_no_text_is_named(tmp_path):
    (tmp_path / ".env").write_bytes("TELEGRAM_TOKEN=諦聽".encode("utf-16"))
    with pytest.raises(SettingsError, match=r"\.env: not in UTF-8"):
        load_settings()


def test_a_slip_in_a_name_is_noticed():
    names = ["TELEGRAM_TOKN", "telegram_token", "MODEL_ULR", "PATH", "LIBRETRANSLATE_VERSION", "POSTGRES_PASSWORD"]
    assert misspelt(names) == {"TELEGRAM_TOKN": "TELEGRAM_TOKEN", "MODEL_ULR": "MODEL_URL"}


def test_a_bot_api_server_of_ones_own_may_call_by_plain_http(monkeypatch):
    monkeypatch.setenv("TELEGRAM_API_URL", "http://bot-api:8081")
    monkeypatch.setenv("TELEGRAM_WEBHOOK_URL", "http://diting:8443/hook")
    assert load_settings().telegram_webhook_url == "http://diting:8443/hook"


def test_a_model_url_wants_a_model(monkeypatch):
    monkeypatch.setenv("MODEL_URL", "http://127.0.0.1:11434/v1/")
    with pytest.raises(SettingsError, match="MODEL_NAME"):
        load_settings()
    monkeypatch.setenv("MODEL_NAME", "small")
    assert load_settings().model_url == "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize("given", [{}, {"MODEL_PRICE_IN": "0.15"}, {"MODEL_PRICE_OUT": "0.6"}])
def test_a_limit_of_money_wants_prices(monkeypatch, given):
    for name, value in ({"MODEL_MONEY_A_DAY": "2.50"} | given).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=r"^MODEL_MONEY_A_DAY .* MODEL_PRICE_IN or MODEL_PRICE_OUT"):
        load_settings()
    monkeypatch.setenv("MODEL_PRICE_IN", "0.15")
    monkeypatch.setenv("MODEL_PRICE_OUT", "0.6")
    assert terms_of(load_settings()) == Terms(money=2.5, price_in=0.15, price_out=0.6)


@pytest.mark.parametrize("name", ["MODEL_TOKENS_A_DAY", "MODEL_MONEY_A_DAY", "MODEL_PRICE_IN", "MODEL_PRICE_OUT"])
def test_a_budget_is_a_number_that_is_not_below_zero(monkeypatch, name):
    for value in ("-1", "lots", "nan"):
        monkeypatch.setenv(name, value)
        with pytest.raises(SettingsError, match=f"^{name}"):
            load_settings()


def test_every_setting_is_documented():
    assert all(field.description for field in Settings.model_fields.values())


def test_more_than_telegram_takes_for_free_needs_paid_broadcast_and_a_server_of_ones_own_has_its_own_limits():
    with pytest.raises(SettingsError, match=r"TELEGRAM_PER_SECOND: .* 30 .*TELEGRAM_PAID_BROADCAST"):
        load_settings(_env_file=None, telegram_token="1:A", telegram_per_second=31)
    with pytest.raises(SettingsError, match=r"TELEGRAM_PER_SECOND: .* 1000 messages a second"):
        load_settings(_env_file=None, telegram_token="1:A", telegram_per_second=1001, telegram_paid_broadcast=True)
    load_settings(_env_file=None, telegram_token="1:A", telegram_per_second=1000, telegram_paid_broadcast=True)
    load_settings(_env_file=None, telegram_per_second=5000, telegram_api_url="http://127.0.0.1:8081")


def test_whom_the_bot_serves_is_read_and_a_code_is_no_part_of_logs():
    settings = load_settings(
        access=" Invite ", invite_code="open-sesame", allowed_chats="telegram:-100123, discord:678,"
    )
    assert (settings.access, settings.allowed_chats) == ("invite", ("telegram:-100123", "discord:678"))
    assert settings.secrets() == ["open-sesame"]
    assert "open-sesame" not in repr(settings)


@pytest.mark.parametrize(
    ("wrong", "mend"),
    [
        ({"access": "closed"}, "ACCESS"),
        ({"access": "invite"}, "INVITE_CODE is not set"),
        ({"invite_code": "short"}, "6 to 64 of them"),
        ({"invite_code": "with spaces"}, "6 to 64 of them"),
        ({"allowed_chats": "@news"}, "@news is no chat"),
        ({"allowed_chats": "discord:-5"}, "discord:-5 is no chat"),
    ],
)
def test_who_can_not_be_let_in_so_is_named_with_the_mend(wrong, mend):
    with pytest.raises(SettingsError, match=mend):
        load_settings(**wrong)


# --- secrets in files ---------------------------------------------------------------------------------------


def test_a_secret_may_be_in_a_file(monkeypatch, tmp_path):
    token, address = tmp_path / "token", tmp_path / "address"
    token.write_text("hush-hush\n", encoding="utf-8")
    address.write_text("\ufeffpostgresql://diting:secret@db/diting\r\n", encoding="utf-8")
    monkeypatch.setenv("TELEGRAM_TOKEN_FILE", str(token))
    (tmp_path / ".env").write_text(f"DATABASE_URL_FILE={address}\nDISCORD_TOKEN_FILE=\n", encoding="utf-8")
    settings = load_settings()
    settings.require_token()
    assert settings.secrets() == ["hush-hush"]
    assert settings.database_url == "postgresql://diting:secret@db/diting"
    assert settings.discord_token is None


def test_every_secret_may_be_in_a_file(monkeypatch, tmp_path):
    formed = ("database", "targets")  # these take no text as it comes
    names = [variable for variable, name in from_files(Settings).items() if not name.startswith(formed)]
    for number, variable in enumerate(names):
        (tmp_path / variable).write_text(f"abcdef1234567890{number}", encoding="utf-8")
        monkeypatch.setenv(variable, str(tmp_path / variable))
    assert sorted(load_settings().secrets()) == [f"abcdef1234567890{number}" for number in range(len(names))]
    assert len(names) == 10


def test_a_token_of_the_admin_pages_is_no_short_one_and_a_viewers_needs_an_admins(monkeypatch):
    monkeypatch.setenv("ADMIN_TOKEN", "short")
    with pytest.raises(SettingsError, match="ADMIN_TOKEN: must have at least 16 characters"):
        load_settings()
    monkeypatch.setenv("ADMIN_TOKEN", "abcdef1234567890")
    monkeypatch.setenv("ADMIN_VIEW_TOKEN", "abcdef1234567890")
    with pytest.raises(SettingsError, match="is the same as ADMIN_TOKEN"):
        load_settings()
    monkeypatch.delenv("ADMIN_TOKEN")
    with pytest.raises(SettingsError, match="that one switches the pages on"):
        load_settings()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "can't be read (No such file or directory)"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"one\ntwo\n", "has more in it than one line"),
        (b"x" * 70_000, "has more in it than one line"),
        (b"\xff\xfe\x00", "is no text"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_all_else_that_is_wrong(monkeypatch, tmp_path, content, told):
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("MODEL_KEY_FILE", str(path))
    monkeypatch.setenv("WEB_PORT", "http")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    of_file, of_port = sorted(caught.value.problems)
    assert of_file == f"MODEL_KEY: MODEL_KEY_FILE: {path} {told}"
    assert of_port.startswith("WEB_PORT")


def test_a_secret_in_two_places_is_refused_without_showing_it(monkeypatch, tmp_path):
    (tmp_path / "token").write_text("from-the-file", encoding="utf-8")
    monkeypatch.setenv("TELEGRAM_TOKEN", "from-the-environment")
    monkeypatch.setenv("TELEGRAM_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(SettingsError, match="TELEGRAM_TOKEN: is set, and TELEGRAM_TOKEN_FILE too") as caught:
        load_settings()
    assert "from-the" not in str(caught.value)


def test_the_names_of_files_are_no_slips():
    assert misspelt(from_files(Settings)) == {}
    assert misspelt(["TELEGRAM_TOKN_FILE"]) == {"TELEGRAM_TOKN_FILE": "TELEGRAM_TOKEN_FILE"}
