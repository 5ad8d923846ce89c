"""What a delivery brings, made a message: an alert, a digest of alerts, a notice, or a word of the owners."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.chat.catalogue import catalogue_for
from bot.chat.digest import digest_message
from bot.chat.notices import announcement_message, notice_message, rights_message
from bot.chat.render import alert_message
from bot.chat.wording import CHARACTERS
from bot.model import Alert, Announcement, Chat, Content, Digest, Message, Notice, RightsNotice
from bot.ports import Wording


def content_message(content: Content, chat: Chat, *, now: datetime, wording: Wording = CHARACTERS) -> Message:
    """The message as the chat reads it; it carries what it was made of."""
    return replace(_message(content, chat, now=now, wording=wording), content=content)


def _message(content: Content, chat: Chat, *, now: datetime, wording: Wording) -> Message:
    match content:
        case Notice():
            return notice_message(content, catalogue_for(chat.settings.spoken()))
        case RightsNotice():
            return rights_message(content, catalogue_for(chat.settings.spoken()))
        case Announcement():
            return announcement_message(content, catalogue_for(chat.settings.spoken()))
        case Digest():
            return digest_message(content, chat, now=now, wording=wording)
        case Alert():
            return alert_message(content, chat, now=now, wording=wording)
