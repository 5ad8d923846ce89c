"""The addresses of the admin pages. All are guarded but those that lead in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.web.pages import acting, entry, looking
from bot.web.pages.access import Role
from bot.web.pages.desk import Desk, Pulse
from bot.web.pages.visit import HOME, LOGIN, STATIC, House, View, guarded, not_found, opened

LOOKING: dict[str, View] = {
    "/admin/": looking.overview,
    "/admin/feeds": looking.feeds,
    "/admin/feeds/{feed:int}": looking.feed,
    "/admin/chats": looking.chats,
    "/admin/chats/{chat:int}": looking.chat,
    "/admin/keywords": looking.keywords,
    "/admin/stories": looking.stories,
    "/admin/deliveries": looking.deliveries,
    "/admin/models": looking.models,
    "/admin/log": looking.log,
}
ACTING: dict[str, View] = {
    "/admin/feeds/test": acting.test_address,
    "/admin/feeds/{feed:int}/poll": acting.poll_now,
    "/admin/feeds/{feed:int}/pause": acting.pause_feed,
    "/admin/feeds/{feed:int}/resume": acting.resume_feed,
    "/admin/chats/{chat:int}/pause": acting.pause_chat,
    "/admin/chats/{chat:int}/resume": acting.resume_chat,
    "/admin/chats/{chat:int}/expel": acting.expel_chat,
    "/admin/chats/{chat:int}/admit": acting.admit_chat,
    "/admin/deliveries/{delivery:int}/retry": acting.retry_delivery,
    "/admin/deliveries/retry": acting.retry_failed,
}


def page_routes(desk: Desk, pulse: Pulse) -> list[BaseRoute]:
    """The pages."""
    house = House(desk, pulse)
    return [
        Route("/", _home),
        Route("/admin", _home),
        Mount("/admin/static", StaticFiles(directory=STATIC)),
        Route(LOGIN, opened(house, entry.login_page), methods=["GET"]),
        Route(LOGIN, opened(house, entry.login), methods=["POST"]),
        Route("/admin/language", opened(house, entry.choose_language), methods=["POST"]),
        Route("/admin/logout", guarded(house, entry.logout), methods=["POST"]),
        *(Route(path, guarded(house, view), methods=["GET"]) for path, view in LOOKING.items()),
        *(Route(path, guarded(house, view, role=Role.ADMIN), methods=["POST"]) for path, view in ACTING.items()),
        Route("/admin/{rest:path}", guarded(house, not_found), methods=["GET", "POST"]),
    ]


async def _home(_request: Request) -> Response:
    return RedirectResponse(HOME, status_code=303)
