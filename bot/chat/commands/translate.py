"""`/translate`: any message into the other language, for who asks."""

from __future__ import annotations

from bot.chat.blocks import code, note, paragraphs, text
from bot.chat.catalogue import Catalogue, mark
from bot.chat.clip import clip, utf16_len
from bot.chat.commands.call import Call, Parts
from bot.model import Block, Language, MadeBy, Message, Platform

MOST = 2_000  # units of a text: a long message, and no book
_SHOWN = 3_200

_HOW = {
    Platform.TELEGRAM: mark("Answer a message with {command}, or send {command} with a text."),
    Platform.DISCORD: mark("Choose it in the menu of a message (Apps), or give {command} with a text."),
    Platform.CONSOLE: mark("Give {command} with a text."),
}
_MADE_BY = {
    MadeBy.MODEL: mark("Translated by a language model"),
    MadeBy.TRANSLATION: mark("Machine translation"),
}


async def translate(parts: Parts, call: Call) -> Message:
    """The message that the command answers or is about, else `[text]`: Chinese in English, all else in Chinese."""
    t, asked = call.t, (call.request.about or call.arguments).strip()
    if not parts.translation.is_set_up:
        return Message(blocks=(text(t("I have no translator here. Whoever runs me can set one up.")),), private=True)
    if not asked:
        way = t.spans(_HOW[call.told_on], command=code("/translate"))
        return Message(blocks=(text(way), *_into(t)), private=True)
    made = await parts.translation.translate(clip(asked, MOST), otherwise=_preferred(call))
    if made is None:
        return Message(blocks=(text(t("That could not be translated now. Try again in a while.")),), private=True)
    said = paragraphs(call.reader(parts).chinese(made.text), _SHOWN)
    small = [t(_MADE_BY.get(made.made_by, _MADE_BY[MadeBy.TRANSLATION]))]
    small += [t("Its figures differ from those of the text: look there before you rely on them.")] * made.doubtful
    small += [t("Only the beginning is translated.")] * (utf16_len(asked) > MOST)
    return Message(blocks=(text(said), *map(note, small)))


def _into(t: Catalogue) -> tuple[Block, ...]:
    return (note(t("What is Chinese comes in English, all else in Chinese.")),)


def _preferred(call: Call) -> Language:
    """What a text of neither language is translated into: the one that the chat reads first."""
    return call.chat.settings.languages[0]
