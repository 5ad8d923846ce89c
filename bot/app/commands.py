"""The slash commands and what they are answered with."""

from __future__ import annotations

from bot.app.access import gate_for, office_for, places_for
from bot.app.briefing import names_of
from bot.app.fetching import allowed_hosts
from bot.app.pacing import rates_for
from bot.briefs.glossary import Glossary
from bot.briefs.prominent import ProminentNames
from bot.briefs.quick import QuickBriefs
from bot.briefs.ways import Extract
from bot.chat.commands import Commands, Limits, Parts
from bot.chat.nobody import NO_TRANSLATOR
from bot.feeds.catalogue import load_catalogue
from bot.feeds.discover import Finder
from bot.ports import Counterparts, Fetcher, Rights, SubscriptionBook, TextTranslator, Wording
from bot.settings import Settings
from bot.storage import Storage
from bot.work.bells import Bells
from bot.work.chatfiles import ChatFileService
from bot.work.inquiry import InquiryService
from bot.work.lists import FeedListService
from bot.work.loop import Clock
from bot.work.outlook import OutlookService
from bot.work.preview import PreviewService
from bot.work.search import SearchService
from bot.work.trends import TrendService


def lists_for(settings: Settings, subscriptions: SubscriptionBook) -> FeedListService:
    """Chats' feeds as files."""
    return FeedListService(
        subscriptions, limit=settings.max_feeds, allow_hosts=allowed_hosts(settings), rsshub=settings.rsshub_url
    )


def outlook_for(storage: Storage, glossary: Glossary) -> OutlookService:
    """What chats' choices would have brought."""
    return OutlookService(
        history=storage.history,
        items=storage.search,
        subscriptions=storage.subscriptions,
        keywords=storage.keywords,
        briefs=storage.briefs,
        briefer=QuickBriefs(Extract(glossary)),
        names=ProminentNames(glossary),
    )


def files_for(settings: Settings, storage: Storage) -> ChatFileService:
    """All that chats have as files."""
    return ChatFileService(
        chats=storage.chats,
        subscriptions=storage.subscriptions,
        keywords=storage.keywords,
        lists=lists_for(settings, storage.subscriptions),
        shelf=storage.shelf,
        most_keywords=settings.max_keywords,
        most_regexes=settings.max_regexes,
    )


def commands_for(
    settings: Settings,
    storage: Storage,
    fetcher: Fetcher,
    counterparts: Counterparts,
    wording: Wording,
    *,
    glossary: Glossary,
    rights: Rights,
    bell: Bells,
    clock: Clock,
    translation: TextTranslator = NO_TRANSLATOR,
) -> Commands:
    """The slash commands."""
    catalogue, places = load_catalogue(), places_for(storage, rights)
    parts = Parts(
        chats=storage.chats,
        subscriptions=storage.subscriptions,
        keywords=storage.keywords,
        history=storage.history,
        held=storage.held,
        finder=Finder(fetcher, catalogue, rsshub=settings.rsshub_url),
        lists=lists_for(settings, storage.subscriptions),
        files=files_for(settings, storage),
        removals=storage.keywords,
        tallies=storage.tallies,
        preview=PreviewService(storage.history, storage.search),
        search=SearchService(storage.history, storage.search),
        records=storage.records,
        trends=TrendService(storage.records, names_of(glossary)),
        counterparts=counterparts,
        inquiry=InquiryService(
            trails=storage.trails,
            subscriptions=storage.subscriptions,
            keywords=storage.keywords,
            catalogue=catalogue,
            paged=settings.full_text == "every",
        ),
        mutes=storage.mutes,
        bell=bell,
        outlook=outlook_for(storage, glossary),
        shares=storage.shares,
        briefs=storage.briefs,
        translation=translation,
        wording=wording,
        limits=Limits(feeds=settings.max_feeds, keywords=settings.max_keywords, regexes=settings.max_regexes),
        rates=rates_for(settings),
        places=places,
        office=office_for(settings, storage),
    )
    return Commands(parts, clock=clock, gate=gate_for(settings, places))
