"""The way in and out, and what a visitor chooses for all pages."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import timedelta

import structlog
from starlette.responses import Response

from bot.web.pages.access import SESSION, Role, address_of
from bot.web.pages.visit import HOME, LANGUAGE_COOKIE, LOGIN, SESSION_COOKIE, Visit, is_https, is_inside

_YEAR = timedelta(days=365)
_LONGEST = 4000  # characters of what Telegram tells


async def login_page(visit: Visit) -> Response:
    """Asks for a token."""
    desk = visit.desk
    cookie = visit.request.cookies.get(SESSION_COOKIE, "")
    if desk.doorkeeper.open(cookie, now=visit.now):
        return visit.back(_next(visit))
    return _asked(visit)


async def login(visit: Visit) -> Response:
    """Compares the token, or Telegram's word."""
    attempts, address = visit.desk.attempts, address_of(visit.request)
    if wait := attempts.wait(address, now=visit.now):
        answer = _asked(visit, 429, problem="wait", wait=wait)
        answer.headers["Retry-After"] = str(round(wait.total_seconds()) + 1)
        return answer
    told, token = visit.form.get("telegram", ""), visit.form.get("token", "").strip()
    doorkeeper = visit.desk.doorkeeper
    role = doorkeeper.telegram_role(_told(told), now=visit.now) if told else doorkeeper.role_of(token)
    log = structlog.get_logger("bot.web")
    if role is None:
        attempts.failed(address, told or token, now=visit.now)
        log.warning("a login to the admin pages failed", address=address, way="telegram" if told else "token")
        return _asked(visit, 403, problem="telegram" if told else "token")
    attempts.succeeded(address)
    log.info("logged in to the admin pages", address=address, role=str(role))
    return _let_in(visit, role)


async def logout(visit: Visit) -> Response:
    """Ends the session in this browser."""
    answer = visit.back(LOGIN, "out")
    answer.delete_cookie(SESSION_COOKIE, path=HOME)
    return answer


async def choose_language(visit: Visit) -> Response:
    """Keeps the language for a year."""
    answer = visit.back(_next(visit))
    chosen = visit.form.get("to", "")
    if chosen in {locale.value for locale, _ in visit.desk.speech.languages()}:
        answer.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=round(_YEAR.total_seconds()),
            path=HOME,
            secure=is_https(visit.request),
            httponly=True,
            samesite="lax",
        )
    return answer


def _asked(visit: Visit, status: int = 200, *, problem: str = "", wait: timedelta | None = None) -> Response:
    return visit.page(
        "login.html",
        status,
        problem=problem,
        wait=wait,
        next=_next(visit),
        telegram_bot=visit.desk.doorkeeper.telegram_bot,
        origin=f"{'https' if is_https(visit.request) else 'http'}://{visit.request.headers.get('Host', '')}",
    )


def _let_in(visit: Visit, role: Role) -> Response:
    doorkeeper = visit.desk.doorkeeper
    answer = visit.back(_next(visit))
    answer.set_cookie(
        SESSION_COOKIE,
        doorkeeper.seal(doorkeeper.begin(role, now=visit.now)),
        max_age=round(SESSION.total_seconds()),
        path=HOME,
        secure=is_https(visit.request),
        httponly=True,
        samesite="lax",
    )
    return answer


def _next(visit: Visit) -> str:
    """Where somebody was going: a page of ours, whatever the address says."""
    wanted = visit.form.get("next") or visit.query.get("next", "")
    return wanted if is_inside(wanted) and not wanted.startswith(LOGIN) else HOME


def _told(encoded: str) -> dict[str, str]:
    """What Telegram tells of somebody, as it comes behind the address's #: JSON in base64."""
    try:
        told = json.loads(base64.urlsafe_b64decode(encoded[:_LONGEST] + "=" * (-len(encoded[:_LONGEST]) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return {}
    return {str(name): str(value) for name, value in told.items()} if isinstance(told, dict) else {}
