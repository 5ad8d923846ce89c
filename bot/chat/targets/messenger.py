"""Sends messages to places that only receive, each by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from bot.errors import ChatBlocked, MessageRefused, PlaceDown
from bot.model import ChatAddress, Message, Platform


class Place(Protocol):
    """One place that only receives."""

    async def send(self, message: Message, key: str) -> None:
        """Send it; with the same key it is the same message. Raises DeliveryError."""

    async def update(self, message: Message, key: str) -> None:
        """Tell what a message that was sent is now. Raises DeliveryError: MessageRefused where that can't be."""


class TargetMessenger:
    """Implements `bot.ports.Messenger`. A message's id is its delivery's key: the places give none."""

    platform = Platform.TARGET

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places

    async def send(self, address: ChatAddress, message: Message, *, key: str, reply_to: str = "") -> str:  # noqa: ARG002 - see the port
        """See `bot.ports.Messenger`."""
        with _named(address):
            await self._place(address).send(message, key)
        return key

    async def edit(self, address: ChatAddress, message_id: str, message: Message) -> None:
        """See `bot.ports.Messenger`."""
        with _named(address):
            await self._place(address).update(message, message_id)

    async def private_chat(self, person: str) -> ChatAddress:
        """See `bot.ports.Messenger`. Nobody is there."""
        raise ChatBlocked(f"no person: {person}")

    def _place(self, address: ChatAddress) -> Place:
        # A replica with newer settings knows it, and will have the post.
        if place := self._places.get(address.chat):
            return place
        raise PlaceDown("not in TARGETS here")


@contextmanager
def _named(address: ChatAddress) -> Iterator[None]:
    """Owners are told of trouble by its reason alone, so that says which of the places it is."""
    try:
        yield
    except (MessageRefused, PlaceDown) as error:
        raise type(error)(f"{address.chat}: {error.reason}") from None
