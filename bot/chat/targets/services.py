"""Services that Apprise reaches. Whoever imports this loads Apprise, which takes some 20 MB.

Apprise sends in the calling thread, and answers with yes or no; what is wrong it says in its log, which is listened to
here and goes nowhere else, since addresses may stand in it.
"""

from __future__ import annotations

import asyncio
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import partial
from typing import Final

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, NotifyType
from apprise.manager_plugins import NotificationManager

from bot.chat.targets.answers import error_of
from bot.chat.targets.writing import Form, Takes, Words, words
from bot.errors import DeliveryError, MessageRefused, PlaceDown
from bot.model import Message, Target

DEADLINE: Final = 60.0  # seconds: a mail takes several trips
READ_TIMEOUT: Final = 20.0  # of Apprise's four, a slow service would have taken a message that is then sent again
SIDE_BY_SIDE: Final = 8
_SERVICES = "https://appriseit.com/services/"

# In bytes, as these services count, and less than Apprise believes: ntfy makes a file of what is longer, others cut it.
_BYTES: Final = {
    **dict.fromkeys(("ntfy", "ntfys"), 4000),
    **dict.fromkeys(("bark", "barks"), 3000),
    **dict.fromkeys(("wecombot", "wechat"), 2000),
    **dict.fromkeys(("dingtalk", "feishu", "lark"), 19_000),
}
_STATUS = re.compile(r"\berror=(\d{3})\b")

_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)


class _Listener(logging.Handler):
    """Keeps what Apprise says in a call for who called it."""

    def emit(self, record: logging.LogRecord) -> None:
        """See logging."""
        if (heard := _heard.get()) is not None:
            heard.append(record.getMessage())


def _listen() -> None:
    log = logging.getLogger("apprise")
    log.propagate = False
    log.setLevel(logging.WARNING)
    log.handlers = [_Listener()]


class ServicePlace:
    """A service; see `bot.chat.targets.Place`. One message at a time: a thread that hangs is not joined by another.

    Raises ValueError for an address that Apprise can't read; it says why, and shows none of it.
    """

    def __init__(
        self, target: Target, executor: ThreadPoolExecutor | None = None, *, deadline: float = DEADLINE
    ) -> None:
        _listen()
        self._plugin = _plugin(target)
        self._takes = _takes(self._plugin, target.scheme)
        self._executor = executor
        self._deadline = deadline
        self._sending: asyncio.Future[bool] | None = None

    @property
    def service(self) -> str:
        """The name of the service."""
        return str(self._plugin.service_name)

    @property
    def takes(self) -> Takes:
        """What the service takes."""
        return self._takes

    async def send(self, message: Message, key: str) -> None:  # noqa: ARG002 - services take no key
        """Send it. Raises DeliveryError."""
        if self._sending and not self._sending.done():
            raise PlaceDown("the message before is still on its way")
        loop, heard = asyncio.get_running_loop(), list[str]()
        call = partial(self._notify, words(message, self._takes), heard)
        self._sending = loop.run_in_executor(self._executor, call)
        self._sending.add_done_callback(_forgive)
        done, _ = await asyncio.wait({self._sending}, timeout=self._deadline)
        if not done:
            raise PlaceDown("timeout")
        if not self._sending.result():
            raise _error_in(heard)

    async def update(self, message: Message, key: str) -> None:  # noqa: ARG002 - see Place
        """Services show what they got. Raises MessageRefused."""
        raise MessageRefused("sent messages can't be changed there")

    def _notify(self, said: Words, heard: list[str]) -> bool:
        token = _heard.set(heard)
        try:
            # Not by way of the Apprise object, which tries again by itself: that is for the deliverer.
            return bool(
                self._plugin.notify(
                    body=said.body,
                    title=said.title,
                    notify_type=NotifyType.INFO,
                    body_format=NotifyFormat(self._takes.form.value),
                )
            )
        finally:
            _heard.reset(token)


def _forgive(sending: asyncio.Future[bool]) -> None:
    """What a call that nobody waits for any more raises is of no interest."""
    if not sending.cancelled():
        sending.exception()


def _plugin(target: Target) -> NotifyBase:
    services = NotificationManager()
    if target.scheme not in services:
        raise ValueError(f"Apprise knows no {target.scheme}://; {_SERVICES} lists what it knows")
    if not services[target.scheme].enabled:
        raise ValueError(f"{target.scheme}:// needs a Python package that is not installed")
    asset = AppriseAsset(app_id="Diting", app_desc="Diting", http_redirects=False, storage_mode="memory")
    plugin = Apprise.instantiate(target.url, asset=asset)
    if plugin is None:
        where = services[target.scheme].setup_url or _SERVICES
        raise ValueError(f"this is no address for {target.scheme}://; see {where}")
    # The pace is the deliverer's: Apprise would have the thread sleep.
    plugin.request_rate_per_sec = 0
    if plugin.socket_read_timeout == NotifyBase.socket_read_timeout:
        plugin.socket_read_timeout = READ_TIMEOUT
    return plugin


def _takes(plugin: NotifyBase, scheme: str) -> Takes:
    """What a service takes best: its own first choice, but Markdown, which each reads in another way, only where it
    takes nothing else or the address asks for it."""
    form = plugin.resolve_format()
    if form is NotifyFormat.MARKDOWN:
        form = plugin.resolve_format(NotifyFormat.TEXT)
    in_bytes = scheme in _BYTES
    return Takes(
        form=Form(form.value),
        title=max(0, plugin.title_maxlen),
        body=min(plugin.body_maxlen, _BYTES[scheme]) if in_bytes else plugin.body_maxlen,
        in_bytes=in_bytes,
        together=plugin.overflow_amalgamate_title,
    )


def _error_in(heard: list[str]) -> DeliveryError:
    """The error that Apprise's words come to: they name the HTTP status, where there was one."""
    statuses = [int(found[1]) for line in heard if (found := _STATUS.search(line))]
    return error_of(statuses[-1]) if statuses else PlaceDown("not taken, or no answer")
