"""The situations of people who look back: much that came, names that rise, alerts of many keywords, translators."""

from __future__ import annotations

from bot.chat.catalogue import catalogue_for
from bot.chat.commands.translate import MOST
from bot.model import Brief, MadeBy, Why
from tests.commands.row import Scene, has
from tests.commands.situations import DAY, _alerted, _item, _members, _mine, _sent, keyword, told, watched

NAME = "Zelmira"  # that no list of names has
LONG = " ".join(f"The envoys met in room {n} and went apart without a word." for n in range(20, 40))
TITLES = ("Crowds greet {} in the harbour", "Rain delays {} again", "A long day for {} ends", "What {} wants of us")


async def much(scene: Scene) -> None:
    """More items with one word than a page shows."""
    scene.values["feed"] = feed = await scene.room.watch(scene.chat.id, "Harbour Wire")
    await scene.room.read(feed, *(scene.room.item(f"A ferry sails, day {number}") for number in range(1, 12)))


async def rising(scene: Scene) -> None:
    """A name that two feeds tell of today and hardly did before."""
    await watched(scene)
    feeds = (scene.values["feed"], scene.values["feed2"])
    news = [scene.room.item(title.format(NAME)) for title in TITLES]
    for place, feed in enumerate(feeds):
        old = [f"The market of street {number} opens" for number in range(16)]
        before = old if place else [TITLES[0].format(NAME), *old]
        await scene.room.read(feed, *map(scene.room.item, before), ago=5 * DAY)
        await scene.room.read(feed, *news[place::2])


async def new_name(scene: Scene) -> None:
    """A name that two feeds tell of, and did never before."""
    await watched(scene)
    for place, feed in enumerate((scene.values["feed"], scene.values["feed2"])):
        await scene.room.read(feed, *(scene.room.item(title.format(NAME)) for title in TITLES[place::2]))


async def counted(scene: Scene) -> None:
    """Alerts of more keywords than a chart tells apart, and of a feed that is taken whole."""
    await watched(scene)
    whys = [(Why(keyword=f"ferry {number}", matched=("ferry",)),) for number in range(1, 8)]
    for number, why in enumerate([(), (), *whys]):
        await _item(scene, f"A ferry sails, day {number}")
        await _alerted(scene, why=why)
        for due in await _mine(scene):
            await scene.room.sent(due, str(number + 1))


# --- alerts and what can be done about them ---------------------------------------------------------------


async def told_long(scene: Scene) -> None:
    """An alert was sent whose item says far more than its brief: a button leads to all of it."""
    await watched(scene)
    await keyword(scene)
    await _item(scene, text=LONG)
    brief = Brief(
        title_zh="三方會談在阿布扎比舉行",
        title_en="Trilateral talks held in Abu Dhabi",
        summary_zh="三國使節會面。",
        summary_en="Envoys met.",
        made_by=MadeBy.FEED,
    )
    await _alerted(scene, brief=brief)
    await _sent(scene)
    seen, t = scene.driver.last(scene.place), catalogue_for(scene.chat.settings.spoken())
    [label] = [label for label, line in seen.lines.items() if line == f"/full #{scene.values['item']}"]
    assert has(label, "Full text", t), f"the way to the whole is called {label}"


async def told_untranslated(scene: Scene) -> None:
    """An alert was sent of an item that nobody could translate."""
    await watched(scene)
    await keyword(scene)
    await _item(scene)
    brief = Brief(
        title_zh="",
        title_en="Trilateral talks held in Abu Dhabi",
        summary_zh="",
        summary_en="Envoys met.",
        made_by=MadeBy.EXTRACT,
        untranslated=True,
    )
    await _alerted(scene, brief=brief)
    await _sent(scene)


async def muted_story(scene: Scene) -> None:
    """The story of the alert is muted."""
    await scene.room.storage.mutes.mute_story(scene.chat.id, scene.values["item"], now=scene.room.clock())


async def muted_report(scene: Scene) -> None:
    """A further report came of a story that was muted after its first alert."""
    await told(scene)
    first = scene.values["item"]
    [member] = [one for one in await _members(scene) if one.item == first]
    await muted_story(scene)
    await _item(scene, "Trilateral talks go on in Abu Dhabi")
    await _alerted(scene, story=member.story)


# --- translators ------------------------------------------------------------------------------------------

SAID = "Two ships met at noon."
CLAIMED = "The toll is 12 dollars."
ENDLESS = ("Ships met at noon and went apart. " * MOST)[: MOST + 100].strip()


async def machine(scene: Scene) -> None:
    """A translator is set up."""
    server = await scene.interpreter.is_machine()
    server.phrases |= {SAID: "兩艘船於中午相遇。", "Bonjour": "你好", CLAIMED: "通行費為 500 元。"}


async def broken_machine(scene: Scene) -> None:
    """A translator is set up that does not answer as it should."""
    (await scene.interpreter.is_machine()).mode = 500


async def model(scene: Scene) -> None:
    """A language model translates."""
    (await scene.interpreter.is_model()).text = '{"translation": "兩艘船於中午相遇。"}'
