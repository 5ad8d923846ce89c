"""The buttons under an alert: open it, why it came, what it says in full or in the other language, and less of it."""

from __future__ import annotations

from bot.chat.blocks import LINK_LIMIT, buttons
from bot.chat.catalogue import Catalogue
from bot.chat.clip import utf16_len
from bot.model import Alert, Brief, Button, ChatSettings, Language
from bot.text.urls import safe_link

SUMMARY_LIMIT = 600  # units of a summary in an alert; a half more than briefs have
NAMES = {Language.ZH: "中文", Language.EN: "English"}
"""What people call the languages in these themselves."""

_LONGER = 1.5  # times what is shown, and this much more: then the whole is worth a button
_MORE = 100  # units


def alert_buttons(alert: Alert, settings: ChatSettings, t: Catalogue) -> tuple[tuple[Button, ...], ...]:
    """One row of three; with a fourth button two rows of two, as a telephone shows them in full."""
    item, link = alert.item.id, safe_link(alert.item.item.url)
    opens = (Button(t("Open"), url=link),) if link and utf16_len(link) <= LINK_LIMIT else ()
    why, less = buttons((t("Why?"), f"/why #{item}")), buttons((t("Less of this"), f"/less #{item}"))
    further = _further(alert, settings, t)
    return ((*opens, *why), (*further, *less)) if further else ((*opens, *why, *less),)


def _further(alert: Alert, settings: ChatSettings, t: Catalogue) -> tuple[Button, ...]:
    """What there is beyond the alert: the language that the chat does not have in its alerts, else the whole text."""
    item, brief = alert.item.id, alert.brief
    left_out = [language for language in Language if language not in settings.languages and title_in(brief, language)]
    if left_out and any(title_in(brief, language) for language in settings.languages):
        return buttons((NAMES[left_out[0]], f"/full #{item} {left_out[0]}"))
    return buttons((t("Full text"), f"/full #{item}")) if _has_more(alert, settings) else ()


def title_in(brief: Brief, language: Language) -> str:
    """The title of a brief in a language; empty where it has none."""
    return (brief.title_zh if language is Language.ZH else brief.title_en).strip()


def summary_in(brief: Brief, language: Language) -> str:
    """The summary of a brief in a language."""
    return brief.summary_zh if language is Language.ZH else brief.summary_en


def _has_more(alert: Alert, settings: ChatSettings) -> bool:
    """Whether a summary was clipped, or the item says much more than the summary in its own language."""
    if any(utf16_len(summary_in(alert.brief, language)) > SUMMARY_LIMIT for language in settings.languages):
        return True
    return tells_more(alert.item.item.text, alert.item.item.language, alert.brief)


def tells_more(text: str, language: str, brief: Brief) -> bool:
    """Whether a text in a language says much more than the brief does."""
    own = {"zh": brief.summary_zh, "en": brief.summary_en}.get(language)
    told = own if own is not None else max(brief.summary_zh, brief.summary_en, key=len)
    return utf16_len(text) > utf16_len(told) * _LONGER + _MORE
