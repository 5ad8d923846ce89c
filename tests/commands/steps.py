"""Situations in which something was just done: a line was given, or another chat shared what it has."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.chat.catalogue import catalogue_for
from bot.model import ChatSettings, Locale, Share, SharedFeed
from tests.commands.row import Given, Scene

CODE = "AbCdEfGhIjKlMnOp"


def after(line: str, *, file: tuple[str, bytes] | None = None, **patterns: str) -> Given:
    """This line was given just before. {undo} is that of the button that takes it back; what the first group of each
    pattern finds in the answer or in the lines of its buttons becomes a value of that name."""

    async def given(scene: Scene) -> None:
        seen = await scene.driver.say(scene.place, line.format(**scene.values), file=file)
        undo = catalogue_for(scene.place.locale)("Undo")
        if undo in seen.lines:
            scene.values["undo"] = seen.lines[undo]
        shown = "\n".join((seen.text, *seen.lines.values()))
        for name, pattern in patterns.items():
            found = re.search(pattern, shown)
            assert found, f"no {name} after {line}: {shown}"
            scene.values[name] = found[1]

    return given


def shared(
    *keywords: str, feeds: tuple[SharedFeed, ...] = (), settings: ChatSettings | None = None, code: str = CODE
) -> Given:
    """Another chat shared what it has; {code} is the code."""

    async def given(scene: Scene) -> None:
        other = await scene.room.storage.chats.open_chat(
            replace(scene.place.address, thread="elsewhere"),
            kind=scene.place.kind,
            title="Another chat",
            hint=Locale.EN,
            now=scene.room.clock(),
        )
        scene.values["code"] = token = f"{code}{scene.chat.id}"
        content = Share(keywords=keywords, feeds=feeds, settings=settings)
        await scene.room.storage.shares.keep_share(other.id, token, content, most=10_000, now=scene.room.clock())

    return given


async def of_last_week(scene: Scene) -> None:
    """A feed that was read, with an item of three days ago."""
    scene.values["feed"] = feed = await scene.room.watch(scene.chat.id, "Harbour Wire", since=timedelta(days=5))
    ago = timedelta(days=3)
    await scene.room.read(feed, scene.room.item("A ferry sails", "An ordinary day.", age=ago), ago=ago)


def ours(content: Any) -> tuple[str, bytes]:
    """All that a chat has as a file."""
    return "diting.json", json.dumps({"diting": 1} | content).encode()
