"""The posts of this replica: which there are, which it holds, and who serves them.

Every replica tries for every post. Which one gets it is for the book of posts to say; the others stand by.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import timedelta

import structlog

from bot.app.parts import Core
from bot.app.platforms import Post, Side, token_problem
from bot.app.serving import MakeDeliverer, Server
from bot.errors import SettingsError, StorageError, TokenRefused
from bot.model import Platform
from bot.ports import Messenger
from bot.work.loop import Loop
from bot.work.outcomes import LONGEST_TOKEN_BACKOFF, TOKEN_BACKOFF
from bot.work.posts import Roster, Tenure

CLEAN_UP = "clean-up"
RELEASE_WITHIN = timedelta(seconds=1)


class Posts:
    """Serves the platforms whose posts are held here, and says which those are.

    `sides` are adapters opened elsewhere: they are served whoever else there is.
    """

    def __init__(self, core: Core, posts: Sequence[Post], sides: Sequence[Side], make_deliverer: MakeDeliverer) -> None:
        own = [_post_of(side) for side in sides]
        self._servers = [
            Server(
                post,
                Tenure(post.name),
                inherit=core.storage.posts.inherit,
                make_deliverer=make_deliverer,
                bells=core.bells,
                clock=core.clock,
            )
            for post in [*own, *posts]
        ]
        for server in self._servers[: len(own)]:
            server.tenure.renew(float("inf"))
        self._clean_up = Tenure(CLEAN_UP)
        self._asked = [*(server.tenure for server in self._servers[len(own) :]), self._clean_up]
        self._roster = Roster(
            book=core.storage.posts,
            tenures=self._asked,
            holder=secrets.token_urlsafe(12),
            lease=core.settings.takeover,
        )
        self._loop = Loop("posts", self._roster.step, core.clock)
        core.bells.hang("posts", self._loop)
        self._serving: dict[asyncio.Task[None], Server] = {}
        self._watching: asyncio.Task[None] | None = None
        self._troubles = core.troubles
        self._problems: dict[Platform, str] = {}
        self._log = structlog.get_logger("bot.app")

    @property
    def loops(self) -> list[Loop]:
        """What runs now, to be asked for a sign of life."""
        shifts = [server.shift for server in self._servers if server.shift and server.tenure.holds]
        return [self._loop, *(shift.loop for shift in shifts)]

    @property
    def platforms(self) -> list[Platform]:
        """Those that are served, here or by another replica."""
        return [server.post.platform for server in self._servers]

    def messengers(self) -> list[Messenger]:
        """Of the platforms that are served here now."""
        return [server.shift.messenger for server in self._servers if server.shift and server.tenure.holds]

    @property
    def cleans_up(self) -> bool:
        """Whether the clean-up, and what else one replica does for all, is this one's."""
        return self._clean_up.holds

    def standing(self) -> dict[str, str]:
        """For each platform whether it is served here, by a replica that holds its post, or not."""
        return {str(server.post.platform): _standing(server) for server in self._servers}

    def start(self, group: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        """Begin to ask and to serve. Raises SettingsError in the group once the tokens of all platforms are refused."""
        self._watching = group.create_task(self._loop.run(), name=self._loop.name)
        self._serving = {group.create_task(self._serve(server)): server for server in self._servers}
        return [self._watching, *self._serving]

    async def close(self) -> None:
        """End what is served here, in order: what was sent is recorded, then others may take over."""
        self._loop.stop()
        await asyncio.gather(*(self._resign(task, server) for task, server in self._serving.items()))
        self._clean_up.resign()

    async def release(self) -> None:
        """Let others have all posts. Trouble only costs them the rest of a lease."""
        names = [tenure.name for tenure in self._asked]
        leaving = asyncio.create_task(self._roster.leave(names))
        done, _ = await asyncio.wait({leaving}, timeout=RELEASE_WITHIN.total_seconds())
        if not done:
            leaving.cancel()
        elif error := leaving.exception():
            self._log.warning("posts were not released", reason=str(error))

    async def _resign(self, task: asyncio.Task[None], server: Server) -> None:
        server.tenure.resign()
        waiting = {task, *([self._watching] if self._watching else [])}
        await asyncio.wait(waiting)  # an asking in flight would take the post again
        if server.tenure in self._asked:
            try:
                await self._roster.leave([server.tenure.name])
            except StorageError as error:
                self._log.warning("post was not released", reason=str(error))

    async def _serve(self, server: Server) -> None:
        """While its token is refused the others go on, and now and then it is tried again."""
        pause = TOKEN_BACKOFF
        while not server.tenure.resigned:
            try:
                await server.run()
            except TokenRefused as error:
                self._note_refusal(server.post.platform, error)
                await _rest(server, pause)
                pause = min(pause * 2, LONGEST_TOKEN_BACKOFF)

    def _note_refusal(self, platform: Platform, error: TokenRefused) -> None:
        """Raises SettingsError when no other platform goes on."""
        self._troubles.ill(error, platform)
        self._problems[platform] = token_problem(platform, error)
        if all(self._troubles.is_refused(other) for other in self.platforms):
            raise SettingsError(*(self._problems[other] for other in self.platforms)) from error
        self._log.error("going on without this platform", reason=self._problems[platform])


async def _rest(server: Server, pause: timedelta) -> None:
    """Wait, for no longer than the post is held."""
    try:
        async with asyncio.timeout(pause.total_seconds()):
            await server.tenure.over.wait()
    except TimeoutError:
        return


def _post_of(side: Side) -> Post:
    platform = side.messenger.platform
    return Post(name=platform, platform=platform, open=lambda: nullcontext(side))


def _standing(server: Server) -> str:
    if server.tenure.resigned:
        return "stopped"
    return "served here" if server.tenure.holds else "standing by"
