"""One look at a page: who looks, in which language, and the answer.

request ─▶ session? role? form token? ─▶ view ─▶ template ─▶ answer with its headers
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import structlog
from babel.core import Locale as BabelLocale
from babel.dates import format_timedelta
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.errors import StorageError
from bot.model import Locale
from bot.ports import Sentences
from bot.web.pages.access import Role, Session
from bot.web.pages.desk import Desk, Pulse

HOME = "/admin/"
LOGIN = "/admin/login"
SESSION_COOKIE = "diting_session"
LANGUAGE_COOKIE = "diting_language"
STATIC = Path(__file__).with_name("static")
_DIGITS = 18  # of a row's number
MOST_BODY = 64 * 1024  # bytes of a form
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class House:
    """What all visits share."""

    desk: Desk
    pulse: Pulse


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who may make it. `session` is None on the pages that are open to all."""

    house: House
    request: Request
    session: Session | None
    form: Mapping[str, str]
    locale: Locale
    now: datetime

    @property
    def desk(self) -> Desk:
        """The parts."""
        return self.house.desk

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the address's question mark."""
        return self.request.query_params

    def number(self, name: str, default: int = 0) -> int:
        """A number of the query or the path, `default` where it is none."""
        given = str(self.request.path_params.get(name, self.query.get(name, "")))
        return int(given) if given.isascii() and given.isdecimal() and len(given) <= _DIGITS else default

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """The answer: a template, filled in."""
        sentences = self.desk.speech.sentences(self.locale)
        shown = _templates().get_template(template).render(self._common(sentences) | values)
        return HTMLResponse(shown, status_code=status, headers=HEADERS)

    def back(self, path: str, done: str = "") -> Response:
        """Go on to a page of ours, which says what was done."""
        address = urlsplit(path)
        said = [("done", done)] if done else []
        query = urlencode([*(pair for pair in parse_qsl(address.query) if pair[0] != "done"), *said])
        return RedirectResponse(address._replace(query=query).geturl(), status_code=303, headers=HEADERS)

    def _common(self, sentences: Sentences) -> dict[str, object]:
        desk, session = self.desk, self.session
        babel = BabelLocale.parse(sentences.locale.value, sep="-")
        return {
            "t": sentences,
            "n": sentences.n,
            "number": sentences.number,
            "ago": lambda when: _ago(when, self.now, babel),
            "lasted": lambda length: _lasted(length, babel),
            "lasted_seconds": lambda seconds: _lasted(timedelta(seconds=seconds), babel),
            "now_minus": lambda when: self.now - when,
            "locale": sentences.locale.value,
            "languages": desk.speech.languages(),
            "version": desk.version,
            "path": self.request.url.path,
            "here": _here(self.request),
            "query": self.query,
            "with_query": lambda **changed: _with_query(self.request, changed),
            "role": session.role if session else None,
            "may_change": bool(session and session.role is Role.ADMIN),
            "form_token": desk.doorkeeper.form_token(session) if session else "",
            "done": self.query.get("done", ""),
            "feed_error": lambda word: desk.speech.feed_error(word, self.locale),
            "fate": lambda reason: desk.speech.fate(reason, self.locale),
        }


View = Callable[[Visit], Awaitable[Response]]


def opened(house: House, view: View) -> Callable[[Request], Awaitable[Response]]:
    """A page that needs no session: the way in."""

    async def answer(request: Request) -> Response:
        return await _answered(house, request, view, None)

    return answer


def guarded(house: House, view: View, *, role: Role = Role.VIEWER) -> Callable[[Request], Awaitable[Response]]:
    """A page for those who logged in; with ADMIN, one for those who may change something."""

    async def answer(request: Request) -> Response:
        now = house.desk.clock()
        session = house.desk.doorkeeper.open(request.cookies.get(SESSION_COOKIE, ""), now=now)
        if session is None:
            where = f"{LOGIN}?{urlencode({'next': _here(request)})}" if request.method == "GET" else LOGIN
            return RedirectResponse(where, status_code=303, headers=HEADERS)
        return await _answered(house, request, view, session, role)

    return answer


async def _answered(
    house: House, request: Request, view: View, session: Session | None, role: Role = Role.VIEWER
) -> Response:
    desk = house.desk
    locale = _language(request, desk)
    try:
        form = await _form(request) if request.method == "POST" else {}
    except ClientDisconnect:
        return Response(status_code=408)
    visit = Visit(house, request, session, form, locale, desk.clock())
    if refused := _why_refused(visit, role):
        return visit.page("error.html", 403, what=refused)
    log = structlog.get_logger("bot.web")
    try:
        return await view(visit)
    except StorageError as error:
        log.warning("a page could not be shown", path=request.url.path, reason=str(error))
        return visit.page("error.html", 503, what="database")
    except Exception:
        log.exception("a page has a fault", path=request.url.path)
        return visit.page("error.html", 500, what="fault")


def _why_refused(visit: Visit, role: Role) -> str:
    """Why what was asked for is not done, as the error page has it; empty: it may be."""
    session, doorkeeper = visit.session, visit.desk.doorkeeper
    if visit.request.method == "POST":
        own = session is None or doorkeeper.is_form_token(session, visit.form.get("form_token", ""))
        if not own or not _is_ours(visit.request):
            return "foreign"
    return "viewer" if session and role is Role.ADMIN and session.role is not Role.ADMIN else ""


async def not_found(visit: Visit) -> Response:
    """The page for addresses that lead nowhere."""
    return visit.page("error.html", 404, what="nowhere")


def is_inside(path: str) -> bool:
    """Whether it is the address of an admin page, and of no other host."""
    return path.startswith("/admin/") and "\\" not in path and path.isprintable() and ".." not in path


def is_https(request: Request) -> bool:
    """Whether the browser came by https, be it to a proxy before us. Who lies of it gets a cookie that is of no use."""
    return "https" in {request.url.scheme, request.headers.get("X-Forwarded-Proto", "")}


def _is_ours(request: Request) -> bool:
    """Whether a form was sent from a page of ours, as far as the browser tells."""
    origin = request.headers.get("Origin", "")
    host = request.headers.get("X-Forwarded-Host") or request.headers.get("Host", "")
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"} and (
        not origin or urlsplit(origin).netloc == host
    )


def _language(request: Request, desk: Desk) -> Locale:
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    known = {locale.value: locale for locale, _ in desk.speech.languages()}
    return known.get(chosen) or desk.speech.of(request.headers.get("Accept-Language", "")[:200])


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, which is as a browser sends it; nothing where it is too large or something else."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            return {}
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        return {}


def _here(request: Request) -> str:
    query = urlencode([pair for pair in request.query_params.multi_items() if pair[0] != "done"])
    return f"{request.url.path}?{query}" if query else request.url.path


def _with_query(request: Request, changed: Mapping[str, object]) -> str:
    """The address of this page with other values; those that are None go."""
    query = {**{name: value for name, value in request.query_params.items() if name != "done"}, **changed}
    kept = urlencode({name: value for name, value in query.items() if value not in {None, ""}})
    return f"{request.url.path}?{kept}" if kept else request.url.path


def _ago(when: datetime | None, now: datetime, babel: BabelLocale) -> Markup:
    """A time as it is from now, with its date where it is pointed at."""
    if when is None:
        return Markup("–")
    said = format_timedelta(when - now, add_direction=True, threshold=1.2, locale=babel)
    exact = f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(when.isoformat(timespec="seconds"), exact, said)


def _lasted(length: timedelta | None, babel: BabelLocale) -> str:
    if length is None:
        return "–"
    seconds = length.total_seconds()
    if not seconds:
        return "0 s"
    if seconds < 10:  # noqa: PLR2004 - below that a tenth counts
        return f"{seconds:.1f} s"
    return format_timedelta(length, threshold=1.5, format="short", locale=babel)


@cache
def _templates() -> Environment:
    """The templates, each read when it is first shown."""
    folder = Path(__file__).with_name("templates")
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
