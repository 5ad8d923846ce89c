"""From rows to the values of `bot.model`, and the columns that each of them is read from."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Label, Row, Select, Table, and_, func, or_, select

from bot.model import (
    Brief,
    Chat,
    ChatAddress,
    ChatId,
    ChatKind,
    ChatSettings,
    ChatState,
    FeedId,
    FeedRef,
    Item,
    ItemId,
    Language,
    Locale,
    MadeBy,
    Platform,
    Reports,
    Script,
    StoredItem,
)
from bot.storage.choices import chosen
from bot.storage.tables import briefs, chats, deliveries, feeds, items, subscriptions

AnyRow: TypeAlias = "Row[*tuple[Any, ...]]"
AnySelect: TypeAlias = "Select[*tuple[Any, ...]]"

ALONE = 0  # in the place of a digest: an alert that is old, and goes out by itself


def labelled(prefix: str, table: Table, *names: str) -> list[Label[Any]]:
    """Columns under names that stay apart in a join: `feed_title`, `item_title`."""
    return [table.c[name].label(f"{prefix}_{name}") for name in names]


FEED = labelled("feed", feeds, "id", "url", "title", "site")
ITEM = labelled(
    "item",
    items,
    *("id", "guid", "url", "title", "text", "language", "published", "authors", "categories", "picture", "seen"),
)
BRIEF = labelled("brief", briefs, "title_zh", "title_en", "summary_zh", "summary_en", "made_by", "untranslated")
CHAT = labelled(
    "chat",
    chats,
    *("id", "platform", "chat", "thread", "kind", "title", "state", "reason"),
    *("locale", "hint", "languages", "script", "reports", "timezone", "choices"),
    *("admitted", "managing"),
)


def is_followed() -> ColumnElement[bool]:
    """The condition that an active chat takes the feed: what nobody takes is not polled."""
    followers = subscriptions.join(chats, chats.c.id == subscriptions.c.chat_id)
    taken = select(1).select_from(followers).where(subscriptions.c.feed_id == feeds.c.id)
    return taken.where(chats.c.state == ChatState.ACTIVE).correlate(feeds).exists()


def is_polled() -> ColumnElement[bool]:
    """The condition that the feed is polled when its time comes, if anybody takes it."""
    return and_(~feeds.c.gone, ~feeds.c.paused)


def is_in_trouble() -> ColumnElement[bool]:
    """The condition that the feed can't be read. Of one that is paused, nobody tries."""
    return and_(or_(feeds.c.failures > 0, feeds.c.gone), ~feeds.c.paused)


def stands_alone() -> ColumnElement[bool]:
    """The condition that a delivery has a message of its own, which can be edited, and not a place in a digest."""
    return func.coalesce(deliveries.c.digest, ALONE) == ALONE


def feed_ref(row: AnyRow) -> FeedRef:
    """From FEED."""
    return FeedRef(id=FeedId(row.feed_id), url=row.feed_url, title=row.feed_title, site=row.feed_site)


def stored_item(row: AnyRow, *, lease: str = "") -> StoredItem:
    """From FEED and ITEM."""
    item = Item(
        guid=row.item_guid,
        url=row.item_url,
        title=row.item_title,
        text=row.item_text,
        language=row.item_language,
        published=row.item_published,
        authors=row.item_authors,
        categories=row.item_categories,
        picture=row.item_picture,
    )
    return StoredItem(id=ItemId(row.item_id), feed=feed_ref(row), item=item, seen=row.item_seen, lease=lease)


def brief(row: AnyRow) -> Brief:
    """From BRIEF."""
    return Brief(
        title_zh=row.brief_title_zh,
        title_en=row.brief_title_en,
        summary_zh=row.brief_summary_zh,
        summary_en=row.brief_summary_en,
        made_by=MadeBy(row.brief_made_by),
        untranslated=row.brief_untranslated,
    )


def chat(row: AnyRow) -> Chat:
    """From CHAT."""
    return Chat(
        id=ChatId(row.chat_id),
        address=ChatAddress(Platform(row.chat_platform), row.chat_chat, row.chat_thread),
        kind=ChatKind(row.chat_kind),
        title=row.chat_title,
        settings=_settings(row),
        state=ChatState(row.chat_state),
        reason=row.chat_reason,
        admitted=row.chat_admitted,
        managing=ChatId(row.chat_managing) if row.chat_managing else None,
    )


def _settings(row: AnyRow) -> ChatSettings:
    return ChatSettings(
        locale=Locale(row.chat_locale) if row.chat_locale else None,
        hint=Locale(row.chat_hint),
        languages=tuple(Language(language) for language in row.chat_languages),
        script=Script(row.chat_script) if row.chat_script else None,
        reports=Reports(row.chat_reports),
        timezone=row.chat_timezone,
        **chosen(row.chat_choices),
    )
