"""Who gets in, with what, and for how long."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from bot.web.pages.access import FAILURES, SESSION, WITHIN, Attempts, Doorkeeper, Role

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADMIN, VIEWER, BOT = "a-long-admin-token", "a-long-viewer-token", "12345:telegram-token"


def keeper(**changed) -> Doorkeeper:
    return Doorkeeper(**{"admin": ADMIN, "viewer": VIEWER, "telegram_token": BOT, "owners": ["7"], **changed})


def test_each_token_has_its_role():
    assert keeper().role_of(ADMIN) is Role.ADMIN
    assert keeper().role_of(VIEWER) is Role.VIEWER
    for wrong in ("", "a-long", ADMIN + " ", "令牌", ADMIN.upper()):
        assert keeper().role_of(wrong) is None


def test_without_a_viewers_token_nobody_is_one():
    assert keeper(viewer="").role_of("") is None


@pytest.mark.parametrize("role", list(Role))
def test_a_session_is_opened_until_it_is_over(role):
    door = keeper()
    cookie = door.seal(door.begin(role, now=NOW))
    assert door.open(cookie, now=NOW + SESSION - timedelta(seconds=2)).role is role
    assert door.open(cookie, now=NOW + SESSION) is None


def test_sessions_differ_and_their_form_tokens_too():
    door = keeper()
    first, second = door.begin(Role.ADMIN, now=NOW), door.begin(Role.ADMIN, now=NOW)
    assert door.form_token(first) != door.form_token(second)
    assert door.is_form_token(first, door.form_token(first))
    assert not door.is_form_token(first, door.form_token(second))
    assert not door.is_form_token(first, "")


def test_another_replica_with_the_same_tokens_opens_it_and_changed_tokens_end_it():
    door = keeper()
    cookie = door.seal(door.begin(Role.VIEWER, now=NOW))
    assert keeper().open(cookie, now=NOW)
    assert keeper(admin="another-admin-token").open(cookie, now=NOW) is None
    assert keeper(viewer="another-viewer-token").open(cookie, now=NOW) is None
    assert keeper(viewer="").open(cookie, now=NOW) is None


def test_a_viewer_can_not_make_an_admin_of_the_cookie():
    door = keeper()
    session = door.begin(Role.VIEWER, now=NOW)
    content = urlsafe_b64decode(door.seal(session)).decode()
    forged = urlsafe_b64encode(content.replace("viewer", "admin", 1).encode()).decode()
    assert door.open(forged, now=NOW) is None
    longer = door.seal(replace(session, until=NOW + timedelta(days=999)))
    signature = longer and urlsafe_b64decode(door.seal(session)).decode().rpartition("|")[2]
    head = urlsafe_b64decode(longer).decode().rpartition("|")[0]
    assert door.open(urlsafe_b64encode(f"{head}|{signature}".encode()).decode(), now=NOW) is None


@pytest.mark.parametrize("cookie", ["", "x", "====", "é", "a" * 400, urlsafe_b64encode(b"a|b|c").decode(), "\xff" * 8])
def test_what_is_no_cookie_of_ours_opens_nothing(cookie):
    assert keeper().open(cookie, now=NOW) is None


# --- Telegram's word --------------------------------------------------------------------------------------


def told(*, who: str = "7", at: datetime = NOW, token: str = BOT, **more: str) -> dict[str, str]:
    """As https://core.telegram.org/widgets/login#checking-authorization has it."""
    fields = {"id": who, "auth_date": str(int(at.timestamp())), "first_name": "Mei 美", **more}
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return fields | {"hash": hmac.new(sha256(token.encode()).digest(), lines.encode(), sha256).hexdigest()}


def test_an_owner_is_let_in_by_telegrams_word():
    assert keeper().telegram_role(told(username="mei"), now=NOW) is Role.ADMIN


@pytest.mark.parametrize(
    "fields",
    [
        told(who="8"),
        told(at=NOW - timedelta(minutes=11)),
        told(token="54321:another-bot"),
        told() | {"id": "8"},
        told() | {"hash": ""},
        {name: value for name, value in told().items() if name != "auth_date"},
        told() | {"auth_date": "now"},
        {},
    ],
)
def test_anybody_else_is_not(fields):
    assert keeper().telegram_role(fields, now=NOW) is None


def test_without_a_bot_or_owners_telegrams_word_counts_nothing():
    assert keeper(telegram_token="").telegram_role(told(token=""), now=NOW) is None
    assert keeper(owners=()).telegram_role(told(), now=NOW) is None
    assert keeper(owners=()).telegram_bot == ""
    assert keeper().telegram_bot == "12345"


# --- guessing ---------------------------------------------------------------------------------------------


def test_after_some_failures_an_address_has_to_wait_and_others_have_not():
    attempts = Attempts()
    for number in range(FAILURES):
        assert not attempts.wait("1.2.3.4", now=NOW)
        attempts.failed("1.2.3.4", f"guess {number}", now=NOW + timedelta(seconds=number))
    assert attempts.wait("1.2.3.4", now=NOW + timedelta(seconds=10)) == WITHIN - timedelta(seconds=10)
    assert not attempts.wait("5.6.7.8", now=NOW + timedelta(seconds=10))
    assert not attempts.wait("1.2.3.4", now=NOW + WITHIN)


def test_the_same_again_is_no_new_guess():
    attempts = Attempts()
    for seconds in range(0, 600, 10):
        attempts.failed("1.2.3.4", "an old token", now=NOW + timedelta(seconds=seconds))
    assert not attempts.wait("1.2.3.4", now=NOW + timedelta(seconds=600))


def test_who_got_in_begins_anew():
    attempts = Attempts()
    for number in range(FAILURES):
        attempts.failed("1.2.3.4", f"guess {number}", now=NOW)
    attempts.succeeded("1.2.3.4")
    assert not attempts.wait("1.2.3.4", now=NOW)


def test_a_flood_of_addresses_does_not_fill_the_memory():
    attempts = Attempts()
    for number in range(20_000):
        attempts.failed(str(number), "guess", now=NOW)
    assert len(attempts._failed) == 10_000
    assert "19999" in attempts._failed
