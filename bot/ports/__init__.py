"""What each consumer needs of the parts it is handed, as small Protocols."""

from __future__ import annotations

from bot.ports.alert import AlertStore, Briefer, KeywordLog, LaterBrief, NameBook, PageReader
from bot.ports.commands import (
    ChatBook,
    CommandHandler,
    Counterparts,
    FeedFinder,
    FeedLists,
    History,
    Inquiry,
    KeywordBook,
    Preview,
    StoryMutes,
    SubscriptionBook,
    Trails,
)
from bot.ports.deliver import Messenger, Outbox, SendQueue
from bot.ports.poll import FeedQueue, Fetcher, PoliteFetcher
from bot.ports.posts import PostBook
from bot.ports.push import Hub, PushBook, PushReceiver
from bot.ports.signals import Bell, Meter, Watch
from bot.ports.spending import SpendingBook
from bot.ports.wording import Wording

__all__ = [
    "AlertStore",
    "Bell",
    "Briefer",
    "ChatBook",
    "CommandHandler",
    "Counterparts",
    "FeedFinder",
    "FeedLists",
    "FeedQueue",
    "Fetcher",
    "History",
    "Hub",
    "Inquiry",
    "KeywordBook",
    "KeywordLog",
    "LaterBrief",
    "Messenger",
    "Meter",
    "NameBook",
    "Outbox",
    "PageReader",
    "PoliteFetcher",
    "PostBook",
    "Preview",
    "PushBook",
    "PushReceiver",
    "SendQueue",
    "SpendingBook",
    "StoryMutes",
    "SubscriptionBook",
    "Trails",
    "Watch",
    "Wording",
]
