"""Makes offers of alerts: what a person may put into another chat.

They are seen by people who are no part of the asking person's chat: so nothing of its keywords stands in them.
"""

from __future__ import annotations

from datetime import datetime

from bot.chat.blocks import LINK_LIMIT, bold, note, one_line, quote, text
from bot.chat.catalogue import Catalogue
from bot.chat.clip import utf16_len
from bot.chat.render import age_of, source_of, tellings
from bot.chat.retold import heading
from bot.chat.wording import CHARACTERS
from bot.model import Alert, Block, Button, Chat, Message, Offer, Span
from bot.ports import Wording
from bot.text.urls import safe_link

TITLE_LIMIT = 160
SHOWN_LINK = 90


def offer_of(alert: Alert, chat: Chat, t: Catalogue, *, now: datetime, wording: Wording = CHARACTERS) -> Offer:
    """The alert as the chat would read it, without what asked for it."""
    about = f"{source_of(alert.item)} · {age_of(alert.item, chat.settings, t, now=now)}"
    first, *others = tellings(alert, chat.settings, wording)
    link = safe_link(alert.item.item.url)
    blocks = [
        heading(first.title, link, None, t),
        *(text((bold(other.title),)) for other in others if other.title),
        *([text(first.summary)] if first.summary else []),
        *(quote(other.summary) for other in others if other.summary),
        note(about),
    ]
    return Offer(
        id=str(alert.item.id),
        title=one_line(first.title, TITLE_LIMIT),
        about=about,
        link=link,
        message=Message(blocks=(*blocks, *_address(link)), buttons=_opening(link, t)),
    )


def _address(link: str) -> tuple[Block, ...]:
    return (note((Span(one_line(link, SHOWN_LINK), url=link),)),) if link else ()


def _opening(link: str, t: Catalogue) -> tuple[tuple[Button, ...], ...]:
    return ((Button(t("Open"), url=link),),) if link and utf16_len(link) <= LINK_LIMIT else ()
