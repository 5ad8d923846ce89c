"""Writes down what whoever runs the bot would hear of."""

from __future__ import annotations

from bot.model import Platform


class Heard:
    """A Watch: of each error its type and platform, and the platforms that were well."""

    def __init__(self) -> None:
        self.heard: list[tuple[type[Exception], Platform | None] | Platform] = []

    def ill(self, error: Exception, platform: Platform | None = None) -> None:
        self.heard.append((type(error), platform))

    def well(self, platform: Platform) -> None:
        self.heard.append(platform)
