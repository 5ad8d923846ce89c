"""What each consumer needs of the parts it is handed, as small Protocols."""

from __future__ import annotations

from bot.ports.admin import (
    ActivityBook,
    ChatSheets,
    DeliverySheets,
    FeedSheets,
    FeedTest,
    KeywordSheets,
    LogTail,
    Sentences,
    Speech,
    SpendingDays,
    StorySheets,
)
from bot.ports.alert import AlertStore, Briefer, KeywordLog, LaterBrief, NameBook, PageReader
from bot.ports.beginning import Greeting, NameCount, Outlook, ShareBook
from bot.ports.commands import (
    BriefBook,
    ChatBook,
    ChatFiles,
    CommandHandler,
    Counterparts,
    FeedFinder,
    FeedLists,
    HeldBook,
    History,
    Inquiry,
    KeywordBook,
    Preview,
    Removals,
    Shelf,
    StoryMutes,
    SubscriptionBook,
    Tallies,
    TextTranslator,
    Trails,
)
from bot.ports.deliver import HeldQueue, Messenger, Outbox, SendQueue
from bot.ports.looking import ItemSearch, Records, Search, Trends
from bot.ports.oversight import BroadcastQueue, Broadcasts, Oversight
from bot.ports.places import PlaceBook, Rights
from bot.ports.poll import FeedQueue, Fetcher, PoliteFetcher
from bot.ports.posts import PostBook
from bot.ports.push import Hub, PushBook, PushReceiver
from bot.ports.signals import Bell, Meter, Watch
from bot.ports.spending import SpendingBook
from bot.ports.wording import Wording

__all__ = [
    "ActivityBook",
    "AlertStore",
    "Bell",
    "BriefBook",
    "Briefer",
    "BroadcastQueue",
    "Broadcasts",
    "ChatBook",
    "ChatFiles",
    "ChatSheets",
    "CommandHandler",
    "Counterparts",
    "DeliverySheets",
    "FeedFinder",
    "FeedLists",
    "FeedQueue",
    "FeedSheets",
    "FeedTest",
    "Fetcher",
    "Greeting",
    "HeldBook",
    "HeldQueue",
    "History",
    "Hub",
    "Inquiry",
    "ItemSearch",
    "KeywordBook",
    "KeywordLog",
    "KeywordSheets",
    "LaterBrief",
    "LogTail",
    "Messenger",
    "Meter",
    "NameBook",
    "NameCount",
    "Outbox",
    "Outlook",
    "Oversight",
    "PageReader",
    "PlaceBook",
    "PoliteFetcher",
    "PostBook",
    "Preview",
    "PushBook",
    "PushReceiver",
    "Records",
    "Removals",
    "Rights",
    "Search",
    "SendQueue",
    "Sentences",
    "ShareBook",
    "Shelf",
    "Speech",
    "SpendingBook",
    "SpendingDays",
    "StoryMutes",
    "StorySheets",
    "SubscriptionBook",
    "Tallies",
    "TextTranslator",
    "Trails",
    "Trends",
    "Watch",
    "Wording",
]
