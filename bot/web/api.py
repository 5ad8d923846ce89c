"""The API: what the admin pages show and do, for programs, as JSON; its OpenAPI description at /api/v1/openapi.json.

Authorization: Bearer ADMIN_TOKEN ─▶ role ─▶ the same parts as the pages ─▶ values of bot.model, as they are
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

import structlog
from fastapi import Depends, FastAPI, HTTPException, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.responses import Response

from bot.errors import FeedError, StorageError
from bot.model import (
    STOPPED_STATES,
    Alert,
    ChatId,
    ChatLine,
    ChatState,
    Delay,
    DeliveryFilter,
    DeliveryId,
    DeliveryLine,
    FeedFilter,
    FeedId,
    FeedLine,
    FeedSheet,
    Item,
    KeywordSheet,
    Locale,
    Overview,
    Platform,
    StoryLine,
)
from bot.ports import ChatRemote, History
from bot.web.pages.access import Role, address_of, storable, storable_lines
from bot.web.pages.desk import HOURS, Desk, Pulse

MOST = 100  # of a list, in one answer
_LAST = 2**63 - 1  # number of a row
_DAY = timedelta(days=1)

Found = TypeVar("Found")

RowId = Annotated[int, Path(ge=1, le=_LAST)]
Limit = Annotated[int, Query(ge=1, le=MOST)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Before = Annotated[int | None, Query(ge=1, le=_LAST, description="The `id` of the last one of the page before.")]
Search = Annotated[str, Query(max_length=200, description="Words of the title or the address.")]


class Problem(BaseModel):
    """What went wrong."""

    detail: str


class State(BaseModel):
    """How it goes. `parts` has, for each part, an empty text or what is wrong with it."""

    version: str
    ready: bool
    parts: dict[str, str]
    overview: Overview


class Seconds(BaseModel):
    """How long it took, of `count` alerts: half of them at most `p50` seconds, 99 of 100 at most `p99`."""

    count: int
    p50: float
    p99: float

    @classmethod
    def of(cls, delay: Delay | None) -> Seconds | None:
        """None: none was."""
        return cls(count=delay.count, p50=delay.p50.total_seconds(), p99=delay.p99.total_seconds()) if delay else None


class Hour(BaseModel):
    """An hour that begins at `start` (UTC)."""

    start: datetime
    items: int
    sent: int
    failed: int
    delay: Seconds | None


class LastHours(BaseModel):
    """The last hours, the oldest first; published → read, read → in the chat, and published → in the chat. `cut`: the
    oldest hours had more than could be counted."""

    hours: list[Hour]
    to_seen: Seconds | None
    to_sent: Seconds | None
    overall: Seconds | None
    cut: bool


class Tested(BaseModel):
    """A feed that an address led to: it took so many `seconds` to read, and has `count` items."""

    url: str
    title: str
    seconds: float
    count: int
    items: list[Item]


class FeedPage(BaseModel):
    """Some of `count` feeds."""

    count: int
    feeds: list[FeedLine]


class ChatPage(BaseModel):
    """Some of `count` chats."""

    count: int
    chats: list[ChatLine]


class Changes(BaseModel):
    """What is to be; what is left out stays."""

    model_config = ConfigDict(extra="forbid", strict=True)


class FeedChanges(Changes):
    """Changes of a feed."""

    paused: bool | None = None


class ChatChanges(Changes):
    """Changes of a chat."""

    paused: bool | None = Field(None, description="Send no alerts. Does nothing where a chat is blocked or gone.")
    admitted: bool | None = Field(None, description="false: serve the chat no more.")


class AddressToTest(Changes):
    """A feed's or page's address, or a name of the catalogue."""

    address: str = Field(min_length=1, max_length=2000)


class Command(Changes):
    """What a person would type in the chat, whose rights are those of its admins; it may have several lines."""

    line: str = Field(min_length=1, max_length=4000, examples=["/keyword add trilateral talks"])
    language: str = Field("en", max_length=20, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$")


class Answer(BaseModel):
    """What the chat would have read, and the lines behind its buttons."""

    text: str
    actions: list[str]


@dataclass(frozen=True, slots=True)
class Remote:
    """What the API has beside the pages' parts."""

    history: History
    chat: ChatRemote


_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "The body is no JSON"},
    401: {"model": Problem, "description": "No token, or a wrong one"},
    403: {"model": Problem, "description": "The token of somebody who may only look"},
    429: {"model": Problem, "description": "Too many wrong tokens came from the address"},
    503: {"model": Problem, "description": "The database does not answer"},
}
_BEARER = HTTPBearer(auto_error=False, description="ADMIN_TOKEN, or ADMIN_VIEW_TOKEN to look only")
_STOPPED: dict[int | str, dict[str, Any]] = {409: {"model": Problem, "description": "The chat is blocked or gone"}}
_MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "There is no such thing"}}


def api_app(desk: Desk, pulse: Pulse, remote: Remote) -> FastAPI:
    """The API as an application, to be mounted at /api/v1."""
    app = FastAPI(
        title="Diting 諦聽",
        version=desk.version,
        description=__doc__.splitlines()[0],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # The token is looked at before all this; the scheme stands here for the description.
        dependencies=[Depends(_BEARER), Depends(_known_only)],
        responses=_PROBLEMS,
        redirect_slashes=False,
    )
    app.add_exception_handler(StorageError, _no_database)
    app.add_middleware(BaseHTTPMiddleware, dispatch=_token_first(desk))
    _whole(app, desk, pulse)
    _feeds(app, desk)
    _chats(app, desk, remote)
    _deliveries(app, desk)
    return app


def _token_first(desk: Desk) -> Callable[[Request, RequestResponseEndpoint], Awaitable[Response]]:
    """Whatever is asked for, whether it is there or not: strangers learn nothing, and send nothing that is read."""

    async def dispatch(request: Request, follow: RequestResponseEndpoint) -> Response:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        given = token.strip() if scheme.lower() == "bearer" else ""
        address, now = address_of(request), desk.clock()
        if given and (wait := desk.attempts.wait(address, now=now)):
            detail = {"detail": "too many wrong tokens came from this address: wait before the next"}
            return JSONResponse(detail, 429, {"Retry-After": str(round(wait.total_seconds()) + 1)})
        role = desk.doorkeeper.role_of(given) if given else None
        if role is None:
            if given:
                desk.attempts.failed(address, given, now=now)
                structlog.get_logger("bot.web").warning("a wrong token was tried at the API", address=address)
            detail = {"detail": "a token is needed: Authorization: Bearer ADMIN_TOKEN"}
            return JSONResponse(detail, 401, {"WWW-Authenticate": "Bearer"})
        if role is not Role.ADMIN and request.method not in {"GET", "HEAD", "OPTIONS"}:
            return JSONResponse({"detail": "this token may only look"}, 403)
        return await follow(request)

    return dispatch


async def _known_only(request: Request) -> None:
    """A name that is not known is a slip of the pen, which shall not pass for "all of them"."""
    known = {field.alias for field in request.scope["route"].dependant.query_params}
    wrong = [
        {"type": "extra_forbidden", "loc": ("query", name), "msg": "There is no such parameter", "input": value}
        for name, value in request.query_params.items()
        if name not in known
    ]
    if wrong:
        raise RequestValidationError(wrong)


async def _no_database(request: Request, error: Exception) -> Response:
    structlog.get_logger("bot.web").warning("the API could not answer", path=request.url.path, reason=str(error))
    return JSONResponse({"detail": "the database does not answer"}, 503, {"Retry-After": "10"})


def _there(found: Found | None, what: str) -> Found:
    if found is None:
        raise HTTPException(404, f"there is no such {what}")
    return found


def _whole(app: FastAPI, desk: Desk, pulse: Pulse) -> None:
    @app.get("/openapi.json", include_in_schema=False)
    async def description() -> JSONResponse:
        return JSONResponse(app.openapi())

    @app.get("/state")
    async def state() -> State:
        """How it goes."""
        parts = await desk.checks()
        return State(version=desk.version, ready=not any(parts.values()), parts=parts, overview=await pulse.overview())

    @app.get("/activity")
    async def activity() -> LastHours:
        """The last 24 hours, by the hour: what came, what was sent, and how long it took."""
        seen = await pulse.activity()
        return LastHours(
            hours=[
                Hour(start=one.start, items=one.items, sent=one.sent, failed=one.failed, delay=Seconds.of(one.delay))
                for one in seen.hours
            ],
            to_seen=Seconds.of(seen.to_seen),
            to_sent=Seconds.of(seen.to_sent),
            overall=Seconds.of(seen.overall),
            cut=seen.cut,
        )

    @app.get("/stories")
    async def stories(limit: Limit = 40) -> list[StoryLine]:
        """What most feeds told in the last 24 hours."""
        return await desk.stories.stories(hours=HOURS, limit=limit, now=desk.clock())

    @app.get("/keywords")
    async def keywords(limit: Limit = 40) -> KeywordSheet:
        """The keywords that brought most in the last 24 hours, and such as stand for a week and brought nothing."""
        now = desk.clock()
        return await desk.keywords.keyword_sheet(since=now - _DAY, created_before=now - 7 * _DAY, limit=limit)


def _feeds(app: FastAPI, desk: Desk) -> None:
    @app.get("/feeds")
    async def feeds(
        search: Search = "", only: FeedFilter = FeedFilter.ALL, offset: Offset = 0, limit: Limit = 50
    ) -> FeedPage:
        """Feeds: those in trouble first, then those of most chats."""
        count, lines = await desk.feeds.feed_lines(
            search=storable(search), only=only, offset=offset, limit=limit, now=desk.clock()
        )
        return FeedPage(count=count, feeds=lines)

    @app.post("/feeds/test", responses={404: {"model": Problem, "description": "No feed there"}})
    async def test(tested: AddressToTest) -> list[Tested]:
        """Look at an address as the bot would."""
        try:
            found = await desk.feed_test.test(storable(tested.address))
        except FeedError as error:
            raise HTTPException(404, desk.speech.trouble(error, Locale.EN)) from None
        return [
            Tested(
                url=one.url,
                title=one.title,
                seconds=one.took.total_seconds(),
                count=one.count,
                items=list(one.items),
            )
            for one in found
        ]

    @app.get("/feeds/{feed}", responses=_MISSING)
    async def feed(feed: RowId) -> FeedSheet:
        """All of a feed."""
        return _there(await desk.feeds.feed_sheet(FeedId(feed), now=desk.clock()), "feed")

    @app.patch("/feeds/{feed}", responses=_MISSING)
    async def change_feed(feed: RowId, changes: FeedChanges) -> FeedSheet:
        """Pause a feed, or go on with it."""
        if changes.paused is not None and await desk.feeds.pause_feed(
            FeedId(feed), paused=changes.paused, now=desk.clock()
        ):
            desk.bell.ring("poll")
        return _there(await desk.feeds.feed_sheet(FeedId(feed), now=desk.clock()), "feed")

    @app.post("/feeds/{feed}/poll", status_code=202, responses=_MISSING)
    async def poll(feed: RowId) -> None:
        """Have a feed read next."""
        _there(await desk.feeds.poll_now(FeedId(feed), now=desk.clock()) or None, "feed")
        desk.bell.ring("poll")


def _chats(app: FastAPI, desk: Desk, remote: Remote) -> None:
    @app.get("/chats")
    async def chats(
        search: Search = "",
        platform: Platform | None = None,
        state: ChatState | None = None,
        offset: Offset = 0,
        limit: Limit = 50,
    ) -> ChatPage:
        """Chats, the newest first."""
        count, lines = await desk.chats.chat_lines(
            search=storable(search), platform=platform, state=state, offset=offset, limit=limit
        )
        return ChatPage(count=count, chats=lines)

    @app.get("/chats/{chat}", responses=_MISSING)
    async def chat(chat: RowId) -> ChatLine:
        """One chat."""
        return _there(await desk.chats.chat_line(ChatId(chat)), "chat")

    @app.patch("/chats/{chat}", responses=_MISSING)
    async def change_chat(chat: RowId, changes: ChatChanges) -> ChatLine:
        """Pause a chat or go on with it, put it out or let it in."""
        _there(await desk.chats.chat_line(ChatId(chat)), "chat")
        if changes.admitted is not None:
            await (
                desk.places.admit(ChatId(chat))
                if changes.admitted
                else desk.places.expel(ChatId(chat), now=desk.clock())
            )
        if changes.paused is not None:
            await desk.chat_book.set_paused(ChatId(chat), paused=changes.paused)
        return _there(await desk.chats.chat_line(ChatId(chat)), "chat")

    @app.get("/chats/{chat}/alerts", responses=_MISSING)
    async def alerts(chat: RowId, limit: Limit = 20) -> list[Alert]:
        """The newest alerts of a chat, with their briefs in both languages."""
        _there(await desk.chats.chat_line(ChatId(chat)), "chat")
        return await remote.history.latest_alerts(ChatId(chat), limit=limit)

    @app.post("/chats/{chat}/commands", responses=_MISSING | _STOPPED)
    async def command(chat: RowId, command: Command) -> Answer:
        """Give a command in a chat, as an admin of it: whatever `/help` lists. The chat itself reads nothing of it."""
        line = _there(await desk.chats.chat_line(ChatId(chat)), "chat")
        # A command is a sign of life of its chat, which this one is not.
        if line.state in STOPPED_STATES:
            reason = f": {line.reason}" if line.reason else ""
            raise HTTPException(409, f"the chat takes no messages now ({line.state}{reason})")
        told = await remote.chat.say(ChatId(chat), storable_lines(command.line), command.language)
        text, actions = _there(told, "chat")
        return Answer(text=text, actions=list(actions))


def _deliveries(app: FastAPI, desk: Desk) -> None:
    @app.get("/deliveries")
    async def deliveries(
        only: DeliveryFilter = DeliveryFilter.ALL,
        platform: Platform | None = None,
        chat: Annotated[int | None, Query(ge=1, le=_LAST)] = None,
        before: Before = None,
        limit: Limit = 50,
    ) -> list[DeliveryLine]:
        """Deliveries, the newest first."""
        return await desk.deliveries.delivery_lines(
            only=only,
            platform=platform,
            chat=ChatId(chat) if chat else None,
            before=DeliveryId(before) if before else None,
            limit=limit,
        )

    @app.post("/deliveries/{delivery}/retry", status_code=202, responses=_MISSING)
    async def retry(delivery: RowId) -> None:
        """Send again what failed."""
        again = await desk.deliveries.retry_delivery(DeliveryId(delivery), now=desk.clock())
        _there(again or None, "failed delivery that can go out")
        desk.bell.ring("deliver")
