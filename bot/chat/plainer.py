"""Reports messages that a platform took only in a plainer form: their markup was a fault of ours."""

from __future__ import annotations

import structlog

from bot.model import ChatAddress, Platform
from bot.ports import Meter


class Plainer:
    """Logs each, with the key of its delivery (empty for answers to commands), and counts it."""

    def __init__(self, platform: Platform, meter: Meter | None = None) -> None:
        self._platform = platform
        self._meter = meter
        self._log = structlog.get_logger("bot.chat").bind(platform=platform)

    def note(self, address: ChatAddress, key: str, reason: str) -> None:
        """The platform refused the full form of a message for the reason and took a plainer one."""
        self._log.error("went out plainer than it was written", chat=address.chat, key=key, reason=reason)
        if self._meter:
            self._meter.count("plainer", self._platform)
