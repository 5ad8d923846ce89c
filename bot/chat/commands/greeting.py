"""What the bot says once when it is added to a group, server or channel."""

from __future__ import annotations

from bot.chat.blocks import bold, buttons, code, in_place, note, one_line, text, title
from bot.chat.catalogue import catalogue_for
from bot.model import Locale, Message

_NAME = 60


def greeting(locale: Locale, *, by: str = "", elsewhere: str = "") -> Message:
    """The first words in a place, to whoever added the bot (`by`, where it is known); or, where that place is not this
    one but `elsewhere`, to whoever looks after that."""
    if elsewhere:
        return _of_another(locale, elsewhere)
    t = catalogue_for(locale)
    whom = t.spans("{name}, set me up in two taps: which topics, then which words.", name=bold(one_line(by, _NAME)))
    admins = t.spans("Admins set me up in two taps: which topics, then which words.")
    return Message(
        blocks=(
            title(t("Hello! I bring news that matches your keywords here.")),
            text(whom if by else admins),
            note(t.spans("Everyone may look: {feeds}, {latest}.", feeds=code("/feeds"), latest=code("/latest"))),
        ),
        buttons=((*in_place((t("Begin"), "/start")), *buttons((t("All commands"), "/help"))),),
    )


def _of_another(locale: Locale, place: str) -> Message:
    t = catalogue_for(locale)
    said = t.spans(
        "I am in {place} now. Send {start} where the news shall come: it takes two taps.",
        place=bold(one_line(place, _NAME)),
        start=code("/start"),
    )
    return Message(blocks=(title(t("Hello! I bring news that matches your keywords.")), text(said)))
