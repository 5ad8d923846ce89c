"""What one chat hands to others by a link or a code."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.chats import ChatSettings, Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFeed:
    """A feed of a share, and how the chat takes it."""

    url: str
    title: str = ""
    mode: Mode = Mode.MATCHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Keywords as they were typed, feeds, and the settings, where these go along."""

    keywords: tuple[str, ...] = ()
    feeds: tuple[SharedFeed, ...] = ()
    settings: ChatSettings | None = None
