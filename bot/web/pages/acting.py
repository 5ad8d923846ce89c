"""What admins do: each does one thing, and goes back to the page that shows it."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from bot.errors import FeedError
from bot.model import ChatId, DeliveryId, FeedId
from bot.web.pages.access import storable
from bot.web.pages.visit import Visit, is_inside, not_found

AGAIN_WITHIN = timedelta(days=2)  # what failed before is no news any more
AGAIN_AT_ONCE = 1000


async def test_address(visit: Visit) -> Response:
    """Looks at an address as the bot would."""
    address = storable(visit.form.get("address", ""))
    if not address:
        return visit.back("/admin/feeds")
    try:
        found = await visit.desk.feed_test.test(address)
    except FeedError as error:
        problem = visit.desk.speech.trouble(error, visit.locale)
        return visit.page("tested.html", address=address, found=(), problem=problem)
    return visit.page("tested.html", address=address, found=found, problem="")


async def poll_now(visit: Visit) -> Response:
    """Has a feed polled next."""
    if not await visit.desk.feeds.poll_now(_feed(visit), now=visit.now):
        return await not_found(visit)
    visit.desk.bell.ring("poll")
    return _back(visit, "polled")


async def pause_feed(visit: Visit) -> Response:
    """Has a feed polled no more."""
    changed = await visit.desk.feeds.pause_feed(_feed(visit), paused=True, now=visit.now)
    return _back(visit, "paused") if changed else await not_found(visit)


async def resume_feed(visit: Visit) -> Response:
    """Has it polled again."""
    changed = await visit.desk.feeds.pause_feed(_feed(visit), paused=False, now=visit.now)
    visit.desk.bell.ring("poll")
    return _back(visit, "resumed") if changed else await not_found(visit)


async def pause_chat(visit: Visit) -> Response:
    """Sends a chat no alerts."""
    return await _set_paused(visit, paused=True)


async def resume_chat(visit: Visit) -> Response:
    """Sends it alerts again."""
    return await _set_paused(visit, paused=False)


async def _set_paused(visit: Visit, *, paused: bool) -> Response:
    chat = ChatId(visit.number("chat"))
    if await visit.desk.places.chat(chat) is None:
        return await not_found(visit)
    if not await visit.desk.chat_book.set_paused(chat, paused=paused):
        return _back(visit, "same")
    return _back(visit, "paused" if paused else "resumed")


async def expel_chat(visit: Visit) -> Response:
    """Serves a chat no more."""
    changed = await visit.desk.places.expel(ChatId(visit.number("chat")), now=visit.now)
    return _back(visit, "expelled" if changed else "same")


async def admit_chat(visit: Visit) -> Response:
    """Lets a chat in."""
    changed = await visit.desk.places.admit(ChatId(visit.number("chat")))
    return _back(visit, "admitted" if changed else "same")


async def retry_delivery(visit: Visit) -> Response:
    """Sends what failed."""
    again = await visit.desk.deliveries.retry_delivery(DeliveryId(visit.number("delivery")), now=visit.now)
    visit.desk.bell.ring("deliver")
    return _back(visit, "again" if again else "same")


async def retry_failed(visit: Visit) -> Response:
    """Sends all that failed lately."""
    since = visit.now - AGAIN_WITHIN
    count = await visit.desk.deliveries.retry_failed(since=since, limit=AGAIN_AT_ONCE, now=visit.now)
    visit.desk.bell.ring("deliver")
    return _back(visit, f"again-{count}")


def _feed(visit: Visit) -> FeedId:
    return FeedId(visit.number("feed"))


def _back(visit: Visit, done: str) -> Response:
    """To the page that the form stood on."""
    wanted = visit.form.get("back", "")
    return visit.back(wanted if is_inside(wanted) else "/admin/", done)
