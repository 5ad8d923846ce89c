"""The ids that name rows."""

from __future__ import annotations

from typing import NewType

FeedId = NewType("FeedId", int)
ItemId = NewType("ItemId", int)
ChatId = NewType("ChatId", int)
KeywordId = NewType("KeywordId", int)
StoryId = NewType("StoryId", int)
DeliveryId = NewType("DeliveryId", int)
BroadcastId = NewType("BroadcastId", int)
