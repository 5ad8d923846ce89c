"""Makes messages of notices: what a chat should know of its feeds, who manages chats of their rights, and all chats of
what whoever runs the bot has to say."""

from __future__ import annotations

import re

from bot.chat.blocks import LINK_LIMIT, bold, buttons, code, harmless, note, one_line, text, title
from bot.chat.catalogue import Catalogue
from bot.chat.clip import utf16_len
from bot.chat.explain import explain_reason
from bot.model import Announcement, Message, Notice, NoticeKind, RightsNotice
from bot.text.urls import safe_link

_NAME_LIMIT = 80
_REASON_LIMIT = 120
_ENDED = "HTTP 410"
_PARAGRAPHS = re.compile(r"\n\s*\n")


def notice_message(notice: Notice, t: Catalogue) -> Message:
    """The notice in a language."""
    feed = notice.feed
    link = safe_link(feed.site or feed.url)
    name = bold(one_line(feed.title or feed.url, _NAME_LIMIT), link if utf16_len(link) <= LINK_LIMIT else "")
    if notice.kind is NoticeKind.FEED_BACK:
        return Message(
            blocks=(text(t.spans("{feed} can be read again: its news comes here as before.", feed=name)),),
            buttons=(buttons((t("All feeds"), "/feeds")),),
        )
    ended = notice.reason == _ENDED
    hope = (
        t("It is not read any more. Look for its new address on the site.")
        if ended
        else t("I go on trying once a day and tell you when it works again. Nothing needs to be done.")
    )
    reason = explain_reason(notice.reason, t)
    return Message(
        blocks=(text(t.spans("⚠ {feed} can't be read any more ({reason}).", feed=name, reason=reason)), note(hope)),
        buttons=(buttons((t("Stop watching"), f"/unsubscribe {feed.id}"), (t("All feeds"), "/feeds")),),
    )


def rights_message(notice: RightsNotice, t: Catalogue) -> Message:
    """The notice that a chat takes nothing for want of rights."""
    name = bold(one_line(notice.title, _NAME_LIMIT) or "…")
    mend = t.spans(
        "Let me write there again (a right of admins, roles or members), then give the command {start} there.",
        start=code("/start"),
    )
    reason = one_line(notice.reason, _REASON_LIMIT)
    return Message(
        blocks=(
            text(t.spans("⚠ I may not write in {chat}, so no alerts go there any more.", chat=name)),
            text(mend),
            *([note(reason)] if reason else ()),
        )
    )


def announcement_message(announcement: Announcement, t: Catalogue) -> Message:
    """What whoever runs the bot says, its lines kept; marked as theirs, since it is no news."""
    said = harmless(announcement.text).strip()
    paragraphs = (text(part.strip()) for part in _PARAGRAPHS.split(said))
    return Message(blocks=(title(t("📣 From whoever runs this bot")), *paragraphs))
