"""Who may see the admin pages, and who may change something: tokens, sessions, and what keeps strangers from guessing.

token or Telegram's word ─▶ Role ─▶ Session, sealed into a cookie ─▶ on each visit: opened, and its form token compared

Nothing is kept on the server: replicas know each other's sessions, and a changed token ends all of them.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from starlette.requests import Request

SESSION = timedelta(days=7)
TELEGRAM_WORD = timedelta(minutes=10)  # so long Telegram's word for who somebody is counts
FAILURES = 5  # from one address
WITHIN = timedelta(minutes=5)
_ADDRESSES = 10_000  # that are remembered at once
_COOKIE_PARTS = 4
_LONGEST_COOKIE = 300


class Role(StrEnum):
    """What somebody may do."""

    ADMIN = "admin"
    VIEWER = "viewer"  # sees everything, and changes nothing


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who logged in: until when that counts, and what makes it theirs."""

    role: Role
    until: datetime
    nonce: str


class Doorkeeper:
    """Knows the tokens. `telegram_token` is the bot's, with which Telegram signs who somebody is; `owners` are the
    Telegram users that are admins."""

    def __init__(self, *, admin: str, viewer: str = "", telegram_token: str = "", owners: Collection[str] = ()) -> None:
        self._tokens = {role: token for role, token in ((Role.ADMIN, admin), (Role.VIEWER, viewer)) if token}
        self._key = sha256(f"diting sessions\n{admin}\n{viewer}\n{telegram_token}".encode()).digest()
        self._feed_key = sha256(f"diting feeds\n{admin}".encode()).digest()
        self._telegram_key = sha256(telegram_token.encode()).digest() if telegram_token and owners else b""
        self._owners = frozenset(owners)
        self.telegram_bot = telegram_token.partition(":")[0] if self._telegram_key else ""

    def role_of(self, token: str) -> Role | None:
        """Whose token it is."""
        found = [role for role, ours in self._tokens.items() if hmac.compare_digest(ours.encode(), token.encode())]
        return found[0] if found else None

    def begin(self, role: Role, *, now: datetime) -> Session:
        """A new session."""
        return Session(role, now + SESSION, secrets.token_urlsafe(16))

    def seal(self, session: Session) -> str:
        """The session as a cookie."""
        content = f"{session.role}|{int(session.until.timestamp())}|{session.nonce}"
        return urlsafe_b64encode(f"{content}|{self._sign('session', content)}".encode()).decode()

    def open(self, cookie: str, *, now: datetime) -> Session | None:
        """The session of a cookie, unless it is no more or never was."""
        if not cookie or len(cookie) > _LONGEST_COOKIE:
            return None
        try:
            parts = urlsafe_b64decode(cookie.encode()).decode().split("|")
        except ValueError:
            return None
        if len(parts) != _COOKIE_PARTS or not self._is_signed("session", "|".join(parts[:-1]), parts[-1]):
            return None
        session = Session(Role(parts[0]), datetime.fromtimestamp(int(parts[1]), UTC), parts[2])
        return session if now < session.until and session.role in self._tokens else None

    def form_token(self, session: Session) -> str:
        """What each form of a session carries, and other sites can't know."""
        return self._sign("form", session.nonce)

    def is_form_token(self, session: Session, given: str) -> bool:
        """Whether a form came from a page of the session."""
        return self._is_signed("form", session.nonce, given)

    def feed_key(self, chat: int) -> str:
        """What stands in the address of a chat's feed; it lasts as long as the admin's token."""
        return hmac.new(self._feed_key, f"{chat}".encode(), sha256).hexdigest()[:40]

    def is_feed_key(self, chat: int, given: str) -> bool:
        """Whether it is that of the chat."""
        return hmac.compare_digest(self.feed_key(chat).encode(), given.encode())

    def telegram_role(self, told: Mapping[str, str], *, now: datetime) -> Role | None:
        """The role of whom Telegram tells of: https://core.telegram.org/widgets/login#checking-authorization"""
        if not self._telegram_key:
            return None
        lines = "\n".join(f"{name}={value}" for name, value in sorted(told.items()) if name != "hash")
        expected = hmac.new(self._telegram_key, lines.encode(), sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), told.get("hash", "").encode()):
            return None
        date = told.get("auth_date", "")
        age = now.timestamp() - int(date) if date.isdecimal() else TELEGRAM_WORD.total_seconds()
        return Role.ADMIN if told.get("id") in self._owners and age < TELEGRAM_WORD.total_seconds() else None

    def _sign(self, purpose: str, content: str) -> str:
        return hmac.new(self._key, f"{purpose}\n{content}".encode(), sha256).hexdigest()

    def _is_signed(self, purpose: str, content: str, given: str) -> bool:
        return hmac.compare_digest(self._sign(purpose, content).encode(), given.encode())


def storable(text: str) -> str:
    """A line from outside without what no database and no page takes: halves of surrogate pairs and steering signs."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


def storable_lines(text: str) -> str:
    """The same of a text that may have several lines."""
    return "\n".join(storable(line) for line in text.splitlines()).strip()


def address_of(request: Request) -> str:
    """Whence somebody asks."""
    return request.client.host if request.client else ""


class Attempts:
    """What was tried in vain, by address. The same again is no new guess: no program with an old token locks its
    neighbours out."""

    def __init__(self) -> None:
        self._failed: dict[str, dict[bytes, datetime]] = {}

    def wait(self, address: str, *, now: datetime) -> timedelta:
        """How long the address has to wait for its next attempt."""
        recent = sorted(when for when in self._failed.get(address, {}).values() if now - when < WITHIN)
        return recent[-FAILURES] + WITHIN - now if len(recent) >= FAILURES else timedelta()

    def failed(self, address: str, given: str, *, now: datetime) -> None:
        """Remember what was given in vain."""
        guess = sha256(given.encode()).digest()
        old = self._failed.pop(address, {}).items()
        kept = {one: when for one, when in old if now - when < WITHIN and one != guess}
        self._failed[address] = dict([*kept.items(), (guess, now)][-FAILURES:])
        while len(self._failed) > _ADDRESSES:
            del self._failed[next(iter(self._failed))]

    def succeeded(self, address: str) -> None:
        """Forget its failures."""
        self._failed.pop(address, None)
