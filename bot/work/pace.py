"""When a platform allows the next message: to one chat, and to all chats together.

The limits are the platforms' documented ones (Telegram's FAQ: about 30 messages a second overall, one a second in a
chat, 20 a minute in a group). Pure bookkeeping: time is passed in.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Chat, ChatId, ChatKind

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """A platform's limits, in messages. None: no such limit."""

    per_second: float
    chat_per_second: float | None = None
    group_per_minute: float | None = None


class Pacer:
    """Remembers what was sent, and until when each chat, and the platform as a whole, must wait."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._free_from: datetime | None = None
        self._chats: dict[ChatId, datetime] = {}
        self._minutes: dict[ChatId, deque[datetime]] = {}
        self._seen: datetime | None = None

    def sent(self, chat: Chat, now: datetime) -> None:
        """Count a message that is being sent to the chat now."""
        self.hold(now + timedelta(seconds=1 / self._limits.per_second))
        if self._limits.chat_per_second:
            self.hold_chat(chat.id, now + timedelta(seconds=1 / self._limits.chat_per_second))
        if self._limits.group_per_minute and chat.kind is not ChatKind.PRIVATE:
            self._count_minute(chat.id, now, self._limits.group_per_minute)

    def hold(self, until: datetime) -> None:
        """Send nothing to anyone before then."""
        self._free_from = max(until, self._free_from or until)

    def hold_chat(self, chat: ChatId, until: datetime) -> None:
        """Send nothing to the chat before then."""
        self._chats[chat] = max(until, self._chats.get(chat, until))

    def wait(self, now: datetime) -> timedelta:
        """How long until the platform takes the next message."""
        self._follow(now)
        return max(timedelta(), (self._free_from or now) - now)

    def held(self, now: datetime) -> dict[ChatId, datetime]:
        """The chats that must wait, and until when. Forgets those that need not any more."""
        self._follow(now)
        self._chats = {chat: until for chat, until in self._chats.items() if until > now}
        self._minutes = {chat: sent for chat, sent in self._minutes.items() if sent[-1] > now - MINUTE}
        return dict(self._chats)

    def _follow(self, now: datetime) -> None:
        """A clock that was set back takes all waits with it, or they would last as much longer."""
        back = (self._seen or now) - now
        self._seen = now
        if back <= timedelta():
            return
        self._free_from = self._free_from and self._free_from - back
        self._chats = {chat: until - back for chat, until in self._chats.items()}
        self._minutes = {chat: deque(moment - back for moment in sent) for chat, sent in self._minutes.items()}

    def _count_minute(self, chat: ChatId, now: datetime, most: float) -> None:
        sent = self._minutes.setdefault(chat, deque())
        sent.append(now)
        while sent[0] <= now - MINUTE:
            sent.popleft()
        if len(sent) >= most:
            self.hold_chat(chat, sent[0] + MINUTE)
