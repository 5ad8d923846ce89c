"""When a platform allows the next message: to one chat, and to all chats together.

The limits are the platforms' documented ones (Telegram's FAQ: about 30 messages a second overall, one a second in a
chat, 20 a minute in a group; Discord: 50 requests a second). The topics of a forum are one chat to Telegram, so what
is counted and held is the platform's chat, the `chat` of the address. Pure bookkeeping: time is passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.model import Chat, ChatAddress, ChatId, ChatKind
from bot.work.flood import FloodScope
from bot.work.latency import Latency
from bot.work.window import MARGIN, Window

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
# The share of a second that may go at once, and so make up for a moment in which nothing could be begun. Were it all of
# it, an answer to a person would have to wait for that second.
BURST = 0.3
GROUP_BURST = 0.5  # by the same reason: of a minute
# Deliverers look at the time each second. Who has not for so long was not the sender: somebody else may have been.
AWAY = timedelta(seconds=10)
_SET_BACK = timedelta(seconds=1)  # by less, a time is only one that was taken a little earlier


@dataclass(frozen=True, slots=True)
class Limits:
    """A platform's limits, in messages. None: no such limit.

    A message without an answer keeps its place among the others for `late` longer: it may still arrive. Not for as long
    as it has no answer, or a server that lets some messages hang would slow down all.
    """

    per_second: float
    chat_per_second: float | None = None
    group_per_minute: float | None = None
    late: timedelta = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Turn:
    """A message that was counted: to which chat of the platform, and for when (in the pacer's own time)."""

    chat: str
    at: datetime


@dataclass(slots=True)
class Place:
    """A chat of the platform: the windows of what it gets, and who it is here, as far as known."""

    windows: list[Window]
    ids: set[ChatId] = field(default_factory=set)
    held: datetime | None = None


class Pacer:
    """Remembers what was sent, and until when each chat, and the platform as a whole, must wait.

    `alone_since` is when the last other sender of this bot can have sent something: what it sent counts, too. Nothing
    goes out for a second after it, and of groups `unknown` asks for what the rows say.
    """

    def __init__(self, limits: Limits, *, alone_since: datetime | None = None) -> None:
        self._limits = limits
        self._window = Window(limits.per_second, SECOND, burst=BURST, late=limits.late)
        self._places: dict[str, Place] = {}
        self._chats: dict[ChatId, datetime] = {}
        self._free_from: datetime | None = None
        self._flooded: datetime | None = None
        self._scope = FloodScope()
        self._latency = Latency()
        self._back = timedelta()  # by how much the clock was set back since the start
        self._seen = alone_since
        self._gentle = alone_since is not None
        self._alone_since = alone_since
        self._recalled: set[str] = set()
        if alone_since:
            self._begin_anew(alone_since)

    @property
    def batch(self) -> int:
        """How many messages to take in hand at once: a second's, so that taking them costs little of that second."""
        return max(1, min(round(self._limits.per_second), 500))

    @property
    def per_second(self) -> float:
        """How many messages a second takes."""
        return self._limits.per_second

    # --- what happens -----------------------------------------------------------------------------------

    def begin(self, chat: Chat, now: datetime) -> Turn:
        """Count a message that is being sent to the chat now."""
        place = self._place(chat.address.chat, private=chat.kind is ChatKind.PRIVATE)
        place.ids.add(chat.id)
        return self._count(chat.address.chat, place, self._steady(now))

    def reserve(
        self, address: ChatAddress, now: datetime, *, private: bool
    ) -> tuple[timedelta, Callable[[datetime], None]]:
        """See SendQueue. Such a message does not wait for the even spreading either."""
        now = self._steady(now)
        place = self._place(address.chat, private=private)
        windows = (self._window, *place.windows)
        at = max(now, self._flooded or now, place.held or now, *(self._free(one, now, spread=False) for one in windows))
        turn = self._count(address.chat, place, at)
        return at - now, lambda answered: self.answered(turn, answered)

    def answered(self, turn: Turn, now: datetime, *, answer: bool = True) -> None:
        """A message was taken or refused, or (`answer` False) given up without an answer."""
        now = self._steady(now)
        if answer:
            self._latency.note(now - turn.at, now)
        self._window.land(turn.at, now)
        if place := self._places.get(turn.chat):
            for window in place.windows:
                window.land(turn.at, now)

    def taken(self) -> None:
        """The platform took a message."""
        self._scope.taken()

    def limited(self, chat: str, now: datetime, *, wait: timedelta) -> bool:
        """The platform refused a message as one too many. Holds its chat or, answering True, the platform."""
        now = self._steady(now)
        if self._scope.refused(chat, now):
            self._flooded = max(now + wait, self._flooded or now)
            self._free_from = max(now + wait, self._free_from or now)
            return True
        if place := self._places.get(chat):
            place.held = max(now + wait, place.held or now)
        return False

    def hold(self, until: datetime) -> None:
        """Send no delivery to anyone before then."""
        self._free_from = max(until + self._back, self._free_from or until + self._back)

    def hold_chat(self, chat: ChatId, until: datetime) -> None:
        """Send no delivery to the chat (of a forum, the topic) before then."""
        self._chats[chat] = max(until + self._back, self._chats.get(chat, until + self._back))

    # --- what is allowed --------------------------------------------------------------------------------

    def wait(self, now: datetime) -> timedelta:
        """How long until the platform takes the next delivery."""
        now = self._steady(now)
        return max(self._free(self._window, now), self._free_from or now) - now

    def wait_of(self, chat: Chat, now: datetime) -> timedelta:
        """How long until this chat takes the next delivery."""
        now = self._steady(now)
        place = self._place(chat.address.chat, private=chat.kind is ChatKind.PRIVATE)
        place.ids.add(chat.id)
        return max(self._chats.get(chat.id, now), self._place_free(place, now)) - now

    def held(self, now: datetime) -> dict[ChatId, datetime]:
        """The chats that must wait, and until when. Forgets those that need not any more."""
        now = self._steady(now)
        self._chats = {chat: until for chat, until in self._chats.items() if until > now}
        self._places = {chat: place for chat, place in self._places.items() if not self._is_idle(place, now)}
        held = dict(self._chats)
        for place in self._places.values():
            if (free := self._place_free(place, now)) > now:
                held.update({chat: max(free, held.get(chat, free)) for chat in place.ids})
        return {chat: until - self._back for chat, until in held.items()}

    # --- after another sender ---------------------------------------------------------------------------

    def unknown(self, chats: Iterable[Chat], now: datetime) -> set[str]:
        """Those of the groups of which it is not known what another sender sent to them in the last minute."""
        if not self._limits.group_per_minute or not self._alone_since:
            return set()
        if self._steady(now) > self._alone_since + MINUTE * MARGIN:
            self._recalled.clear()
            self._alone_since = None
            return set()
        return {one.address.chat for one in chats if one.kind is not ChatKind.PRIVATE} - self._recalled

    def recall(self, chat: str, sent: Iterable[datetime]) -> None:
        """What the rows say of a group; one message more is assumed, that was sent and not recorded."""
        self._recalled.add(chat)
        place = self._place(chat, private=False)
        for moment in (*sent, *([self._alone_since - self._back] if self._alone_since else ())):
            place.windows[-1].recall(moment + self._back)

    # --- its parts --------------------------------------------------------------------------------------

    def _count(self, chat: str, place: Place, at: datetime) -> Turn:
        for window in (self._window, *place.windows):
            window.begin(at)
        return Turn(chat, at)

    def _place(self, chat: str, *, private: bool) -> Place:
        if chat not in self._places:
            self._places[chat] = Place(self._windows(private=private))
        return self._places[chat]

    def _windows(self, *, private: bool) -> list[Window]:
        windows = []
        if self._limits.chat_per_second:
            windows.append(Window(self._limits.chat_per_second, SECOND))
        if self._limits.group_per_minute and not private:
            windows.append(Window(self._limits.group_per_minute, MINUTE, burst=GROUP_BURST))
        return windows

    def _free(self, window: Window, now: datetime, *, spread: bool = True) -> datetime:
        return window.free_at(now, self._latency.quickest, spread=spread)

    def _place_free(self, place: Place, now: datetime) -> datetime:
        return max(now, place.held or now, *(self._free(window, now) for window in place.windows))

    def _is_idle(self, place: Place, now: datetime) -> bool:
        waits = place.held is not None and place.held > now
        return not waits and all(window.is_idle(now, self._latency.quickest) for window in place.windows)

    def _steady(self, now: datetime) -> datetime:
        """The same moment in a time that never goes back: a clock that was set back takes all waits with it, or they
        would last as much longer."""
        moment = now + self._back
        seen = self._seen or moment
        if seen - moment > _SET_BACK:
            self._back += seen - moment
        elif self._gentle and moment - seen > AWAY:
            self._begin_anew(moment)
        self._seen = max(seen, now + self._back)
        return self._seen

    def _begin_anew(self, now: datetime) -> None:
        self._alone_since = now
        self._recalled.clear()
        self._free_from = max(now + SECOND * MARGIN, self._free_from or now)
