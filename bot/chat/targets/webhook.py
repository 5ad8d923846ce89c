"""Posts messages as JSON to an address of the admin's."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.chat.targets.answers import error_of, wait_in
from bot.chat.targets.payload import fingerprint, payload, stamped
from bot.errors import PlaceDown
from bot.model import Message, Target

SIGNATURE = "X-Diting-Signature"
DELIVERY = "X-Diting-Delivery"
TIMEOUT = aiohttp.ClientTimeout(total=20, connect=10)


class WebhookPlace:
    """A webhook; see `bot.chat.targets.Place`. `secret` signs each body; `session` is shared by all."""

    def __init__(
        self,
        target: Target,
        session: aiohttp.ClientSession,
        *,
        clock: Callable[[], datetime],
        secret: str = "",
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._target = target
        self._session = session
        self._clock = clock
        self._secret = secret.encode()
        self._timeout = timeout

    async def send(self, message: Message, key: str) -> None:
        """Post it; a repetition has the same delivery. Raises DeliveryError."""
        await self._post(payload(message, chat=self._target.name, key=key), update=False)

    async def update(self, message: Message, key: str) -> None:
        """Post it once more, as what it is now. Raises DeliveryError."""
        await self._post(payload(message, chat=self._target.name, key=key), update=True)

    async def _post(self, fields: dict[str, Any], *, update: bool) -> None:
        delivery = fields["id"]
        if update:  # each update is a delivery of its own, and a repetition of one is not
            delivery += f".{hashlib.sha256(fingerprint(fields)).hexdigest()[:12]}"
        body = stamped(fields, sent=self._clock(), update=update)
        headers = {"Content-Type": "application/json", DELIVERY: delivery, "User-Agent": "Diting"}
        if self._secret:
            headers[SIGNATURE] = signature(body, self._secret)
        try:
            # A redirect would take the body, and its signature, to where nobody asked for it to go.
            async with self._session.post(
                self._target.url, data=body, headers=headers, allow_redirects=False, timeout=self._timeout
            ) as answer:
                status, wait = answer.status, answer.headers.get("Retry-After", "")
        except TimeoutError:
            raise PlaceDown("timeout") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # Its words hold the address.
            raise PlaceDown(type(error).__name__) from None
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise error_of(status, wait_in(wait, self._clock()) if wait else None)


def signature(body: bytes, secret: bytes) -> str:
    """What proves that a body came from who has the secret."""
    return f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"
