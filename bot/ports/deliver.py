"""What it takes to deliver alerts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import Chat, ChatAddress, ChatId, ChatState, DeliveryDue, Message, Platform


class Outbox(Protocol):
    """The deliveries as a queue."""

    async def claim_deliveries(
        self,
        *,
        platforms: Collection[Platform],
        now: datetime,
        limit: int,
        lease: timedelta,
        skip: Collection[ChatId] = (),
    ) -> list[DeliveryDue]:
        """Lease the oldest due delivery of each of up to `limit` active chats that have none leased.

        The newest goes first, as it is news the longest, and of one story the private chats. Every fourth place is for
        those that have waited longest, so that they get their turn under a load that never ends, too. What is too old
        to be news comes as one digest, whose alerts stay the same on every attempt.
        """

    async def claim_edits(
        self,
        *,
        platforms: Collection[Platform],
        now: datetime,
        since: datetime,
        limit: int,
        lease: timedelta,
        skip: Collection[ChatId] = (),
    ) -> list[DeliveryDue]:
        """Lease up to `limit` deliveries made since then whose messages are to be edited, in active chats, the longest
        due first."""

    async def next_due(self, chats: Collection[ChatId]) -> dict[ChatId, datetime]:
        """When the next delivery of each of the chats is due, or was, of those that have one."""

    async def sent_lately(
        self, platform: Platform, chats: Collection[str], *, since: datetime
    ) -> dict[str, list[datetime]]:
        """When alerts were sent since then to these chats of the platform, all topics of each together."""

    async def prolong_deliveries(self, due: Collection[DeliveryDue], *, until: datetime) -> None:
        """Keep the leases that nobody else took meanwhile until then."""

    async def release_deliveries(self, due: Collection[DeliveryDue]) -> None:
        """End those leases: the deliveries are as due as before."""

    async def delivery_sent(self, due: DeliveryDue, *, message: str, now: datetime) -> bool:
        """The platform took it, as its message `message`: of a digest, all its alerts are sent. Answers whether the
        chat's next one is due."""

    async def delivery_retry(self, due: DeliveryDue, *, at: datetime, reason: str, counted: bool = True) -> None:
        """Give it back, to be tried again at `at`; `counted` says whether this try counts as an attempt."""

    async def delivery_failed(self, due: DeliveryDue, *, reason: str, now: datetime) -> None:
        """It will never be sent, nor will the alerts of a digest. The oldest report that joined it is due in its
        place."""

    async def digest_refused(self, due: DeliveryDue, *, reason: str, now: datetime) -> None:
        """The platform does not take the alerts of a digest together: they are due in two halves, and in the end each
        for itself."""

    async def edit_done(self, due: DeliveryDue) -> None:
        """The message shows what was claimed, or never will; only what joined meanwhile has it edited again."""

    async def edit_retry(self, due: DeliveryDue, *, at: datetime, counted: bool = True) -> None:
        """Edit it again at `at`; `counted` says whether this try counts as an attempt."""

    async def line_up_left_out(self) -> int:
        """Give the chats their turn whose deliveries were owed by a version that knows no turns, as a replica may be
        that is upgraded last; answer how many chats."""

    async def stop_chat(self, chat: ChatId, *, state: ChatState, reason: str, now: datetime) -> None:
        """Send nothing more there: what is due fails with the reason, and no new alerts are made."""

    async def warn_managers(self, chat: Chat, managers: Collection[ChatAddress], *, reason: str, now: datetime) -> int:
        """Owe those of them who can be written to a notice that the bot may not write in the chat; once, until it took
        a message again. Answer how many are."""

    async def move_chat(self, address: ChatAddress, *, to: str) -> None:
        """The platform gave the chat (and all its topics) a new id."""


class Messenger(Protocol):
    """Sends to one platform."""

    platform: Platform

    async def send(self, address: ChatAddress, message: Message, *, key: str, reply_to: str = "") -> str:
        """Send and answer the platform's message id. `key` is the idempotency key, where the platform takes one;
        `reply_to` an earlier message that this one replies to, if that is still there. Raises DeliveryError."""

    async def edit(self, address: ChatAddress, message_id: str, message: Message) -> None:
        """Have a message that was sent show this instead. Raises DeliveryError: MessageRefused where it can't be
        edited (any more), ChatBlocked or ChatGone only where no message can be sent either."""

    async def private_chat(self, person: str) -> ChatAddress:
        """Where a person, by the platform's id, is written to alone. Raises DeliveryError."""


class SendQueue(Protocol):
    """Turns for what goes to a platform beside the deliveries, within the same limits."""

    def reserve(
        self, address: ChatAddress, now: datetime, *, private: bool
    ) -> tuple[timedelta, Callable[[datetime], None]]:
        """Take the next turn, before any delivery: how long to wait for it, and what to call when the message is
        answered or given up."""


class HeldQueue(Protocol):
    """Alerts that wait for their time."""

    async def gather_held(self, *, now: datetime, limit: int) -> int:
        """Have what is over by now go out, as one digest a chat, of up to `limit` chats; answer of how many. Each
        chat's is gathered by one replica."""
