"""Rows of files: `/import` and `/export`, of feeds alone and of all that a chat has."""

from __future__ import annotations

from bot.chat.files import MAX_FILE
from bot.model import Language, Platform
from bot.work.chatfile import MAX_FEEDS
from tests.commands.row import Row
from tests.commands.situations import (
    chose,
    from_catalogue,
    full_of_keywords,
    keyword,
    many_feeds,
    two_keywords,
    watched,
)
from tests.commands.stage import MOST_FEEDS
from tests.commands.steps import after, ours

NO_FEED = "No feed is watched here yet."
SAVED = "Saved. It takes effect from the next message on."
UNCHANGED = "Nothing was changed."
_HOW = {
    Platform.TELEGRAM: "Send me the file here with {command} as its caption, or answer its message with {command}.",
    Platform.DISCORD: "Give {command} and choose the file in its option.",
    Platform.CONSOLE: "Give {command} and the path of the file.",
}
SPOKEN = chose(languages=(Language.ZH, Language.EN))
TAIPEI = ours({"settings": {"timezone": "Asia/Taipei"}})


def opml(*addresses: str) -> bytes:
    """A list of feeds as another reader gives it."""
    lines = "".join(f'<outline type="rss" text="Paper {n}" xmlUrl="{url}"/>' for n, url in enumerate(addresses))
    return f'<opml version="2.0"><head/><body>{lines}</body></opml>'.encode()


def listed(*addresses: str) -> tuple[str, bytes]:
    """The same as a file."""
    return "feeds.opml", opml(*addresses)


LISTS = (
    *(
        Row(
            name=f"import, without a file, {platform}",
            line="/import",
            press=True,
            says=("I take the feeds of another reader as an OPML file, and add them to those of this chat.", how),
            on=(platform,),
        )
        for platform, how in _HOW.items()
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

ALL = (
    Row(
        name="export all of a chat",
        line="/export all",
        given=(watched, two_keywords),
        says=(
            "All of this chat is in this file: feeds, keywords and settings.",
            "{n} feed",
            "{n} keyword",
            "Here or in any other chat I take it in: {command}",
        ),
        gives=".json",
    ),
    Row(name="export the feeds", line="/export feeds", given=(watched,), buttons=("/export all",), gives=".opml"),
    Row(
        name="import all of a chat",
        line="/import",
        given=(keyword,),
        file=ours(
            {
                "feeds": [{"url": "https://one.example/rss", "title": "Paper 0", "mode": "everything"}],
                "keywords": [{"query": "Trilateral talks"}, {"query": "ferry"}, {"query": "(sunken"}],
                "settings": {"timezone": "Asia/Taipei"},
            }
        ),
        says=(
            "{n} feed was added",
            "{n} keyword was added",
            "{n} was here already.",
            "{n} can't be read by me:",
            "A parenthesis opens here and never closes: add the second one.",
            "The file has other settings, too. A button takes them.",
        ),
        buttons=("/import undo {now}", "/import take *", "/feeds", "/keyword list"),
        then={"feeds": {"Paper 0": "everything"}, "keywords": ["trilateral talks", "ferry"]},
    ),
    Row(
        name="import more keywords than a chat may have",
        line="/import",
        given=(full_of_keywords,),
        file=ours({"keywords": [{"query": "wreck"}]}),
        says=("{n} was one too many.", "A chat may have {n} keyword."),
    ),
    Row(
        name="import settings at once",
        line="/import settings",
        given=(SPOKEN,),
        file=TAIPEI,
        says=("Its settings hold here from now on.",),
        buttons=("/import take *",),
        then={"timezone": "Asia/Taipei"},
    ),
    Row(
        name="import settings that can't be read",
        line="/import settings",
        file=ours({"settings": {"timezone": "Mars/North"}}),
        says=("Its settings can't be read: those of this chat stay as they are.",),
    ),
    Row(
        name="take the settings of a file",
        line="{take}",
        press=True,
        given=(SPOKEN, after("/import", file=TAIPEI, take=r"(/import take \w+)")),
        says=(SAVED,),
        buttons=("/import take *", "/settings"),
        then={"timezone": "Asia/Taipei"},
    ),
    Row(
        name="the former settings again",
        line="{take}",
        press=True,
        given=(SPOKEN, after("/import settings", file=TAIPEI, take=r"(/import take \w+)")),
        says=(SAVED,),
        then={"timezone": "UTC"},
    ),
    Row(
        name="take settings that are kept no more", line="/import take 0123456789abcdef", press=True, says=(UNCHANGED,)
    ),
    Row(
        name="take back an import",
        line="{undo}",
        press=True,
        given=(
            keyword,
            after(
                "/import", file=ours({"feeds": [{"url": "https://one.example/rss"}], "keywords": [{"query": "ferry"}]})
            ),
        ),
        says=("{n} feed is watched no more.", "{n} keyword was removed."),
        then={"feeds": {}, "keywords": ["trilateral talks"]},
    ),
    Row(
        name="import a file of a newer version",
        line="/import",
        file=("diting.json", b'{"diting": 99}'),
        says=("That file is of a newer version than I am: ask whoever runs me to bring me up to date.", UNCHANGED),
    ),
    Row(
        name="import a file of ours with something wrong in it",
        line="/import",
        file=ours({"feeds": "none"}),
        says=(
            "Something in that file is not as it should be: export it once more, and change nothing in it.",
            UNCHANGED,
        ),
    ),
    Row(
        name="import a file of somebody else's",
        line="/import",
        file=("list.json", b'{"feeds": []}'),
        says=("That file is none of mine: make one with {export}, or export OPML from your feed reader.", UNCHANGED),
    ),
    Row(
        name="import more than anybody could read",
        line="/import",
        file=ours({"feeds": [{"url": "x"}] * (MAX_FEEDS + 1)}),
        says=("That file names more feeds or keywords than anybody could read.", UNCHANGED),
    ),
)

ROWS = (*LISTS, *ALL)
