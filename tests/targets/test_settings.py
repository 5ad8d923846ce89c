"""The setting TARGETS: what it takes, what is said of wrong ones, and what the log hides of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.app.targets import services_of
from bot.errors import SettingsError
from bot.log import Redactor
from bot.model import Target
from bot.settings import load_settings
from bot.settings.targets import read_targets, secrets_of

ROOT = Path(__file__).parents[2]
NTFY, HOOK, SLACK = (
    "ntfy://ntfy.sh/my-topic",
    "https://host.example/news?a=b",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajk9dnla",
)


PARTS = ("T1JJ3T3L2", "TIiajk9dnla", "my-topic", "pass@word", "abcd1234")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    for name in ("TARGETS", "TARGETS_FILE", "WEBHOOK_SECRET", "TELEGRAM_TOKEN", "OWNERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        f"phone={NTFY} hook={HOOK}",
        f"phone={NTFY}\nhook={HOOK}",
        f"  Phone={NTFY}\r\n\r\n# that of the office:\n hook={HOOK}\n",
    ],
)
def test_targets_are_parted_by_blanks_or_lines(text):
    assert read_targets(text) == (Target("phone", NTFY), Target("hook", HOOK))


def test_webhooks_are_told_from_services_by_their_scheme():
    phone, hook = read_targets(f"phone={NTFY} hook=HTTPS://host.example/x")
    assert (phone.is_webhook, phone.scheme) == (False, "ntfy")
    assert (hook.is_webhook, hook.scheme) == (True, "https")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SLACK, "target 1 has no name"),
        (f"phone={NTFY} https://host.example/secret9?x=y", "target 2 has no name"),
        (f"9={NTFY}", "target 1 has a name of other signs"),
        (f"電話={NTFY}", "target 1 has a name of other signs"),
        (f"{'x' * 33}={NTFY}", "target 1 has a name of other signs"),
        (f"off={NTFY}", "off is a word of /manage"),
        ("phone=secret9", "phone has no address"),
        ("phone=", "phone has no address"),
        ("hook=https:///secret9", "hook is no web address"),
        ("hook=http://host.example:99999/secret9", "hook is no web address"),
        ("hook=http://[secret9/", "hook is no web address"),
        (f"phone={NTFY} phone={HOOK}", "phone stands there 2 times"),
    ],
)
def test_what_is_wrong_is_named_with_its_mend_and_without_its_secrets(text, said):
    with pytest.raises(SettingsError) as raised:
        load_settings(_env_file=None, targets=text)
    (problem,) = raised.value.problems
    assert problem.startswith("TARGETS: ")
    assert said in problem
    for secret in ("secret9", "my-topic is", "TIiajk9dnla", "host.example/news"):
        assert secret not in problem


def test_all_that_is_wrong_is_named_at_once():
    with pytest.raises(SettingsError, match=r"a has no address.*; target 2 has no name.*; b stands there 2 times"):
        load_settings(_env_file=None, targets=f"a=x {SLACK} b={NTFY} b={HOOK}")


def test_services_that_apprise_does_not_know_are_all_named_at_the_start():
    with pytest.raises(SettingsError) as raised:
        services_of(read_targets(f"a=ntfyy://secret9 b=slack://secret9 hook={HOOK} phone={NTFY}"))
    first, second = raised.value.problems
    assert first.startswith("TARGETS: a: Apprise knows no ntfyy://")
    assert second.startswith("TARGETS: b: this is no address for slack://")
    assert "secret9" not in first + second


def test_a_file_may_have_a_target_a_line(monkeypatch, tmp_path):
    (tmp_path / "targets").write_text(f"# ours\nphone={NTFY}\nhook={HOOK}\n", encoding="utf-8")
    monkeypatch.setenv("TARGETS_FILE", str(tmp_path / "targets"))
    assert [target.name for target in load_settings(_env_file=None).places()] == ["phone", "hook"]
    (tmp_path / "targets").write_text("x" * 70_000, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"TARGETS_FILE: .*has more in it than 65536 bytes"):
        load_settings(_env_file=None)


def test_an_env_file_takes_them_between_quotes(tmp_path):
    (tmp_path / ".env").write_text(f'TARGETS="phone={NTFY}\nhook={HOOK}"\n', encoding="utf-8")
    assert len(load_settings().places()) == 2
    (tmp_path / ".env").write_text(f"TARGETS=phone={NTFY} hook={HOOK}\n", encoding="utf-8")
    assert len(load_settings().places()) == 2


def test_a_short_secret_of_webhooks_is_refused():
    with pytest.raises(SettingsError, match="WEBHOOK_SECRET: must have at least 16 characters"):
        load_settings(_env_file=None, webhook_secret="short")


def test_the_log_hides_addresses_and_the_parts_that_can_be_secrets():
    text = f"phone=ntfy://alice:pass%40word@ntfy.sh/my-topic team={SLACK} hook={HOOK}&token=abcd1234&format=markdown"
    settings = load_settings(_env_file=None, targets=text, webhook_secret="0123456789abcdef")
    redactor = Redactor(settings.secrets())
    assert all(part in text or part == "pass@word" for part in PARTS)
    hook = f"{HOOK}&token=abcd1234&format=markdown"
    for secret in (
        text,
        SLACK,
        hook,
        "T1JJ3T3L2",
        "TIiajk9dnla",
        "my-topic",
        "pass@word",
        "abcd1234",
        "0123456789abcdef",
    ):
        assert secret not in redactor.clean(f"could not reach {secret} now")
    for harmless in ("format is markdown", "ntfy.sh does not answer", "host.example", "127.0.0.1", "news of the day"):
        assert redactor.clean(harmless) == harmless
    assert SLACK not in repr(settings)
    assert SLACK not in repr(settings.places())


def test_an_address_that_can_not_be_read_is_hidden_as_a_whole():
    assert "http://[secret9/" in secrets_of("hook=http://[secret9/")


@pytest.mark.parametrize("targets", ["", f"hook={HOOK}"])
def test_without_a_service_apprise_is_not_loaded(targets, tmp_path):
    """What no setting asks for costs no memory."""
    program = (
        "import sys, json\n"
        "from bot.settings import load_settings\n"
        "from bot.app.targets import services_of\n"
        "import bot.app.program\n"
        f"services_of(load_settings(_env_file=None, targets={targets or None!r}).places())\n"
        "print(json.dumps([name for name in ('apprise', 'requests') if name in sys.modules]))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert json.loads(ran.stdout) == []
