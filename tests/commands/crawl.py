"""Presses every button that answers show, and every button that those show, as a curious person would."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from bot.chat.blocks import ACTION_LIMIT, LABEL_LIMIT
from bot.chat.catalogue import catalogue_for
from bot.chat.commands.dispatch import read
from tests.commands.row import Row, has
from tests.commands.situations import digest, failing, many_feeds, many_keywords, retold, told_whole
from tests.commands.stage import Stage
from tests.support.driving import Driver, Place, Role, Seen, divided

STARTS = (
    "/start",
    "/help",
    "/subscribe",
    "/feeds",
    "/keyword list",
    "/keyword test talks",
    "/settings show",
    "/status",
    "/latest",
    "/why",
    "/pause",
    "/resume",
    "/export",
)
SITUATIONS = (many_feeds, many_keywords, failing("HTTP 404"), retold, told_whole, digest)
NEVER = (
    "There is no command {name}.",
    "Something went wrong on my side.",
    "That did not work just now. Nothing was changed; try again in a minute.",
    "There is no setting called {name}.",
)
REFUSED = "Only admins of this chat may use {command}."


async def crowded(stage: Stage, driver: Driver, place: Place) -> dict[str, object]:
    """A chat with more feeds, keywords and alerts than a page shows; answers what there is in it."""
    scene = await stage.scene(Row(name="crawl", line="", given=SITUATIONS), driver, place)
    return scene.values


async def crawl(driver: Driver, place: Place, starts: Iterable[str], *, most: int, deep: int) -> set[str]:
    """Press up to `most` buttons, at most so `deep` below what is typed; answers the lines that were given. Fails
    where one leads nowhere."""
    given: set[str] = set()
    queue = deque((line, 0, "typed") for line in starts)
    while queue and len(given) < most:
        line, depth, above = queue.popleft()
        if line in given:
            continue
        given.add(line)
        seen = await (driver.press(place, line) if depth else driver.say(place, line))
        look(seen, line, above, place)
        if depth < deep:
            queue.extend((below, depth + 1, line) for below in seen.lines.values())
    return given


def look(seen: Seen, line: str, above: str, place: Place) -> None:
    """Fail where an answer is none that a person can go on from."""
    t, where = catalogue_for(place.locale), f"{line!r} (below {above!r}):\n{seen.text}"
    assert seen.text.strip() or seen.file or seen.asks, f"nothing came of {where}"
    for sentence in NEVER:
        assert not has(seen.text, sentence, t), f"a button that leads nowhere: {where}"
    if place.role is not Role.MEMBER:
        assert not has(seen.text, REFUSED, t), f"refused: {where}"
    for label, below in seen.lines.items():
        assert label.strip(), f"a button without a label under {where}"
        assert len(label) <= LABEL_LIMIT, f"a label too long under {where}"
        assert len(below.encode()) <= ACTION_LIMIT, f"{below!r} is too long for a button, under {where}"
        known = read(*divided(below)) or (place.role is Role.OWNER and below.startswith("/admin"))
        assert known, f"{below!r} is no command, under {where}"
