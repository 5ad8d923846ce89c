"""Rows of what is said of keywords and items: how a query is read, what it lacks in an item, what an alert came for."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Platform, Why
from tests.commands.row import Given, Row, Scene
from tests.commands.situations import (
    DAY,
    TEXT,
    _alerted,
    _item,
    _mine,
    _sent,
    digest,
    failed,
    keyword,
    told,
    unread,
    watched,
)

FERRY = (
    "The captain told the crew on Monday that one two three four five six seven eight nine ten eleven twelve people"
    " came aboard.\nThe harbour was calm; 維護發展中國家利益。"
)


async def one_item(scene: Scene) -> None:
    """One item, with two paragraphs and some Chinese in it."""
    scene.values["feed"] = feed = await scene.room.watch(scene.chat.id, "Harbour Wire")
    await scene.room.read(feed, scene.room.item("A ferry sails at dawn", FERRY))


async def unnamed_language(scene: Scene) -> None:
    """One item, whose language nobody told."""
    scene.values["feed"] = feed = await scene.room.watch(scene.chat.id, "Harbour Wire", language="")
    await scene.room.read(feed, scene.room.item("A ferry sails at dawn", language=""))


def told_for(*queries: str, **found: tuple[str, ...]) -> Given:
    """An alert was sent for these keywords."""

    async def given(scene: Scene) -> None:
        await unread(scene)
        await _item(scene, "A ferry sails at dawn", FERRY)
        why = [Why(keyword=query, **({"matched": ("ferry",)} | found)) for query in queries]
        await _alerted(scene, why=why)
        await _sent(scene)

    return given


async def told_unpublished(scene: Scene) -> None:
    """An alert was sent of an item without a date."""
    await unread(scene)
    await keyword(scene)
    item = scene.room.item("Trilateral talks in Abu Dhabi", TEXT)
    scene.values["link"] = item.url
    await scene.room.read(scene.values["feed"], type(item)(guid=item.guid, url=item.url, title=item.title))
    await _alerted(scene)
    await _sent(scene)


async def once_whole(scene: Scene) -> None:
    """An alert came while the chat took the feed whole, which it does no more."""
    await unread(scene)
    await _item(scene)
    await _alerted(scene, why=())
    await _sent(scene)


async def told_elsewhere(scene: Scene) -> None:
    """The alert of the story could not be sent."""
    await failed(scene)
    first = scene.values["item"]
    since = scene.room.clock() - DAY
    [member] = [one for one in await scene.room.storage.items.recent_stories(since=since) if one.item == first]
    await _item(scene, "Talks of three held in Abu Dhabi")
    await _alerted(scene, story=member.story)


async def held_up(scene: Scene) -> None:
    """An alert waits, since the platform asked to."""
    await watched(scene)
    await keyword(scene)
    await _item(scene)
    await _alerted(scene)
    for due in await _mine(scene):
        later = scene.room.clock() + timedelta(minutes=2)
        await scene.room.storage.outbox.delivery_retry(due, at=later, reason="flood", counted=False)


def site(*, error: str = "", read: bool = False) -> Given:
    """A feed of a site: not read yet, read, or failing."""

    async def given(scene: Scene) -> None:
        host = f"https://paper{scene.chat.id}.example"
        scene.values["page"] = f"{host}/story/1"
        feed = await scene.room.watch(scene.chat.id, "Paper", url=f"{host}/feed")
        if error or read:
            await scene.room.read(feed, error=error)

    return given


async def told_by_two(scene: Scene) -> None:
    """Two feeds told one story."""
    await told(scene)
    first, link, feed = (scene.values[name] for name in ("item", "link", "feed"))
    since = scene.room.clock() - DAY
    [member] = [one for one in await scene.room.storage.items.recent_stories(since=since) if one.item == first]
    scene.values["feed"] = scene.values["feed2"]
    await _item(scene, "Talks of three held in Abu Dhabi")
    await _alerted(scene, story=member.story)
    scene.values.update(link=link, feed=feed)


async def told_again(scene: Scene) -> None:
    """Two alerts were sent."""
    await told(scene)
    await _item(scene, "Trilateral talks go on", "For a second day.")
    await _alerted(scene)
    await _sent(scene)


def lacks(name: str, query: str, *says: str, given: Given = one_item) -> Row:
    """A query that is tested in vain, and what it lacks."""
    return Row(name=f"what a query lacks: {name}", line=f"/keyword test {query}", given=(given,), says=says)


MISSES = (
    lacks("it excludes", "ferry -dawn", "excluded by {words}"),
    lacks("no word of an alternative", "ferry (zebra OR unicorn)", "no alternative matches: {wanted}"),
    lacks("part of an alternative", "(ferry dawn zebra) OR unicorn", "no alternative matches; nearest {query}: {lack}"),
    lacks("a word of the title", "ferry title:zebra", "not in the title: {wanted}"),
    lacks("another feed", "ferry feed:globe", "the feed is {feed}"),
    lacks("another language", "ferry lang:zh", "the item is in {language}"),
    lacks("an unknown language", "ferry lang:zh", "the item's language is not known", given=unnamed_language),
    lacks("the order of a phrase", '"dawn ferry"', "the words of {wanted} are there, but not one after the other"),
    lacks("the form", '"ferries"', "there is {found}, which is not the form {wanted}"),
    lacks("the title", "title:captain", "{found} is only in the text, not in the title"),
    lacks("two things", "ferry feed:globe lang:zh", "{one}; {other}"),
    lacks("one paragraph", "dawn harbour", "{wanted} are there, but not in one paragraph"),
    lacks(
        "nearness",
        "captain aboard",
        "{wanted} are there, but with {distance} other words among them (at most {within})",
    ),
    lacks("a word of its own", "中國", "{wanted} is there only across other words: {found}"),
)

READINGS = (
    Row(
        name="why, of a keyword with filters",
        line="/why {link}",
        given=(told_for('title:ferry feed:harbour lang:en -"high seas"'),),
        says=("in the title: {part}", "in the feed's name: {part}", "in the language {part}", "without {part}"),
    ),
    Row(
        name="why, of a keyword with alternatives",
        line="/why {link}",
        given=(told_for('"ferry sails" OR rain', "ferry NEAR/3 dawn", "/ferr(y|ies)/ dawn"),),
        says=("exactly {words}", "{one} or {other}", "{words} with at most {n} other words among them"),
    ),
    Row(
        name="why, of a keyword of several parts",
        line="/why {link}",
        given=(told_for("(ferry OR boat) (dawn OR dusk)", "(ferry dawn) OR (boat dusk)"),),
        says=("{one}; and {other}", "{one}; or else {other}"),
    ),
    Row(
        name="why, of more keywords than there is room for",
        line="/why {link}",
        given=(told_for("ferry", "sails", "dawn", "captain"),),
        says=("and {n} more keyword",),
    ),
    Row(
        name="why, of words in the text",
        line="/why {link}",
        given=(told_for("captain"),),
        says=("in the text: {excerpt}",),
    ),
    Row(
        name="why, of words in the translation alone",
        line="/why {link}",
        given=(told_for("阿布扎比", matched=(), translated=("阿布扎比",)),),
        says=("in the translation: {words}",),
    ),
    Row(
        name="why, of an item without a date",
        line="/why {link}",
        given=(told_unpublished,),
        says=("Found {when} · sent after {sent}",),
    ),
    Row(
        name="why, of a feed that was taken whole once",
        line="/why {link}",
        given=(once_whole,),
        says=("Everything from {feed} came here at that time.",),
    ),
    Row(
        name="why, of more keywords in vain than there is room for",
        line="/why {link}",
        given=(
            watched,
            lambda scene: scene.room.keywords(scene.chat.id, *(f"zebra {number}" for number in range(7))),
        ),
        says=("No keyword matches it. What is missing, the nearest first:", "and {n} more keyword"),
    ),
)

FINDINGS = (
    Row(
        name="why, of a story whose alert could not be sent",
        line="/why {link}",
        given=(told_elsewhere,),
        says=("Its story was told here already:", "That alert could not be sent."),
    ),
    Row(
        name="why, of an alert that is held up",
        line="/why {link}",
        given=(held_up,),
        says=("It is held up for a while: {reason}",),
    ),
    Row(
        name="why, of a page whose feed was not read",
        line="/why {page}",
        given=(site(),),
        says=("{feed} was not read yet",),
    ),
    Row(
        name="why, of a page that its feed did not list",
        line="/why {page}",
        given=(site(read=True),),
        says=(
            "{feed} was read {when} and did not list it",
            "A page can have several links: the one that the feed gives is known here.",
        ),
    ),
    Row(
        name="why, of a page whose feed can't be read",
        line="/why {page}",
        given=(site(error="timeout"),),
        says=("{feed} can't be read now: {reason}",),
    ),
    Row(
        name="why, as an answer to a digest",
        line="/why",
        given=(digest,),
        reply=True,
        on=(Platform.TELEGRAM,),
        says=("That message holds {n} alert. Which one?",),
    ),
    Row(
        name="why, with the earlier alerts to choose from", line="/why", given=(told_again,), says=("Earlier alerts:",)
    ),
    Row(
        name="why, of a story that two sources told",
        line="/why {link}",
        given=(told_by_two,),
        says=("{n} sources told this: {names}",),
    ),
)

ROWS = (*MISSES, *READINGS, *FINDINGS)
