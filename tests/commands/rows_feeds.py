"""Rows of feeds: `/subscribe`, `/unsubscribe`, `/feeds`, `/import` and `/export`."""

from __future__ import annotations

from bot.chat.files import MAX_FILE
from bot.model import Platform
from tests.commands.row import Row
from tests.commands.situations import (
    everything,
    failing,
    from_catalogue,
    full_of_feeds,
    keyword,
    long_page,
    many_feeds,
    nothing_in_it,
    page_with,
    paused,
    twins,
    two_keywords,
    watched,
)
from tests.commands.stage import MOST_FEEDS
from tests.support.driving import Role

WIRE = {"Harbour Wire": "matching"}
MINE = {**WIRE, "港灣日報": "matching"}
NO_FEED = "No feed is watched here yet."


def opml(*addresses: str) -> bytes:
    """A list of feeds as another reader gives it."""
    lines = "".join(f'<outline type="rss" text="Paper {n}" xmlUrl="{url}"/>' for n, url in enumerate(addresses))
    return f'<opml version="2.0"><head/><body>{lines}</body></opml>'.encode()


def listed(*addresses: str) -> tuple[str, bytes]:
    """The same as a file."""
    return "feeds.opml", opml(*addresses)


SUBSCRIBE = (
    Row(
        name="subscribe, without saying to what",
        line="/subscribe",
        says=("Which feed?", "Choose a topic, or send an address: {example}. The address of an ordinary page will do."),
        buttons=("/subscribe world", "/subscribe china"),
    ),
    Row(
        name="subscribe to a topic",
        line="/subscribe world",
        says=("Choose a feed; you can have as many as you like, and stop any of them at any time.",),
        buttons=("/subscribe bbc-world", "/subscribe world #2", "/subscribe"),
    ),
    Row(name="a topic by its Chinese name", line="/subscribe 國際", buttons=("/subscribe bbc-world",)),
    Row(
        name="the next page of a topic",
        line="/subscribe world #2",
        press=True,
        buttons=("/subscribe world #1", "/subscribe world #3"),
        says=("Back", "More"),
        on=(Platform.CONSOLE,),
    ),
    Row(
        name="subscribe to a feed of the catalogue, without any keyword",
        line="/subscribe bbc-world",
        says=(
            "Now watching {feed}.",
            "There is no keyword here yet, so nothing comes. Next, add one: {example}",
        ),
        buttons=("/subscribe bbc-world everything", "/feeds"),
        then={"feeds": {"BBC News: World": "matching"}},
    ),
    Row(
        name="subscribe with keywords",
        line="/subscribe bbc-world",
        given=(two_keywords,),
        says=("New items that match your {n} keyword come here from now on.",),
        then={"feeds": {"BBC News: World": "matching"}},
    ),
    Row(
        name="subscribe to everything",
        line="/subscribe bbc-world everything",
        says=("Every new item of it comes here from now on.",),
        buttons=("/subscribe bbc-world",),
        then={"feeds": {"BBC News: World": "everything"}},
    ),
    Row(
        name="subscribe while paused",
        line="/subscribe bbc-world",
        given=(keyword, paused),
        says=("Alerts are paused: {resume} starts them again.",),
        then={"feeds": {"BBC News: World": "matching"}},
    ),
    Row(
        name="subscribe to what is watched",
        line="/subscribe {name}",
        given=(from_catalogue,),
        says=("{feed} is already watched.",),
    ),
    Row(
        name="a page with one feed",
        line="/subscribe {address}",
        given=(page_with("Daily Globe"),),
        says=("Now watching {feed}.",),
        then={"feeds": {"Daily Globe": "matching"}},
    ),
    Row(
        name="a page with several feeds",
        line="/subscribe {address}",
        given=(page_with("Daily Globe", "Daily Globe: Sport"),),
        says=("There is {n} feed. Which one?", "Choose with a button."),
    ),
    Row(
        name="one of the feeds of a page",
        line="/subscribe {address} #2",
        given=(page_with("Daily Globe", "Daily Globe: Sport"),),
        press=True,
        then={"feeds": {"Daily Globe: Sport": "matching"}},
        says=("Now watching {feed}.",),
    ),
    Row(
        name="a page with several feeds whose addresses are too long for buttons",
        line="/subscribe {address}",
        given=(long_page,),
        says=("Choose with a button, or send the line that stands beside it.",),
    ),
    Row(
        name="a name that the catalogue does not have",
        line="/subscribe bbc-wrld",
        says=(
            "The catalogue has no feed called {name}.",
            "Send {subscribe} to see all, or the full address of a site: {example}.",
        ),
        buttons=("/subscribe bbc-world", "/subscribe"),
    ),
    Row(
        name="a feed of one's own by its number, to have everything",
        line="/subscribe #{feed} everything",
        given=(watched,),
        press=True,
        says=("{feed} is already watched.", "Every new item of it comes here from now on."),
        then={"feeds": {**MINE, "Harbour Wire": "everything"}},
    ),
    Row(
        name="one feed too many",
        line="/subscribe bbc-world",
        given=(full_of_feeds,),
        says=("This chat has {n} feed, the most it may have.", "Stop one first: {feeds} lists them."),
        buttons=("/feeds",),
    ),
)

UNSUBSCRIBE = (
    Row(name="unsubscribe from nothing", line="/unsubscribe", press=True, says=(NO_FEED,), buttons=("/subscribe",)),
    Row(
        name="unsubscribe, without saying from what",
        line="/unsubscribe",
        given=(watched,),
        press=True,
        says=("Which feed should I stop watching?", "Choose with a button, or send the number: {example}"),
        buttons=("/unsubscribe {feed}", "/unsubscribe {feed2}"),
    ),
    Row(
        name="unsubscribe by the number",
        line="/unsubscribe {feed}",
        given=(watched,),
        says=("Stopped watching {feed}.",),
        then={"feeds": {"港灣日報": "matching"}},
    ),
    Row(
        name="unsubscribe by part of the title",
        line="/unsubscribe harbour",
        given=(everything,),
        says=("Stopped watching {feed}.", "To watch it again: {command}"),
        then={"feeds": {}},
    ),
    Row(
        name="unsubscribe from a feed of the catalogue, which its name brings back",
        line="/unsubscribe {feed}",
        given=(from_catalogue,),
        buttons=("/subscribe {name}",),
        then={"feeds": {}},
    ),
    Row(
        name="unsubscribe from what several are called",
        line="/unsubscribe harbour wire",
        given=(twins,),
        says=("Several feeds match that. Which one?",),
        buttons=("/unsubscribe {feed}", "/unsubscribe {feed2}"),
    ),
    Row(
        name="unsubscribe from what none is called",
        line="/unsubscribe harbor wir",
        given=(watched,),
        says=("No feed here matches that. Which one do you mean?",),
        buttons=("/unsubscribe {feed}",),
    ),
)

FEEDS = (
    Row(name="no feeds", line="/feeds", says=(NO_FEED, "Choose one: {subscribe}"), buttons=("/subscribe",)),
    Row(
        name="feeds, one read and one not",
        line="/feeds",
        given=(watched,),
        says=("{n} feed is watched here", "newest {when}", "not read yet"),
        within=("Harbour Wire", "港灣日報"),
    ),
    Row(
        name="a feed with nothing in it",
        line="/feeds",
        given=(nothing_in_it,),
        says=("nothing in it yet",),
    ),
    Row(name="a feed that is taken whole", line="/feeds", given=(everything,), says=("everything",)),
    Row(
        name="a feed that can't be read",
        line="/feeds",
        given=(failing("HTTP 404"),),
        says=(
            "⚠ can't be read now: {reason} · tried again {next}",
            "not there any more: look for its new address",
        ),
    ),
    Row(
        name="a feed whose host has trouble",
        line="/feeds",
        given=(failing("HTTP 503"),),
        says=("the site has trouble ({status})",),
    ),
    Row(
        name="a feed that has ended",
        line="/feeds",
        given=(failing("HTTP 410", gone=True),),
        says=("⚠ it has ended and is read no more",),
    ),
    Row(
        name="many feeds", line="/feeds", given=(many_feeds,), says=("{n} feed is watched here",), buttons=("/feeds 2",)
    ),
    Row(name="the next page of many feeds", line="/feeds 2", press=True, given=(many_feeds,), buttons=("/feeds 1",)),
    Row(
        name="feeds for somebody without rights",
        line="/feeds",
        who=Role.MEMBER,
        given=(watched,),
        says=("{n} feed is watched here",),
    ),
)

LISTS = (
    Row(
        name="import, without a file",
        line="/import",
        press=True,
        says=("I take the feeds of another reader as an OPML file, and add them to those of this chat.",),
    ),
    Row(
        name="import a list",
        line="/import",
        file=listed("https://one.example/rss", "https://two.example/rss"),
        says=("{n} feed was added", "They are read within minutes; {feeds} shows how each is."),
        then={"feeds": {"Paper 0": "matching", "Paper 1": "matching"}},
    ),
    Row(
        name="import a list to have everything",
        line="/import everything",
        file=listed("https://one.example/rss"),
        says=("{n} feed was added",),
        never=("There is no keyword here yet, so nothing comes. Next, add one: {example}",),
        then={"feeds": {"Paper 0": "everything"}},
    ),
    Row(
        name="import what can't be read or is here already",
        line="/import",
        file=listed(
            "ftp://ftp.example/rss", "http://10.0.0.1/rss", "https://port.example:99999/", "https://ok.example/rss"
        ),
        says=("{n} can't be read by me:", "its host is in a private network", "no address of the web"),
        then={"feeds": {"Paper 3": "matching"}},
    ),
    Row(
        name="import more than a chat may have",
        line="/import",
        given=(many_feeds,),
        file=listed("https://one.example/rss", "https://two.example/rss"),
        says=("{n} was one too many.", "A chat may have {n} feed."),
        then={"feeds": {**{f"Paper {n}": "matching" for n in range(1, MOST_FEEDS)}, "Paper 0": "matching"}},
    ),
    Row(
        name="import what is watched",
        line="/import",
        given=(from_catalogue,),
        file=listed("https://feeds.bbci.co.uk/news/world/rss.xml"),
        says=("{n} was here already.",),
    ),
    Row(
        name="import a damaged list",
        line="/import",
        file=("feeds.opml", opml("https://damaged.example/rss").replace(b"</body>", b"<outline text='&'")),
        says=("The file is damaged; what could be read of it was used.",),
        then={"feeds": {"Paper 0": "matching"}},
    ),
    Row(
        name="import an empty file",
        line="/import",
        file=("feeds.opml", b" "),
        says=("That file is empty.", "Nothing was changed."),
    ),
    Row(name="import a list of nothing", line="/import", file=listed(), says=("That file names no feed.",)),
    Row(
        name="import a picture",
        line="/import",
        file=("feeds.opml", b"\x89PNG\r\n"),
        says=("That file is no list of feeds: export one as OPML from your feed reader.",),
    ),
    Row(
        name="import a file that is too large",
        line="/import",
        file=("feeds.opml", b"<opml>" + b" " * MAX_FILE),
        says=("That file is too large: at most {size} MB are read. Split it, or ask whoever runs me.",),
    ),
    Row(
        name="take back an import that was none",
        line="/import undo 1",
        press=True,
        given=(watched,),
        says=("Nothing of that file is watched here.",),
    ),
    Row(name="export nothing", line="/export", says=(NO_FEED,)),
    Row(
        name="export",
        line="/export",
        given=(watched,),
        says=("{n} feed is in this file.", "Any feed reader takes it, and so do I: {command}"),
        gives=".opml",
    ),
)

ROWS = (*SUBSCRIBE, *UNSUBSCRIBE, *FEEDS, *LISTS)
